/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The period that a compliance report is of, and the ones before it. */
#ifndef REPORTS_PERIOD_H
#define REPORTS_PERIOD_H

#include "lib/text.h"
#include "lib/when.h"

#include <stdbool.h>
#include <stdint.h>

struct period {
	int64_t since_s;
	int64_t until_s;
	bool named; /* one of the calendar's; else from any time to any other */
	enum when_unit unit; /* if it is named */
};

/* What --period says at that time, or NULL where it was not given: then it is
 * [since_s, until_s). */
struct period period_of(const char *text, int64_t now_s, int64_t since_s,
			int64_t until_s);

/* The n-th one before it: the month before a month, or as many seconds. Empty
 * where that is before 1970. */
struct period period_before(const struct period *period, int n);
bool period_is_empty(const struct period *period);

/* "2026-10"; empty if it is not named. */
char *period_name(const struct period *period, char buf[WHEN_SIZE]);

/* "in October 2026", "from 1 October 2026 00:00 to 3 October 2026 12:00"; freed
 * by the caller. */
char *period_phrase(const struct period *period);

/* What some of them are called: "months", "such periods". */
const char *period_plural(const struct period *period);

/* Adds the options that name it, with a blank in front. */
void period_options(const struct period *period, struct text *text);

#endif
