/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/tail.h"

#include "lib/log.h"
#include "lib/mem.h"

#include <inttypes.h>
#include <string.h>

/* Rows read before they are judged: bounds memory, and the time a statement
 * runs on the server. */
#define CHUNK_ROWS 2000

/* Ended rows that the sweep passes over in one pass. */
#define SWEEP_ROWS 10000

/* A row that slurmdbd left half written (20.11 does so for ever, TRUTH M11)
 * is given up when it did not change for this long. */
#define UNSETTLED_S 86400

/* After every time_end that can be. */
#define END_OF_TIME INT64_MAX

const char *const tail_looks[] = {
	[TAIL_OPEN] = "open",
	[TAIL_RECENT] = "recent",
	[TAIL_SWEEP] = "sweep",
};

struct ids {
	uint64_t *ids;
	size_t n;
	size_t cap;
};

struct tail {
	struct tail_limits limits;
	struct store_cluster state;
	struct ids known; /* open, or not settled, at the last pass */

	/* What the pass under way moves. */
	struct store_cluster next;
	struct ids now;      /* known at its end */
	struct ids appeared; /* in now, not in known */
	struct ids left;     /* in known, not in now */
	bool behind;
};

/* Rows of one statement, kept until it is done. */
struct jobs {
	struct job *jobs;
	size_t n;
	size_t cap;
};

static void ids_add(struct ids *ids, uint64_t id)
{
	ids->ids = mem_grow(ids->ids, &ids->cap, ids->n + 1, sizeof(*ids->ids));
	ids->ids[ids->n++] = id;
}

static void ids_free(struct ids *ids)
{
	free(ids->ids);
	*ids = (struct ids){0};
}

/* Ids of `a` that are not in `b`, both ascending. */
static struct ids ids_missing(const struct ids *a, const struct ids *b)
{
	struct ids missing = {0};
	size_t i, j = 0;

	for (i = 0; i < a->n; i++) {
		while (j < b->n && b->ids[j] < a->ids[i])
			j++;
		if (j == b->n || b->ids[j] != a->ids[i])
			ids_add(&missing, a->ids[i]);
	}
	return missing;
}

static void collect(struct job *job, void *arg)
{
	struct jobs *jobs = arg;

	jobs->jobs = mem_grow(jobs->jobs, &jobs->cap, jobs->n + 1,
			      sizeof(*jobs->jobs));
	jobs->jobs[jobs->n++] = *job;
}

static void jobs_free(struct jobs *jobs)
{
	size_t i;

	for (i = 0; i < jobs->n; i++)
		job_finish(&jobs->jobs[i]);
	free(jobs->jobs);
	*jobs = (struct jobs){0};
}

#define autojobs __attribute__((cleanup(jobs_free)))

struct tail *tail_new(const struct tail_limits *limits,
		      const struct store_cluster *state, uint64_t *ids,
		      size_t n)
{
	struct tail *tail = mem_alloc(1, sizeof(*tail));

	tail->limits = *limits;
	tail->state = *state;
	tail->known = (struct ids){.ids = ids, .n = n, .cap = n};
	return tail;
}

static void forget_pass(struct tail *tail)
{
	ids_free(&tail->now);
	ids_free(&tail->appeared);
	ids_free(&tail->left);
	tail->behind = false;
}

void tail_free(struct tail *tail)
{
	if (!tail)
		return;
	forget_pass(tail);
	ids_free(&tail->known);
	free(tail);
}

/* Whether to go on looking at a row that is open no more. */
static bool is_waited_for(const struct job *job, int64_t now_s)
{
	return !job_is_settled(job, now_s) &&
	       now_s - job->mod_time < UNSETTLED_S;
}

/* Reads the rows that left the open set, judges the settled ones and keeps
 * the others. A row that is gone was purged, or got another job_db_inx and
 * stands in the open set under that. */
static int look_at_left(struct tail *tail, struct slurmdbd_cluster *cluster,
			const struct ids *gone, int64_t now_s, tail_job_fn *fn,
			void *arg, struct err *err)
{
	size_t done, i, n;

	for (done = 0; done < gone->n; done += n) {
		autojobs struct jobs jobs = {0};

		n = gone->n - done < CHUNK_ROWS ? gone->n - done : CHUNK_ROWS;
		if (slurmdbd_jobs(cluster, gone->ids + done, n, collect, &jobs,
				  err) < 0)
			return -1;
		for (i = 0; i < jobs.n; i++) {
			if (is_waited_for(&jobs.jobs[i], now_s))
				ids_add(&tail->now, jobs.jobs[i].job_db_inx);
			else if (job_is_settled(&jobs.jobs[i], now_s) &&
				 fn(&jobs.jobs[i], TAIL_OPEN, arg, err) < 0)
				return -1;
		}
	}
	return 0;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Compares the open rows with those of the last pass. Needs no order of ids,
 * no clock and no luck with the order of commits. */
static int look_at_open(struct tail *tail, struct slurmdbd_cluster *cluster,
			int64_t now_s, tail_job_fn *fn, void *arg,
			struct err *err)
{
	struct ids gone;
	int rc;

	if (slurmdbd_open_ids(cluster, &tail->now.ids, &tail->now.n, err) < 0)
		return -1;
	tail->now.cap = tail->now.n;
	gone = ids_missing(&tail->known, &tail->now);
	rc = look_at_left(tail, cluster, &gone, now_s, fn, arg, err);
	ids_free(&gone);
	if (rc < 0)
		return -1;
	if (tail->now.n)
		qsort(tail->now.ids, tail->now.n, sizeof(*tail->now.ids),
		      by_value);
	tail->appeared = ids_missing(&tail->now, &tail->known);
	tail->left = ids_missing(&tail->known, &tail->now);
	return 0;
}

/* Judges what ended from *at_s on, up to until_s or for about `rows` rows, and
 * moves *at_s to where it stopped. */
static int look_at_ended(struct slurmdbd_cluster *cluster, int64_t now_s,
			 int64_t *at_s, int64_t until_s, int64_t rows,
			 enum tail_look look, tail_job_fn *fn, void *arg,
			 struct err *err)
{
	int64_t bound_s;
	size_t i;

	for (; *at_s < until_s && rows > 0; rows -= CHUNK_ROWS) {
		autojobs struct jobs jobs = {0};

		if (slurmdbd_ended_bound(cluster, *at_s, until_s, CHUNK_ROWS,
					 &bound_s, err) < 0 ||
		    slurmdbd_ended(cluster, *at_s, bound_s, collect, &jobs,
				   err) < 0)
			return -1;
		for (i = 0; i < jobs.n; i++)
			if (job_is_settled(&jobs.jobs[i], now_s) &&
			    fn(&jobs.jobs[i], look, arg, err) < 0)
				return -1;
		*at_s = bound_s;
	}
	return 0;
}

/* What ended since the overlap before the last job's end. It is measured from
 * the greatest time_end, slurmctld's clock, not from the database's: the two
 * may differ. A time_end in the future does not count. */
static int look_at_recent(struct tail *tail, struct slurmdbd_cluster *cluster,
			  int64_t now_s, tail_job_fn *fn, void *arg,
			  struct err *err)
{
	int64_t at_s, last_s, since_s;

	if (slurmdbd_last_end(cluster, now_s, &last_s, err) < 0)
		return -1;
	since_s = last_s > tail->limits.overlap_s
			  ? last_s - tail->limits.overlap_s
			  : 0;
	if (!tail->state.last_pass)
		tail->next.position = since_s;
	at_s = tail->next.position;
	if (look_at_ended(cluster, now_s, &at_s, END_OF_TIME,
			  tail->limits.rows_per_pass, TAIL_RECENT, fn, arg,
			  err) < 0)
		return -1;
	tail->behind = at_s < END_OF_TIME;
	if (tail->behind)
		tail->next.position = at_s;
	else if (since_s > tail->next.position)
		tail->next.position = since_s;
	return 0;
}

/* The long window, in chunks, for what arrived later than the overlap. It
 * ends where the recently ended begin. */
static int look_at_sweep(struct tail *tail, struct slurmdbd_cluster *cluster,
			 int64_t now_s, tail_job_fn *fn, void *arg,
			 struct err *err)
{
	struct store_cluster *next = &tail->next;

	if (!next->sweep_at && now_s >= next->sweep_next)
		next->sweep_at = now_s - tail->limits.sweep_window_s;
	if (!next->sweep_at)
		return 0;
	if (look_at_ended(cluster, now_s, &next->sweep_at, next->position,
			  SWEEP_ROWS, TAIL_SWEEP, fn, arg, err) < 0)
		return -1;
	if (next->sweep_at >= next->position) {
		next->sweep_at = 0;
		next->sweep_next = now_s + tail->limits.sweep_s;
	}
	return 0;
}

int tail_pass(struct tail *tail, struct slurmdbd_cluster *cluster,
	      int64_t now_s, tail_job_fn *fn, void *arg, struct err *err)
{
	forget_pass(tail);
	tail->next = tail->state;
	/* The first sweep waits; and a leap of the database's clock must not
	 * put one off. */
	if (!tail->next.last_pass ||
	    tail->next.sweep_next > now_s + tail->limits.sweep_s)
		tail->next.sweep_next = now_s + tail->limits.sweep_s;
	tail->next.last_pass = now_s;
	if (look_at_open(tail, cluster, now_s, fn, arg, err) < 0 ||
	    look_at_recent(tail, cluster, now_s, fn, arg, err) < 0 ||
	    look_at_sweep(tail, cluster, now_s, fn, arg, err) < 0)
		return -1;
	return 0;
}

int64_t tail_last_pass(const struct tail *tail)
{
	return tail->state.last_pass;
}

const struct store_cluster *tail_state(const struct tail *tail)
{
	return &tail->next;
}

const uint64_t *tail_appeared(const struct tail *tail, size_t *n)
{
	*n = tail->appeared.n;
	return tail->appeared.ids;
}

const uint64_t *tail_left(const struct tail *tail, size_t *n)
{
	*n = tail->left.n;
	return tail->left.ids;
}

void tail_commit(struct tail *tail)
{
	tail->state = tail->next;
	ids_free(&tail->known);
	tail->known = tail->now;
	tail->now = (struct ids){0};
}

bool tail_is_behind(const struct tail *tail)
{
	return tail->behind;
}
