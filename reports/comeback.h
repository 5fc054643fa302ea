/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of the jobs that were lost: how soon they were back, how those
 * are doing, and which are neither back nor acknowledged. */
#ifndef REPORTS_COMEBACK_H
#define REPORTS_COMEBACK_H

#include "reports/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So many of the open ones are named, the oldest. */
#define COMEBACK_OPEN_MAX 20

struct comeback_times {
	int64_t *seconds; /* sorted by comeback_sort() */
	size_t n;
	size_t cap;
	int64_t worst_s;
	int64_t worst_id; /* the incident's */
};

struct comeback_open {
	int64_t incident_id;
	int64_t ended;
	bool confirmed;
	char *cluster;
	char *job_id;
	char *user;
	char *partition;
	char *kind;
};

/* All zero is an empty one. */
struct comeback {
	struct comeback_times times[CONFIDENCE_N];
	struct tally states; /* of restored jobs, as they were last seen */
	struct comeback_open open[COMEBACK_OPEN_MAX];
	size_t n_open;
};

void comeback_add(struct comeback *comeback, const struct incident *incident);

/* To be called when all were added. */
void comeback_sort(struct comeback *comeback);
void comeback_finish(struct comeback *comeback);

/* Of an even number the mean of the two in the middle; 0 of none. */
int64_t comeback_median(const struct comeback_times *times);

#endif
