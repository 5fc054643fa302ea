/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps that bring back a job that slurmctld still has. */
#include "lib/mem.h"
#include "watcher/restore_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* As long as slurmd takes to end what hangs (UnkillableStepTimeout), and an
 * epilog. */
#define ENDS_IN_S 300

/* The number that squeue takes for all of it. */
static int64_t root_id(const struct restore_facts *facts)
{
	const struct job *job = facts->job;

	if (job->id_array_job > 0)
		return job->id_array_job;
	return job->het_job_id > 0 ? job->het_job_id : facts->incident->id_job;
}

/* scontrol takes a het job by its leader's number, and all of it; of an array
 * the tasks by name, as by its number alone it would restart those that run,
 * too. */
static char *scontrol_id(const struct restore_target *target)
{
	int64_t root = root_id(target->facts);

	if (!target->tasks)
		return mem_printf("%" PRId64, root);
	if (strpbrk(target->tasks, ",-"))
		return mem_printf("%" PRId64 "_[%s]", root, target->tasks);
	return mem_printf("%" PRId64 "_%s", root, target->tasks);
}

/* A job that is still ending is requeued when it has ended, and only then
 * takes a start time; one that is submitted again would meet it in its
 * folder. */
void restore_add_wait(struct restore_plan *plan,
		      const struct restore_target *target)
{
	struct restore_argv argv = {0};

	restore_argv_slurm(&argv, target->facts, "squeue");
	restore_argv_add(&argv, "--noheader");
	restore_argv_add(&argv, "--states=COMPLETING");
	restore_argv_addf(&argv, "--jobs=%" PRId64, root_id(target->facts));
	restore_add_step(plan, &argv, "operator")->wait_s = ENDS_IN_S;
}

static void add_scontrol(struct restore_plan *plan,
			 const struct restore_target *target, const char *what,
			 bool may_fail)
{
	autofree char *id = scontrol_id(target);
	struct restore_argv argv = {0};

	restore_argv_slurm(&argv, target->facts, "scontrol");
	restore_argv_add(&argv, what);
	restore_argv_add(&argv, id);
	restore_add_step(plan, &argv, "operator")->may_fail = may_fail;
}

static bool is_kind(const struct restore_facts *facts, enum incident_kind kind)
{
	return restore_kind(facts->incident) == kind;
}

static void add_timelimit(struct restore_argv *argv, struct restore_plan *plan,
			  const struct restore_facts *facts)
{
	int64_t minutes = facts->first_timelimit_min;

	if (!is_kind(facts, KIND_LIMIT_CUT))
		return;
	if (minutes == JOB_INFINITE)
		restore_argv_add(argv, "TimeLimit=UNLIMITED");
	else if (minutes > 0)
		restore_argv_addf(argv, "TimeLimit=%" PRId64, minutes);
	else
		restore_notef(plan, "its first time limit is not known, and it "
				    "comes back with the one it was cut to: "
				    "scontrol update TimeLimit=");
}

/* All in one update, after the requeue: before it slurmctld says that the job
 * has already finished. A requeued job waits for two minutes unless its start
 * is set to now. */
static void add_update(struct restore_plan *plan,
		       const struct restore_target *target)
{
	const struct restore_facts *facts = target->facts;
	autofree char *id = scontrol_id(target);
	struct restore_argv argv = {0};
	size_t so_far;

	restore_argv_slurm(&argv, facts, "scontrol");
	restore_argv_add(&argv, "update");
	restore_argv_addf(&argv, "JobId=%s", id);
	so_far = argv.n;
	if (is_kind(facts, KIND_MOVED))
		restore_argv_addf(&argv, "Partition=%s",
				  facts->incident->partition);
	add_timelimit(&argv, plan, facts);
	if (restore_begins_later(facts->job))
		restore_notef(plan,
			      "it keeps the time at which it is to begin");
	else
		restore_argv_add(&argv, "StartTime=now");
	if (argv.n > so_far) {
		restore_add_step(plan, &argv, "operator");
		return;
	}
	while (argv.n)
		free(argv.words[--argv.n]);
	free(argv.words);
}

void restore_requeue_steps(struct restore_plan *plan,
			   const struct restore_target *target)
{
	if (target->ends_now)
		restore_add_wait(plan, target);
	/* Of the pending rest of an array scontrol says that the job is
	 * pending execution, though it requeued it. */
	add_scontrol(plan, target, "requeue", target->may_fail);
	add_update(plan, target);
	if (target->facts->slurmctld && target->facts->slurmctld->held)
		restore_notef(plan, "it was held, and will be: scontrol "
				    "release lets it go");
}

void restore_release_steps(struct restore_plan *plan,
			   const struct restore_target *target)
{
	const struct restore_facts *facts = target->facts;
	int64_t state =
		facts->slurmctld ? facts->slurmctld->state : facts->job->state;

	if ((state & JOB_STATE_BASE) == JOB_STATE_SUSPENDED) {
		add_scontrol(plan, target, "resume", false);
		return;
	}
	add_scontrol(plan, target, "release", false);
	add_update(plan, target);
}
