/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/chart.h"
#include "reports/compliance_private.h"
#include "reports/made.h"
#include "reports/words.h"

#include <inttypes.h>
#include <string.h>

/* A command, for a shell: nobody breaks it but the browser. */
static void put_command(struct html *html, const char *before,
			const char *command)
{
	html_open(html, "p", "class", "note");
	html_text(html, before);
	fputc(' ', html->out);
	html_element(html, "code", NULL, command);
	html_close(html);
}

/* --- Cost --------------------------------------------------------------- */

static void put_cost(struct html *html, const struct compliance *compliance)
{
	static const struct html_column columns[] = {
		{"Verdict", HTML_WORD},
		{"Jobs", HTML_NUMBER},
		{"CPU hours", HTML_NUMBER},
		{"GPU hours", HTML_NUMBER},
	};
	enum incident_confidence confidence;

	compliance_html_begin(html, "cost", "Cost");
	html_table_begin(html, "What the jobs had used when they were ended",
			 columns, LENGTH(columns));
	for (confidence = 0; confidence < CONFIDENCE_N; confidence++) {
		const struct incident_sum *sum =
			compliance_total(compliance, confidence);
		autofree char *cpu = compliance_html_hours(sum->cpu_seconds);
		autofree char *gpu = compliance_html_hours(sum->gpu_seconds);

		html_cell(html, incident_confidences[confidence]);
		html_cell_int(html, sum->jobs);
		html_cell(html, cpu);
		html_cell(html, gpu);
	}
	html_table_end(html);
	html_element(html, "p", "note",
		     "What restoring jobs saved is not known, and not taken "
		     "off.");
	html_close(html);
}

/* --- Restoration -------------------------------------------------------- */

static void put_outcome(struct html *html, const struct compliance *compliance,
			enum incident_confidence confidence)
{
	const struct incident_sum *sum =
		compliance_total(compliance, confidence);
	const struct comeback_times *times =
		&compliance->comeback.times[confidence];
	autofree char *share = words_share(sum->restored, sum->incidents);
	char median[WHEN_SIZE] = "-", worst[WHEN_SIZE] = "-";

	if (times->n) {
		when_duration(comeback_median(times), median);
		when_duration(times->worst_s, worst);
	}
	html_cell(html, incident_confidences[confidence]);
	html_cell_int(html, sum->incidents);
	html_cell_int(html, sum->restored);
	html_cell(html, share);
	html_cell_int(html, sum->again);
	html_cell_int(html, sum->acknowledged);
	html_cell_int(html, sum->open);
	html_cell(html, median);
	html_cell(html, worst);
}

static void put_outcomes(struct html *html, const struct compliance *compliance)
{
	static const struct html_column columns[] = {
		{"Verdict", HTML_WORD},
		{"Incidents", HTML_NUMBER},
		{"Restored", HTML_NUMBER},
		{"Share", HTML_NUMBER},
		{"Cancelled again", HTML_NUMBER},
		{"Acknowledged", HTML_NUMBER},
		{"Open", HTML_NUMBER},
		{"Median time", HTML_NUMBER},
		{"Worst time", HTML_NUMBER},
	};
	enum incident_confidence confidence;

	html_table_begin(html,
			 "What became of them, and how long it took until a "
			 "job was back",
			 columns, LENGTH(columns));
	for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
		if (compliance_total(compliance, confidence)->incidents)
			put_outcome(html, compliance, confidence);
	html_table_end(html);
}

static void put_states(struct html *html, const struct tally *states)
{
	static const struct html_column columns[] = {
		{"State", HTML_WORD},
		{"Incidents", HTML_NUMBER},
	};
	size_t i;

	if (!states->n)
		return;
	html_table_begin(html, "How restored jobs are doing, or ended", columns,
			 LENGTH(columns));
	for (i = 0; i < states->n; i++) {
		html_cell(html, states->rows[i].name);
		html_cell_int(html,
			      compliance_count(states, states->rows[i].name));
	}
	html_table_end(html);
}

static void put_open_job(struct html *html, const struct comeback_open *open)
{
	autofree char *id = mem_printf("%" PRId64, open->incident_id);

	html_cell(html, id);
	html_cell_time(html, open->ended);
	html_cell(html, open->cluster);
	html_cell(html, open->job_id);
	html_cell(html, open->user);
	html_cell(html, open->partition);
	html_cell(html, open->kind);
	html_cell(html,
		  incident_confidences[open->confirmed ? CONFIDENCE_CONFIRMED
						       : CONFIDENCE_SUSPECTED]);
}

static void put_open(struct html *html, const struct compliance *compliance)
{
	static const struct html_column columns[] = {
		{"Incident", HTML_WORD}, {"Ended", HTML_TIME},
		{"Cluster", HTML_WORD},  {"Job", HTML_WORD},
		{"User", HTML_NAME},     {"Partition", HTML_NAME},
		{"Kind", HTML_WORD},     {"Verdict", HTML_WORD},
	};
	const struct comeback *comeback = &compliance->comeback;
	int64_t suspected =
		compliance_total(compliance, CONFIDENCE_SUSPECTED)->open;
	int64_t n = suspected +
		    compliance_total(compliance, CONFIDENCE_CONFIRMED)->open;
	autofree char *command =
		made_open(compliance->report, &compliance->filter, suspected);
	autofree char *all = mem_printf("All %" PRId64 " of them:", n);
	size_t i;

	if (!n)
		return;
	html_table_begin(html,
			 n > COMEBACK_OPEN_MAX
				 ? "Open, neither restored nor acknowledged: "
				   "the oldest"
				 : "Open, neither restored nor acknowledged",
			 columns, LENGTH(columns));
	for (i = 0; i < comeback->n_open; i++)
		put_open_job(html, &comeback->open[i]);
	html_table_end(html);
	put_command(html, all, command);
}

static void put_restoration(struct html *html,
			    const struct compliance *compliance)
{
	compliance_html_begin(html, "restoration", "Restoration");
	chart_outcome(html, "outcomes", "What became of the incidents",
		      compliance->total.rows[0].sums);
	put_outcomes(html, compliance);
	put_states(html, &compliance->comeback.states);
	put_open(html, compliance);
	html_close(html);
}

/* --- With reasons ------------------------------------------------------- */

static void put_reasons(struct html *html, const struct reasons *reasons,
			const char *caption, const char *who, const char *why)
{
	const struct html_column columns[] = {
		{who, HTML_NAME},      {"Incidents", HTML_NUMBER},
		{"Jobs", HTML_NUMBER}, {"When", HTML_TIME},
		{"Until", HTML_TIME},  {why, HTML_PROSE},
	};
	size_t i;

	if (!reasons->n)
		return;
	html_table_begin(html, caption, columns, LENGTH(columns));
	for (i = 0; i < reasons->n && i < COMPLIANCE_HTML_ROWS; i++) {
		const struct reasons_row *row = &reasons->rows[i];

		html_cell(html, row->who);
		html_cell_int(html, row->incidents);
		html_cell_int(html, row->jobs);
		html_cell_time(html, row->first_s);
		if (row->last_s == row->first_s)
			html_cell(html, "");
		else
			html_cell_time(html, row->last_s);
		html_cell(html, row->why[0] ? row->why : "-");
	}
	html_table_end(html);
	compliance_html_more(html, reasons->n);
}

static void put_others(struct html *html, const struct others *others)
{
	static const struct html_column columns[] = {
		{"By", HTML_WORD},
		{"Jobs", HTML_NUMBER},
		{"Because", HTML_PROSE},
	};
	size_t i;

	if (others->unknown)
		html_element(html, "p", "note",
			     "Jobs that others ended are not known by user, "
			     "account or kind.");
	if (!others->n)
		return;
	html_table_begin(html, "Ended by others, not counted above", columns,
			 LENGTH(columns));
	for (i = 0; i < others->n && i < COMPLIANCE_HTML_ROWS; i++) {
		autofree char *who = others_who(&others->rows[i]);

		html_cell(html, who);
		html_cell_int(html, others->rows[i].jobs);
		html_cell(html, others->rows[i].why);
	}
	html_table_end(html);
	compliance_html_more(html, others->n);
}

static void put_explained(struct html *html,
			  const struct compliance *compliance)
{
	if (!compliance->acknowledged.n && !compliance->exempted.n &&
	    !compliance->others.n && !compliance->others.unknown)
		return;
	compliance_html_begin(html, "explained", "Acknowledged and exempted");
	put_reasons(html, &compliance->acknowledged, "Acknowledged", "By",
		    "Reason");
	put_reasons(html, &compliance->exempted, "Exempted, not counted above",
		    "User", "Rule");
	put_others(html, &compliance->others);
	html_close(html);
}

/* --- Against the period before ------------------------------------------ */

static void put_changes(struct html *html, const struct compliance *compliance,
			enum incident_confidence confidence)
{
	size_t i;

	for (i = 0; i < before_n_measures; i++) {
		const struct before_measure *measure = &before_measures[i];
		int64_t is = compliance_now(compliance, measure, confidence);
		int64_t was =
			compliance_before(compliance, measure, confidence);
		autofree char *name =
			mem_printf("%s: %s", incident_confidences[confidence],
				   measure->title);
		autofree char *is_text = before_text(measure, is);
		autofree char *was_text = before_text(measure, was);
		autofree char *is_big = words_grouped(is_text);
		autofree char *was_big = words_grouped(was_text);
		autofree char *change =
			compliance_html_signed(measure, before_change(is, was));

		html_cell(html, name);
		html_cell(html, is_big);
		html_cell(html, was_big);
		html_cell(html, change);
	}
}

static void put_before(struct html *html, const struct compliance *compliance)
{
	static const struct html_column columns[] = {
		{"", HTML_WORD},
		{"Now", HTML_NUMBER},
		{"Before", HTML_NUMBER},
		{"Change", HTML_NUMBER},
	};
	const struct before *before = &compliance->before;
	autofree char *phrase = period_phrase(&before->period);
	autofree char *heading = mem_printf("Against what happened %s", phrase);
	bool any = false;
	enum incident_confidence confidence;

	if (before->none)
		return;
	compliance_html_begin(html, "before", heading);
	if (!before->whole)
		html_element(html, "p", "note",
			     "Not all of that time was watched: more may have "
			     "happened then.");
	for (confidence = 0; confidence < CONFIDENCE_N; confidence++) {
		if (!compliance_total(compliance, confidence)->incidents &&
		    !before->sums[confidence].incidents)
			continue;
		if (!any)
			html_table_begin(html, "Now, before, and the change",
					 columns, LENGTH(columns));
		any = true;
		put_changes(html, compliance, confidence);
	}
	if (any)
		html_table_end(html);
	else
		html_element(html, "p", NULL, "No incidents, then or now.");
	html_close(html);
}

/* --- The chain ---------------------------------------------------------- */

static void put_chain(struct html *html, const struct compliance *compliance)
{
	const struct store_head *head = &compliance->head;
	autofree char *entries = mem_printf("%" PRId64, head->entries);
	autofree char *grouped = words_grouped(entries);
	autofree char *command = made_verify(compliance->report, head);

	if (!compliance->has_head)
		return;
	compliance_html_begin(html, "chain", "The store's history");
	html_element(html, "p", "note",
		     "Each entry holds the hash of the one before: whoever "
		     "keeps this head can tell later whether any was altered, "
		     "added or removed.");
	html_open(html, "dl", "class", "facts");
	compliance_html_fact(html, "Head", head->hash);
	compliance_html_fact(html, "Entries", grouped);
	html_element(html, "dt", NULL, "Sealed");
	html_open(html, "dd");
	html_time(html, head->at_s);
	html_close(html);
	compliance_html_fact(html, "Store", head->store_id);
	compliance_html_fact(html, "Signature",
			     head->signature[0] ? head->signature : "none");
	html_close(html);
	put_command(html, "Verified by", command);
	html_close(html);
}

/* --- What it was made of ------------------------------------------------ */

static void put_sections(struct html *html, const struct conf *conf)
{
	static const struct html_column columns[] = {
		{"Section", HTML_NAME},
		{"What it says", HTML_PROSE},
	};
	size_t i;

	html_table_begin(html, "What is protected, as the configuration is now",
			 columns, LENGTH(columns));
	for (i = 0; i < conf->n_protect; i++) {
		autofree char *section = made_section(conf->protect[i].name);
		autofree char *keys = conf_protect_text(&conf->protect[i]);

		html_cell(html, section);
		html_cell(html, keys);
	}
	html_table_end(html);
}

static void put_made(struct html *html, const struct compliance *compliance)
{
	const struct report *report = compliance->report;
	autofree char *command = made_compliance(report, &compliance->period,
						 &compliance->filter);
	autofree char *store = mem_printf("%s, version %d", made_store(report),
					  store_version());
	autofree char *sections =
		made_sections_seen(&compliance->groups[BY_SECTION]);

	compliance_html_begin(html, "made", "What made this report");
	html_open(html, "dl", "class", "facts");
	compliance_html_fact(html, "By", "watcher-report " WATCHER_VERSION);
	compliance_html_fact(html, "Store", store);
	compliance_html_fact(html, "Configuration",
			     compliance->conf ? compliance->conf->path
					      : sections);
	html_close(html);
	if (compliance->conf)
		put_sections(html, compliance->conf);
	put_command(html, "Made again by", command);
	html_close(html);
}

void compliance_html_outcome(struct html *html,
			     const struct compliance *compliance)
{
	if (compliance->total.n) {
		put_cost(html, compliance);
		put_restoration(html, compliance);
	}
	put_explained(html, compliance);
	put_before(html, compliance);
	put_chain(html, compliance);
	put_made(html, compliance);
}
