/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/compliance_private.h"
#include "reports/made.h"
#include "reports/page.h"
#include "reports/table.h"
#include "reports/words.h"

#include <inttypes.h>
#include <string.h>

static void print_cost(const struct compliance *compliance, FILE *out)
{
	enum incident_confidence confidence;

	if (!compliance->total.n)
		return;
	fprintf(out, "\nCost\n");
	for (confidence = 0; confidence < CONFIDENCE_N; confidence++) {
		const struct incident_sum *sum =
			compliance_total(compliance, confidence);
		autofree char *cpu = words_hours(sum->cpu_seconds);
		autofree char *gpu = words_hours(sum->gpu_seconds);

		if (sum->incidents)
			fprintf(out, "%-10s %s CPU hours, %s GPU hours\n",
				incident_confidences[confidence], cpu, gpu);
	}
	fprintf(out,
		"That is what the jobs had used when they were ended. What "
		"restoring them saved\nis not known, and not taken off.\n");
}

/* --- Restoration -------------------------------------------------------- */

static void add_restoration(struct table *table,
			    const struct compliance *compliance,
			    enum incident_confidence confidence)
{
	const struct incident_sum *sum =
		compliance_total(compliance, confidence);
	const struct comeback_times *times =
		&compliance->comeback.times[confidence];
	autofree char *share = words_share(sum->restored, sum->incidents);
	char buf[WHEN_SIZE];

	table_add_cell(table, incident_confidences[confidence]);
	table_add_int(table, sum->incidents);
	table_add_int(table, sum->restored);
	table_add_cell(table, share);
	table_add_int(table, sum->again);
	table_add_int(table, sum->acknowledged);
	table_add_int(table, sum->open);
	if (!times->n) {
		table_add_cell(table, "-");
		table_add_cell(table, "-");
		table_add_cell(table, "-");
		return;
	}
	table_add_cell(table, when_duration(comeback_median(times), buf));
	table_add_cell(table, when_duration(times->worst_s, buf));
	table_add_int(table, times->worst_id);
}

static void print_restorations(const struct compliance *compliance,
			       const struct output *out)
{
	autotable struct table *table = table_new(out);
	enum incident_confidence confidence;

	table_add_column(table, "VERDICT", 0, 0);
	table_add_column(table, "INCIDENTS", TABLE_RIGHT, 0);
	table_add_column(table, "RESTORED", TABLE_RIGHT, 0);
	table_add_column(table, "SHARE", TABLE_RIGHT, 2);
	table_add_column(table, "CANCELLED AGAIN", TABLE_RIGHT, 0);
	table_add_column(table, "ACKNOWLEDGED", TABLE_RIGHT, 3);
	table_add_column(table, "OPEN", TABLE_RIGHT, 0);
	table_add_column(table, "MEDIAN TIME", TABLE_RIGHT, 1);
	table_add_column(table, "WORST TIME", TABLE_RIGHT, 1);
	table_add_column(table, "OF INCIDENT", TABLE_RIGHT, 1);
	for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
		if (compliance_total(compliance, confidence)->incidents)
			add_restoration(table, compliance, confidence);
	table_print(table);
}

static void print_states(const struct tally *states, const struct output *out)
{
	autotable struct table *table = table_new(out);
	size_t i;

	if (!states->n)
		return;
	fprintf(out->file, "\nHow restored jobs are doing\n");
	table_add_column(table, "STATE", TABLE_TRUNC, 0);
	table_add_column(table, "INCIDENTS", TABLE_RIGHT, 0);
	for (i = 0; i < states->n; i++) {
		const char *name = states->rows[i].name;
		autofree char *safe = text_escaped(name);

		table_add_cell(table, safe);
		table_add_int(table, compliance_count(states, name));
	}
	table_print(table);
}

static void add_open(struct table *table, const struct comeback_open *open)
{
	const char *const texts[] = {open->cluster, open->job_id, open->user,
				     open->partition};
	autofree char *kind =
		mem_printf("%s%s", open->kind, open->confirmed ? "" : "?");
	autofree char *safe_kind = text_escaped(kind);
	char buf[WHEN_SIZE];
	size_t i;

	table_add_int(table, open->incident_id);
	table_add_cell(table, when_local(open->ended, buf));
	for (i = 0; i < LENGTH(texts); i++) {
		autofree char *safe = text_escaped(texts[i]);

		table_add_cell(table, safe);
	}
	table_add_cell(table, safe_kind);
}

static void print_open(const struct compliance *compliance,
		       const struct output *out)
{
	const struct comeback *comeback = &compliance->comeback;
	int64_t suspected =
		compliance_total(compliance, CONFIDENCE_SUSPECTED)->open;
	int64_t n = suspected +
		    compliance_total(compliance, CONFIDENCE_CONFIRMED)->open;
	autotable struct table *table = table_new(out);
	autofree char *command = NULL;
	size_t i;

	if (!n)
		return;
	fprintf(out->file, "\nOpen: neither restored nor acknowledged%s\n",
		n > COMEBACK_OPEN_MAX ? ", the oldest" : "");
	table_add_column(table, "ID", TABLE_RIGHT, 0);
	table_add_column(table, "ENDED", 0, 0);
	table_add_column(table, "CLUSTER", TABLE_TRUNC, 2);
	table_add_column(table, "JOB", TABLE_TRUNC, 0);
	table_add_column(table, "USER", TABLE_TRUNC, 0);
	table_add_column(table, "PARTITION", TABLE_TRUNC, 1);
	table_add_column(table, "KIND", TABLE_TRUNC, 0);
	for (i = 0; i < comeback->n_open; i++)
		add_open(table, &comeback->open[i]);
	table_print(table);
	command = made_open(compliance->report, &compliance->filter, suspected);
	fprintf(out->file, "All %" PRId64 " of them:\n  %s\n", n, command);
}

/* --- With reasons ------------------------------------------------------- */

static void add_reason(struct table *table, const struct reasons_row *row)
{
	autofree char *who = text_escaped(row->who);
	autofree char *why = text_escaped(row->why);
	char buf[WHEN_SIZE];

	table_add_cell(table, who);
	table_add_int(table, row->incidents);
	table_add_int(table, row->jobs);
	table_add_cell(table, when_local(row->first_s, buf));
	table_add_cell(table, row->last_s == row->first_s
				      ? "-"
				      : when_local(row->last_s, buf));
	table_add_cell(table, why[0] ? why : "-");
}

static void print_reasons(const struct reasons *reasons, const char *title,
			  const char *who, const char *why,
			  const struct output *out)
{
	autotable struct table *table = table_new(out);
	size_t i;

	if (!reasons->n)
		return;
	fprintf(out->file, "\n%s\n", title);
	table_add_column(table, who, TABLE_TRUNC, 0);
	table_add_column(table, "INCIDENTS", TABLE_RIGHT, 0);
	table_add_column(table, "JOBS", TABLE_RIGHT, 1);
	table_add_column(table, "WHEN", 0, 0);
	table_add_column(table, "UNTIL", 0, 0);
	table_add_column(table, why, TABLE_WRAP, 0);
	for (i = 0; i < reasons->n; i++)
		add_reason(table, &reasons->rows[i]);
	table_print(table);
}

/* --- Against the period before ------------------------------------------ */

static void add_changes(struct table *table,
			const struct compliance *compliance,
			enum incident_confidence confidence)
{
	size_t i;

	for (i = 0; i < before_n_measures; i++) {
		const struct before_measure *measure = &before_measures[i];
		int64_t is = compliance_now(compliance, measure, confidence);
		int64_t was =
			compliance_before(compliance, measure, confidence);
		autofree char *is_text = before_text(measure, is);
		autofree char *was_text = before_text(measure, was);
		autofree char *change =
			before_signed(measure, before_change(is, was));

		table_add_cell(table, incident_confidences[confidence]);
		table_add_cell(table, measure->title);
		table_add_cell(table, is_text);
		table_add_cell(table, was_text);
		table_add_cell(table, change);
	}
}

static void print_before(const struct compliance *compliance,
			 const struct output *out)
{
	const struct before *before = &compliance->before;
	autofree char *phrase = period_phrase(&before->period);
	autotable struct table *table = table_new(out);
	enum incident_confidence confidence;

	if (before->none)
		return;
	fprintf(out->file, "\nAgainst what happened %s\n", phrase);
	if (!before->whole)
		fprintf(out->file,
			"Not all of that time was watched: more may have "
			"happened then.\n");
	if (!compliance->total.n &&
	    !before->sums[CONFIDENCE_CONFIRMED].incidents &&
	    !before->sums[CONFIDENCE_SUSPECTED].incidents) {
		fprintf(out->file, "No incidents, then or now.\n");
		return;
	}
	table_add_column(table, "VERDICT", 0, 0);
	table_add_column(table, "OF", 0, 0);
	table_add_column(table, "NOW", TABLE_RIGHT, 0);
	table_add_column(table, "BEFORE", TABLE_RIGHT, 0);
	table_add_column(table, "CHANGE", TABLE_RIGHT, 0);
	for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
		if (compliance_total(compliance, confidence)->incidents ||
		    before->sums[confidence].incidents)
			add_changes(table, compliance, confidence);
	table_print(table);
}

/* --- The chain ---------------------------------------------------------- */

static void print_chain(const struct compliance *compliance,
			const struct output *out)
{
	const struct store_head *head = &compliance->head;
	autofree char *command = made_verify(compliance->report, head);
	char when[WHEN_SIZE];

	if (!compliance->has_head)
		return;
	page_heading(out, "The store's history, a chain of hashes");
	page_line(out, "store", "%s", head->store_id);
	page_line(out, "entries", "%" PRId64, head->entries);
	page_line(out, "head", "%s", head->hash);
	page_line(out, "sealed", "%s", when_local(head->at_s, when));
	page_line(out, "signature", "%s",
		  head->signature[0] ? head->signature : "none");
	fprintf(out->file, "  %-*s %s\n", PAGE_LABEL, "verified by", command);
}

/* --- What it was made of ------------------------------------------------ */

static void print_sections(const struct conf *conf, const struct output *out)
{
	size_t i;

	page_line(out, "configuration", "%s, as it is now", conf->path);
	for (i = 0; i < conf->n_protect; i++) {
		autofree char *section = made_section(conf->protect[i].name);
		autofree char *keys = conf_protect_text(&conf->protect[i]);
		autofree char *line = mem_printf("%s %s", section, keys);

		page_prose(out, "", line);
	}
}

static void print_made(const struct compliance *compliance,
		       const struct output *out)
{
	const struct report *report = compliance->report;
	autofree char *command = made_compliance(report, &compliance->period,
						 &compliance->filter);
	autofree char *seen =
		made_sections_seen(&compliance->groups[BY_SECTION]);
	char when[WHEN_SIZE], zone[WHEN_SIZE];

	page_heading(out, "What made this report");
	page_line(out, "made", "%s (%s)", when_local(report->now_s, when),
		  when_zone(report->now_s, zone));
	page_line(out, "by", "watcher-report " WATCHER_VERSION);
	page_line(out, "store", "%s, version %d", made_store(report),
		  store_version());
	if (compliance->conf)
		print_sections(compliance->conf, out);
	else
		page_prose(out, "configuration", seen);
	/* For a shell: bare, as it was quoted. */
	fprintf(out->file, "  %-*s %s\n", PAGE_LABEL, "again by", command);
}

void compliance_text_outcome(const struct compliance *compliance,
			     const struct output *out)
{
	print_cost(compliance, out->file);
	if (compliance->total.n) {
		fprintf(out->file, "\nRestoration\n");
		print_restorations(compliance, out);
	}
	print_states(&compliance->comeback.states, out);
	print_open(compliance, out);
	print_reasons(&compliance->acknowledged, "Acknowledged", "BY", "REASON",
		      out);
	print_reasons(&compliance->exempted, "Exempted, not counted above",
		      "USER", "RULE", out);
	others_print(&compliance->others, out);
	print_before(compliance, out);
	print_chain(compliance, out);
	print_made(compliance, out);
}
