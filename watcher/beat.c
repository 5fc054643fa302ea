/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/beat.h"

#include "lib/mem.h"

/* The row is there some 60 to 200 ms after scancel, one of a job that has just
 * begun up to 5 s (doc/slurm-facts.md). */
static const int64_t after_wake_ms[] = {0, 150, 400, 1000, 3000, 6000};

/* Between two passes, at least; where they take long, so many times as long. */
#define GAP_MS 150
#define GAP_PASSES 4

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t beat_due_ms(const struct beat *beat, int64_t poll_ms)
{
	int64_t due_ms = beat->ended_ms + poll_ms;
	int64_t took_ms = beat->ended_ms - beat->began_ms;
	int64_t soonest_ms =
		beat->ended_ms + most(GAP_MS, GAP_PASSES * took_ms);
	size_t i;

	if (beat->behind)
		return beat->ended_ms;
	for (i = 0; beat->woken && i < LENGTH(after_wake_ms); i++) {
		int64_t wanted_ms = beat->woken_ms + after_wake_ms[i];

		if (wanted_ms > beat->began_ms)
			return least(due_ms, most(wanted_ms, soonest_ms));
	}
	return due_ms;
}
