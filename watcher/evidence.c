/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/evidence.h"

#include "lib/mem.h"
#include "lib/when.h"
#include "schema/submit.h"
#include "watcher/openset.h"
#include "watcher/place.h"

#include <string.h>

/* slurmctld forgets an ended job after MinJobAge, and with it the uid that a
 * later incarnation could carry along: no site keeps jobs for a week. */
#define CARRIED_S (7 * 86400)

/* Clocks may differ by this much between the end of one incarnation and the
 * submission of the next. */
#define SKEW_S 2

void evidence_protection_finish(struct evidence_protection *protection)
{
	free(protection->asked);
	*protection = (struct evidence_protection){0};
}

/* The row as if it were where it was seen before. Borrows the texts. */
static struct job as_remembered(const struct job *job,
				const struct memory *memory)
{
	struct job then = *job;

	then.partition = memory->partition;
	then.account = memory->account;
	then.id_qos = memory->id_qos;
	then.id_resv = memory->id_resv;
	return then;
}

/* Whether `name` is one of a comma list of several: then the scheduler chose
 * it, as soon as the job ran. */
static bool is_choice(const char *list, const char *name)
{
	const char *at = list;
	size_t len = strlen(name);

	if (!strchr(list, ','))
		return false;
	while (at) {
		at += *at == ',';
		if (strncmp(at, name, len) == 0 && (at[len] == ',' || !at[len]))
			return true;
		at = strchr(at, ',');
	}
	return false;
}

static bool was_moved(const struct job *job, const char *from)
{
	return strcmp(from, job->partition) != 0 &&
	       (job_was_pending(job) || !is_choice(from, job->partition));
}

/* The components of a het job share one submit line and one script, and which
 * options are whose is not told. */
static bool is_het(const struct job *job)
{
	return job->het_job_id > 0 || strstr(job->submit_line, " : ");
}

static bool is_het_script(const struct text *script)
{
	return memmem(script->s, script->len, "\n#SBATCH hetjob", 15) ||
	       memmem(script->s, script->len, "\n#SBATCH packjob", 16);
}

/* The partition that was asked for, freed by the caller; NULL: not known. The
 * command line overrides the script. */
static int asked_partition(struct slurmdbd_cluster *cluster,
			   const struct job *job, bool with_scripts,
			   char **partition, struct err *err)
{
	autotext struct text script = {0};

	*partition = NULL;
	if (is_het(job))
		return 0;
	*partition = submit_line_option(job->submit_line, "partition");
	if (*partition || !with_scripts || !job->script_hash_inx)
		return 0;
	if (slurmdbd_script(cluster, job->script_hash_inx, &script, err) < 0)
		return -1;
	if (script.s && !is_het_script(&script))
		*partition =
			submit_script_option(script.s, script.len, "partition");
	return 0;
}

static bool is_cancelled_by_owner(const struct job *job)
{
	return (job->state & JOB_STATE_BASE) == JOB_STATE_CANCELLED &&
	       job->kill_requid == job->id_user;
}

static int look_at_submission(const struct conf *conf,
			      struct slurmdbd_cluster *cluster,
			      const struct job *job, bool with_scripts,
			      struct evidence_protection *protection,
			      struct err *err)
{
	struct job then = *job;

	if (asked_partition(cluster, job, with_scripts, &protection->asked,
			    err) < 0)
		return -1;
	if (!protection->asked || !was_moved(job, protection->asked))
		return 0;
	protection->how = PROTECTED_ASKED;
	protection->partition = protection->asked;
	then.partition = protection->asked;
	return place_protection(conf, cluster, &then, &protection->section,
				err);
}

int evidence_protection(const struct conf *conf,
			struct slurmdbd_cluster *cluster, const struct job *job,
			const struct memory *memory, bool with_scripts,
			struct evidence_protection *protection, struct err *err)
{
	*protection = (struct evidence_protection){
		.how = PROTECTED_NOW,
		.partition = job->partition,
	};
	if (place_protection(conf, cluster, job, &protection->section, err) < 0)
		return -1;
	if (protection->section)
		return 0;
	if (memory && memory->partition) {
		struct job then = as_remembered(job, memory);

		protection->how = PROTECTED_BEFORE;
		protection->partition = memory->partition;
		if (!was_moved(job, memory->partition) &&
		    strcmp(job->partition, memory->partition) != 0)
			return 0;
		return place_protection(conf, cluster, &then,
					&protection->section, err);
	}
	if (!is_cancelled_by_owner(job))
		return 0;
	return look_at_submission(conf, cluster, job, with_scripts, protection,
				  err);
}

int evidence_complete(struct slurmdbd_cluster *cluster, struct job *job,
		      struct err *err)
{
	autojobs struct job_list rows = {0};
	size_t i;

	if (slurmdbd_incarnations(cluster, job->id_job, job_list_take, &rows,
				  err) < 0)
		return -1;
	for (i = 0; i < rows.n; i++) {
		struct job whole = rows.jobs[i];

		if (!whole.partition[0] || whole.time_submit < job->time_submit)
			continue;
		/* What differs between incarnations is the job's own. */
		whole.job_db_inx = job->job_db_inx;
		whole.mod_time = job->mod_time;
		whole.state = job->state;
		whole.kill_requid = job->kill_requid;
		whole.exit_code = job->exit_code;
		whole.time_submit = job->time_submit;
		whole.time_start = job->time_start;
		whole.time_end = job->time_end;
		job_finish(job);
		job_copy(&whole, job);
		return 1;
	}
	return 0;
}

/* Whether the row is of an incarnation right before that of `job`. */
static bool precedes(const struct job *row, const struct job *job)
{
	int64_t gap_s = when_between(row->time_end, job->time_submit);

	return row->time_submit < job->time_submit && row->time_end > 0 &&
	       gap_s >= -SKEW_S && gap_s < CARRIED_S;
}

static int look_at_incarnations(struct slurmdbd_cluster *cluster,
				struct judge_facts *facts, struct err *err)
{
	const struct job *job = facts->job;
	autojobs struct job_list rows = {0};
	size_t i;

	if (slurmdbd_incarnations(cluster, job->id_job, job_list_take, &rows,
				  err) < 0)
		return -1;
	for (i = 0; i < rows.n; i++) {
		const struct job *row = &rows.jobs[i];

		/* Numbers are used again, by others too. */
		if (row->id_user != job->id_user && row->partition[0])
			continue;
		facts->has_successor |= row->time_submit > job->time_submit;
		if (!precedes(row, job))
			continue;
		facts->earlier_killed |= row->kill_requid == job->id_user;
		facts->was_requeued |= (row->state & JOB_STATE_REQUEUE) != 0;
	}
	return 0;
}

/* The time limit that was asked for, where the submit line or the script says
 * it. */
static int look_at_limit(struct slurmdbd_cluster *cluster,
			 struct judge_facts *facts, struct err *err)
{
	const struct job *job = facts->job;
	autofree char *asked = NULL;
	autotext struct text script = {0};

	if (is_het(job))
		return 0;
	asked = submit_line_option(job->submit_line, "time");
	if (!asked && job->script_hash_inx) {
		if (slurmdbd_script(cluster, job->script_hash_inx, &script,
				    err) < 0)
			return -1;
		if (script.s)
			asked = submit_script_option(script.s, script.len,
						     "time");
	}
	if (asked)
		facts->asked_min = submit_minutes(asked);
	return 0;
}

/* Whether the row names its owner, or did so before it forgot. */
static bool names_owner(const struct job *job, const struct memory *memory)
{
	return job->kill_requid == job->id_user ||
	       (memory && memory->kill_requid == job->id_user);
}

static bool needs_others(const struct job *job, const struct memory *memory)
{
	return names_owner(job, memory) || job->state & JOB_STATE_REQUEUE ||
	       !job->time_end;
}

int evidence_gather(struct slurmdbd_cluster *cluster, struct judge_facts *facts,
		    struct err *err)
{
	const struct job *job = facts->job;
	int64_t state = job->state & JOB_STATE_BASE;

	facts->asked_min = -1;
	if (needs_others(job, facts->memory) &&
	    look_at_incarnations(cluster, facts, err) < 0)
		return -1;
	if (state == JOB_STATE_FAILED &&
	    slurmdbd_step_killed(cluster, job->job_db_inx, job->id_user,
				 &facts->step_killed_s, err) < 0)
		return -1;
	if (state == JOB_STATE_TIMEOUT)
		return look_at_limit(cluster, facts, err);
	return 0;
}

int evidence_ahead(const struct conf *conf, struct slurmdbd_cluster *cluster,
		   const struct job_list *jobs, bool with_steps,
		   struct err *err)
{
	autoids struct ids others = {0};
	autoids struct ids failed = {0};
	size_t i;

	for (i = 0; i < jobs->n; i++) {
		const struct job *job = &jobs->jobs[i];
		const struct conf_protect *section;

		if (place_protection(conf, cluster, job, &section, err) < 0)
			return -1;
		if (section && needs_others(job, NULL))
			ids_add(&others, (uint64_t)job->id_job);
		if (section &&
		    (job->state & JOB_STATE_BASE) == JOB_STATE_FAILED)
			ids_add(&failed, job->job_db_inx);
	}
	if (with_steps &&
	    slurmdbd_ahead_steps(cluster, failed.ids, failed.n, err) < 0)
		return -1;
	return slurmdbd_ahead_rows(cluster, others.ids, others.n, err);
}
