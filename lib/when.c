/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "when.h"

#include "mem.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define MINUTE_S 60
#define HOUR_S 3600
#define DAY_S 86400
#define TIME_MAX 253402300799 /* 9999-12-31T23:59:59Z */
/* In any zone; when_text.c writes later ones as numbers. */
#define TIME_LAST (TIME_MAX - DAY_S)
#define MAX_NUMBERS 3

/* --- The calendar ------------------------------------------------------- */

/* Fields of tm may be out of their ranges, as for timegm(): the 0th is the
 * last of the month before. */
static int64_t as_utc(struct tm tm)
{
	return timegm(&tm);
}

static struct tm utc(int64_t time_s)
{
	time_t t = (time_t)time_s;
	struct tm tm = {0};

	gmtime_r(&t, &tm);
	return tm;
}

static struct tm local(int64_t time_s)
{
	time_t t = (time_t)time_s;
	struct tm tm = {0};

	localtime_r(&t, &tm);
	return tm;
}

/* The instant at which local clocks show tm. mktime() finds it too, but for a
 * time that comes twice or never its answer depends on earlier calls. */
static int64_t as_local(struct tm tm)
{
	int64_t shown = as_utc(tm);
	int64_t before = shown - local(shown - DAY_S).tm_gmtoff;
	int64_t after = shown - local(shown + DAY_S).tm_gmtoff;

	if (before + local(before).tm_gmtoff != shown &&
	    after + local(after).tm_gmtoff == shown)
		return after;
	return before;
}

static bool is_date(int year, int month, int mday)
{
	struct tm last = {.tm_year = year - 1900, .tm_mon = month};

	return year >= 1970 && month >= 1 && month <= 12 && mday >= 1 &&
	       mday <= utc(as_utc(last)).tm_mday;
}

int64_t when_between(int64_t from_s, int64_t to_s)
{
	int64_t s;

	if (__builtin_sub_overflow(to_s, from_s, &s))
		return to_s > from_s ? INT64_MAX : INT64_MIN;
	return s;
}

/* --- Pieces of text ----------------------------------------------------- */

/* Takes from *s what looks like `pattern`, in which y is a number of four
 * digits, n of two, d of one or two, and anything else is itself. No digit
 * may follow. */
static bool take(const char **s, const char *pattern, int numbers[MAX_NUMBERS])
{
	const char *at = *s;

	for (; *pattern; pattern++) {
		size_t len = strspn(at, "0123456789");
		size_t most = *pattern == 'y' ? 4 : 2;

		if (!strchr("ynd", *pattern)) {
			if (toupper((unsigned char)*at++) != *pattern)
				return false;
			continue;
		}
		if (len < (*pattern == 'd' ? 1 : most))
			return false;
		len = len < most ? len : most;
		for (*numbers = 0; len; len--)
			*numbers = *numbers * 10 + (*at++ - '0');
		numbers++;
	}
	if (isdigit((unsigned char)*at))
		return false;
	*s = at;
	return true;
}

static bool take_word(const char **s, const char *word)
{
	size_t len = strlen(word);

	if (strncasecmp(*s, word, len) != 0)
		return false;
	*s += len;
	return true;
}

static void skip_blanks(const char **s)
{
	*s += strspn(*s, " \t");
}

/* --- A time ------------------------------------------------------------- */

/* What a text says of a time, as it was typed. */
struct spec {
	bool has_day;
	int days_on; /* of today, unless is_date */
	bool is_date;
	int year; /* 0: none was given */
	int month;
	int mday;
	bool has_clock;
	int hour;
	int minute;
	int second;
	char half; /* A, P: before or after noon */
	bool has_zone;
	int zone_sign;
	int zone_hours;
	int zone_minutes;
};

static bool take_day(const char **s, struct spec *spec)
{
	static const char *const words[] = {"yesterday", "today", "tomorrow"};
	/* clang-format off */
	static const struct {
		const char *pattern;
		int year, month, mday; /* their places; -1: not there */
	} dates[] = {
		{"y-d-d",  0, 1, 2},
		{"d/d/n",  2, 0, 1}, {"d.d.n",  2, 0, 1}, {"nnn",  2, 0, 1},
		{"d/d",   -1, 0, 1}, {"d.d",   -1, 0, 1}, {"nn",  -1, 0, 1},
	};
	/* clang-format on */
	int numbers[MAX_NUMBERS];
	size_t i;

	for (i = 0; i < LENGTH(words); i++) {
		if (!take_word(s, words[i]))
			continue;
		spec->days_on = (int)i - 1;
		return true;
	}
	for (i = 0; i < LENGTH(dates); i++) {
		if (!take(s, dates[i].pattern, numbers))
			continue;
		spec->is_date = true;
		spec->month = numbers[dates[i].month];
		spec->mday = numbers[dates[i].mday];
		if (dates[i].year >= 0)
			spec->year = numbers[dates[i].year];
		if (dates[i].year > 0)
			spec->year += 2000;
		return true;
	}
	return false;
}

static void take_half_and_zone(const char **s, struct spec *spec)
{
	int numbers[MAX_NUMBERS] = {0};

	skip_blanks(s);
	if (take_word(s, "am"))
		spec->half = 'A';
	else if (take_word(s, "pm"))
		spec->half = 'P';
	spec->zone_sign = **s == '-' ? -1 : 1;
	spec->has_zone = take(s, "Z", numbers) || take(s, "+n:n", numbers) ||
			 take(s, "-n:n", numbers);
	spec->zone_hours = numbers[0];
	spec->zone_minutes = numbers[1];
}

static bool take_clock(const char **s, struct spec *spec)
{
	/* clang-format off */
	static const struct {
		const char *word;
		int hour;
	} words[] = {
		{"midnight", 0}, {"elevenses", 11}, {"noon", 12}, {"fika", 15},
		{"teatime", 16},
	};
	/* clang-format on */
	int numbers[MAX_NUMBERS] = {0};
	size_t i;

	for (i = 0; i < LENGTH(words); i++) {
		if (!take_word(s, words[i].word))
			continue;
		spec->hour = words[i].hour;
		return true;
	}
	if (take(s, "d:n:n", numbers))
		spec->second = numbers[2];
	else if (!take(s, "d:n", numbers))
		return false;
	spec->hour = numbers[0];
	spec->minute = numbers[1];
	take_half_and_zone(s, spec);
	return true;
}

static bool read_spec(const char *s, struct spec *spec)
{
	while (*s) {
		if (!spec->has_clock && take_clock(&s, spec))
			spec->has_clock = true;
		else if (!spec->has_day && take_day(&s, spec))
			spec->has_day = true;
		else if (strchr(" \t-Tt", *s))
			s++;
		else
			return false;
	}
	return spec->has_day || spec->has_clock;
}

static bool is_clock(const struct spec *spec)
{
	return spec->hour < (spec->half ? 13 : 24) && spec->minute < 60 &&
	       spec->second < 60 && spec->zone_hours < 15 &&
	       spec->zone_minutes < 60;
}

/* -1: there is no such time. */
static int64_t resolve(const struct spec *spec, int64_t now_s)
{
	int64_t zone_s = spec->zone_sign * (spec->zone_hours * HOUR_S +
					    spec->zone_minutes * MINUTE_S);
	struct tm today = spec->has_zone ? utc(now_s + zone_s) : local(now_s);
	struct tm tm = {.tm_hour = spec->hour,
			.tm_min = spec->minute,
			.tm_sec = spec->second,
			.tm_year = today.tm_year,
			.tm_mon = today.tm_mon,
			.tm_mday = today.tm_mday + spec->days_on};

	if (!is_clock(spec))
		return -1;
	if (spec->half)
		tm.tm_hour = spec->hour % 12 + (spec->half == 'P' ? 12 : 0);
	if (spec->is_date) {
		tm.tm_mon = spec->month - 1;
		tm.tm_mday = spec->mday;
		if (spec->year)
			tm.tm_year = spec->year - 1900;
		else if (tm.tm_mon > today.tm_mon)
			tm.tm_year--;
		if (!is_date(tm.tm_year + 1900, spec->month, spec->mday))
			return -1;
	}
	return spec->has_zone ? as_utc(tm) - zone_s : as_local(tm);
}

/* "-7days", "+ 2 h", "" behind now. */
static bool read_delta(const char *s, int64_t *delta_s)
{
	/* clang-format off */
	static const struct {
		const char *name;
		int64_t seconds;
	} units[] = {
		{"seconds", 1}, {"minutes", MINUTE_S}, {"hours", HOUR_S},
		{"days", DAY_S}, {"weeks", 7 * DAY_S},
	};
	/* clang-format on */
	int64_t count = 0;
	char sign;
	size_t len, i;

	*delta_s = 0;
	skip_blanks(&s);
	sign = *s;
	if (!sign)
		return true;
	s++;
	skip_blanks(&s);
	len = strspn(s, "0123456789");
	if ((sign != '+' && sign != '-') || !len || len > 10)
		return false;
	for (; len; len--)
		count = count * 10 + (*s++ - '0');
	skip_blanks(&s);
	for (i = 0; i < LENGTH(units); i++) {
		if (strncasecmp(s, units[i].name, strlen(s)) != 0)
			continue;
		*delta_s = (sign == '-' ? -count : count) * units[i].seconds;
		return true;
	}
	return false;
}

int when_time(const char *text, int64_t now_s, int64_t *time_s, struct err *err)
{
	struct spec spec = {0};
	const char *s = text;
	int64_t delta_s;

	*time_s = -1;
	skip_blanks(&s);
	if (take_word(&s, "now")) {
		if (read_delta(s, &delta_s))
			*time_s = now_s + delta_s;
	} else if (read_spec(s, &spec)) {
		*time_s = resolve(&spec, now_s);
	}
	if (*time_s >= 0 && *time_s <= TIME_LAST)
		return 0;
	err_set(err, ERR_USAGE, "\"%.100s\" is not a time", text);
	return err_hint(err, "write 2026-11-22, 2026-11-22T08:00, 11/22, "
			     "08:00, yesterday or now-7days");
}

/* --- A period ----------------------------------------------------------- */

/* `n` units behind the start of one. */
static struct tm later(struct tm tm, enum when_unit unit, int n)
{
	/* clang-format off */
	static const struct {
		int years, months, days;
	} lengths[] = {
		[WHEN_DAY] = {0, 0, 1}, [WHEN_WEEK] = {0, 0, 7},
		[WHEN_MONTH] = {0, 1, 0}, [WHEN_QUARTER] = {0, 3, 0},
		[WHEN_YEAR] = {1, 0, 0},
	};
	/* clang-format on */

	tm.tm_year += n * lengths[unit].years;
	tm.tm_mon += n * lengths[unit].months;
	tm.tm_mday += n * lengths[unit].days;
	return tm;
}

static int days_since_monday(const struct tm *tm)
{
	return (utc(as_utc(*tm)).tm_wday + 6) % 7;
}

/* The first day of the unit that the local time is in. */
static struct tm begin_of(int64_t time_s, enum when_unit unit)
{
	struct tm day = local(time_s);
	struct tm tm = {.tm_year = day.tm_year};

	tm.tm_mon = unit < WHEN_YEAR ? day.tm_mon : 0;
	tm.tm_mday = unit < WHEN_MONTH ? day.tm_mday : 1;
	if (unit == WHEN_WEEK)
		tm.tm_mday -= days_since_monday(&tm);
	if (unit == WHEN_QUARTER)
		tm.tm_mon -= tm.tm_mon % 3;
	return tm;
}

static struct when_period period_from(struct tm begin, enum when_unit unit)
{
	return (struct when_period){as_local(begin),
				    as_local(later(begin, unit, 1)), unit};
}

/* clang-format off */
static const struct {
	const char *word;
	enum when_unit unit;
	int n;
} words[] = {
	{"today", WHEN_DAY, 0}, {"yesterday", WHEN_DAY, -1},
	{"this-week", WHEN_WEEK, 0}, {"last-week", WHEN_WEEK, -1},
	{"this-month", WHEN_MONTH, 0}, {"last-month", WHEN_MONTH, -1},
	{"this-year", WHEN_YEAR, 0}, {"last-year", WHEN_YEAR, -1},
};
/* clang-format on */

const char *when_period_word(size_t i)
{
	return i < LENGTH(words) ? words[i].word : NULL;
}

static bool read_word(const char *text, int64_t now_s, struct tm *begin,
		      enum when_unit *unit)
{
	size_t i = 0;

	while (i < LENGTH(words) && strcasecmp(text, words[i].word) != 0)
		i++;
	if (i == LENGTH(words))
		return false;
	*unit = words[i].unit;
	*begin = later(begin_of(now_s, *unit), *unit, words[i].n);
	return true;
}

/* Monday of an ISO week: the first is the one with 4 January. False if the
 * year has no such week, whose Thursday then is in another. */
static bool week_begin(int year, int week, struct tm *begin)
{
	struct tm fourth = {.tm_year = year - 1900, .tm_mday = 4};

	*begin = fourth;
	begin->tm_mday += 7 * (week - 1) - days_since_monday(&fourth);
	return utc(as_utc(later(*begin, WHEN_DAY, 3))).tm_year == year - 1900;
}

static bool read_calendar(const char *text, struct tm *begin,
			  enum when_unit *unit)
{
	/* clang-format off */
	static const struct {
		const char *pattern;
		enum when_unit unit;
	} patterns[] = {
		{"y", WHEN_YEAR}, {"y-Qd", WHEN_QUARTER}, {"y-n", WHEN_MONTH}, {"y-Wn", WHEN_WEEK},
		{"y-n-n", WHEN_DAY},
	};
	/* clang-format on */
	int year, month, mday;
	int numbers[MAX_NUMBERS] = {0};
	const char *s = text;
	size_t i = 0;

	while (i < LENGTH(patterns) &&
	       (!take(&s, patterns[i].pattern, numbers) || *s)) {
		s = text;
		i++;
	}
	if (i == LENGTH(patterns))
		return false;
	*unit = patterns[i].unit;
	year = numbers[0];
	if (*unit == WHEN_WEEK)
		return year >= 1970 && week_begin(year, numbers[1], begin);
	month = *unit == WHEN_YEAR ? 1 : numbers[1];
	if (*unit == WHEN_QUARTER)
		month = 3 * month - 2;
	mday = *unit == WHEN_DAY ? numbers[2] : 1;
	*begin = (struct tm){
		.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = mday};
	return is_date(year, month, mday);
}

int when_period(const char *text, int64_t now_s, struct when_period *period,
		struct err *err)
{
	enum when_unit unit;
	struct tm begin;
	bool is_one = read_word(text, now_s, &begin, &unit) ||
		      read_calendar(text, &begin, &unit);

	if (is_one)
		*period = period_from(begin, unit);
	if (is_one && period->until_s <= TIME_LAST)
		return 0;
	err_set(err, ERR_USAGE, "\"%.100s\" %s", text,
		is_one ? "ends after the last time there is"
		       : "is not a period");
	return err_hint(err, "write today, last-week, this-month, 2026, "
			     "2026-Q3, 2026-10, 2026-W47 or 2026-10-31");
}

struct when_period when_period_at(int64_t time_s, enum when_unit unit)
{
	return period_from(begin_of(time_s, unit), unit);
}

struct when_period when_later(const struct when_period *period, int n)
{
	struct tm begin = begin_of(period->since_s, period->unit);

	return period_from(later(begin, period->unit, n), period->unit);
}
