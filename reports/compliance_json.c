/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/compliance.h"
#include "reports/lost.h"
#include "reports/made.h"
#include "reports/shares.h"
#include "schema/json.h"

static void put_text_or_null(json_t *object, const char *name, const char *s)
{
	if (s[0])
		json_put_text(object, name, s);
	else
		json_put(object, name, json_null());
}

static json_t *period_object(const struct compliance *compliance)
{
	json_t *object = json_object();
	char name[WHEN_SIZE], zone[WHEN_SIZE];

	put_text_or_null(object, "name",
			 period_name(&compliance->period, name));
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
	json_put_int(object, "cancelled_again", sum->again);
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

static json_t *ran_partition(const struct compliance *compliance,
			     const struct ran_row *row)
{
	json_t *object = json_object();
	enum incident_confidence confidence;

	json_put_text(object, "name", row->partition);
	json_put_int(object, "jobs", row->jobs);
	for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
		json_put_int(object, incident_confidences[confidence],
			     compliance_ended(compliance, row->partition,
					      confidence));
	return object;
}

/* Jobs that ran, and what of them incidents ended; null if they are not
 * known. */
static json_t *ran_object(const struct ran *ran,
			  const struct incident_sum *confirmed,
			  const struct incident_sum *suspected)
{
	json_t *object;

	if (ran->unknown)
		return json_null();
	object = json_object();
	json_put(object, "complete", json_boolean(ran->whole));
	json_put_time(object, "since", ran->since_s);
	json_put_time(object, "until", ran->until_s);
	json_put_int(object, "jobs", ran->jobs);
	json_put_int(object, "confirmed", confirmed->ran);
	json_put_int(object, "suspected", suspected->ran);
	return object;
}

static json_t *ran_now(const struct compliance *compliance)
{
	const struct ran *ran = &compliance->ran;
	json_t *object = ran_object(
		ran, compliance_total(compliance, CONFIDENCE_CONFIRMED),
		compliance_total(compliance, CONFIDENCE_SUSPECTED));
	json_t *array;
	size_t i;

	if (ran->unknown)
		return object;
	array = json_array();
	for (i = 0; i < ran->n; i++)
		json_array_append_new(array,
				      ran_partition(compliance, &ran->rows[i]));
	json_put(object, "by_partition", array);
	return object;
}

static json_t *repeat_array(const struct repeat *repeat)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < repeat->n; i++) {
		json_t *object = json_object();

		json_put_text(object, "user", repeat->rows[i].user);
		json_put_int(object, "events", repeat->rows[i].events);
		json_put_int(object, "periods", repeat->rows[i].periods);
		json_put_int(object, "of", REPEAT_PERIODS);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *times_object(const struct comeback_times *times)
{
	json_t *object;

	if (!times->n)
		return json_null();
	object = json_object();
	json_put_int(object, "median_seconds", comeback_median(times));
	json_put_int(object, "worst_seconds", times->worst_s);
	json_put_int(object, "worst_incident_id", times->worst_id);
	return object;
}

static json_t *states_array(const struct tally *states)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < states->n; i++) {
		const char *name = states->rows[i].name;
		json_t *object = json_object();

		json_put_text(object, "state", name);
		json_put_int(object, "incidents",
			     compliance_count(states, name));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *open_array(const struct comeback *comeback)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < comeback->n_open; i++) {
		const struct comeback_open *open = &comeback->open[i];
		json_t *object = json_object();

		json_put_int(object, "incident_id", open->incident_id);
		json_put_time(object, "ended", open->ended);
		json_put_text(object, "cluster", open->cluster);
		json_put_text(object, "job_id", open->job_id);
		json_put_text(object, "user", open->user);
		json_put_text(object, "partition", open->partition);
		json_put_text(object, "kind", open->kind);
		json_put(object, "confirmed", json_boolean(open->confirmed));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *restoration_object(const struct comeback *comeback)
{
	json_t *object = json_object();
	enum incident_confidence confidence;

	for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
		json_put(object, incident_confidences[confidence],
			 times_object(&comeback->times[confidence]));
	json_put(object, "states", states_array(&comeback->states));
	json_put(object, "oldest_open", open_array(comeback));
	return object;
}

static json_t *reasons_array(const struct reasons *reasons, const char *who,
			     const char *why)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < reasons->n; i++) {
		const struct reasons_row *row = &reasons->rows[i];
		json_t *object = json_object();

		json_put_text(object, who, row->who);
		json_put_text(object, why, row->why);
		json_put_int(object, "incidents", row->incidents);
		json_put_int(object, "jobs", row->jobs);
		json_put_time(object, "first", row->first_s);
		json_put_time(object, "last", row->last_s);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *change_object(const struct compliance *compliance,
			     enum incident_confidence confidence)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < before_n_measures; i++) {
		const struct before_measure *measure = &before_measures[i];
		int64_t change = before_change(
			compliance_now(compliance, measure, confidence),
			compliance_before(compliance, measure, confidence));

		if (change == BEFORE_NONE)
			json_put(object, measure->name, json_null());
		else if (measure->unit == BEFORE_SHARE)
			json_put(object, measure->name,
				 json_real((double)change / 100));
		else
			json_put_int(object, measure->name, change);
	}
	return object;
}

static json_t *before_object(const struct compliance *compliance)
{
	const struct before *before = &compliance->before;
	json_t *object, *change;
	enum incident_confidence confidence;
	char name[WHEN_SIZE];

	if (before->none)
		return json_null();
	object = json_object();
	change = json_object();
	put_text_or_null(object, "name", period_name(&before->period, name));
	json_put_time(object, "since", before->period.since_s);
	json_put_time(object, "until", before->period.until_s);
	json_put(object, "complete", json_boolean(before->whole));
	for (confidence = 0; confidence < CONFIDENCE_N; confidence++) {
		const char *word = incident_confidences[confidence];

		json_put(object, word, sum_object(&before->sums[confidence]));
		json_put(change, word, change_object(compliance, confidence));
	}
	json_put(object, "ran",
		 ran_object(&before->ran, &before->sums[CONFIDENCE_CONFIRMED],
			    &before->sums[CONFIDENCE_SUSPECTED]));
	json_put(object, "change", change);
	return object;
}

static json_t *chain_object(const struct compliance *compliance)
{
	const struct store_head *head = &compliance->head;
	autofree char *command = made_verify(compliance->report, head);
	json_t *object;

	if (!compliance->has_head)
		return json_null();
	object = json_object();
	json_put_text(object, "store_id", head->store_id);
	json_put_int(object, "entries", head->entries);
	json_put_text(object, "head", head->hash);
	json_put_time(object, "sealed", head->at_s);
	put_text_or_null(object, "signature", head->signature);
	json_put_text(object, "command", command);
	return object;
}

/* What is known of what is protected: null if no configuration was read. */
static json_t *configuration_object(const struct conf *conf)
{
	json_t *object, *array;
	size_t i;

	if (!conf)
		return json_null();
	object = json_object();
	array = json_array();
	json_put_text(object, "path", conf->path);
	for (i = 0; i < conf->n_protect; i++) {
		autofree char *keys = conf_protect_text(&conf->protect[i]);
		json_t *section = json_object();

		json_put_text(section, "name", conf->protect[i].name);
		json_put_text(section, "keys", keys);
		json_array_append_new(array, section);
	}
	json_put(object, "protect", array);
	return object;
}

static json_t *made_object(const struct compliance *compliance)
{
	const struct report *report = compliance->report;
	autofree char *command = made_compliance(report, &compliance->period,
						 &compliance->filter);
	json_t *object = json_object();

	json_put_text(object, "store", made_store(report));
	json_put_int(object, "store_version", store_version());
	json_put(object, "configuration",
		 configuration_object(compliance->conf));
	json_put_text(object, "command", command);
	return object;
}

static void put_words(json_t *object, const struct compliance *compliance)
{
	autotext struct text headline = {0};
	autotext struct text summary = {0};
	autotext struct text only = {0};

	compliance_headline(compliance, &headline);
	compliance_summary(compliance, &summary);
	compliance_restrictions(compliance, &only);
	json_put(object, "complete",
		 json_boolean(compliance_is_whole(compliance)));
	json_put_text(object, "headline", headline.s);
	json_put_text(object, "summary", summary.len ? summary.s : "");
	json_put_time(object, "pruned_before", compliance->pruned_before_s);
	json_put_text(object, "only", only.len ? only.s : "");
	json_put_text(object, "made_by", "watcher-report " WATCHER_VERSION);
	json_put_time(object, "made", compliance->report->now_s);
}

void compliance_json(const struct compliance *compliance, FILE *out)
{
	json_t *object = json_object();
	int i;

	put_words(object, compliance);
	json_put(object, "period", period_object(compliance));
	json_put(object, "coverage", coverage_array(&compliance->coverage));
	json_put(object, "total", total_object(compliance));
	for (i = 0; i < COMPLIANCE_GROUPS; i++) {
		autofree char *name =
			mem_printf("by_%s", compliance_groups[i].name);

		json_put(object, name, tally_array(&compliance->groups[i]));
	}
	json_put(object, "ran", ran_now(compliance));
	json_put(object, "repeat", repeat_array(&compliance->repeat));
	json_put(object, "restoration",
		 restoration_object(&compliance->comeback));
	json_put(object, "acknowledged",
		 reasons_array(&compliance->acknowledged, "by", "reason"));
	json_put(object, "exempted",
		 reasons_array(&compliance->exempted, "user", "rule"));
	json_put(object, "exempt", tally_array(&compliance->exempt));
	json_put(object, "corrected", tally_array(&compliance->corrected));
	json_put(object, "ended_by_others", others_array(&compliance->others));
	json_put(object, "before", before_object(compliance));
	json_put(object, "chain", chain_object(compliance));
	json_put(object, "made_of", made_object(compliance));
	json_dumpf(object, out,
		   JSON_INDENT(2) | JSON_REAL_PRECISION(SHARES_DIGITS));
	fputc('\n', out);
	json_decref(object);
}
