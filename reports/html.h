/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTML that is well formed, as XML too, and in which nothing that users typed
 * is markup: a self-contained page that asks nobody for anything. */
#ifndef REPORTS_HTML_H
#define REPORTS_HTML_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define HTML_DEPTH 16

struct html {
	FILE *out; /* whose errors the caller looks at */
	const char *open[HTML_DEPTH];
	size_t depth;
	const struct html_column *columns; /* of the table that is open */
	size_t n_columns;
	size_t next; /* cell of the row */
};

/* Begins a page, up to its <main>, with the style sheet, which is all that its
 * policy lets a browser take; and ends it. */
void html_begin(struct html *html, FILE *out, const char *title);
void html_end(struct html *html);

/* The one place where text becomes HTML: what is markup there is escaped, and
 * what is hidden or malformed shown as in text reports. */
void html_text(struct html *html, const char *s);

/* Begins an element: its tag, and pairs of an attribute's name and its value.
 * html_close() ends the one that was begun last. */
#define html_open(html, ...)                                                   \
	html_open_words(html, (const char *const[]){__VA_ARGS__, NULL})
void html_open_words(struct html *html, const char *const *words);
void html_close(struct html *html);

/* A whole element with text; class NULL: none. */
void html_element(struct html *html, const char *tag, const char *class,
		  const char *text);

/* A name that users chose: its direction, whichever it is, ends with it. */
void html_name(struct html *html, const char *name);

enum html_type {
	HTML_WORD,  /* short, ours */
	HTML_NAME,  /* that users chose */
	HTML_PROSE, /* longer */
	HTML_NUMBER,
	HTML_TIME,
};

struct html_column {
	const char *heading;
	enum html_type type;
};

/* A moment of local time. */
void html_time(struct html *html, int64_t time_s);

/* Begins a table, with its caption, which scrolls where a screen is too narrow
 * for it. `columns` lives as long as the table. */
void html_table_begin(struct html *html, const char *caption,
		      const struct html_column *columns, size_t n);
/* The next cell of a row, then of the next row; the first of each names it. */
void html_cell(struct html *html, const char *text);
void html_cell_int(struct html *html, int64_t value);
void html_cell_time(struct html *html, int64_t time_s);
void html_table_end(struct html *html);

#endif
