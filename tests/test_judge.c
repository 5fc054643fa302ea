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

START_TEST(verdict_of_a_case)
{
	const struct a_case *a_case = &cases[_i];
	autofree char *got = mem_strdup("nothing");
	struct verdict verdict;
	struct job job;

	job_init(&job);
	set_columns(&job, "state=3 id_user=1001 partition=critical nodelist=n1 "
			  "time_submit=100 time_start=101 time_end=104");
	set_columns(&job, a_case->row);
	if (judge(&job, &verdict)) {
		free(got);
		got = mem_printf("%s %s %s %" PRId64,
				 incident_kinds[verdict.kind],
				 incident_confidences[verdict.confidence],
				 incident_phases[verdict.phase], verdict.tasks);
	}
	ck_assert_msg(strcmp(got, a_case->verdict) == 0,
		      "judge.cases:%d: %s: expected '%s', got '%s'",
		      a_case->line, a_case->name, a_case->verdict, got);
	job_finish(&job);
}
END_TEST

START_TEST(sentence)
{
	struct verdict verdict;
	struct job job;
	autofree char *reason = NULL;

	job_init(&job);
	set_columns(&job, "id_job=7 state=4 kill_requid=1001 id_user=1001 "
			  "partition=critical nodelist=n1 time_end=104");
	ck_assert(judge(&job, &verdict));
	reason = judge_reason(&verdict, &job, "alice");
	ck_assert_str_eq(reason,
			 "alice (uid 1001) ended job 7 while it was running: "
			 "accounting shows it CANCELLED, and names the job's "
			 "owner as the one whose request ended it "
			 "(kill_requid).");
	job_finish(&job);
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
	tcase_add_test(tcase, sentence);
	code = unit_run("judge", tcase);
	for (i = 0; i < n_cases; i++) {
		free(cases[i].name);
		free(cases[i].row);
		free(cases[i].verdict);
	}
	return code;
}
