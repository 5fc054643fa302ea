/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of watcher-report. */
#ifndef REPORTS_OPTIONS_H
#define REPORTS_OPTIONS_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct report;

/* Which subcommands an option is for. */
enum {
	FOR_LIST = 1 << 0,
	FOR_SHOW = 1 << 1,
	FOR_EXPORT = 1 << 2,
	FOR_COMPLIANCE = 1 << 3,
	FOR_COVERAGE = 1 << 4,
	FOR_VERIFY = 1 << 5,
	FOR_ALL = ~0,
};

struct command {
	const char *name;
	int bit;
	const char *operands; /* as --help shows them; NULL: it takes none */
	const char *help;
	int (*run)(const struct report *report, struct err *err);
};

/* Texts are as typed, NULL where the option was not given; those of --user and
 * its like are joined by commas if given several times. */
struct options {
	const struct command *command;
	char **operands;
	int n_operands;
	bool help;
	bool version;

	char *store;
	char *config;

	char *user;
	char *account;
	char *partition;
	char *cluster;
	char *kind;
	char *since;
	char *until;
	char *period;
	bool suspected;
	bool exempt;
	bool corrected;
	bool open;

	char *format;
	char *limit;
	char *sort;
	bool reverse;
	char *columns;
	bool unfold;
	char *color;
	char *output;
	bool raw;
	bool spreadsheet;
	bool check;
	bool quiet_if_clean;
	char *head;
	char *key;
	char *completion;
};

/* Reads the command line; operands point into argv, whose order changes.
 * With help or version set there may be no command. `commands` ends with an
 * entry without a name. -1 (ERR_USAGE). */
int options_read(struct options *options, const struct command *commands,
		 int argc, char **argv, struct err *err);
void options_finish(struct options *options);

/* What --help prints, of all commands or of one. */
void options_usage(FILE *out, const struct command *commands,
		   const struct command *command);

/* What --completion prints: a script for that shell. */
int options_completion(const struct options *options,
		       const struct command *commands, struct err *err);

enum format {
	FORMAT_TEXT,
	FORMAT_CSV,
	FORMAT_JSON,
	FORMAT_JSONL,
	FORMAT_ONELINE,
	FORMAT_HTML,
	FORMAT_N
};
extern const char *const options_formats[FORMAT_N];

/* --format, the first of `allowed` (FORMAT_N ends it) if it was not given. */
int options_format(const struct options *options, const enum format *allowed,
		   enum format *format, struct err *err);

/* --color: whether colours are wanted, which without it is so on a terminal,
 * unless NO_COLOR is set. */
int options_color(const struct options *options, bool terminal, bool *color,
		  struct err *err);

/* --limit, 0 if it was not given. */
int options_limit(const struct options *options, int64_t *limit,
		  struct err *err);

#endif
