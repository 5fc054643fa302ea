/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random lives of jobs, always the same: their rows from write to write. */
#ifndef TESTS_LIVES_H
#define TESTS_LIVES_H

#include "lib/mem.h"
#include "schema/job.h"
#include "tests/unit.h"

#define STATES 24

/* --- Chance ------------------------------------------------------------- */

static uint64_t chance_state;

static inline uint64_t chance(uint64_t n)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (chance_state >> 11) % n;
}

static inline void set_text(char **slot, const char *text)
{
	free(*slot);
	*slot = mem_strdup(text);
}

/* --- A life ------------------------------------------------------------- */

/* The row of a job as it was from write to write; the last one is its end for
 * good. */
struct lives_job {
	struct job rows[STATES];
	/* Shows what no later row does: whoever misses it may judge
	 * otherwise. */
	bool decisive[STATES];
	int n;
	bool earlier_killed;
	bool has_successor;
};

static inline struct job *last(struct lives_job *life)
{
	return &life->rows[life->n - 1];
}

/* Another write of the row. */
static inline struct job *next(struct lives_job *life)
{
	struct job *row = &life->rows[life->n];

	job_copy(last(life), row);
	row->mod_time += (int64_t)chance(3);
	life->n++;
	return row;
}

static inline void be_born(struct lives_job *life)
{
	static const int64_t limits[] = {JOB_NO_VAL, JOB_INFINITE, 525600, 60};
	struct job *row = &life->rows[0];

	job_init(row);
	life->n = 1;
	row->job_db_inx = 1 + chance(1000);
	row->id_job = 7;
	row->time_submit = 100;
	row->mod_time = 100;
	row->id_user = 1001;
	row->priority = 1;
	row->timelimit = limits[chance(4)];
	set_text(&row->partition, "critical");
	set_text(&row->nodelist, "None assigned");
	if (chance(3) == 0) {
		row->id_array_job = 7;
		set_text(&row->array_task_str, "0x7E");
	}
	if (chance(4) == 0) { /* half written at first */
		life->n++;
		job_copy(row, &life->rows[1]);
		set_text(&row->partition, "");
		row->id_user = 0;
		row->timelimit = 0;
	}
}

static inline bool is_rest(const struct job *row)
{
	return job_is_array_rest(row);
}

/* One of the things that happen to a job that waits. */
static inline void wait_on(struct lives_job *life)
{
	static const char *const rests[] = {"0x7C", "0x78", "0x70", "0x60"};
	struct job *row = next(life);

	switch (chance(4)) {
	case 0:
		set_text(&row->partition, "open");
		break;
	case 1:
		row->timelimit = 1 + (int64_t)chance(90);
		break;
	case 2:
		if (is_rest(row) && strcmp(row->array_task_str, "0x7E") == 0)
			set_text(&row->array_task_str, rests[chance(4)]);
		break;
	default:
		set_text(&row->derived_es, "comment");
	}
}

/* One of the things that happen to a job that runs. */
static inline void run_on(struct lives_job *life)
{
	struct job *row = next(life);

	switch (chance(3)) {
	case 0:
		row->state = row->state == JOB_STATE_RUNNING
				     ? JOB_STATE_SUSPENDED
				     : JOB_STATE_RUNNING;
		break;
	case 1:
		row->timelimit = 1 + (int64_t)chance(90);
		break;
	default:
		set_text(&row->derived_es, "comment");
	}
}

static inline void start(struct lives_job *life)
{
	struct job *row = next(life);

	row->state = JOB_STATE_RUNNING;
	row->time_start = row->mod_time;
	set_text(&row->nodelist, "n1");
	if (is_rest(row)) { /* the last task takes over the row */
		row->id_array_task = 6;
		set_text(&row->array_task_str, "");
	}
}

static inline void stop(struct lives_job *life)
{
	static const int64_t states[] = {JOB_STATE_CANCELLED,
					 JOB_STATE_CANCELLED,
					 JOB_STATE_COMPLETED,
					 JOB_STATE_FAILED,
					 JOB_STATE_TIMEOUT,
					 JOB_STATE_REQUEUE,
					 7};
	static const int64_t requesters[] = {-1, 0, 1001, 1001, 1002};
	static const int64_t exits[] = {0, 9, 15, 256, 139};
	struct job *row;

	if (chance(4) == 0) /* CANCELLED alone, its end a moment later */
		next(life)->state = JOB_STATE_CANCELLED;
	row = next(life);
	if (row->state != JOB_STATE_CANCELLED)
		row->state = states[chance(7)];
	row->kill_requid = requesters[chance(5)];
	row->exit_code = exits[chance(5)];
	row->time_end = row->mod_time;
}

/* What slurmctld's restart, or a requeue, does to a row that has ended. */
static inline void go_on(struct lives_job *life)
{
	if (chance(3) == 0)
		next(life)->kill_requid = -1;
	if (last(life)->state == JOB_STATE_CANCELLED && chance(3) == 0) {
		struct job *row = next(life);

		row->state = JOB_STATE_REQUEUE;
		row->time_end += 5;
		life->has_successor = true;
	}
}

static inline bool is_alive(const struct job *row)
{
	return !row->time_end && row->state != JOB_STATE_CANCELLED;
}

/* What a limit promises; none set, or the scheduler's, nothing. */
static inline int64_t promise(const struct job *row)
{
	return row->timelimit == JOB_NO_VAL || row->timelimit == 525600
		       ? 0
		       : row->timelimit;
}

/* Finds the rows without which one may judge otherwise. */
static inline void mark(struct lives_job *life)
{
	int place = -1, limit = 0, alive = 0, end = -1, requester = -1;
	int i;

	for (i = 0; i < life->n; i++) {
		const struct job *row = &life->rows[i];

		if (!row->time_end && strcmp(row->partition, "critical") == 0)
			place = i;
		if (!row->time_end &&
		    promise(row) > promise(&life->rows[limit]))
			limit = i;
		if (is_alive(row))
			alive = i;
		if (requester < 0 && row->kill_requid >= 0)
			requester = i;
		if (end < 0 && row->time_end && row->kill_requid >= 0 &&
		    row->state == JOB_STATE_CANCELLED)
			end = i;
	}
	life->decisive[limit] = life->decisive[alive] = true;
	life->decisive[life->n - 1] = true;
	if (place >= 0)
		life->decisive[place] = true;
	if (end >= 0)
		life->decisive[end] = true;
	if (requester >= 0)
		life->decisive[requester] = true;
	/* Of an array, what was pending first. */
	for (i = 0; i < life->n; i++)
		if (life->rows[i].partition[0]) {
			life->decisive[i] |= is_rest(&life->rows[i]);
			break;
		}
}

static inline void live(struct lives_job *life, uint64_t seed)
{
	uint64_t n;

	chance_state = seed * 0x9e3779b97f4a7c15U + 1;
	*life = (struct lives_job){0};
	be_born(life);
	for (n = chance(4); n > 0; n--)
		wait_on(life);
	if (chance(3) > 0) {
		start(life);
		for (n = chance(4); n > 0; n--)
			run_on(life);
	}
	stop(life);
	go_on(life);
	life->earlier_killed = chance(4) == 0;
	mark(life);
}

static inline void bury(struct lives_job *life)
{
	int i;

	for (i = 0; i < life->n; i++)
		job_finish(&life->rows[i]);
}

#endif
