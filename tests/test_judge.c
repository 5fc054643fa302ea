/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plays tests/judge.cases. */
#include "lib/mem.h"
#include "tests/unit.h"
#include "watcher/judge.h"

#include <inttypes.h>

struct a_case {
	char *name;
	char *row;
	char *verdict;
	int line;
};

static struct a_case cases[1000];
static int n_cases;

static void set_column(struct job *job, const char *name, const char *value)
{
	size_t i;
	char *tilde;

	for (i = 0; i < job_n_columns; i++) {
		const struct job_column *column = &job_columns[i];
		char *at = (char *)job + column->offset;

		if (strcmp(column->name, name) != 0)
			continue;
		if (column->type != JOB_TEXT) {
			*(int64_t *)(void *)at = strtoll(value, NULL, 10);
			return;
		}
		free(*(char **)(void *)at);
		*(char **)(void *)at = mem_strdup(value);
		while ((tilde = strchr(*(char **)(void *)at, '~')))
			*tilde = ' ';
		return;
	}
	ck_abort_msg("no column %s", name);
}

static void set_columns(struct job *job, const char *row)
{
	autofree char *copy = mem_strdup(row);
	char *save = NULL;
	char *word;

	for (word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		char *value = strchr(word, '=');

		ck_assert_msg(value, "'%s' is not COLUMN=VALUE", word);
		*value++ = '\0';
		set_column(job, word, value);
	}
}

/* A job, what is known beyond its row, and room for what the facts point to. */
struct scene {
	struct job job;
	struct memory memory;
	struct slurmctld_job slurmctld;
	struct judge_facts facts;
};

static void scene_init(struct scene *scene)
{
	static const char usual[] =
		"state=3 id_user=1001 partition=critical nodelist=n1 "
		"time_submit=100 time_start=101 time_end=104 mod_time=104 "
		"priority=1 timelimit=60";

	job_init(&scene->job);
	memory_init(&scene->memory);
	set_columns(&scene->job, usual);
	set_columns(&scene->memory.row, usual);
	set_columns(&scene->memory.row,
		    "state=1 time_end=0 mod_time=101 kill_requid=-1");
	scene->facts = (struct judge_facts){
		.job = &scene->job,
		.protection = PROTECTED_NOW,
		.asked_min = -1,
		.now_s = 100000,
	};
}

static void scene_finish(struct scene *scene)
{
	job_finish(&scene->job);
	memory_finish(&scene->memory);
}

/* slurmctld=forgot, or STATE/SUBMITTED/BOOTED[/WHY] */
static void set_word(struct scene *scene, const char *value)
{
	struct slurmctld_job *job = &scene->slurmctld;

	scene->facts.slurmctld = job;
	scene->facts.can_ask = true;
	job->known = strcmp(value, "forgot") != 0;
	job->uid = 1001;
	if (job->known)
		ck_assert_int_ge(sscanf(value,
					"%" SCNd64 "/%" SCNd64 "/%" SCNd64
					"/%31s",
					&job->state, &job->submitted,
					&job->booted, job->why),
				 3);
}

static void set_protection(struct scene *scene, const char *value)
{
	static const char *const words[] = {
		[PROTECTED_NOW] = "now",
		[PROTECTED_BEFORE] = "before",
		[PROTECTED_ASKED] = "asked",
	};
	size_t i;

	for (i = 0; i < LENGTH(words); i++) {
		if (strcmp(words[i], value) == 0) {
			scene->facts.protection = (enum judge_protection)i;
			return;
		}
	}
	ck_abort_msg("no protection %s", value);
}

static void set_memory(struct scene *scene, const char *name, const char *value)
{
	struct memory *memory = &scene->memory;

	scene->facts.memory = memory;
	if (strcmp(name, "seen") == 0)
		return;
	if (strncmp(name, "seen.", 5) == 0) {
		set_column(&memory->row, name + 5, value);
	} else if (strcmp(name, "memory.partition") == 0) {
		free(memory->partition);
		memory->partition = mem_strdup(value);
	} else if (strcmp(name, "memory.suspended") == 0) {
		memory->suspended = true;
	} else if (strcmp(name, "memory.timelimit") == 0) {
		memory->timelimit = strtoll(value, NULL, 10);
	} else if (strcmp(name, "memory.kill_requid") == 0) {
		memory->kill_requid = strtoll(value, NULL, 10);
	} else {
		ck_abort_msg("no fact %s", name);
	}
}

static void set_fact(struct scene *scene, const char *name, const char *value)
{
	struct judge_facts *facts = &scene->facts;
	int64_t number = strtoll(value, NULL, 10);

	if (strcmp(name, "slurmctld") == 0) {
		set_word(scene, value);
	} else if (strcmp(name, "protection") == 0) {
		set_protection(scene, value);
	} else if (strcmp(name, "witness") == 0) {
		facts->witness = (struct judge_witness){true, number, false};
	} else if (strcmp(name, "earlier_killed") == 0) {
		facts->earlier_killed = number != 0;
	} else if (strcmp(name, "has_successor") == 0) {
		facts->has_successor = number != 0;
	} else if (strcmp(name, "was_requeued") == 0) {
		facts->was_requeued = number != 0;
	} else if (strcmp(name, "can_ask") == 0) {
		facts->can_ask = number != 0;
	} else if (strcmp(name, "step_killed") == 0) {
		facts->step_killed_s = number;
	} else if (strcmp(name, "asked") == 0) {
		facts->asked_min = number;
	} else if (strcmp(name, "now") == 0) {
		facts->now_s = number;
	} else {
		set_memory(scene, name, value);
	}
}

static void set_facts(struct scene *scene, const char *text)
{
	autofree char *copy = mem_strdup(text);
	char *save = NULL;
	char *word;

	for (word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		char *value = strchr(word, '=');

		if (value)
			*value++ = '\0';
		set_fact(scene, word, value ? value : "1");
	}
}

static char *verdict_text(const struct verdict *verdict)
{
	switch (verdict->outcome) {
	case JUDGE_NOTHING:
		return mem_strdup("nothing");
	case JUDGE_WAIT:
		return mem_strdup("wait");
	case JUDGE_ASK:
		return mem_strdup("ask");
	case JUDGE_NOT_OWNER:
		return mem_printf("not-owner %" PRId64, verdict->uid);
	case JUDGE_INCIDENT:
		break;
	}
	return mem_printf("%s %s %s %" PRId64, incident_kinds[verdict->kind],
			  incident_confidences[verdict->confidence],
			  incident_phases[verdict->phase], verdict->tasks);
}

START_TEST(verdict_of_a_case)
{
	const struct a_case *a_case = &cases[_i];
	autofree char *row = mem_strdup(a_case->row);
	autofree char *got = NULL;
	struct verdict verdict;
	struct scene scene = {0};
	char *facts = strstr(row, " | ");

	scene_init(&scene);
	if (facts) {
		*facts = '\0';
		set_facts(&scene, facts + 3);
	}
	set_columns(&scene.job, row);
	judge(&scene.facts, &verdict);
	got = verdict_text(&verdict);
	ck_assert_msg(strcmp(got, a_case->verdict) == 0,
		      "judge.cases:%d: %s: expected '%s', got '%s'",
		      a_case->line, a_case->name, a_case->verdict, got);
	scene_finish(&scene);
}
END_TEST

static char *reason_of(const char *row, const char *facts)
{
	struct scene scene = {0};
	struct verdict verdict;
	char *reason;

	scene_init(&scene);
	set_columns(&scene.job, "id_job=7");
	set_columns(&scene.job, row);
	set_facts(&scene, facts);
	judge(&scene.facts, &verdict);
	ck_assert_int_eq(verdict.outcome, JUDGE_INCIDENT);
	reason = judge_reason(&verdict, &scene.facts, "alice");
	scene_finish(&scene);
	return reason;
}

START_TEST(sentence)
{
	static const struct {
		const char *row;
		const char *facts;
		const char *reason;
	} sentences[] = {
		{"state=4 kill_requid=1001", "",
		 "alice (uid 1001) ended job 7 while it was running: "
		 "accounting shows it CANCELLED, and names the job's owner as "
		 "the one whose request ended it (kill_requid)."},
		{"state=4 kill_requid=1001 partition=open nodelist=",
		 "protection=before memory.partition=critical",
		 "alice (uid 1001) ended job 7 while it was pending: "
		 "accounting shows it CANCELLED and names the job's owner "
		 "(kill_requid), outside of what is protected, where it was "
		 "seen before (first critical, then open)."},
		{"state=6 timelimit=1", "memory.timelimit=60",
		 "job 7 of alice (uid 1001) was running when it was ended: it "
		 "ended at a time limit shorter than the one it had (60 min "
		 "before, 1 min then)."},
		{"state=5 exit_code=15", "witness=1001",
		 "alice (uid 1001) ended job 7 while it was running: its "
		 "script died of a signal that scancel can send (signal 15); "
		 "slurmctld's log names the owner."},
	};
	autofree char *reason =
		reason_of(sentences[_i].row, sentences[_i].facts);

	ck_assert_str_eq(reason, sentences[_i].reason);
}
END_TEST

/* "NAME: ROW => VERDICT" */
static void add_case(char *text, int line)
{
	char *row = strstr(text, ": ");
	char *verdict = strstr(text, " => ");

	if (!row || !verdict || verdict < row || n_cases == 1000) {
		fprintf(stderr, "judge.cases:%d: not a case\n", line);
		exit(2);
	}
	*row = *verdict = '\0';
	cases[n_cases++] = (struct a_case){
		.name = mem_strdup(text),
		.row = mem_strdup(row + 2),
		.verdict = mem_strdup(verdict + 4),
		.line = line,
	};
}

static void read_cases(void)
{
	autofree char *path = mem_printf("%s/tests/judge.cases",
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
			add_case(text, line);
	}
	free(text);
	fclose(file);
}

int main(void)
{
	TCase *tcase = tcase_create("judge");
	int code, i;

	read_cases();
	tcase_add_loop_test(tcase, verdict_of_a_case, 0, n_cases);
	tcase_add_loop_test(tcase, sentence, 0, 4);
	code = unit_run("judge", tcase);
	for (i = 0; i < n_cases; i++) {
		free(cases[i].name);
		free(cases[i].row);
		free(cases[i].verdict);
	}
	return code;
}
