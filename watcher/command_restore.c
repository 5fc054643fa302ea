/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `watcher restore`: prints the commands that bring jobs back. Its output is a
 * shell script: what is not a command is a comment. */
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/text.h"
#include "schema/store.h"
#include "watcher/commands.h"
#include "watcher/restore.h"
#include "watcher/slurmctld.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int parse_id(const char *text, int64_t *id, struct err *err)
{
	char *end;

	errno = 0;
	*id = strtoll(text, &end, 10);
	if (!errno && end != text && !*end && *id > 0)
		return 0;
	err_set(err, ERR_USAGE, "'%s' is not an incident's number", text);
	return err_hint(err, "watcher-report list shows them in its first "
			     "column");
}

/* What slurmctld says of the job; false if it is not asked or gives no
 * answer, which is warned of. */
static bool ask_slurmctld(const struct conf *conf,
			  const struct incident *incident,
			  struct slurmctld_job *job)
{
	const struct slurmctld slurmctld = {
		.conf = conf->slurm.conf,
		.timeout_ms = (int)conf->slurm.timeout_s * 1000,
	};
	struct err err;

	if (!conf->slurm.conf[0])
		return false;
	if (slurmctld_job(&slurmctld, incident->id_job, job, &err) == 0)
		return true;
	log_err(LOG_LEVEL_WARN, &err);
	return false;
}

static void print_plan(const struct incident *incident, const struct job *job,
		       const struct restore_plan *plan)
{
	static const char *const ways[] = {
		[RESTORE_REQUEUE] = "requeue",
		[RESTORE_RESUBMIT] = "submit again",
		[RESTORE_BY_HAND] = "by hand",
		[RESTORE_ALREADY] = "nothing to do",
	};
	autofree char *line = mem_printf(
		"incident %" PRId64 ": job %s of %s on %s, cluster %s",
		incident->incident_id, incident->job_id, incident->user,
		incident->partition, incident->cluster);
	autofree char *title = text_escaped(line);
	autofree char *submit_line = text_escaped(job->submit_line);

	printf("# %s\n", title);
	printf("# %s: %s\n", ways[plan->way], plan->why);
	if (plan->way == RESTORE_ALREADY)
		return;
	printf("# brings back: %s\n", plan->fidelity);
	if (plan->way != RESTORE_REQUEUE && submit_line[0])
		printf("# submit line: %s\n", submit_line);
	if (plan->command)
		printf("%s\n", plan->command);
}

/* Whether the incident's row was last seen as that of a job that was requeued,
 * which is what slurmdbd before 25.11 makes of it. */
static bool was_requeued(struct store *store, int64_t id)
{
	autofree char *row = NULL;
	struct err ignored;
	struct job job;
	bool requeued;

	row = store_last_row(store, id, &ignored);
	job_from_json(row ? row : "", &job);
	requeued = (job.state & JOB_STATE_REQUEUE) != 0;
	job_finish(&job);
	return requeued;
}

/* 0, or -1 and err. */
static int restore_one(const struct conf *conf, struct store *store, int64_t id,
		       struct err *err)
{
	struct incident incident = {0};
	struct slurmctld_job now;
	struct restore_plan plan;
	struct job job;
	autofree char *script = NULL;
	int rc = store_incident(store, id, &incident, err);

	if (rc == 0) {
		err_set(err, ERR_USAGE, "there is no incident %" PRId64, id);
		return err_hint(err, "watcher-report list shows them");
	}
	if (rc < 0)
		return -1;
	if (job_from_json(incident.job, &job) < 0)
		log_warn("incident %" PRId64 ": its row is not readable", id);
	script = store_script_path(store, incident.script_sha256);
	plan = restore_plan(&(struct restore_facts){
		.incident = &incident,
		.job = &job,
		.slurmctld = ask_slurmctld(conf, &incident, &now) ? &now : NULL,
		.was_requeued = was_requeued(store, id),
		.script = incident.script_sha256[0] ? script : NULL,
		.slurm_conf = conf->slurm.conf,
		.environment = conf->restore.environment,
	});
	print_plan(&incident, &job, &plan);
	restore_plan_finish(&plan);
	job_finish(&job);
	incident_finish(&incident);
	return 0;
}

int command_restore(struct conf **conf, char **args)
{
	struct store *store;
	struct err err;
	int64_t id;
	int code = 0;

	if (!args[0]) {
		log_line(LOG_LEVEL_ERR, "restore takes the numbers of "
					"incidents (watcher-report list)");
		return 2;
	}
	store = store_open_read((*conf)->store.path, &err);
	if (!store) {
		log_err(LOG_LEVEL_ERR, &err);
		return err_exit_code(&err);
	}
	for (; *args; args++) {
		if (parse_id(*args, &id, &err) == 0 &&
		    restore_one(*conf, store, id, &err) == 0)
			continue;
		log_err(LOG_LEVEL_ERR, &err);
		code = err_exit_code(&err);
	}
	store_close(store);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_line(LOG_LEVEL_ERR, "writing the output: %s",
			 strerror(errno));
		return 3;
	}
	return code;
}
