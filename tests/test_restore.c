/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plays tests/restore.cases. */
#include "lib/mem.h"
#include "tests/restore_scene.h"

#include <inttypes.h>

#define MEMBERS_MAX 8

struct a_case {
	char *name;
	char *facts;    /* of its members, " & " between them */
	char *expected; /* plans, a line each, their commands below */
	int line;
};

static struct a_case cases[1000];
static int n_cases;

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
