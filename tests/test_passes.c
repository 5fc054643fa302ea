/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random lives in a private MariaDB: what is recorded of them is the same
 * whenever a pass is made, as long as what matters is seen once. */
#include "tests/life.h"
#include "tests/lives.h"

#define LIVES 16

static struct life life;

/* What slurmdbd would write as the row is then. */
static void write_row(const struct job *row, int64_t at_s)
{
	life_set(&life, 1, at_s,
		 "`partition` = '%s', id_user = %" PRId64 ", timelimit = "
		 "%" PRId64 ", state = %" PRId64 ", nodelist = '%s',"
		 " id_array_job = %" PRId64 ", id_array_task = %" PRId64
		 ", array_task_str = '%s', exit_code = %" PRId64
		 ", time_start = %" PRId64 ", time_end = %" PRId64,
		 row->partition, row->id_user, row->timelimit, row->state,
		 row->nodelist, row->id_array_job, row->id_array_task,
		 row->array_task_str, row->exit_code,
		 row->time_start ? LIFE_T + at_s : 0,
		 row->time_end ? LIFE_T + at_s : 0);
	if (row->kill_requid >= 0)
		life_set(&life, 1, at_s, "kill_requid = %" PRId64,
			 row->kill_requid);
	else
		life_forget_requester(&life, 1, at_s);
}

/* How passes are made: so many after each write, at least; only after writes
 * that matter, and after others by chance; seconds late at times. */
struct passes {
	int n;
	bool sparse;
	bool late;
};

static void pass_after(const struct passes *passes, bool is_decisive,
		       int64_t at_s)
{
	int n;

	if (passes->sparse && !is_decisive && chance(2))
		return;
	for (n = 0; n < passes->n; n++)
		life_pass(&life, at_s + n + (passes->late && n ? 3 : 0));
}

/* Plays the life of that seed. */
static char *play(const char *version, uint64_t seed,
		  const struct passes *passes)
{
	struct lives_job job;
	char *recorded;
	int i;

	live(&job, seed);
	life_begin(&life, version, "");
	life_add(&life, 1, 7, 0);
	for (i = 0; i < job.n; i++) {
		write_row(&job.rows[i], 20 * i);
		pass_after(passes, job.decisive[i], 20 * i);
	}
	/* Until nothing is waited for any more. */
	for (i = 0; i < 5; i++)
		life_pass(&life, 20 * job.n + 30 * i);
	recorded = life_recorded(&life);
	life_end(&life);
	bury(&job);
	return recorded;
}

/* A life that ends in something to record; of an array, what was withdrawn
 * together may be seen apart: those only if they may. */
static uint64_t seed_of(int i, bool arrays)
{
	uint64_t seed = (uint64_t)i * 1000;
	bool found = false;

	while (!found) {
		struct lives_job job;
		const struct job *end;

		live(&job, ++seed);
		end = last(&job);
		found = end->state >= JOB_STATE_CANCELLED &&
			(job.rows[0].id_array_job > 0) == arrays;
		bury(&job);
	}
	return seed;
}

static void same_under(const struct passes *passes, int i, bool arrays)
{
	static const struct passes once = {.n = 1};
	const char *version = database_versions[i % 4];
	uint64_t seed = seed_of(i, arrays);
	autofree char *expected = play(version, seed, &once);
	autofree char *got = play(version, seed, passes);

	ck_assert_msg(strcmp(expected, got) == 0,
		      "life %" PRIu64 ": '%s', but '%s'", seed, expected, got);
}

START_TEST(passes_made_twice)
{
	static const struct passes twice = {.n = 2};

	same_under(&twice, _i, _i % 2);
}
END_TEST

START_TEST(passes_made_often)
{
	static const struct passes often = {.n = 3, .late = true};

	same_under(&often, _i, _i % 2);
}
END_TEST

START_TEST(passes_made_seldom)
{
	static const struct passes seldom = {.n = 1, .sparse = true};

	same_under(&seldom, _i, false);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("passes");

	tcase_add_loop_test(tcase, passes_made_twice, 0, LIVES);
	tcase_add_loop_test(tcase, passes_made_often, 0, LIVES);
	tcase_add_loop_test(tcase, passes_made_seldom, 0, LIVES);
	return unit_run("passes", tcase);
}
