/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/period.h"

#include "lib/mem.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

struct period period_of(const char *text, int64_t now_s, int64_t since_s,
			int64_t until_s)
{
	struct period period = {since_s, until_s, false, WHEN_DAY};
	struct when_period calendar;
	struct err err;

	if (!text || when_period(text, now_s, &calendar, &err) < 0)
		return period;
	period.named = true;
	period.unit = calendar.unit;
	return period;
}

static struct when_period calendar_of(const struct period *period)
{
	return (struct when_period){period->since_s, period->until_s,
				    period->unit};
}

static int64_t from_1970(int64_t time_s)
{
	return time_s < 0 ? 0 : time_s;
}

struct period period_before(const struct period *period, int n)
{
	struct when_period calendar = calendar_of(period);
	struct period before = *period;
	int64_t length_s = period->until_s - period->since_s;

	if (period->named) {
		calendar = when_later(&calendar, -n);
		before.since_s = from_1970(calendar.since_s);
		before.until_s = from_1970(calendar.until_s);
	} else {
		before.until_s =
			from_1970(period->since_s - (n - 1) * length_s);
		before.since_s = from_1970(before.until_s - length_s);
	}
	return before;
}

bool period_is_empty(const struct period *period)
{
	return period->since_s >= period->until_s;
}

char *period_name(const struct period *period, char buf[WHEN_SIZE])
{
	const struct when_period calendar = calendar_of(period);

	buf[0] = '\0';
	return period->named ? when_name(&calendar, buf) : buf;
}

static const char *month_name(const struct tm *tm)
{
	static const char *const names[] = {
		"January",   "February", "March",    "April",
		"May",       "June",     "July",     "August",
		"September", "October",  "November", "December",
	};

	return names[tm->tm_mon];
}

/* "1 October 2026 08:00" */
static char *moment(int64_t time_s)
{
	time_t t = (time_t)time_s;
	struct tm tm = {0};
	char clock[sizeof("00:00:00")];

	localtime_r(&t, &tm);
	if (tm.tm_sec)
		strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	else
		strftime(clock, sizeof(clock), "%H:%M", &tm);
	return mem_printf("%d %s %d %s", tm.tm_mday, month_name(&tm),
			  tm.tm_year + 1900, clock);
}

static char *calendar_phrase(const struct period *period)
{
	static const char *const ordinals[] = {"first", "second", "third",
					       "fourth"};
	time_t t = (time_t)period->since_s;
	struct tm tm = {0};
	char name[WHEN_SIZE];

	localtime_r(&t, &tm);
	period_name(period, name);
	switch (period->unit) {
	case WHEN_DAY:
		return mem_printf("on %d %s %d", tm.tm_mday, month_name(&tm),
				  tm.tm_year + 1900);
	case WHEN_WEEK:
		return mem_printf("in week %d of %.4s",
				  (int)strtol(strchr(name, 'W') + 1, NULL, 10),
				  name);
	case WHEN_MONTH:
		return mem_printf("in %s %.4s", month_name(&tm), name);
	case WHEN_QUARTER:
		return mem_printf("in the %s quarter of %.4s",
				  ordinals[tm.tm_mon / 3], name);
	case WHEN_YEAR:
		return mem_printf("in %.4s", name);
	}
	abort();
}

char *period_phrase(const struct period *period)
{
	autofree char *since = NULL;
	autofree char *until = NULL;

	if (period->named)
		return calendar_phrase(period);
	since = moment(period->since_s);
	until = moment(period->until_s);
	return mem_printf("from %s to %s", since, until);
}

const char *period_plural(const struct period *period)
{
	static const char *const plurals[] = {
		[WHEN_DAY] = "days",     [WHEN_WEEK] = "weeks",
		[WHEN_MONTH] = "months", [WHEN_QUARTER] = "quarters",
		[WHEN_YEAR] = "years",
	};

	return period->named ? plurals[period->unit] : "such periods";
}

void period_options(const struct period *period, struct text *text)
{
	char since[WHEN_SIZE], until[WHEN_SIZE];

	if (period->named)
		text_addf(text, " --period %s", period_name(period, since));
	else
		text_addf(text, " --since %s --until %s",
			  when_local(period->since_s, since),
			  when_local(period->until_s, until));
}
