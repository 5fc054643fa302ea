/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/settings.h"

#include "lib/mem.h"
#include "lib/program.h"
#include "lib/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)
#define MONTH_S (28 * DAY_S)

struct setting {
	char *key;
	char *value;
};

/* How Slurm writes that a text, or a log level of 20.11, is not set. */
static const char *const unset[] = {"(null)", "unknown"};

static char *trimmed(const char *s, size_t len)
{
	while (len && isspace((unsigned char)*s)) {
		s++;
		len--;
	}
	while (len && isspace((unsigned char)s[len - 1]))
		len--;
	return mem_strndup(s, len);
}

static char *value_of(const char *s, size_t len)
{
	char *value = trimmed(s, len);
	size_t i;

	for (i = 0; i < LENGTH(unset); i++)
		if (strcmp(value, unset[i]) == 0)
			*value = '\0';
	return value;
}

static void add_line(struct settings *settings, const char *line, size_t len)
{
	const char *sign = memchr(line, '=', len);
	struct setting *setting;
	size_t key_len;

	if (!sign)
		return;
	key_len = (size_t)(sign - line);
	settings->items = mem_grow(settings->items, &settings->cap,
				   settings->n + 1, sizeof(*settings->items));
	setting = &settings->items[settings->n++];
	setting->key = trimmed(line, key_len);
	setting->value = value_of(sign + 1, len - key_len - 1);
}

void settings_parse(struct settings *settings, const char *text,
		    const char *heading)
{
	bool inside = !heading;

	*settings = (struct settings){0};
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (inside)
			add_line(settings, text, len);
		else
			inside = len == strlen(heading) &&
				 strncmp(text, heading, len) == 0;
		text += len + (text[len] == '\n');
	}
}

void settings_finish(struct settings *settings)
{
	size_t i;

	for (i = 0; i < settings->n; i++) {
		free(settings->items[i].key);
		free(settings->items[i].value);
	}
	free(settings->items);
	*settings = (struct settings){0};
}

const char *settings_get(const struct settings *settings, const char *key)
{
	size_t len = strlen(key);
	size_t i;

	for (i = 0; i < settings->n; i++) {
		const struct setting *setting = &settings->items[i];

		if (strncmp(setting->key, key, len) == 0 &&
		    (!setting->key[len] ||
		     strcmp(setting->key + len, "[0]") == 0))
			return setting->value;
	}
	return NULL;
}

int64_t settings_int(const struct settings *settings, const char *key)
{
	const char *value = settings_get(settings, key);

	if (!value || !isdigit((unsigned char)*value))
		return -1;
	return strtoll(value, NULL, 10);
}

bool settings_has(const struct settings *settings, const char *key,
		  const char *word)
{
	const char *value = settings_get(settings, key);
	struct text_list words = {0};
	bool has = false;
	size_t i;

	text_list_split(&words, value ? value : "");
	for (i = 0; i < words.n; i++)
		has |= strcasecmp(words.items[i], word) == 0;
	text_list_free(&words);
	return has;
}

int64_t settings_purge_s(const struct settings *settings, const char *key)
{
	static const struct {
		const char *word;
		int64_t seconds;
	} units[] = {{"hour", HOUR_S}, {"day", DAY_S}, {"month", MONTH_S}};
	int64_t count = settings_int(settings, key);
	const char *value;
	size_t i;

	if (count < 0 || count > INT32_MAX)
		return -1;
	value = settings_get(settings, key);
	value += strspn(value, "0123456789 ");
	for (i = 0; i < LENGTH(units); i++)
		if (strncmp(value, units[i].word, strlen(units[i].word)) == 0)
			return count * units[i].seconds;
	return -1;
}

/* What sacctmgr said instead, its first line. */
static int no_settings(const struct text *output, struct err *err)
{
	int len = output->s ? (int)strcspn(output->s, "\n") : 0;

	return err_set(err, ERR_RETRY,
		       "`sacctmgr show config` tells nothing of slurmdbd%s%.*s",
		       len ? ": " : "", len, len ? output->s : "");
}

int settings_of_slurmdbd(struct settings *settings, const char *slurm_conf,
			 int timeout_ms, struct err *err)
{
	autofree char *variable = mem_printf("SLURM_CONF=%s", slurm_conf);
	char *const argv[] = {(char[]){"env"},      variable,
			      (char[]){"sacctmgr"}, (char[]){"show"},
			      (char[]){"config"},   NULL};
	const struct program program = {.argv = argv, .timeout_ms = timeout_ms};
	struct program_result done = {0};
	int rc;

	*settings = (struct settings){0};
	rc = program_run(&program, &done, err);
	if (rc == 0) {
		settings_parse(settings, done.output.s ? done.output.s : "",
			       "SlurmDBD configuration:");
		if (!settings->n)
			rc = no_settings(&done.output, err);
	}
	text_free(&done.output);
	return rc;
}
