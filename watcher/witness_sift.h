/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lines of slurmctld's log can be believed. */
#ifndef WATCHER_WITNESS_SIFT_H
#define WATCHER_WITNESS_SIFT_H

#include "lib/err.h"
#include "watcher/witness_line.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* slurmctld logs what users type as they typed it, newlines as well, so that a
 * "line" of its log, stamp and all, may be of a user's making: in a file there
 * is no mark by which to tell. What can be told is where none was made:
 *
 * Such a line comes out of one message of slurmctld's, written at one moment,
 * which begins in front of it with a line that ends in a user's text, and ends
 * behind it. So a line is believed when all around it, for longer than the log
 * was left unread, are lines that are slurmctld's own words from end to end
 * (WITNESS_CLOSED); stamps that go back, or ahead of the clock, are not. The
 * lines WITNESS_SAYS may be such a message as well, as a user may ask for
 * JobId= with any text behind it; but a user's own uid comes with it: after the
 * text in most, before it in a refusal. So nobody else's may be there.
 *
 * All others are doubtful. A user can make lines doubtful, of course, but none
 * that is believed. Entries of a journal that hold a whole message each need
 * none of this.
 *
 * Lines are held back until it is known, and until a change of partition or
 * time limit has its uid. */
struct witness_sift;

/* When a reading of the log begins. */
struct witness_moment {
	int64_t clock_ms; /* the host's clock: no line is from after it */
	int64_t ticks_ms; /* ticks_ms() */
};

struct witness_sift *witness_sift_new(void);
void witness_sift_free(struct witness_sift *sift);

/* Lines before this place were given before: they are read again to know what
 * is around the others. blind: of witness_sift_restart(). */
void witness_sift_resume(struct witness_sift *sift, int64_t given, bool blind);

void witness_sift_begin(struct witness_sift *sift, struct witness_moment now);

/* A line of a file, without its newline. place: how many bytes of the log are
 * before it, whatever file they were in. */
void witness_sift_line(struct witness_sift *sift, const char *line, size_t len,
		       int64_t place);

/* An entry of a journal; whole: it is one message of slurmctld's, not a line
 * of one. place: how many entries are before it. */
void witness_sift_entry(struct witness_sift *sift, int64_t at_ms,
			const char *message, size_t len, bool whole,
			int64_t place);

/* Something is missing here, or too long to be read. */
void witness_sift_gap(struct witness_sift *sift);

/* What says who asked for what; text is the line as it was logged. Both live
 * as long as the call. */
typedef int witness_fn(const struct witness_line *line, const char *text,
		       void *arg, struct err *err);

/* Gives what is certain by now, in the log's order; all_read: up to the log's
 * end. -1: fn did not take a line, which is given again. */
int witness_sift_give(struct witness_sift *sift, bool all_read, witness_fn *fn,
		      void *arg, struct err *err);

/* The place of the first line that was not given, and one before it to begin
 * again from: far enough, or *blind, and what comes soon after it is in doubt.
 * end: where the reading stands. */
int64_t witness_sift_given(const struct witness_sift *sift, int64_t end);
int64_t witness_sift_restart(const struct witness_sift *sift, int64_t end,
			     bool *blind);

#endif
