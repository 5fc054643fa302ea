/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/table.h"

#include "lib/mem.h"
#include "reports/words.h"

#include <inttypes.h>
#include <libsmartcols.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS_MAX 32

/* What is left of a long text before whole columns are left out. */
#define CUT_WIDTH 16

struct table_column {
	struct libscols_column *scols;
	int flags;
	int rank;
	size_t width; /* of its widest cell */
	size_t word;  /* of its widest word, if it may be wrapped */
	bool hidden;
};

struct table {
	struct libscols_table *scols;
	struct libscols_line *line;
	struct table_column columns[COLUMNS_MAX];
	size_t n_columns;
	size_t next;     /* cell of the line */
	size_t terminal; /* its width; 0: none */
};

/* libsmartcols fails for want of memory only. */
static void *need(void *p)
{
	if (!p)
		abort();
	return p;
}

struct table *table_new(const struct output *out)
{
	struct table *table = mem_alloc(1, sizeof(*table));

	table->scols = need(scols_new_table());
	table->terminal = out->terminal ? out->width : 0;
	scols_table_set_stream(table->scols, out->file);
	scols_table_set_termforce(table->scols,
				  out->terminal ? SCOLS_TERMFORCE_ALWAYS
						: SCOLS_TERMFORCE_NEVER);
	scols_table_set_termwidth(table->scols, out->width);
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	scols_unref_table(table->scols);
	free(table);
}

void table_add_column(struct table *table, const char *heading, int flags,
		      int rank)
{
	struct table_column *column = &table->columns[table->n_columns++];

	if (table->n_columns > COLUMNS_MAX)
		abort();
	*column = (struct table_column){
		.scols = need(
			scols_table_new_column(table->scols, heading, 0, 0)),
		.flags = flags,
		.rank = rank,
		.width = words_width(heading),
	};
	/* Text comes escaped; libsmartcols, which escapes too, would double
	 * its backslashes. (Its own escaping stays on: without, it never
	 * returns from cutting text that the locale cannot print.) */
	scols_column_set_safechars(column->scols, "\\");
}

static size_t widest_word(const char *text)
{
	size_t widest = 0;

	while (*text) {
		size_t len = strcspn(text, " ");
		autofree char *word = mem_strndup(text, len);
		size_t width = words_width(word);

		if (width > widest)
			widest = width;
		text += len;
		text += strspn(text, " ");
	}
	return widest;
}

void table_add_cell(struct table *table, const char *text)
{
	struct table_column *column = &table->columns[table->next];
	size_t width = words_width(text);

	if (!table->next)
		table->line = need(scols_table_new_line(table->scols, NULL));
	if (scols_line_set_data(table->line, table->next, text) < 0)
		need(NULL);
	if (width > column->width)
		column->width = width;
	if (column->flags & TABLE_WRAP && widest_word(text) > column->word)
		column->word = widest_word(text);
	table->next = (table->next + 1) % table->n_columns;
}

void table_add_int(struct table *table, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, value);
	table_add_cell(table, digits);
}

/* The least that the column can be shown in. */
static size_t least_width(const struct table_column *column)
{
	if (column->flags & (TABLE_TRUNC | TABLE_WRAP) &&
	    column->width > CUT_WIDTH)
		return CUT_WIDTH;
	return column->width;
}

static size_t least_line(const struct table *table)
{
	size_t width = 0;
	size_t i;

	for (i = 0; i < table->n_columns; i++)
		if (!table->columns[i].hidden)
			width += least_width(&table->columns[i]) + 1;
	return width ? width - 1 : 0;
}

/* Hides the column that is missed least; false if none can be. */
static bool hide_one(struct table *table)
{
	struct table_column *least = NULL;
	size_t i;

	for (i = 0; i < table->n_columns; i++) {
		struct table_column *column = &table->columns[i];

		if (!column->hidden && column->rank &&
		    (!least || column->rank > least->rank))
			least = column;
	}
	if (least)
		least->hidden = true;
	return least != NULL;
}

/* libsmartcols cuts all TRUNC columns alike: it may have the long ones, or
 * where that is not enough, all. */
static int scols_flags(const struct table_column *column, bool tight)
{
	int flags = 0;

	if (column->flags & TABLE_RIGHT)
		flags |= SCOLS_FL_RIGHT;
	if (column->flags & TABLE_WRAP)
		flags |= SCOLS_FL_WRAP;
	if (column->flags & TABLE_TRUNC && (tight || column->width > CUT_WIDTH))
		flags |= SCOLS_FL_TRUNC;
	if (column->hidden)
		flags |= SCOLS_FL_HIDDEN;
	return flags;
}

/* What the terminal leaves for the column beside all others. */
static size_t room_for(const struct table *table, size_t column)
{
	size_t taken = 0;
	size_t i;

	for (i = 0; i < table->n_columns; i++)
		if (i != column && !table->columns[i].hidden)
			taken += table->columns[i].width + 1;
	return taken + CUT_WIDTH < table->terminal ? table->terminal - taken
						   : CUT_WIDTH;
}

static char *broken(const char *text, size_t width)
{
	char *lines = NULL;
	size_t len = 0;
	FILE *out = need(open_memstream(&lines, &len));

	words_wrap(out, text, width, 0);
	if (fclose(out) != 0)
		need(NULL);
	lines[len - 1] = '\0'; /* the line's end */
	return lines;
}

/* Breaks the cells of a column at blanks: libsmartcols by itself breaks within
 * words. */
static void break_cells(struct table *table, size_t i)
{
	struct table_column *column = &table->columns[i];
	size_t width = room_for(table, i);
	size_t n = scols_table_get_nlines(table->scols);

	if (!table->terminal || column->width <= width || column->word > width)
		return;
	scols_column_set_safechars(column->scols, "\\\n");
	scols_column_set_wrapfunc(column->scols, scols_wrapnl_chunksize,
				  scols_wrapnl_nextchunk, NULL);
	while (n-- > 0) {
		struct libscols_line *line =
			scols_table_get_line(table->scols, n);
		const char *text =
			scols_cell_get_data(scols_line_get_cell(line, i));
		autofree char *lines = broken(text, width);

		if (scols_line_set_data(line, i, lines) < 0)
			need(NULL);
	}
}

void table_print(struct table *table)
{
	bool tight;
	size_t i;

	while (table->terminal && least_line(table) > table->terminal &&
	       hide_one(table))
		;
	tight = table->terminal && least_line(table) > table->terminal;
	for (i = 0; i < table->n_columns; i++) {
		scols_column_set_flags(table->columns[i].scols,
				       scols_flags(&table->columns[i], tight));
		if (table->columns[i].flags & TABLE_WRAP)
			break_cells(table, i);
	}
	scols_print_table(table->scols);
}
