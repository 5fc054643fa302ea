/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What slurmctld's log says, as the store keeps it. */
#ifndef SCHEMA_STORE_WITNESS_H
#define SCHEMA_STORE_WITNESS_H

#include "lib/err.h"
#include "schema/store.h"

#include <stdbool.h>
#include <stdint.h>

/* How far the log of a cluster was read, as witness_position() has it. 1, and
 * *position for the caller to free; 0 if it never was; -1. */
int store_witness_get(struct store *store, const char *cluster, char **position,
		      struct err *err);
int store_witness_put(struct store *store, const char *cluster,
		      const char *position, struct err *err);

/* A line of it; act is one of the words of witness_line.h. Texts are never
 * NULL. */
struct store_witness_line {
	int64_t at_s; /* slurmctld's clock */
	const char *act;
	const char *job; /* as logged */
	int64_t id_job;  /* the number in front of it */
	int64_t uid;
	const char *detail;
	bool doubtful;
	const char *line; /* as it stands in the log */
};

/* Keeps a line, unless it is there; a doubtful one is so no more if it comes
 * again and is not. */
int store_witness_line_add(struct store *store, const char *cluster,
			   const struct store_witness_line *line,
			   struct err *err);

/* The line lives as long as the call. */
typedef int store_witness_fn(const struct store_witness_line *line, void *arg);
/* Lines from from_s to to_s that name the job, or its array or het job, by
 * number, in the log's order, at most `limit`; fn returns non-zero to stop. */
int store_witness_lines(struct store *store, const char *cluster,
			int64_t id_job, int64_t root_id, int64_t from_s,
			int64_t to_s, int64_t limit, store_witness_fn *fn,
			void *arg, struct err *err);

/* Forgets lines from before that time. */
int store_witness_prune(struct store *store, const char *cluster,
			int64_t before_s, struct err *err);

#endif
