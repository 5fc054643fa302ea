/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which columns to show, and by which to sort: what --columns and --sort say.
 */
#ifndef REPORTS_CHOICE_H
#define REPORTS_CHOICE_H

#include "lib/err.h"
#include "reports/columns.h"

#include <stdbool.h>
#include <stddef.h>

struct choice {
	const struct column *column;
	const struct incident_field *field; /* where an event has it */
	bool asked;                         /* by its name */
	bool descending;                    /* of those to sort by */
};

#define CHOICES_MAX 64

/* In order; each once. All zero is none. */
struct choices {
	struct choice items[CHOICES_MAX];
	size_t n;
};

/* Adds it, unless it is there. */
void choices_add(struct choices *choices, const struct column *column);

/* What --columns says: "user,qos", or, relative to what is in `choices`
 * already, "+qos,-account". -1 (ERR_USAGE): an unknown column, or none left. */
int choices_read_columns(struct choices *choices, const char *typed,
			 struct err *err);

/* What --sort says: "user,-ended". -1 (ERR_USAGE). */
int choices_read_sort(struct choices *choices, const char *typed,
		      struct err *err);

/* Below, at or above 0 as `a` comes before, with or after `b`. Numbers in texts
 * count as numbers. What is alike is in the order in which it ended. */
int choices_compare(const struct choices *sort, const struct event *a,
		    const struct event *b);

#endif
