/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/compliance.h"
#include "reports/compliance_private.h"
#include "reports/lost.h"
#include "reports/page.h"
#include "reports/shares.h"
#include "reports/table.h"
#include "reports/words.h"

#include <inttypes.h>
#include <string.h>

static void print_period(const struct compliance *compliance, FILE *out)
{
	const struct store_filter *filter = &compliance->filter;
	int64_t now_s = compliance->report->now_s;
	autotext struct text only = {0};
	autotext struct text zones = {0};
	char name[WHEN_SIZE], since[WHEN_SIZE], until[WHEN_SIZE];

	period_name(&compliance->period, name);
	compliance_zones(compliance, &zones);
	fprintf(out, "Jobs of protected partitions that their owners ended\n");
	if (name[0])
		fprintf(out, "  period     %s\n", name);
	fprintf(out, "  from       %s\n", when_local(filter->since, since));
	fprintf(out, "  until      %s%s\n", when_local(filter->until, until),
		filter->until > now_s ? ", not over yet" : "");
	fprintf(out, "  time zone  %s\n", zones.s);
	compliance_restrictions(compliance, &only);
	if (only.len)
		fprintf(out, "  only       %s\n", only.s);
}

static void print_shares(const struct compliance *compliance,
			 const struct output *out)
{
	const struct coverage *coverage = &compliance->coverage;
	autotable struct table *table = table_new(out);
	char buf[WHEN_SIZE];
	size_t i;

	table_add_column(table, "CLUSTER", TABLE_TRUNC, 0);
	table_add_column(table, "WATCHED", TABLE_RIGHT, 0);
	table_add_column(table, "BACKFILLED", TABLE_RIGHT, 0);
	table_add_column(table, "NOT WATCHED", TABLE_RIGHT, 0);
	table_add_column(table, "GAPS", TABLE_RIGHT, 0);
	table_add_column(table, "LOST JOBS", TABLE_RIGHT, 0);
	for (i = 0; i < coverage->n; i++) {
		const struct coverage_cluster *cluster = &coverage->clusters[i];
		autofree char *name = text_escaped(cluster->name);
		autofree char *watched = shares_text(cluster, COVERAGE_WATCHED);
		autofree char *backfilled =
			shares_text(cluster, COVERAGE_BACKFILLED);

		table_add_cell(table, name);
		table_add_cell(table, watched);
		table_add_cell(table, backfilled);
		table_add_cell(table,
			       when_duration(cluster->sums[COVERAGE_GAP], buf));
		table_add_int(table, (int64_t)cluster->counts[COVERAGE_GAP]);
		table_add_int(table, (int64_t)cluster->counts[COVERAGE_LOST]);
	}
	table_print(table);
}

static void add_gap(struct table *table, const char *cluster,
		    const struct coverage_span *gap)
{
	autofree char *name = text_escaped(cluster);
	autofree char *reason = text_escaped(gap->reason);
	char buf[WHEN_SIZE];

	table_add_cell(table, name);
	table_add_cell(table, when_local(gap->since_s, buf));
	table_add_cell(table, when_local(gap->until_s, buf));
	table_add_cell(table, when_duration(gap->until_s - gap->since_s, buf));
	table_add_cell(table, reason);
}

static void print_gaps(const struct coverage *coverage,
		       const struct output *out)
{
	autotable struct table *table = table_new(out);
	size_t i, j;

	if (!coverage_count(coverage, COVERAGE_GAP))
		return;
	table_add_column(table, "CLUSTER", TABLE_TRUNC, 0);
	table_add_column(table, "NOT WATCHED FROM", 0, 0);
	table_add_column(table, "UNTIL", 0, 0);
	table_add_column(table, "FOR", TABLE_RIGHT, 1);
	table_add_column(table, "BECAUSE", TABLE_WRAP, 0);
	for (i = 0; i < coverage->n; i++) {
		const struct coverage_cluster *cluster = &coverage->clusters[i];

		for (j = 0; j < cluster->spans.n; j++)
			if (cluster->spans.spans[j].how == COVERAGE_GAP)
				add_gap(table, cluster->name,
					&cluster->spans.spans[j]);
	}
	fputc('\n', out->file);
	table_print(table);
}

static void print_coverage(const struct compliance *compliance,
			   const struct output *out)
{
	const struct coverage *coverage = &compliance->coverage;

	fprintf(out->file, "\nCoverage\n");
	if (!coverage->n) {
		fprintf(out->file, "The store knows no cluster.\n");
		return;
	}
	print_shares(compliance, out);
	if (compliance->late)
		fprintf(out->file,
			"%" PRId64 " of the incidents arrived late in "
			"accounting\n",
			compliance->late);
	print_gaps(coverage, out);
	lost_print(coverage, out);
}

static void add_sum_columns(struct table *table, const char *heading)
{
	table_add_column(table, heading, TABLE_TRUNC, 0);
	table_add_column(table, "VERDICT", 0, 0);
	table_add_column(table, "INCIDENTS", TABLE_RIGHT, 0);
	table_add_column(table, "EVENTS", TABLE_RIGHT, 0);
	table_add_column(table, "JOBS", TABLE_RIGHT, 1);
	table_add_column(table, "CPU HOURS", TABLE_RIGHT, 3);
	table_add_column(table, "GPU HOURS", TABLE_RIGHT, 4);
	table_add_column(table, "RESTORED", TABLE_RIGHT, 2);
	table_add_column(table, "OPEN", TABLE_RIGHT, 0);
}

static void add_sum(struct table *table, const char *name,
		    enum incident_confidence confidence,
		    const struct incident_sum *sum)
{
	autofree char *safe = text_escaped(name);
	autofree char *cpu = words_hours(sum->cpu_seconds);
	autofree char *gpu = words_hours(sum->gpu_seconds);

	table_add_cell(table, safe);
	table_add_cell(table, incident_confidences[confidence]);
	table_add_int(table, sum->incidents);
	table_add_int(table, sum->events);
	table_add_int(table, sum->jobs);
	table_add_cell(table, cpu);
	table_add_cell(table, gpu);
	table_add_int(table, sum->restored);
	table_add_int(table, sum->open);
}

static void print_tally(const struct tally *tally, const char *title,
			const char *heading, const struct output *out)
{
	autotable struct table *table = table_new(out);
	size_t i;
	enum incident_confidence confidence;

	if (!tally->n)
		return;
	fprintf(out->file, "\n%s\n", title);
	add_sum_columns(table, heading);
	for (i = 0; i < tally->n; i++)
		for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
			if (tally->rows[i].sums[confidence].incidents)
				add_sum(table, tally->rows[i].name, confidence,
					&tally->rows[i].sums[confidence]);
	table_print(table);
}

/* "5 incidents, 3 events, 7 jobs, 12.5 CPU hours, 0.0 GPU hours" */
static void print_sum(const char *label, const struct incident_sum *sum,
		      FILE *out)
{
	autotext struct text text = {0};
	autofree char *cpu = words_hours(sum->cpu_seconds);
	autofree char *gpu = words_hours(sum->gpu_seconds);

	words_count(&text, sum->incidents, "incident");
	if (sum->incidents) {
		text_add(&text, ", ");
		words_count(&text, sum->events, "event");
		text_add(&text, ", ");
		words_count(&text, sum->jobs, "job");
		text_addf(&text, ", %s CPU hours, %s GPU hours", cpu, gpu);
	}
	fprintf(out, "%-10s %s\n", label, text.s);
}

/* What is not counted, though it was recorded. */
static void print_corrected(const struct tally *corrected, FILE *out)
{
	int64_t cleared = compliance_count(
		corrected, incident_corrections[CORRECTION_CLEARED]);
	int64_t alive = compliance_count(
		corrected, incident_corrections[CORRECTION_ALIVE]);

	if (cleared)
		fprintf(out,
			"%" PRId64 " more not counted: cleared, it was not the "
			"owner\n",
			cleared);
	if (alive)
		fprintf(out,
			"%" PRId64 " more not counted: alive, the job did not "
			"end\n",
			alive);
}

static void print_totals(const struct compliance *compliance, FILE *out)
{
	fprintf(out, "\nIncidents\n");
	print_sum("confirmed",
		  compliance_total(compliance, CONFIDENCE_CONFIRMED), out);
	print_sum("suspected",
		  compliance_total(compliance, CONFIDENCE_SUSPECTED), out);
	if (compliance->proven)
		fprintf(out,
			"%" PRId64 " of the confirmed only suspected at "
			"first\n",
			compliance->proven);
	print_corrected(&compliance->corrected, out);
}

static void print_repeat(const struct compliance *compliance,
			 const struct output *out)
{
	const struct repeat *repeat = &compliance->repeat;
	autotable struct table *table = table_new(out);
	autofree char *title = mem_printf(
		"Users with more than one confirmed event, and in how many of "
		"the last %d\n%s the store knows of any",
		REPEAT_PERIODS, period_plural(&compliance->period));
	size_t i;

	if (!repeat->n)
		return;
	fprintf(out->file, "\n%s\n", title);
	table_add_column(table, "USER", TABLE_TRUNC, 0);
	table_add_column(table, "EVENTS", TABLE_RIGHT, 0);
	table_add_column(table, "PERIODS", TABLE_RIGHT, 0);
	for (i = 0; i < repeat->n; i++) {
		autofree char *safe = text_escaped(repeat->rows[i].user);

		table_add_cell(table, safe);
		table_add_int(table, repeat->rows[i].events);
		table_add_int(table, repeat->rows[i].periods);
	}
	table_print(table);
}

static void add_ran(struct table *table, const struct compliance *compliance,
		    const char *partition, int64_t jobs)
{
	int64_t ended =
		compliance_ended(compliance, partition, CONFIDENCE_CONFIRMED);
	autofree char *name = text_escaped(partition ? partition : "all");
	autofree char *share =
		words_share(ended, ran_base(&compliance->ran, jobs));

	table_add_cell(table, name);
	table_add_int(table, jobs);
	table_add_int(table, ended);
	table_add_cell(table, share);
	table_add_int(table, compliance_ended(compliance, partition,
					      CONFIDENCE_SUSPECTED));
}

static void print_ran(const struct compliance *compliance,
		      const struct output *out)
{
	const struct ran *ran = &compliance->ran;
	autotable struct table *table = table_new(out);
	autotext struct text note = {0};
	size_t i;

	fprintf(out->file, "\nProtected jobs that ran\n");
	compliance_counted(compliance, &note);
	if (note.len)
		words_wrap(out->file, note.s, page_width(out), 0);
	if (!ran->n)
		return;
	table_add_column(table, "PARTITION", TABLE_TRUNC, 0);
	table_add_column(table, "RAN", TABLE_RIGHT, 0);
	table_add_column(table, "ENDED BY OWNER", TABLE_RIGHT, 0);
	table_add_column(table, "SHARE", TABLE_RIGHT, 0);
	table_add_column(table, "SUSPECTED", TABLE_RIGHT, 0);
	for (i = 0; i < ran->n; i++)
		add_ran(table, compliance, ran->rows[i].partition,
			ran->rows[i].jobs);
	if (ran->n > 1)
		add_ran(table, compliance, NULL, ran->jobs);
	table_print(table);
}

static void print_groups(const struct compliance *compliance,
			 const struct output *out)
{
	int i;

	for (i = 0; i < COMPLIANCE_GROUPS; i++) {
		const struct compliance_group *group = &compliance_groups[i];

		if (group->title)
			print_tally(&compliance->groups[i], group->title,
				    group->heading, out);
		if (i == BY_KIND)
			print_ran(compliance, out);
		if (i == BY_USER)
			print_repeat(compliance, out);
	}
}

void compliance_text(const struct compliance *compliance,
		     const struct output *out)
{
	autotext struct text headline = {0};
	autotext struct text summary = {0};

	compliance_headline(compliance, &headline);
	fprintf(out->file, "%s\n\n", headline.s);
	compliance_summary(compliance, &summary);
	if (summary.len) {
		words_wrap(out->file, summary.s, page_width(out), 0);
		fputc('\n', out->file);
	}
	print_period(compliance, out->file);
	print_coverage(compliance, out);
	print_totals(compliance, out->file);
	print_groups(compliance, out);
	compliance_text_outcome(compliance, out);
}
