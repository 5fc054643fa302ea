/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "reports/bins.h"
#include "reports/chart.h"
#include "reports/compliance_private.h"
#include "reports/words.h"

#include <inttypes.h>
#include <string.h>

void compliance_html_fact(struct html *html, const char *name,
			  const char *value)
{
	html_element(html, "dt", NULL, name);
	html_element(html, "dd", NULL, value);
}

char *compliance_html_hours(int64_t seconds)
{
	autofree char *hours = words_hours(seconds);

	return words_grouped(hours);
}

void compliance_html_begin(struct html *html, const char *id,
			   const char *heading)
{
	html_open(html, "section", "aria-labelledby", id);
	html_open(html, "h2", "id", id);
	html_text(html, heading);
	html_close(html);
}

void compliance_html_more(struct html *html, size_t rows)
{
	autofree char *more = NULL;

	if (rows <= COMPLIANCE_HTML_ROWS)
		return;
	more = mem_printf("%zu more are in the other forms of this report.",
			  rows - COMPLIANCE_HTML_ROWS);
	html_element(html, "p", "note", more);
}

char *compliance_html_signed(const struct before_measure *measure,
			     int64_t change)
{
	autofree char *text = before_signed(measure, change);
	autofree char *grouped = words_grouped(text + (*text == '+'));

	if (change == BEFORE_NONE || !change)
		return mem_strdup(text);
	return mem_printf("%s%s", change < 0 ? "−" : "+",
			  grouped + (change < 0));
}

/* Whether GPUs were lost at all: most clusters have none. */
static bool has_gpus(const struct compliance *compliance)
{
	enum incident_confidence confidence;

	for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
		if (compliance_total(compliance, confidence)->gpu_seconds)
			return true;
	return false;
}

/* Of the tables of incidents; those from events on are of confirmed ones. */
static const struct html_column sum_columns[] = {
	{NULL, HTML_NAME},          {"Confirmed", HTML_NUMBER},
	{"Suspected", HTML_NUMBER}, {"Events", HTML_NUMBER},
	{"Jobs", HTML_NUMBER},      {"Restored", HTML_NUMBER},
	{"Open", HTML_NUMBER},      {"CPU hours", HTML_NUMBER},
	{"GPU hours", HTML_NUMBER},
};

static void put_sum(struct html *html, const char *name,
		    const struct incident_sum sums[CONFIDENCE_N], bool gpus)
{
	const struct incident_sum *sum = &sums[CONFIDENCE_CONFIRMED];
	autofree char *cpu = compliance_html_hours(sum->cpu_seconds);
	autofree char *gpu = compliance_html_hours(sum->gpu_seconds);

	html_cell(html, name);
	html_cell_int(html, sum->incidents);
	html_cell_int(html, sums[CONFIDENCE_SUSPECTED].incidents);
	html_cell_int(html, sum->events);
	html_cell_int(html, sum->jobs);
	html_cell_int(html, sum->restored);
	html_cell_int(html, sum->open);
	html_cell(html, cpu);
	if (gpus)
		html_cell(html, gpu);
}

/* What the rows of a tally that are not shown come to. */
static void put_rest(struct html *html, const struct tally *tally, bool gpus)
{
	struct incident_sum sums[CONFIDENCE_N] = {{0}};
	autofree char *name =
		mem_printf("%zu others", tally->n - COMPLIANCE_HTML_ROWS);
	size_t i, j;

	for (i = COMPLIANCE_HTML_ROWS; i < tally->n; i++)
		for (j = 0; j < CONFIDENCE_N; j++)
			incident_sum_add(&sums[j], &tally->rows[i].sums[j]);
	put_sum(html, name, sums, gpus);
}

static void put_tally(struct html *html, const struct compliance *compliance,
		      int group, const char *heading, const char *caption)
{
	const struct tally *tally = &compliance->groups[group];
	bool gpus = has_gpus(compliance);
	struct html_column columns[LENGTH(sum_columns)];
	size_t i;

	memcpy(columns, sum_columns, sizeof(columns));
	columns[0].heading = heading;
	if (group == BY_KIND)
		columns[0].type = HTML_WORD;
	html_table_begin(html, caption, columns, LENGTH(columns) - !gpus);
	for (i = 0; i < tally->n && i < COMPLIANCE_HTML_ROWS; i++)
		put_sum(html, tally->rows[i].name, tally->rows[i].sums, gpus);
	if (tally->n > COMPLIANCE_HTML_ROWS)
		put_rest(html, tally, gpus);
	html_table_end(html);
}

static void put_not_counted(struct html *html,
			    const struct compliance *compliance)
{
	const struct {
		int64_t n;
		const char *text;
	} lines[] = {
		{compliance->proven,
		 "of the confirmed only suspected at first."},
		{compliance_count(&compliance->corrected,
				  incident_corrections[CORRECTION_CLEARED]),
		 "more not counted: cleared, it was not the owner."},
		{compliance_count(&compliance->corrected,
				  incident_corrections[CORRECTION_ALIVE]),
		 "more not counted: alive, the job did not end."},
	};
	size_t i;

	for (i = 0; i < LENGTH(lines); i++) {
		autofree char *line =
			mem_printf("%" PRId64 " %s", lines[i].n, lines[i].text);

		if (lines[i].n)
			html_element(html, "p", "note", line);
	}
}

static void put_kinds(struct html *html, const struct compliance *compliance)
{
	compliance_html_begin(html, "incidents", "Incidents");
	html_element(
		html, "p", "note",
		"Confirmed: accounting, or slurmctld's log, names the "
		"owner as the one who ended the job. Suspected: only that "
		"it ended so is certain. Events, jobs, hours, restored and "
		"open are those of confirmed incidents, in all tables; an "
		"event is one cancellation, of a whole array also.");
	if (compliance->total.n) {
		chart_bars(html, "kinds", "By kind", "kinds",
			   &compliance->groups[BY_KIND]);
		put_tally(html, compliance, BY_KIND, "Kind",
			  "By kind, in numbers");
	} else {
		html_element(html, "p", NULL, "None.");
	}
	put_not_counted(html, compliance);
	html_close(html);
}

static void put_ran_row(struct html *html, const struct compliance *compliance,
			const char *partition, int64_t jobs)
{
	int64_t ended =
		compliance_ended(compliance, partition, CONFIDENCE_CONFIRMED);
	autofree char *share =
		words_share(ended, ran_base(&compliance->ran, jobs));

	html_cell(html, partition ? partition : "all");
	html_cell_int(html, jobs);
	html_cell_int(html, ended);
	html_cell(html, share);
	html_cell_int(html, compliance_ended(compliance, partition,
					     CONFIDENCE_SUSPECTED));
}

static void put_ran(struct html *html, const struct compliance *compliance)
{
	static const struct html_column columns[] = {
		{"Partition", HTML_NAME},        {"Jobs that ran", HTML_NUMBER},
		{"Ended by owner", HTML_NUMBER}, {"Share", HTML_NUMBER},
		{"Suspected", HTML_NUMBER},
	};
	const struct ran *ran = &compliance->ran;
	autotext struct text note = {0};
	size_t i;

	compliance_html_begin(html, "ran", "Jobs that ran");
	compliance_counted(compliance, &note);
	if (note.len)
		html_element(html, "p", ran->n ? "note" : NULL, note.s);
	if (ran->n) {
		html_table_begin(html,
				 "Protected jobs that ran, and "
				 "those that their owners ended",
				 columns, LENGTH(columns));
		for (i = 0; i < ran->n && i < COMPLIANCE_HTML_ROWS; i++)
			put_ran_row(html, compliance, ran->rows[i].partition,
				    ran->rows[i].jobs);
		if (ran->n > 1)
			put_ran_row(html, compliance, NULL, ran->jobs);
		html_table_end(html);
		compliance_html_more(html, ran->n);
	}
	html_close(html);
}

static void put_repeat(struct html *html, const struct compliance *compliance)
{
	static const struct html_column columns[] = {
		{"User", HTML_NAME},
		{"Confirmed events", HTML_NUMBER},
		{"Periods with any", HTML_NUMBER},
	};
	const struct repeat *repeat = &compliance->repeat;
	autofree char *caption = mem_printf(
		"Users with more than one confirmed event, and in how many of "
		"the last %d %s the store knows of any",
		REPEAT_PERIODS, period_plural(&compliance->period));
	size_t i;

	if (!repeat->n)
		return;
	html_table_begin(html, caption, columns, LENGTH(columns));
	for (i = 0; i < repeat->n && i < COMPLIANCE_HTML_ROWS; i++) {
		autofree char *periods =
			mem_printf("%" PRId64 " of %d", repeat->rows[i].periods,
				   REPEAT_PERIODS);

		html_cell(html, repeat->rows[i].user);
		html_cell_int(html, repeat->rows[i].events);
		html_cell(html, periods);
	}
	html_table_end(html);
	compliance_html_more(html, repeat->n);
}

/* The numbers behind the chart. */
static void put_bins(struct html *html, const struct bins *bins)
{
	static const struct html_column columns[] = {
		{"From", HTML_TIME},        {"Confirmed", HTML_NUMBER},
		{"Suspected", HTML_NUMBER}, {"Jobs", HTML_NUMBER},
		{"CPU hours", HTML_NUMBER},
	};
	autofree char *caption =
		mem_printf("By %s, in numbers; those without any are left out",
			   bins_noun(bins));
	size_t i;

	html_table_begin(html, caption, columns, LENGTH(columns));
	for (i = 0; i < bins->n; i++) {
		const struct bin *bin = &bins->bins[i];
		const struct incident_sum *sum =
			&bin->sums[CONFIDENCE_CONFIRMED];
		int64_t suspected = bin->sums[CONFIDENCE_SUSPECTED].incidents;
		autofree char *cpu = compliance_html_hours(sum->cpu_seconds);

		if (!sum->incidents && !suspected)
			continue;
		html_cell(html, bin->name);
		html_cell_int(html, sum->incidents);
		html_cell_int(html, suspected);
		html_cell_int(html, sum->jobs);
		html_cell(html, cpu);
	}
	html_table_end(html);
}

static void put_when(struct html *html, const struct compliance *compliance)
{
	struct bins bins;
	autofree char *title = NULL;

	bins_make(&bins, &compliance->period, &compliance->groups[BY_DAY]);
	title = mem_printf("By %s", bins_noun(&bins));
	compliance_html_begin(html, "when", "When");
	chart_time(html, "days", title, &bins, &compliance->coverage);
	if (compliance->total.n)
		put_bins(html, &bins);
	html_close(html);
}

static void put_where(struct html *html, const struct compliance *compliance)
{
	compliance_html_begin(html, "where", "Where and by whom");
	if (compliance->groups[BY_CLUSTER].n > 1)
		put_tally(html, compliance, BY_CLUSTER, "Cluster",
			  "By cluster");
	chart_bars(html, "partitions", "By partition", "partitions",
		   &compliance->groups[BY_PARTITION]);
	put_tally(html, compliance, BY_PARTITION, "Partition",
		  "By partition, in numbers");
	put_tally(html, compliance, BY_ACCOUNT, "Account", "By account");
	put_tally(html, compliance, BY_USER, "User",
		  "By user, repeat offenders first");
	put_repeat(html, compliance);
	html_close(html);
}

void compliance_html(const struct compliance *compliance, FILE *out)
{
	autofree char *phrase = period_phrase(&compliance->period);
	autofree char *title = mem_printf("Protected jobs %s", phrase);
	struct html html;

	html_begin(&html, out, title);
	compliance_html_head(&html, compliance, title);
	compliance_html_coverage(&html, compliance);
	put_kinds(&html, compliance);
	put_ran(&html, compliance);
	if (compliance->total.n)
		put_where(&html, compliance);
	if (compliance->total.n ||
	    coverage_count(&compliance->coverage, COVERAGE_GAP))
		put_when(&html, compliance);
	compliance_html_outcome(&html, compliance);
	html_end(&html);
}
