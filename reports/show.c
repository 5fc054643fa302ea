/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/history.h"
#include "reports/output.h"
#include "reports/page.h"
#include "reports/report.h"
#include "reports/words.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static void show_when(FILE *out, const struct incident *incident)
{
	int64_t begun =
		incident->started ? incident->started : incident->submitted;

	page_heading(out, "When");
	page_moment(out, "submitted", incident->submitted, 0, "");
	page_moment(out, "started", incident->started, incident->submitted,
		    "was submitted");
	page_moment(out, "ended", incident->ended, begun,
		    incident->started ? "started" : "was submitted");
	page_moment(out, "detected", incident->detected, incident->ended,
		    "ended");
}

static void show_job(FILE *out, const struct incident *incident)
{
	page_heading(out, "Job");
	page_line(out, "id", "%s", incident->job_id);
	if (incident->tasks != 1)
		page_line(out, "jobs", "%" PRId64, incident->tasks);
	page_line(out, "name", "%s", incident->job_name);
	page_line(out, "cluster", "%s", incident->cluster);
	page_line(out, "user", "%s (uid %" PRId64 ")", incident->user,
		  incident->uid);
	page_line(out, "account", "%s", incident->account);
	page_line(out, "partition", "%s", incident->partition);
	page_line(out, "qos", "%s", incident->qos);
}

static void show_cost(FILE *out, const struct incident *incident)
{
	autofree char *cpu = words_hours(incident->cpu_seconds);
	autofree char *gpu = words_hours(incident->gpu_seconds);
	char buf[WHEN_SIZE];

	page_heading(out, "Cost");
	page_line(out, "elapsed", "%s",
		  when_duration(incident->elapsed_s, buf));
	page_line(out, "CPU hours", "%s", cpu);
	page_line(out, "GPU hours", "%s", gpu);
}

static void show_correction(const struct output *out,
			    const struct incident *incident)
{
	static const char *const meanings[CORRECTION_N] = {
		[CORRECTION_CONFIRMED] = "confirmed: it was the owner",
		[CORRECTION_CLEARED] = "cleared: it was not the owner",
		[CORRECTION_ALIVE] = "alive: the job did not end",
	};
	size_t i = incident_word(incident_corrections, CORRECTION_N,
				 incident->correction);

	if (i == CORRECTION_N)
		return;
	page_heading(out->file, "Correction");
	page_line(out->file, "it is", "%s", meanings[i]);
	page_prose(out, "because", incident->correction_why);
	page_moment(out->file, "corrected", incident->corrected_at,
		    incident->ended, "ended");
}

static void show_verdict(const struct output *out,
			 const struct incident *incident)
{
	FILE *file = out->file;

	page_heading(file, "Verdict");
	page_line(file, "kind", "%s, %s%s", incident->kind,
		  incident->confidence,
		  incident->correction[0] ? ", and corrected since" : "");
	page_prose(out, "because", incident->reason);
	if (incident->causes[0] && !incident_is_confirmed(incident))
		page_prose(out, "could also be", incident->causes);
	if (incident->section[0])
		page_line(file, "protected by", "[protect %s]",
			  incident->section);
	if (incident->exempt[0])
		page_line(file, "exempt by", "%s", incident->exempt);
	page_line(file, "found by", "%s%s", incident->found,
		  incident->late ? ", late" : "");
	page_line(file, "event", "%" PRId64, incident->event_id);
	show_correction(out, incident);
}

static char *restore_command(const struct options *options, int64_t incident_id)
{
	struct text text = {0};

	text_add(&text, "watcher");
	if (options->config) {
		text_add(&text, " -c ");
		text_add_shell_word(&text, options->config);
	}
	text_addf(&text, " restore %" PRId64, incident_id);
	return text_take(&text);
}

/* Whether there is anything to bring back. */
static bool is_lost(const struct incident *incident)
{
	return !incident->restored_at &&
	       strcmp(incident->correction,
		      incident_corrections[CORRECTION_ALIVE]) != 0;
}

static void show_restoration(FILE *out, const struct incident *incident,
			     const struct options *options)
{
	autofree char *command =
		restore_command(options, incident->incident_id);

	page_heading(out, "Restoration");
	if (incident->restored_at) {
		page_line(out, "outcome", "%s as job %s", incident->restoration,
			  incident->restored_job_id);
		page_moment(out, "at", incident->restored_at, incident->ended,
			    "ended");
		if (incident->restored_state[0])
			page_line(out, "since then", "%s",
				  incident->restored_state);
		if (incident->restored_started)
			page_moment(out, "ran again",
				    incident->restored_started, incident->ended,
				    "ended");
	} else if (incident->restoration[0]) {
		page_line(out, "outcome", "%s", incident->restoration);
	}
	/* For a shell: bare, as it was quoted. */
	if (is_lost(incident))
		fprintf(out, "  %-*s %s\n", PAGE_LABEL, "to restore it",
			command);
	else if (!incident->restored_at)
		page_line(out, "outcome", "none needed");
}

static void show_acknowledgement(FILE *out, const struct incident *incident)
{
	page_heading(out, "Acknowledgement");
	page_line(out, "by", "%s",
		  incident->acknowledged_by[0] ? incident->acknowledged_by
					       : "nobody yet");
	if (incident->acknowledged_at)
		page_moment(out, "at", incident->acknowledged_at,
			    incident->ended, "ended");
}

static int print(const struct output *out, const struct incident *incident,
		 const struct report *report, struct err *err)
{
	autofree char *story = words_story(incident);

	fprintf(out->file, "Incident %" PRId64 ", %s%s\n\n",
		incident->incident_id,
		incident_is_confirmed(incident) ? "" : "suspected, ",
		words_status(incident));
	words_wrap(out->file, story, page_width(out), 0);
	show_when(out->file, incident);
	show_job(out->file, incident);
	show_cost(out->file, incident);
	show_verdict(out, incident);
	history_evidence(out->file, incident->job);
	if (history_entries(out, incident, report->store, err) < 0)
		return -1;
	show_restoration(out->file, incident, report->options);
	show_acknowledgement(out->file, incident);
	return 0;
}

static bool read_id(const char *s, int64_t *id)
{
	char *end;

	errno = 0;
	*id = strtoll(s, &end, 10);
	return !errno && end != s && !*end && *id > 0;
}

struct show {
	const struct report *report;
	struct output out;
	bool begun;
	struct text unknown; /* operands that are no incident's number */
};

static int show_one(struct show *show, const char *operand, struct err *err)
{
	struct incident incident = {0};
	int64_t id;
	int found = 0;

	if (read_id(operand, &id))
		found = store_incident(show->report->store, id, &incident, err);
	if (found < 0)
		return -1;
	if (found) {
		if (show->begun)
			fputc('\n', show->out.file);
		show->begun = true;
		found = print(&show->out, &incident, show->report, err);
	} else {
		text_addf(&show->unknown, "%s%s", show->unknown.len ? ", " : "",
			  operand);
	}
	incident_finish(&incident);
	return found < 0 ? -1 : 0;
}

static int show_all(struct show *show, struct err *err)
{
	const struct options *options = show->report->options;
	int i;

	if (output_open(&show->out, NULL, err) < 0)
		return -1;
	for (i = 0; i < options->n_operands; i++)
		if (show_one(show, options->operands[i], err) < 0)
			return -1;
	if (output_close(&show->out, err) < 0)
		return -1;
	if (!show->unknown.len)
		return REPORT_FINE;
	err_set(err, ERR_USAGE, "there is no incident %s", show->unknown.s);
	return err_hint(err, "watcher-report list --suspected --exempt "
			     "--corrected shows their numbers");
}

int show_run(const struct report *report, struct err *err)
{
	struct show show = {.report = report};
	int rc;

	if (!report->options->n_operands)
		return err_set(err, ERR_USAGE,
			       "show needs the number of an incident");
	rc = show_all(&show, err);
	output_discard(&show.out);
	text_free(&show.unknown);
	return rc;
}
