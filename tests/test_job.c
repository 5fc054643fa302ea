/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "schema/job.h"
#include "tests/unit.h"

static const struct {
	const char *array_task_str;
	const char *text;
	int64_t n;
} task_cases[] = {
	{"0x3E", "1-5", 5}, /* scenario 05b */
	{"0x74", "2,4-6", 4},
	{"0x38%2", "3-5", 3},
	{"0x1", "0", 1},
	{"0x8000000000000000000000001", "0,99", 2},
	{"1-5", "1-5", 5},
	{"[1,3-4]%1", "1,3-4", 3},
	{"1-9:4,2", "1-2,5,9", 4},
	{"4000001", "4000001", 1},
	{"0x", "?", 1},
	{"0xZZ", "?", 1},
	{"", "?", 1},
	{"1-", "?", 1},
	{"1-5:0", "?", 1},
	{"99999999999999999999", "?", 1},
	{"1;2", "?", 1},
};

START_TEST(tasks)
{
	int64_t n = -1;
	autofree char *text = job_tasks_text(task_cases[_i].array_task_str, &n);

	ck_assert_str_eq(text, task_cases[_i].text);
	ck_assert_int_eq(n, task_cases[_i].n);
}
END_TEST

START_TEST(tasks_with_rows_of_their_own)
{
	static const int64_t started[] = {1, 3, 99};
	struct job job;

	job_init(&job);
	free(job.array_task_str);
	job.array_task_str = mem_strdup("0x3E%1");
	job_remove_tasks(&job, started, LENGTH(started));
	ck_assert_str_eq(job.array_task_str, "2,4-5");
	job_remove_tasks(&job, started, LENGTH(started));
	ck_assert_str_eq(job.array_task_str, "2,4-5");
	free(job.array_task_str);
	job.array_task_str = mem_strdup("garbage");
	job_remove_tasks(&job, started, LENGTH(started));
	ck_assert_str_eq(job.array_task_str, "garbage");
	job_finish(&job);
}
END_TEST

START_TEST(id_as_squeue_prints_it)
{
	static const struct {
		int64_t id_job, id_array_job, id_array_task;
		const char *array_task_str;
		int64_t het_job_id, het_job_offset;
		const char *text;
		int64_t root;
	} cases[] = {
		{3, 0, JOB_NO_VAL, "", 0, JOB_NO_VAL, "3", 3},
		{5, 3, 1, "", 0, JOB_NO_VAL, "3_1", 3},
		{3, 3, JOB_NO_VAL, "0x14", 0, JOB_NO_VAL, "3_[2,4]", 3},
		{18, 0, JOB_NO_VAL, "", 17, 1, "17+1", 17},
		{17, 0, JOB_NO_VAL, "", 17, 0, "17+0", 17},
	};
	size_t i;

	for (i = 0; i < LENGTH(cases); i++) {
		autofree char *text = NULL;
		struct job job;

		job_init(&job);
		job.id_job = cases[i].id_job;
		job.id_array_job = cases[i].id_array_job;
		job.id_array_task = cases[i].id_array_task;
		free(job.array_task_str);
		job.array_task_str = mem_strdup(cases[i].array_task_str);
		job.het_job_id = cases[i].het_job_id;
		job.het_job_offset = cases[i].het_job_offset;
		text = job_id_text(&job);
		ck_assert_str_eq(text, cases[i].text);
		ck_assert_int_eq(job_root_id(&job), cases[i].root);
		job_finish(&job);
	}
}
END_TEST

START_TEST(tres)
{
	const char *alloc = "1=8,3=18446744073709551614,4=1,1001=2";

	ck_assert_int_eq(job_tres_count(alloc, 1), 8);
	ck_assert_int_eq(job_tres_count(alloc, 1001), 2);
	ck_assert_int_eq(job_tres_count(alloc, 3), -1); /* not known */
	ck_assert_int_eq(job_tres_count(alloc, 2), -1);
	ck_assert_int_eq(job_tres_count("", 1), -1);
	ck_assert_int_eq(job_tres_count("garbage", 1), -1);
}
END_TEST

START_TEST(json_there_and_back)
{
	autofree char *json = NULL;
	struct job job, back;

	job_init(&job);
	job.job_db_inx = UINT64_MAX - 5;
	job.id_job = 7;
	free(job.job_name);
	job.job_name = mem_strdup("a\"b\\c\n\xc3\xaf");
	json = job_json(&job);
	ck_assert_int_eq(job_from_json(json, &back), 0);
	ck_assert_uint_eq(back.job_db_inx, UINT64_MAX - 5);
	ck_assert_int_eq(back.id_job, 7);
	ck_assert_int_eq(back.kill_requid, -1);
	ck_assert_str_eq(back.job_name, job.job_name);
	job_finish(&back);
	ck_assert_int_eq(job_from_json("no json", &back), -1);
	job_finish(&back);
	job_finish(&job);
}
END_TEST

START_TEST(settled)
{
	struct job job;

	job_init(&job);
	job.time_end = 5;
	ck_assert(!job_is_settled(&job, 1000)); /* no partition yet: M11 */
	free(job.partition);
	job.partition = mem_strdup("critical");
	ck_assert(job_is_settled(&job, 1000));
	job.time_end = 0;
	ck_assert(!job_is_settled(&job, 1000)); /* M10 */
	job.time_end = 5;
	job.id_array_job = 3;
	job.mod_time = 995;
	ck_assert(!job_is_settled(&job, 1000)); /* its tasks may not show yet */
	ck_assert(job_is_settled(&job, 1005));
	ck_assert(job_is_settled(&job, 900)); /* the clock leapt back */
	job_finish(&job);
}
END_TEST

START_TEST(state_names)
{
	ck_assert_str_eq(job_state_name(4), "CANCELLED");
	ck_assert_str_eq(job_state_name(1024), "REQUEUED");
	ck_assert_str_eq(job_state_name(8192), "RESIZING");
	ck_assert_str_eq(job_state_name(200), "UNKNOWN");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("job");

	tcase_add_loop_test(tcase, tasks, 0, LENGTH(task_cases));
	tcase_add_test(tcase, tasks_with_rows_of_their_own);
	tcase_add_test(tcase, id_as_squeue_prints_it);
	tcase_add_test(tcase, tres);
	tcase_add_test(tcase, json_there_and_back);
	tcase_add_test(tcase, settled);
	tcase_add_test(tcase, state_names);
	return unit_run("job", tcase);
}
