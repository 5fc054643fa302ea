/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/restore.h"

#include "lib/mem.h"
#include "watcher/restore_private.h"

#include <string.h>

/* Base states at and above this have ended (slurm.h, enum job_states:
 * JOB_COMPLETE). */
#define STATE_ENDED 3

/* The flag of a job whose processes are being ended (slurm.h,
 * JOB_COMPLETING). */
#define STATE_COMPLETING 0x8000

/* Longer than the second in which a job was killed, by clocks that are not
 * quite one. */
#define JUST_NOW_S 5

const char *const restore_ways[RESTORE_N] = {
	[RESTORE_REQUEUE] = "requeue",
	[RESTORE_RESUBMIT] = "submit again",
	[RESTORE_RELEASE] = "let it go on",
	[RESTORE_BY_HAND] = "by hand",
	[RESTORE_ALREADY] = "nothing to do",
};

const char *const restore_fidelities[RESTORE_FIDELITY_N] = {
	[RESTORE_EXACT] = "exact: same number, script, environment and options",
	[RESTORE_SCRIPT_OPTIONS_ENVIRONMENT] =
		"script, options and environment, under a new number",
	[RESTORE_SCRIPT_OPTIONS] = ("script and options, under a new number; "
				    "not the environment"),
	[RESTORE_NOTHING] = "nothing",
};

enum incident_kind restore_kind(const struct incident *incident)
{
	int kind;

	for (kind = 0; kind < KIND_N; kind++)
		if (incident->kind &&
		    strcmp(incident->kind, incident_kinds[kind]) == 0)
			return (enum incident_kind)kind;
	return KIND_CANCELLED;
}

static bool is_kind(const struct restore_facts *facts, enum incident_kind kind)
{
	return restore_kind(facts->incident) == kind;
}

/* slurmctld has a record of that number, and it is the user's. */
static const struct slurmctld_job *record(const struct restore_facts *facts)
{
	const struct slurmctld_job *now = facts->slurmctld;

	return now && now->known && now->uid == facts->incident->uid ? now
								     : NULL;
}

static bool has_ended(const struct slurmctld_job *now)
{
	return (now->state & JOB_STATE_BASE) >= STATE_ENDED;
}

static bool was_restored(const struct restore_facts *facts)
{
	return facts->incident->restored_at > 0;
}

static bool is_alive(const struct restore_facts *facts)
{
	const char *correction = facts->incident->correction;

	return correction &&
	       strcmp(correction, incident_corrections[CORRECTION_ALIVE]) == 0;
}

/* It stands still; once it goes on, it is back. */
static bool is_stalled(const struct restore_facts *facts)
{
	const struct slurmctld_job *now = record(facts);

	return is_kind(facts, KIND_STALLED) &&
	       (!facts->slurmctld ||
		(now && (now->held || (now->state & JOB_STATE_BASE) ==
					      JOB_STATE_SUSPENDED)));
}

static bool is_withdrawn(const struct restore_facts *facts)
{
	return is_kind(facts, KIND_TASKS_WITHDRAWN);
}

static bool is_back(const struct restore_facts *facts)
{
	const struct slurmctld_job *now = record(facts);

	return !is_withdrawn(facts) && now && !has_ended(now);
}

/* The number belongs to a later job of the same user: it was requeued, whatever
 * became of it then. */
static bool was_requeued(const struct restore_facts *facts)
{
	const struct slurmctld_job *now = record(facts);

	if (is_withdrawn(facts) || is_kind(facts, KIND_REQUEUE_CANCELLED))
		return false;
	return facts->was_requeued ||
	       (now && now->submitted > facts->incident->submitted);
}

static bool is_het(const struct restore_facts *facts)
{
	return facts->job->het_job_id > 0;
}

/* A job that was cancelled after a requeue has its number, and a later time of
 * submission. */
static bool can_requeue(const struct restore_facts *facts)
{
	const struct slurmctld_job *now = record(facts);

	return now && !is_withdrawn(facts) && has_ended(now) && now->batch &&
	       now->requeue &&
	       (is_kind(facts, KIND_REQUEUE_CANCELLED) ||
		now->submitted == facts->incident->submitted);
}

static bool partition_gone(const struct restore_facts *facts)
{
	return facts->partition_gone;
}

/* runuser takes no number, and what begins with a dash for an option. */
static bool user_gone(const struct restore_facts *facts)
{
	const char *user = facts->incident->user;

	return facts->user_gone || !user || !user[0] || user[0] == '-' ||
	       strspn(user, "0123456789") == strlen(user);
}

static bool has_script(const struct restore_facts *facts)
{
	return facts->script != NULL;
}

static bool is_for_root(const struct restore_facts *facts)
{
	autofree char *uid = restore_asked_by_script(facts, "uid");
	autofree char *gid = restore_asked_by_script(facts, "gid");

	return has_script(facts) && (uid || gid);
}

static bool withdrawn_and_script(const struct restore_facts *facts)
{
	return is_withdrawn(facts) && has_script(facts);
}

static bool no_answer_but_script(const struct restore_facts *facts)
{
	return !facts->slurmctld && has_script(facts);
}

static bool is_interactive(const struct restore_facts *facts)
{
	return !is_withdrawn(facts) && facts->slurmctld &&
	       facts->slurmctld->known && !facts->slurmctld->batch;
}

static bool always(const struct restore_facts *facts)
{
	(void)facts;
	return true;
}

/* The first that applies is taken. What Slurm accepts of these was measured
 * (doc/slurm-facts.md): requeue works on a batch job that ended, however, as
 * long as slurmctld has it, but never on one submitted with --no-requeue. */
static const struct rule {
	bool (*applies)(const struct restore_facts *facts);
	enum restore_way way;
	const char *why;
	const char *remedy;
} rules[] = {
	{was_restored, RESTORE_ALREADY, "it was restored", NULL},
	{is_alive, RESTORE_ALREADY, "it did not end", NULL},
	{is_stalled, RESTORE_RELEASE, "it did not end, it stands still", NULL},
	{is_back, RESTORE_ALREADY, "it is back under its number", NULL},
	{was_requeued, RESTORE_ALREADY,
	 "it was requeued since; if that was cancelled as well, it is an "
	 "incident of its own (sacct --duplicates shows what became of it)",
	 NULL},
	{partition_gone, RESTORE_BY_HAND,
	 "slurmctld does not know its partition any more",
	 "submit it to another partition, or define the partition again and "
	 "ask again"},
	{can_requeue, RESTORE_REQUEUE, "slurmctld still has the job", NULL},
	{is_het, RESTORE_BY_HAND,
	 "slurmctld cannot requeue it, and a heterogeneous job can only be "
	 "submitted as a whole",
	 "ask the user to submit it again; its submit line shows what was "
	 "asked for"},
	{is_interactive, RESTORE_BY_HAND, "srun and salloc jobs have no script",
	 "ask the user to start it again"},
	{user_gone, RESTORE_BY_HAND,
	 "there is no such user here any more to submit it as",
	 "where the user is, sbatch takes the script and what the submit line "
	 "shows"},
	{is_for_root, RESTORE_BY_HAND,
	 "its script says --uid or --gid, which sbatch only takes from root",
	 "read the script, then submit it as root, as it was"},
	{withdrawn_and_script, RESTORE_RESUBMIT,
	 "slurmctld has forgotten tasks that never started; the rest of the "
	 "array stays as it is",
	 NULL},
	{no_answer_but_script, RESTORE_RESUBMIT,
	 "slurmctld did not answer, or is not asked; while it still has the "
	 "job, scontrol requeue is better",
	 NULL},
	{has_script, RESTORE_RESUBMIT,
	 "slurmctld has forgotten the job, or it was submitted with "
	 "--no-requeue",
	 NULL},
	{always, RESTORE_BY_HAND,
	 "slurmctld cannot requeue it and no script was stored "
	 "(AccountingStoreFlags=job_script)",
	 "ask the user to submit it again; its submit line shows what was "
	 "asked for"},
};

bool restore_begins_later(const struct job *job)
{
	return job->time_eligible > job->time_end &&
	       job->time_eligible < JOB_NO_VAL;
}

char *restore_tasks_of(const struct restore_facts *facts)
{
	const struct job *job = facts->job;
	const char *part = facts->incident->part;
	int64_t n;

	if (job->id_array_job <= 0)
		return NULL;
	if (part && part[0])
		return job_tasks_text(part, &n);
	if (job->id_array_task < JOB_NO_VAL)
		return mem_printf("%lld", (long long)job->id_array_task);
	return job_tasks_text(job->array_task_str, &n);
}

struct restore_target restore_target_of(const struct restore_facts *facts,
					const char *tasks)
{
	const struct slurmctld_job *now = facts->slurmctld;

	return (struct restore_target){
		.facts = facts,
		.tasks = tasks,
		.at_once = restore_at_once(facts),
		.ends_now = now && now->known &&
			    ((now->state & STATE_COMPLETING) ||
			     (facts->now_s && now->ended > 0 &&
			      facts->now_s - now->ended < JUST_NOW_S &&
			      facts->job->time_start > 0)),
		.may_fail = job_is_array_rest(facts->job),
	};
}

static enum restore_fidelity fidelity_of(const struct restore_facts *facts,
					 enum restore_way way)
{
	if (way == RESTORE_BY_HAND)
		return RESTORE_NOTHING;
	if (way != RESTORE_RESUBMIT)
		return RESTORE_EXACT;
	return facts->environment_file ? RESTORE_SCRIPT_OPTIONS_ENVIRONMENT
				       : RESTORE_SCRIPT_OPTIONS;
}

int64_t restore_possible_until(const struct restore_facts *facts)
{
	const struct slurmctld_job *now = facts->slurmctld;

	if (!now || now->ended <= 0 || facts->min_job_age_s <= 0)
		return 0;
	return now->ended + facts->min_job_age_s;
}

struct restore_plan restore_plan_of(const struct restore_target *target)
{
	const struct restore_facts *facts = target->facts;
	const struct rule *rule = rules;
	struct restore_plan plan;

	while (!rule->applies(facts))
		rule++;
	plan = (struct restore_plan){
		.way = rule->way,
		.fidelity = fidelity_of(facts, rule->way),
		.why = rule->why,
		.remedy = rule->remedy,
		.tasks = target->tasks ? mem_strdup(target->tasks) : NULL,
	};
	if (plan.way == RESTORE_REQUEUE) {
		plan.possible_until_s = restore_possible_until(facts);
		restore_requeue_steps(&plan, target);
	} else if (plan.way == RESTORE_RESUBMIT) {
		restore_resubmit_steps(&plan, target);
	} else if (plan.way == RESTORE_RELEASE) {
		restore_release_steps(&plan, target);
	}
	return plan;
}

struct restore_plan restore_plan(const struct restore_facts *facts)
{
	autofree char *tasks = restore_tasks_of(facts);
	struct restore_target target = restore_target_of(facts, tasks);

	return restore_plan_of(&target);
}

void restore_plan_finish(struct restore_plan *plan)
{
	size_t i, j;

	for (i = 0; i < plan->n_steps; i++) {
		struct restore_step *step = &plan->steps[i];

		for (j = 0; step->argv[j]; j++)
			free(step->argv[j]);
		free(step->argv);
		free(step->input);
		free(step->environment);
	}
	free(plan->steps);
	text_list_free(&plan->notes);
	free(plan->tasks);
	free(plan->members);
	*plan = (struct restore_plan){0};
}
