/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "tests/unit.h"
#include "watcher/memory.h"

static struct memory memory;
static struct job job;

static void set_text(char **slot, const char *text)
{
	free(*slot);
	*slot = mem_strdup(text);
}

/* A job that waits on critical. */
static void begin(void)
{
	memory_init(&memory);
	job_init(&job);
	job.job_db_inx = UINT64_MAX - 3;
	job.id_job = 7;
	job.id_user = 1001;
	job.time_submit = 100;
	job.timelimit = 60;
	set_text(&job.partition, "critical");
	set_text(&job.account, "acc");
}

static void end(void)
{
	memory_finish(&memory);
	job_finish(&job);
}

/* As the store would give it back. */
static void restart(void)
{
	autofree char *json = memory_json(&memory);
	autofree char *again = NULL;

	memory_finish(&memory);
	ck_assert_int_eq(memory_from_json(json, &memory), 0);
	again = memory_json(&memory);
	ck_assert_str_eq(again, json);
}

static void see_limit(int64_t timelimit)
{
	job.timelimit = timelimit;
	memory_see(&memory, &job, true);
}

START_TEST(longest_limit)
{
	ck_assert_int_eq(memory.timelimit, -1);
	see_limit(0);          /* of a half row */
	see_limit(JOB_NO_VAL); /* none set */
	see_limit(525600);     /* the scheduler's */
	see_limit(-1);
	ck_assert_int_eq(memory.timelimit, -1);
	see_limit(60);
	see_limit(1);
	restart();
	ck_assert_int_eq(memory.timelimit, 60);
	see_limit(90);
	see_limit(JOB_NO_VAL);
	ck_assert_int_eq(memory.timelimit, 90);
	see_limit(JOB_INFINITE);
	see_limit(525600);
	restart();
	ck_assert_int_eq(memory.timelimit, JOB_INFINITE);
}
END_TEST

/* The last place where it was protected. */
START_TEST(protected_place)
{
	memory_see(&memory, &job, false);
	ck_assert_ptr_null(memory.partition);
	restart();
	ck_assert_ptr_null(memory.partition);
	memory_see(&memory, &job, true);
	set_text(&job.partition, "open");
	job.id_qos = 9;
	memory_see(&memory, &job, false);
	restart();
	ck_assert_str_eq(memory.partition, "critical");
	ck_assert_str_eq(memory.account, "acc");
	ck_assert_int_eq(memory.id_qos, 0);
	ck_assert_str_eq(memory.row.partition, "open");
	set_text(&job.partition, "prod-1");
	memory_see(&memory, &job, true);
	ck_assert_str_eq(memory.partition, "prod-1");
	ck_assert_int_eq(memory.id_qos, 9);
}
END_TEST

static void see_ended(int64_t state, int64_t kill_requid)
{
	job.state = state;
	job.time_end = 200;
	job.kill_requid = kill_requid;
	memory_see_end(&memory, &job);
}

/* The first one counts, and none that is left over in a living job's row. */
START_TEST(requester)
{
	job.state = 1;
	job.kill_requid = 1001;
	memory_see(&memory, &job, true);
	ck_assert_int_eq(memory.kill_requid, -1);
	see_ended(4, -1);
	ck_assert_int_eq(memory.kill_requid, -1);
	see_ended(4, 0);
	restart();
	see_ended(4, -1);
	see_ended(4, 1001);
	ck_assert_int_eq(memory.kill_requid, 0);
}
END_TEST

/* The row as it was alive stays; as it first ended, too. */
START_TEST(first_end)
{
	job.state = 2;
	memory_see(&memory, &job, true);
	see_ended(4, -1);
	ck_assert_uint_eq(memory.end.job_db_inx, 0);
	see_ended(4, 1001);
	restart();
	job.time_end = 300;
	see_ended(1024, -1);
	see_ended(4, 0);
	restart();
	ck_assert_int_eq(memory.row.state, 2);
	ck_assert_uint_eq(memory.end.job_db_inx, UINT64_MAX - 3);
	ck_assert_int_eq(memory.end.state, 4);
	ck_assert_int_eq(memory.end.time_end, 200);
	ck_assert_int_eq(memory.end.kill_requid, 1001);
}
END_TEST

/* A half row names nobody's partition: it is no end to judge. */
START_TEST(half_row)
{
	set_text(&job.partition, "");
	memory_see(&memory, &job, false);
	ck_assert(memory_is_half(&memory));
	see_ended(4, 1001);
	ck_assert_uint_eq(memory.end.job_db_inx, 0);
	ck_assert_int_eq(memory.kill_requid, 1001);
	set_text(&job.partition, "critical");
	job.time_end = 0;
	memory_see(&memory, &job, true);
	restart();
	ck_assert(!memory_is_half(&memory));
}
END_TEST

static void see_rest(const char *array_task_str)
{
	job.id_array_job = 20;
	job.id_array_task = JOB_NO_VAL;
	set_text(&job.array_task_str, array_task_str);
	memory_see(&memory, &job, true);
}

static void check_tasks(const struct tasks *tasks, const char *expected)
{
	int64_t n;
	autofree char *text = tasks_text(tasks, &n);

	ck_assert_str_eq(text, expected);
}

START_TEST(missing_tasks)
{
	see_rest("0x7E"); /* 1 to 6 */
	check_tasks(&memory.newly_missing, "");
	see_rest("0x7C");
	check_tasks(&memory.newly_missing, "1");
	see_rest("0x5C");
	restart();
	check_tasks(&memory.newly_missing, "1,5");
	/* Asked after: they are of the older generation now. */
	memory.missing = memory.newly_missing;
	memory.missing_s = 42;
	memory.newly_missing = (struct tasks){0};
	see_rest("0x58");
	see_rest("0x58");
	restart();
	check_tasks(&memory.missing, "1,5");
	ck_assert_int_eq(memory.missing_s, 42);
	check_tasks(&memory.newly_missing, "2");
	/* What cannot be read tells nothing. */
	see_rest("?");
	see_rest("0x58");
	check_tasks(&memory.newly_missing, "2");
	/* The last one takes over the row. */
	job.id_array_task = 4;
	set_text(&job.array_task_str, "");
	job.time_end = 200;
	memory_see_end(&memory, &job);
	restart();
	check_tasks(&memory.newly_missing, "2-3,6");
}
END_TEST

/* Tasks that come back, as a requeued array's, are nobody's loss. */
START_TEST(tasks_that_come_back)
{
	see_rest("0x6");
	see_rest("0xE");
	check_tasks(&memory.newly_missing, "");
}
END_TEST

/* Version 1 of the store kept the row alone, of protected jobs and half
 * rows. */
START_TEST(of_version_1)
{
	static const char row[] =
		"{\"job_db_inx\":\"18446744073709551610\",\"id_job\":5,"
		"\"partition\":\"critical\",\"account\":\"acc\","
		"\"timelimit\":60,\"time_submit\":100,\"state\":1,"
		"\"kill_requid\":-1,\"id_array_job\":20,"
		"\"id_array_task\":4294967294,\"array_task_str\":\"0x6\"}";

	memory_finish(&memory);
	ck_assert_int_eq(memory_from_json(row, &memory), 0);
	ck_assert_int_eq(memory.row.id_job, 5);
	ck_assert_uint_eq(memory.row.job_db_inx, UINT64_MAX - 5);
	ck_assert_str_eq(memory.partition, "critical");
	ck_assert_str_eq(memory.account, "acc");
	ck_assert_int_eq(memory.timelimit, 60);
	ck_assert_int_eq(memory.kill_requid, -1);
	ck_assert_uint_eq(memory.end.job_db_inx, 0);
	check_tasks(&memory.newly_missing, "");
	restart();
	see_rest("0x4");
	check_tasks(&memory.newly_missing, "1");
}
END_TEST

START_TEST(half_row_of_version_1)
{
	memory_finish(&memory);
	ck_assert_int_eq(
		memory_from_json("{\"id_job\":5,\"partition\":\"\"}", &memory),
		0);
	ck_assert(memory_is_half(&memory));
	ck_assert_ptr_null(memory.partition);
	restart();
}
END_TEST

START_TEST(what_is_no_memory)
{
	static const char *const texts[] = {"",
					    "{",
					    "[]",
					    "7",
					    "\"row\"",
					    "null",
					    "{\"row\":7}",
					    "{\"row\":[]}",
					    "{}",
					    "{\"end\":{}}",
					    "\xff\xfe",
					    "{\"row\":null}",
					    "{\"row\":{}"};
	static const char wrong_types[] =
		"{\"row\":{\"id_job\":\"x\",\"partition\":7},"
		"\"partition\":7,\"timelimit\":\"x\",\"missing\":[1],"
		"\"newly_missing\":\"x\",\"end\":\"x\"}";
	size_t i;

	for (i = 0; i < LENGTH(texts); i++) {
		memory_finish(&memory);
		memory_from_json(texts[i], &memory);
		restart();
	}
	memory_finish(&memory);
	ck_assert_int_eq(memory_from_json("{", &memory), -1);
	memory_finish(&memory);
	ck_assert_int_eq(memory_from_json(wrong_types, &memory), 0);
	restart();
	memory_see(&memory, &job, true);
	ck_assert_str_eq(memory.partition, "critical");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("memory");

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, longest_limit);
	tcase_add_test(tcase, protected_place);
	tcase_add_test(tcase, requester);
	tcase_add_test(tcase, first_end);
	tcase_add_test(tcase, half_row);
	tcase_add_test(tcase, missing_tasks);
	tcase_add_test(tcase, tasks_that_come_back);
	tcase_add_test(tcase, of_version_1);
	tcase_add_test(tcase, half_row_of_version_1);
	tcase_add_test(tcase, what_is_no_memory);
	return unit_run("memory", tcase);
}
