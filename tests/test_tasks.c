/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "schema/tasks.h"
#include "tests/unit.h"

#include <inttypes.h>

static char *list_of(const char *array_task_str, int64_t *n)
{
	autotasks struct tasks tasks = {0};
	char *list;

	if (!tasks_parse(&tasks, array_task_str))
		return mem_strdup("?");
	list = tasks_text(&tasks, n);
	ck_assert_int_eq(tasks_count(&tasks), *n);
	return list;
}

static const struct {
	const char *text;
	const char *list;
	int64_t n;
} forms[] = {
	{"0x74", "2,4-6", 4},
	{"0X74", "2,4-6", 4},
	{"0x7c", "2-6", 5},
	{"0x1", "0", 1},
	{"0x0", "", 0},
	{"0x8000000000000000", "63", 1},
	{"0x10000000000000000", "64", 1},
	{"2,4-6", "2,4-6", 4},
	{"[2,4-6]", "2,4-6", 4},
	{"[1-9:2]%3", "1,3,5,7,9", 5},
	{"1-9:20", "1", 1},
	{"5,3,4", "3-5", 3},
	{"3,3,3", "3", 1},
	{"0-4000001", "0-4000001", 4000002},
	{"9-1", "?", 0},
	{"", "?", 0},
	{"0x", "?", 0},
	{"0xZ", "?", 0},
	{"x", "?", 0},
	{"-1", "?", 0},
	{"1,,2", "?", 0},
	{"1-", "?", 0},
	{"1-5:0", "?", 0},
	{"1 2", "?", 0},
	{"4000002", "?", 0},
	{"99999999999999999999", "?", 0},
	{"0-4000002", "?", 0},
	{"0-3999999,3,5", "0-3999999", 4000000},
	{"0-4000001,0-4000001", "?", 0},
};

START_TEST(text_of_a_form)
{
	int64_t n = 0;
	autofree char *list = list_of(forms[_i].text, &n);

	ck_assert_str_eq(list, forms[_i].list);
	if (list[0] != '?')
		ck_assert_int_eq(n, forms[_i].n);
}
END_TEST

START_TEST(out_of_range)
{
	autotasks struct tasks tasks = {0};

	tasks_add(&tasks, -1);
	tasks_add(&tasks, INT64_MAX);
	tasks_add(&tasks, 4294967294);
	tasks_remove(&tasks, -1);
	tasks_remove(&tasks, INT64_MAX);
	ck_assert(!tasks_has(&tasks, -1));
	ck_assert(!tasks_has(&tasks, INT64_MAX));
	ck_assert_int_eq(tasks_count(&tasks), 0);
}
END_TEST

/* A number behind a comma, at whose end the text goes on. */
START_TEST(bracket_ends_the_list)
{
	autotasks struct tasks tasks = {0};
	int64_t n;
	autofree char *list = NULL;

	ck_assert(tasks_parse(&tasks, "[1-2]junk"));
	list = tasks_text(&tasks, &n);
	ck_assert_str_eq(list, "1-2");
}
END_TEST

START_TEST(sets)
{
	autotasks struct tasks a = {0};
	autotasks struct tasks b = {0};
	autotasks struct tasks empty = {0};
	autofree char *list = NULL;
	int64_t n;

	ck_assert(tasks_parse(&a, "1-5,100"));
	ck_assert(tasks_parse(&b, "4-7,1000"));
	tasks_join(&a, &b);
	ck_assert_int_eq(tasks_count(&a), 9);
	tasks_join(&a, &empty);
	tasks_subtract(&a, &empty);
	ck_assert_int_eq(tasks_count(&a), 9);
	tasks_subtract(&a, &b);
	list = tasks_text(&a, &n);
	ck_assert_str_eq(list, "1-3,100");
	ck_assert_int_eq(n, 4);
	tasks_subtract(&a, &a);
	ck_assert_int_eq(tasks_count(&a), 0);
	tasks_subtract(&empty, &b);
	ck_assert_int_eq(tasks_count(&empty), 0);
	/* Gone, and back. */
	tasks_add(&a, 100);
	tasks_remove(&a, 100);
	tasks_add(&a, 100);
	ck_assert(tasks_has(&a, 100));
	ck_assert_int_eq(tasks_count(&a), 1);
}
END_TEST

/* A set comes back from its own text. */
START_TEST(text_and_back)
{
	autotasks struct tasks tasks = {0};
	autotasks struct tasks back = {0};
	autofree char *text = NULL;
	autofree char *again = NULL;
	int64_t task, n;

	for (task = 0; task < 1000; task++)
		if ((task * 2654435761U >> 7) % 3 != 0)
			tasks_add(&tasks, task);
	text = tasks_text(&tasks, &n);
	ck_assert(tasks_parse(&back, text));
	ck_assert_int_eq(tasks_count(&back), n);
	again = tasks_text(&back, &n);
	ck_assert_str_eq(again, text);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("tasks");

	tcase_add_loop_test(tcase, text_of_a_form, 0, LENGTH(forms));
	tcase_add_test(tcase, out_of_range);
	tcase_add_test(tcase, bracket_ends_the_list);
	tcase_add_test(tcase, sets);
	tcase_add_test(tcase, text_and_back);
	return unit_run("tasks", tcase);
}
