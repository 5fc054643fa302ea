/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What to look at next: finds every row of a cluster that changed, at a cost
 * that does not grow with its table. */
#ifndef WATCHER_TAIL_H
#define WATCHER_TAIL_H

#include "lib/err.h"
#include "schema/job.h"
#include "schema/store.h"
#include "watcher/slurmdbd.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tail;

struct tail_limits {
	int64_t overlap_s;
	int64_t sweep_s;
	int64_t sweep_window_s;
	int64_t rows_per_pass; /* ended rows looked at in one pass */
};

/* Which of the three looks found a row. */
enum tail_look { TAIL_OPEN, TAIL_RECENT, TAIL_SWEEP };
extern const char *const tail_looks[];

/* Begins where the store says the watcher stood: `state` all zero is a
 * cluster never watched. ids: the rows that were open then, ascending, taken
 * over by the tail. */
struct tail *tail_new(const struct tail_limits *limits,
		      const struct store_cluster *state, uint64_t *ids,
		      size_t n);
void tail_free(struct tail *tail);

/* Gets each settled row that ended, some of them again and again; may ask the
 * database. Returns -1 and err to end the pass. */
typedef int tail_job_fn(struct job *job, enum tail_look look, void *arg,
			struct err *err);

/* One pass at the database's time now_s: the open set, the recently ended, a
 * chunk of the sweep. What it moves is kept apart until tail_commit(), so
 * that a pass that failed, here or later, is made again. */
int tail_pass(struct tail *tail, struct slurmdbd_cluster *cluster,
	      int64_t now_s, tail_job_fn *fn, void *arg, struct err *err);

/* The database's clock at the last pass that was committed; 0: never. */
int64_t tail_last_pass(const struct tail *tail);

/* What the last pass moves, to be stored before it is committed. */
const struct store_cluster *tail_state(const struct tail *tail);
const uint64_t *tail_appeared(const struct tail *tail, size_t *n);
const uint64_t *tail_left(const struct tail *tail, size_t *n);

/* Makes the last pass's moves the tail's own. */
void tail_commit(struct tail *tail);

/* Whether rows were left for the next pass because of rows_per_pass. */
bool tail_is_behind(const struct tail *tail);

#endif
