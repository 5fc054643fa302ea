/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/tail.h"

#include "lib/mem.h"
#include "watcher/memory.h"
#include "watcher/openset.h"

#include <string.h>

/* Rows read before they are judged: bounds memory, and the time a statement
 * runs on the server. */
#define CHUNK_ROWS 2000

/* Rows that left the open set, read at once; looked up one by one if some are
 * missing. */
#define GONE_ROWS 512

/* Ended rows that the sweep passes over in one pass. */
#define SWEEP_ROWS 10000

/* After every time_end that can be. */
#define END_OF_TIME INT64_MAX

const char *const tail_looks[] = {
	[TAIL_OPEN] = "open",
	[TAIL_RECENT] = "recent",
	[TAIL_SWEEP] = "sweep",
	[TAIL_BACKFILL] = "backfill",
};

struct tail {
	struct tail_limits limits;
	struct store_cluster state;
	struct openset known; /* open, or not settled, at the last pass */

	/* What the pass under way moves. */
	struct store_cluster next;
	struct openset put; /* new ones, and changed memories */
	struct ids removed;
	struct ids carried; /* known under another number until now */
	bool heard;         /* anything new */
	bool behind;
	bool swept;
};

/* What the looks of one pass share. */
struct look {
	struct tail *tail;
	struct slurmdbd_cluster *cluster;
	int64_t now_s;
	const struct tail_calls *calls;
};

struct tail *tail_new(const struct tail_limits *limits,
		      const struct store_cluster *state,
		      struct store_open_job *jobs, size_t n)
{
	struct tail *tail = mem_alloc(1, sizeof(*tail));

	tail->limits = *limits;
	tail->state = *state;
	tail->known = (struct openset){.jobs = jobs, .n = n, .cap = n};
	return tail;
}

static void forget_pass(struct tail *tail)
{
	openset_free(&tail->put);
	ids_free(&tail->removed);
	ids_free(&tail->carried);
	tail->heard = false;
	tail->behind = false;
	tail->swept = false;
}

void tail_free(struct tail *tail)
{
	if (!tail)
		return;
	forget_pass(tail);
	openset_free(&tail->known);
	free(tail);
}

/* Asks what to remember of a row that is open, and remembers it unless that
 * would change nothing. */
static int remember(const struct look *look, const struct job *job,
		    const struct store_open_job *old, struct err *err)
{
	struct tail *tail = look->tail;
	uint64_t hash = job_hash(job);
	char *memory = NULL;
	bool again = false;

	if (old && old->hash == hash)
		return 0;
	if (look->calls->open(job, old ? old->job : NULL, &memory, &again,
			      look->calls->arg, err) < 0)
		return -1;
	if (again)
		hash = 0;
	if (memory && old && old->job && strcmp(memory, old->job) == 0) {
		/* Not moved by this pass, only known anew: the cost of losing
		 * it with the pass is another look. */
		openset_find(&tail->known, job->job_db_inx)->hash = hash;
		free(memory);
		return 0;
	}
	openset_add(&tail->put, job->job_db_inx, memory, hash);
	return 0;
}

/* Whether it was taken up under a new number already. */
static bool is_carried(const struct tail *tail, uint64_t id)
{
	size_t i;

	for (i = 0; i < tail->carried.n; i++)
		if (tail->carried.ids[i] == id)
			return true;
	return false;
}

/* Reads the open rows of these ids. */
static int look_at_watched(const struct look *look, const struct ids *ids,
			   struct err *err)
{
	size_t done, i, n;

	for (done = 0; done < ids->n; done += n) {
		autojobs struct job_list jobs = {0};

		n = ids->n - done < CHUNK_ROWS ? ids->n - done : CHUNK_ROWS;
		if (slurmdbd_watched(look->cluster, ids->ids + done, n,
				     job_list_take, &jobs, err) < 0)
			return -1;
		for (i = 0; i < jobs.n; i++) {
			const struct job *job = &jobs.jobs[i];

			if (!is_carried(look->tail, job->job_db_inx) &&
			    remember(look, job,
				     openset_find(&look->tail->known,
						  job->job_db_inx),
				     err) < 0)
				return -1;
		}
	}
	return 0;
}

/* Gives a row that is not open any more to be judged, and keeps it known if it
 * is to be looked at again. */
static int look_at_end(const struct look *look, struct job *job,
		       enum tail_look found, const char *memory,
		       struct err *err)
{
	struct tail *tail = look->tail;
	char *again = NULL;

	if (look->calls->ended(job, found, memory, &again, look->calls->arg,
			       err) < 0)
		return -1;
	if (!again)
		return 0;
	if (memory && strcmp(memory, again) == 0 &&
	    openset_find(&tail->known, job->job_db_inx)) {
		free(again);
		return 1;
	}
	openset_add(&tail->put, job->job_db_inx, again, 0);
	return 1;
}

/* A row that is gone under its number was purged, or written again under
 * another: then it is open still, or has ended. What was remembered of it is
 * all there is otherwise. */
static int look_for_missing(const struct look *look, uint64_t id,
			    struct err *err)
{
	const struct store_open_job *known =
		openset_find(&look->tail->known, id);
	automemory struct memory memory = {0};
	autojobs struct job_list jobs = {0};
	struct job *job;
	int rc;

	ids_add(&look->tail->removed, id);
	if (!known || !known->job)
		return 0;
	memory_from_json(known->job, &memory);
	if (slurmdbd_job(look->cluster, memory.row.id_job,
			 memory.row.time_submit, job_list_take, &jobs, err) < 0)
		return -1;
	if (!jobs.n)
		return look->calls->lost(known->job, look->calls->arg, err);
	job = &jobs.jobs[0];
	ids_add(&look->tail->carried, job->job_db_inx);
	if (!job->time_end) {
		struct store_open_job old = {job->job_db_inx, known->job, 0};

		return remember(look, job, &old, err);
	}
	rc = look_at_end(look, job, TAIL_OPEN, known->job, err);
	return rc < 0 ? -1 : 0;
}

static bool has_row(const struct job_list *jobs, uint64_t id)
{
	size_t i;

	for (i = 0; i < jobs->n; i++)
		if (jobs->jobs[i].job_db_inx == id)
			return true;
	return false;
}

/* Those of the chunk's rows that are to be looked at again stay known. */
static int look_at_rows(const struct look *look, struct job_list *jobs,
			struct err *err)
{
	size_t i;

	if (look->calls->ahead &&
	    look->calls->ahead(jobs, look->calls->arg, err) < 0)
		return -1;
	for (i = 0; i < jobs->n; i++) {
		struct job *job = &jobs->jobs[i];
		const struct store_open_job *known =
			openset_find(&look->tail->known, job->job_db_inx);
		int rc = look_at_end(look, job, TAIL_OPEN,
				     known ? known->job : NULL, err);

		if (rc < 0)
			return -1;
		if (rc == 0)
			ids_add(&look->tail->removed, job->job_db_inx);
	}
	return 0;
}

/* Reads the rows that left the open set. */
static int look_at_gone(const struct look *look, const struct ids *gone,
			struct err *err)
{
	size_t done, i, n;

	for (done = 0; done < gone->n; done += n) {
		autojobs struct job_list jobs = {0};

		n = gone->n - done < GONE_ROWS ? gone->n - done : GONE_ROWS;
		if (slurmdbd_jobs(look->cluster, gone->ids + done, n,
				  job_list_take, &jobs, err) < 0 ||
		    look_at_rows(look, &jobs, err) < 0)
			return -1;
		for (i = done; jobs.n < n && i < done + n; i++)
			if (!has_row(&jobs, gone->ids[i]) &&
			    look_for_missing(look, gone->ids[i], err) < 0)
				return -1;
	}
	return 0;
}

static int look_at_open(const struct look *look, struct err *err)
{
	struct tail *tail = look->tail;
	autoids struct ids remembered = {0};
	autoids struct ids appeared = {0};
	autoids struct ids gone = {0};
	autofree uint64_t *now = NULL;
	size_t n_now;

	if (slurmdbd_open_ids(look->cluster, &now, &n_now, err) < 0)
		return -1;
	openset_compare(&tail->known, now, n_now, &appeared, &gone,
			&remembered);
	if (look_at_gone(look, &gone, err) < 0 ||
	    look_at_watched(look, &appeared, err) < 0 ||
	    look_at_watched(look, &remembered, err) < 0)
		return -1;
	tail->heard |= appeared.n || tail->removed.n;
	return 0;
}

/* Judges what ended from *at_s on, up to until_s or for about `rows` rows, and
 * moves *at_s to where it stopped. */
static int look_at_ended(const struct look *look, enum tail_look found,
			 int64_t *at_s, int64_t until_s, int64_t rows,
			 struct err *err)
{
	int64_t bound_s;
	size_t i;

	for (; *at_s < until_s && rows > 0; rows -= CHUNK_ROWS) {
		autojobs struct job_list jobs = {0};

		if (slurmdbd_ended_bound(look->cluster, *at_s, until_s,
					 CHUNK_ROWS, &bound_s, err) < 0 ||
		    slurmdbd_ended(look->cluster, *at_s, bound_s, job_list_take,
				   &jobs, err) < 0)
			return -1;
		for (i = 0; i < jobs.n; i++)
			/* What is known is looked at as it leaves the open
			 * set, with what is remembered of it. */
			if (!openset_find(&look->tail->known,
					  jobs.jobs[i].job_db_inx) &&
			    !is_carried(look->tail, jobs.jobs[i].job_db_inx) &&
			    look_at_end(look, &jobs.jobs[i], found, NULL, err) <
				    0)
				return -1;
		*at_s = bound_s;
	}
	return 0;
}

/* What ended since the overlap before the last job's end. It is measured from
 * the greatest time_end, slurmctld's clock, not from the database's: the two
 * may differ. A time_end in the future does not count. */
static int look_at_recent(const struct look *look, struct err *err)
{
	struct tail *tail = look->tail;
	struct store_cluster *next = &tail->next;
	int64_t overlap_s = tail->limits.overlap_s;
	int64_t at_s, since_s;

	if (slurmdbd_last_end(look->cluster, look->now_s, &next->last_end,
			      err) < 0)
		return -1;
	tail->heard |= next->last_end != tail->state.last_end;
	since_s = next->last_end > overlap_s ? next->last_end - overlap_s : 0;
	if (!tail->state.last_pass)
		next->position = since_s;
	at_s = next->position;
	if (look_at_ended(look, TAIL_RECENT, &at_s, END_OF_TIME,
			  tail->limits.rows_per_pass, err) < 0)
		return -1;
	tail->behind = at_s < END_OF_TIME;
	if (tail->behind)
		next->position = at_s;
	else if (since_s > next->position)
		next->position = since_s;
	return 0;
}

/* slurmctld queues what slurmdbd cannot take, so what was silent for longer
 * than the overlap may now deliver what ended long ago: sweep at once, as far
 * back as the silence goes. */
static void notice_silence(const struct look *look)
{
	struct tail *tail = look->tail;
	struct store_cluster *next = &tail->next;
	int64_t silent_s = look->now_s - tail->state.heard;
	int64_t from_s;

	if (!tail->heard && tail->state.last_pass)
		return;
	next->heard = look->now_s;
	if (!tail->state.last_pass || silent_s <= tail->limits.overlap_s)
		return;
	from_s = look->now_s - silent_s - tail->limits.sweep_window_s;
	if (!next->sweep_at || next->sweep_at > from_s)
		next->sweep_at = from_s > 1 ? from_s : 1;
}

/* The long window, in chunks, for what arrived later than the overlap. It
 * ends where the recently ended begin. */
static int look_at_sweep(const struct look *look, struct err *err)
{
	const struct tail_limits *limits = &look->tail->limits;
	struct store_cluster *next = &look->tail->next;
	int64_t from_s = look->now_s - limits->sweep_window_s;

	if (!next->sweep_at && look->now_s >= next->sweep_next)
		next->sweep_at = from_s > 1 ? from_s : 1;
	if (!next->sweep_at)
		return 0;
	if (look_at_ended(look, TAIL_SWEEP, &next->sweep_at, next->position,
			  SWEEP_ROWS, err) < 0)
		return -1;
	if (next->sweep_at >= next->position) {
		next->sweep_at = 0;
		next->sweep_next = look->now_s + limits->sweep_s;
		look->tail->swept = true;
	}
	return 0;
}

int tail_pass(struct tail *tail, struct slurmdbd_cluster *cluster,
	      int64_t now_s, const struct tail_calls *calls, struct err *err)
{
	const struct look look = {tail, cluster, now_s, calls};
	int64_t sweep_next = now_s + tail->limits.sweep_s;

	forget_pass(tail);
	tail->next = tail->state;
	/* The first sweep waits; and a leap of the database's clock must not
	 * put one off. */
	if (!tail->state.last_pass || tail->next.sweep_next > sweep_next)
		tail->next.sweep_next = sweep_next;
	tail->next.last_pass = now_s;
	if (look_at_open(&look, err) < 0 || look_at_recent(&look, err) < 0)
		return -1;
	notice_silence(&look);
	if (look_at_sweep(&look, err) < 0)
		return -1;
	openset_sort(&tail->put);
	ids_sort(&tail->removed);
	return 0;
}

const struct store_cluster *tail_before(const struct tail *tail)
{
	return &tail->state;
}

const struct store_cluster *tail_state(const struct tail *tail)
{
	return &tail->next;
}

const struct store_open_job *tail_put(const struct tail *tail, size_t *n)
{
	*n = tail->put.n;
	return tail->put.jobs;
}

const uint64_t *tail_removed(const struct tail *tail, size_t *n)
{
	*n = tail->removed.n;
	return tail->removed.ids;
}

void tail_commit(struct tail *tail)
{
	tail->state = tail->next;
	if (tail->put.n || tail->removed.n)
		openset_merge(&tail->known, &tail->put, &tail->removed);
}

size_t tail_open(const struct tail *tail, size_t *remembered)
{
	*remembered = openset_remembered(&tail->known);
	return tail->known.n;
}

bool tail_has_swept(const struct tail *tail)
{
	return tail->swept;
}

bool tail_is_behind(const struct tail *tail)
{
	return tail->behind;
}
