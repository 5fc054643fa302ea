/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what slurmdbd writes in the course of a job's life, seen by several
 * passes, to what is recorded. No slurmctld is asked. */
#include "tests/life.h"

static struct life life;

/* 20.11 keeps no submit lines. */
static bool has_submit_line(void)
{
	return strcmp(life.version, "20.11") != 0;
}

START_TEST(moved_seen)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_pass(&life, 5);
	life_set(&life, 1, 7, "`partition` = 'open'");
	life_pass(&life, 10);
	life_stop(&life, 1, 12, 4, "1001");
	life_pass(&life, 15);
	life_pass(&life, 20);
	life_check(&life, "10 moved confirmed pending 1");
	life_end(&life);
}
END_TEST

/* Moved by its owner or not: root ended it. */
START_TEST(moved_and_cancelled_by_root)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_pass(&life, 5);
	life_set(&life, 1, 7, "`partition` = 'open'");
	life_stop(&life, 1, 12, 4, "0");
	life_pass(&life, 15);
	life_check(&life, "");
	life_end(&life);
}
END_TEST

/* A list is a choice: the scheduler took the other one. */
START_TEST(chosen_from_a_list)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_set(&life, 1, 0, "`partition` = 'critical,open'");
	life_pass(&life, 5);
	life_start(&life, 1, 6);
	life_set(&life, 1, 6, "`partition` = 'open'");
	life_pass(&life, 10);
	life_stop(&life, 1, 12, 4, "1001");
	life_pass(&life, 15);
	life_check(&life, "");
	life_end(&life);
}
END_TEST

START_TEST(moved_unseen)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_set(&life, 1, 7, "`partition` = 'open'");
	if (has_submit_line())
		life_set(&life, 1, 7, "submit_line = 'sbatch -p critical x'");
	life_stop(&life, 1, 12, 4, "1001");
	life_pass(&life, 15);
	life_check(&life,
		   has_submit_line() ? "10 moved suspected pending 1" : "");
	life_end(&life);
}
END_TEST

/* Only the script tells; of a het job it does not tell whose options are
 * whose. */
START_TEST(moved_unseen_by_its_script)
{
	life_begin(&life, database_versions[_i], "");
	database_do(life.admin,
		    "INSERT INTO lab_job_script_table SET hash_inx = 5,"
		    " script_hash = 'a', batch_script ="
		    " '#!/bin/sh\n#SBATCH -p critical\n'");
	database_do(life.admin,
		    "INSERT INTO lab_job_script_table SET hash_inx = 6,"
		    " script_hash = 'b', batch_script ="
		    " '#!/bin/sh\n#SBATCH -p critical\n#SBATCH hetjob\n"
		    "#SBATCH -p open\n'");
	life_add(&life, 1, 10, 0);
	life_set(&life, 1, 7, "`partition` = 'open', script_hash_inx = 5");
	life_stop(&life, 1, 12, 4, "1001");
	life_add(&life, 2, 11, 0);
	life_set(&life, 2, 7, "`partition` = 'open', script_hash_inx = 6");
	life_stop(&life, 2, 12, 4, "1001");
	life_pass(&life, 15);
	life_check(&life, "10 moved suspected pending 1");
	life_end(&life);
}
END_TEST

START_TEST(limit_cut)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_start(&life, 1, 1);
	life_add(&life, 2, 11, 0);
	life_start(&life, 2, 1);
	life_pass(&life, 5);
	life_set(&life, 1, 7, "timelimit = 1");
	life_pass(&life, 10);
	life_stop(&life, 1, 70, 6, "");
	life_stop(&life, 2, 3601, 6, "");
	life_pass(&life, 3605);
	life_check(&life, "10 limit-cut suspected running 1");
	life_end(&life);
}
END_TEST

/* slurmctld is restarted after the row was seen, but before it could be
 * judged. */
START_TEST(requester_reset_after_it_was_seen)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 20, 0);
	life_set_rest(&life, 1, 0, "0x6");
	life_pass(&life, 5);
	life_stop(&life, 1, 7, 4, "1001");
	life_pass(&life, 10);
	life_check(&life, "");
	life_forget_requester(&life, 1, 12);
	life_pass(&life, 15);
	life_pass(&life, 26);
	life_check(&life, "20_[1-2] cancelled confirmed pending 2");
	life_end(&life);
}
END_TEST

START_TEST(requester_reset_before_it_was_seen)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_start(&life, 1, 1);
	life_pass(&life, 5);
	life_stop(&life, 1, 7, 4, "1001");
	life_forget_requester(&life, 1, 8);
	life_pass(&life, 10);
	life_pass(&life, 30);
	life_check(&life, "10 unattributed suspected running 1");
	life_end(&life);
}
END_TEST

START_TEST(requester_reset_after_it_was_recorded)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_pass(&life, 5);
	life_stop(&life, 1, 7, 4, "1001");
	life_pass(&life, 10);
	life_forget_requester(&life, 1, 12);
	life_pass(&life, 15);
	life_check(&life, "10 cancelled confirmed pending 1");
	life_end(&life);
}
END_TEST

/* Root's, seen in time: no riddle later. */
START_TEST(others_requester_reset)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_start(&life, 1, 1);
	life_add(&life, 2, 11, 0);
	life_pass(&life, 5);
	life_stop(&life, 1, 7, 4, "0");
	life_stop(&life, 2, 7, 4, "1002");
	life_pass(&life, 10);
	life_forget_requester(&life, 1, 12);
	life_forget_requester(&life, 2, 12);
	life_pass(&life, 15);
	life_pass(&life, 30);
	life_check(&life, "");
	life_end(&life);
}
END_TEST

/* A row that is half written for ever tells of itself by its job's next. */
static void half_row(const char *by)
{
	life_add(&life, 1, 10, 0);
	life_set(&life, 1, 0, "`partition` = '', id_user = 0, account = ''");
	life_pass(&life, 1);
	life_stop(&life, 1, 2, 1024, by);
	life_add(&life, 2, 10, 2);
	life_pass(&life, 5);
	life_check(&life, "");
	life_pass(&life, 13);
	life_pass(&life, 30);
}

START_TEST(half_row_for_ever)
{
	life_begin(&life, database_versions[_i], "");
	half_row("1001");
	life_check(&life, "10 rewritten confirmed pending 1 restored");
	life_end(&life);
}
END_TEST

START_TEST(half_row_for_ever_of_nobody)
{
	life_begin(&life, database_versions[_i], "");
	half_row("");
	life_check(&life, "");
	life_end(&life);
}
END_TEST

/* Inserted half, CANCELLED, filled in later. */
START_TEST(half_row_filled_in)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_set(&life, 1, 1, "`partition` = '', id_user = 0");
	life_pass(&life, 1);
	life_stop(&life, 1, 2, 4, "1001");
	life_pass(&life, 3);
	life_pass(&life, 5);
	life_check(&life, "");
	life_set(&life, 1, 6, "`partition` = 'critical', id_user = 1001");
	life_pass(&life, 8);
	life_check(&life, "10 cancelled confirmed pending 1");
	life_end(&life);
}
END_TEST

static void add_step(int inx, int step, int64_t end_s, const char *by)
{
	database_do(life.admin,
		    "INSERT INTO lab_step_table SET job_db_inx = %d,"
		    " id_step = %d, state = 4, time_end = %" PRId64
		    ", kill_requid = %s",
		    inx, step, LIFE_T + end_s, by);
}

START_TEST(step_cancelled)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0); /* fails of it */
	life_start(&life, 1, 1);
	add_step(1, 0, 6, "1001");
	life_stop(&life, 1, 7, 5, "");
	life_add(&life, 2, 11, 0); /* goes on, and completes */
	life_start(&life, 2, 1);
	add_step(2, 0, 6, "1001");
	life_stop(&life, 2, 8, 3, "");
	life_add(&life, 3, 12, 0); /* fails of root's */
	life_start(&life, 3, 1);
	add_step(3, 0, 6, "0");
	life_stop(&life, 3, 7, 5, "");
	life_add(&life, 4, 13, 0); /* fails long after */
	life_start(&life, 4, 1);
	add_step(4, 0, 6, "1001");
	life_stop(&life, 4, 100, 5, "");
	life_set(&life, 4, 100, "exit_code = 256");
	life_pass(&life, 105);
	life_check(&life, "10 step-cancelled confirmed running 1; "
			  "13 step-cancelled suspected running 1");
	life_end(&life);
}
END_TEST

START_TEST(signalled)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_start(&life, 1, 1);
	life_stop(&life, 1, 7, 5, "");
	life_set(&life, 1, 7, "exit_code = 15");
	life_add(&life, 2, 11, 0);
	life_start(&life, 2, 1);
	life_stop(&life, 2, 8, 5, "1001");
	life_set(&life, 2, 8, "exit_code = 9");
	life_add(&life, 3, 12, 0); /* of its own */
	life_start(&life, 3, 1);
	life_stop(&life, 3, 9, 5, "");
	life_set(&life, 3, 9, "exit_code = 139");
	life_pass(&life, 10);
	life_check(&life, "10 signalled suspected running 1; "
			  "11 signalled confirmed running 1");
	life_end(&life);
}
END_TEST

START_TEST(exempt_users)
{
	life_begin(&life, database_versions[_i], "exempt_accounts = acc\n");
	life_add(&life, 1, 10, 0);
	life_stop(&life, 1, 7, 4, "1001");
	life_pass(&life, 10);
	life_check(&life, "10 cancelled confirmed pending 1 exempt");
	life_end(&life);
}
END_TEST

/* Cancelled while it is suspended: state 4 alone first, and an end before the
 * cancellation. */
START_TEST(cancelled_while_suspended)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_start(&life, 1, 1);
	life_set(&life, 1, 3, "state = 2");
	life_pass(&life, 5);
	life_set(&life, 1, 3, "state = 4");
	life_pass(&life, 6);
	life_check(&life, "");
	life_stop(&life, 1, 7, 4, "1001");
	life_set(&life, 1, 7, "time_end = %d", LIFE_T + 3);
	life_pass(&life, 10);
	life_check(&life, "10 cancelled confirmed suspended 1");
	life_end(&life);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {moved_seen,
				      moved_and_cancelled_by_root,
				      chosen_from_a_list,
				      moved_unseen,
				      limit_cut,
				      requester_reset_after_it_was_seen,
				      requester_reset_before_it_was_seen,
				      requester_reset_after_it_was_recorded,
				      others_requester_reset,
				      half_row_for_ever,
				      half_row_for_ever_of_nobody,
				      half_row_filled_in,
				      step_cancelled,
				      signalled,
				      exempt_users,
				      cancelled_while_suspended};
	const int versions = LENGTH(database_versions);
	TCase *tcase = tcase_create("verdict");
	size_t i;

	for (i = 0; i < LENGTH(tests); i++)
		tcase_add_loop_test(tcase, tests[i], 0, versions);
	/* From 21.08 on there are scripts. */
	tcase_add_loop_test(tcase, moved_unseen_by_its_script, 1, versions);
	return unit_run("verdict", tcase);
}
