/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/compliance.h"

#include "lib/when.h"
#include "schema/store_prune.h"

#include <string.h>

/* clang-format off */
const struct compliance_group compliance_groups[COMPLIANCE_GROUPS] = {
	[BY_KIND]      = {"kind",      "By kind",      "KIND"},
	[BY_CLUSTER]   = {"cluster",   "By cluster",   "CLUSTER"},
	[BY_PARTITION] = {"partition", "By partition", "PARTITION"},
	[BY_ACCOUNT]   = {"account",   "By account",   "ACCOUNT"},
	[BY_USER]      = {"user",      "By user, repeat offenders first",
			  "USER"},
	[BY_DAY]       = {"day",       "By day",       "DAY"},
	[BY_SECTION]   = {"section",   NULL,           "SECTION"},
};
/* clang-format on */

/* Incidents come in the order in which they ended: those of one day follow each
 * other. */
struct day {
	int64_t until_s;
	char name[WHEN_SIZE];
};

static const char *day_of(struct day *day, int64_t time_s)
{
	if (time_s >= day->until_s) {
		const struct when_period today =
			when_period_at(time_s, WHEN_DAY);

		day->until_s = today.until_s;
		when_name(&today, day->name);
	}
	return day->name;
}

struct gathering {
	struct compliance *compliance;
	struct day day;
};

static const char *key_of(struct gathering *gathering, int group,
			  const struct incident *incident)
{
	switch (group) {
	case BY_KIND:
		return incident->kind;
	case BY_CLUSTER:
		return incident->cluster;
	case BY_PARTITION:
		return incident->partition;
	case BY_ACCOUNT:
		return incident->account;
	case BY_USER:
		return incident->user;
	case BY_SECTION:
		return incident->section;
	}
	return day_of(&gathering->day, incident->ended);
}

static void count_one(struct gathering *gathering,
		      const struct incident *incident)
{
	struct compliance *compliance = gathering->compliance;
	int i;

	tally_add(&compliance->total, "all", incident);
	for (i = 0; i < COMPLIANCE_GROUPS; i++) {
		size_t row =
			tally_add(&compliance->groups[i],
				  key_of(gathering, i, incident), incident);

		if (i == BY_USER)
			repeat_add(&compliance->repeat, row, incident);
	}
	comeback_add(&compliance->comeback, incident);
	if (incident->acknowledged_at)
		reasons_add(&compliance->acknowledged,
			    incident->acknowledged_by,
			    incident->acknowledged_why,
			    incident->acknowledged_at, incident);
	compliance->late += incident->late;
	compliance->proven += incident->correction[0] != '\0';
}

static int count(const struct incident *incident, void *arg)
{
	struct gathering *gathering = arg;
	struct compliance *compliance = gathering->compliance;

	if (!incident_counts(incident)) {
		if (!incident->exempt[0])
			tally_add(&compliance->corrected, incident->correction,
				  incident);
	} else if (incident->exempt[0]) {
		tally_add(&compliance->exempt, incident->exempt, incident);
		reasons_add(&compliance->exempted, incident->user,
			    incident->exempt, incident->ended, incident);
	} else {
		count_one(gathering, incident);
	}
	return 0;
}

static void sort_all(struct compliance *compliance)
{
	int i;

	for (i = 0; i < COMPLIANCE_GROUPS; i++)
		if (i == BY_DAY || i == BY_SECTION)
			tally_sort_by_name(&compliance->groups[i]);
		else
			tally_sort_by_events(&compliance->groups[i]);
	comeback_sort(&compliance->comeback);
	tally_sort_by_events(&compliance->exempt);
	tally_sort_by_name(&compliance->corrected);
}

static int read_chain(struct compliance *compliance, struct err *err)
{
	struct store *store = compliance->report->store;
	int found = store_head(store, &compliance->head, err);

	compliance->has_head = found > 0;
	if (found < 0 ||
	    store_pruned_before(store, &compliance->pruned_before_s, err) < 0)
		return -1;
	if (compliance->pruned_before_s > compliance->before.period.since_s)
		compliance->before.whole = false;
	return 0;
}

int compliance_gather(struct compliance *compliance, struct err *err)
{
	const struct report *report = compliance->report;
	struct gathering gathering = {.compliance = compliance};
	struct store_filter all = compliance->filter;

	all.suspected = true;
	all.exempt = true;
	all.corrected = true;
	if (coverage_read(&compliance->coverage, report->store, all.cluster,
			  all.since, all.until, report->now_s, err) < 0 ||
	    store_incidents(report->store, &all, count, &gathering, err) < 0 ||
	    ran_read(&compliance->ran, &compliance->coverage, &all,
		     report->store, err) < 0 ||
	    repeat_read(&compliance->repeat, &compliance->groups[BY_USER],
			&compliance->period, &all, report->store, err) < 0 ||
	    others_read(&compliance->others, report->store, &all, err) < 0 ||
	    before_read(&compliance->before, &compliance->period, &all,
			report->store, report->now_s, err) < 0)
		return -1;
	sort_all(compliance);
	return read_chain(compliance, err);
}

void compliance_finish(struct compliance *compliance)
{
	int i;

	coverage_finish(&compliance->coverage);
	tally_finish(&compliance->total);
	for (i = 0; i < COMPLIANCE_GROUPS; i++)
		tally_finish(&compliance->groups[i]);
	repeat_finish(&compliance->repeat);
	ran_finish(&compliance->ran);
	comeback_finish(&compliance->comeback);
	reasons_finish(&compliance->acknowledged);
	reasons_finish(&compliance->exempted);
	tally_finish(&compliance->exempt);
	tally_finish(&compliance->corrected);
	others_finish(&compliance->others);
	before_finish(&compliance->before);
}

bool compliance_is_whole(const struct compliance *compliance)
{
	return coverage_is_whole(&compliance->coverage) &&
	       compliance->pruned_before_s <= compliance->filter.since;
}

const struct incident_sum *compliance_total(const struct compliance *compliance,
					    enum incident_confidence confidence)
{
	static const struct incident_sum none;

	return compliance->total.n ? &compliance->total.rows[0].sums[confidence]
				   : &none;
}

int64_t compliance_count(const struct tally *tally, const char *name)
{
	int64_t n = 0;
	size_t i, j;

	for (i = 0; i < tally->n; i++)
		if (strcmp(tally->rows[i].name, name) == 0)
			for (j = 0; j < CONFIDENCE_N; j++)
				n += tally->rows[i].sums[j].incidents;
	return n;
}

int64_t compliance_ended(const struct compliance *compliance,
			 const char *partition,
			 enum incident_confidence confidence)
{
	const struct tally *tally = &compliance->groups[BY_PARTITION];
	size_t i;

	if (!partition)
		return compliance_total(compliance, confidence)->ran;
	for (i = 0; i < tally->n; i++)
		if (strcmp(tally->rows[i].name, partition) == 0)
			return tally->rows[i].sums[confidence].ran;
	return 0;
}

int64_t compliance_now(const struct compliance *compliance,
		       const struct before_measure *measure,
		       enum incident_confidence confidence)
{
	return before_value(measure, compliance_total(compliance, confidence),
			    &compliance->ran);
}

int64_t compliance_before(const struct compliance *compliance,
			  const struct before_measure *measure,
			  enum incident_confidence confidence)
{
	const struct before *before = &compliance->before;

	return before_value(measure, &before->sums[confidence], &before->ran);
}
