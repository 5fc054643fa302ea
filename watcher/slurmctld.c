/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/slurmctld.h"

#include "lib/mem.h"
#include "lib/spawn.h"

#include <errno.h>
#include <jansson.h>
#include <slurm/slurm.h>
#include <slurm/slurm_errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The child's exit status when slurmctld did not answer; libslurm's own
 * exits are 1. */
#define NO_ANSWER 3

struct question {
	const char *conf;
	const int64_t *ids;
	size_t n;
};

/* Slurm's own reasons to end a job (slurm.h, enum job_state_reason). */
static const struct {
	uint32_t reason;
	const char *words;
} own_reasons[] = {
	{WAIT_DEP_INVALID, "DependencyNeverSatisfied"},
	{FAIL_DOWN_PARTITION, "PartitionDown"},
	{FAIL_DOWN_NODE, "NodeDown"},
	{FAIL_BAD_CONSTRAINTS, "BadConstraints"},
	{FAIL_SYSTEM, "SystemFailure"},
	{FAIL_LAUNCH, "JobLaunchFailure"},
	{FAIL_TIMEOUT, "TimeLimit"},
	{FAIL_INACTIVE_LIMIT, "InactiveLimit"},
	{FAIL_ACCOUNT, "InvalidAccount"},
	{FAIL_QOS, "InvalidQOS"},
};

/* Writes the answer, which it takes over, as JSON. */
static int answer(int fd, json_t *json)
{
	int rc = json && json_dumpfd(json, fd, JSON_COMPACT) == 0 ? 0 : 1;

	json_decref(json);
	return rc;
}

static const char *own_reason(uint32_t reason)
{
	size_t i;

	for (i = 0; i < LENGTH(own_reasons); i++)
		if (own_reasons[i].reason == reason)
			return own_reasons[i].words;
	return "";
}

static json_t *job_answer(const job_info_msg_t *msg, uint32_t id_job)
{
	uint32_t i;

	for (i = 0; msg && i < msg->record_count; i++) {
		const slurm_job_info_t *job = &msg->job_array[i];

		if (job->job_id != id_job)
			continue;
		return json_pack("{s:I, s:b, s:b, s:b, s:b, s:I, s:I, s:I, "
				 "s:I, s:s}",
				 "id_job", (json_int_t)id_job, "known", 1,
				 "batch", job->batch_flag != 0, "requeue",
				 job->requeue != 0, "held", job->priority == 0,
				 "uid", (json_int_t)job->user_id, "state",
				 (json_int_t)job->job_state, "submitted",
				 (json_int_t)job->submit_time, "ended",
				 (json_int_t)job->end_time, "why",
				 own_reason(job->state_reason));
	}
	return json_pack("{s:I, s:b}", "id_job", (json_int_t)id_job, "known",
			 0);
}

/* 26.05 asks for a job by the identity of a step, and brought this macro. */
static int load_job(job_info_msg_t **msg, uint32_t id_job)
{
#ifdef slurm_load_job_sluid
	slurm_step_id_t id = SLURM_STEP_ID_INITIALIZER;

	id.job_id = id_job;
	return slurm_load_job(msg, id, SHOW_ALL);
#else
	return slurm_load_job(msg, id_job, SHOW_ALL);
#endif
}

static int ask_jobs(int fd, const void *arg)
{
	const struct question *question = arg;
	slurm_conf_t *conf = NULL;
	json_t *jobs = json_array();
	size_t i;

	slurm_init(question->conf);
	if (slurm_load_ctl_conf(0, &conf) != 0)
		return NO_ANSWER;
	for (i = 0; i < question->n; i++) {
		uint32_t id = (uint32_t)question->ids[i];
		job_info_msg_t *msg = NULL;

		if (load_job(&msg, id) != 0 && errno != ESLURM_INVALID_JOB_ID)
			return NO_ANSWER;
		json_array_append_new(jobs, job_answer(msg, id));
	}
	return answer(fd, json_pack("{s:s?, s:I, s:o}", "cluster",
				    conf->cluster_name, "booted",
				    (json_int_t)conf->boot_time, "jobs", jobs));
}

static json_t *partition_names(void)
{
	partition_info_msg_t *msg = NULL;
	json_t *names = json_array();
	uint32_t i;

	if (slurm_load_partitions(0, &msg, SHOW_ALL) != 0)
		exit(NO_ANSWER);
	for (i = 0; i < msg->record_count; i++)
		json_array_append_new(
			names, json_string(msg->partition_array[i].name));
	return names;
}

/* slurmctld's clock; 0 where the site keeps its statistics from us. */
static time_t clock_of_slurmctld(void)
{
	stats_info_request_msg_t request = {.command_id = STAT_COMMAND_GET};
	stats_info_response_msg_t *stats = NULL;

	if (slurm_get_statistics(&stats, &request) != 0)
		return 0;
	return stats->req_time;
}

/* `scontrol show config`. */
static json_t *settings(slurm_conf_t *conf)
{
	autofree char *bytes = NULL;
	autofree char *utf8 = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);

	if (!out)
		return NULL;
	slurm_print_ctl_conf(out, conf);
	if (fclose(out) != 0)
		return NULL;
	utf8 = text_utf8(bytes, len);
	return json_string(utf8);
}

static int ask_site(int fd, const void *arg)
{
	const struct question *question = arg;
	slurm_conf_t *conf = NULL;

	slurm_init(question->conf);
	if (slurm_load_ctl_conf(0, &conf) != 0)
		return NO_ANSWER;
	return answer(
		fd,
		json_pack("{s:s?, s:s?, s:I, s:I, s:I, s:o, s:o}", "cluster",
			  conf->cluster_name, "version", conf->version, "now",
			  (json_int_t)clock_of_slurmctld(), "min_job_age",
			  (json_int_t)conf->min_job_age, "slurm_user",
			  (json_int_t)conf->slurm_user_id, "settings",
			  settings(conf), "partitions", partition_names()));
}

static const char asking[] = "asking slurmctld";

static int check_conf(const struct slurmctld *slurmctld, struct err *err)
{
	if (access(slurmctld->conf, R_OK) == 0)
		return 0;
	err_set(err, ERR_USAGE, "%s: %s: %s", asking, slurmctld->conf,
		strerror(errno));
	return err_hint(err, "name slurm.conf in conf under [slurm]");
}

static json_t *parse(const struct text *out, struct err *err)
{
	json_t *json = json_loadb(out->s ? out->s : "", out->len, 0, NULL);

	if (!json)
		err_set(err, ERR_RETRY, "%s: garbled answer", asking);
	return json;
}

/* The child's answer as JSON; NULL and err. */
static json_t *ask(const struct slurmctld *slurmctld, spawn_fn *fn,
		   const int64_t *ids, size_t n, struct err *err)
{
	const struct question question = {slurmctld->conf, ids, n};
	autotext struct text out = {0};

	if (check_conf(slurmctld, err) < 0)
		return NULL;
	if (spawn_call(asking, fn, &question, slurmctld->timeout_ms, &out,
		       err) < 0) {
		err_hint(err, "try: SLURM_CONF=%s scontrol ping",
			 slurmctld->conf);
		return NULL;
	}
	return parse(&out, err);
}

static int64_t int_of(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

static bool bool_of(const json_t *json, const char *key)
{
	return json_is_true(json_object_get(json, key));
}

static char *text_of(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return mem_strdup(text ? text : "");
}

static struct slurmctld_job job_of(const json_t *json, int64_t booted)
{
	autofree char *why = text_of(json, "why");
	struct slurmctld_job job = {
		.known = bool_of(json, "known"),
		.batch = bool_of(json, "batch"),
		.requeue = bool_of(json, "requeue"),
		.held = bool_of(json, "held"),
		.uid = int_of(json, "uid"),
		.state = int_of(json, "state"),
		.submitted = int_of(json, "submitted"),
		.ended = int_of(json, "ended"),
		.booted = booted,
	};

	snprintf(job.why, sizeof(job.why), "%s", why);
	return job;
}

int slurmctld_job(const struct slurmctld *slurmctld, int64_t id_job,
		  struct slurmctld_job *job, struct err *err)
{
	json_t *json = ask(slurmctld, ask_jobs, &id_job, 1, err);

	if (!json)
		return -1;
	*job = job_of(json_array_get(json_object_get(json, "jobs"), 0),
		      int_of(json, "booted"));
	json_decref(json);
	return 0;
}

struct spawn *slurmctld_jobs_begin(const struct slurmctld *slurmctld,
				   const int64_t *ids, size_t n,
				   struct err *err)
{
	const struct question question = {slurmctld->conf, ids, n};

	if (check_conf(slurmctld, err) < 0)
		return NULL;
	return spawn_begin(asking, ask_jobs, &question, slurmctld->timeout_ms,
			   err);
}

int slurmctld_jobs_read(const struct text *out, char **cluster,
			struct slurmctld_answer **answers, size_t *n,
			struct err *err)
{
	json_t *json = parse(out, err);
	const json_t *jobs;
	size_t i;

	if (!json)
		return -1;
	jobs = json_object_get(json, "jobs");
	*n = json_array_size(jobs);
	*answers = mem_alloc(*n + 1, sizeof(**answers));
	for (i = 0; i < *n; i++) {
		const json_t *job = json_array_get(jobs, i);

		(*answers)[i].id_job = int_of(job, "id_job");
		(*answers)[i].job = job_of(job, int_of(json, "booted"));
	}
	*cluster = text_of(json, "cluster");
	json_decref(json);
	return 0;
}

int slurmctld_site(const struct slurmctld *slurmctld,
		   struct slurmctld_site *site, struct err *err)
{
	json_t *json = ask(slurmctld, ask_site, NULL, 0, err);
	const json_t *names;
	size_t i;

	if (!json)
		return -1;
	*site = (struct slurmctld_site){
		.cluster = text_of(json, "cluster"),
		.version = text_of(json, "version"),
		.now = int_of(json, "now"),
		.min_job_age_s = int_of(json, "min_job_age"),
		.slurm_user = int_of(json, "slurm_user"),
		.settings = text_of(json, "settings"),
	};
	names = json_object_get(json, "partitions");
	for (i = 0; i < json_array_size(names); i++)
		text_list_add(&site->partitions,
			      json_string_value(json_array_get(names, i)));
	json_decref(json);
	return 0;
}

void slurmctld_site_finish(struct slurmctld_site *site)
{
	free(site->cluster);
	free(site->version);
	free(site->settings);
	text_list_free(&site->partitions);
	*site = (struct slurmctld_site){0};
}
