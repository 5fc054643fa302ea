/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The few colours of reports, by what they mean. */
#ifndef REPORTS_COLOR_H
#define REPORTS_COLOR_H

enum color {
	COLOR_PLAIN,
	COLOR_HEADING,
	COLOR_OPEN,     /* somebody should look at it */
	COLOR_DOUBTFUL, /* suspected, or dealt with in part */
	COLOR_RESTORED,
	COLOR_ASIDE, /* counts not, or matters little */
	COLOR_N
};

/* What begins it on a terminal, of the colours that any has; NULL for plain.
 * COLOR_END ends each. */
const char *color_begin(enum color color);
#define COLOR_END "\033[0m"

#endif
