/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/compliance.h"

#include "lib/mem.h"
#include "lib/when.h"
#include "reports/filter.h"
#include "reports/words.h"

#include <inttypes.h>
#include <string.h>

/* "cluster alpha was not watched for 02:00:00, beta ...": for how long the
 * clusters have spans of a kind; nothing if none has. */
static void add_sums(const struct coverage *coverage, enum coverage_how how,
		     const char *what, struct text *text)
{
	bool any = false;
	char buf[WHEN_SIZE];
	size_t i;

	for (i = 0; i < coverage->n; i++) {
		const struct coverage_cluster *cluster = &coverage->clusters[i];

		if (!cluster->sums[how])
			continue;
		text_add(text, any ? ", " : " cluster ");
		text_add_escaped(text, cluster->name);
		text_addf(text, " was %s for %s", what,
			  when_duration(cluster->sums[how], buf));
		any = true;
	}
}

static void add_lost(const struct coverage *coverage, struct text *text)
{
	int64_t n = (int64_t)coverage_count(coverage, COVERAGE_LOST);

	if (!n)
		return;
	text_add_char(text, ' ');
	words_count(text, n, "job");
	text_addf(text,
		  " vanished from accounting before %s seen to end; what "
		  "became of %s is not known.",
		  n == 1 ? "it was" : "they were", n == 1 ? "it" : "them");
}

/* Whether anything of the period was pruned, and whether all of it. */
static bool is_pruned(const struct compliance *compliance)
{
	return compliance->pruned_before_s > compliance->filter.since;
}

static bool is_all_pruned(const struct compliance *compliance)
{
	return compliance->pruned_before_s >= compliance->filter.until;
}

static void add_pruned(const struct compliance *compliance, struct text *text)
{
	char buf[WHEN_SIZE];

	if (!is_pruned(compliance))
		return;
	text_addf(text,
		  " %s ended before %s was pruned, and is not in this report.",
		  text->s[text->len - 1] == ':' ? "what" : "What",
		  when_local(compliance->pruned_before_s, buf));
}

void compliance_headline(const struct compliance *compliance, struct text *text)
{
	const struct coverage *coverage = &compliance->coverage;
	bool backfilled = coverage_count(coverage, COVERAGE_BACKFILLED);

	if (coverage->until_s == coverage->since_s) {
		text_add(text, "INCOMPLETE: the period has not begun.");
		return;
	}
	if (compliance_is_whole(compliance))
		text_addf(text, "Complete: the whole period was watched%s.",
			  backfilled ? " or backfilled" : "");
	else
		text_add(text, "INCOMPLETE:");
	if (!coverage->n)
		text_add(text, " no cluster was ever watched.");
	if (coverage_count(coverage, COVERAGE_GAP)) {
		add_sums(coverage, COVERAGE_GAP, "not watched", text);
		text_add(text, "; what happened then is not known.");
	}
	add_lost(coverage, text);
	add_pruned(compliance, text);
	if (backfilled) {
		text_add(text, " Looked at afterwards:");
		add_sums(coverage, COVERAGE_BACKFILLED, "backfilled", text);
		text_add(text, "; what only showed while a job was alive was "
			       "not seen then.");
	}
}

/* "7 protected jobs were", "1 protected job was"; a comma is in long numbers.
 */
static void add_number(struct text *text, int64_t n, const char *noun)
{
	autofree char *digits = mem_printf("%" PRId64, n);
	autofree char *grouped = words_grouped(digits);

	text_addf(text, "%s %s%s", grouped, noun, n == 1 ? "" : "s");
}

/* How many users have confirmed incidents. */
static int64_t count_users(const struct tally *users)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < users->n; i++)
		n += users->rows[i].sums[CONFIDENCE_CONFIRMED].incidents > 0;
	return n;
}

static void add_deeds(struct text *text, const struct compliance *compliance)
{
	const struct incident_sum *sum =
		compliance_total(compliance, CONFIDENCE_CONFIRMED);
	bool one = sum->jobs == 1;

	add_number(text, sum->jobs, "protected job");
	text_addf(text, " %s ended by %s owner%s: ", one ? "was" : "were",
		  one ? "its" : "their", one ? "" : "s");
	add_number(text, sum->events, "event");
	text_add(text, " of ");
	add_number(text, count_users(&compliance->groups[BY_USER]), "user");
	text_add_char(text, '.');
}

static void add_cost(struct text *text, const struct incident_sum *sum)
{
	autofree char *cpu = words_hours(sum->cpu_seconds);
	autofree char *gpu = words_hours(sum->gpu_seconds);
	autofree char *cpu_grouped = words_grouped(cpu);
	autofree char *gpu_grouped = words_grouped(gpu);

	if (!sum->cpu_seconds)
		return;
	text_addf(text, "That cost %s CPU hours", cpu_grouped);
	if (sum->gpu_seconds)
		text_addf(text, " and %s GPU hours", gpu_grouped);
	text_add(text, ". ");
}

/* "3 were restored" */
static void add_some(struct text *text, int64_t n, const char *verb,
		     const char *what)
{
	autofree char *digits = mem_printf("%" PRId64, n);
	autofree char *grouped = words_grouped(digits);

	text_addf(text, "%s %s %s", grouped, verb, what);
}

static void add_outcome(struct text *text, const struct incident_sum *sum)
{
	int64_t dealt_with =
		sum->incidents - sum->restored - sum->again - sum->open;

	text_add(text, "Of ");
	add_number(text, sum->incidents, "incident");
	text_add_char(text, ' ');
	add_some(text, sum->restored, sum->restored == 1 ? "was" : "were",
		 "restored");
	if (sum->again) {
		text_add(text, ", ");
		add_some(text, sum->again, sum->again == 1 ? "was" : "were",
			 "restored and cancelled again");
	}
	if (dealt_with) {
		text_add(text, ", ");
		add_some(text, dealt_with, dealt_with == 1 ? "was" : "were",
			 "acknowledged");
	}
	text_add(text, ", ");
	add_some(text, sum->open, sum->open == 1 ? "is" : "are", "still open.");
}

/* "So far in October 2026", "In what was watched from ... to ..." */
static void add_when(struct text *text, const struct compliance *compliance)
{
	autofree char *phrase = period_phrase(&compliance->period);
	autotext struct text only = {0};
	bool over = compliance->filter.until <= compliance->report->now_s;
	bool watched = coverage_is_whole(&compliance->coverage);
	bool pruned = is_pruned(compliance);

	if (!over)
		text_addf(text, "So far %s", phrase);
	else
		text_addf(text, "%c%s", phrase[0] - 'a' + 'A', phrase + 1);
	if (!watched)
		text_addf(text, ", in what was watched of it%s",
			  pruned ? " and not pruned since" : "");
	else if (pruned)
		text_add(text, ", in what was not pruned of it");
	compliance_restrictions(compliance, &only);
	if (only.len)
		text_addf(text, ", counting only %s", only.s);
	text_add(text, ", ");
}

static bool was_looked_at(const struct coverage *coverage)
{
	return coverage_count(coverage, COVERAGE_WATCHED) ||
	       coverage_count(coverage, COVERAGE_BACKFILLED);
}

static void add_nothing_known(struct text *text,
			      const struct compliance *compliance)
{
	autofree char *phrase = period_phrase(&compliance->period);

	text_addf(text, "Whether owners ended protected jobs %s is not known",
		  phrase);
	text_add(text, is_all_pruned(compliance)
			       ? " any more: what ended then was pruned."
			       : ": nobody watched.");
}

void compliance_lead(const struct compliance *compliance, struct text *text)
{
	const struct coverage *coverage = &compliance->coverage;
	int64_t suspected =
		compliance_total(compliance, CONFIDENCE_SUSPECTED)->incidents;

	if (coverage->until_s == coverage->since_s)
		return;
	if (!compliance->total.n &&
	    (!was_looked_at(coverage) || is_all_pruned(compliance))) {
		add_nothing_known(text, compliance);
		return;
	}
	add_when(text, compliance);
	if (compliance_total(compliance, CONFIDENCE_CONFIRMED)->incidents) {
		add_deeds(text, compliance);
	} else if (suspected) {
		text_add(text, "no protected job is proven to have been ended "
			       "by its owner; ");
		add_number(text, suspected, "incident");
		text_addf(text, " %s suspected.",
			  suspected == 1 ? "is" : "are");
	} else {
		text_add(text, "no protected job was ended by its owner.");
	}
}

void compliance_more(const struct compliance *compliance, struct text *text)
{
	const struct incident_sum *confirmed =
		compliance_total(compliance, CONFIDENCE_CONFIRMED);
	int64_t suspected =
		compliance_total(compliance, CONFIDENCE_SUSPECTED)->incidents;

	if (!confirmed->incidents)
		return;
	add_cost(text, confirmed);
	add_outcome(text, confirmed);
	if (!suspected)
		return;
	text_add_char(text, ' ');
	add_number(text, suspected, "further incident");
	text_addf(text, " %s suspected, not proven.",
		  suspected == 1 ? "is" : "are");
}

void compliance_summary(const struct compliance *compliance, struct text *text)
{
	autotext struct text more = {0};

	compliance_lead(compliance, text);
	compliance_more(compliance, &more);
	if (more.len)
		text_addf(text, " %s", more.s);
}

void compliance_restrictions(const struct compliance *compliance,
			     struct text *text)
{
	struct store_filter filter = compliance->filter;

	filter.since = 0;
	filter.until = INT64_MAX;
	filter.suspected = true;
	filter.exempt = true;
	filter_describe(&filter, text);
}

void compliance_zones(const struct compliance *compliance, struct text *text)
{
	char since[WHEN_SIZE], until[WHEN_SIZE];

	when_zone(compliance->filter.since, since);
	when_zone(compliance->filter.until - 1, until);
	text_add(text, since);
	if (strcmp(since, until) != 0)
		text_addf(text, ", then %s", until);
}

void compliance_counted(const struct compliance *compliance, struct text *text)
{
	const struct ran *ran = &compliance->ran;
	char since[WHEN_SIZE], until[WHEN_SIZE];

	if (ran->unknown)
		text_add(text, "Not known by user, account or kind: only their "
			       "number is recorded.");
	else if (!ran->until_s)
		text_add(text, "They were not counted in this period.");
	else if (!ran->whole)
		text_addf(text,
			  "They are counted from %s to %s only: a share of "
			  "them cannot be told.",
			  when_local(ran->since_s, since),
			  when_local(ran->until_s, until));
	else if (!ran->n)
		text_add(text, "None.");
}
