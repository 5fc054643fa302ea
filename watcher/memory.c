/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/memory.h"

#include "lib/mem.h"

#include <jansson.h>

void memory_init(struct memory *memory)
{
	*memory = (struct memory){.timelimit = -1, .kill_requid = -1};
	job_init(&memory->row);
	job_init(&memory->end);
}

void memory_finish(struct memory *memory)
{
	job_finish(&memory->row);
	job_finish(&memory->end);
	free(memory->partition);
	free(memory->account);
	tasks_free(&memory->missing);
	tasks_free(&memory->newly_missing);
	*memory = (struct memory){0};
}

bool memory_is_half(const struct memory *memory)
{
	return !memory->row.partition[0];
}

static void set_text(char **slot, const char *text)
{
	free(*slot);
	*slot = mem_strdup(text);
}

static void see_place(struct memory *memory, const struct job *job)
{
	set_text(&memory->partition, job->partition);
	set_text(&memory->account, job->account);
	memory->id_qos = job->id_qos;
	memory->id_resv = job->id_resv;
}

static void see_timelimit(struct memory *memory, const struct job *job)
{
	/* A half row has 0; none set is no promise. */
	if (job->timelimit <= 0 || job->timelimit == JOB_NO_VAL ||
	    job->timelimit == MEMORY_YEAR_MIN)
		return;
	if (job->timelimit > memory->timelimit)
		memory->timelimit = job->timelimit;
}

/* Tasks that were pending and are not any more may have started: their rows
 * will tell. */
static void see_tasks(struct memory *memory, const struct job *job)
{
	autotasks struct tasks now = {0};
	autotasks struct tasks left = {0};

	if (!job_is_array_rest(&memory->row) ||
	    !tasks_parse(&left, memory->row.array_task_str))
		return;
	if (!job_is_array_rest(job))
		/* The last task takes over the row. */
		tasks_add(&now, job->id_array_task);
	else if (!tasks_parse(&now, job->array_task_str))
		return;
	tasks_subtract(&left, &now);
	tasks_subtract(&left, &memory->missing);
	tasks_join(&memory->newly_missing, &left);
}

static void see_end(struct memory *memory, const struct job *job)
{
	if (memory->end.job_db_inx || !job->partition[0] || !job->time_end ||
	    (job->state & JOB_STATE_BASE) != JOB_STATE_CANCELLED ||
	    job->kill_requid < 0)
		return;
	job_finish(&memory->end);
	job_copy(job, &memory->end);
}

/* CANCELLED comes first, alone, and the end and the requester a moment later
 * (doc/slurm-facts.md). */
static bool is_ending(const struct job *job)
{
	return (job->state & JOB_STATE_BASE) == JOB_STATE_CANCELLED;
}

/* What is there while a job waits or runs is left over from a time when its row
 * said that it had ended (doc/slurm-facts.md). */
static void see_requester(struct memory *memory, const struct job *job)
{
	if (memory->kill_requid < 0 && (job->time_end > 0 || is_ending(job)))
		memory->kill_requid = job->kill_requid;
}

void memory_see_end(struct memory *memory, const struct job *job)
{
	see_tasks(memory, job);
	see_end(memory, job);
	see_requester(memory, job);
}

/* The state of a suspended job becomes CANCELLED before anything else of its
 * row does (doc/slurm-facts.md): that says nothing of this. */
static void see_suspension(struct memory *memory, const struct job *job)
{
	int64_t state = job->state & JOB_STATE_BASE;

	if (state == JOB_STATE_SUSPENDED)
		memory->suspended = true;
	else if (state != JOB_STATE_CANCELLED)
		memory->suspended = false;
}

void memory_see(struct memory *memory, const struct job *job, bool is_protected)
{
	bool is_known = memory->row.job_db_inx != 0;
	int64_t alive = memory->row.state;

	see_timelimit(memory, job);
	if (is_protected)
		see_place(memory, job);
	see_suspension(memory, job);
	memory_see_end(memory, job);
	job_finish(&memory->row);
	job_copy(job, &memory->row);
	if (is_known && is_ending(job))
		memory->row.state = alive;
}

char *memory_json(const struct memory *memory)
{
	autofree char *row = job_watched_json(&memory->row);
	autofree char *end = job_json(&memory->end);
	autofree char *dumped = NULL;
	autofree char *missing = NULL;
	autofree char *newly = NULL;
	json_t *object;
	int64_t n;

	missing = tasks_text(&memory->missing, &n);
	newly = tasks_text(&memory->newly_missing, &n);
	object = json_pack("{s:o, s:s?, s:s?, s:I, s:I, s:I, s:I, s:s, s:I, "
			   "s:s}",
			   "row", json_loads(row, 0, NULL), "partition",
			   memory->partition, "account", memory->account,
			   "id_qos", (json_int_t)memory->id_qos, "id_resv",
			   (json_int_t)memory->id_resv, "timelimit",
			   (json_int_t)memory->timelimit, "kill_requid",
			   (json_int_t)memory->kill_requid, "missing", missing,
			   "missing_s", (json_int_t)memory->missing_s,
			   "newly_missing", newly);
	if (memory->suspended)
		json_object_set_new(object, "suspended", json_true());
	if (memory->end.job_db_inx)
		json_object_set_new(object, "end", json_loads(end, 0, NULL));
	dumped = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return mem_strdup(dumped ? dumped : "{}");
}

/* Reads the row kept under `key`, if there is one, into *job. */
static int row_of(const json_t *object, const char *key, struct job *job)
{
	const json_t *row = json_object_get(object, key);
	autofree char *text = row ? json_dumps(row, JSON_COMPACT) : NULL;

	if (!text)
		return -1;
	job_finish(job);
	return job_from_json(text, job);
}

static void tasks_of(const json_t *object, const char *key, struct tasks *tasks)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (text && text[0])
		tasks_parse(tasks, text);
}

static int64_t int_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? mem_strdup(text) : NULL;
}

/* Version 1 remembered nothing but the row of a protected job. */
static int from_row(const char *json, struct memory *memory)
{
	struct job row;
	int rc = job_from_json(json, &row);

	memory_see(memory, &row, row.partition[0] != '\0');
	job_finish(&row);
	return rc;
}

int memory_from_json(const char *json, struct memory *memory)
{
	json_t *object = json_loads(json, 0, NULL);

	memory_init(memory);
	if (row_of(object, "row", &memory->row) < 0) {
		json_decref(object);
		return from_row(json, memory);
	}
	row_of(object, "end", &memory->end);
	memory->suspended = json_is_true(json_object_get(object, "suspended"));
	memory->partition = text_of(object, "partition");
	memory->account = text_of(object, "account");
	memory->id_qos = int_of(object, "id_qos");
	memory->id_resv = int_of(object, "id_resv");
	memory->timelimit = int_of(object, "timelimit");
	memory->kill_requid = int_of(object, "kill_requid");
	memory->missing_s = int_of(object, "missing_s");
	tasks_of(object, "missing", &memory->missing);
	tasks_of(object, "newly_missing", &memory->newly_missing);
	json_decref(object);
	return 0;
}
