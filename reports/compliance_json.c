/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/compliance.h"
#include "reports/json.h"
#include "reports/lost.h"
#include "reports/shares.h"

static json_t *period_object(const struct compliance *compliance)
{
	json_t *object = json_object();
	char zone[WHEN_SIZE];

	json_put_time(object, "since", compliance->filter.since);
	json_put_time(object, "until", compliance->filter.until);
	json_put_time(object, "reached", compliance->coverage.until_s);
	json_put_text(object, "timezone",
		      when_zone(compliance->filter.since, zone));
	return object;
}

static json_t *gaps_array(const struct coverage_cluster *cluster)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < cluster->spans.n; i++) {
		const struct coverage_span *span = &cluster->spans.spans[i];
		json_t *object;

		if (span->how != COVERAGE_GAP)
			continue;
		object = json_object();
		json_put_time(object, "since", span->since_s);
		json_put_time(object, "until", span->until_s);
		json_put_int(object, "seconds", span->until_s - span->since_s);
		json_put_text(object, "reason", span->reason);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *coverage_array(const struct coverage *coverage)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < coverage->n; i++) {
		const struct coverage_cluster *cluster = &coverage->clusters[i];
		json_t *object = json_object();

		json_put_text(object, "cluster", cluster->name);
		shares_put(object, cluster, COVERAGE_WATCHED);
		shares_put(object, cluster, COVERAGE_BACKFILLED);
		json_put(object, "gaps", gaps_array(cluster));
		json_put(object, "lost", lost_array(cluster));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *sum_object(const struct incident_sum *sum)
{
	json_t *object = json_object();

	json_put_int(object, "incidents", sum->incidents);
	json_put_int(object, "events", sum->events);
	json_put_int(object, "jobs", sum->jobs);
	json_put_int(object, "cpu_seconds", sum->cpu_seconds);
	json_put_int(object, "gpu_seconds", sum->gpu_seconds);
	json_put_int(object, "restored", sum->restored);
	json_put_int(object, "acknowledged", sum->acknowledged);
	json_put_int(object, "open", sum->open);
	return object;
}

static json_t *tally_array(const struct tally *tally)
{
	json_t *array = json_array();
	size_t i;
	enum incident_confidence confidence;

	for (i = 0; i < tally->n; i++) {
		const struct tally_row *row = &tally->rows[i];
		json_t *object = json_object();

		json_put_text(object, "name", row->name);
		for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
			json_put(object, incident_confidences[confidence],
				 sum_object(&row->sums[confidence]));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *total_object(const struct compliance *compliance)
{
	json_t *object = json_object();
	enum incident_confidence confidence;

	for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
		json_put(object, incident_confidences[confidence],
			 sum_object(compliance_total(compliance, confidence)));
	json_put_int(object, "late", compliance->late);
	json_put_int(object, "proven", compliance->proven);
	return object;
}

void compliance_json(const struct compliance *compliance, FILE *out)
{
	const struct coverage *coverage = &compliance->coverage;
	autotext struct text headline = {0};
	autotext struct text only = {0};
	json_t *object = json_object();
	int i;

	compliance_headline(compliance, &headline);
	compliance_restrictions(compliance, &only);
	json_put(object, "complete", json_boolean(coverage_is_whole(coverage)));
	json_put_text(object, "headline", headline.s);
	json_put_text(object, "only", only.len ? only.s : "");
	json_put_text(object, "made_by", "watcher-report " WATCHER_VERSION);
	json_put_time(object, "made", compliance->report->now_s);
	json_put(object, "period", period_object(compliance));
	json_put(object, "coverage", coverage_array(coverage));
	json_put(object, "total", total_object(compliance));
	for (i = 0; i < COMPLIANCE_GROUPS; i++) {
		autofree char *name =
			mem_printf("by_%s", compliance_groups[i].name);

		json_put(object, name, tally_array(&compliance->groups[i]));
	}
	json_put(object, "exempt", tally_array(&compliance->exempt));
	json_put(object, "corrected", tally_array(&compliance->corrected));
	json_put(object, "ended_by_others", others_array(&compliance->others));
	json_dumpf(object, out,
		   JSON_INDENT(2) | JSON_REAL_PRECISION(SHARES_DIGITS));
	fputc('\n', out);
	json_decref(object);
}
