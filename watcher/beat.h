/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When the next pass is due. */
#ifndef WATCHER_BEAT_H
#define WATCHER_BEAT_H

#include <stdbool.h>
#include <stdint.h>

/* Moments of one clock, milliseconds. All zero: the first pass is due. */
struct beat {
	int64_t began_ms; /* the last pass */
	int64_t ended_ms;
	bool behind; /* it left rows for the next one */
	bool woken;
	int64_t woken_ms; /* the last time */
};

/* A poll after the last pass; after a wake at once, and again some times in the
 * seconds that follow: slurmctld's epilog, which may be what wakes, runs before
 * slurmdbd has written the row. However often it is woken, there is time
 * between two passes. */
int64_t beat_due_ms(const struct beat *beat, int64_t poll_ms);

#endif
