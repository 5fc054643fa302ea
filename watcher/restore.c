/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/restore.h"

#include "lib/mem.h"
#include "lib/text.h"

#include <inttypes.h>
#include <string.h>

/* Base states at and above this have ended (slurm.h, enum job_states:
 * JOB_COMPLETE). */
#define STATE_ENDED 3

/* The flag of a job whose processes are being ended (slurm.h,
 * JOB_COMPLETING). */
#define STATE_COMPLETING 0x8000

/* Where Slurm's own commands look, so that it need not be named. */
#define DEFAULT_SLURM_CONF "/etc/slurm/slurm.conf"

static bool is_back(const struct restore_facts *facts)
{
	const struct slurmctld_job *now = facts->slurmctld;

	return now && now->known && now->uid == facts->incident->uid &&
	       (now->state & JOB_STATE_BASE) < STATE_ENDED;
}

/* The number belongs to a later job of the same user: it was requeued, whatever
 * became of it then. */
static bool was_requeued(const struct restore_facts *facts)
{
	const struct slurmctld_job *now = facts->slurmctld;

	return facts->was_requeued ||
	       (now && now->known && now->uid == facts->incident->uid &&
		now->submitted > facts->incident->submitted);
}

static bool is_het(const struct restore_facts *facts)
{
	return facts->job->het_job_id > 0;
}

static bool can_requeue(const struct restore_facts *facts)
{
	const struct slurmctld_job *now = facts->slurmctld;

	return now && now->known && now->batch && now->requeue &&
	       now->submitted == facts->incident->submitted;
}

static bool no_answer_but_script(const struct restore_facts *facts)
{
	return !facts->slurmctld && facts->script;
}

static bool has_script(const struct restore_facts *facts)
{
	return facts->script != NULL;
}

static bool is_interactive(const struct restore_facts *facts)
{
	return facts->slurmctld && facts->slurmctld->known &&
	       !facts->slurmctld->batch;
}

static bool always(const struct restore_facts *facts)
{
	(void)facts;
	return true;
}

static const char nothing[] = "nothing";
static const char everything[] =
	"exact: same number, script, environment and options";
static const char most[] =
	"script and main options, a new number; not the environment, begin "
	"time, priority, or an option only its submit line shows";

/* The first that applies is taken. What Slurm accepts of these was measured
 * (doc/slurm-facts.md): requeue works on a cancelled batch job as long as
 * slurmctld has it, but never on one submitted with --no-requeue. */
static const struct rule {
	bool (*applies)(const struct restore_facts *facts);
	enum restore_way way;
	const char *fidelity;
	const char *why;
} rules[] = {
	{is_back, RESTORE_ALREADY, everything, "it is back under its number"},
	{was_requeued, RESTORE_ALREADY, everything,
	 "it was requeued since; if that was cancelled as well, it is an "
	 "incident of its own (sacct --duplicates shows what became of it)"},
	{can_requeue, RESTORE_REQUEUE, everything,
	 "slurmctld still has the job"},
	{is_het, RESTORE_BY_HAND, nothing,
	 "slurmctld cannot requeue it, and a heterogeneous job can only be "
	 "submitted as a whole"},
	{no_answer_but_script, RESTORE_RESUBMIT, most,
	 "slurmctld did not answer, or is not asked; while it still has the "
	 "job, scontrol requeue is better"},
	{is_interactive, RESTORE_BY_HAND, nothing,
	 "srun and salloc jobs have no script; ask the user to start it again"},
	{has_script, RESTORE_RESUBMIT, most,
	 "slurmctld has forgotten the job, or it was submitted with "
	 "--no-requeue"},
	{always, RESTORE_BY_HAND, nothing,
	 "slurmctld cannot requeue it and no script was stored "
	 "(AccountingStoreFlags=job_script); its submit line shows what was "
	 "asked for"},
};

/* `env SLURM_CONF=...`, where the commands would not find it themselves. */
static void add_env(struct text *out, const struct restore_facts *facts)
{
	autofree char *setting = NULL;

	if (!facts->slurm_conf[0] ||
	    strcmp(facts->slurm_conf, DEFAULT_SLURM_CONF) == 0)
		return;
	setting = mem_printf("SLURM_CONF=%s", facts->slurm_conf);
	text_add(out, "env ");
	text_add_shell_word(out, setting);
	text_add_char(out, ' ');
}

/* Adds " --option=value" unless there is no value. */
static void add_option(struct text *out, const char *option, const char *value)
{
	autofree char *word = mem_printf("--%s=%s", option, value);

	if (!value[0])
		return;
	text_add_char(out, ' ');
	text_add_shell_word(out, word);
}

/* A job that is still ending is requeued when it has ended, and only then
 * takes a start time. One that starts in the second in which it was killed is
 * killed again, by slurmd: hence the pause (both measured on 22.05). */
static void add_wait(struct text *out, const struct restore_facts *facts)
{
	if (!(facts->slurmctld->state & STATE_COMPLETING))
		return;
	text_add(out, "while ");
	add_env(out, facts);
	text_addf(out,
		  "squeue --noheader --states=COMPLETING --jobs=%" PRId64
		  " | grep -q .; do sleep 1; done; sleep 2; ",
		  facts->incident->id_job);
}

/* Whether it was to begin later (--begin): requeue leaves it so. The tasks
 * behind an array's limit have no time to begin at all. */
static bool begins_later(const struct job *job)
{
	return job->time_eligible > job->time_end &&
	       job->time_eligible < JOB_NO_VAL;
}

/* scontrol takes a het job by its leader's number, and all of it. */
static char *requeue_id(const struct restore_facts *facts)
{
	if (is_het(facts))
		return mem_printf("%" PRId64, facts->job->het_job_id);
	return mem_strdup(facts->incident->job_id);
}

/* A requeued job waits for two minutes unless its start is set to now. The
 * update follows whatever requeue's exit code: that is 1 for the pending rest
 * of an array, though it is requeued (measured on 22.05). */
static char *requeue_command(const struct restore_facts *facts)
{
	autofree char *id = requeue_id(facts);
	autofree char *job = mem_printf("JobId=%s", id);
	struct text out = {0};

	add_wait(&out, facts);
	add_env(&out, facts);
	text_add(&out, "scontrol requeue ");
	text_add_shell_word(&out, id);
	if (begins_later(facts->job))
		return text_take(&out);
	text_add(&out, "; ");
	add_env(&out, facts);
	text_add(&out, "scontrol update ");
	text_add_shell_word(&out, job);
	text_add(&out, " StartTime=now");
	return text_take(&out);
}

static void add_limits(struct text *out, const struct job *job)
{
	autofree char *minutes = mem_printf("%" PRId64, job->timelimit);
	autofree char *tasks = NULL;
	int64_t n;

	if (job->timelimit > 0 && job->timelimit < JOB_NO_VAL)
		add_option(out, "time", minutes);
	if (job->timelimit == JOB_INFINITE)
		add_option(out, "time", "UNLIMITED");
	if (job->id_array_job > 0 && job->id_array_task < JOB_NO_VAL)
		tasks = mem_printf("%" PRId64, job->id_array_task);
	else if (job->id_array_job > 0)
		tasks = job_tasks_text(job->array_task_str, &n);
	if (tasks)
		add_option(out, "array", tasks);
}

/* As the user, by runuser: `sbatch --uid` is deprecated in 26.05. The shell
 * that is root opens the script, which the user may not. */
static char *resubmit_command(const struct restore_facts *facts)
{
	const struct incident *incident = facts->incident;
	const struct job *job = facts->job;
	struct text out = {0};

	text_add(&out, "runuser -u ");
	text_add_shell_word(&out, incident->user);
	text_add(&out, " -- ");
	add_env(&out, facts);
	text_add(&out, "sbatch");
	add_option(&out, "partition", incident->partition);
	add_option(&out, "account", incident->account);
	add_option(&out, "qos", incident->qos);
	add_option(&out, "wckey", job->wckey);
	add_option(&out, "constraint", job->constraints);
	add_limits(&out, job);
	add_option(&out, "job-name", incident->job_name);
	add_option(&out, "chdir", job->work_dir);
	add_option(&out, "export", facts->environment);
	text_add(&out, " < ");
	text_add_shell_word(&out, facts->script);
	return text_take(&out);
}

struct restore_plan restore_plan(const struct restore_facts *facts)
{
	const struct rule *rule = rules;
	struct restore_plan plan;

	while (!rule->applies(facts))
		rule++;
	plan = (struct restore_plan){
		.way = rule->way,
		.fidelity = rule->fidelity,
		.why = rule->why,
	};
	if (plan.way == RESTORE_REQUEUE)
		plan.command = requeue_command(facts);
	else if (plan.way == RESTORE_RESUBMIT)
		plan.command = resubmit_command(facts);
	return plan;
}

void restore_plan_finish(struct restore_plan *plan)
{
	free(plan->command);
	*plan = (struct restore_plan){0};
}
