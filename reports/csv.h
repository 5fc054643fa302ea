/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CSV as RFC 4180 has it, which a spreadsheet can open without running what
 * users typed. */
#ifndef REPORTS_CSV_H
#define REPORTS_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct csv {
	FILE *out;        /* whose errors the caller looks at */
	bool raw;         /* leave formulas as they are, and tell bytes */
	bool spreadsheet; /* that what one makes of a cell is what it says */
	bool in_row;
};

/* Adds a cell. One that a spreadsheet would take for a formula, since it
 * begins with = + - @, their full-width forms, TAB, CR or LF, and is no plain
 * number, gets a ' in front, unless raw; so does, for a spreadsheet, what it
 * would make another number of, or a date. Bytes that are not UTF-8 become
 * U+FFFD, if raw \xe9. */
void csv_text(struct csv *csv, const char *s);
void csv_int(struct csv *csv, int64_t value);
/* ISO 8601 in UTC, for a spreadsheet without the Z: it would be text. Empty for
 * 0. */
void csv_time(struct csv *csv, int64_t time_s);

/* Ends the row. */
void csv_end(struct csv *csv);

#endif
