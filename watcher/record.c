/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/record.h"

#include "lib/mem.h"
#include "lib/when.h"
#include "watcher/policy.h"
#include "watcher/record_private.h"

#include <string.h>

/* A script that did not come within this time will not. */
#define LATE_SCRIPT_S 600

/* A row that slurmdbd left half written is given up when it did not change for
 * this long. */
#define HALF_S 86400

void record_cache_free(struct record_cache *cache)
{
	seen_free(&cache->rows);
	seen_free(&cache->tasks);
}

int record_begin(struct record *record, struct err *err)
{
	if (record->begun)
		return 0;
	if (store_begin(record->store, record->now_s, err) < 0)
		return -1;
	record->begun = true;
	return 0;
}

int record_correct(struct record *record, int64_t incident_id,
		   enum incident_correction correction, const char *why,
		   struct err *err)
{
	if (store_correct(record->store, incident_id, record->now_s, correction,
			  why, err) < 0)
		return -1;
	record->corrections = mem_grow(
		record->corrections, &record->cap_corrections,
		record->n_corrections + 1, sizeof(*record->corrections));
	record->corrections[record->n_corrections++] =
		(struct record_correction){incident_id, correction,
					   mem_strdup(why)};
	return 0;
}

/* Takes the tasks that have rows of their own out of an array's pending
 * rest. */
static int complete_rest(struct record *record, struct job *job,
			 struct err *err)
{
	int64_t *tasks;
	size_t n;

	if (!job_is_array_rest(job))
		return 0;
	if (slurmdbd_array_tasks(record->tables, job->id_array_job,
				 job->time_submit, &tasks, &n, err) < 0)
		return -1;
	job_remove_tasks(job, tasks, n);
	free(tasks);
	return 0;
}

/* Whether the row says something else than when it was last looked at. Its
 * mod_time alone is nothing. */
static bool is_changed(const struct job *job, const char *last_row)
{
	autofree char *now = NULL;
	autofree char *then = NULL;
	struct job last;

	job_from_json(last_row, &last);
	last.mod_time = job->mod_time;
	now = job_json(job);
	then = job_json(&last);
	job_finish(&last);
	return strcmp(now, then) != 0;
}

/* A job that ended otherwise than its owner's cancellation would have it was
 * alive after that: slurmctld died before it saved the cancellation
 * (doc/slurm-facts.md). What it was killed with does not count. */
static bool lived_on(const struct job *job)
{
	int64_t state = job->state & JOB_STATE_BASE;

	if (job->state & (JOB_STATE_REQUEUE | JOB_STATE_RESIZING))
		return false;
	return state == JOB_STATE_COMPLETED || state == JOB_STATE_RUNNING ||
	       state == JOB_STATE_TIMEOUT;
}

/* Whether its owner cancelled a job that had lived on. While it runs its row
 * may go on saying that it was cancelled, before it started
 * (doc/slurm-facts.md). */
static bool is_cancelled_again(const struct job *job, int64_t ended_s)
{
	return (job->state & JOB_STATE_BASE) == JOB_STATE_CANCELLED &&
	       job->kill_requid == job->id_user && job->time_end > ended_s &&
	       job->time_end >= job->time_start;
}

/* The incident stays as it was recorded; a row that changed since is a further
 * entry on it. */
static int follow(struct record *record, const struct store_known *known,
		  const struct job *job, struct err *err)
{
	autofree char *last =
		store_last_row(record->store, known->incident_id, err);
	autofree char *row = NULL;

	if (!last)
		return -1;
	if (!is_changed(job, last))
		return 0;
	row = job_json(job);
	if (record_begin(record, err) < 0 ||
	    store_entry_add(record->store, known->incident_id, record->now_s,
			    "changed", row, err) < 0)
		return -1;
	record->changes++;
	if (job->state & JOB_STATE_REQUEUE)
		return record_requeued(record, known->incident_id, job,
				       job->time_end, err);
	if (known->alive && is_cancelled_again(job, known->ended))
		return record_correct(record, known->incident_id,
				      CORRECTION_CONFIRMED,
				      "its owner cancelled it again", err);
	if (!known->corrected && known->cancelled && lived_on(job))
		return record_correct(record, known->incident_id,
				      CORRECTION_ALIVE,
				      "the job ran on after it was recorded as "
				      "cancelled",
				      err);
	return 0;
}

static int note_not_owner(struct record *record,
			  const struct evidence_protection *protection,
			  const struct judge_facts *facts,
			  const struct verdict *verdict, struct err *err)
{
	const struct job *job = facts->job;
	const struct store_not_owner seen = {
		.cluster = slurmdbd_cluster_name(record->tables),
		.id_job = job->id_job,
		.submitted = job->time_submit,
		.ended = job->time_end,
		.partition = protection->partition,
		.uid = verdict->uid,
		.tasks = verdict->tasks,
		.why = verdict->why,
	};

	if (record_begin(record, err) < 0)
		return -1;
	return store_not_owner_add(record->store, &seen, err);
}

int record_hear(struct record *record, struct judge_facts *facts,
		struct verdict *verdict,
		void (*again)(const struct judge_facts *facts,
			      struct verdict *verdict),
		struct err *err)
{
	int64_t age_s = when_between(facts->job->mod_time, record->now_s);

	if (!record->hearing || verdict->outcome != JUDGE_INCIDENT ||
	    verdict->confidence == CONFIDENCE_CONFIRMED)
		return 0;
	if (hearing_of(record->hearing, slurmdbd_cluster_name(record->tables),
		       facts->job, verdict->kind, &facts->witness, err) < 0)
		return -1;
	facts->witness.may_speak =
		!record->is_history && age_s >= 0 && age_s < HEARING_SETTLES_S;
	again(facts, verdict);
	return 0;
}

/* Judges a row of which nothing is recorded yet. */
static int judge_and_record(struct record *record,
			    const struct evidence_protection *protection,
			    const struct job *job, const struct memory *memory,
			    enum tail_look found, bool *again, struct err *err)
{
	const char *cluster = slurmdbd_cluster_name(record->tables);
	struct judge_facts facts = {
		.job = job,
		.memory = memory,
		.protection = protection->how,
		.can_ask = !record->is_history &&
			   word_can_ask(record->word, cluster),
		.now_s = record->now_s,
	};
	struct verdict verdict;

	if (evidence_gather(record->tables, &facts, err) < 0)
		return -1;
	judge(&facts, &verdict);
	if (verdict.outcome == JUDGE_ASK) {
		facts.slurmctld = word_ask(record->word, cluster, job->id_job);
		judge(&facts, &verdict);
	}
	if (record_hear(record, &facts, &verdict, judge, err) < 0)
		return -1;
	switch (verdict.outcome) {
	case JUDGE_NOTHING:
		return 0;
	case JUDGE_WAIT:
	case JUDGE_ASK:
		*again = !record->is_history;
		return 0;
	case JUDGE_NOT_OWNER:
		return note_not_owner(record, protection, &facts, &verdict,
				      err);
	case JUDGE_INCIDENT:
		break;
	}
	return record_add(record, protection, &facts, &verdict, found, "",
			  err) < 0
		       ? -1
		       : 0;
}

/* slurmdbd learns of a script after the rest of the row, and of its text last
 * (doc/slurm-facts.md): until it has it, the row is looked at again. */
static int keep_late_script(struct record *record, const struct job *job,
			    bool *again, struct err *err)
{
	const char *cluster = slurmdbd_cluster_name(record->tables);
	struct store_known known;
	const char *sha256;
	int rc;

	if (!job->script_hash_inx ||
	    when_between(job->mod_time, record->now_s) > LATE_SCRIPT_S)
		return 0;
	rc = store_incident_of(record->store, cluster, job->id_job,
			       job->time_submit, &known, err);
	if (rc <= 0 || known.has_script)
		return rc < 0 ? -1 : 0;
	if (record_begin(record, err) < 0 ||
	    describe_script(&record->names, record->tables, record->store, job,
			    &sha256, err) < 0)
		return -1;
	*again |= !sha256[0];
	if (!sha256[0])
		return 0;
	return store_incident_script(record->store, known.incident_id, sha256,
				     err);
}

/* Follows what is recorded of the job's end, or judges it. */
static int record_end(struct record *record,
		      const struct evidence_protection *protection,
		      struct job *job, const struct memory *memory,
		      enum tail_look found, bool *again, struct err *err)
{
	const char *cluster = slurmdbd_cluster_name(record->tables);
	struct store_known known;
	int64_t uid = -1;
	int rc = store_incident_of(record->store, cluster, job->id_job,
				   job->time_submit, &known, err);

	if (rc < 0 || complete_rest(record, job, err) < 0)
		return -1;
	if (rc > 0)
		return follow(record, &known, job, err);
	rc = store_not_owner_known(record->store, cluster, job->id_job,
				   job->time_submit, &uid, err);
	/* One that lived on after it was cancelled by another may still be
	 * cancelled by its owner. */
	if (rc < 0 || (rc > 0 && (uid < 0 || !is_cancelled_again(job, 0))))
		return rc < 0 ? -1 : 0;
	return judge_and_record(record, protection, job, memory, found, again,
				err);
}

/* Whether the row can be judged: 1, 0 not yet (*again) or never, -1. */
static int settle(struct record *record, struct job *job, bool *again,
		  struct err *err)
{
	int64_t age_s = when_between(job->mod_time, record->now_s);

	if (job_is_settled(job, record->now_s))
		return 1;
	if (job->time_end > 0 && !job->partition[0] &&
	    age_s >= RECORD_SETTLES_S) {
		int rc = evidence_complete(record->tables, job, err);

		if (rc != 0)
			return rc;
	}
	*again = !record->is_history && age_s < HALF_S;
	return 0;
}

/* What is remembered of a row that is looked at again. */
static char *memory_of(const struct memory *memory, const struct job *job)
{
	automemory struct memory fresh = {0};

	if (memory)
		return memory_json(memory);
	memory_init(&fresh);
	job_finish(&fresh.row);
	job_copy(job, &fresh.row);
	memory_see_end(&fresh, job);
	return memory_json(&fresh);
}

/* The row as far as it is protected. */
static int record_protected(struct record *record,
			    const struct evidence_protection *protection,
			    struct job *job, struct memory *memory,
			    enum tail_look found, bool *again, struct err *err)
{
	bool missing = false;

	if (memory &&
	    record_missing(record, protection, job, memory, &missing, err) < 0)
		return -1;
	if (record_end(record, protection, job, memory, found, again, err) < 0)
		return -1;
	*again |= missing;
	if (record->is_history)
		return 0;
	return keep_late_script(record, job, again, err);
}

static int record_settled(struct record *record, struct job *job,
			  enum tail_look found, struct memory *memory,
			  bool *again, struct err *err)
{
	__attribute__((
		cleanup(evidence_protection_finish))) struct evidence_protection
		protection = {0};

	if (evidence_protection(record->conf, record->tables, job, memory,
				!record->is_history, &protection, err) < 0)
		return -1;
	if (!protection.section)
		return 0;
	return record_protected(record, &protection, job, memory, found, again,
				err);
}

/* A row that was overwritten before it could be judged is judged as it first
 * was, and then followed. */
static int record_both(struct record *record, struct job *job,
		       enum tail_look found, struct memory *memory, bool *again,
		       struct err *err)
{
	struct job first;
	int rc = 0;

	if (memory && memory->end.job_db_inx &&
	    (memory->end.state != job->state ||
	     memory->end.time_end != job->time_end)) {
		job_copy(&memory->end, &first);
		rc = record_settled(record, &first, found, memory, again, err);
		job_finish(&first);
	}
	if (rc < 0 || *again)
		return rc;
	return record_settled(record, job, found, memory, again, err);
}

int record_ended(struct record *record, struct job *job, enum tail_look found,
		 const char *memory, char **again, struct err *err)
{
	automemory struct memory known = {0};
	uint64_t hash = job_hash(job);
	bool later = false;
	int rc;

	if (record->cache && seen_has(&record->cache->rows, hash))
		return 0;
	if (memory) {
		memory_from_json(memory, &known);
		memory_see_end(&known, job);
	}
	rc = settle(record, job, &later, err);
	if (rc > 0)
		rc = record_both(record, job, found, memory ? &known : NULL,
				 &later, err);
	if (rc < 0)
		return -1;
	if (later)
		*again = memory_of(memory ? &known : NULL, job);
	else if (record->cache)
		seen_note(&record->cache->rows, hash);
	return 0;
}

void record_finish(struct record *record)
{
	size_t i;

	for (i = 0; i < record->n; i++)
		incident_finish(&record->incidents[i]);
	for (i = 0; i < record->n_corrections; i++)
		free(record->corrections[i].why);
	free(record->corrections);
	record->corrections = NULL;
	record->n_corrections = 0;
	record->cap_corrections = 0;
	free(record->incidents);
	describe_cache_finish(&record->names);
	record->incidents = NULL;
	record->n = 0;
	record->cap = 0;
	record->begun = false;
	record->changes = 0;
}
