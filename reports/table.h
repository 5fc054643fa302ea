/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of text in columns that fits the terminal, by libsmartcols. */
#ifndef REPORTS_TABLE_H
#define REPORTS_TABLE_H

#include "reports/color.h"
#include "reports/output.h"

#include <stdint.h>

enum {
	TABLE_RIGHT = 1 << 0, /* numbers */
	TABLE_TRUNC = 1 << 1, /* may be cut to fit a terminal */
	TABLE_WRAP = 1 << 2,  /* may take several lines to fit it */
	TABLE_TIME = 1 << 3,  /* of when_local(); may lose its seconds and zone
				 to fit it */
};

struct table;

/* For printing to `out`: on a terminal lines are made to fit, elsewhere they
 * are as long as they need to be. */
struct table *table_new(const struct output *out);
void table_free(struct table *table);

/* Long texts are cut to no less than that, 16 unless it is said, before columns
 * are left out. */
void table_cut(struct table *table, size_t width);

/* Columns come before cells. Those with the highest rank are left out first
 * where a terminal is too narrow for all, once times are short; 0: never. */
void table_add_column(struct table *table, const char *heading, int flags,
		      int rank);

/* Adds the next cell of a line, then of the next. The text is copied; its
 * control characters have been escaped. */
void table_add_cell(struct table *table, const char *text);
void table_add_int(struct table *table, int64_t value);

/* Shows the cell that was added last in this colour, where the output has
 * any. */
void table_color(struct table *table, enum color color);

/* Prints the lines and forgets them, if there are many: there may be more than
 * memory. Columns then become wider where later lines need it. */
void table_flush(struct table *table);

/* Prints it, or what is left of it, with headings. */
void table_print(struct table *table);

/* A local table that frees itself. */
static inline void table_free_slot(struct table **slot)
{
	table_free(*slot);
}
#define autotable __attribute__((cleanup(table_free_slot)))

#endif
