/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/revise.h"

#include "lib/mem.h"

#include <string.h>

/* How long after its end a job is asked after, and how often. */
#define RECENT_S 900
#define EVERY_S 30

/* How long nodes may take to tell a slurmctld that started what they run. */
#define NODES_S 60

/* Lines of slurmctld's log come late by minutes at most. */
#define DOUBTFUL_S 3600

/* The most that are asked for at once. */
#define JOBS_MAX 100

/* Base states below this are alive (slurm.h, enum job_states: JOB_COMPLETE). */
#define STATE_ENDED 3

/* A slurmctld that started takes a job for running until its node says that it
 * is not. */
static bool is_alive(const struct store_gone *gone,
		     const struct slurmctld_job *job, int64_t now_s)
{
	int64_t state = job->state & JOB_STATE_BASE;

	return job->known && job->submitted == gone->submitted &&
	       (state == JOB_STATE_PENDING ||
		(state < STATE_ENDED && now_s - job->booted > NODES_S));
}

/* An incident that is doubtful, by what the witness is asked with. */
struct doubt {
	int64_t incident_id;
	enum incident_kind kind;
	struct job job;
};

struct doubts {
	struct doubt *doubts;
	size_t n;
	size_t cap;
};

static enum incident_kind kind_of(const char *word)
{
	int kind;

	for (kind = 0; kind < KIND_N; kind++)
		if (strcmp(incident_kinds[kind], word) == 0)
			break;
	return (enum incident_kind)kind;
}

static int take_doubt(const struct incident *incident, void *arg)
{
	struct doubts *doubts = arg;
	struct doubt *doubt;

	doubts->doubts = mem_grow(doubts->doubts, &doubts->cap, doubts->n + 1,
				  sizeof(*doubts->doubts));
	doubt = &doubts->doubts[doubts->n++];
	doubt->incident_id = incident->incident_id;
	doubt->kind = kind_of(incident->kind);
	job_from_json(incident->job, &doubt->job);
	return doubts->n >= JOBS_MAX;
}

static int revise_doubt(struct record *record, const struct doubt *doubt,
			struct err *err)
{
	const char *cluster = slurmdbd_cluster_name(record->tables);
	struct judge_witness witness;
	autofree char *why = NULL;
	bool owner;

	if (hearing_of(record->hearing, cluster, &doubt->job, doubt->kind,
		       &witness, err) < 0)
		return -1;
	if (!witness.heard)
		return 0;
	owner = witness.uid == doubt->job.id_user;
	why = mem_printf("slurmctld's log names %s (uid %lld)",
			 owner ? "the owner" : "another",
			 (long long)witness.uid);
	if (record_begin(record, err) < 0)
		return -1;
	return record_correct(record, doubt->incident_id,
			      owner ? CORRECTION_CONFIRMED : CORRECTION_CLEARED,
			      why, err);
}

int revise_doubtful(struct record *record, int64_t *next_s, struct err *err)
{
	const char *cluster = slurmdbd_cluster_name(record->tables);
	struct doubts doubts = {0};
	size_t i;
	int rc;

	if (!record->hearing ||
	    (record->now_s < *next_s && *next_s - record->now_s <= EVERY_S))
		return 0;
	*next_s = record->now_s + EVERY_S / 3;
	rc = store_doubtful(record->store, cluster, record->now_s - DOUBTFUL_S,
			    take_doubt, &doubts, err);
	for (i = 0; rc == 0 && i < doubts.n; i++)
		rc = revise_doubt(record, &doubts.doubts[i], err);
	for (i = 0; i < doubts.n; i++)
		job_finish(&doubts.doubts[i].job);
	free(doubts.doubts);
	return rc < 0 ? -1 : 0;
}

int revise_alive(struct record *record, int64_t *next_s, struct err *err)
{
	const char *cluster = slurmdbd_cluster_name(record->tables);
	struct store_gone gone[JOBS_MAX];
	bool unanswered = false;
	size_t i, n;

	if (!word_can_ask(record->word, cluster) ||
	    (record->now_s < *next_s && *next_s - record->now_s <= EVERY_S))
		return 0;
	if (store_gone(record->store, cluster, record->now_s - RECENT_S, gone,
		       LENGTH(gone), &n, err) < 0)
		return -1;
	for (i = 0; i < n; i++) {
		const struct slurmctld_job *job =
			word_ask(record->word, cluster, gone[i].id_job);

		unanswered |= !job;
		if (!job || !is_alive(&gone[i], job, record->now_s))
			continue;
		if (record_begin(record, err) < 0 ||
		    record_correct(
			    record, gone[i].incident_id, CORRECTION_ALIVE,
			    "slurmctld has the job, and it has not ended",
			    err) < 0)
			return -1;
	}
	if (!unanswered)
		*next_s = record->now_s + EVERY_S;
	return 0;
}
