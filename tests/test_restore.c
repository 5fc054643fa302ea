/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plays tests/restore.cases. */
#include "lib/mem.h"
#include "tests/unit.h"
#include "watcher/restore.h"

#include <inttypes.h>

#define MEMBERS_MAX 8
#define TRES_MAX 8

struct a_case {
	char *name;
	char *facts;    /* of its members, " & " between them */
	char *expected; /* plans, a line each, their commands below */
	int line;
};

static struct a_case cases[1000];
static int n_cases;

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

static void untilde(char *text)
{
	while ((text = strchr(text, '~')))
		*text = ' ';
}

static void set_text(char **text, const char *value)
{
	free(*text);
	*text = mem_strdup(value);
	untilde(*text);
}

static bool set_column(struct job *job, const char *name, const char *value)
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

static bool set_field(struct incident *incident, const char *name,
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

static void scene_init(struct scene *scene)
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

static void scene_finish(struct scene *scene)
{
	incident_finish(&scene->incident);
	job_finish(&scene->job);
	free(scene->words);
	free(scene->script_text);
}

/* slurmctld=forgot, or words of a job that was cancelled: running, pending,
 * suspended, completed, completing, held, no-requeue, interactive, other-user,
 * later, ended:TIME */
static void set_slurmctld(struct scene *scene, char *value)
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
	     word = strtok_r(NULL, ",", &save)) {
		if (strcmp(word, "running") == 0)
			job->state = JOB_STATE_RUNNING;
		else if (strcmp(word, "pending") == 0)
			job->state = JOB_STATE_PENDING;
		else if (strcmp(word, "suspended") == 0)
			job->state = JOB_STATE_SUSPENDED;
		else if (strcmp(word, "completed") == 0)
			job->state = JOB_STATE_COMPLETED;
		else if (strcmp(word, "failed") == 0)
			job->state = JOB_STATE_FAILED;
		else if (strcmp(word, "timeout") == 0)
			job->state = JOB_STATE_TIMEOUT;
		else if (strcmp(word, "completing") == 0)
			job->state |= 0x8000;
		else if (strcmp(word, "held") == 0)
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
		else if (strcmp(word, "cancelled") != 0)
			ck_abort_msg("slurmctld does not say %s", word);
	}
}

/* tres=1001:gres/gpu,1002:license/matlab */
static void set_tres(struct scene *scene, char *value)
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
static void set_script(struct scene *scene, char *value)
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

static void set_fact(struct scene *scene, const char *name, char *value)
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
static void set_word(struct scene *scene, char *word)
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

static void scene_set(struct scene *scene, const char *facts)
{
	char *save = NULL;
	char *word;

	scene->words = mem_strdup(facts);
	for (word = strtok_r(scene->words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		set_word(scene, word);
}

static const char *const ways[RESTORE_N] = {
	[RESTORE_REQUEUE] = "requeue", [RESTORE_RESUBMIT] = "resubmit",
	[RESTORE_RELEASE] = "release", [RESTORE_BY_HAND] = "by-hand",
	[RESTORE_ALREADY] = "already",
};
static const char *const fidelities[RESTORE_FIDELITY_N] = {
	[RESTORE_EXACT] = "exact",
	[RESTORE_SCRIPT_OPTIONS_ENVIRONMENT] = "script+options+environment",
	[RESTORE_SCRIPT_OPTIONS] = "script+options",
	[RESTORE_NOTHING] = "nothing",
};

/* As restore.cases has it. */
static void add_plan(struct text *out, const struct restore_plan *plan)
{
	autofree char *command = restore_command(plan);
	size_t i;

	text_addf(out, "%s %s", ways[plan->way], fidelities[plan->fidelity]);
	if (plan->possible_until_s)
		text_addf(out, " until %" PRId64, plan->possible_until_s);
	if (plan->n_members > 1)
		text_addf(out, " of %zu", plan->n_members);
	text_add(out, "\n");
	if (command)
		text_addf(out, "\t%s\n", command);
	ck_assert_int_eq(command != NULL, plan->n_steps > 0);
	ck_assert_ptr_nonnull(plan->why);
	ck_assert_int_eq(plan->remedy != NULL, plan->way == RESTORE_BY_HAND);
	for (i = 0; i < plan->n_steps; i++)
		ck_assert_str_eq(plan->steps[i].user,
				 strcmp(plan->steps[i].argv[0], "runuser") == 0
					 ? "root"
					 : "operator");
}

START_TEST(plan_of_a_case)
{
	const struct a_case *a_case = &cases[_i];
	struct scene scenes[MEMBERS_MAX] = {0};
	struct restore_facts facts[MEMBERS_MAX];
	struct restore_plan *plans;
	autofree char *copy = mem_strdup(a_case->facts);
	autotext struct text got = {0};
	char *at = copy;
	size_t n_members = 0, n, i;

	while (at) {
		char *next = strstr(at, " & ");

		if (next)
			*next = '\0';
		ck_assert_uint_lt(n_members, MEMBERS_MAX);
		scene_init(&scenes[n_members]);
		scene_set(&scenes[n_members], at);
		facts[n_members] = scenes[n_members].facts;
		n_members++;
		at = next ? next + 3 : NULL;
	}
	restore_plan_event(facts, n_members, &plans, &n);
	for (i = 0; i < n; i++)
		add_plan(&got, &plans[i]);
	ck_assert_msg(strcmp(got.s, a_case->expected) == 0,
		      "restore.cases:%d: %s: expected\n%sgot\n%s", a_case->line,
		      a_case->name, a_case->expected, got.s);
	restore_plans_free(plans, n);
	for (i = 0; i < n_members; i++)
		scene_finish(&scenes[i]);
}
END_TEST

/* Notes are for people: that there is one of such a word. */
static const struct {
	const char *facts;
	const char *word;
} notes[] = {
	{"script slurmctld=forgot", "priority"},
	{"script slurmctld=forgot", "login"},
	{"script=unreadable slurmctld=forgot", "could not be read"},
	{"script slurmctld=forgot submit_line=sbatch~job.sh~in~out",
	 "may be arguments of its script, which do not come back: in out"},
	{"script=--wait slurmctld=forgot", "--wait"},
	{"script=--hold slurmctld=forgot", "--hold"},
	{"script=--mem=50M slurmctld=forgot mem_req=0x8000000000000014",
	 "--mem-per-cpu=20M"},
	{"script slurmctld=forgot tres_req=1=1,1009=2", "1009=2"},
	{"script slurmctld=forgot id_array_job=7 id_array_task=2",
	 "SLURM_ARRAY_TASK_COUNT"},
	{"script slurmctld=forgot id_resv=3", "reservation whose name"},
	{"script slurmctld=forgot work_dir=/a`b", "double quote"},
	{"slurmctld=cancelled,held", "scontrol release"},
	{"slurmctld=timeout incident.kind=limit-cut timelimit=1",
	 "first time limit is not known"},
	{"slurmctld=cancelled time_eligible=9000", "time at which"},
};

START_TEST(note_of_a_plan)
{
	struct scene scene = {0};
	struct restore_plan plan;
	bool found = false;
	size_t i;

	scene_init(&scene);
	scene_set(&scene, notes[_i].facts);
	plan = restore_plan(&scene.facts);
	for (i = 0; i < plan.notes.n; i++)
		found |= strstr(plan.notes.items[i], notes[_i].word) != NULL;
	ck_assert_msg(found, "%s: no note has '%s'", notes[_i].facts,
		      notes[_i].word);
	restore_plan_finish(&plan);
	scene_finish(&scene);
}
END_TEST

/* What carries a plan out relies on its steps, not on the command. */
START_TEST(steps)
{
	struct scene scene = {0};
	struct restore_plan plan;

	scene_init(&scene);
	scene_set(&scene, "slurmctld=completing id_array_job=7 "
			  "array_task_str=0x38");
	plan = restore_plan(&scene.facts);
	ck_assert_uint_eq(plan.n_steps, 3);
	ck_assert_int_gt(plan.steps[0].wait_s, 0);
	ck_assert(plan.steps[1].may_fail);
	ck_assert(!plan.steps[2].may_fail);
	ck_assert_str_eq(plan.tasks, "3-5");
	restore_plan_finish(&plan);
	scene_finish(&scene);
	scene = (struct scene){0};
	scene_init(&scene);
	scene_set(&scene, "slurmctld=forgot script environment_file=/s/env");
	plan = restore_plan(&scene.facts);
	ck_assert_uint_eq(plan.n_steps, 1);
	ck_assert_str_eq(plan.steps[0].input, "/s/abc");
	ck_assert_str_eq(plan.steps[0].environment, "/s/env");
	restore_plan_finish(&plan);
	scene_finish(&scene);
}
END_TEST

/* Many tasks of an array, each an incident: one plan, and soon. */
START_TEST(many_tasks)
{
	static struct scene scenes[5000];
	static struct restore_facts facts[LENGTH(scenes)];
	struct restore_plan *plans;
	size_t n, i;

	for (i = 0; i < LENGTH(scenes); i++) {
		scene_init(&scenes[i]);
		scene_set(&scenes[i], "slurmctld=cancelled id_array_job=7");
		scenes[i].job.id_array_task = (int64_t)i;
		facts[i] = scenes[i].facts;
	}
	restore_plan_event(facts, LENGTH(scenes), &plans, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(plans[0].n_members, LENGTH(scenes));
	ck_assert_str_eq(plans[0].tasks, "0-4999");
	restore_plans_free(plans, n);
	for (i = 0; i < LENGTH(scenes); i++)
		scene_finish(&scenes[i]);
}
END_TEST

static void bad_case(int line)
{
	fprintf(stderr, "restore.cases:%d: not a case\n", line);
	exit(2);
}

static void append(char **text, const char *more)
{
	char *longer = mem_printf("%s%s\n", *text, more);

	free(*text);
	*text = longer;
}

/* "NAME: FACTS => PLAN", or below it a tab and more of what is expected. */
static void add_line(char *text, int line)
{
	char *facts = strstr(text, ": ");
	char *plan = strstr(text, " => ");

	if (text[0] == '\t') {
		if (!n_cases)
			bad_case(line);
		append(&cases[n_cases - 1].expected,
		       strncmp(text, "\t=> ", 4) == 0 ? text + 4 : text);
		return;
	}
	if (!facts || !plan || plan < facts || n_cases == (int)LENGTH(cases))
		bad_case(line);
	*facts = *plan = '\0';
	cases[n_cases++] = (struct a_case){
		.name = mem_strdup(text),
		.facts = mem_strdup(facts + 2),
		.expected = mem_printf("%s\n", plan + 4),
		.line = line,
	};
}

static void read_cases(void)
{
	autofree char *path = mem_printf("%s/tests/restore.cases",
					 getenv("WATCHER_SOURCE_ROOT"));
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t cap = 0;
	int line = 0;

	if (!file) {
		perror(path);
		exit(2);
	}
	while (getline(&text, &cap, file) > 0) {
		line++;
		text[strcspn(text, "\n")] = '\0';
		if (text[0] && text[0] != '#')
			add_line(text, line);
	}
	free(text);
	fclose(file);
}

int main(void)
{
	TCase *tcase = tcase_create("restore");
	int code, i;

	read_cases();
	tcase_add_loop_test(tcase, plan_of_a_case, 0, n_cases);
	tcase_add_loop_test(tcase, note_of_a_plan, 0, LENGTH(notes));
	tcase_add_test(tcase, steps);
	tcase_add_test(tcase, many_tasks);
	code = unit_run("restore", tcase);
	for (i = 0; i < n_cases; i++) {
		free(cases[i].name);
		free(cases[i].facts);
		free(cases[i].expected);
	}
	return code;
}
