/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns that reports show of an incident, or of an event. */
#ifndef REPORTS_COLUMNS_H
#define REPORTS_COLUMNS_H

#include "lib/text.h"
#include "reports/color.h"
#include "schema/event.h"

#include <stddef.h>

enum {
	COLUMN_CSV = 1 << 0,  /* in CSV, in the order of the table */
	COLUMN_JSON = 1 << 1, /* a member in JSON */
};

struct column {
	const char *name;    /* one of event_field(), but of the field of an
				incident where it is in CSV or JSON */
	const char *heading; /* over a table */
	int where;           /* COLUMN_CSV, COLUMN_JSON */
	int flags;           /* TABLE_RIGHT, TABLE_TRUNC, TABLE_TIME */
	int rank;            /* as table_add_column() takes it */
	char *(*text)(const struct event *event); /* NULL: the field's */
};

extern const struct column columns[];
extern const size_t columns_n;

/* The column of that name, in whatever letters; NULL if there is none. */
const struct column *columns_find(const char *name);

/* Adds all names, with commas between. */
void columns_names(struct text *text);

/* Its value for a terminal: escaped, local time, "-" for none. Freed by the
 * caller. */
char *columns_text(const struct column *column, const struct event *event);

/* What colour that has. */
enum color columns_color(const struct column *column,
			 const struct event *event);

#endif
