/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/compliance.h"

#include "lib/mem.h"
#include "lib/when.h"
#include "reports/filter.h"
#include "reports/words.h"

#include <inttypes.h>
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
};
/* clang-format on */

static const char *key_of(int group, const struct incident *incident,
			  char buf[WHEN_SIZE])
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
	}
	return when_day(incident->ended, buf);
}

static int count(const struct incident *incident, void *arg)
{
	struct compliance *compliance = arg;
	char buf[WHEN_SIZE];
	int i;

	if (!incident_counts(incident)) {
		if (!incident->exempt[0])
			tally_add(&compliance->corrected, incident->correction,
				  incident);
		return 0;
	}
	if (incident->exempt[0]) {
		tally_add(&compliance->exempt, incident->exempt, incident);
		return 0;
	}
	tally_add(&compliance->total, "all", incident);
	for (i = 0; i < COMPLIANCE_GROUPS; i++)
		tally_add(&compliance->groups[i], key_of(i, incident, buf),
			  incident);
	compliance->late += incident->late;
	compliance->proven += incident->correction[0] != '\0';
	return 0;
}

static void sort_all(struct compliance *compliance)
{
	int i;

	for (i = 0; i < COMPLIANCE_GROUPS; i++)
		if (i == BY_DAY)
			tally_sort_by_name(&compliance->groups[i]);
		else
			tally_sort_by_events(&compliance->groups[i]);
	tally_sort_by_events(&compliance->exempt);
	tally_sort_by_name(&compliance->corrected);
}

static int gather(struct compliance *compliance, struct err *err)
{
	const struct report *report = compliance->report;
	struct store_filter all = compliance->filter;

	all.suspected = true;
	all.exempt = true;
	all.corrected = true;
	if (coverage_read(&compliance->coverage, report->store, all.cluster,
			  all.since, all.until, report->now_s, err) < 0 ||
	    store_incidents(report->store, &all, count, compliance, err) < 0 ||
	    others_read(&compliance->others, report->store, &all, err) < 0)
		return -1;
	sort_all(compliance);
	return 0;
}

/* "cluster alpha was not watched for 02:00:00, beta ...": for how long the
 * clusters have spans of a kind; nothing if none has. */
static void add_sums(const struct coverage *coverage, enum coverage_how how,
		     const char *what, struct text *text)
{
	bool any = false;
	char buf[WHEN_SIZE];
	size_t i;

	for (i = 0; i < coverage->n; i++) {
		const struct coverage_cluster *cluster = &coverage->clusters[i];

		if (!cluster->sums[how])
			continue;
		text_add(text, any ? ", " : " cluster ");
		text_add_escaped(text, cluster->name);
		text_addf(text, " was %s for %s", what,
			  when_duration(cluster->sums[how], buf));
		any = true;
	}
}

static void add_lost(const struct coverage *coverage, struct text *text)
{
	int64_t n = (int64_t)coverage_count(coverage, COVERAGE_LOST);

	if (!n)
		return;
	text_add_char(text, ' ');
	words_count(text, n, "job");
	text_addf(text,
		  " vanished from accounting before %s seen to end; what "
		  "became of %s is not known.",
		  n == 1 ? "it was" : "they were", n == 1 ? "it" : "them");
}

void compliance_headline(const struct compliance *compliance, struct text *text)
{
	const struct coverage *coverage = &compliance->coverage;
	bool backfilled = coverage_count(coverage, COVERAGE_BACKFILLED);

	if (coverage->until_s == coverage->since_s) {
		text_add(text, "INCOMPLETE: the period has not begun.");
		return;
	}
	if (coverage_is_whole(coverage))
		text_addf(text, "Complete: the whole period was watched%s.",
			  backfilled ? " or backfilled" : "");
	else
		text_add(text, "INCOMPLETE:");
	if (!coverage->n)
		text_add(text, " no cluster was ever watched.");
	if (coverage_count(coverage, COVERAGE_GAP)) {
		add_sums(coverage, COVERAGE_GAP, "not watched", text);
		text_add(text, "; what happened then is not known.");
	}
	add_lost(coverage, text);
	if (backfilled) {
		text_add(text, " Looked at afterwards:");
		add_sums(coverage, COVERAGE_BACKFILLED, "backfilled", text);
		text_add(text, "; what only showed while a job was alive was "
			       "not seen then.");
	}
}

void compliance_restrictions(const struct compliance *compliance,
			     struct text *text)
{
	struct store_filter filter = compliance->filter;

	filter.since = 0;
	filter.until = INT64_MAX;
	filter.suspected = true;
	filter.exempt = true;
	filter_describe(&filter, text);
}

const struct incident_sum *compliance_total(const struct compliance *compliance,
					    enum incident_confidence confidence)
{
	static const struct incident_sum none;

	return compliance->total.n ? &compliance->total.rows[0].sums[confidence]
				   : &none;
}

static int print(const struct compliance *compliance, enum format format,
		 struct err *err)
{
	const struct options *options = compliance->report->options;
	autooutput struct output out = {0};

	if (output_open(&out, options->output, err) < 0)
		return -1;
	if (format == FORMAT_CSV)
		compliance_csv(compliance, out.file, options->raw);
	else if (format == FORMAT_JSON)
		compliance_json(compliance, out.file);
	else
		compliance_text(compliance, &out);
	return output_close(&out, err);
}

static int run(struct compliance *compliance, enum format format,
	       struct err *err)
{
	const struct options *options = compliance->report->options;
	int64_t incidents;
	bool whole;

	if (gather(compliance, err) < 0)
		return -1;
	whole = coverage_is_whole(&compliance->coverage);
	if (!(options->quiet_if_clean && whole && !compliance->total.n) &&
	    print(compliance, format, err) < 0)
		return -1;
	incidents =
		compliance_total(compliance, CONFIDENCE_CONFIRMED)->incidents;
	if (options->suspected)
		incidents += compliance_total(compliance, CONFIDENCE_SUSPECTED)
				     ->incidents;
	if (options->check && incidents)
		return REPORT_INCIDENTS;
	if (options->check && !whole)
		return REPORT_GAP;
	return REPORT_FINE;
}

static void finish(struct compliance *compliance)
{
	int i;

	coverage_finish(&compliance->coverage);
	tally_finish(&compliance->total);
	for (i = 0; i < COMPLIANCE_GROUPS; i++)
		tally_finish(&compliance->groups[i]);
	tally_finish(&compliance->exempt);
	tally_finish(&compliance->corrected);
	others_finish(&compliance->others);
}

int compliance_run(const struct report *report, struct err *err)
{
	static const enum format formats[] = {FORMAT_TEXT, FORMAT_CSV,
					      FORMAT_JSON, FORMAT_N};
	const struct options *options = report->options;
	struct compliance compliance = {.report = report};
	enum format format;
	int code;

	if (options_format(options, formats, &format, err) < 0 ||
	    filter_read(options, report->now_s, &compliance.filter, err) < 0)
		return -1;
	if (!options->period && !options->since) {
		err_set(err, ERR_USAGE, "compliance needs a period");
		return err_hint(err, "--period last-month, or --since TIME");
	}
	if (compliance.filter.until == INT64_MAX)
		compliance.filter.until = report->now_s;
	code = run(&compliance, format, err);
	finish(&compliance);
	return code;
}
