/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs that ran, whoever ended them: how many, by which a report tells the
 * share that their owners ended. */
#ifndef SCHEMA_STORE_RAN_H
#define SCHEMA_STORE_RAN_H

#include "lib/err.h"
#include "schema/store.h"

#include <stdint.h>

/* They are counted by the quarter of an hour in which they ended: on any clock
 * of the world a day begins with one. */
#define STORE_QUARTER_S 900

/* Protected jobs that ran, each time anew if one was requeued. */
struct store_ran {
	const char *cluster;
	const char *partition; /* on which they ran */
	int64_t jobs;
};

/* So many ended in the quarter that begins at since_s. Put again, a count may
 * grow and never shrinks. */
int store_ran_put(struct store *store, int64_t since_s,
		  const struct store_ran *ran, struct err *err);

/* The texts live as long as the call. */
typedef int store_ran_fn(const struct store_ran *ran, void *arg);
/* Calls fn for each cluster and partition, by name, of the filter's that has
 * any in its period: in the quarters that begin in it. Nothing else of the
 * filter is known of these jobs. fn returns non-zero to stop. */
int store_ran(struct store *store, const struct store_filter *filter,
	      store_ran_fn *fn, void *arg, struct err *err);

/* The time that is counted, whole quarters: from when a cluster was watched
 * first, or as far before that as a backfill counted. */
struct store_counted {
	int64_t since;
	int64_t until;
};

/* 1, 0 if nothing was ever counted, -1. */
int store_counted(struct store *store, const char *cluster,
		  struct store_counted *counted, struct err *err);
/* Moves the end; the beginning only backwards. */
int store_counted_put(struct store *store, const char *cluster,
		      const struct store_counted *counted, struct err *err);

#endif
