/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/compliance_private.h"
#include "reports/lost.h"
#include "reports/shares.h"
#include "reports/words.h"

#include <inttypes.h>
#include <string.h>

/* --- The head ----------------------------------------------------------- */

static void put_coverage_line(struct html *html,
			      const struct compliance *compliance)
{
	autotext struct text headline = {0};

	compliance_headline(compliance, &headline);
	html_element(html, "p",
		     compliance_is_whole(compliance) ? "coverage"
						     : "coverage incomplete",
		     headline.s);
}

static void put_lead(struct html *html, const struct compliance *compliance)
{
	autotext struct text lead = {0};
	autotext struct text more = {0};

	compliance_lead(compliance, &lead);
	compliance_more(compliance, &more);
	if (lead.len)
		html_element(html, "p", "lead", lead.s);
	if (more.len)
		html_element(html, "p", "more", more.s);
}

static void put_moment(struct html *html, const char *name, int64_t time_s,
		       const char *note)
{
	html_element(html, "dt", NULL, name);
	html_open(html, "dd");
	html_time(html, time_s);
	html_text(html, note);
	html_close(html);
}

static void put_facts(struct html *html, const struct compliance *compliance)
{
	const struct store_filter *filter = &compliance->filter;
	int64_t now_s = compliance->report->now_s;
	autotext struct text only = {0};
	autotext struct text zones = {0};

	html_open(html, "dl", "class", "facts");
	put_moment(html, "From", filter->since, "");
	put_moment(html, "Until", filter->until,
		   filter->until > now_s ? ", not over yet" : "");
	compliance_zones(compliance, &zones);
	compliance_html_fact(html, "Time zone", zones.s);
	compliance_restrictions(compliance, &only);
	if (only.len)
		compliance_html_fact(html, "Only", only.s);
	put_moment(html, "Made", now_s, "");
	html_close(html);
}

static void put_figure(struct html *html, const char *name, const char *value,
		       const char *change)
{
	html_open(html, "div");
	html_element(html, "dt", NULL, name);
	html_element(html, "dd", "figure", value);
	if (change)
		html_element(html, "dd", "change", change);
	html_close(html);
}

/* A figure, and how it has changed. */
static void put_measure(struct html *html, const struct compliance *compliance,
			enum incident_confidence confidence,
			const char *measure_name, const char *name)
{
	const struct before_measure *measure = before_find(measure_name);
	const struct before *before = &compliance->before;
	int64_t is = compliance_now(compliance, measure, confidence);
	int64_t was = compliance_before(compliance, measure, confidence);
	int64_t change = before_change(is, was);
	autofree char *value = before_text(measure, is);
	autofree char *then = before_text(measure, was);
	autofree char *big = words_grouped(value);
	autofree char *big_before = words_grouped(then);
	autofree char *sign = compliance_html_signed(measure, change);
	autofree char *note = mem_printf("%s, from %s", sign, big_before);

	/* Of thousands of hours, tenths say nothing. */
	if (measure->unit == BEFORE_HOURS && strchr(big, ','))
		*strchr(big, '.') = '\0';
	if (before->none || change == BEFORE_NONE || (!is && !was))
		put_figure(html, name, big, NULL);
	else
		put_figure(html, name, big, change ? note : "unchanged");
}

static char *watched_share(const struct coverage *coverage)
{
	int64_t seconds = 0, watched = 0;
	size_t i;

	for (i = 0; i < coverage->n; i++) {
		seconds += coverage->clusters[i].seconds;
		watched += coverage->clusters[i].sums[COVERAGE_WATCHED] +
			   coverage->clusters[i].sums[COVERAGE_BACKFILLED];
	}
	if (!seconds)
		return mem_strdup("-");
	return mem_printf("%" PRId64 ".%02" PRId64 " %%",
			  watched * 100 / seconds,
			  watched * 10000 / seconds % 100);
}

/* What the changes are against. */
static void put_compared(struct html *html, const struct compliance *compliance)
{
	const struct before *before = &compliance->before;
	bool any = compliance->total.n ||
		   before->sums[CONFIDENCE_CONFIRMED].incidents ||
		   before->sums[CONFIDENCE_SUSPECTED].incidents;
	autofree char *phrase = period_phrase(&before->period);
	autofree char *text = mem_printf(
		"Changes are against what happened %s%s", phrase,
		before->whole ? "." : "; not all of that time was watched.");

	if (!before->none && any)
		html_element(html, "p", "note", text);
}

static void put_figures(struct html *html, const struct compliance *compliance)
{
	autofree char *watched = watched_share(&compliance->coverage);

	html_open(html, "dl", "class", "figures");
	put_measure(html, compliance, CONFIDENCE_CONFIRMED, "incidents",
		    "Confirmed");
	put_measure(html, compliance, CONFIDENCE_SUSPECTED, "incidents",
		    "Suspected");
	if (compliance->ran.whole)
		put_measure(html, compliance, CONFIDENCE_CONFIRMED, "ran_share",
			    "Ended by owners");
	put_measure(html, compliance, CONFIDENCE_CONFIRMED, "cpu_seconds",
		    "CPU hours lost");
	put_measure(html, compliance, CONFIDENCE_CONFIRMED, "restored_share",
		    "Restored");
	put_measure(html, compliance, CONFIDENCE_CONFIRMED, "open",
		    "Still open");
	put_figure(html,
		   coverage_count(&compliance->coverage, COVERAGE_BACKFILLED)
			   ? "Watched, backfilled"
			   : "Watched",
		   watched, NULL);
	html_close(html);
	put_compared(html, compliance);
}

void compliance_html_head(struct html *html,
			  const struct compliance *compliance,
			  const char *title)
{
	bool whole = compliance_is_whole(compliance);

	html_open(html, "header");
	html_element(html, "p", "kicker", "Compliance report");
	html_element(html, "h1", NULL, title);
	if (!whole)
		put_coverage_line(html, compliance);
	put_lead(html, compliance);
	if (whole)
		put_coverage_line(html, compliance);
	put_facts(html, compliance);
	put_figures(html, compliance);
	html_close(html);
}

/* --- Coverage ----------------------------------------------------------- */

static void put_shares(struct html *html, const struct coverage *coverage)
{
	static const struct html_column columns[] = {
		{"Cluster", HTML_WORD},      {"Watched", HTML_NUMBER},
		{"Backfilled", HTML_NUMBER}, {"Not watched", HTML_NUMBER},
		{"Gaps", HTML_NUMBER},       {"Lost jobs", HTML_NUMBER},
	};
	char buf[WHEN_SIZE];
	size_t i;

	html_table_begin(html, "How much of the period was watched", columns,
			 LENGTH(columns));
	for (i = 0; i < coverage->n; i++) {
		const struct coverage_cluster *cluster = &coverage->clusters[i];
		autofree char *watched = shares_text(cluster, COVERAGE_WATCHED);
		autofree char *backfilled =
			shares_text(cluster, COVERAGE_BACKFILLED);

		html_cell(html, cluster->name);
		html_cell(html, watched);
		html_cell(html, backfilled);
		html_cell(html,
			  when_duration(cluster->sums[COVERAGE_GAP], buf));
		html_cell_int(html, (int64_t)cluster->counts[COVERAGE_GAP]);
		html_cell_int(html, (int64_t)cluster->counts[COVERAGE_LOST]);
	}
	html_table_end(html);
}

static void put_gap(struct html *html, const char *cluster,
		    const struct coverage_span *gap)
{
	char buf[WHEN_SIZE];

	html_cell(html, cluster);
	html_cell_time(html, gap->since_s);
	html_cell_time(html, gap->until_s);
	html_cell(html, when_duration(gap->until_s - gap->since_s, buf));
	html_cell(html, gap->reason);
}

static void put_gaps(struct html *html, const struct coverage *coverage)
{
	static const struct html_column columns[] = {
		{"Cluster", HTML_WORD},  {"From", HTML_TIME},
		{"Until", HTML_TIME},    {"For", HTML_NUMBER},
		{"Because", HTML_PROSE},
	};
	size_t i, j;

	if (!coverage_count(coverage, COVERAGE_GAP))
		return;
	html_table_begin(html, "Gaps: when nobody watched", columns,
			 LENGTH(columns));
	for (i = 0; i < coverage->n; i++) {
		const struct coverage_cluster *cluster = &coverage->clusters[i];

		for (j = 0; j < cluster->spans.n; j++)
			if (cluster->spans.spans[j].how == COVERAGE_GAP)
				put_gap(html, cluster->name,
					&cluster->spans.spans[j]);
	}
	html_table_end(html);
}

static void put_lost_job(struct html *html, const char *cluster,
			 const struct coverage_span *span)
{
	autolost struct lost lost;

	lost_read(&lost, span);
	html_cell(html, cluster);
	html_cell_time(html, span->since_s);
	html_cell(html, lost.job_id);
	html_cell(html, lost.partition);
	html_cell(html, lost.job_name);
}

static void put_lost(struct html *html, const struct coverage *coverage)
{
	static const struct html_column columns[] = {
		{"Cluster", HTML_WORD}, {"Missed", HTML_TIME},
		{"Job", HTML_NAME},     {"Partition", HTML_NAME},
		{"Name", HTML_NAME},
	};
	size_t i, j;

	if (!coverage_count(coverage, COVERAGE_LOST))
		return;
	html_table_begin(html,
			 "Jobs that were gone from accounting before they were "
			 "seen to end",
			 columns, LENGTH(columns));
	for (i = 0; i < coverage->n; i++) {
		const struct coverage_cluster *cluster = &coverage->clusters[i];

		for (j = 0; j < cluster->spans.n; j++)
			if (cluster->spans.spans[j].how == COVERAGE_LOST)
				put_lost_job(html, cluster->name,
					     &cluster->spans.spans[j]);
	}
	html_table_end(html);
}

void compliance_html_coverage(struct html *html,
			      const struct compliance *compliance)
{
	const struct coverage *coverage = &compliance->coverage;

	compliance_html_begin(html, "coverage", "Coverage");
	if (coverage->n)
		put_shares(html, coverage);
	else
		html_element(html, "p", NULL, "The store knows no cluster.");
	put_gaps(html, coverage);
	put_lost(html, coverage);
	if (compliance->late) {
		autotext struct text late = {0};

		words_count(&late, compliance->late, "incident");
		text_add(&late, " arrived late in accounting.");
		html_element(html, "p", "note", late.s);
	}
	html_close(html);
}
