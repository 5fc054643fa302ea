/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs that go on after their row said that they had ended: requeued, or alive
 * after all. */
#include "tests/life.h"

static struct life life;

/* An uid left over from an incarnation that its owner cancelled, in a row that
 * waits to be judged when slurmctld is restarted. */
START_TEST(stale_requester_reset)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 20, 0);
	life_set_rest(&life, 1, 0, "0x6");
	life_stop(&life, 1, 7, 1024, "1001");
	life_add(&life, 2, 20, 7);
	life_set_rest(&life, 2, 7, "0x6");
	life_pass(&life, 20);
	life_stop(&life, 2, 22, 4, "1001"); /* Slurm itself */
	life_pass(&life, 25);
	life_forget_requester(&life, 2, 26);
	life_pass(&life, 37);
	life_pass(&life, 48);
	life_check(&life, "20_[1-2] rewritten confirmed pending 2 restored; "
			  "20_[1-2] cancelled suspected pending 2");
	life_end(&life);
}
END_TEST

START_TEST(stale_requester)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_start(&life, 1, 1);
	life_pass(&life, 5);
	life_stop(&life, 1, 7, 1024, "1001");
	life_add(&life, 2, 10, 7);
	life_pass(&life, 10);
	life_stop(&life, 2, 12, 4, "1001");
	life_pass(&life, 15);
	life_check(&life, "10 rewritten confirmed running 1 restored; "
			  "10 cancelled suspected pending 1");
	life_end(&life);
}
END_TEST

/* The row says CANCELLED, but slurmctld died before it saved that: the row is
 * open again, with what it was killed with, and root ends it. */
START_TEST(alive_after_all)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_pass(&life, 5);
	life_stop(&life, 1, 7, 4, "1001");
	life_pass(&life, 10);
	life_check(&life, "10 cancelled confirmed pending 1");
	life_set(&life, 1, 12, "state = 1, time_end = 0, nodelist = 'n1'");
	life_pass(&life, 15);
	life_check(&life, "10 cancelled confirmed pending 1 alive");
	life_stop(&life, 1, 17, 4, "0");
	life_pass(&life, 20);
	life_check(&life, "10 cancelled confirmed pending 1 alive");
	life_end(&life);
}
END_TEST

/* The same, the watcher being away while the row said CANCELLED. */
START_TEST(alive_after_all_unseen)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_stop(&life, 1, 7, 4, "1001");
	life_set(&life, 1, 12, "state = 1, time_end = 0, nodelist = 'n1'");
	life_pass(&life, 15);
	life_stop(&life, 1, 17, 4, "0");
	life_pass(&life, 20);
	life_check(&life, "");
	life_end(&life);
}
END_TEST

/* slurmctld restarts in between, and closes it FAILED. */
START_TEST(cancelled_then_failed)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_start(&life, 1, 1);
	life_pass(&life, 5);
	life_stop(&life, 1, 7, 4, "1001");
	life_pass(&life, 10);
	life_forget_requester(&life, 1, 12);
	life_stop(&life, 1, 12, 5, "");
	life_set(&life, 1, 12, "exit_code = 9");
	life_pass(&life, 15);
	life_check(&life, "10 cancelled confirmed running 1");
	life_end(&life);
}
END_TEST

/* Up to 24.11 the CANCELLED row is overwritten, in 26.05 it stays. */
START_TEST(requeued_after_it_was_cancelled)
{
	bool stays = strcmp(database_versions[_i], "26.05") == 0;

	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_start(&life, 1, 1);
	life_pass(&life, 5);
	life_stop(&life, 1, 7, 4, "1001");
	life_pass(&life, 10);
	if (!stays)
		life_stop(&life, 1, 12, 1024, "");
	life_add(&life, 2, 10, 12);
	life_pass(&life, 15);
	life_check(&life, "10 cancelled confirmed running 1 restored");
	life_start(&life, 2, 20);
	life_stop(&life, 2, 30, 3, "1001");
	life_pass(&life, 35);
	life_check(&life, "10 cancelled confirmed running 1 restored");
	life_end(&life);
}
END_TEST

START_TEST(requeued_and_goes_on)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_start(&life, 1, 1);
	life_pass(&life, 5);
	life_stop(&life, 1, 7, 1024, "");
	life_pass(&life, 10);
	life_add(&life, 2, 10, 7); /* its row comes late */
	life_pass(&life, 15);
	life_pass(&life, 100);
	life_check(&life, "");
	life_end(&life);
}
END_TEST

START_TEST(requeued_and_never_came_back)
{
	life_begin(&life, database_versions[_i], "");
	life_add(&life, 1, 10, 0);
	life_start(&life, 1, 1);
	life_pass(&life, 5);
	life_stop(&life, 1, 7, 1024, "");
	life_pass(&life, 10);
	life_pass(&life, 30);
	life_pass(&life, 60);
	life_check(&life, "");
	life_pass(&life, 70);
	life_check(&life, "10 requeue-cancelled suspected running 1");
	life_pass(&life, 75);
	life_check(&life, "10 requeue-cancelled suspected running 1");
	life_end(&life);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		stale_requester_reset, stale_requester,
		alive_after_all,       alive_after_all_unseen,
		cancelled_then_failed, requeued_after_it_was_cancelled,
		requeued_and_goes_on,  requeued_and_never_came_back};
	TCase *tcase = tcase_create("incarnations");
	size_t i;

	for (i = 0; i < LENGTH(tests); i++)
		tcase_add_loop_test(tcase, tests[i], 0,
				    LENGTH(database_versions));
	return unit_run("incarnations", tcase);
}
