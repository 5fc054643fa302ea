/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What open rows tell: jobs that are back, tasks that were withdrawn, jobs that
 * are held up. */
#include "lib/log.h"
#include "lib/mem.h"
#include "schema/store_restoration.h"
#include "watcher/follow.h"
#include "watcher/place.h"
#include "watcher/policy.h"
#include "watcher/record_private.h"

#include <inttypes.h>
#include <string.h>

/* The tasks of an array are asked for not more often than this many of its rows
 * a second, and at least each minute. */
#define ROWS_PER_S 1000
#define SPACING_MAX_S 60

static void forget_started(const struct record *record, const struct job *job,
			   struct tasks *tasks)
{
	int64_t task;

	if (!record->cache)
		return;
	for (task = 0; task < tasks->top; task++)
		if (tasks_has(tasks, task) &&
		    seen_has(&record->cache->tasks,
			     seen_task(job->id_array_job, task)))
			tasks_remove(tasks, task);
}

/* Begins another generation of missing tasks at since_s. */
static void next_generation(struct memory *memory, int64_t since_s)
{
	tasks_free(&memory->missing);
	memory->missing = memory->newly_missing;
	memory->newly_missing = (struct tasks){0};
	memory->missing_s = tasks_count(&memory->missing) ? since_s : 0;
}

/* Takes out the tasks that have rows; *n_rows: how many the array has. */
static int subtract_rows(struct record *record, const struct job *job,
			 struct tasks *missing, size_t *n_rows, struct err *err)
{
	int64_t *started;
	size_t i;

	if (slurmdbd_array_tasks(record->tables, job->id_array_job,
				 job->time_submit, &started, n_rows, err) < 0)
		return -1;
	for (i = 0; i < *n_rows; i++)
		tasks_remove(missing, started[i]);
	free(started);
	return 0;
}

/* Records the tasks that never got a row. */
static int add_withdrawn(struct record *record,
			 const struct evidence_protection *protection,
			 const struct memory *memory, const struct job *job,
			 struct err *err)
{
	struct judge_facts facts = {
		.memory = memory,
		.protection = protection->how,
		.now_s = record->now_s,
	};
	struct verdict verdict;
	autojobs struct job_list rows = {0};
	struct job rest;
	autofree char *part = NULL;
	int64_t n;
	int rc;

	/* All of its columns, as an open row has only the watched ones. */
	if (slurmdbd_jobs(record->tables, &job->job_db_inx, 1, job_list_take,
			  &rows, err) < 0)
		return -1;
	job_copy(rows.n ? &rows.jobs[0] : job, &rest);
	part = tasks_text(&memory->missing, &n);
	free(rest.array_task_str);
	rest.array_task_str = mem_strdup(part);
	rest.id_array_task = JOB_NO_VAL;
	rest.time_end = memory->missing_s;
	rest.mod_time = memory->missing_s;
	rest.time_start = 0;
	facts.job = &rest;
	judge_withdrawn(&facts, &verdict);
	rc = record_hear(record, &facts, &verdict, judge_withdrawn, err);
	if (rc == 0 && verdict.outcome == JUDGE_INCIDENT)
		rc = record_add(record, protection, &facts, &verdict, TAIL_OPEN,
				part, err);
	job_finish(&rest);
	return rc < 0 ? -1 : 0;
}

int record_missing(struct record *record,
		   const struct evidence_protection *protection,
		   const struct job *job, struct memory *memory, bool *again,
		   struct err *err)
{
	int64_t age_s;
	size_t n_rows = 0;

	forget_started(record, job, &memory->missing);
	forget_started(record, job, &memory->newly_missing);
	if (!tasks_count(&memory->missing))
		next_generation(memory, record->now_s);
	if (!memory->missing_s)
		return 0;
	*again = true;
	age_s = record->now_s - memory->missing_s;
	if (age_s >= 0 &&
	    age_s < (record->hearing ? HEARING_SETTLES_S : RECORD_SETTLES_S))
		return 0;
	if (subtract_rows(record, job, &memory->missing, &n_rows, err) < 0)
		return -1;
	if (tasks_count(&memory->missing) &&
	    add_withdrawn(record, protection, memory, job, err) < 0)
		return -1;
	age_s = (int64_t)n_rows / ROWS_PER_S;
	if (age_s > SPACING_MAX_S)
		age_s = SPACING_MAX_S;
	next_generation(memory, record->now_s + age_s);
	*again = memory->missing_s != 0;
	return 0;
}

/* A row that was not known, or is known anew: is it the job of an incident,
 * alive after all, or requeued? */
static int look_back(struct record *record, const struct job *job,
		     struct err *err)
{
	const char *cluster = slurmdbd_cluster_name(record->tables);
	struct store_earlier earlier = {0};
	struct store_known known;
	autofree char *id = NULL;
	int rc = store_incident_of(record->store, cluster, job->id_job,
				   job->time_submit, &known, err);

	if (rc > 0 && known.cancelled && !known.corrected) {
		if (record_begin(record, err) < 0)
			return -1;
		return record_correct(record, known.incident_id,
				      CORRECTION_ALIVE,
				      "its row is open again: the job did not "
				      "end",
				      err);
	}
	if (rc == 0)
		rc = store_incident_before(record->store, cluster, job->id_job,
					   job->time_submit, &earlier, err);
	else if (rc > 0)
		return 0;
	if (rc < 0)
		return -1;
	if (rc == 0 || earlier.uid != job->id_user)
		return follow_resubmitted(record, job, err);
	if (earlier.restored_at)
		return 0;
	id = job_id_text(job);
	if (record_begin(record, err) < 0)
		return -1;
	return store_restored(
		       record->store, earlier.incident_id, job->time_submit,
		       &(struct store_return){RECORD_REQUEUED, id, job->id_job,
					      job->time_submit},
		       err) < 0
		       ? -1
		       : 0;
}

/* Held after a requeue, or suspended: only where a section asks for it. */
static int look_for_stall(struct record *record,
			  const struct evidence_protection *protection,
			  const struct job *job, const struct memory *memory,
			  struct err *err)
{
	struct judge_facts facts = {
		.job = job,
		.memory = memory,
		.protection = protection->how,
		.now_s = record->now_s,
	};
	autojobs struct job_list rows = {0};
	struct verdict verdict;

	if (!policy_wants(protection->section, incident_kinds[KIND_STALLED]) ||
	    evidence_gather(record->tables, &facts, err) < 0)
		return 0;
	judge(&facts, &verdict);
	if (verdict.outcome != JUDGE_INCIDENT)
		return 0;
	/* All of its columns. */
	if (slurmdbd_jobs(record->tables, &job->job_db_inx, 1, job_list_take,
			  &rows, err) < 0)
		return -1;
	if (!rows.n)
		return 0;
	facts.job = &rows.jobs[0];
	rows.jobs[0].time_end = record->now_s;
	return record_add(record, protection, &facts, &verdict, TAIL_OPEN,
			  "stalled", err) < 0
		       ? -1
		       : 0;
}

static int look_at_protected(struct record *record,
			     const struct evidence_protection *protection,
			     const struct job *job, struct memory *memory,
			     bool is_new, bool *again, struct err *err)
{
	if (is_new && look_back(record, job, err) < 0)
		return -1;
	if (record_missing(record, protection, job, memory, again, err) < 0)
		return -1;
	return look_for_stall(record, protection, job, memory, err);
}

int record_open(struct record *record, const struct job *job,
		const char *before, char **memory, bool *again, struct err *err)
{
	struct evidence_protection protection = {.how = PROTECTED_NOW};
	automemory struct memory known = {0};
	bool is_new = !before;

	if (place_protection(record->conf, record->tables, job,
			     &protection.section, err) < 0)
		return -1;
	if (record->cache && job->id_array_job > 0 && !job_is_array_rest(job))
		seen_note(&record->cache->tasks,
			  seen_task(job->id_array_job, job->id_array_task));
	if (before)
		memory_from_json(before, &known);
	else
		memory_init(&known);
	is_new |= memory_is_half(&known);
	/* What once mattered is remembered to its end; what is half written
	 * until it tells whether it matters. */
	if (!protection.section && job->partition[0] && is_new)
		return 0;
	memory_see(&known, job, protection.section != NULL);
	protection.partition = job->partition;
	if (protection.section &&
	    look_at_protected(record, &protection, job, &known, is_new, again,
			      err) < 0)
		return -1;
	*memory = memory_json(&known);
	return 0;
}

int record_lost(struct record *record, const char *memory, struct err *err)
{
	const char *cluster = slurmdbd_cluster_name(record->tables);
	automemory struct memory known = {0};
	autofree char *reason = NULL;
	autofree char *row = NULL;
	autofree char *id = NULL;

	memory_from_json(memory, &known);
	id = job_id_text(&known.row);
	row = job_watched_json(&known.row);
	reason = mem_printf("job %s of uid %" PRId64 " on %s was deleted from "
			    "the table while it was open",
			    id, known.row.id_user, known.row.partition);
	log_warn("cluster %s: %s", cluster, reason);
	if (record_begin(record, err) < 0)
		return -1;
	return store_lost(record->store, cluster, record->now_s, reason, row,
			  err);
}
