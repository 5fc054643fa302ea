/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers in words for people, and words in lines. */
#ifndef REPORTS_WORDS_H
#define REPORTS_WORDS_H

#include "lib/text.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Adds "1 incident", "2 incidents". */
void words_count(struct text *text, int64_t n, const char *noun);

/* Hours with one digit behind the point, of seconds: "408.5". Freed by the
 * caller. */
char *words_hours(int64_t seconds);

/* A number's digits, or one with a decimal point, in groups of three:
 * "12,345.6". Freed by the caller. */
char *words_grouped(const char *digits);

/* Hundredths of a percent, rounded down; 0 of nothing. */
int64_t words_hundredths(int64_t part, int64_t whole);

/* "25.00 %", rounded down; "-" of nothing. Freed by the caller. */
char *words_share(int64_t part, int64_t whole);

/* Columns that a terminal needs for the text. */
size_t words_width(const char *s);

/* The text, cut to so many columns with a sign that it was, if it needs more;
 * freed by the caller. */
char *words_cut(const char *s, size_t width);

/* Prints the text, its lines broken at blanks to fit `width` columns. The first
 * `indent` of these are taken already, and left blank in further lines. */
void words_wrap(FILE *out, const char *s, size_t width, size_t indent);

#endif
