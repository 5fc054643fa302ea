/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/compliance.h"
#include "reports/csv.h"
#include "reports/lost.h"
#include "reports/made.h"

#include <inttypes.h>

/* One table of everything: which columns a row fills depends on its section,
 * the first. */
static const char *const headings[] = {
	"section",     "item",
	"confidence",  "incidents",
	"events",      "jobs",
	"cpu_seconds", "gpu_seconds",
	"restored",    "acknowledged",
	"open",        "since",
	"until",       "seconds",
	"note",        "n",
	"of",          "cancelled_again",
};

#define N_COUNTS 8 /* from incidents on */
#define N_LAST 3   /* behind note */

static void skip(struct csv *csv, int n)
{
	while (n-- > 0)
		csv_text(csv, "");
}

static void end(struct csv *csv)
{
	skip(csv, N_LAST);
	csv_end(csv);
}

/* A row about time; seconds -1: none. */
static void add_span(struct csv *csv, const char *section, const char *item,
		     int64_t since_s, int64_t until_s, int64_t seconds,
		     const char *note)
{
	csv_text(csv, section);
	csv_text(csv, item);
	skip(csv, 1 + N_COUNTS);
	csv_time(csv, since_s);
	csv_time(csv, until_s);
	if (seconds < 0)
		skip(csv, 1);
	else
		csv_int(csv, seconds);
	csv_text(csv, note);
	end(csv);
}

/* A row of words. */
static void add_note(struct csv *csv, const char *section, const char *item,
		     const char *note)
{
	add_span(csv, section, item, 0, 0, -1, note);
}

/* A row of counts, of another period unless that is NULL. */
static void add_sum(struct csv *csv, const char *section, const char *item,
		    enum incident_confidence confidence,
		    const struct incident_sum *sum, const struct period *period)
{
	csv_text(csv, section);
	csv_text(csv, item);
	csv_text(csv, incident_confidences[confidence]);
	csv_int(csv, sum->incidents);
	csv_int(csv, sum->events);
	csv_int(csv, sum->jobs);
	csv_int(csv, sum->cpu_seconds);
	csv_int(csv, sum->gpu_seconds);
	csv_int(csv, sum->restored);
	csv_int(csv, sum->acknowledged);
	csv_int(csv, sum->open);
	csv_time(csv, period ? period->since_s : 0);
	csv_time(csv, period ? period->until_s : 0);
	skip(csv, 4);
	csv_int(csv, sum->again);
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
					confidence,
					&tally->rows[i].sums[confidence], NULL);
}

static void add_groups(struct csv *csv, const struct compliance *compliance)
{
	enum incident_confidence confidence;
	int i;

	for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
		add_sum(csv, "total", "all", confidence,
			compliance_total(compliance, confidence), NULL);
	for (i = 0; i < COMPLIANCE_GROUPS; i++)
		add_tally(csv, compliance_groups[i].name,
			  &compliance->groups[i]);
}

/* A row with a number of incidents. */
static void add_count(struct csv *csv, const char *section, const char *item,
		      int64_t incidents)
{
	csv_text(csv, section);
	csv_text(csv, item);
	skip(csv, 1);
	csv_int(csv, incidents);
	skip(csv, N_COUNTS - 1 + 4);
	end(csv);
}

/* So many of those that ran were ended by their owners. */
static void add_ran_row(struct csv *csv, const char *section, const char *item,
			const struct ran *ran, int64_t ended, int64_t jobs)
{
	csv_text(csv, section);
	csv_text(csv, item);
	csv_text(csv, incident_confidences[CONFIDENCE_CONFIRMED]);
	skip(csv, N_COUNTS);
	csv_time(csv, ran->since_s);
	csv_time(csv, ran->until_s);
	skip(csv, 1);
	csv_text(csv, ran->whole ? "complete" : "incomplete");
	csv_int(csv, ended);
	csv_int(csv, jobs);
	skip(csv, 1);
	csv_end(csv);
}

static void add_ran(struct csv *csv, const struct compliance *compliance)
{
	const struct ran *ran = &compliance->ran;
	size_t i;

	if (ran->unknown)
		return;
	add_ran_row(csv, "ran", "all", ran,
		    compliance_ended(compliance, NULL, CONFIDENCE_CONFIRMED),
		    ran->jobs);
	for (i = 0; i < ran->n; i++)
		add_ran_row(csv, "ran_partition", ran->rows[i].partition, ran,
			    compliance_ended(compliance, ran->rows[i].partition,
					     CONFIDENCE_CONFIRMED),
			    ran->rows[i].jobs);
}

static void add_repeat(struct csv *csv, const struct repeat *repeat)
{
	size_t i;

	for (i = 0; i < repeat->n; i++) {
		csv_text(csv, "repeat");
		csv_text(csv, repeat->rows[i].user);
		csv_text(csv, incident_confidences[CONFIDENCE_CONFIRMED]);
		skip(csv, 1);
		csv_int(csv, repeat->rows[i].events);
		skip(csv, N_COUNTS - 2 + 4);
		csv_int(csv, repeat->rows[i].periods);
		csv_int(csv, REPEAT_PERIODS);
		skip(csv, 1);
		csv_end(csv);
	}
}

static void add_restoration(struct csv *csv, const struct comeback *comeback,
			    enum incident_confidence confidence)
{
	const struct comeback_times *times = &comeback->times[confidence];
	const struct {
		const char *item;
		int64_t seconds;
	} rows[] = {{"median", comeback_median(times)},
		    {"worst", times->worst_s}};
	autofree char *worst = mem_printf("incident %" PRId64, times->worst_id);
	size_t i;

	for (i = 0; times->n && i < LENGTH(rows); i++) {
		csv_text(csv, "restoration");
		csv_text(csv, rows[i].item);
		csv_text(csv, incident_confidences[confidence]);
		skip(csv, N_COUNTS + 2);
		csv_int(csv, rows[i].seconds);
		csv_text(csv, i ? worst : "");
		end(csv);
	}
}

static void add_comeback(struct csv *csv, const struct comeback *comeback)
{
	const struct tally *states = &comeback->states;
	enum incident_confidence confidence;
	size_t i;

	for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
		add_restoration(csv, comeback, confidence);
	for (i = 0; i < states->n; i++)
		add_count(csv, "restored_job", states->rows[i].name,
			  compliance_count(states, states->rows[i].name));
}

static void add_reasons(struct csv *csv, const char *section,
			const struct reasons *reasons)
{
	size_t i;

	for (i = 0; i < reasons->n; i++) {
		const struct reasons_row *row = &reasons->rows[i];

		csv_text(csv, section);
		csv_text(csv, row->who);
		skip(csv, 1);
		csv_int(csv, row->incidents);
		skip(csv, 1);
		csv_int(csv, row->jobs);
		skip(csv, N_COUNTS - 3);
		csv_time(csv, row->first_s);
		csv_time(csv, row->last_s);
		skip(csv, 1);
		csv_text(csv, row->why);
		end(csv);
	}
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
		skip(csv, N_COUNTS - 3 + 3);
		csv_text(csv, others->rows[i].why);
		end(csv);
	}
}

static struct incident_sum minus(const struct incident_sum *a,
				 const struct incident_sum *b)
{
	return (struct incident_sum){
		.incidents = a->incidents - b->incidents,
		.events = a->events - b->events,
		.jobs = a->jobs - b->jobs,
		.cpu_seconds = a->cpu_seconds - b->cpu_seconds,
		.gpu_seconds = a->gpu_seconds - b->gpu_seconds,
		.restored = a->restored - b->restored,
		.again = a->again - b->again,
		.acknowledged = a->acknowledged - b->acknowledged,
		.open = a->open - b->open,
	};
}

static void add_before(struct csv *csv, const struct compliance *compliance)
{
	const struct before *before = &compliance->before;
	enum incident_confidence confidence;

	if (before->none)
		return;
	for (confidence = 0; confidence < CONFIDENCE_N; confidence++)
		add_sum(csv, "before",
			before->whole ? "complete" : "incomplete", confidence,
			&before->sums[confidence], &before->period);
	if (!before->ran.unknown)
		add_ran_row(csv, "before_ran", "all", &before->ran,
			    before->sums[CONFIDENCE_CONFIRMED].ran,
			    before->ran.jobs);
	for (confidence = 0; confidence < CONFIDENCE_N; confidence++) {
		const struct incident_sum change =
			minus(compliance_total(compliance, confidence),
			      &before->sums[confidence]);

		add_sum(csv, "change", "all", confidence, &change, NULL);
	}
}

static void add_chain(struct csv *csv, const struct compliance *compliance)
{
	const struct store_head *head = &compliance->head;
	autofree char *command = made_verify(compliance->report, head);

	if (!compliance->has_head)
		return;
	csv_text(csv, "chain");
	csv_text(csv, head->hash);
	skip(csv, 1 + N_COUNTS);
	csv_time(csv, head->at_s);
	skip(csv, 2);
	csv_text(csv, command);
	csv_int(csv, head->entries);
	skip(csv, 2);
	csv_end(csv);
	add_note(csv, "chain_store", head->store_id, "");
	add_note(csv, "chain_signature", head->signature, "");
}

static void add_made(struct csv *csv, const struct compliance *compliance)
{
	const struct report *report = compliance->report;
	const struct conf *conf = compliance->conf;
	autofree char *version = mem_printf("version %d", store_version());
	autofree char *command = made_compliance(report, &compliance->period,
						 &compliance->filter);
	size_t i;

	add_span(csv, "made", "watcher-report " WATCHER_VERSION, report->now_s,
		 0, -1, command);
	add_note(csv, "store", made_store(report), version);
	if (!conf)
		return;
	add_note(csv, "configuration", conf->path, "as it is now");
	for (i = 0; i < conf->n_protect; i++) {
		autofree char *keys = conf_protect_text(&conf->protect[i]);

		add_note(csv, "protect", conf->protect[i].name, keys);
	}
}

static void add_period(struct csv *csv, const struct compliance *compliance)
{
	const struct coverage *coverage = &compliance->coverage;
	autotext struct text headline = {0};
	autotext struct text summary = {0};
	char name[WHEN_SIZE];

	compliance_headline(compliance, &headline);
	compliance_summary(compliance, &summary);
	add_span(csv, "period",
		 compliance_is_whole(compliance) ? "complete" : "incomplete",
		 compliance->filter.since, compliance->filter.until,
		 coverage->until_s - coverage->since_s, headline.s);
	add_note(csv, "summary", period_name(&compliance->period, name),
		 summary.len ? summary.s : "");
}

void compliance_csv(const struct compliance *compliance, FILE *out, bool raw)
{
	struct csv csv = {.out = out, .raw = raw};
	size_t i;

	for (i = 0; i < LENGTH(headings); i++)
		csv_text(&csv, headings[i]);
	csv_end(&csv);

	add_period(&csv, compliance);
	add_coverage(&csv, &compliance->coverage);
	add_count(&csv, "late", "all", compliance->late);
	add_groups(&csv, compliance);
	add_ran(&csv, compliance);
	add_repeat(&csv, &compliance->repeat);
	add_comeback(&csv, &compliance->comeback);
	add_reasons(&csv, "acknowledged", &compliance->acknowledged);
	add_reasons(&csv, "exempted", &compliance->exempted);
	add_tally(&csv, "exempt", &compliance->exempt);
	add_tally(&csv, "corrected", &compliance->corrected);
	add_others(&csv, &compliance->others);
	add_before(&csv, compliance);
	add_chain(&csv, compliance);
	add_made(&csv, compliance);
}
