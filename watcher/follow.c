/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/follow.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "schema/store_restoration.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* How often restored jobs are looked at, and how many at once. */
#define EVERY_S 10
#define JOBS_MAX 200

/* A restored job whose row never came is followed no more. */
#define GIVEN_UP_S 86400

/* What is searched for among lost jobs. */
struct search {
	uint64_t script_hash_inx;
	int64_t incident_id; /* 0: not found */
};

static int compare_script(int64_t incident_id, const char *json, void *arg)
{
	struct search *search = arg;
	struct job lost;

	job_from_json(json, &lost);
	if (lost.script_hash_inx == search->script_hash_inx)
		search->incident_id = incident_id;
	job_finish(&lost);
	return search->incident_id != 0;
}

static int find_alike(struct record *record, const struct job *job,
		      struct search *search, struct err *err)
{
	return store_alike(record->store, slurmdbd_cluster_name(record->tables),
			   job->id_user, job->job_name, job->time_submit,
			   compare_script, search, err);
}

static int any(int64_t incident_id, const char *json, void *arg)
{
	(void)json;
	*(int64_t *)arg = incident_id;
	return 1;
}

int follow_resubmitted(struct record *record, const struct job *job,
		       struct err *err)
{
	autojobs struct job_list rows = {0};
	autofree char *id = job_id_text(job);
	struct search search = {0};
	int64_t candidate = 0;

	/* Most jobs that appear are of nobody who lost one: only for these is
	 * the whole row read. */
	if (store_alike(record->store, slurmdbd_cluster_name(record->tables),
			job->id_user, job->job_name, job->time_submit, any,
			&candidate, err) < 0)
		return -1;
	if (!candidate)
		return 0;
	if (slurmdbd_jobs(record->tables, &job->job_db_inx, 1, job_list_take,
			  &rows, err) < 0)
		return -1;
	if (!rows.n || !rows.jobs[0].script_hash_inx)
		return 0;
	search.script_hash_inx = rows.jobs[0].script_hash_inx;
	if (find_alike(record, job, &search, err) < 0)
		return -1;
	if (!search.incident_id)
		return 0;
	if (record_begin(record, err) < 0)
		return -1;
	return store_restored(
		       record->store, search.incident_id, job->time_submit,
		       &(struct store_return){"submitted again by its owner",
					      id, job->id_job,
					      job->time_submit},
		       err) < 0
		       ? -1
		       : 0;
}

/* The newest incarnation of the restored job; NULL if it has no row yet. */
static const struct job *newest(const struct job_list *rows,
				const struct store_followed *followed)
{
	const struct job *found = NULL;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		const struct job *row = &rows->jobs[i];

		if (row->id_user == followed->uid &&
		    row->time_submit >= followed->submitted &&
		    row->time_submit >= followed->ended)
			found = row;
	}
	return found;
}

static void set_state(struct store_followed *followed, const struct job *row)
{
	bool by_owner = (row->state & JOB_STATE_BASE) == JOB_STATE_CANCELLED &&
			row->kill_requid == row->id_user;
	char *s;

	snprintf(followed->state, sizeof(followed->state), "%s",
		 by_owner ? incident_again : job_state_name(row->state));
	for (s = followed->state; *s; s++)
		*s = (char)tolower((unsigned char)*s);
	followed->submitted = row->time_submit;
	if (row->time_start && !job_was_pending(row))
		followed->started = row->time_start;
	/* A requeue goes on in a row that is still to come. */
	if (!(row->state & (JOB_STATE_REQUEUE | JOB_STATE_RESIZING)))
		followed->done = row->time_end;
}

static int look_at(struct record *record, struct store_followed *followed,
		   struct err *err)
{
	const struct store_followed before = *followed;
	autojobs struct job_list rows = {0};
	const struct job *row;

	if (slurmdbd_incarnations(record->tables, followed->id_job,
				  job_list_take, &rows, err) < 0)
		return -1;
	row = newest(&rows, followed);
	if (row) {
		set_state(followed, row);
	} else if (record->now_s - followed->restored_at > GIVEN_UP_S) {
		snprintf(followed->state, sizeof(followed->state), "unknown");
		followed->done = record->now_s;
	}
	if (followed->done == before.done &&
	    followed->started == before.started &&
	    followed->submitted == before.submitted &&
	    strcmp(followed->state, before.state) == 0)
		return 0;
	if (followed->done && strcmp(followed->state, incident_again) == 0)
		log_info("incident %" PRId64 ": the job is back as %" PRId64
			 ", and its owner cancelled it again",
			 followed->incident_id, followed->id_job);
	if (record_begin(record, err) < 0)
		return -1;
	return store_follow(record->store, followed, record->now_s, err);
}

int follow_restored(struct record *record, int64_t *next_s, struct err *err)
{
	struct store_followed followed[JOBS_MAX];
	size_t i, n;

	if (record->now_s < *next_s && *next_s - record->now_s <= EVERY_S)
		return 0;
	*next_s = record->now_s + EVERY_S;
	if (store_followed(record->store, slurmdbd_cluster_name(record->tables),
			   followed, LENGTH(followed), &n, err) < 0)
		return -1;
	for (i = 0; i < n; i++)
		if (look_at(record, &followed[i], err) < 0)
			return -1;
	return 0;
}
