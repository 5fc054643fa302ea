/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks that leave an array's pending rest: they started, or were withdrawn. */
#include "tests/life.h"

static struct life life;

/* A task that started, in a row of its own, written at at_s. */
static void start_task(int inx, int task, int64_t at_s)
{
	life_add(&life, inx, 20 + inx, 0);
	life_set(&life, inx, at_s, "id_array_job = 20, id_array_task = %d",
		 task);
	life_start(&life, inx, at_s);
}

START_TEST(tasks_withdrawn_one_by_one)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 20, 0);
	life_set_rest(&life, 1, 0, "0x3E");
	life_pass(&life, 5);
	life_set_rest(&life, 1, 7, "0x3C"); /* 1 withdrawn */
	life_pass(&life, 10);
	life_check(&life, "");
	life_pass(&life, 15);
	life_set_rest(&life, 1, 17, "0x34"); /* 3 withdrawn */
	life_pass(&life, 21);
	life_check(&life, "20_[1] tasks-withdrawn suspected pending 1");
	life_pass(&life, 26);
	life_pass(&life, 32);
	life_check(&life, "20_[1] tasks-withdrawn suspected pending 1; "
			  "20_[3] tasks-withdrawn suspected pending 1");
	/* What is left is cancelled. */
	life_stop(&life, 1, 40, 4, "1001");
	life_pass(&life, 45);
	life_pass(&life, 60);
	life_pass(&life, 65);
	life_check(&life, "20_[1] tasks-withdrawn suspected pending 1; "
			  "20_[3] tasks-withdrawn suspected pending 1; "
			  "20_[2,4-5] cancelled confirmed pending 3");
	life_end(&life);
}
END_TEST

/* Several at once are one incident; what starts meanwhile is not claimed, and
 * its row may come late. */
START_TEST(tasks_that_start_meanwhile)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 20, 0);
	life_set_rest(&life, 1, 0, "0x3E");
	life_pass(&life, 5);
	life_set_rest(&life, 1, 7, "0x10"); /* 1, 2 start; 3, 5 withdrawn */
	start_task(2, 1, 7);
	life_pass(&life, 10);
	start_task(3, 2, 12); /* five seconds late */
	life_pass(&life, 15);
	life_pass(&life, 21);
	life_pass(&life, 40);
	life_check(&life, "20_[3,5] tasks-withdrawn suspected pending 2");
	/* They end well. */
	life_stop(&life, 2, 50, 3, "");
	life_stop(&life, 3, 50, 3, "");
	life_pass(&life, 55);
	life_check(&life, "20_[3,5] tasks-withdrawn suspected pending 2");
	life_end(&life);
}
END_TEST

/* All start, one by one, and the last one takes over the row. */
START_TEST(no_task_is_withdrawn)
{
	int i;

	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 20, 0);
	life_set_rest(&life, 1, 0, "0x3E");
	for (i = 1; i <= 4; i++) {
		autofree char *left =
			mem_printf("0x%X", 0x3EU & ~((2U << i) - 1));

		life_pass(&life, 20 * i);
		life_set_rest(&life, 1, 20 * i + 1, left);
		start_task(1 + i, i, 20 * i + 3);
	}
	life_pass(&life, 100);
	life_set(&life, 1, 101, "id_array_task = 5, array_task_str = NULL");
	life_start(&life, 1, 101);
	life_pass(&life, 105);
	life_pass(&life, 120);
	life_stop(&life, 1, 130, 3, "");
	life_pass(&life, 135);
	life_pass(&life, 150);
	life_check(&life, "");
	life_end(&life);
}
END_TEST

START_TEST(last_task_takes_over_the_row)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 20, 0);
	life_set_rest(&life, 1, 0, "0x6");
	life_pass(&life, 5);
	/* 1 withdrawn, and 2 starts in the row. */
	life_set(&life, 1, 7, "id_array_task = 2, array_task_str = NULL");
	life_start(&life, 1, 7);
	life_pass(&life, 10);
	life_pass(&life, 21);
	life_check(&life, "20_[1] tasks-withdrawn suspected pending 1");
	life_stop(&life, 1, 30, 4, "1001");
	life_pass(&life, 35);
	life_check(&life, "20_[1] tasks-withdrawn suspected pending 1; "
			  "20_2 cancelled confirmed running 1");
	life_end(&life);
}
END_TEST

/* The same between two passes. */
START_TEST(last_task_takes_over_the_row_and_ends)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 20, 0);
	life_set_rest(&life, 1, 0, "0x6");
	life_pass(&life, 5);
	life_set(&life, 1, 7, "id_array_task = 2, array_task_str = NULL");
	life_start(&life, 1, 7);
	life_stop(&life, 1, 8, 3, "");
	life_pass(&life, 10);
	life_pass(&life, 21);
	life_pass(&life, 32);
	life_check(&life, "20_[1] tasks-withdrawn suspected pending 1");
	life_end(&life);
}
END_TEST

/* Withdrawn one by one to the last: the rest's row goes on naming the last
 * one, and is CANCELLED with it. */
START_TEST(all_tasks_withdrawn)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 20, 0);
	life_set_rest(&life, 1, 0, "0x6");
	life_pass(&life, 5);
	life_set_rest(&life, 1, 7, "0x4");
	life_pass(&life, 10);
	life_stop(&life, 1, 12, 4, "1001");
	life_pass(&life, 15);
	life_pass(&life, 26);
	life_pass(&life, 37);
	life_check(&life, "20_[1] tasks-withdrawn suspected pending 1; "
			  "20_[2] cancelled confirmed pending 1");
	life_end(&life);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		tasks_withdrawn_one_by_one,
		tasks_that_start_meanwhile,
		no_task_is_withdrawn,
		last_task_takes_over_the_row,
		last_task_takes_over_the_row_and_ends,
		all_tasks_withdrawn,
	};
	TCase *tcase = tcase_create("withdrawn");
	size_t i;

	for (i = 0; i < LENGTH(tests); i++)
		tcase_add_loop_test(tcase, tests[i], 0,
				    LENGTH(database_versions));
	return unit_run("withdrawn", tcase);
}
