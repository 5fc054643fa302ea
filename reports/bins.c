/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/bins.h"

#include "lib/mem.h"

#include <string.h>
#include <time.h>

/* Cuts it; false if these are too many. */
static bool cut(struct bins *bins, const struct period *period)
{
	struct when_period at = when_period_at(period->since_s, bins->unit);

	for (bins->n = 0; at.since_s < period->until_s; bins->n++) {
		struct when_period next = when_later(&at, bins->step);
		struct bin *bin = &bins->bins[bins->n];

		if (bins->n == BINS_MAX)
			return false;
		*bin = (struct bin){.since_s = at.since_s,
				    .until_s = next.since_s};
		if (bin->since_s < period->since_s)
			bin->since_s = period->since_s;
		when_name(&at, bin->name);
		if (bin->name[0] == '@') /* it begins before 1970 */
			when_day(bin->since_s, bin->name);
		if (bin->until_s > period->until_s)
			bin->until_s = period->until_s;
		at = next;
	}
	return true;
}

/* Days and bins both go on in time; names of days sort as they do. */
static void fill(struct bins *bins, const struct tally *days)
{
	char next[WHEN_SIZE];
	size_t i, j, day = 0;

	for (i = 0; i < bins->n; i++) {
		bool last = i + 1 == bins->n;

		if (!last)
			when_day(bins->bins[i + 1].since_s, next);
		for (; day < days->n &&
		       (last || strcmp(days->rows[day].name, next) < 0);
		     day++)
			for (j = 0; j < CONFIDENCE_N; j++)
				incident_sum_add(&bins->bins[i].sums[j],
						 &days->rows[day].sums[j]);
	}
}

void bins_make(struct bins *bins, const struct period *period,
	       const struct tally *days)
{
	static const struct {
		enum when_unit unit;
		int step;
	} cuts[] = {
		{WHEN_DAY, 1},     {WHEN_WEEK, 1},    {WHEN_MONTH, 1},
		{WHEN_QUARTER, 1}, {WHEN_YEAR, 1},    {WHEN_YEAR, 10},
		{WHEN_YEAR, 100},  {WHEN_YEAR, 1000},
	};
	size_t i;

	for (i = 0; i < LENGTH(cuts); i++) {
		bins->unit = cuts[i].unit;
		bins->step = cuts[i].step;
		if (cut(bins, period))
			break;
	}
	fill(bins, days);
}

const char *bins_noun(const struct bins *bins)
{
	static const char *const nouns[] = {
		[WHEN_DAY] = "day",     [WHEN_WEEK] = "week",
		[WHEN_MONTH] = "month", [WHEN_QUARTER] = "quarter",
		[WHEN_YEAR] = "year",
	};

	return bins->step == 1 ? nouns[bins->unit] : "group of years";
}

int64_t bins_place(const struct bins *bins, int64_t time_s)
{
	size_t i;

	for (i = 0; i < bins->n; i++) {
		const struct bin *bin = &bins->bins[i];

		if (time_s < bin->since_s)
			break;
		if (time_s < bin->until_s)
			return ((int64_t)i * 10000 +
				(time_s - bin->since_s) * 10000 /
					(bin->until_s - bin->since_s)) /
			       (int64_t)bins->n;
	}
	return i == bins->n ? 10000 : 0;
}

char *bins_label(const struct bins *bins, size_t i)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const struct bin *bin = &bins->bins[i];
	time_t t = (time_t)bin->since_s;
	struct tm tm = {0};
	const char *month;

	localtime_r(&t, &tm);
	month = months + 3 * tm.tm_mon;
	switch (bins->unit) {
	case WHEN_DAY:
	case WHEN_WEEK:
		return mem_printf("%d %.3s", tm.tm_mday, month);
	case WHEN_MONTH:
	case WHEN_QUARTER:
		return mem_printf("%.3s %d", month, tm.tm_year + 1900);
	case WHEN_YEAR:
		return mem_printf("%d", tm.tm_year + 1900);
	}
	abort();
}
