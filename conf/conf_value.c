/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conf/conf_value.h"

#include "conf/conf_keys.h"
#include "lib/mem.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longest unit first, for writing. */
static const struct {
	char letter;
	int64_t seconds;
} units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};

/* "KEY = VALUE: " and why not, the value cut short. */
__attribute__((format(printf, 4, 5))) static int
refuse(const struct conf_key *key, const char *value, struct err *err,
       const char *fmt, ...)
{
	autofree char *why = NULL;
	va_list ap;

	va_start(ap, fmt);
	why = mem_vprintf(fmt, ap);
	va_end(ap);
	return err_set(err, ERR_USAGE, "%s = %.60s%s: %s", key->key, value,
		       strlen(value) > 60 ? "..." : "", why);
}

static void set_text(char **field, const char *value)
{
	free(*field);
	*field = mem_strdup(value);
}

static int set_path(const struct conf_key *key, char **field, const char *value,
		    struct err *err)
{
	if (*value && *value != '/')
		return refuse(key, value, err,
			      "a path begins with / and may not be quoted");
	set_text(field, value);
	return 0;
}

/* Reads digits only: no sign, no blank, no other base. Returns what follows
 * them, or NULL where there are none or too many. */
static const char *read_number(const char *value, int64_t *number)
{
	char *end;

	if (*value < '0' || *value > '9')
		return NULL;
	errno = 0;
	*number = strtoll(value, &end, 10);
	return errno ? NULL : end;
}

static int set_int(const struct conf_key *key, int64_t *field,
		   const char *value, struct err *err)
{
	int64_t number;
	const char *end = read_number(value, &number);

	if (!end || *end || number < key->min || number > key->max)
		return refuse(key, value, err,
			      "a number from %" PRId64 " to %" PRId64
			      " is wanted",
			      key->min, key->max);
	*field = number;
	return 0;
}

static char *duration_text(int64_t seconds)
{
	size_t i = 0;

	while (seconds % units[i].seconds)
		i++;
	if (!seconds)
		i = LENGTH(units) - 1;
	return mem_printf("%" PRId64 "%c", seconds / units[i].seconds,
			  units[i].letter);
}

/* Seconds of one unit, 0 if the text is not the letter of one. */
static int64_t unit_seconds(const char *text)
{
	size_t i;

	for (i = 0; i < LENGTH(units); i++)
		if (text[0] == units[i].letter && !text[1])
			return units[i].seconds;
	return 0;
}

static int set_duration(const struct conf_key *key, int64_t *field,
			const char *value, struct err *err)
{
	autofree char *min = duration_text(key->min);
	autofree char *max = duration_text(key->max);
	int64_t number = 0;
	const char *end = read_number(value, &number);
	int64_t unit = end ? unit_seconds(end) : 0;

	if (end && !*end && number)
		return refuse(key, value, err,
			      "the unit is missing: write %.20ss, %.20sm, "
			      "%.20sh or %.20sd",
			      value, value, value, value);
	if (end && !*end)
		unit = 1;
	if (!unit || number > key->max / unit || number * unit < key->min)
		return refuse(key, value, err,
			      "a duration from %s to %s is wanted, a number "
			      "with s, m, h or d behind it",
			      min, max);
	*field = number * unit;
	return 0;
}

static int set_bool(const struct conf_key *key, bool *field, const char *value,
		    struct err *err)
{
	static const struct {
		const char *word;
		bool truth;
	} words[] = {{"yes", true}, {"true", true},   {"on", true},
		     {"no", false}, {"false", false}, {"off", false}};
	size_t i;

	for (i = 0; i < LENGTH(words); i++) {
		if (strcasecmp(value, words[i].word) == 0) {
			*field = words[i].truth;
			return 0;
		}
	}
	return refuse(key, value, err, "yes or no is wanted");
}

/* Steps over a [bracket expression], whose ] may stand for itself at its
 * beginning. NULL if it has no end. */
static const char *bracket_end(const char *s)
{
	s++;
	if (*s == '!' || *s == '^')
		s++;
	if (*s == ']')
		s++;
	s = strchr(s, ']');
	return s ? s + 1 : NULL;
}

/* Why the glob could never match a name as it was meant; NULL if it could. */
static const char *glob_fault(const char *glob)
{
	const char *s = glob;

	if (strpbrk(glob, "\"'"))
		return "names are not quoted";
	if (strpbrk(glob, "{}"))
		return "braces are not known: write each name out";
	while (s && *s) {
		if (*s == '\\' && !s[1])
			return "ends in a backslash";
		if (*s == '\\')
			s += 2;
		else if (*s == '[')
			s = bracket_end(s);
		else
			s++;
	}
	return s ? NULL : "has a [ without its ]";
}

static int add_list(const struct conf_key *key, struct text_list *field,
		    const char *value, struct err *err)
{
	struct text_list items = {0};
	const char *fault = NULL;
	size_t i;

	text_list_split(&items, value);
	for (i = 0; i < items.n && !fault; i++)
		fault = glob_fault(items.items[i]);
	if (fault)
		refuse(key, items.items[i - 1], err, "%s", fault);
	else
		text_list_split(field, value);
	text_list_free(&items);
	return fault ? -1 : 0;
}

static bool is_word(const struct conf_key *key, const char *value)
{
	const char *word = NULL;
	size_t len = 0;

	while (conf_keys_word(key, &word, &len))
		if (strlen(value) == len && memcmp(word, value, len) == 0)
			return true;
	return false;
}

static int set_choice(const struct conf_key *key, char **field,
		      const char *value, struct err *err)
{
	if (!is_word(key, value))
		return refuse(key, value, err, "one of %.*s is wanted",
			      (int)strcspn(key->help, ":"), key->help);
	set_text(field, value);
	return 0;
}

static int add_words(const struct conf_key *key, struct text_list *field,
		     const char *value, struct err *err)
{
	struct text_list items = {0};
	size_t i = 0;
	int rc = 0;

	text_list_split(&items, value);
	while (i < items.n && is_word(key, items.items[i]))
		i++;
	if (i == items.n) {
		text_list_split(field, value);
	} else {
		refuse(key, items.items[i], err, "an unknown word");
		rc = conf_keys_hint_word(key, items.items[i], err);
	}
	text_list_free(&items);
	return rc;
}

/* Takes the next word of a command off *s, quoted as for a shell that expands
 * nothing: why it cannot be, or NULL. */
static const char *next_word(const char **s, struct text *word)
{
	char quote = '\0'; /* that is open */

	for (; **s && (quote || !isspace((unsigned char)**s)); (*s)++) {
		if (quote && **s == quote) {
			quote = '\0';
		} else if (!quote && (**s == '"' || **s == '\'')) {
			quote = **s;
		} else if (**s == '\\' && quote != '\'') {
			if (!*++*s)
				return "ends in a backslash";
			text_add_char(word, **s);
		} else {
			text_add_char(word, **s);
		}
	}
	return quote ? "has a quote without its end" : NULL;
}

static int set_argv(const struct conf_key *key, struct text_list *field,
		    const char *value, struct err *err)
{
	const char *s = value + strspn(value, " \t");
	struct text_list words = {0};
	const char *fault = NULL;

	while (*s && !fault) {
		autotext struct text word = {0};

		fault = next_word(&s, &word);
		text_list_add(&words, word.s ? word.s : "");
		s += strspn(s, " \t\r\v\f\n");
	}
	if (!fault && words.n && words.items[0][0] != '/')
		fault = "the program's path begins with /";
	if (fault) {
		text_list_free(&words);
		return refuse(key, value, err, "%s", fault);
	}
	text_list_free(field);
	*field = words;
	return 0;
}

/* Whether the value holds what in other files would be a comment. Taken as
 * part of a list, it would protect or exempt what nobody meant. */
static bool has_comment(const char *value)
{
	const char *s = value;

	while ((s = strchr(s, '#')) != NULL) {
		if (s == value || isspace((unsigned char)s[-1]))
			return true;
		s++;
	}
	return false;
}

int conf_value_set(const struct conf_key *key, void *field, const char *value,
		   struct err *err)
{
	if (has_comment(value))
		return refuse(key, value, err,
			      "a comment behind a value begins with ; and not "
			      "with #");
	switch (key->type) {
	case CONF_TEXT:
		if (*value == '"' || *value == '\'')
			return refuse(key, value, err, "values are not quoted");
		set_text(field, value);
		return 0;
	case CONF_PATH:
		return set_path(key, field, value, err);
	case CONF_INT:
		return set_int(key, field, value, err);
	case CONF_DURATION:
		return set_duration(key, field, value, err);
	case CONF_BOOL:
		return set_bool(key, field, value, err);
	case CONF_LIST:
		return add_list(key, field, value, err);
	case CONF_CHOICE:
		return set_choice(key, field, value, err);
	case CONF_WORDS:
		return add_words(key, field, value, err);
	case CONF_ARGV:
		return set_argv(key, field, value, err);
	}
	abort();
}

static char *list_text(const struct text_list *list)
{
	struct text text = {0};
	size_t i;

	for (i = 0; i < list->n; i++)
		text_addf(&text, "%s%s", i ? ", " : "", list->items[i]);
	return text_take(&text);
}

/* Each word so that it is read back as it is. */
static char *argv_text(const struct text_list *words)
{
	struct text text = {0};
	size_t i;

	for (i = 0; i < words->n; i++) {
		const char *s = words->items[i];

		text_add(&text, i ? " '" : "'");
		for (; *s; s++)
			if (*s == '\'')
				text_add(&text, "'\\''");
			else
				text_add_char(&text, *s);
		text_add_char(&text, '\'');
	}
	return text_take(&text);
}

char *conf_value_text(const struct conf_key *key, const void *field)
{
	switch (key->type) {
	case CONF_TEXT:
	case CONF_PATH:
	case CONF_CHOICE:
		return mem_strdup(*(char *const *)field);
	case CONF_INT:
		return mem_printf("%" PRId64, *(const int64_t *)field);
	case CONF_DURATION:
		return duration_text(*(const int64_t *)field);
	case CONF_BOOL:
		return mem_strdup(*(const bool *)field ? "yes" : "no");
	case CONF_LIST:
	case CONF_WORDS:
		return list_text(field);
	case CONF_ARGV:
		return argv_text(field);
	}
	abort();
}
