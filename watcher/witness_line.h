/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one line of slurmctld's log says of who asked for what. */
#ifndef WATCHER_WITNESS_LINE_H
#define WATCHER_WITNESS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Words that slurmctld logs at its default level, the same from 20.11 to
 * 26.05 (doc/slurm-facts.md). */
enum witness_act {
	/* A signal was asked for, any signal: the line is the same for all,
	 * and comes before slurmctld looks whether the user may. */
	WITNESS_KILL,
	WITNESS_KILL_REFUSED, /* detail: why; "" if only that it was */
	WITNESS_PARTITION,    /* was set to detail; the uid comes later */
	WITNESS_TIME_LIMIT,   /* was set to detail minutes; likewise */
	WITNESS_COMPLETE,     /* an update ended: the uid of what was set */
	WITNESS_HOLD,
	WITNESS_N
};

/* The words by which the store knows them. */
extern const char *const witness_acts[WITNESS_N];

/* The act of that word; WITNESS_N: of none. */
enum witness_act witness_act(const char *word);

struct witness_line {
	int64_t at_s; /* slurmctld's clock */
	enum witness_act act;
	char job[256];  /* as logged; a longer one is cut to "3_?" */
	int64_t id_job; /* the number in front of it */
	int64_t uid;    /* -1: not known (yet) */
	char detail[128];
	bool doubtful; /* a user may have typed it; witness_sift.h */
};

/* The time in front of a line. */
struct witness_stamp {
	int64_t at_ms;
	size_t len; /* of the stamp, with the blank behind it */
	bool local; /* no zone is given, so it may come twice in autumn */
};

/* Reads "[2026-11-22T10:11:12.345] " and LogTimeFormat's other values that
 * tell the year, iso8601, rfc5424, rfc5424_ms and rfc3339; without a zone it
 * is in the local one (TZ). clock, short and thread_id do not tell it. */
bool witness_line_stamp(const char *line, size_t len,
			struct witness_stamp *stamp);

/* The later time at which local clocks show the same, or the same time. */
int64_t witness_line_later_ms(int64_t at_ms);

enum witness_sort {
	WITNESS_OPEN,   /* any other, which may hold or be what a user typed */
	WITNESS_CLOSED, /* slurmctld's own words from end to end */
	WITNESS_SAYS,   /* who asked for what; *out is set, but for at_s */
};

/* Tells what a message, without stamp or newline, is. The whole of it must be
 * as slurmctld writes it. */
enum witness_sort witness_line_message(const char *message, size_t len,
				       struct witness_line *out);

/* Stamp and message of a whole line. False: not one that says who asked for
 * what. */
bool witness_line_parse(const char *line, size_t len, struct witness_line *out);

#endif
