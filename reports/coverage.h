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

/* As since_s: from the first that the store knows of a cluster. */
#define COVERAGE_FROM_FIRST INT64_MIN

/* The store's own words. */
enum coverage_how {
	COVERAGE_WATCHED,
	COVERAGE_BACKFILLED, /* not watched, but looked at afterwards */
	COVERAGE_GAP,        /* neither */
	COVERAGE_LOST,       /* a point in time: a job that was remembered was
				gone from the table */
	COVERAGE_N
};

extern const char *const coverage_hows[COVERAGE_N];

struct coverage_span {
	int64_t since_s;
	int64_t until_s;
	enum coverage_how how;
	char *reason; /* of a gap; of a backfilled span, why it was a gap */
	char *job;    /* what was remembered of a lost job, JSON; else "" */
};

struct coverage_spans {
	struct coverage_span *spans;
	size_t n;
	size_t cap;
};

struct coverage_cluster {
	char *name;
	bool known;      /* the store has watched it at any time */
	int64_t since_s; /* the period's, or of its first span */
	int64_t seconds; /* from there to the end of the period, or now */
	int64_t sums[COVERAGE_N]; /* in seconds */
	size_t counts[COVERAGE_N];
	struct coverage_spans spans;  /* oldest first, without overlaps */
	struct coverage_spans stored; /* as they are in the store */
};

struct coverage {
	int64_t since_s; /* or COVERAGE_FROM_FIRST */
	int64_t until_s; /* of the period, or now, if that is earlier */
	int64_t end_s;   /* of the period */
	int64_t now_s;
	struct coverage_cluster *clusters; /* by name */
	size_t n;
	size_t cap;
};

/* Reads what the store says of [since_s, until_s). Time without a span is a
 * gap; where spans overlap, a gap prevails over watched and backfilled over a
 * gap. `clusters`, a list as --cluster takes it, or NULL for all that the
 * store knows. -1: the store's error. Ends with coverage_finish(), even
 * then. */
int coverage_read(struct coverage *coverage, struct store *store,
		  const char *clusters, int64_t since_s, int64_t until_s,
		  int64_t now_s, struct err *err);
void coverage_finish(struct coverage *coverage);

/* Whether every cluster, and at least one, was watched or backfilled all that
 * time, and no job was lost. */
bool coverage_is_whole(const struct coverage *coverage);

/* What the clusters have of one kind, together. */
size_t coverage_count(const struct coverage *coverage, enum coverage_how how);

/* Hundredths of a percent, rounded down: 10000 is all. */
int64_t coverage_share(const struct coverage_cluster *cluster,
		       enum coverage_how how);

/* Whether the span goes on: it has no end within the period yet. */
bool coverage_goes_on(const struct coverage *coverage,
		      const struct coverage_span *span);

#endif
