/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/before.h"

#include "lib/mem.h"
#include "reports/coverage.h"
#include "reports/words.h"

#include <inttypes.h>
#include <string.h>

#define MEASURE(name, title, unit, field, of_ran)                              \
	{                                                                      \
#name, title, BEFORE_##unit,                                   \
			offsetof(struct incident_sum, field), of_ran           \
	}

/* clang-format off */
const struct before_measure before_measures[] = {
	MEASURE(incidents,      "incidents",         COUNT, incidents,   false),
	MEASURE(events,         "events",            COUNT, events,      false),
	MEASURE(jobs,           "jobs",              COUNT, jobs,        false),
	MEASURE(ran_share,      "share of jobs that ran", SHARE, ran,    true),
	MEASURE(cpu_seconds,    "CPU hours",         HOURS, cpu_seconds, false),
	MEASURE(gpu_seconds,    "GPU hours",         HOURS, gpu_seconds, false),
	MEASURE(restored,       "restored",          COUNT, restored,    false),
	MEASURE(restored_share, "share restored",    SHARE, restored,    false),
	MEASURE(open,           "open",              COUNT, open,        false),
};
/* clang-format on */
const size_t before_n_measures = LENGTH(before_measures);

const struct before_measure *before_find(const char *name)
{
	size_t i;

	for (i = 0; i < before_n_measures; i++)
		if (strcmp(before_measures[i].name, name) == 0)
			return &before_measures[i];
	abort();
}

int64_t before_value(const struct before_measure *measure,
		     const struct incident_sum *sum, const struct ran *ran)
{
	const char *at = (const char *)sum + measure->offset;
	int64_t value = *(const int64_t *)(const void *)at;
	int64_t whole =
		measure->of_ran ? ran_base(ran, ran->jobs) : sum->incidents;

	if (measure->unit != BEFORE_SHARE)
		return value;
	return whole ? words_hundredths(value, whole) : BEFORE_NONE;
}

int64_t before_change(int64_t is, int64_t was)
{
	if (is == BEFORE_NONE || was == BEFORE_NONE)
		return BEFORE_NONE;
	return is - was;
}

/* "-3.50", of hundredths. */
static char *hundredths(int64_t value)
{
	int64_t size = value < 0 ? -value : value;

	return mem_printf("%s%" PRId64 ".%02" PRId64, value < 0 ? "-" : "",
			  size / 100, size % 100);
}

static char *plain(const struct before_measure *measure, int64_t value)
{
	switch (measure->unit) {
	case BEFORE_COUNT:
		return mem_printf("%" PRId64, value);
	case BEFORE_HOURS:
		return words_hours(value);
	case BEFORE_SHARE:
		return hundredths(value);
	}
	abort();
}

char *before_text(const struct before_measure *measure, int64_t value)
{
	autofree char *text = NULL;

	if (value == BEFORE_NONE)
		return mem_strdup("-");
	text = plain(measure, value);
	return mem_printf("%s%s", text,
			  measure->unit == BEFORE_SHARE ? " %" : "");
}

char *before_signed(const struct before_measure *measure, int64_t change)
{
	autofree char *text = NULL;

	if (change == BEFORE_NONE)
		return mem_strdup("-");
	if (!change)
		return mem_strdup("0");
	text = plain(measure, change);
	return mem_printf("%s%s%s", change > 0 ? "+" : "", text,
			  measure->unit == BEFORE_SHARE ? " points" : "");
}

/* Whether it was watched, and what ran then. */
static int read_rest(struct before *before, const struct store_filter *filter,
		     struct store *store, int64_t now_s, struct err *err)
{
	struct coverage coverage;
	int rc = coverage_read(&coverage, store, filter->cluster, filter->since,
			       filter->until, now_s, err);

	if (rc == 0)
		rc = ran_read(&before->ran, &coverage, filter, store, err);
	before->whole = rc == 0 && coverage_is_whole(&coverage);
	coverage_finish(&coverage);
	return rc;
}

int before_read(struct before *before, const struct period *period,
		const struct store_filter *filter, struct store *store,
		int64_t now_s, struct err *err)
{
	struct store_filter earlier = *filter;

	before->period = period_before(period, 1);
	before->none =
		period->since_s >= now_s || period_is_empty(&before->period);
	if (before->none)
		return 0;
	earlier.since = before->period.since_s;
	earlier.until = before->period.until_s;
	earlier.suspected = true;
	earlier.exempt = false;
	earlier.corrected = false;
	if (store_sums(store, &earlier, before->sums, err) < 0)
		return -1;
	return read_rest(before, &earlier, store, now_s, err);
}

void before_finish(struct before *before)
{
	ran_finish(&before->ran);
}
