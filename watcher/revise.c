/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/revise.h"

#include "lib/log.h"
#include "lib/mem.h"

/* How long after its end a job is asked after, and how often. */
#define RECENT_S 900
#define EVERY_S 30

/* The most that are asked for at once. */
#define JOBS_MAX 100

/* Base states below this are alive (slurm.h, enum job_states: JOB_COMPLETE). */
#define STATE_ENDED 3

static bool is_alive(const struct store_gone *gone,
		     const struct slurmctld_job *job)
{
	return job->known && job->submitted == gone->submitted &&
	       (job->state & JOB_STATE_BASE) < STATE_ENDED;
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
		if (!job || !is_alive(&gone[i], job))
			continue;
		if (record_begin(record, err) < 0 ||
		    store_correct(record->store, gone[i].incident_id,
				  record->now_s, CORRECTION_ALIVE,
				  "slurmctld has the job, and it has not ended",
				  err) < 0)
			return -1;
		log_info("cluster %s: incident %lld: the job is alive after "
			 "all",
			 cluster, (long long)gone[i].incident_id);
	}
	if (!unanswered)
		*next_s = record->now_s + EVERY_S;
	return 0;
}
