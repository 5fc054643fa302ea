/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/submit.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "schema/job.h"
#include "schema/submit_options.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* The words of a command line or of a script's #SBATCH lines, one after the
 * other. */
struct words {
	bool (*next)(struct words *words);
	const char *at; /* NULL: a command line is at its end */
	const char *end;
	const char *line_end; /* of an #SBATCH line; NULL outside */
	bool begins_line;     /* its first word is yet to come */
	struct text word;     /* the current one; its s is never NULL */
};

/* The search for one option. */
struct search {
	struct words words;
	enum submit_program program;
	const char *name;
	bool is_script;
	bool wrapped;  /* behind --wrap, whose value may have had blanks */
	char *value;   /* the last one so far */
	char *doubted; /* found behind --wrap: may be of its value */
};

/* An argument that was empty shows as two blanks in a row. */
static bool next_of_line(struct words *words)
{
	const char *blank;

	if (!words->at)
		return false;
	words->word.len = 0;
	blank = memchr(words->at, ' ', (size_t)(words->end - words->at));
	text_add_bytes(&words->word, words->at,
		       (size_t)((blank ? blank : words->end) - words->at));
	words->at = blank ? blank + 1 : NULL;
	return true;
}

static bool is_space(char c)
{
	return isspace((unsigned char)c);
}

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && *at != '\n' && is_space(*at))
		at++;
	return at;
}

static const char *line_end(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline ? newline : end;
}

/* Goes to the next #SBATCH line: sbatch looks for them up to the first line
 * that is neither empty nor a comment. */
static bool next_directive(struct words *words)
{
	static const char magic[] = "#SBATCH";
	size_t len = strlen(magic);

	while (words->at < words->end) {
		const char *start = skip_space(words->at, words->end);

		if ((size_t)(words->end - words->at) >= len &&
		    memcmp(words->at, magic, len) == 0) {
			words->at += len;
			words->line_end = line_end(words->at, words->end);
			words->begins_line = true;
			return true;
		}
		if (start < words->end && *start != '#' && *start != '\n')
			return false;
		words->at = line_end(start, words->end);
		words->at += words->at < words->end;
	}
	return false;
}

/* Reads the word at `at` up to `end`, the end of its line: sbatch's own quotes,
 * not the shell's. A backslash keeps the next byte's meaning away, within
 * either kind of quotes as well, but a blank ends the word all the same; # ends
 * the line. Returns where the word ends. */
static const char *read_word(struct text *word, const char *at, const char *end)
{
	bool escaped = false;
	char quote = 0;

	word->len = 0;
	text_add(word, "");
	for (; at < end && (quote || !is_space(*at)); at++) {
		if (escaped) {
			escaped = false;
		} else if (*at == '\\') {
			escaped = true;
			continue;
		} else if (quote && *at == quote) {
			quote = 0;
			continue;
		} else if (!quote && (*at == '"' || *at == '\'')) {
			quote = *at;
			continue;
		} else if (!quote && *at == '#') {
			return end;
		}
		text_add_char(word, *at);
	}
	return at;
}

/* Whether the bytes are the word that begins the next component of a het
 * job. */
static bool is_hetjob(const char *at, const char *end)
{
	static const char *const names[] = {"hetjob", "packjob"};
	size_t i;

	for (i = 0; i < LENGTH(names); i++) {
		size_t len = strlen(names[i]);

		if ((size_t)(end - at) >= len &&
		    strncasecmp(at, names[i], len) == 0 &&
		    (at + len == end || is_space(at[len])))
			return true;
	}
	return false;
}

/* The next word of the line that at is in; false: it has no more, and at is
 * behind it. An empty word, quoted or not, ends its line. */
static bool next_in_line(struct words *words)
{
	const char *at = skip_space(words->at, words->line_end);

	words->word.len = 0;
	if (!is_hetjob(at, words->line_end))
		words->at = read_word(&words->word, at, words->line_end);
	words->begins_line = false;
	if (words->word.len)
		return true;
	words->at = words->line_end + (words->line_end < words->end);
	words->line_end = NULL;
	return false;
}

/* All lines are one command line to sbatch. */
static bool next_of_script(struct words *words)
{
	while (words->line_end || next_directive(words)) {
		if (words->begins_line &&
		    is_hetjob(skip_space(words->at, words->line_end),
			      words->line_end))
			return false;
		if (next_in_line(words))
			return true;
	}
	return false;
}

static void set(char **value, const char *text)
{
	free(*value);
	*value = text ? mem_strdup(text) : NULL;
}

static void note(struct search *search, const struct submit_option *option,
		 const char *value)
{
	if (strcmp(option->name, search->name) == 0)
		set(search->wrapped ? &search->doubted : &search->value, value);
	if (strcmp(option->name, "wrap") == 0)
		search->wrapped = true;
}

/* A word that is no option, or none that is known. False: the search ends
 * there. */
static bool pass_other(struct search *search, bool is_option)
{
	/* sbatch takes no script beside --wrap: whatever is in front of such a
	 * word is of --wrap's value. */
	if (search->wrapped && !search->is_script)
		set(&search->doubted, NULL);
	/* In a script it is the value of a plugin's option: sbatch refuses any
	 * other word there. */
	return is_option || search->wrapped || search->is_script;
}

/* The option whose value is not in its own word. False: there is no more. */
static bool take_next(struct search *search, const struct submit_option *option)
{
	if (option->value != SUBMIT_NEEDED) {
		note(search, option, "");
		return true;
	}
	if (!search->words.next(&search->words))
		return false;
	note(search, option, search->words.word.s);
	return true;
}

static bool take_long(struct search *search)
{
	const char *name = search->words.word.s + 2;
	size_t len = strcspn(name, "=");
	const struct submit_option *option =
		submit_option_long(search->program, name, len);

	if (!option)
		return pass_other(search, true);
	if (!name[len])
		return take_next(search, option);
	note(search, option, name + len + 1);
	return true;
}

/* Letters behind one dash, of which one with a value has the rest. */
static bool take_short(struct search *search)
{
	const char *letter = search->words.word.s + 1;

	for (; *letter; letter++) {
		const struct submit_option *option =
			submit_option_short(search->program, *letter);

		if (!option)
			return pass_other(search, true);
		if (option->value != SUBMIT_NONE && letter[1]) {
			note(search, option, letter + 1);
			return true;
		}
		if (option->value != SUBMIT_NONE)
			return take_next(search, option);
		note(search, option, "");
	}
	return true;
}

/* False: the search ends there. */
static bool take_word(struct search *search)
{
	const char *word = search->words.word.s;

	if (word[0] != '-' || !word[1] || strcmp(word, "--") == 0)
		return strcmp(word, ":") != 0 && pass_other(search, false);
	return word[1] == '-' ? take_long(search) : take_short(search);
}

static char *run(struct search *search)
{
	while (search->words.next(&search->words) && take_word(search))
		;
	text_free(&search->words.word);
	if (search->value) {
		free(search->doubted);
		return search->value;
	}
	return search->doubted;
}

/* The program by the first word, a path or not; a wrapper is taken for
 * sbatch. */
static enum submit_program program_of(const char *word)
{
	const char *slash = strrchr(word, '/');
	const char *name = slash ? slash + 1 : word;

	if (strcmp(name, "srun") == 0)
		return SUBMIT_SRUN;
	return strcmp(name, "salloc") == 0 ? SUBMIT_SALLOC : SUBMIT_SBATCH;
}

char *submit_line_option(const char *submit_line, const char *name)
{
	struct search search = {
		.words = {.next = next_of_line,
			  .at = submit_line,
			  .end = submit_line + strlen(submit_line)},
		.name = name,
	};

	next_of_line(&search.words);
	search.program = program_of(search.words.word.s);
	return run(&search);
}

char *submit_line_arguments(const char *submit_line)
{
	struct search search = {
		.words = {.next = next_of_line,
			  .at = submit_line,
			  .end = submit_line + strlen(submit_line)},
		.name = "",
	};
	struct words *words = &search.words;

	next_of_line(words);
	search.program = program_of(words->word.s);
	while (next_of_line(words) && take_word(&search))
		;
	if (words->at && strcmp(words->word.s, "--") == 0)
		next_of_line(words);
	text_free(&words->word);
	if (search.wrapped || !words->at || !*words->at)
		return NULL;
	return mem_strndup(words->at, (size_t)(words->end - words->at));
}

char *submit_script_option(const char *script, size_t len, const char *name)
{
	struct search search = {
		.words = {.next = next_of_script,
			  .at = script,
			  .end = script + len},
		.program = SUBMIT_SBATCH,
		.name = name,
		.is_script = true,
	};

	return len ? run(&search) : NULL;
}

/* Slurm counts seconds in an int. */
#define SECONDS_MAX INT32_MAX

/* Reads digits only; NULL: none, or too many. */
static const char *read_number(const char *s, int64_t *number)
{
	const char *start = s;

	*number = 0;
	for (; *s >= '0' && *s <= '9'; s++) {
		*number = *number * 10 + (*s - '0');
		if (*number > SECONDS_MAX)
			return NULL;
	}
	return s > start ? s : NULL;
}

/* Reads numbers with a : between them, three at most, and returns how many. -1:
 * something else stands there, or follows. */
static int read_numbers(const char *s, int64_t numbers[3])
{
	int n = 0;

	for (;; s++) {
		if (n == 3)
			return -1;
		s = read_number(s, &numbers[n++]);
		if (!s || (*s && *s != ':'))
			return -1;
		if (!*s)
			return n;
	}
}

/* The limit in seconds; -1: it is none. */
static int64_t read_seconds(const char *text)
{
	int64_t t[3] = {0};
	int64_t days;
	const char *rest = read_number(text, &days);
	int n;

	if (rest && *rest == '-') {
		if (rest[1] && read_numbers(rest + 1, t) < 0)
			return -1;
		return ((days * 24 + t[0]) * 60 + t[1]) * 60 + t[2];
	}
	n = read_numbers(text, t);
	if (n < 0)
		return -1;
	return n == 3 ? (t[0] * 60 + t[1]) * 60 + t[2] : t[0] * 60 + t[1];
}

int64_t submit_minutes(const char *text)
{
	static const char *const infinite[] = {"infinite", "unlimited", "-1"};
	int64_t seconds;
	size_t i;

	for (i = 0; i < LENGTH(infinite); i++)
		if (strcasecmp(text, infinite[i]) == 0)
			return JOB_INFINITE;
	seconds = read_seconds(text);
	if (seconds < 0 || seconds > SECONDS_MAX - 59)
		return -1;
	return seconds ? (seconds + 59) / 60 : JOB_INFINITE;
}
