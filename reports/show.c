/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/history.h"
#include "reports/neighbours.h"
#include "reports/output.h"
#include "reports/page.h"
#include "reports/report.h"
#include "reports/show_json.h"
#include "reports/words.h"
#include "schema/story.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* So many numbers of an event's incidents. */
#define IDS_SHOWN 10

static void show_when(const struct output *out, const struct incident *incident)
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

static void show_job(const struct output *out, const struct incident *incident)
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

static void show_cost(const struct output *out, const struct incident *incident)
{
	autofree char *cpu = words_hours(incident->cpu_seconds);
	autofree char *gpu = words_hours(incident->gpu_seconds);
	int64_t nodes, node_seconds;
	char buf[WHEN_SIZE];

	page_heading(out, "Cost");
	page_line(out, "elapsed", "%s",
		  when_duration(incident->elapsed_s, buf));
	page_line(out, "CPU hours", "%s", cpu);
	page_line(out, "GPU hours", "%s", gpu);
	if (history_nodes(incident, &nodes, &node_seconds)) {
		autofree char *node = words_hours(node_seconds);

		page_line(out, "node hours", "%s  (%" PRId64 " node%s)", node,
			  nodes, nodes == 1 ? "" : "s");
	}
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
	page_heading(out, "Correction");
	page_line(out, "it is", "%s", meanings[i]);
	page_prose(out, "because", incident->correction_why);
	page_moment(out, "corrected", incident->corrected_at, incident->ended,
		    "ended");
}

static void show_verdict(const struct output *out,
			 const struct incident *incident)
{
	page_heading(out, "Verdict");
	page_line(out, "kind", "%s, %s%s", incident->kind, incident->confidence,
		  incident->correction[0] ? ", and corrected since" : "");
	page_prose(out, "because", incident->reason);
	if (incident->causes[0] && !incident_is_confirmed(incident))
		page_prose(out, "could also be", incident->causes);
	if (incident->section[0])
		page_line(out, "protected by", "[protect %s]",
			  incident->section);
	if (incident->exempt[0])
		page_line(out, "exempt by", "%s", incident->exempt);
	page_line(out, "found by", "%s%s", incident->found,
		  incident->late ? ", late" : "");
	page_line(out, "event", "%" PRId64, incident->event_id);
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

static void show_restoration(const struct output *out,
			     const struct incident *incident,
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
		if (incident->restored_started)
			page_moment(out, "ran again",
				    incident->restored_started, incident->ended,
				    "ended");
		if (incident->restored_ended)
			page_moment(out, "ended again",
				    incident->restored_ended, incident->ended,
				    "ended");
		if (incident->restored_state[0])
			page_line(out, "since then", "%s",
				  incident->restored_state);
	} else if (incident->restoration[0]) {
		page_line(out, "outcome", "%s", incident->restoration);
	}
	/* For a shell: bare, as it was quoted. */
	if (is_lost(incident))
		fprintf(out->file, "  %-*s %s\n", PAGE_LABEL, "to restore it",
			command);
	else if (!incident->restored_at)
		page_line(out, "outcome", "none needed");
}

static void show_acknowledgement(const struct output *out,
				 const struct incident *incident)
{
	page_heading(out, "Acknowledgement");
	page_line(out, "by", "%s",
		  incident->acknowledged_by[0] ? incident->acknowledged_by
					       : "nobody yet");
	if (incident->acknowledged_at)
		page_moment(out, "at", incident->acknowledged_at,
			    incident->ended, "ended");
	if (incident->acknowledged_why[0])
		page_prose(out, "because", incident->acknowledged_why);
}

/* "102 incidents with 105 jobs: 1, 2, 3, ..." */
static void show_event(const struct output *out,
		       const struct neighbours *neighbours)
{
	autotext struct text text = {0};
	size_t i;

	words_count(&text, neighbours->event.incidents, "incident");
	text_add(&text, " with ");
	words_count(&text, neighbours->event.sum.tasks, "job");
	for (i = 0; i < neighbours->n_ids && i < IDS_SHOWN; i++)
		text_addf(&text, "%s%" PRId64, i ? ", " : ": ",
			  neighbours->ids[i]);
	if (i < neighbours->n_ids)
		text_add(&text, ", ...");
	page_prose(out, "same event", text.s);
}

static void show_count(const struct output *out, const char *label,
		       const struct neighbours_count *count)
{
	autotext struct text text = {0};

	if (count->events)
		words_count(&text, count->events, "event");
	else
		text_add(&text, "none");
	if (count->suspected)
		text_addf(&text, ", %" PRId64 " of them only suspected",
			  count->suspected);
	page_line(out, label, "%s", text.s);
}

/* "12  2025-01-15T12:12  job 42: moved, open" */
static void show_near(const struct output *out, const char *label,
		      const struct event *event)
{
	char when[WHEN_SIZE];

	page_line(out, label, "%" PRId64 "  %.16s  job %s: %s, %s",
		  event->sum.incident_id, when_local(event->sum.ended, when),
		  event_text(event, event_field("job_id")), event->verdict,
		  event->status);
}

static void show_neighbours(const struct output *out,
			    const struct incident *incident,
			    const struct neighbours *neighbours)
{
	autofree char *user = text_escaped(incident->user);
	autofree char *cluster = text_escaped(incident->cluster);
	autofree char *heading =
		mem_printf("Other events of %s on %s", user, cluster);
	size_t i;

	page_heading(out, heading);
	if (neighbours->n_ids > 1)
		show_event(out, neighbours);
	show_count(out, "30 days before", &neighbours->month);
	show_count(out, "year before", &neighbours->year);
	for (i = 0; i < neighbours->n_nearest; i++)
		show_near(out, i ? "" : "nearest", &neighbours->nearest[i]);
}

static void show_title(const struct output *out,
		       const struct incident *incident)
{
	output_color(out, COLOR_HEADING);
	fprintf(out->file, "Incident %" PRId64, incident->incident_id);
	output_color(out, COLOR_PLAIN);
	fprintf(out->file, ", %s%s\n\n",
		incident_is_confirmed(incident) ? "" : "suspected, ",
		story_status(incident));
}

static int print(const struct output *out, const struct incident *incident,
		 const struct report *report, struct err *err)
{
	autofree char *story = story_text(incident);
	autoneighbours struct neighbours neighbours = {0};

	if (neighbours_read(report->store, incident, &neighbours, err) < 0)
		return -1;
	show_title(out, incident);
	words_wrap(out->file, story, page_width(out), 0);
	show_when(out, incident);
	show_job(out, incident);
	show_cost(out, incident);
	show_verdict(out, incident);
	history_evidence(out, incident->job);
	if (history_entries(out, incident, report->store, err) < 0)
		return -1;
	show_restoration(out, incident, report->options);
	show_acknowledgement(out, incident);
	show_neighbours(out, incident, &neighbours);
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
	enum format format;
	int64_t *shown;
	size_t n_shown;
	struct text_list wrong; /* what is to be said of operands */
};

/* Whether the incident was asked for twice, and is there already. */
static bool is_shown(const struct show *show, int64_t id)
{
	size_t i;

	for (i = 0; i < show->n_shown; i++)
		if (show->shown[i] == id)
			return true;
	return false;
}

static int show_incident(struct show *show, const struct incident *incident,
			 struct err *err)
{
	const struct report *report = show->report;
	FILE *file = show->out.file;

	if (show->format == FORMAT_TEXT) {
		if (show->n_shown)
			fputc('\n', file);
		return print(&show->out, incident, report, err);
	}
	fputs(show->n_shown ? ",\n" : "[\n", file);
	return show_json(file, incident, report->store, err);
}

static void add_wrong(struct show *show, const char *operand, bool is_number)
{
	autofree char *text =
		mem_printf(is_number ? "there is no incident %s"
				     : "%s is not the number of an incident",
			   operand);

	text_list_add(&show->wrong, text);
}

static int show_one(struct show *show, const char *operand, struct err *err)
{
	struct incident incident = {0};
	int64_t id;
	bool is_number = read_id(operand, &id);
	int rc = 0;

	if (is_number && is_shown(show, id))
		return 0;
	if (is_number)
		rc = store_incident(show->report->store, id, &incident, err);
	if (rc == 0)
		add_wrong(show, operand, is_number);
	if (rc > 0) {
		rc = show_incident(show, &incident, err);
		show->shown[show->n_shown++] = id;
	}
	incident_finish(&incident);
	return rc < 0 ? -1 : 0;
}

/* One error for each operand that was wrong, with the exit code of the last. */
static int tell_wrong(const struct show *show)
{
	struct err err = {0};
	size_t i;

	for (i = 0; i < show->wrong.n; i++) {
		err_set(&err, ERR_USAGE, "%s", show->wrong.items[i]);
		if (i + 1 == show->wrong.n)
			err_hint(&err, "watcher-report list --unfold "
				       "--suspected --exempt --corrected shows "
				       "their numbers");
		show->report->tell(LOG_LEVEL_ERR, &err);
	}
	return show->wrong.n ? err_exit_code(&err) : REPORT_FINE;
}

static int show_all(struct show *show, struct err *err)
{
	static const enum format formats[] = {FORMAT_TEXT, FORMAT_JSON,
					      FORMAT_N};
	const struct options *options = show->report->options;
	struct output *out = &show->out;
	int i;

	if (options_format(options, formats, &show->format, err) < 0 ||
	    output_open(out, NULL, err) < 0 ||
	    options_color(options, out->terminal, &out->color, err) < 0)
		return -1;
	if (show->format == FORMAT_TEXT)
		output_trust(out);
	for (i = 0; i < options->n_operands; i++)
		if (show_one(show, options->operands[i], err) < 0)
			return -1;
	if (show->format == FORMAT_JSON)
		fputs(show->n_shown ? "\n]\n" : "[]\n", out->file);
	return output_close(out, err) < 0 ? -1 : tell_wrong(show);
}

int show_run(const struct report *report, struct err *err)
{
	struct show show = {.report = report};
	int n = report->options->n_operands;
	int rc;

	if (!n)
		return err_set(err, ERR_USAGE,
			       "show needs the number of an incident");
	show.shown = mem_alloc((size_t)n, sizeof(*show.shown));
	rc = show_all(&show, err);
	output_discard(&show.out);
	free(show.shown);
	text_list_free(&show.wrong);
	return rc;
}
