/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What events add up to. */
#ifndef REPORTS_TOTALS_H
#define REPORTS_TOTALS_H

#include "lib/text.h"
#include "schema/event.h"

#include <stdint.h>

/* All zero is nothing. */
struct totals {
	int64_t events;
	int64_t incidents;
	int64_t suspected; /* of these, and not corrected */
	int64_t corrected; /* of these: cleared, or the job lives */
	int64_t jobs;
	int64_t users;
	void *names; /* of the users, a tree */
};

void totals_add(struct totals *totals, const struct event *event);
void totals_finish(struct totals *totals);

/* Adds what goes behind "4 incidents": " (1 suspected), 7 jobs, 3 users". */
void totals_describe(const struct totals *totals, struct text *text);

#endif
