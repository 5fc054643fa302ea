/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts about an incident, as tests/restore.cases writes them. */
#ifndef TESTS_RESTORE_SCENE_H
#define TESTS_RESTORE_SCENE_H

#include "lib/mem.h"
#include "tests/unit.h"
#include "watcher/restore.h"

#define TRES_MAX 8

/* A member: an incident, its row, and room for what the facts point to. */
struct scene {
	struct incident incident;
	struct job job;
	struct slurmctld_job slurmctld;
	struct restore_tres tres[TRES_MAX];
	struct restore_facts facts;
	char *words; /* what the facts point into */
	char *script_text;
};

static inline void untilde(char *text)
{
	while ((text = strchr(text, '~')))
		*text = ' ';
}

static inline void set_text(char **text, const char *value)
{
	free(*text);
	*text = mem_strdup(value);
	untilde(*text);
}

static inline bool set_column(struct job *job, const char *name,
			      const char *value)
{
	size_t i;

	for (i = 0; i < job_n_columns; i++) {
		const struct job_column *column = &job_columns[i];
		char *at = (char *)job + column->offset;

		if (strcmp(column->name, name) != 0)
			continue;
		if (column->type == JOB_TEXT)
			set_text((char **)(void *)at, value);
		else
			*(uint64_t *)(void *)at = strtoull(value, NULL, 0);
		return true;
	}
	return false;
}

static inline bool set_field(struct incident *incident, const char *name,
			     const char *value)
{
	const struct incident_field *field = incident_field(name);
	char *at;

	if (!field)
		return false;
	at = (char *)incident + field->offset;
	if (field->type == INCIDENT_TEXT)
		set_text((char **)(void *)at, value);
	else
		*(int64_t *)(void *)at = strtoll(value, NULL, 10);
	return true;
}

static inline void scene_init(struct scene *scene)
{
	static const char *const fields[][2] = {
		{"cluster", "lab"},    {"job_id", "7"},
		{"id_job", "7"},       {"root_id", "7"},
		{"uid", "1001"},       {"user", "alice"},
		{"account", "acc"},    {"partition", "critical"},
		{"qos", ""},           {"job_name", "j"},
		{"kind", "cancelled"}, {"phase", "running"},
		{"submitted", "1000"}, {"ended", "2000"},
		{"correction", ""},    {"part", ""},
	};
	static const char *const columns[][2] = {
		{"id_job", "7"},
		{"timelimit", "60"},
		{"time_start", "1001"},
		{"time_end", "2000"},
		{"work_dir", "/home/alice"},
		{"priority", "1"},
		{"cpus_req", "1"},
		{"tres_req", "1=1,4=1,5=1"},
		{"state", "4"},
	};
	size_t i;

	job_init(&scene->job);
	for (i = 0; i < LENGTH(fields); i++)
		set_field(&scene->incident, fields[i][0], fields[i][1]);
	for (i = 0; i < LENGTH(columns); i++)
		set_column(&scene->job, columns[i][0], columns[i][1]);
	scene->facts = (struct restore_facts){
		.incident = &scene->incident,
		.job = &scene->job,
		.environment = "NIL",
		.tres = scene->tres,
	};
}

static inline void scene_finish(struct scene *scene)
{
	incident_finish(&scene->incident);
	job_finish(&scene->job);
	free(scene->words);
	free(scene->script_text);
}

static const struct {
	const char *word;
	int64_t state;
} states[] = {
	{"pending", JOB_STATE_PENDING},     {"running", JOB_STATE_RUNNING},
	{"suspended", JOB_STATE_SUSPENDED}, {"completed", JOB_STATE_COMPLETED},
	{"cancelled", JOB_STATE_CANCELLED}, {"failed", JOB_STATE_FAILED},
	{"timeout", JOB_STATE_TIMEOUT},     {"completing", 4 | 0x8000},
};

static inline void say(struct slurmctld_job *job, const char *word)
{
	size_t i;

	for (i = 0; i < LENGTH(states); i++) {
		if (strcmp(word, states[i].word) == 0) {
			job->state = states[i].state;
			return;
		}
	}
	if (strcmp(word, "held") == 0)
		job->held = true;
	else if (strcmp(word, "no-requeue") == 0)
		job->requeue = false;
	else if (strcmp(word, "interactive") == 0)
		job->batch = false;
	else if (strcmp(word, "other-user") == 0)
		job->uid = 5;
	else if (strcmp(word, "later") == 0)
		job->submitted = 5000;
	else if (strncmp(word, "ended:", 6) == 0)
		job->ended = strtoll(word + 6, NULL, 10);
	else
		ck_abort_msg("slurmctld does not say %s", word);
}

/* slurmctld=forgot, or words of a job that was cancelled: a state, held,
 * no-requeue, interactive, other-user, later, ended:TIME */
static inline void set_slurmctld(struct scene *scene, char *value)
{
	struct slurmctld_job *job = &scene->slurmctld;
	char *save = NULL;
	char *word;

	scene->facts.slurmctld = job;
	if (strcmp(value, "forgot") == 0)
		return;
	*job = (struct slurmctld_job){
		.known = true,
		.batch = true,
		.requeue = true,
		.uid = 1001,
		.state = JOB_STATE_CANCELLED,
		.submitted = 1000,
	};
	for (word = strtok_r(value, ",", &save); word;
	     word = strtok_r(NULL, ",", &save))
		say(job, word);
}

/* tres=1001:gres/gpu,1002:license/matlab */
static inline void set_tres(struct scene *scene, char *value)
{
	char *save = NULL;
	char *word;

	for (word = strtok_r(value, ",", &save); word;
	     word = strtok_r(NULL, ",", &save)) {
		struct restore_tres *tres = &scene->tres[scene->facts.n_tres++];
		char *end;

		tres->id = strtoll(word, &end, 10);
		tres->name = end + 1;
	}
}

/* script, or script=--option~value;--option: its #SBATCH lines */
static inline void set_script(struct scene *scene, char *value)
{
	struct text text = {0};
	char *save = NULL;
	char *word;

	scene->facts.script = "/s/abc";
	if (strcmp(value, "unreadable") == 0)
		return;
	text_add(&text, "#!/bin/sh\n");
	for (word = strtok_r(value, ";", &save); word;
	     word = strtok_r(NULL, ";", &save)) {
		untilde(word);
		text_addf(&text, "#SBATCH %s\n", word);
	}
	text_add(&text, "sleep 1\n");
	scene->facts.script_len = text.len;
	scene->script_text = text_take(&text);
	scene->facts.script_text = scene->script_text;
}

static inline void set_fact(struct scene *scene, const char *name, char *value)
{
	struct restore_facts *facts = &scene->facts;
	int64_t number = strtoll(value, NULL, 10);

	if (strcmp(name, "slurmctld") == 0)
		set_slurmctld(scene, value);
	else if (strcmp(name, "script") == 0)
		set_script(scene, value);
	else if (strcmp(name, "tres") == 0)
		set_tres(scene, value);
	else if (strcmp(name, "was_requeued") == 0)
		facts->was_requeued = true;
	else if (strcmp(name, "user_gone") == 0)
		facts->user_gone = true;
	else if (strcmp(name, "partition_gone") == 0)
		facts->partition_gone = true;
	else if (strcmp(name, "now") == 0)
		facts->now_s = number;
	else if (strcmp(name, "min_job_age") == 0)
		facts->min_job_age_s = number;
	else if (strcmp(name, "first_timelimit") == 0)
		facts->first_timelimit_min = number;
	else if (strcmp(name, "reservation") == 0)
		facts->reservation = value;
	else if (strcmp(name, "environment_file") == 0)
		facts->environment_file = value;
	else if (strcmp(name, "environment") == 0)
		facts->environment = value;
	else if (strcmp(name, "slurm_conf") == 0)
		facts->slurm_conf = value;
	else if (strcmp(name, "commands") == 0)
		facts->commands = value;
	else if (strcmp(name, "clusters") == 0)
		facts->clusters = value;
	else
		ck_abort_msg("no fact %s", name);
}

/* A column, FIELD of the incident as incident.FIELD, or a fact. */
static inline void set_word(struct scene *scene, char *word)
{
	char *value = strchr(word, '=');
	bool is_known = true;

	if (value)
		*value++ = '\0';
	else
		value = word + strlen(word);
	if (strncmp(word, "incident.", 9) == 0)
		is_known = set_field(&scene->incident, word + 9, value);
	else if (!set_column(&scene->job, word, value))
		set_fact(scene, word, value);
	ck_assert_msg(is_known, "no field %s", word);
}

static inline void scene_set(struct scene *scene, const char *facts)
{
	char *save = NULL;
	char *word;

	scene->words = mem_strdup(facts);
	for (word = strtok_r(scene->words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		set_word(scene, word);
}

#endif
