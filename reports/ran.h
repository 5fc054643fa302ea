/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many jobs ran in a period where it is protected, whoever ended them: what
 * those that their owners ended are a share of. */
#ifndef REPORTS_RAN_H
#define REPORTS_RAN_H

#include "reports/coverage.h"
#include "schema/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The watcher counts a quarter of an hour when it is over for long enough. */
#define RAN_LAG_S 3600

struct ran_row {
	char *partition; /* of that name on any cluster */
	int64_t jobs;
};

/* All zero is an empty one. */
struct ran {
	bool unknown; /* the filter asks what is not recorded of these jobs */
	bool whole;   /* every cluster is counted for all that time */
	int64_t since_s; /* what is counted of it of every cluster; both 0: */
	int64_t until_s; /* nothing */
	struct ran_row *rows;
	size_t n;
	size_t cap;
	int64_t jobs; /* of all */
};

/* Counts what is in the filter's period, and on its clusters and partitions;
 * `coverage` is of that period. */
int ran_read(struct ran *ran, const struct coverage *coverage,
	     const struct store_filter *filter, struct store *store,
	     struct err *err);
void ran_finish(struct ran *ran);

/* What a share can be told of: jobs, or 0 where they are not all counted. */
int64_t ran_base(const struct ran *ran, int64_t jobs);

#endif
