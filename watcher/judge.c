/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/judge.h"

#include "lib/mem.h"

#include <inttypes.h>
#include <string.h>

/* kill_requid is the uid whose SIGKILL, scancel's default, slurmctld accepted
 * (doc/slurm-facts.md). */
static bool owner_killed(const struct job *job)
{
	return job->kill_requid >= 0 && job->kill_requid == job->id_user;
}

static bool is_cancelled(const struct job *job)
{
	return (job->state & JOB_STATE_BASE) == JOB_STATE_CANCELLED &&
	       owner_killed(job);
}

/* What a row must show, and what that is. */
static const struct rule {
	bool (*matches)(const struct job *job);
	enum incident_kind kind;
	enum incident_confidence confidence;
	const char *evidence; /* what accounting shows, for the sentence */
} rules[] = {
	{is_cancelled, KIND_CANCELLED, CONFIDENCE_CONFIRMED,
	 "accounting shows it CANCELLED, and names the job's owner as the one "
	 "whose request ended it (kill_requid)"},
};

int64_t judge_tasks(const struct job *job)
{
	int64_t n = 1;

	if (job_is_array_rest(job))
		free(job_tasks_text(job->array_task_str, &n));
	return n;
}

bool judge(const struct job *job, struct verdict *verdict)
{
	size_t i;

	for (i = 0; i < LENGTH(rules); i++) {
		if (!rules[i].matches(job))
			continue;
		verdict->kind = rules[i].kind;
		verdict->confidence = rules[i].confidence;
		verdict->phase =
			job_was_pending(job) ? PHASE_PENDING : PHASE_RUNNING;
		verdict->tasks = judge_tasks(job);
		return true;
	}
	return false;
}

static const char *evidence_of(enum incident_kind kind)
{
	size_t i;

	for (i = 0; i < LENGTH(rules); i++)
		if (rules[i].kind == kind)
			return rules[i].evidence;
	return "";
}

char *judge_reason(const struct verdict *verdict, const struct job *job,
		   const char *user)
{
	autofree char *id = job_id_text(job);

	return mem_printf("%s (uid %" PRId64 ") ended job %s while it was %s: "
			  "%s.",
			  user, job->id_user, id,
			  incident_phases[verdict->phase],
			  evidence_of(verdict->kind));
}
