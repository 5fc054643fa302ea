/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times, periods and durations as people type and read them. */
#ifndef LIB_WHEN_H
#define LIB_WHEN_H

#include "err.h"

#include <stddef.h>
#include <stdint.h>

/* All times are seconds since 1970, UTC. What a text leaves open is taken
 * from now_s and the local time zone (TZ), never from the clock. */

/* A time as sacct reads it (Slurm's parse_time(), as sacct calls it: towards
 * the past):
 *
 *	now[{+|-}count[seconds|minutes|hours|days|weeks]]
 *	[day] [time of day]	in either order, between them T, - or blanks
 *
 * A day is today, yesterday, tomorrow, YYYY-MM-DD, MMDD[YY], MM/DD[/YY] or
 * MM.DD[.YY]; a month without a year that is yet to come is last year's. A
 * time of day is HH:MM[:SS] [AM|PM], midnight, noon, elevenses (11), fika
 * (15) or teatime (16). Without a day it is today's, without a time of day
 * midnight. Beyond sacct, a time of day may name its zone, Z or +HH:MM, and
 * units may be shortened ("now-2h").
 *
 * Where clocks go back, a time that comes twice is the first; where they go
 * forward, one that never comes is as much later. -1 (ERR_USAGE): no time,
 * or one outside 1970-9999. */
int when_time(const char *text, int64_t now_s, int64_t *time_s,
	      struct err *err);

enum when_unit { WHEN_DAY, WHEN_WEEK, WHEN_MONTH, WHEN_QUARTER, WHEN_YEAR };

struct when_period {
	int64_t since_s;     /* its first second */
	int64_t until_s;     /* the first one behind it */
	enum when_unit unit; /* of the calendar, which it is one of */
};

/* A period of the local calendar: today, yesterday, {this|last}-{week|month|
 * year}, 2026, 2026-Q3, 2026-10, 2026-W47 (ISO 8601: Monday to Sunday) or
 * 2026-10-31. -1 (ERR_USAGE): none of these. */
int when_period(const char *text, int64_t now_s, struct when_period *period,
		struct err *err);

/* The one of that unit which the time is in. */
struct when_period when_period_at(int64_t time_s, enum when_unit unit);

/* The n-th one of the same unit behind it; before it if n is negative. */
struct when_period when_later(const struct when_period *period, int n);

/* Seconds from one time to another; where they are too many to count, as in a
 * row that holds nonsense, the most that can be. */
int64_t when_between(int64_t from_s, int64_t to_s);

/* The words of these, one after the other; NULL behind the last. */
const char *when_period_word(size_t i);

/* Room for what the functions below write; each returns `buf`. */
#define WHEN_SIZE 32

/* 2026-11-22T19:41:03Z. A time outside of years 0-9999 is written "@seconds",
 * here and below. */
char *when_utc(int64_t time_s, char buf[WHEN_SIZE]);
/* 2026-11-22T20:41:03+01:00 */
char *when_local(int64_t time_s, char buf[WHEN_SIZE]);
/* The local day, 2026-11-22. */
char *when_day(int64_t time_s, char buf[WHEN_SIZE]);
/* The name of the local zone at that time, as tzdata has it: CET, -03. */
char *when_zone(int64_t time_s, char buf[WHEN_SIZE]);
/* The period as one would type it: 2026-10-31, 2026-W47, 2026-10, 2026-Q3,
 * 2026. */
char *when_name(const struct when_period *period, char buf[WHEN_SIZE]);
/* 2d 03:04:05, or 03:04:05 for less than a day. */
char *when_duration(int64_t duration_s, char buf[WHEN_SIZE]);

#endif
