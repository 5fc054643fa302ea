/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The period before the one that is reported on, to compare it with. */
#ifndef REPORTS_BEFORE_H
#define REPORTS_BEFORE_H

#include "reports/period.h"
#include "reports/ran.h"
#include "schema/store.h"

#include <stdbool.h>
#include <stdint.h>

struct before {
	struct period period;
	bool none;  /* nothing to compare: 1970, or a period to come */
	bool whole; /* all of it was watched or backfilled, no job was lost */
	struct incident_sum sums[CONFIDENCE_N];
	struct ran ran;
};

/* Counts what `filter` lets through, but for its time. */
int before_read(struct before *before, const struct period *period,
		const struct store_filter *filter, struct store *store,
		int64_t now_s, struct err *err);
void before_finish(struct before *before);

enum before_unit {
	BEFORE_COUNT,
	BEFORE_HOURS, /* in seconds */
	BEFORE_SHARE, /* in hundredths of a percent */
};

/* What is compared of confirmed ones, and of suspected ones. */
struct before_measure {
	const char *name;  /* in CSV and JSON */
	const char *title; /* for people */
	enum before_unit unit;
	size_t offset; /* in struct incident_sum; of a share, its part */
	bool of_ran;   /* a share of the jobs that ran, not of incidents */
};

extern const struct before_measure before_measures[];
extern const size_t before_n_measures;

/* A share of nothing. */
#define BEFORE_NONE INT64_MIN

/* The one of that name. */
const struct before_measure *before_find(const char *name);

/* `ran` is what the jobs that ran in that time are. */
int64_t before_value(const struct before_measure *measure,
		     const struct incident_sum *sum, const struct ran *ran);

/* BEFORE_NONE if one of them is. */
int64_t before_change(int64_t is, int64_t was);

/* For people: "12", "408.5", "25.0 %", "-" for BEFORE_NONE; freed by the
 * caller. Of a change, with its sign: "+12", "-408.5", "+3.5 points", "0". */
char *before_text(const struct before_measure *measure, int64_t value);
char *before_signed(const struct before_measure *measure, int64_t change);

#endif
