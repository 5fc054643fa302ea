/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events a line each, in the formats of `list`. */
#ifndef REPORTS_LINES_H
#define REPORTS_LINES_H

#include "reports/choice.h"
#include "reports/csv.h"
#include "reports/options.h"
#include "reports/output.h"
#include "reports/table.h"

#include <stdbool.h>

struct lines {
	enum format format;
	struct output *out;
	const struct choices *choices;
	struct table *table; /* FORMAT_TEXT */
	struct csv csv;
	bool begun; /* FORMAT_JSON: there was one */
	FILE *file; /* in memory: what is not written yet, but of tables */
	char *bytes;
	size_t len;
};

/* The caller looks at out's errors. `raw`: leave formulas in CSV. */
void lines_begin(struct lines *lines, enum format format, struct output *out,
		 const struct choices *choices, bool raw);

/* Adds a line, which is kept in memory. */
void lines_add(struct lines *lines, const struct event *event);

/* Writes what can be written already: of a table, many lines at once, whose
 * columns are as wide as all of these need them to be. */
void lines_flush(struct lines *lines);

/* Writes the rest. */
void lines_end(struct lines *lines);

/* Takes it back, printed or not. */
void lines_finish(struct lines *lines);

#endif
