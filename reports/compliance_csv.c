/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/compliance.h"
#include "reports/csv.h"
#include "reports/lost.h"

/* One table of everything: which columns a row fills depends on its section,
 * the first. */
static const char *const headings[] = {
	"section", "item",        "confidence",  "incidents", "events",
	"jobs",    "cpu_seconds", "gpu_seconds", "restored",  "acknowledged",
	"open",    "since",       "until",       "seconds",   "note",
};

#define N_COUNTS 8

static void skip(struct csv *csv, int n)
{
	while (n--)
		csv_text(csv, "");
}

/* A row about time. */
static void add_span(struct csv *csv, const char *section, const char *item,
		     int64_t since_s, int64_t until_s, int64_t seconds,
		     const char *note)
{
	csv_text(csv, section);
	csv_text(csv, item);
	skip(csv, 1 + N_COUNTS);
	csv_time(csv, since_s);
	csv_time(csv, until_s);
	csv_int(csv, seconds);
	csv_text(csv, note);
	csv_end(csv);
}

static void add_sum(struct csv *csv, const char *section, const char *item,
		    const char *confidence, const struct incident_sum *sum)
{
	csv_text(csv, section);
	csv_text(csv, item);
	csv_text(csv, confidence);
	csv_int(csv, sum->incidents);
	csv_int(csv, sum->events);
	csv_int(csv, sum->jobs);
	csv_int(csv, sum->cpu_seconds);
	csv_int(csv, sum->gpu_seconds);
	csv_int(csv, sum->restored);
	csv_int(csv, sum->acknowledged);
	csv_int(csv, sum->open);
	skip(csv, 4);
	csv_end(csv);
}

static void add_gap(struct csv *csv, const char *cluster,
		    const struct coverage_span *gap)
{
	add_span(csv, "gap", cluster, gap->since_s, gap->until_s,
		 gap->until_s - gap->since_s, gap->reason);
}

/* A job that vanished: a row about a moment. */
static void add_lost(struct csv *csv, const char *cluster,
		     const struct coverage_span *span)
{
	autolost struct lost lost;
	autotext struct text note = {0};
	char buf[WHEN_SIZE];

	lost_read(&lost, span);
	text_add(&note, span->reason);
	if (lost.submitted)
		text_addf(&note, "; submitted %s",
			  when_utc(lost.submitted, buf));
	if (lost.job_name[0])
		text_addf(&note, "; name %s", lost.job_name);
	add_span(csv, "lost", cluster, span->since_s, span->since_s, 0,
		 note.s ? note.s : "");
}

static void add_coverage(struct csv *csv, const struct coverage *coverage)
{
	size_t i, j;

	for (i = 0; i < coverage->n; i++) {
		const struct coverage_cluster *cluster = &coverage->clusters[i];

		add_span(csv, "watched", cluster->name, coverage->since_s,
			 coverage->until_s, cluster->sums[COVERAGE_WATCHED],
			 "");
		add_span(csv, "backfilled", cluster->name, coverage->since_s,
			 coverage->until_s, cluster->sums[COVERAGE_BACKFILLED],
			 "");
		for (j = 0; j < cluster->spans.n; j++)
			if (cluster->spans.spans[j].how == COVERAGE_GAP)
				add_gap(csv, cluster->name,
					&cluster->spans.spans[j]);
			else if (cluster->spans.spans[j].how == COVERAGE_LOST)
				add_lost(csv, cluster->name,
					 &cluster->spans.spans[j]);
	}
}

static void add_tally(struct csv *csv, const char *section,
		      const struct tally *tally)
{
	size_t i;
	enum incident_confidence confidence;

	for (i = 0; i < tally->n; i++)
		for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
			if (tally->rows[i].sums[confidence].incidents)
				add_sum(csv, section, tally->rows[i].name,
					incident_confidences[confidence],
					&tally->rows[i].sums[confidence]);
}

/* Who cancelled jobs that are no incidents: a uid, or slurm. */
static void add_others(struct csv *csv, const struct others *others)
{
	size_t i;

	for (i = 0; i < others->n; i++) {
		csv_text(csv, "ended_by_others");
		if (others->rows[i].uid < 0)
			csv_text(csv, "slurm");
		else
			csv_int(csv, others->rows[i].uid);
		skip(csv, 3);
		csv_int(csv, others->rows[i].jobs);
		skip(csv, 8);
		csv_text(csv, others->rows[i].why);
		csv_end(csv);
	}
}

void compliance_csv(const struct compliance *compliance, FILE *out, bool raw)
{
	const struct coverage *coverage = &compliance->coverage;
	autotext struct text headline = {0};
	struct csv csv = {.out = out, .raw = raw};
	size_t i;

	for (i = 0; i < LENGTH(headings); i++)
		csv_text(&csv, headings[i]);
	csv_end(&csv);

	compliance_headline(compliance, &headline);
	add_span(&csv, "period",
		 coverage_is_whole(coverage) ? "complete" : "incomplete",
		 compliance->filter.since, compliance->filter.until,
		 coverage->until_s - coverage->since_s, headline.s);
	add_coverage(&csv, coverage);
	for (i = 0; i < CONFIDENCE_N; i++)
		add_sum(&csv, "total", "all", incident_confidences[i],
			compliance_total(compliance,
					 (enum incident_confidence)i));
	for (i = 0; i < COMPLIANCE_GROUPS; i++)
		add_tally(&csv, compliance_groups[i].name,
			  &compliance->groups[i]);
	add_tally(&csv, "exempt", &compliance->exempt);
	add_tally(&csv, "corrected", &compliance->corrected);
	add_others(&csv, &compliance->others);
}
