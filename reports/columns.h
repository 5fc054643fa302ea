/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns that reports show of an incident. */
#ifndef REPORTS_COLUMNS_H
#define REPORTS_COLUMNS_H

#include "schema/incident.h"

#include <stddef.h>

enum {
	COLUMN_CSV = 1 << 0,  /* in CSV, in the order of the table */
	COLUMN_JSON = 1 << 1, /* a member in JSON */
};

struct column {
	const char *name;    /* in CSV and JSON the one of incident_fields */
	const char *heading; /* over a table */
	int where;           /* COLUMN_CSV, COLUMN_JSON */
	int flags;           /* TABLE_RIGHT, TABLE_TRUNC */
	int rank;            /* as table_add_column() takes it */
	char *(*text)(const struct incident *incident); /* NULL: the field's */
};

extern const struct column columns[];
extern const size_t columns_n;

/* What `list` shows, by name; ends with NULL. */
extern const char *const columns_of_list[];

/* The column of that name; NULL if there is none. */
const struct column *columns_find(const char *name);

/* Its value for a terminal: escaped, local time, "-" for none. Freed by the
 * caller. */
char *columns_text(const struct column *column,
		   const struct incident *incident);

#endif
