/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules below were measured on slurmdbd 22.05.8, by what it then logged
 * and sent to a server that took down host, port, user, password and database:
 *
 * - one KEY=VALUE a line, blanks allowed before it and around the =; a second
 *   one behind it is a parse error, although slurm.conf has lines of many;
 * - keys in any letter case; of a key given twice, also by KEY+=VALUE or in an
 *   included file, the later one holds;
 * - a value ends at white space, unless it is "quoted" and white space follows
 *   the closing quote; inside it a " is itself, and so is any ';
 * - KEY= with nothing behind it is a parse error, KEY="" is empty; where more
 *   follows, as in KEY= A=B, the value is "A=B";
 * - # begins a comment, also inside quotes; \# is a #, \\ a \, and any other
 *   backslash vanishes;
 * - a line ending in an odd number of backslashes, blanks behind them aside,
 *   goes on with the next, nothing in between; a comment does not;
 * - "Include FILE", in any letter case but at the very start of the line: the
 *   name is not quoted and is relative to the folder of the file that says
 *   it; %c in it is refused in slurmdbd.conf, and nothing may follow it;
 * - StoragePort as strtoul() reads it: 0x1136 is a port, 0 the default;
 * - StorageUser has no default of its own: slurmdbd is its login's account;
 * - StorageParameters is a,b,c without blanks, its names in any letter case;
 *   slurmdbd complains of one it does not know and goes on;
 * - slurmdbd refuses a slurmdbd.conf whose mode is not 600 exactly, but never
 *   looks at the mode of an included file. */
#include "conf/slurmdbd_conf.h"

#include "conf/input.h"
#include "lib/mem.h"
#include "lib/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Files that include each other would never end. */
#define INCLUDE_DEPTH 8

#define DEFAULT_PORT 3306

enum key {
	HOST,
	BACKUP_HOST,
	PORT,
	USER,
	PASS,
	PASS_SCRIPT,
	LOC,
	PARAMETERS,
	N_KEYS
};

/* clang-format off */
static const char *const names[N_KEYS] = {
	[HOST]        = "StorageHost",
	[BACKUP_HOST] = "StorageBackupHost",
	[PORT]        = "StoragePort",
	[USER]        = "StorageUser",
	[PASS]        = "StoragePass",
	[PASS_SCRIPT] = "StoragePassScript",
	[LOC]         = "StorageLoc",
	[PARAMETERS]  = "StorageParameters",
};

/* The parts of StorageParameters that are for the client library. */
static const struct {
	const char *name;
	size_t offset;
} parts[] = {
	{"SSL_CA",     offsetof(struct slurmdbd_conf, ssl_ca)},
	{"SSL_CAPATH", offsetof(struct slurmdbd_conf, ssl_capath)},
	{"SSL_CERT",   offsetof(struct slurmdbd_conf, ssl_cert)},
	{"SSL_KEY",    offsetof(struct slurmdbd_conf, ssl_key)},
	{"SSL_CIPHER", offsetof(struct slurmdbd_conf, ssl_cipher)},
};
/* clang-format on */

/* What the files say, as they say it. */
struct settings {
	char *value[N_KEYS]; /* NULL where they do not */
	char *at[N_KEYS];    /* "FILE:LINE" */
	int depth;           /* of includes */
	struct err *err;
};

/* One of the files. */
struct source {
	struct input input;
	struct text line; /* joined, without comment and escapes */
	int first;        /* number of its first line */
};

static int read_file(struct settings *all, const char *path);

static void finish_settings(struct settings *all)
{
	size_t i;

	for (i = 0; i < N_KEYS; i++) {
		free(all->value[i]);
		free(all->at[i]);
	}
}

static void finish_source(struct source *src)
{
	text_free(&src->line);
	input_close(&src->input);
}

/* Puts "FILE:LINE: " in front. No message quotes a value, or a word that is no
 * key known here: what is wrong with it may be that a password is there, or a
 * piece of one that was not quoted. A file's name behind Include is told. */
static int blame_line(const struct source *src, struct err *err)
{
	return err_prefix(err, "%s:%d: ", src->input.path, src->first);
}

/* Ends the line where its comment begins. */
static void cut_comment(char *line)
{
	bool escaped = false;
	char *s;

	for (s = line; *s && (*s != '#' || escaped); s++)
		escaped = *s == '\\' && !escaped;
	*s = '\0';
}

/* Takes off the backslash by which a line goes on with the next; false if it
 * does not. */
static bool cut_continuation(char *line)
{
	char *end = line + strlen(line);
	char *s;

	while (end > line && isspace((unsigned char)end[-1]))
		end--;
	for (s = end; s > line && s[-1] == '\\'; s--)
		;
	if ((end - s) % 2 == 0)
		return false;
	end[-1] = '\0';
	return true;
}

static void cut_escapes(char *line)
{
	const char *from = line;

	while (*from) {
		if (*from == '\\' && !*++from)
			break;
		*line++ = *from++;
	}
	*line = '\0';
}

/* Reads what counts as one line: 1, 0 at the end, -1. */
static int next_line(struct source *src, struct err *err)
{
	bool more;
	int got;

	text_free(&src->line);
	src->first = src->input.line + 1;
	do {
		got = input_next(&src->input, err);
		if (got <= 0)
			break;
		cut_comment(src->input.text);
		more = cut_continuation(src->input.text);
		text_add(&src->line, src->input.text);
	} while (more);
	if (got < 0 || !src->line.s)
		return got;
	cut_escapes(src->line.s);
	return 1;
}

static char *skip_space(char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

static char *skip_word(char *s)
{
	while (*s && !isspace((unsigned char)*s))
		s++;
	return s;
}

/* Ends a word at `end` and returns what is behind it. */
static char *cut_at(char *end)
{
	if (*end)
		*end++ = '\0';
	return end;
}

/* Splits KEY=VALUE in place. Returns what follows the value, NULL if the line
 * is something else. */
static char *split(char *line, char **key, char **value)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.";
	char *s = skip_space(line);
	char *key_end = s + strspn(s, letters);
	char *quote = NULL;

	*key = s;
	s = skip_space(key_end);
	if (*s && strchr("-*+/", *s))
		s++;
	if (key_end == *key || *s != '=')
		return NULL;
	*key_end = '\0';
	s = skip_space(s + 1);
	if (*s == '"')
		quote = strchr(s + 1, '"');
	if (quote && (!quote[1] || isspace((unsigned char)quote[1]))) {
		*value = s + 1;
		*quote = '\0';
		return quote + 1;
	}
	*value = s;
	return *s ? cut_at(skip_word(s)) : NULL;
}

/* N_KEYS: none that is known here. */
static size_t find_key(const char *key)
{
	size_t i = 0;

	while (i < N_KEYS && strcasecmp(key, names[i]) != 0)
		i++;
	return i;
}

static int set(struct settings *all, const struct source *src, size_t i,
	       const char *value)
{
	if (i == N_KEYS)
		return 0;
	free(all->value[i]);
	free(all->at[i]);
	all->value[i] = mem_strdup(value);
	all->at[i] = mem_printf("%s:%d", src->input.path, src->first);
	return i == PASS ? input_check_secret(&src->input, "password", all->err)
			 : 0;
}

static int read_pair(struct settings *all, struct source *src)
{
	char *key;
	char *value;
	char *rest = split(src->line.s, &key, &value);
	size_t i;

	if (!rest) {
		err_set(all->err, ERR_USAGE, "is not KEY=VALUE");
		return blame_line(src, all->err);
	}
	i = find_key(key);
	if (*skip_space(rest)) {
		err_set(all->err, ERR_USAGE, "more follows the value%s%s",
			i < N_KEYS ? " of " : "", i < N_KEYS ? names[i] : "");
		err_hint(all->err, "one key a line; a value with blanks is "
				   "\"quoted\", and a # in it is \\#");
		return blame_line(src, all->err);
	}
	return set(all, src, i, value);
}

/* The name behind Include, in place; NULL if the line is no such directive. */
static char *included(char *line)
{
	static const char word[] = "include";
	size_t len = strlen(word);

	if (strncasecmp(line, word, len) != 0 ||
	    !isspace((unsigned char)line[len]))
		return NULL;
	return skip_space(line + len);
}

static int include(struct settings *all, const struct source *src, char *name)
{
	const char *path = src->input.path;
	const char *slash = strrchr(path, '/');
	char *rest = cut_at(skip_word(name));
	autofree char *full = NULL;
	int rc;

	if (!*name)
		return err_set(all->err, ERR_USAGE, "Include names no file");
	if (*skip_space(rest))
		return err_set(all->err, ERR_USAGE,
			       "more follows the file of Include");
	if (strstr(name, "%c"))
		return err_set(all->err, ERR_USAGE,
			       "Include %.60s: slurmdbd.conf has no "
			       "ClusterName to put for %%c",
			       name);
	if (all->depth == INCLUDE_DEPTH)
		return err_set(all->err, ERR_USAGE,
			       "Include %.60s: more than %d files deep", name,
			       INCLUDE_DEPTH);
	if (*name == '/' || !slash)
		full = mem_strdup(name);
	else
		full = mem_printf("%.*s/%s", (int)(slash - path), path, name);
	all->depth++;
	rc = read_file(all, full);
	all->depth--;
	return rc < 0 ? err_prefix(all->err, "Include: ") : 0;
}

static int read_lines(struct settings *all, struct source *src)
{
	int got;

	while ((got = next_line(src, all->err)) > 0) {
		char *name = included(src->line.s);

		if (name && include(all, src, name) < 0)
			return blame_line(src, all->err);
		if (!name && *skip_space(src->line.s) &&
		    read_pair(all, src) < 0)
			return -1;
	}
	return got;
}

static int read_file(struct settings *all, const char *path)
{
	struct source src = {0};
	int rc = input_open(&src.input, path, all->err);

	if (rc < 0 && !all->depth)
		err_hint(all->err,
			 "slurmdbd keeps this file to its own user: where that "
			 "is not watcher's, leave slurmdbd_conf out and give "
			 "watcher an account of its own");
	if (rc == 0)
		rc = input_check_unwritable(&src.input, all->err);
	if (rc == 0)
		rc = read_lines(all, &src);
	finish_source(&src);
	return rc;
}

/* Sets `port` from StoragePort. */
static int parse_port(const struct settings *all, int64_t *port)
{
	const char *value = all->value[PORT];
	unsigned long number;
	char *end;

	*port = DEFAULT_PORT;
	if (!value)
		return 0;
	errno = 0;
	number = strtoul(value, &end, 0);
	if (errno || *end || end == value || number > UINT16_MAX)
		return err_set(all->err, ERR_USAGE,
			       "%s: StoragePort: a number from 0 to 65535 is "
			       "wanted",
			       all->at[PORT]);
	if (number)
		*port = (int64_t)number;
	return 0;
}

/* Sets the ssl_ fields from StorageParameters. */
static void parse_parameters(const char *value, struct slurmdbd_conf *conf)
{
	const char *part = value;
	size_t i;

	for (; *part; part += strcspn(part, ","), part += *part == ',') {
		for (i = 0; i < LENGTH(parts); i++) {
			size_t len = strlen(parts[i].name);
			char **field = (void *)((char *)conf + parts[i].offset);

			if (strncasecmp(part, parts[i].name, len) != 0 ||
			    part[len] != '=')
				continue;
			free(*field);
			*field = mem_strndup(part + len + 1,
					     strcspn(part + len + 1, ","));
		}
	}
}

static char *or_default(const char *value, const char *fallback)
{
	return mem_strdup(value ? value : fallback);
}

int slurmdbd_conf_read(const char *path, struct slurmdbd_conf *conf,
		       struct err *err)
{
	struct settings all = {.err = err};
	int rc = *path ? read_file(&all, path) : 0;
	size_t i;

	*conf = (struct slurmdbd_conf){
		.host = or_default(all.value[HOST], "localhost"),
		.backup_host = or_default(all.value[BACKUP_HOST], ""),
		.user = or_default(all.value[USER], ""),
		.password = or_default(all.value[PASS], ""),
		.password_script_at = or_default(all.at[PASS_SCRIPT], ""),
		.database = or_default(all.value[LOC], "slurm_acct_db"),
	};
	for (i = 0; i < LENGTH(parts); i++)
		*(char **)(void *)((char *)conf + parts[i].offset) =
			mem_strdup("");
	if (all.value[PARAMETERS])
		parse_parameters(all.value[PARAMETERS], conf);
	if (rc == 0)
		rc = parse_port(&all, &conf->port);
	finish_settings(&all);
	return rc;
}

void slurmdbd_conf_finish(struct slurmdbd_conf *conf)
{
	size_t i;

	if (!conf)
		return;
	free(conf->host);
	free(conf->backup_host);
	free(conf->user);
	free(conf->password);
	free(conf->password_script_at);
	free(conf->database);
	for (i = 0; i < LENGTH(parts); i++)
		mem_free_slot((char *)conf + parts[i].offset);
	*conf = (struct slurmdbd_conf){0};
}
