/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "tests/unit.h"
#include "watcher/restore.h"

#define SUBMITTED 1000

static const struct slurmctld_job cancelled = {
	.known = true,
	.batch = true,
	.requeue = true,
	.state = 4,
	.submitted = SUBMITTED,
};
static const struct slurmctld_job completing = {
	.known = true,
	.batch = true,
	.requeue = true,
	.state = 4 | 0x8000,
	.submitted = SUBMITTED,
};
static const struct slurmctld_job no_requeue = {
	.known = true,
	.batch = true,
	.state = 4,
	.submitted = SUBMITTED,
};
static const struct slurmctld_job interactive = {
	.known = true,
	.requeue = true,
	.state = 4,
	.submitted = SUBMITTED,
};
static const struct slurmctld_job forgotten = {0};
static const struct slurmctld_job pending_again = {
	.known = true,
	.batch = true,
	.requeue = true,
	.state = 0,
	.submitted = SUBMITTED + 50,
};
/* Requeued, and ended again. */
static const struct slurmctld_job requeued = {
	.known = true,
	.batch = true,
	.requeue = true,
	.state = 3,
	.submitted = SUBMITTED + 90,
};
/* Another user's job, much later, that got the number again and ended. */
static const struct slurmctld_job reused = {
	.known = true,
	.batch = true,
	.requeue = true,
	.uid = 5,
	.state = 3,
	.submitted = SUBMITTED + 90000,
};

#define REQUEUE_7 "scontrol requeue 7; scontrol update JobId=7 StartTime=now"
#define SBATCH_7                                                               \
	"runuser -u alice -- sbatch --partition=critical --account=acc "       \
	"--time=60 --job-name=j --chdir=/home/alice --export=NIL < /s/abc"

static const struct {
	const char *name;
	const struct slurmctld_job *slurmctld;
	const char *script;
	enum restore_way way;
	const char *command;
} cases[] = {
	{"still there", &cancelled, "/s/abc", RESTORE_REQUEUE, REQUEUE_7},
	{"still there, no script stored", &cancelled, NULL, RESTORE_REQUEUE,
	 REQUEUE_7},
	{"completing", &completing, "/s/abc", RESTORE_REQUEUE,
	 "while squeue --noheader --states=COMPLETING --jobs=7 | grep -q .; do "
	 "sleep 1; done; sleep 2; " REQUEUE_7},
	{"--no-requeue", &no_requeue, "/s/abc", RESTORE_RESUBMIT, SBATCH_7},
	{"--no-requeue, no script", &no_requeue, NULL, RESTORE_BY_HAND, NULL},
	{"forgotten", &forgotten, "/s/abc", RESTORE_RESUBMIT, SBATCH_7},
	{"forgotten, no script", &forgotten, NULL, RESTORE_BY_HAND, NULL},
	{"interactive", &interactive, NULL, RESTORE_BY_HAND, NULL},
	{"back already", &pending_again, "/s/abc", RESTORE_ALREADY, NULL},
	{"requeued and ended", &requeued, "/s/abc", RESTORE_ALREADY, NULL},
	{"number reused", &reused, "/s/abc", RESTORE_RESUBMIT, SBATCH_7},
	{"no answer", NULL, "/s/abc", RESTORE_RESUBMIT, SBATCH_7},
	{"no answer, no script", NULL, NULL, RESTORE_BY_HAND, NULL},
};

static void set(char **text, const char *value)
{
	free(*text);
	*text = mem_strdup(value);
}

static void make(struct incident *incident, struct job *job)
{
	*incident = (struct incident){.submitted = SUBMITTED, .id_job = 7};
	set(&incident->job_id, "7");
	set(&incident->user, "alice");
	set(&incident->partition, "critical");
	set(&incident->account, "acc");
	set(&incident->qos, "");
	set(&incident->job_name, "j");
	job_init(job);
	job->timelimit = 60;
	set(&job->work_dir, "/home/alice");
}

START_TEST(plan_of_a_case)
{
	struct incident incident;
	struct restore_plan plan;
	struct job job;

	make(&incident, &job);
	plan = restore_plan(&(struct restore_facts){
		.incident = &incident,
		.job = &job,
		.slurmctld = cases[_i].slurmctld,
		.script = cases[_i].script,
		.slurm_conf = "",
		.environment = "NIL",
	});
	ck_assert_msg(plan.way == cases[_i].way, "%s: way %d", cases[_i].name,
		      plan.way);
	ck_assert_ptr_eq(plan.command == NULL ? NULL : cases,
			 cases[_i].command == NULL ? NULL : cases);
	if (plan.command)
		ck_assert_str_eq(plan.command, cases[_i].command);
	ck_assert_ptr_nonnull(plan.why);
	ck_assert_ptr_nonnull(plan.fidelity);
	restore_plan_finish(&plan);
	incident_finish(&incident);
	job_finish(&job);
}
END_TEST

static char *command_for(struct incident *incident, struct job *job,
			 const struct slurmctld_job *slurmctld,
			 const char *slurm_conf)
{
	struct restore_plan plan = restore_plan(&(struct restore_facts){
		.incident = incident,
		.job = job,
		.slurmctld = slurmctld,
		.script = "/s/abc",
		.slurm_conf = slurm_conf,
		.environment = "NIL",
	});

	return plan.command;
}

START_TEST(slurm_conf_is_named_where_needed)
{
	autofree char *requeue = NULL;
	autofree char *resubmit = NULL;
	autofree char *usual = NULL;
	struct incident incident;
	struct job job;

	make(&incident, &job);
	requeue = command_for(&incident, &job, &cancelled, "/l/slurm.conf");
	ck_assert_str_eq(requeue,
			 "env SLURM_CONF=/l/slurm.conf scontrol requeue 7; "
			 "env SLURM_CONF=/l/slurm.conf scontrol update JobId=7 "
			 "StartTime=now");
	resubmit = command_for(&incident, &job, &forgotten, "/l/slurm.conf");
	ck_assert_ptr_nonnull(strstr(
		resubmit,
		"runuser -u alice -- env SLURM_CONF=/l/slurm.conf sbatch "));
	usual = command_for(&incident, &job, &cancelled,
			    "/etc/slurm/slurm.conf");
	ck_assert_str_eq(usual, REQUEUE_7);
	incident_finish(&incident);
	job_finish(&job);
}
END_TEST

/* A het job comes back by its leader's number, as a whole or not at all. */
START_TEST(het_job)
{
	autofree char *requeue = NULL;
	autofree char *forgot = NULL;
	struct incident incident;
	struct job job;

	make(&incident, &job);
	job.het_job_id = 6;
	job.het_job_offset = 1;
	set(&incident.job_id, "6+1");
	requeue = command_for(&incident, &job, &cancelled, "");
	ck_assert_str_eq(requeue, "scontrol requeue 6; scontrol update "
				  "JobId=6 StartTime=now");
	forgot = command_for(&incident, &job, &forgotten, "");
	ck_assert_ptr_null(forgot);
	incident_finish(&incident);
	job_finish(&job);
}
END_TEST

/* Its row says that it was requeued since; slurmctld has forgotten it. */
START_TEST(requeued_and_forgotten)
{
	struct incident incident;
	struct restore_plan plan;
	struct job job;

	make(&incident, &job);
	plan = restore_plan(&(struct restore_facts){
		.incident = &incident,
		.job = &job,
		.slurmctld = &forgotten,
		.was_requeued = true,
		.script = "/s/abc",
		.slurm_conf = "",
		.environment = "NIL",
	});
	ck_assert_int_eq(plan.way, RESTORE_ALREADY);
	ck_assert_ptr_null(plan.command);
	incident_finish(&incident);
	job_finish(&job);
}
END_TEST

START_TEST(begin_time_is_kept)
{
	autofree char *later = NULL;
	autofree char *limited = NULL;
	struct incident incident;
	struct job job;

	make(&incident, &job);
	job.time_end = SUBMITTED + 10;
	job.time_eligible = SUBMITTED + 3600;
	later = command_for(&incident, &job, &cancelled, "");
	ck_assert_str_eq(later, "scontrol requeue 7");
	job.time_eligible = JOB_INFINITE; /* a task behind the limit */
	limited = command_for(&incident, &job, &cancelled, "");
	ck_assert_str_eq(limited, REQUEUE_7);
	incident_finish(&incident);
	job_finish(&job);
}
END_TEST

START_TEST(array_tasks)
{
	autofree char *rest = NULL;
	autofree char *task = NULL;
	struct incident incident;
	struct job job;

	make(&incident, &job);
	job.id_array_job = 7;
	set(&job.array_task_str, "0x38");
	set(&incident.job_id, "7_[3-5]");
	rest = command_for(&incident, &job, &forgotten, "");
	ck_assert_ptr_nonnull(strstr(rest, " --array=3-5 "));
	job.id_array_task = 2;
	task = command_for(&incident, &job, &forgotten, "");
	ck_assert_ptr_nonnull(strstr(task, " --array=2 "));
	incident_finish(&incident);
	job_finish(&job);
}
END_TEST

START_TEST(hostile_names_stay_words)
{
	autofree char *command = NULL;
	struct incident incident;
	struct job job;

	make(&incident, &job);
	set(&incident.job_name, "x; rm -rf / #");
	set(&job.work_dir, "/tmp/$(reboot)\n\033[2J");
	command = command_for(&incident, &job, &forgotten, "");
	ck_assert_ptr_nonnull(strstr(command, " '--job-name=x; rm -rf / #' "));
	ck_assert_ptr_nonnull(strstr(command, " '--chdir=/tmp/$(reboot)'"));
	ck_assert_ptr_null(strpbrk(command, "\n\033"));
	incident_finish(&incident);
	job_finish(&job);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("restore");

	tcase_add_loop_test(tcase, plan_of_a_case, 0, LENGTH(cases));
	tcase_add_test(tcase, slurm_conf_is_named_where_needed);
	tcase_add_test(tcase, het_job);
	tcase_add_test(tcase, requeued_and_forgotten);
	tcase_add_test(tcase, begin_time_is_kept);
	tcase_add_test(tcase, array_tasks);
	tcase_add_test(tcase, hostile_names_stay_words);
	return unit_run("restore", tcase);
}
