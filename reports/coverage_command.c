/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/coverage.h"
#include "reports/csv.h"
#include "reports/filter.h"
#include "reports/lost.h"
#include "reports/output.h"
#include "reports/report.h"
#include "reports/shares.h"
#include "reports/table.h"
#include "reports/words.h"
#include "schema/json.h"

#include <inttypes.h>

/* The cluster's last span, if it goes on; else NULL. */
static const struct coverage_span *
now_of(const struct coverage *coverage, const struct coverage_cluster *cluster)
{
	const struct coverage_spans *spans = &cluster->spans;
	size_t i = spans->n;

	while (i && spans->spans[i - 1].how == COVERAGE_LOST)
		i--;
	if (!i || !coverage_goes_on(coverage, &spans->spans[i - 1]))
		return NULL;
	return &spans->spans[i - 1];
}

/* "alpha: watched 60.00 %, backfilled 38.00 %, not watched for 02:00:00 in 1
 * gap, 1 job lost; not watched now" */
static void print_summary(const struct coverage *coverage,
			  const struct coverage_cluster *cluster, FILE *out)
{
	const struct coverage_span *now = now_of(coverage, cluster);
	autofree char *watched = shares_text(cluster, COVERAGE_WATCHED);
	autofree char *backfilled = shares_text(cluster, COVERAGE_BACKFILLED);
	autotext struct text text = {0};
	char buf[WHEN_SIZE];

	text_add_escaped(&text, cluster->name);
	text_addf(&text, ": watched %s", watched);
	if (cluster->counts[COVERAGE_BACKFILLED])
		text_addf(&text, ", backfilled %s", backfilled);
	if (cluster->counts[COVERAGE_GAP]) {
		text_addf(&text, ", not watched for %s in ",
			  when_duration(cluster->sums[COVERAGE_GAP], buf));
		words_count(&text, (int64_t)cluster->counts[COVERAGE_GAP],
			    "gap");
	}
	if (cluster->counts[COVERAGE_LOST]) {
		text_add(&text, ", ");
		words_count(&text, (int64_t)cluster->counts[COVERAGE_LOST],
			    "job");
		text_add(&text, " lost");
	}
	if (now)
		text_addf(&text, "; %s now",
			  now->how == COVERAGE_WATCHED ? "watched"
						       : "NOT watched");
	fprintf(out, "%s\n", text.s);
}

static void add_line(struct table *table, const struct coverage *coverage,
		     const struct coverage_span *span)
{
	autofree char *reason = text_escaped(span->reason);
	bool lost = span->how == COVERAGE_LOST;
	char buf[WHEN_SIZE];

	table_add_cell(table, when_local(span->since_s, buf));
	table_add_cell(table, coverage_goes_on(coverage, span)
				      ? "now"
				      : when_local(span->until_s, buf));
	table_add_cell(
		table,
		lost ? "-" : when_duration(span->until_s - span->since_s, buf));
	table_add_cell(table, coverage_hows[span->how]);
	table_add_cell(table, reason[0] ? reason : "-");
}

static void print_cluster(const struct coverage *coverage,
			  const struct coverage_cluster *cluster,
			  const struct output *out)
{
	autotable struct table *table = table_new(out);
	size_t i;

	if (!cluster->spans.n) {
		autofree char *name = text_escaped(cluster->name);

		fprintf(out->file, "%s: %s\n", name,
			cluster->known ? "nothing is known of that time"
				       : "never watched");
		return;
	}
	print_summary(coverage, cluster, out->file);
	table_add_column(table, "FROM", 0, 0);
	table_add_column(table, "UNTIL", 0, 0);
	table_add_column(table, "FOR", TABLE_RIGHT, 1);
	table_add_column(table, "HOW", 0, 0);
	table_add_column(table, "BECAUSE", TABLE_WRAP, 0);
	for (i = 0; i < cluster->spans.n; i++)
		add_line(table, coverage, &cluster->spans.spans[i]);
	table_print(table);
}

static void print_text(const struct coverage *coverage,
		       const struct output *out)
{
	size_t i;

	if (!coverage->n)
		fprintf(out->file, "The store knows no cluster.\n");
	for (i = 0; i < coverage->n; i++) {
		if (i)
			fputc('\n', out->file);
		print_cluster(coverage, &coverage->clusters[i], out);
	}
	lost_print(coverage, out);
}

static void add_row(struct csv *csv, const char *cluster,
		    const struct coverage *coverage,
		    const struct coverage_span *span)
{
	autolost struct lost lost;
	char buf[WHEN_SIZE];

	lost_read(&lost, span);
	csv_text(csv, cluster);
	csv_text(csv, when_utc(span->since_s, buf));
	csv_time(csv, coverage_goes_on(coverage, span) ? 0 : span->until_s);
	csv_text(csv, coverage_hows[span->how]);
	csv_text(csv, span->reason);
	csv_text(csv, lost.job_id);
	if (lost.known)
		csv_int(csv, lost.uid);
	else
		csv_text(csv, "");
	csv_text(csv, lost.partition);
	csv_text(csv, lost.job_name);
	csv_end(csv);
}

static void print_csv(const struct coverage *coverage, FILE *out, bool raw)
{
	static const char *const headings[] = {
		"cluster", "since", "until",     "how",      "reason",
		"job_id",  "uid",   "partition", "job_name",
	};
	struct csv csv = {.out = out, .raw = raw};
	size_t i, j;

	for (i = 0; i < LENGTH(headings); i++)
		csv_text(&csv, headings[i]);
	csv_end(&csv);
	for (i = 0; i < coverage->n; i++)
		for (j = 0; j < coverage->clusters[i].spans.n; j++)
			add_row(&csv, coverage->clusters[i].name, coverage,
				&coverage->clusters[i].spans.spans[j]);
}

static json_t *spans_array(const struct coverage *coverage,
			   const struct coverage_cluster *cluster)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < cluster->spans.n; i++) {
		const struct coverage_span *span = &cluster->spans.spans[i];
		json_t *object;

		if (span->how == COVERAGE_LOST)
			continue;
		object = json_object();
		json_put_time(object, "since", span->since_s);
		json_put_time(object, "until",
			      coverage_goes_on(coverage, span) ? 0
							       : span->until_s);
		json_put_int(object, "seconds", span->until_s - span->since_s);
		json_put_text(object, "how", coverage_hows[span->how]);
		json_put_text(object, "reason", span->reason);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *cluster_object(const struct coverage *coverage,
			      const struct coverage_cluster *cluster)
{
	const struct coverage_span *now = now_of(coverage, cluster);
	json_t *object = json_object();
	int how;

	json_put_text(object, "cluster", cluster->name);
	json_put_time(object, "since", cluster->since_s);
	json_put_int(object, "seconds", cluster->seconds);
	for (how = COVERAGE_WATCHED; how <= COVERAGE_GAP; how++)
		shares_put(object, cluster, (enum coverage_how)how);
	json_put(object, "watched_now",
		 now ? json_boolean(now->how == COVERAGE_WATCHED)
		     : json_null());
	json_put(object, "spans", spans_array(coverage, cluster));
	json_put(object, "lost", lost_array(cluster));
	return object;
}

static void print_json(const struct coverage *coverage, FILE *out)
{
	json_t *object = json_object();
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < coverage->n; i++)
		json_array_append_new(
			array,
			cluster_object(coverage, &coverage->clusters[i]));
	json_put(object, "complete", json_boolean(coverage_is_whole(coverage)));
	json_put_text(object, "made_by", "watcher-report " WATCHER_VERSION);
	json_put_time(object, "made", coverage->now_s);
	json_put_time(object, "until", coverage->until_s);
	json_put(object, "clusters", array);
	json_dumpf(object, out,
		   JSON_INDENT(2) | JSON_REAL_PRECISION(SHARES_DIGITS));
	fputc('\n', out);
	json_decref(object);
}

static int print(const struct coverage *coverage, enum format format,
		 const struct options *options, struct err *err)
{
	autooutput struct output out = {0};

	if (output_open(&out, options->output, err) < 0)
		return -1;
	if (format == FORMAT_CSV)
		print_csv(coverage, out.file, options->raw);
	else if (format == FORMAT_JSON)
		print_json(coverage, out.file);
	else
		print_text(coverage, &out);
	return output_close(&out, err);
}

int coverage_run(const struct report *report, struct err *err)
{
	static const enum format formats[] = {FORMAT_TEXT, FORMAT_CSV,
					      FORMAT_JSON, FORMAT_N};
	const struct options *options = report->options;
	struct store_filter filter;
	struct coverage coverage;
	enum format format;
	int rc;

	if (options_format(options, formats, &format, err) < 0 ||
	    filter_read(options, report->now_s, &filter, err) < 0)
		return -1;
	if (!options->since && !options->period)
		filter.since = COVERAGE_FROM_FIRST;
	rc = coverage_read(&coverage, report->store, filter.cluster,
			   filter.since, filter.until, report->now_s, err);
	if (rc == 0)
		rc = print(&coverage, format, options, err);
	coverage_finish(&coverage);
	return rc < 0 ? -1 : REPORT_FINE;
}
