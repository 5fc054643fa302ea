/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When passes are due: by the poll, after a wake, and however many wakes. */
#include "lib/mem.h"
#include "tests/unit.h"
#include "watcher/beat.h"

#define POLL_MS 60000

/* Runs passes of 10 ms until a time, with wakes at those moments, ascending,
 * ended by 0. Their beginnings go to `began`: their number. A wake during a
 * pass is seen at its end. */
static size_t simulate(const int64_t *wakes, int64_t until_ms, int64_t *began,
		       size_t max)
{
	struct beat beat = {0};
	size_t n = 0;

	beat.ended_ms = 1000;
	for (;;) {
		int64_t due_ms = beat_due_ms(&beat, POLL_MS);

		if (*wakes && *wakes < due_ms) {
			beat.woken = true;
			beat.woken_ms =
				*wakes > beat.ended_ms ? *wakes : beat.ended_ms;
			wakes++;
			continue;
		}
		if (due_ms > until_ms || n == max)
			return n;
		began[n++] = due_ms;
		beat.began_ms = due_ms;
		beat.ended_ms = due_ms + 10;
	}
}

START_TEST(polls)
{
	const int64_t wakes[] = {0};
	int64_t began[8];

	ck_assert_uint_eq(simulate(wakes, 200000, began, 8), 3);
	ck_assert_int_eq(began[0], 61000);
	ck_assert_int_eq(began[1], 121010);
}
END_TEST

/* At once, and soon again while the row may come. */
START_TEST(wake)
{
	const int64_t wakes[] = {5000, 0};
	const int64_t expected[] = {5000, 5160, 5400, 6000, 8000, 11000, 71010};
	int64_t began[8];
	size_t i;

	ck_assert_uint_eq(simulate(wakes, 72000, began, 8), 7);
	for (i = 0; i < LENGTH(expected); i++)
		ck_assert_int_eq(began[i], expected[i]);
}
END_TEST

/* A wake puts off none that is due, and one during a pass is not lost. */
START_TEST(wakes_between)
{
	const int64_t wakes[] = {5000, 5005, 5290, 0};
	int64_t began[16];
	size_t n = simulate(wakes, 12000, began, 16);

	ck_assert_uint_ge(n, 5);
	ck_assert_int_eq(began[0], 5000);
	ck_assert_int_eq(began[1], 5160);
	ck_assert_int_ge(began[n - 1], 11290);
}
END_TEST

/* A thousand jobs that end within ten seconds do not make a thousand passes. */
START_TEST(storm)
{
	int64_t wakes[1001] = {0};
	int64_t began[1024];
	size_t i, n;

	for (i = 0; i < 1000; i++)
		wakes[i] = 5000 + (int64_t)i * 10;
	n = simulate(wakes, 30000, began, 1024);
	ck_assert_uint_ge(n, 50);
	ck_assert_uint_le(n, 70);
	for (i = 1; i < n; i++)
		ck_assert_int_ge(began[i] - began[i - 1], 160);
}
END_TEST

START_TEST(behind)
{
	const struct beat beat = {
		.began_ms = 1000, .ended_ms = 1010, .behind = true};

	ck_assert_int_eq(beat_due_ms(&beat, POLL_MS), 1010);
}
END_TEST

/* A poll shorter than the waits after a wake goes on. */
START_TEST(short_poll)
{
	const struct beat beat = {.began_ms = 9000,
				  .ended_ms = 9010,
				  .woken = true,
				  .woken_ms = 7000};

	ck_assert_int_eq(beat_due_ms(&beat, 100), 9110);
	ck_assert_int_eq(beat_due_ms(&beat, POLL_MS), 10000);
}
END_TEST

/* A database that takes long is left alone for as long. */
START_TEST(long_passes)
{
	const struct beat beat = {.began_ms = 9000,
				  .ended_ms = 11000,
				  .woken = true,
				  .woken_ms = 11000};

	ck_assert_int_eq(beat_due_ms(&beat, POLL_MS), 19000);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("beat");

	tcase_add_test(tcase, polls);
	tcase_add_test(tcase, wake);
	tcase_add_test(tcase, wakes_between);
	tcase_add_test(tcase, storm);
	tcase_add_test(tcase, behind);
	tcase_add_test(tcase, short_poll);
	tcase_add_test(tcase, long_passes);
	return unit_run("beat", tcase);
}
