/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time words: what is printed is read back as the same moment, whatever the
 * zone, and periods are where they should be. */
#include "lib/when.h"

#include "tests/fuzz/fuzz.h"

#include <inttypes.h>
#include <time.h>

#define DAY_S 86400
#define LAST_S (253402300799 - 2 * DAY_S) /* of 9999, in any zone */

/* Offsets of whole minutes, from 1970 on. */
static const char *const zones[] = {
	"UTC0",
	"Europe/Berlin",
	"America/New_York",
	"Asia/Kathmandu",
	"Australia/Lord_Howe",
	"Pacific/Apia",
	"America/St_Johns",
	"XXX-14",
	"YYY12",
	"AAA-1BBB,M3.2.0,M11.1.0",
};

static void set_zone(const char *number)
{
	static const char *last;
	const char *zone = zones[strtoull(number, NULL, 10) % LENGTH(zones)];

	if (zone == last)
		return;
	last = zone;
	setenv("TZ", zone, 1);
	tzset();
}

static void must_read(const char *text, int64_t now_s, int64_t expected)
{
	struct err err = {0};
	int64_t got = -1;
	int rc = when_time(text, now_s, &got, &err);

	if (rc < 0 || got != expected)
		fprintf(stderr, "\"%s\": %" PRId64 ", not %" PRId64 "\n", text,
			got, expected);
	must(rc == 0 && got == expected);
}

/* The day in words is a period that has the moment in it. */
static void check_day(int64_t time_s)
{
	char day[WHEN_SIZE];
	struct when_period period;
	struct err err = {0};

	when_day(time_s, day);
	must(when_period(day, 0, &period, &err) == 0);
	must(period.since_s <= time_s && time_s < period.until_s);
	must(period.until_s - period.since_s >= DAY_S - 4 * 3600);
	must(period.until_s - period.since_s <= DAY_S + 4 * 3600);
}

static void check_moment(int64_t time_s)
{
	char buf[WHEN_SIZE];

	must(strlen(when_utc(time_s, buf)) < WHEN_SIZE);
	must(strlen(when_local(time_s, buf)) < WHEN_SIZE);
	must(strlen(when_day(time_s, buf)) < WHEN_SIZE);
	must(strlen(when_zone(time_s, buf)) < WHEN_SIZE);
	if (time_s < 2 * DAY_S || time_s > LAST_S)
		return;
	must_read(when_utc(time_s, buf), 0, time_s);
	must_read(when_local(time_s, buf), INT32_MAX, time_s);
	check_day(time_s);
}

/* "-2d 03:04:05" by the book. */
static void check_duration(int64_t duration_s)
{
	char buf[WHEN_SIZE];
	uint64_t days = 0;
	unsigned hours, minutes, seconds;
	uint64_t left =
		duration_s < 0 ? -(uint64_t)duration_s : (uint64_t)duration_s;
	char *s = when_duration(duration_s, buf);

	must(strlen(s) < WHEN_SIZE);
	must((*s == '-') == (duration_s < 0));
	s += *s == '-';
	if (strchr(s, 'd'))
		must(sscanf(s, "%" SCNu64 "d ", &days) == 1 && days);
	must(sscanf(s + strlen(s) - 8, "%2u:%2u:%2u", &hours, &minutes,
		    &seconds) == 3);
	must(hours < 24 && minutes < 60 && seconds < 60);
	must(((days * 24 + hours) * 60 + minutes) * 60 + seconds == left);
}

static void check_period(const char *text, int64_t now_s)
{
	struct when_period period;
	struct err err = {0};
	int64_t days;

	if (when_period(text, now_s, &period, &err) < 0) {
		must(err.kind == ERR_USAGE && err.msg[0] && err.hint[0]);
		return;
	}
	/* Apia never had the 30th of December 2011. */
	must(period.since_s <= period.until_s);
	days = (period.until_s - period.since_s + DAY_S / 2) / DAY_S;
	must(days <= 1 || days == 7 || (days >= 28 && days <= 31) ||
	     (days >= 90 && days <= 92) || (days >= 364 && days <= 366));
}

static void check_text(const char *text, int64_t now_s)
{
	struct err err = {0};
	int64_t time_s;

	if (when_time(text, now_s, &time_s, &err) < 0) {
		must(err.kind == ERR_USAGE && err.msg[0] && err.hint[0]);
		return;
	}
	must(time_s >= 0);
	check_moment(time_s);
}

/* The number of a zone, the time now, any time, a text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autoinputs struct fuzz_input input = fuzz_input(data, size);
	int64_t now_s, time_s;
	const char *text;

	set_zone(fuzz_text(&input));
	now_s = fuzz_number(&input);
	time_s = fuzz_number(&input);
	text = fuzz_text(&input);
	check_moment(time_s);
	check_duration(time_s);
	/* The clock is right: within four-digit years. */
	now_s = (int64_t)((uint64_t)now_s % LAST_S);
	check_text(text, now_s);
	check_period(text, now_s);
	return 0;
}
