/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page of labelled lines under headings, for people. */
#ifndef REPORTS_PAGE_H
#define REPORTS_PAGE_H

#include "reports/output.h"

#include <stdint.h>

/* Columns of the labels. */
#define PAGE_LABEL 14

/* In how many columns prose is to be broken. */
size_t page_width(const struct output *out);

void page_heading(const struct output *out, const char *text);

/* One line: the value is escaped here. */
void page_line(const struct output *out, const char *label, const char *fmt,
	       ...) __attribute__((format(printf, 3, 4)));

/* One paragraph: the text is escaped here, and broken to fit. */
void page_prose(const struct output *out, const char *label, const char *text);

/* A moment, "never" for 0, and how long after an earlier one, at which it
 * `what`; earlier_s 0: there is none. */
void page_moment(const struct output *out, const char *label, int64_t time_s,
		 int64_t earlier_s, const char *what);

#endif
