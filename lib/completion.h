/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripts that let bash or zsh complete a program's command line, made from the
 * tables that the program reads it by. */
#ifndef LIB_COMPLETION_H
#define LIB_COMPLETION_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct completion_option {
	const char *name;  /* without its dashes */
	char letter;       /* '\0': it has none */
	const char *arg;   /* what --help calls its value; NULL: it has none */
	bool is_file;      /* the value is one */
	bool is_list;      /* or a list, with commas */
	const char *words; /* of these, with blanks between; NULL: of any */
	const char *help;  /* may be NULL */
};

struct completion_command {
	const char *name;
	const char *help;
	const struct completion_option *options; /* behind it */
	size_t n_options;
};

struct completion {
	const char *program;
	bool joins; /* --name=VALUE is as good as --name VALUE */
	const struct completion_command *commands;
	size_t n_commands;
	const struct completion_option *options; /* before any command */
	size_t n_options;
};

/* Writes the script for `shell`, bash or zsh. -1 (ERR_USAGE): neither. */
int completion_print(FILE *out, const char *shell,
		     const struct completion *completion, struct err *err);

#endif
