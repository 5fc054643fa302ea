/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/record.h"

#include "lib/mem.h"
#include "watcher/judge.h"
#include "watcher/policy.h"

#include <string.h>

/* More rows than this and the oldest memory is given up: 4 MiB. */
#define SEEN_MAX (512U * 1024U)

void record_seen_free(struct record_seen *seen)
{
	free(seen->hashes);
	*seen = (struct record_seen){0};
}

/* Where the hash is, or would be. */
static uint64_t *seen_slot(const struct record_seen *seen, uint64_t hash)
{
	size_t i = hash & (seen->cap - 1);

	while (seen->hashes[i] && seen->hashes[i] != hash)
		i = (i + 1) & (seen->cap - 1);
	return &seen->hashes[i];
}

static bool was_seen(const struct record_seen *seen, uint64_t hash)
{
	return seen && seen->cap && *seen_slot(seen, hash) == hash;
}

static void seen_grow(struct record_seen *seen)
{
	struct record_seen larger = {.cap = seen->cap ? seen->cap * 2 : 1024};
	size_t i;

	if (larger.cap > SEEN_MAX) {
		record_seen_free(seen);
		larger.cap = 1024;
	}
	larger.hashes = mem_alloc(larger.cap, sizeof(*larger.hashes));
	larger.n = seen->n;
	for (i = 0; i < seen->cap; i++)
		if (seen->hashes[i])
			*seen_slot(&larger, seen->hashes[i]) = seen->hashes[i];
	free(seen->hashes);
	*seen = larger;
}

static void note_seen(struct record_seen *seen, uint64_t hash)
{
	if (!seen || !hash)
		return;
	if (2 * (seen->n + 1) > seen->cap)
		seen_grow(seen);
	*seen_slot(seen, hash) = hash;
	seen->n++;
}

int record_begin(struct record *record, struct err *err)
{
	if (record->begun)
		return 0;
	if (store_begin(record->store, err) < 0)
		return -1;
	record->begun = true;
	return 0;
}

/* Keeps the incident until it may be told, without what is only for the store:
 * an array may have a hundred thousand tasks. */
static void keep(struct record *record, struct incident *incident)
{
	free(incident->job);
	incident->job = NULL;
	free(incident->reason);
	incident->reason = NULL;
	record->incidents = mem_grow(record->incidents, &record->cap,
				     record->n + 1, sizeof(*record->incidents));
	record->incidents[record->n++] = *incident;
	*incident = (struct incident){0};
}

/* Takes the tasks that have rows of their own out of an array's pending
 * rest. */
static int complete(struct record *record, struct job *job, struct err *err)
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

static int add(struct record *record, const struct conf_protect *protect,
	       struct job *job, struct verdict *verdict, enum tail_look found,
	       struct err *err)
{
	struct incident incident = {0};
	int rc = -1;

	verdict->tasks = judge_tasks(job);
	if (describe(&record->cache, record->tables, record->store, job,
		     verdict, &incident, err) < 0)
		goto out;
	incident.cluster = mem_strdup(slurmdbd_cluster_name(record->tables));
	incident.exempt = policy_exemption(protect, job, incident.user);
	if (!incident.exempt)
		incident.exempt = mem_strdup("");
	incident.found = mem_strdup(tail_looks[found]);
	incident.late = found == TAIL_SWEEP;
	incident.detected = record->now_s;
	if (record_begin(record, err) < 0)
		goto out;
	rc = store_incident_add(record->store, &incident, err);
	if (rc > 0)
		keep(record, &incident);
out:
	incident_finish(&incident);
	return rc < 0 ? -1 : 0;
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

/* The incident stays as it was recorded; a row that changed since is a further
 * entry on it. */
static int follow(struct record *record, int64_t incident_id,
		  const struct job *job, struct err *err)
{
	autofree char *last = store_last_row(record->store, incident_id, err);
	autofree char *row = NULL;

	if (!last)
		return -1;
	if (!is_changed(job, last))
		return 0;
	row = job_json(job);
	if (record_begin(record, err) < 0 ||
	    store_entry_add(record->store, incident_id, record->now_s,
			    "changed", row, err) < 0)
		return -1;
	record->changes++;
	return 0;
}

/* The incident of any kind that was recorded of the job: 1, 0, -1. */
static int find(struct record *record, const struct job *job,
		int64_t *incident_id, struct err *err)
{
	int kind, rc = 0;

	for (kind = 0; kind < KIND_N && rc == 0; kind++)
		rc = store_incident_known(
			record->store, slurmdbd_cluster_name(record->tables),
			job->id_job, job->time_submit, incident_kinds[kind],
			incident_id, err);
	return rc;
}

/* Follows the incident that the job is, or makes it one. */
static int judge_and_record(struct record *record,
			    const struct conf_protect *protect, struct job *job,
			    enum tail_look found, struct err *err)
{
	struct verdict verdict;
	int64_t incident_id;
	int rc = find(record, job, &incident_id, err);

	if (rc < 0 || complete(record, job, err) < 0)
		return -1;
	if (rc > 0)
		return follow(record, incident_id, job, err);
	if (!judge(job, &verdict))
		return 0;
	return add(record, protect, job, &verdict, found, err);
}

int record_job(struct record *record, struct job *job, enum tail_look found,
	       struct err *err)
{
	const struct conf_protect *protect =
		policy_protection(record->conf, job->partition);
	uint64_t hash;

	if (!protect)
		return 0;
	hash = job_hash(job);
	if (was_seen(record->seen, hash))
		return 0;
	if (judge_and_record(record, protect, job, found, err) < 0)
		return -1;
	note_seen(record->seen, hash);
	return 0;
}

void record_finish(struct record *record)
{
	size_t i;

	for (i = 0; i < record->n; i++)
		incident_finish(&record->incidents[i]);
	free(record->incidents);
	describe_cache_finish(&record->cache);
	record->incidents = NULL;
	record->n = 0;
	record->cap = 0;
	record->begun = false;
	record->changes = 0;
}
