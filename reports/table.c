/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/table.h"

#include "lib/mem.h"
#include "reports/words.h"

#include <inttypes.h>
#include <libsmartcols.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS_MAX 64

/* So many lines are printed with columns as wide as all of them need. */
#define BLOCK_LINES 10000

/* What is left of a time where there is little room: "2026-11-22T20:41", which
 * --since takes. */
#define TIME_WIDTH 16

/* What is left of a long text before whole columns are left out, and what after
 * that. */
#define CUT_WIDTH 16
#define LEAST_WIDTH 6

struct table_column {
	struct libscols_column *scols;
	int flags;
	int rank;
	size_t heading; /* its width */
	size_t width;   /* of its widest cell, or less if these are cut */
	size_t word;    /* of its widest word, if it may be wrapped */
	bool hidden;
};

struct table {
	struct libscols_table *scols;
	struct libscols_line *line;
	struct table_column columns[COLUMNS_MAX];
	size_t n_columns;
	size_t next;     /* cell of the line */
	size_t terminal; /* its width; 0: none */
	size_t cut;      /* CUT_WIDTH, or what was said */
	bool goes_on;    /* lines and headings were printed before */
	bool brief;      /* times were short in them */
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
	table->cut = CUT_WIDTH;
	scols_table_set_stream(table->scols, out->file);
	scols_table_set_termforce(table->scols,
				  out->terminal ? SCOLS_TERMFORCE_ALWAYS
						: SCOLS_TERMFORCE_NEVER);
	scols_table_set_termwidth(table->scols, out->width);
	scols_table_enable_colors(table->scols, out->color);
	return table;
}

void table_cut(struct table *table, size_t width)
{
	table->cut = width;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	scols_unref_table(table->scols);
	free(table);
}

static void set_color(struct libscols_cell *cell, enum color color)
{
	if (scols_cell_set_color(cell, color_begin(color)) < 0)
		need(NULL);
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
		.heading = words_width(heading),
		.width = words_width(heading),
	};
	/* Text comes escaped; libsmartcols, which escapes too, would double
	 * its backslashes. (Its own escaping stays on: without, it never
	 * returns from cutting text that the locale cannot print.) */
	scols_column_set_safechars(column->scols, "\\");
	set_color(scols_column_get_header(column->scols), COLOR_HEADING);
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

void table_color(struct table *table, enum color color)
{
	size_t last = (table->next ? table->next : table->n_columns) - 1;

	set_color(scols_line_get_cell(table->line, last), color);
}

static size_t cut_to(const struct table_column *column, size_t width)
{
	if (column->width <= width)
		return column->width;
	return width > column->heading ? width : column->heading;
}

/* What the column needs if only what may be wrapped is. */
static size_t uncut_width(const struct table_column *column)
{
	return column->flags & TABLE_WRAP ? cut_to(column, CUT_WIDTH)
					  : column->width;
}

static size_t least_width(const struct table_column *column, size_t cut)
{
	return column->flags & TABLE_TRUNC ? cut_to(column, cut)
					   : uncut_width(column);
}

/* Whether the lines fit the terminal, texts cut to no less than that. */
static bool fits(const struct table *table, size_t cut)
{
	size_t width = 0;
	size_t i;

	for (i = 0; i < table->n_columns; i++)
		if (!table->columns[i].hidden)
			width += least_width(&table->columns[i], cut) + 1;
	return width <= table->terminal + 1;
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

/* Narrows the widest column that may be cut, and is wider than that; false if
 * none is. */
static bool narrow_one(struct table *table, size_t least)
{
	struct table_column *widest = NULL;
	size_t i;

	for (i = 0; i < table->n_columns; i++) {
		struct table_column *column = &table->columns[i];

		if (!column->hidden && column->flags & TABLE_TRUNC &&
		    column->width > least && column->width > column->heading &&
		    (!widest || column->width > widest->width))
			widest = column;
	}
	if (widest)
		widest->width--;
	return widest != NULL;
}

/* Puts change(text, width) in place of each cell of a column. By an iterator,
 * since a line's number is looked up from the first one on. */
static void change_cells(struct table *table, size_t i, size_t width,
			 char *change(const char *text, size_t width))
{
	struct libscols_iter *iter = need(scols_new_iter(SCOLS_ITER_FORWARD));
	struct libscols_line *line;

	while (scols_table_next_line(table->scols, iter, &line) == 0) {
		autofree char *changed = change(
			scols_cell_get_data(scols_line_get_cell(line, i)),
			width);

		if (scols_line_set_data(line, i, changed) < 0)
			need(NULL);
	}
	scols_free_iter(iter);
}

static char *shortened(const char *time, size_t width)
{
	return mem_strndup(time, strnlen(time, width));
}

static void shorten_times(struct table *table)
{
	size_t i;

	for (i = 0; i < table->n_columns; i++) {
		struct table_column *column = &table->columns[i];

		if (!(column->flags & TABLE_TIME) || column->width < TIME_WIDTH)
			continue;
		change_cells(table, i, TIME_WIDTH, shortened);
		column->width = TIME_WIDTH;
	}
}

static void cut_cells(struct table *table)
{
	size_t widths[COLUMNS_MAX] = {0};
	size_t i;

	for (i = 0; i < table->n_columns; i++)
		widths[i] = table->columns[i].width;
	while (!fits(table, SIZE_MAX) && (narrow_one(table, table->cut) ||
					  narrow_one(table, LEAST_WIDTH)))
		;
	for (i = 0; i < table->n_columns; i++)
		if (table->columns[i].width < widths[i])
			change_cells(table, i, table->columns[i].width,
				     words_cut);
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

	if (column->width <= width || column->word > width)
		return;
	scols_column_set_safechars(column->scols, "\\\n");
	scols_column_set_wrapfunc(column->scols, scols_wrapnl_chunksize,
				  scols_wrapnl_nextchunk, NULL);
	change_cells(table, i, width, broken);
}

/* Makes the lines fit the terminal, in the order in which it hurts. */
static void fit(struct table *table)
{
	size_t i;

	table->brief = table->brief || !fits(table, table->cut);
	if (table->brief)
		shorten_times(table);
	while (!fits(table, table->cut) && hide_one(table))
		;
	cut_cells(table);
	for (i = 0; i < table->n_columns; i++)
		if (table->columns[i].flags & TABLE_WRAP)
			break_cells(table, i);
}

static int scols_flags(const struct table_column *column)
{
	int flags = 0;

	if (column->flags & TABLE_RIGHT)
		flags |= SCOLS_FL_RIGHT;
	if (column->flags & TABLE_WRAP)
		flags |= SCOLS_FL_WRAP;
	if (column->hidden)
		flags |= SCOLS_FL_HIDDEN;
	return flags;
}

static char *padded(const char *text, size_t width, bool to_the_right)
{
	size_t is = words_width(text);
	size_t missing = width > is ? width - is : 0;

	return mem_printf("%*s%s%*s", (int)(to_the_right ? missing : 0), "",
			  text, (int)(to_the_right ? 0 : missing), "");
}

/* Makes the columns as wide as those above, by a line that is: blanks at its
 * end would show. */
static void go_on(struct table *table)
{
	struct libscols_line *line = scols_table_get_line(table->scols, 0);
	size_t last = table->n_columns;
	size_t i;

	while (last && table->columns[last - 1].hidden)
		last--;
	for (i = 0; line && i + 1 < last; i++) {
		const struct table_column *column = &table->columns[i];
		autofree char *text = padded(
			scols_cell_get_data(scols_line_get_cell(line, i)),
			column->width, column->flags & TABLE_RIGHT);

		if (!column->hidden && scols_line_set_data(line, i, text) < 0)
			need(NULL);
	}
}

void table_print(struct table *table)
{
	size_t i;

	if (table->terminal)
		fit(table);
	if (table->goes_on)
		go_on(table);
	for (i = 0; i < table->n_columns; i++)
		scols_column_set_flags(table->columns[i].scols,
				       scols_flags(&table->columns[i]));
	scols_print_table(table->scols);
}

void table_flush(struct table *table)
{
	if (scols_table_get_nlines(table->scols) < BLOCK_LINES)
		return;
	table_print(table);
	scols_table_remove_lines(table->scols);
	scols_table_enable_noheadings(table->scols, 1);
	table->goes_on = true;
}
