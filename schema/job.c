/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/job.h"

#include "lib/mem.h"
#include "lib/when.h"
#include "schema/tasks.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* What slurmdbd writes for a job that has no nodes. */
#define NO_NODES "None assigned"

/* Twice the time that rows were seen to take to be filled. */
#define ARRAY_SETTLES_S 10

#define NEEDED true
#define WATCHED true

/* clang-format off */
#define COLUMN(column, type, is_needed, is_watched, absent) \
	{#column, type, offsetof(struct job, column), is_needed, is_watched, \
	 absent}
#define INT(column, is_needed, is_watched, absent) \
	COLUMN(column, JOB_INT, is_needed, is_watched, absent)
#define UNSIGNED(column, is_needed, is_watched) \
	COLUMN(column, JOB_UNSIGNED, is_needed, is_watched, 0)
#define TEXT(column, is_needed, is_watched) \
	COLUMN(column, JOB_TEXT, is_needed, is_watched, 0)

const struct job_column job_columns[] = {
	UNSIGNED(job_db_inx,      NEEDED, WATCHED),
	INT(mod_time,             NEEDED, WATCHED, 0),
	INT(id_job,               NEEDED, WATCHED, 0),
	INT(id_array_job,         NEEDED, WATCHED, 0),
	INT(id_array_task,        NEEDED, WATCHED, JOB_NO_VAL),
	INT(array_task_pending,   NEEDED, WATCHED, 0),
	INT(array_max_tasks,      false,  false,   0),
	TEXT(array_task_str,      NEEDED, WATCHED),
	INT(het_job_id,           NEEDED, WATCHED, 0),
	INT(het_job_offset,       NEEDED, WATCHED, JOB_NO_VAL),
	INT(state,                NEEDED, WATCHED, 0),
	INT(kill_requid,          NEEDED, WATCHED, -1),	/* NULL; 20.11: -1 */
	INT(exit_code,            NEEDED, false,   0),
	INT(flags,                NEEDED, false,   0),
	INT(restart_cnt,          false,  false,   -1),	/* since 24.11 */
	INT(id_user,              NEEDED, WATCHED, 0),
	INT(id_group,             NEEDED, false,   0),
	INT(id_assoc,             NEEDED, WATCHED, 0),
	INT(id_qos,               NEEDED, WATCHED, 0),
	INT(id_resv,              NEEDED, WATCHED, 0),
	INT(cpus_req,             NEEDED, false,   0),
	INT(nodes_alloc,          NEEDED, false,   0),
	INT(priority,             NEEDED, false,   0),
	INT(timelimit,            NEEDED, WATCHED, 0),
	INT(time_submit,          NEEDED, WATCHED, 0),
	INT(time_eligible,        NEEDED, false,   0),
	INT(time_start,           NEEDED, WATCHED, 0),
	INT(time_end,             NEEDED, WATCHED, 0),
	INT(time_suspended,       NEEDED, WATCHED, 0),
	UNSIGNED(mem_req,         false,  false),
	UNSIGNED(script_hash_inx, false,  false),	/* since 21.08 */
	UNSIGNED(env_hash_inx,    false,  false),	/* since 21.08 */
	TEXT(account,             NEEDED, WATCHED),
	TEXT(admin_comment,       false,  false),
	TEXT(constraints,         false,  false),
	TEXT(derived_es,          false,  false),
	TEXT(job_name,            NEEDED, WATCHED),
	TEXT(licenses,            false,  false),	/* since 24.11 */
	TEXT(nodelist,            NEEDED, false),
	TEXT(partition,           NEEDED, WATCHED),
	TEXT(std_err,             false,  false),	/* since 24.05 */
	TEXT(std_in,              false,  false),
	TEXT(std_out,             false,  false),
	TEXT(submit_line,         false,  false),	/* since 21.08 */
	TEXT(tres_alloc,          NEEDED, false),
	TEXT(tres_req,            NEEDED, false),
	TEXT(wckey,               false,  false),
	TEXT(work_dir,            NEEDED, false),
};
/* clang-format on */
const size_t job_n_columns = LENGTH(job_columns);

const int job_sent_signals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGKILL,
				SIGUSR1, SIGUSR2, SIGALRM, SIGTERM};
const size_t job_n_sent_signals = LENGTH(job_sent_signals);

static int64_t *int_at(struct job *job, const struct job_column *column)
{
	return (int64_t *)(void *)((char *)job + column->offset);
}

static char **text_at(struct job *job, const struct job_column *column)
{
	return (char **)(void *)((char *)job + column->offset);
}

void job_init(struct job *job)
{
	size_t i;

	*job = (struct job){0};
	for (i = 0; i < job_n_columns; i++) {
		if (job_columns[i].type == JOB_INT)
			*int_at(job, &job_columns[i]) = job_columns[i].absent;
		else if (job_columns[i].type == JOB_TEXT)
			*text_at(job, &job_columns[i]) = mem_strdup("");
	}
}

void job_finish(struct job *job)
{
	size_t i;

	if (!job)
		return;
	for (i = 0; i < job_n_columns; i++)
		if (job_columns[i].type == JOB_TEXT)
			free(*text_at(job, &job_columns[i]));
	*job = (struct job){0};
}

void job_copy(const struct job *from, struct job *to)
{
	size_t i;

	*to = *from;
	for (i = 0; i < job_n_columns; i++)
		if (job_columns[i].type == JOB_TEXT)
			*text_at(to, &job_columns[i]) =
				mem_strdup(*text_at(to, &job_columns[i]));
}

void job_list_take(struct job *job, void *list)
{
	struct job_list *jobs = list;

	jobs->jobs = mem_grow(jobs->jobs, &jobs->cap, jobs->n + 1,
			      sizeof(*jobs->jobs));
	jobs->jobs[jobs->n++] = *job;
}

void job_list_free(struct job_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		job_finish(&list->jobs[i]);
	free(list->jobs);
	*list = (struct job_list){0};
}

/* Unsigned 64-bit numbers go in as text: neither JSON's readers nor jansson
 * keep them whole. */
static json_t *json_value(const struct job *job,
			  const struct job_column *column)
{
	const char *at = (const char *)job + column->offset;
	char number[24];

	switch (column->type) {
	case JOB_INT:
		return json_integer(*(const int64_t *)(const void *)at);
	case JOB_UNSIGNED:
		snprintf(number, sizeof(number), "%" PRIu64,
			 *(const uint64_t *)(const void *)at);
		return json_string(number);
	case JOB_TEXT:
		break;
	}
	return json_string(*(char *const *)(const void *)at);
}

static char *columns_json(const struct job *job, bool watched_only)
{
	json_t *object = json_object();
	autofree char *dumped = NULL;
	size_t i;

	for (i = 0; i < job_n_columns; i++)
		if (!watched_only || job_columns[i].watched)
			json_object_set_new(object, job_columns[i].name,
					    json_value(job, &job_columns[i]));
	dumped = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return mem_strdup(dumped ? dumped : "{}");
}

char *job_json(const struct job *job)
{
	return columns_json(job, false);
}

char *job_watched_json(const struct job *job)
{
	return columns_json(job, true);
}

uint64_t job_hash(const struct job *job)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES] = {0};
	autotext struct text bytes = {0};
	uint64_t hash = 0;
	size_t i;

	for (i = 0; i < job_n_columns; i++) {
		const char *at = (const char *)job + job_columns[i].offset;

		if (job_columns[i].type != JOB_TEXT) {
			text_add_bytes(&bytes, at, sizeof(int64_t));
			continue;
		}
		at = *(char *const *)(const void *)at;
		text_add_bytes(&bytes, at, strlen(at) + 1);
	}
	crypto_shorthash((unsigned char *)&hash, (unsigned char *)bytes.s,
			 bytes.len, key);
	return hash;
}

static void set_value(struct job *job, const struct job_column *column,
		      const json_t *value)
{
	const char *text = json_string_value(value);

	if (column->type == JOB_INT && json_is_integer(value)) {
		*int_at(job, column) = json_integer_value(value);
	} else if (column->type == JOB_UNSIGNED && text) {
		*(uint64_t *)(void *)((char *)job + column->offset) =
			strtoull(text, NULL, 10);
	} else if (column->type == JOB_TEXT && text) {
		free(*text_at(job, column));
		*text_at(job, column) = mem_strdup(text);
	}
}

int job_from_json(const char *json, struct job *job)
{
	json_t *object = json_loads(json, 0, NULL);
	size_t i;

	job_init(job);
	for (i = 0; json_is_object(object) && i < job_n_columns; i++)
		set_value(job, &job_columns[i],
			  json_object_get(object, job_columns[i].name));
	i = json_is_object(object);
	json_decref(object);
	return i ? 0 : -1;
}

bool job_is_settled(const struct job *job, int64_t now_s)
{
	int64_t age_s = when_between(job->mod_time, now_s);

	if (job->time_end <= 0 || !job->partition[0])
		return false;
	/* Negative after a leap of the clock: then there is no telling. */
	return !job_is_array_rest(job) || age_s < 0 || age_s >= ARRAY_SETTLES_S;
}

bool job_was_pending(const struct job *job)
{
	return !job->nodelist[0] || strcmp(job->nodelist, NO_NODES) == 0;
}

int64_t job_root_id(const struct job *job)
{
	if (job->id_array_job > 0)
		return job->id_array_job;
	if (job->het_job_id > 0)
		return job->het_job_id;
	return job->id_job;
}

char *job_id_text(const struct job *job)
{
	autofree char *tasks = NULL;
	int64_t n;

	if (job->het_job_id > 0 && job->het_job_offset < JOB_NO_VAL)
		return mem_printf("%" PRId64 "+%" PRId64, job->het_job_id,
				  job->het_job_offset);
	if (job->id_array_job <= 0)
		return mem_printf("%" PRId64, job->id_job);
	if (job->id_array_task < JOB_NO_VAL)
		return mem_printf("%" PRId64 "_%" PRId64, job->id_array_job,
				  job->id_array_task);
	tasks = job_tasks_text(job->array_task_str, &n);
	return mem_printf("%" PRId64 "_[%s]", job->id_array_job, tasks);
}

char *job_tasks_text(const char *array_task_str, int64_t *n)
{
	autotasks struct tasks tasks = {0};

	if (tasks_parse(&tasks, array_task_str))
		return tasks_text(&tasks, n);
	*n = 1;
	return mem_strdup("?");
}

bool job_is_array_rest(const struct job *job)
{
	return job->id_array_job > 0 && job->id_array_task >= JOB_NO_VAL;
}

int64_t job_count(const struct job *job)
{
	int64_t n = 1;

	if (job_is_array_rest(job))
		free(job_tasks_text(job->array_task_str, &n));
	return n;
}

void job_remove_tasks(struct job *job, const int64_t *tasks, size_t n)
{
	autotasks struct tasks rest = {0};
	int64_t left;
	size_t i;

	if (!tasks_parse(&rest, job->array_task_str))
		return;
	for (i = 0; i < n; i++)
		tasks_remove(&rest, tasks[i]);
	free(job->array_task_str);
	job->array_task_str = tasks_text(&rest, &left);
}

int64_t job_tres_count(const char *tres, int64_t id)
{
	const char *s = tres;
	int64_t key, value;
	char *end;

	while (*s) {
		key = strtoll(s, &end, 10);
		if (end == s || *end != '=')
			return -1;
		errno = 0;
		s = end + 1;
		value = strtoll(s, &end, 10);
		/* Slurm writes 2^64-2 for a count it does not know. */
		if (key == id)
			return errno || end == s || value < 0 ? -1 : value;
		s = end + (*end == ',');
		if (*end && *end != ',')
			return -1;
	}
	return -1;
}

const char *job_state_name(int64_t state)
{
	static const char *const base[] = {
		"PENDING",   "RUNNING",   "SUSPENDED", "COMPLETED",
		"CANCELLED", "FAILED",    "TIMEOUT",   "NODE_FAIL",
		"PREEMPTED", "BOOT_FAIL", "DEADLINE",  "OUT_OF_MEMORY",
	};

	if (state & JOB_STATE_REQUEUE)
		return "REQUEUED";
	if (state & 8192)
		return "RESIZING";
	state &= JOB_STATE_BASE;
	return state < (int64_t)LENGTH(base) ? base[state] : "UNKNOWN";
}
