/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of watcher-report's options. */
#ifndef REPORTS_OPTIONS_PRIVATE_H
#define REPORTS_OPTIONS_PRIVATE_H

#include <stddef.h>

enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_LIST };

struct option_row {
	const char *name;
	char letter; /* '\0': it has none */
	enum option_type type;
	const char *arg;
	int commands;
	size_t offset; /* in struct options */
	const char *help;
};

extern const struct option_row options_rows[];
extern const size_t options_n_rows;

#endif
