/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "reports/ranking.h"
#include "tests/unit.h"

static struct err err;

/* clang-format off */
static const struct {
	const char *typed;
	const char *names; /* NULL: refused */
	const char *error;
} column_cases[] = {
	{"user",               "user", NULL},
	{"user,job_id",        "user job_id", NULL},
	{" user, \tjob_id ",   "user job_id", NULL},
	{"user,user,USER",     "user", NULL},
	{"user,+qos",          "user qos", NULL},
	{"user,qos,-user",     "qos", NULL},
	{"+qos",               "ended kind qos", NULL},
	{"+kind",              "ended kind", NULL},
	{"+qos,user",          "ended kind qos user", NULL},
	{"-kind",              "ended", NULL},
	{"-ended,+ended",      "kind ended", NULL},
	{"-qos",               "ended kind", NULL},
	{"+qos,-kind,-ended",  "qos", NULL},
	{"-kind,-ended",       NULL, "--columns -kind,-ended leaves none"},
	{"user,-user",         NULL, "--columns user,-user leaves none"},
	{"",                   NULL, "--columns  leaves none"},
	{"user,frob",          NULL, "--columns: there is no column frob"},
	{"+",                  NULL, "--columns: there is no column "},
	{"--user",             NULL, "--columns: there is no column -user"},
};
/* clang-format on */

static char *names_of(const struct choices *choices)
{
	struct text text = {0};
	size_t i;

	for (i = 0; i < choices->n; i++)
		text_addf(&text, "%s%s%s", i ? " " : "",
			  choices->items[i].descending ? "-" : "",
			  choices->items[i].column->name);
	return text_take(&text);
}

START_TEST(columns_typed)
{
	struct choices choices = {0};
	int rc;

	choices_add(&choices, columns_find("ended"));
	choices_add(&choices, columns_find("kind"));
	rc = choices_read_columns(&choices, column_cases[_i].typed, &err);
	if (column_cases[_i].names) {
		autofree char *names = names_of(&choices);

		ck_assert_int_eq(rc, 0);
		ck_assert_str_eq(names, column_cases[_i].names);
	} else {
		ck_assert_int_eq(rc, -1);
		ck_assert_int_eq(err.kind, ERR_USAGE);
		ck_assert_str_eq(err.msg, column_cases[_i].error);
	}
}
END_TEST

/* clang-format off */
static const struct {
	const char *typed;
	const char *names; /* NULL: refused */
} sort_cases[] = {
	{"user",            "user"},
	{"-user,+ended",    "-user ended"},
	{"user,-user",      "user"},
	{"-Cpu_Seconds",    "-cpu_seconds"},
	{"status,incidents", "status incidents"},
	{"",                NULL},
	{" , ",             NULL},
	{"frob",            NULL},
};
/* clang-format on */

START_TEST(sort_typed)
{
	struct choices choices = {0};
	int rc = choices_read_sort(&choices, sort_cases[_i].typed, &err);
	autofree char *names = names_of(&choices);

	ck_assert_int_eq(rc, sort_cases[_i].names ? 0 : -1);
	if (sort_cases[_i].names)
		ck_assert_str_eq(names, sort_cases[_i].names);
}
END_TEST

/* All of them are named, to the last. */
START_TEST(unknown_column_lists_all)
{
	struct choices choices = {0};

	ck_assert_int_eq(choices_read_sort(&choices, "frob", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.hint, "columns are incident_id, "));
	ck_assert_str_eq(err.hint + strlen(err.hint) - strlen("status"),
			 "status");
}
END_TEST

static struct event an_event(int64_t id, int64_t ended, const char *user,
			     int64_t cpu_seconds)
{
	return (struct event){
		.sum = {.incident_id = id,
			.ended = ended,
			.user = mem_strdup(user),
			.cpu_seconds = cpu_seconds},
	};
}

/* clang-format off */
static const struct {
	const char *sort; /* NULL: none */
	size_t limit;
	const char *ids;
} ranking_cases[] = {
	{NULL,                0, "2 1 3 4 5 "},
	{NULL,                2, "4 5 "},
	{NULL,                9, "2 1 3 4 5 "},
	{"user",              0, "5 2 1 4 3 "},
	{"-user",             0, "3 2 1 4 5 "},
	{"user,-cpu_seconds", 0, "5 4 2 1 3 "},
	{"cpu_seconds",       3, "1 3 4 "},
	{"-cpu_seconds",      3, "2 1 5 "},
	{"incident_id",       1, "5 "},
};
/* clang-format on */

/* The last of an order are the same whatever comes first. */
START_TEST(ranked)
{
	int first;
	size_t i;

	for (first = 0; first < 5; first++) {
		struct event events[] = {
			an_event(1, 20, "node2", 7),
			an_event(2, 10, "node2", 7),
			an_event(3, 30, "node10", 8),
			an_event(4, 30, "node2", 9),
			an_event(5, 30, "", 0),
		};
		struct choices sort = {0};
		struct ranking ranking = {
			.sort = &sort,
			.limit = ranking_cases[_i].limit,
		};
		autotext struct text ids = {0};

		/* Numbers in names are numbers, what is alike is by time. */
		if (ranking_cases[_i].sort)
			ck_assert_int_eq(
				choices_read_sort(&sort, ranking_cases[_i].sort,
						  &err),
				0);
		for (i = 0; i < 5; i++) {
			const struct event *least;

			ranking_add(&ranking, &events[(i + (size_t)first) % 5]);
			least = ranking_first(&ranking);
			ck_assert((least != NULL) ==
				  (ranking.limit && i + 1 >= ranking.limit));
		}
		ranking_sort(&ranking);
		for (i = 0; i < ranking.n; i++)
			text_addf(&ids, "%d ",
				  (int)ranking.events[i].sum.incident_id);
		ck_assert_str_eq(ids.s, ranking_cases[_i].ids);
		ranking_finish(&ranking);
	}
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("choice");

	tcase_add_loop_test(tcase, columns_typed, 0, LENGTH(column_cases));
	tcase_add_loop_test(tcase, sort_typed, 0, LENGTH(sort_cases));
	tcase_add_test(tcase, unknown_column_lists_all);
	tcase_add_loop_test(tcase, ranked, 0, LENGTH(ranking_cases));
	return unit_run("choice", tcase);
}
