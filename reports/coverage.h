/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much of a period each cluster was watched: "no incidents" can only be
 * said of what somebody looked at. */
#ifndef REPORTS_COVERAGE_H
#define REPORTS_COVERAGE_H

#include "schema/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A span that ends less than this before now counts as going on: it is the
 * overlap (its default) that the watcher's next pass looks back over. */
#define COVERAGE_SLACK_S 600

struct coverage_gap {
	int64_t since_s;
	int64_t until_s;
	char *reason;
};

struct coverage_cluster {
	char *name;
	int64_t watched_s;
	struct coverage_gap *gaps; /* oldest first */
	size_t n_gaps;
	size_t cap;
	int64_t reached_s; /* up to here it is known what was watched */
	bool known;        /* the store has a span of it, at any time */
};

struct coverage {
	int64_t since_s;
	int64_t until_s; /* of the period, or now, if that is earlier */
	int64_t now_s;
	struct coverage_cluster *clusters; /* by name */
	size_t n;
	size_t cap;
};

/* Reads what the store says of [since_s, until_s). Time without a span counts
 * as not watched. `clusters`, a list as --cluster takes it, or NULL for all
 * that the store knows. -1: the store's error. Ends with coverage_finish(),
 * even then. */
int coverage_read(struct coverage *coverage, struct store *store,
		  const char *clusters, int64_t since_s, int64_t until_s,
		  int64_t now_s, struct err *err);
void coverage_finish(struct coverage *coverage);

/* Seconds of the period so far, of each cluster. */
int64_t coverage_seconds(const struct coverage *coverage);

/* Whether every cluster, and at least one, was watched all that time. */
bool coverage_is_whole(const struct coverage *coverage);

/* Hundredths of a percent, rounded down: 10000 is all. */
int64_t coverage_share(const struct coverage *coverage,
		       const struct coverage_cluster *cluster);

#endif
