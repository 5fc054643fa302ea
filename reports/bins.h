/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A period cut into so few equal parts of the calendar that a chart can show
 * them all. */
#ifndef REPORTS_BINS_H
#define REPORTS_BINS_H

#include "reports/period.h"
#include "reports/tally.h"

#include <stddef.h>
#include <stdint.h>

#define BINS_MAX 45

struct bin {
	int64_t since_s;
	int64_t until_s;
	char name[WHEN_SIZE]; /* of the calendar, or of what it begins with */
	struct incident_sum
		sums[CONFIDENCE_N]; /* events of two days count twice */
};

struct bins {
	enum when_unit unit;
	int step; /* so many units are a bin */
	struct bin bins[BINS_MAX];
	size_t n;
};

/* By days where that is not too many, else by weeks, months, quarters, years,
 * or many years; counts what the tally of days, sorted, says. */
void bins_make(struct bins *bins, const struct period *period,
	       const struct tally *days);

/* What one is called: "day", "week". */
const char *bins_noun(const struct bins *bins);

/* Where a time is, in hundredths of a percent from the left. */
int64_t bins_place(const struct bins *bins, int64_t time_s);

/* What an axis says of a bin: "5 Oct", "Oct 2026"; freed by the caller. */
char *bins_label(const struct bins *bins, size_t i);

#endif
