/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "when.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MINUTE_S 60
#define HOUR_S 3600
#define DAY_S 86400
#define TIME_MAX 253402300799 /* 9999-12-31T23:59:59Z */

/* Writes a number with so many digits, and `end`; returns what is behind. By
 * hand, since an export writes millions of them. */
static char *put(char *at, int value, int digits, char end)
{
	int i;

	for (i = digits; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	at[digits] = end;
	return at + digits + 1;
}

/* 2026-11-22T20:41:03; returns the NUL behind it. */
static char *put_time(char *at, const struct tm *tm)
{
	at = put(at, tm->tm_year + 1900, 4, '-');
	at = put(at, tm->tm_mon + 1, 2, '-');
	at = put(at, tm->tm_mday, 2, 'T');
	at = put(at, tm->tm_hour, 2, ':');
	at = put(at, tm->tm_min, 2, ':');
	return put(at, tm->tm_sec, 2, '\0') - 1;
}

/* Splits the time, unless it is outside of 1970-9999 in some zone: then
 * writes it as a number. */
static bool split(int64_t time_s,
		  struct tm *split_r(const time_t *, struct tm *),
		  struct tm *tm, char buf[WHEN_SIZE])
{
	time_t t = (time_t)time_s;

	if (time_s >= 0 && time_s <= TIME_MAX - DAY_S && split_r(&t, tm))
		return true;
	snprintf(buf, WHEN_SIZE, "@%" PRId64, time_s);
	return false;
}

char *when_utc(int64_t time_s, char buf[WHEN_SIZE])
{
	struct tm tm;

	if (split(time_s, gmtime_r, &tm, buf))
		memcpy(put_time(buf, &tm), "Z", 2);
	return buf;
}

char *when_local(int64_t time_s, char buf[WHEN_SIZE])
{
	struct tm tm;
	int minutes;
	char *at;

	if (!split(time_s, localtime_r, &tm, buf))
		return buf;
	minutes = (int)(tm.tm_gmtoff / MINUTE_S);
	at = put_time(buf, &tm);
	*at++ = minutes < 0 ? '-' : '+';
	minutes = minutes < 0 ? -minutes : minutes;
	at = put(at, minutes / 60, 2, ':');
	put(at, minutes % 60, 2, '\0');
	return buf;
}

char *when_day(int64_t time_s, char buf[WHEN_SIZE])
{
	struct tm tm;

	if (split(time_s, localtime_r, &tm, buf)) {
		put_time(buf, &tm);
		buf[strlen("2026-11-22")] = '\0';
	}
	return buf;
}

char *when_zone(int64_t time_s, char buf[WHEN_SIZE])
{
	struct tm tm;

	if (split(time_s, localtime_r, &tm, buf))
		snprintf(buf, WHEN_SIZE, "%s", tm.tm_zone);
	return buf;
}

char *when_name(const struct when_period *period, char buf[WHEN_SIZE])
{
	/* What of a day is a part of the name. */
	static const size_t lengths[] = {
		[WHEN_DAY] = sizeof("2026-10-31"),
		[WHEN_WEEK] = 0,
		[WHEN_MONTH] = sizeof("2026-10"),
		[WHEN_QUARTER] = sizeof("2026-"),
		[WHEN_YEAR] = sizeof("2026"),
	};
	struct tm tm;
	char *end;

	if (!split(period->since_s, localtime_r, &tm, buf))
		return buf;
	if (period->unit == WHEN_WEEK) {
		strftime(buf, WHEN_SIZE, "%G-W%V", &tm);
		return buf;
	}
	put_time(buf, &tm);
	end = buf + lengths[period->unit] - 1;
	*end = '\0';
	if (period->unit == WHEN_QUARTER) {
		*end++ = 'Q';
		put(end, tm.tm_mon / 3 + 1, 1, '\0');
	}
	return buf;
}

char *when_duration(int64_t duration_s, char buf[WHEN_SIZE])
{
	uint64_t s = (uint64_t)duration_s;
	int n = 0;

	if (duration_s < 0) {
		s = -s;
		n = snprintf(buf, WHEN_SIZE, "-");
	}
	if (s >= DAY_S)
		n += snprintf(buf + n, WHEN_SIZE - (size_t)n, "%" PRIu64 "d ",
			      s / DAY_S);
	put(buf + n, (int)(s % DAY_S / HOUR_S), 2, ':');
	put(buf + n + 3, (int)(s % HOUR_S / MINUTE_S), 2, ':');
	put(buf + n + 6, (int)(s % MINUTE_S), 2, '\0');
	return buf;
}
