/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Incidents that were acknowledged or exempted: who, why, how many, when. */
#ifndef REPORTS_REASONS_H
#define REPORTS_REASONS_H

#include "reports/tally.h"

#include <stddef.h>
#include <stdint.h>

struct reasons_row {
	char *who;
	char *why;
	int64_t incidents;
	int64_t jobs;
	int64_t first_s;
	int64_t last_s;
};

/* All zero is an empty one; rows in the order in which they came up. */
struct reasons {
	struct reasons_row *rows;
	size_t n;
	size_t cap;
	struct tally tally; /* finds the row of who and why */
};

void reasons_add(struct reasons *reasons, const char *who, const char *why,
		 int64_t at_s, const struct incident *incident);
void reasons_finish(struct reasons *reasons);

#endif
