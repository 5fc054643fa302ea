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

/* Which look found a row. */
enum tail_look { TAIL_OPEN, TAIL_RECENT, TAIL_SWEEP, TAIL_BACKFILL };
extern const char *const tail_looks[];

/* What a pass calls; each may ask the database, returns -1 and err to end the
 * pass, and gets arg. What is remembered of a row is text (memory_json()), NULL
 * if nothing is. */
struct tail_calls {
	/* A row that is not open any more, some of them again and again. Sets
	 * *again to what is to be remembered of it, freed by the tail, where
	 * it is to be looked at once more in the next pass. */
	int (*ended)(struct job *job, enum tail_look look, const char *memory,
		     char **again, void *arg, struct err *err);
	/* An open row that is new, has changed, or was to be looked at again;
	 * only its watched columns are set. Sets *memory to what is to be
	 * remembered of it, freed by the tail, and *again to look at it in the
	 * next pass though it has not changed. */
	int (*open)(const struct job *job, const char *before, char **memory,
		    bool *again, void *arg, struct err *err);
	/* An open row that was remembered is gone from the table. */
	int (*lost)(const char *memory, void *arg, struct err *err);
	void *arg;
	/* Rows that `ended` will get next, all of them; may be NULL. */
	int (*ahead)(const struct job_list *jobs, void *arg, struct err *err);
};

/* Begins where the store says the watcher stood: `state` all zero is a
 * cluster never watched. jobs: the rows that were open then, ascending, taken
 * over by the tail. */
struct tail *tail_new(const struct tail_limits *limits,
		      const struct store_cluster *state,
		      struct store_open_job *jobs, size_t n);
void tail_free(struct tail *tail);

/* One pass at the database's time now_s: the open set, the recently ended, a
 * chunk of the sweep. What it moves is kept apart until tail_commit(), so
 * that a pass that failed, here or later, is made again. */
int tail_pass(struct tail *tail, struct slurmdbd_cluster *cluster,
	      int64_t now_s, const struct tail_calls *calls, struct err *err);

/* The state before the pass: what was committed last. */
const struct store_cluster *tail_before(const struct tail *tail);

/* What the last pass moves, to be stored before it is committed: the state,
 * open rows that are new or remembered otherwise, rows that are not open any
 * more. */
const struct store_cluster *tail_state(const struct tail *tail);
const struct store_open_job *tail_put(const struct tail *tail, size_t *n);
const uint64_t *tail_removed(const struct tail *tail, size_t *n);

/* Makes the last pass's moves the tail's own. */
void tail_commit(struct tail *tail);

/* Rows that are open, and how many of them are remembered. */
size_t tail_open(const struct tail *tail, size_t *remembered);

/* Whether the last pass came to the end of a sweep. */
bool tail_has_swept(const struct tail *tail);

/* Whether rows were left for the next pass because of rows_per_pass. */
bool tail_is_behind(const struct tail *tail);

#endif
