/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The periods of compliance reports in words, before, and cut for charts; and
 * their numbers. */
#include "lib/mem.h"
#include "reports/bins.h"
#include "reports/comeback.h"
#include "reports/words.h"
#include "tests/unit.h"

#include <locale.h>
#include <time.h>

#define NOW 1795375263 /* 2026-11-22T19:21:03Z */
#define BERLIN "Europe/Berlin"

static void use_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* What an incident's texts may point at. */
static char confirmed[] = "confirmed";
static char completed[] = "completed";
static char nothing[] = "";

/* clang-format off */
static const struct {
	const char *text, *phrase, *before, *plural;
	size_t bins;
	const char *noun, *first, *label;
} cases[] = {
	{"2026-10-31", "on 31 October 2026", "on 30 October 2026", "days",
	 1, "day", "2026-10-31", "31 Oct"},
	{"2026-W01", "in week 1 of 2026", "in week 52 of 2025", "weeks",
	 7, "day", "2025-12-29", "29 Dec"},
	{"2026-03", "in March 2026", "in February 2026", "months",
	 31, "day", "2026-03-01", "1 Mar"},
	{"2026-Q1", "in the first quarter of 2026",
	 "in the fourth quarter of 2025", "quarters",
	 14, "week", "2026-W01", "1 Jan"},
	{"2026", "in 2026", "in 2025", "years",
	 12, "month", "2026-01", "Jan 2026"},
};
/* clang-format on */

START_TEST(named)
{
	const struct tally none = {0};
	struct when_period calendar;
	struct period period, before;
	struct bins bins;
	struct err err;
	autofree char *phrase = NULL;
	autofree char *earlier = NULL;
	autofree char *label = NULL;

	use_zone(BERLIN);
	ck_assert_int_eq(when_period(cases[_i].text, NOW, &calendar, &err), 0);
	period = period_of(cases[_i].text, NOW, calendar.since_s,
			   calendar.until_s);
	before = period_before(&period, 1);
	phrase = period_phrase(&period);
	earlier = period_phrase(&before);
	ck_assert_str_eq(phrase, cases[_i].phrase);
	ck_assert_str_eq(earlier, cases[_i].before);
	ck_assert_str_eq(period_plural(&period), cases[_i].plural);
	ck_assert_int_eq(before.until_s, period.since_s);
	bins_make(&bins, &period, &none);
	label = bins_label(&bins, 0);
	ck_assert_uint_eq(bins.n, cases[_i].bins);
	ck_assert_str_eq(bins_noun(&bins), cases[_i].noun);
	ck_assert_str_eq(bins.bins[0].name, cases[_i].first);
	ck_assert_str_eq(label, cases[_i].label);
	ck_assert_int_eq(bins.bins[0].since_s, period.since_s);
	ck_assert_int_eq(bins.bins[bins.n - 1].until_s, period.until_s);
}
END_TEST

START_TEST(unnamed)
{
	struct period period = period_of(NULL, NOW, NOW - 3600, NOW);
	struct period before = period_before(&period, 2);
	struct period first = period_of(NULL, NOW, 10, 50);
	struct text options = {0};
	autofree char *phrase = period_phrase(&period);
	autofree char *typed = NULL;
	char name[WHEN_SIZE];

	use_zone("UTC");
	ck_assert_str_eq(phrase, "from 22 November 2026 18:21:03 to 22 "
				 "November 2026 19:21:03");
	ck_assert_str_eq(period_name(&period, name), "");
	ck_assert_int_eq(before.since_s, NOW - 3 * 3600);
	ck_assert_int_eq(before.until_s, NOW - 2 * 3600);
	period_options(&period, &options);
	typed = text_take(&options);
	ck_assert_str_eq(typed, " --since 2026-11-22T18:21:03+00:00 --until "
				"2026-11-22T19:21:03+00:00");
	before = period_before(&first, 1);
	ck_assert_int_eq(before.since_s, 0);
	ck_assert(!period_is_empty(&before));
	before = period_before(&first, 2);
	ck_assert(period_is_empty(&before));
}
END_TEST

/* However long, there are not too many bins, and each day is in one. */
START_TEST(long_ones)
{
	static const int years[] = {2, 6, 20, 50, 400, 3000, 7000};
	struct incident incident = {
		.confidence = confirmed,
		.correction = nothing,
		.restored_state = nothing,
		.tasks = 2,
	};
	struct tally days = {0};
	struct bins bins;
	char day[WHEN_SIZE];
	int64_t until_s = NOW + (int64_t)years[_i] * 366 * 86400;
	struct period period = period_of(NULL, NOW, NOW, until_s);
	int64_t n = 0;
	size_t i;

	use_zone(BERLIN);
	tally_add(&days, when_day(NOW, day), &incident);
	tally_add(&days, when_day(NOW + 400 * 86400, day), &incident);
	tally_add(&days, when_day(until_s - 1, day), &incident);
	tally_sort_by_name(&days);
	bins_make(&bins, &period, &days);
	ck_assert_uint_le(bins.n, BINS_MAX);
	ck_assert_uint_gt(bins.n, 1);
	for (i = 0; i < bins.n; i++) {
		n += bins.bins[i].sums[CONFIDENCE_CONFIRMED].incidents;
		if (i)
			ck_assert_int_eq(bins.bins[i].since_s,
					 bins.bins[i - 1].until_s);
	}
	ck_assert_int_eq(n, 3);
	ck_assert_int_eq(bins.bins[0].sums[CONFIDENCE_CONFIRMED].jobs,
			 bins.bins[0].sums[CONFIDENCE_CONFIRMED].incidents * 2);
	ck_assert_int_eq(bins.bins[bins.n - 1].until_s, until_s);
	ck_assert_int_eq(bins_place(&bins, NOW), 0);
	ck_assert_int_eq(bins_place(&bins, until_s), 10000);
	tally_finish(&days);
}
END_TEST

/* clang-format off */
static const struct {
	const char *digits, *grouped;
} grouped_cases[] = {
	{"0", "0"}, {"12", "12"}, {"123", "123"}, {"1234", "1,234"},
	{"-123", "-123"}, {"-1234", "-1,234"}, {"123456.7", "123,456.7"},
	{"1234567", "1,234,567"}, {"1234.56 %", "1,234.56 %"}, {"-", "-"},
};
static const struct {
	int64_t part, whole;
	const char *share;
} share_cases[] = {
	{0, 0, "-"}, {1, 0, "-"}, {0, 7, "0.00 %"}, {1, 3, "33.33 %"},
	{2, 3, "66.66 %"}, {99999, 100000, "99.99 %"}, {5, 5, "100.00 %"},
};
static const struct {
	const char *text;
	size_t width;
	const char *cut;
} cut_cases[] = {
	{"alice", 5, "alice"}, {"alice", 4, "ali…"}, {"", 3, ""},
	{"名前の", 6, "名前の"}, {"名前の", 5, "名前…"}, {"名前の", 4, "名…"},
};
/* clang-format on */

START_TEST(numbers)
{
	size_t i;

	setlocale(LC_CTYPE, "C.UTF-8");
	for (i = 0; i < LENGTH(grouped_cases); i++) {
		autofree char *s = words_grouped(grouped_cases[i].digits);

		ck_assert_str_eq(s, grouped_cases[i].grouped);
	}
	for (i = 0; i < LENGTH(share_cases); i++) {
		autofree char *s =
			words_share(share_cases[i].part, share_cases[i].whole);

		ck_assert_str_eq(s, share_cases[i].share);
	}
	for (i = 0; i < LENGTH(cut_cases); i++) {
		autofree char *s =
			words_cut(cut_cases[i].text, cut_cases[i].width);

		ck_assert_str_eq(s, cut_cases[i].cut);
	}
}
END_TEST

START_TEST(medians)
{
	struct comeback comeback = {0};
	struct comeback_times *times = &comeback.times[CONFIDENCE_CONFIRMED];
	struct incident incident = {
		.confidence = confirmed,
		.correction = nothing,
		.restored_state = completed,
		.ended = 1000,
	};
	static const int64_t at[] = {1900, 1010, 990, 1100};
	static const int64_t wanted[] = {900, 455, 10, 55};
	size_t i;

	ck_assert_int_eq(comeback_median(times), 0);
	for (i = 0; i < LENGTH(at); i++) {
		incident.incident_id = (int64_t)i + 1;
		incident.restored_at = at[i];
		comeback_add(&comeback, &incident);
		comeback_sort(&comeback);
		ck_assert_int_eq(comeback_median(times), wanted[i]);
	}
	ck_assert_int_eq(times->worst_s, 900);
	ck_assert_int_eq(times->worst_id, 1);
	comeback_finish(&comeback);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("periods");

	tcase_add_loop_test(tcase, named, 0, LENGTH(cases));
	tcase_add_test(tcase, unnamed);
	tcase_add_loop_test(tcase, long_ones, 0, 7);
	tcase_add_test(tcase, numbers);
	tcase_add_test(tcase, medians);
	return unit_run("periods", tcase);
}
