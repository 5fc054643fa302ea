/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "tests/unit.h"

#include <time.h>

/* Clocks go forward on 29 March 2026 at 02:00 and back on 25 October at
 * 03:00. */
#define BERLIN "Europe/Berlin"
/* Clocks went forward from 00:00 to 01:00 on 9 March 2025: that day has no
 * midnight, and on 2 November 00:00 came twice. Of a year that is over: of
 * 2026 the releases of tzdata say different things. */
#define HAVANA "America/Havana"

#define NOW 1795376463 /* Sunday, 2026-11-22T19:41:03Z */

static void use_zone(const char *zone)
{
	ck_assert_int_eq(setenv("TZ", zone, 1), 0);
	tzset();
}

/* clang-format off */
static const struct {
	const char *zone;
	const char *text;
	const char *utc; /* NULL: no time */
} time_cases[] = {
	/* What sacct documents. */
	{"UTC",  "10:30",                     "2026-11-22T10:30:00Z"},
	{"UTC",  "9:05",                      "2026-11-22T09:05:00Z"},
	{"UTC",  "10:30:15",                  "2026-11-22T10:30:15Z"},
	{"UTC",  "10:30pm",                   "2026-11-22T22:30:00Z"},
	{"UTC",  "10:30:00 PM",               "2026-11-22T22:30:00Z"},
	{"UTC",  "12:30am",                   "2026-11-22T00:30:00Z"},
	{"UTC",  "12:30 PM",                  "2026-11-22T12:30:00Z"},
	{"UTC",  "1122",                      "2026-11-22T00:00:00Z"},
	{"UTC",  "112225",                    "2025-11-22T00:00:00Z"},
	{"UTC",  "11.22",                     "2026-11-22T00:00:00Z"},
	{"UTC",  "11.22.25",                  "2025-11-22T00:00:00Z"},
	{"UTC",  "11/22/25",                  "2025-11-22T00:00:00Z"},
	{"UTC",  "1/5",                       "2026-01-05T00:00:00Z"},
	{"UTC",  "1122-10:00",                "2026-11-22T10:00:00Z"},
	{"UTC",  "11/22/25-10:00:01",         "2025-11-22T10:00:01Z"},
	{"UTC",  "2026-10-05",                "2026-10-05T00:00:00Z"},
	{"UTC",  "2026-10-05T10:11",          "2026-10-05T10:11:00Z"},
	{"UTC",  "2026-10-05T10:11:12",       "2026-10-05T10:11:12Z"},
	{"UTC",  "today",                     "2026-11-22T00:00:00Z"},
	{"UTC",  "midnight",                  "2026-11-22T00:00:00Z"},
	{"UTC",  "noon",                      "2026-11-22T12:00:00Z"},
	{"UTC",  "fika",                      "2026-11-22T15:00:00Z"},
	{"UTC",  "teatime",                   "2026-11-22T16:00:00Z"},
	{"UTC",  "now",                       "2026-11-22T19:41:03Z"},
	{"UTC",  "now-10",                    "2026-11-22T19:40:53Z"},
	{"UTC",  "now-30seconds",             "2026-11-22T19:40:33Z"},
	{"UTC",  "now-1minute",               "2026-11-22T19:40:03Z"},
	{"UTC",  "now+2hours",                "2026-11-22T21:41:03Z"},
	{"UTC",  "now-7days",                 "2026-11-15T19:41:03Z"},
	{"UTC",  "now-2weeks",                "2026-11-08T19:41:03Z"},

	/* What it reads as well. */
	{"UTC",  "elevenses",                 "2026-11-22T11:00:00Z"},
	{"UTC",  "tomorrow",                  "2026-11-23T00:00:00Z"},
	{"UTC",  "today noon",                "2026-11-22T12:00:00Z"},
	{"UTC",  "tomorrow-noon",             "2026-11-23T12:00:00Z"},
	{"UTC",  "10:00 11/20",               "2026-11-20T10:00:00Z"},
	{"UTC",  "2026-10-05-10:11",          "2026-10-05T10:11:00Z"},
	{"UTC",  "2026-10-05 10:11",          "2026-10-05T10:11:00Z"},
	{"UTC",  "now - 2 weeks",             "2026-11-08T19:41:03Z"},
	/* Without a year: a month that is yet to come is last year's. */
	{"UTC",  "1231",                      "2025-12-31T00:00:00Z"},
	{"UTC",  "11/30",                     "2026-11-30T00:00:00Z"},

	/* What we read and it does not. */
	{"UTC",  "yesterday",                 "2026-11-21T00:00:00Z"},
	{"UTC",  "Yesterday 08:00",           "2026-11-21T08:00:00Z"},
	{"UTC",  "TODAY",                     "2026-11-22T00:00:00Z"},
	{"UTC",  "now-2h",                    "2026-11-22T17:41:03Z"},
	{"UTC",  "2026-10-05t10:11z",         "2026-10-05T10:11:00Z"},
	{BERLIN, "2026-10-05T10:11:12Z",      "2026-10-05T10:11:12Z"},
	{BERLIN, "2026-10-05T10:11-05:30",    "2026-10-05T15:41:00Z"},
	{BERLIN, "2026-10-05T00:11+14:00",    "2026-10-04T10:11:00Z"},
	/* Where that is, it is the 23rd already. */
	{"UTC",  "10:00+12:00",               "2026-11-22T22:00:00Z"},

	/* Local time, and clocks that go forward and back. */
	{BERLIN, "2026-07-01T10:00",          "2026-07-01T08:00:00Z"},
	{BERLIN, "today",                     "2026-11-21T23:00:00Z"},
	{BERLIN, "2026-03-29T01:59:59",       "2026-03-29T00:59:59Z"},
	{BERLIN, "2026-03-29T02:30",          "2026-03-29T01:30:00Z"},
	{BERLIN, "2026-03-29T03:00",          "2026-03-29T01:00:00Z"},
	{BERLIN, "2026-03-29T12:00",          "2026-03-29T10:00:00Z"},
	{BERLIN, "2026-10-25T01:59",          "2026-10-24T23:59:00Z"},
	{BERLIN, "2026-10-25T02:30",          "2026-10-25T00:30:00Z"},
	{BERLIN, "2026-10-25T02:30+01:00",    "2026-10-25T01:30:00Z"},
	{BERLIN, "2026-10-25T03:00",          "2026-10-25T02:00:00Z"},
	{HAVANA, "2025-03-09",                "2025-03-09T05:00:00Z"},
	{HAVANA, "2025-11-02",                "2025-11-02T04:00:00Z"},

	/* No times. */
	{"UTC",  "",                          NULL},
	{"UTC",  "-",                         NULL},
	{"UTC",  "garbage",                   NULL},
	{"UTC",  "2026",                      NULL},
	{"UTC",  "2026-10",                   NULL},
	{"UTC",  "2026-13-01",                NULL},
	{"UTC",  "2026-02-30",                NULL},
	{"UTC",  "2026-02-29",                NULL},
	{"UTC",  "2/29",                      NULL},
	{"UTC",  "0000",                      NULL},
	{"UTC",  "1969-12-31",                NULL},
	{"UTC",  "24:00",                     NULL},
	{"UTC",  "10:60",                     NULL},
	{"UTC",  "10:00:60",                  NULL},
	{"UTC",  "13:00pm",                   NULL},
	{"UTC",  "10:00 11:00",               NULL},
	{"UTC",  "today tomorrow",            NULL},
	{"UTC",  "10:00+15:00",               NULL},
	{"UTC",  "2026-10-05T10:11:12.5",     NULL},
	{"UTC",  "11/22/2026",                NULL},
	{"UTC",  "12345",                     NULL},
	{"UTC",  "nowhere",                   NULL},
	{"UTC",  "now-",                      NULL},
	{"UTC",  "now-days",                  NULL},
	{"UTC",  "now-3months",               NULL},
	{"UTC",  "9999-12-31",                NULL},
	{"UTC",  "now-9999weeks",             NULL},
	{"UTC",  "now+9999999999weeks",       NULL},
	{"UTC",  "now-99999999999999999999",  NULL},
};
/* clang-format on */

START_TEST(times)
{
	const char *text = time_cases[_i].text;
	const char *utc = time_cases[_i].utc;
	char buf[WHEN_SIZE];
	struct err err;
	int64_t time_s;
	int rc;

	use_zone(time_cases[_i].zone);
	rc = when_time(text, NOW, &time_s, &err);
	ck_assert_msg((rc == 0) == (utc != NULL), "\"%s\": %d", text, rc);
	if (utc) {
		ck_assert_str_eq(when_utc(time_s, buf), utc);
		return;
	}
	ck_assert_int_eq(err.kind, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.msg, text));
	ck_assert_ptr_nonnull(strstr(err.hint, "now-7days"));
}
END_TEST

/* What we write, we read. */
START_TEST(round_trip)
{
	char buf[WHEN_SIZE];
	struct err err;
	int64_t time_s, again_s;

	use_zone(_i ? BERLIN : "Asia/Kathmandu");
	for (time_s = 86400; time_s < 4102444800; time_s += 1234567) {
		ck_assert_int_eq(
			when_time(when_utc(time_s, buf), NOW, &again_s, &err),
			0);
		ck_assert_int_eq(again_s, time_s);
		ck_assert_int_eq(
			when_time(when_local(time_s, buf), NOW, &again_s, &err),
			0);
		ck_assert_int_eq(again_s, time_s);
	}
}
END_TEST

/* clang-format off */
static const struct {
	const char *zone;
	const char *text;
	const char *since; /* local; NULL: no period */
	const char *until;
} period_cases[] = {
	{"UTC",  "today",      "2026-11-22T00:00:00+00:00", "2026-11-23T00:00:00+00:00"},
	{"UTC",  "yesterday",  "2026-11-21T00:00:00+00:00", "2026-11-22T00:00:00+00:00"},
	/* A Sunday ends the week that began on Monday. */
	{"UTC",  "this-week",  "2026-11-16T00:00:00+00:00", "2026-11-23T00:00:00+00:00"},
	{"UTC",  "last-week",  "2026-11-09T00:00:00+00:00", "2026-11-16T00:00:00+00:00"},
	{"UTC",  "this-month", "2026-11-01T00:00:00+00:00", "2026-12-01T00:00:00+00:00"},
	{"UTC",  "Last-Month", "2026-10-01T00:00:00+00:00", "2026-11-01T00:00:00+00:00"},
	{"UTC",  "this-year",  "2026-01-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00"},
	{"UTC",  "last-year",  "2025-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00"},
	{"UTC",  "2024",       "2024-01-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00"},
	{"UTC",  "2024-02",    "2024-02-01T00:00:00+00:00", "2024-03-01T00:00:00+00:00"},
	{"UTC",  "2024-12",    "2024-12-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00"},
	{"UTC",  "2024-02-29", "2024-02-29T00:00:00+00:00", "2024-03-01T00:00:00+00:00"},
	{"UTC",  "2026-Q1",    "2026-01-01T00:00:00+00:00", "2026-04-01T00:00:00+00:00"},
	{"UTC",  "2026-q4",    "2026-10-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00"},
	/* ISO 8601: a week belongs to the year of its Thursday. */
	{"UTC",  "2026-W01",   "2025-12-29T00:00:00+00:00", "2026-01-05T00:00:00+00:00"},
	{"UTC",  "2026-W53",   "2026-12-28T00:00:00+00:00", "2027-01-04T00:00:00+00:00"},
	{"UTC",  "2027-W01",   "2027-01-04T00:00:00+00:00", "2027-01-11T00:00:00+00:00"},
	{"UTC",  "2024-W01",   "2024-01-01T00:00:00+00:00", "2024-01-08T00:00:00+00:00"},

	{BERLIN, "2026-03",    "2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00"},
	{BERLIN, "2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
	{BERLIN, "2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},
	{BERLIN, "2026-W43",   "2026-10-19T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},
	{HAVANA, "2025-03-09", "2025-03-09T01:00:00-04:00", "2025-03-10T00:00:00-04:00"},
	{HAVANA, "2025-11-02", "2025-11-02T00:00:00-04:00", "2025-11-03T00:00:00-05:00"},
	/* Already the 23rd there, a Monday. */
	{"Pacific/Auckland", "this-week",
			       "2026-11-23T00:00:00+13:00", "2026-11-30T00:00:00+13:00"},

	{"UTC",  "",           NULL, NULL},
	{"UTC",  "month",      NULL, NULL},
	{"UTC",  "today ",     NULL, NULL},
	{"UTC",  "2026-13",    NULL, NULL},
	{"UTC",  "2026-00",    NULL, NULL},
	{"UTC",  "2026-Q5",    NULL, NULL},
	{"UTC",  "2026-Q0",    NULL, NULL},
	{"UTC",  "2026-W00",   NULL, NULL},
	{"UTC",  "2025-W53",   NULL, NULL},
	{"UTC",  "2026-W54",   NULL, NULL},
	{"UTC",  "2026-02-30", NULL, NULL},
	{"UTC",  "1969",       NULL, NULL},
	{"UTC",  "26-10",      NULL, NULL},
	{"UTC",  "2026-10-",   NULL, NULL},
	{"UTC",  "20261",      NULL, NULL},
	/* What could not be written as a time. */
	{"UTC",  "9999",       NULL, NULL},
	{"UTC",  "9999-12",    NULL, NULL},
	{"UTC",  "9999-11",    "9999-11-01T00:00:00+00:00", "9999-12-01T00:00:00+00:00"},
};
/* clang-format on */

START_TEST(periods)
{
	const char *text = period_cases[_i].text;
	const char *since = period_cases[_i].since;
	struct when_period period;
	char buf[WHEN_SIZE];
	struct err err;
	int rc;

	use_zone(period_cases[_i].zone);
	rc = when_period(text, NOW, &period, &err);
	ck_assert_msg((rc == 0) == (since != NULL), "\"%s\": %d", text, rc);
	if (since) {
		ck_assert_str_eq(when_local(period.since_s, buf), since);
		ck_assert_str_eq(when_local(period.until_s, buf),
				 period_cases[_i].until);
		return;
	}
	ck_assert_int_eq(err.kind, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.msg, text));
	ck_assert_ptr_nonnull(strstr(err.hint, "2026-W47"));
}
END_TEST

static const struct {
	const char *zone, *text;
	int n;
	const char *later;
} later_cases[] = {
	{"UTC", "2026-10", -1, "2026-09"},
	{"UTC", "2026-10", -10, "2025-12"},
	{"UTC", "2026-01", -1, "2025-12"},
	{"UTC", "2026-12", 1, "2027-01"},
	{"UTC", "2026-03-01", -1, "2026-02-28"},
	{"UTC", "2026-Q1", -1, "2025-Q4"},
	{"UTC", "2026-Q4", 2, "2027-Q2"},
	{"UTC", "2026-W01", -1, "2025-W52"},
	{"UTC", "2026-W53", 1, "2027-W01"},
	{"UTC", "2026", -3, "2023"},
	{"UTC", "last-month", 0, "2026-10"},
	{"UTC", "this-week", 0, "2026-W47"},
	{"UTC", "yesterday", -1, "2026-11-20"},
	{BERLIN, "2026-11", -1, "2026-10"},
	{BERLIN, "2026-10-26", -1, "2026-10-25"},
	{BERLIN, "2026-W44", -1, "2026-W43"},
	{HAVANA, "2025-03-10", -1, "2025-03-09"},
	{HAVANA, "2025-03-09", 1, "2025-03-10"},
};

/* The one before, or behind, is what its name stands for; and each moment of
 * it is in it. */
START_TEST(periods_later)
{
	struct when_period period = {0}, later, named, at;
	char buf[WHEN_SIZE];
	struct err err;

	use_zone(later_cases[_i].zone);
	ck_assert_int_eq(when_period(later_cases[_i].text, NOW, &period, &err),
			 0);
	later = when_later(&period, later_cases[_i].n);
	ck_assert_str_eq(when_name(&later, buf), later_cases[_i].later);
	ck_assert_int_eq(when_period(buf, NOW, &named, &err), 0);
	ck_assert_int_eq(later.since_s, named.since_s);
	ck_assert_int_eq(later.until_s, named.until_s);
	at = when_period_at(later.since_s, later.unit);
	ck_assert_int_eq(at.since_s, later.since_s);
	at = when_period_at(later.until_s - 1, later.unit);
	ck_assert_int_eq(at.since_s, later.since_s);
	ck_assert_int_eq(at.until_s, later.until_s);
}
END_TEST

/* Days follow each other without a hole and without an overlap. */
START_TEST(days_join)
{
	static const char *const zones[] = {"UTC", BERLIN, HAVANA,
					    "Australia/Lord_Howe"};
	struct when_period day = {0}, next;
	char buf[WHEN_SIZE];
	struct err err;
	int i;

	use_zone(zones[_i]);
	ck_assert_int_eq(when_period("2025-01-01", NOW, &day, &err), 0);
	for (i = 0; i < 730; i++) {
		ck_assert_int_eq(when_period(when_day(day.until_s, buf), NOW,
					     &next, &err),
				 0);
		ck_assert_int_eq(next.since_s, day.until_s);
		day = next;
	}
}
END_TEST

static const struct {
	int64_t duration_s;
	const char *text;
} duration_cases[] = {
	{0, "00:00:00"},
	{59, "00:00:59"},
	{3600, "01:00:00"},
	{86399, "23:59:59"},
	{86400, "1d 00:00:00"},
	{183845, "2d 03:04:05"},
	{-5, "-00:00:05"},
	{-183845, "-2d 03:04:05"},
	{INT64_MAX, "106751991167300d 15:30:07"},
	{INT64_MIN, "-106751991167300d 15:30:08"},
};

START_TEST(durations)
{
	char buf[WHEN_SIZE];

	ck_assert_str_eq(when_duration(duration_cases[_i].duration_s, buf),
			 duration_cases[_i].text);
}
END_TEST

START_TEST(between)
{
	ck_assert_int_eq(when_between(3, 10), 7);
	ck_assert_int_eq(when_between(10, 3), -7);
	ck_assert_int_eq(when_between(-2, INT64_MAX), INT64_MAX);
	ck_assert_int_eq(when_between(2, INT64_MIN), INT64_MIN);
}
END_TEST

START_TEST(odd_values)
{
	char buf[WHEN_SIZE];

	use_zone(BERLIN);
	ck_assert_str_eq(when_utc(0, buf), "1970-01-01T00:00:00Z");
	ck_assert_str_eq(when_utc(-1, buf), "@-1");
	ck_assert_str_eq(when_utc(INT64_MAX, buf), "@9223372036854775807");
	ck_assert_str_eq(when_local(INT64_MIN, buf), "@-9223372036854775808");
	ck_assert_str_eq(when_day(INT64_MAX, buf), "@9223372036854775807");
	ck_assert_str_eq(when_zone(NOW, buf), "CET");
	ck_assert_str_eq(when_day(NOW, buf), "2026-11-22");
	use_zone("America/St_Johns");
	ck_assert_str_eq(when_local(NOW, buf), "2026-11-22T16:11:03-03:30");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("when");

	tcase_add_loop_test(tcase, times, 0, LENGTH(time_cases));
	tcase_add_loop_test(tcase, round_trip, 0, 2);
	tcase_add_loop_test(tcase, periods, 0, LENGTH(period_cases));
	tcase_add_loop_test(tcase, periods_later, 0, LENGTH(later_cases));
	tcase_add_loop_test(tcase, days_join, 0, 4);
	tcase_add_loop_test(tcase, durations, 0, LENGTH(duration_cases));
	tcase_add_test(tcase, between);
	tcase_add_test(tcase, odd_values);
	return unit_run("when", tcase);
}
