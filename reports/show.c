/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/output.h"
#include "reports/report.h"
#include "reports/words.h"
#include "schema/job.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <string.h>

#define LABEL_WIDTH 14
#define STORY_WIDTH 100

static void heading(FILE *out, const char *text)
{
	fprintf(out, "\n%s\n", text);
}

/* One line: the value is escaped here. */
static void line(FILE *out, const char *label, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void line(FILE *out, const char *label, const char *fmt, ...)
{
	autofree char *value = NULL;
	autofree char *safe = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&value, fmt, ap) < 0)
		abort();
	va_end(ap);
	safe = text_escaped(value);
	fprintf(out, "  %-*s %s\n", LABEL_WIDTH, label, safe);
}

/* A moment, and how long after an earlier one. */
static void moment(FILE *out, const char *label, int64_t time_s,
		   int64_t earlier_s, const char *what)
{
	char when[WHEN_SIZE], after[WHEN_SIZE];

	if (!time_s)
		line(out, label, "never");
	else if (earlier_s && time_s >= earlier_s)
		line(out, label, "%s  (%s after it %s)",
		     when_local(time_s, when),
		     when_duration(time_s - earlier_s, after), what);
	else
		line(out, label, "%s", when_local(time_s, when));
}

static void show_when(FILE *out, const struct incident *incident)
{
	int64_t begun =
		incident->started ? incident->started : incident->submitted;

	heading(out, "When");
	moment(out, "submitted", incident->submitted, 0, "");
	moment(out, "started", incident->started, incident->submitted,
	       "was submitted");
	moment(out, "ended", incident->ended, begun,
	       incident->started ? "started" : "was submitted");
	moment(out, "detected", incident->detected, incident->ended, "ended");
}

static void show_job(FILE *out, const struct incident *incident)
{
	heading(out, "Job");
	line(out, "id", "%s", incident->job_id);
	if (incident->tasks != 1)
		line(out, "jobs", "%" PRId64, incident->tasks);
	line(out, "name", "%s", incident->job_name);
	line(out, "cluster", "%s", incident->cluster);
	line(out, "user", "%s (uid %" PRId64 ")", incident->user,
	     incident->uid);
	line(out, "account", "%s", incident->account);
	line(out, "partition", "%s", incident->partition);
	line(out, "qos", "%s", incident->qos);
}

static void show_cost(FILE *out, const struct incident *incident)
{
	autofree char *cpu = words_hours(incident->cpu_seconds);
	autofree char *gpu = words_hours(incident->gpu_seconds);
	char buf[WHEN_SIZE];

	heading(out, "Cost");
	line(out, "elapsed", "%s", when_duration(incident->elapsed_s, buf));
	line(out, "CPU hours", "%s", cpu);
	line(out, "GPU hours", "%s", gpu);
}

static char *state_of(int64_t state)
{
	return mem_strdup(job_state_name(state));
}

static char *time_of(int64_t time_s)
{
	char buf[WHEN_SIZE];

	return mem_strdup(when_local(time_s, buf));
}

static char *limit_of(int64_t minutes)
{
	if (minutes == JOB_NO_VAL)
		return mem_strdup("none was set");
	if (minutes == JOB_INFINITE)
		return mem_strdup("unlimited");
	return mem_strdup("minutes");
}

/* The columns of the job's row that a verdict may rest on, and what they
 * say. */
static const struct {
	const char *column;
	const char *meaning;
	char *(*explain)(int64_t value);
} evidence[] = {
	{"state", NULL, state_of},
	{"kill_requid", "whose cancellation Slurm accepted, a uid", NULL},
	{"id_user", "the job's owner, a uid", NULL},
	{"partition", NULL, NULL},
	{"exit_code", NULL, NULL},
	{"time_end", NULL, time_of},
	{"mod_time", NULL, time_of},
	{"timelimit", NULL, limit_of},
	{"nodelist", NULL, NULL},
	{"tres_alloc", NULL, NULL},
	{"submit_line", NULL, NULL},
	{"work_dir", NULL, NULL},
};

static void show_column(FILE *out, size_t i, const json_t *value)
{
	int64_t number = json_integer_value(value);
	autofree char *text = json_is_string(value)
				      ? mem_strdup(json_string_value(value))
				      : mem_printf("%" PRId64, number);
	autofree char *explained =
		evidence[i].explain ? evidence[i].explain(number) : NULL;
	const char *meaning = explained ? explained : evidence[i].meaning;

	if (meaning && text[0])
		line(out, evidence[i].column, "%-10s  %s", text, meaning);
	else if (text[0])
		line(out, evidence[i].column, "%s", text);
}

static void show_evidence(FILE *out, const char *row)
{
	json_t *object = json_loads(row, 0, NULL);
	size_t i;

	heading(out, "Evidence: the job's row when it was found");
	if (!json_is_object(object))
		line(out, "row", "cannot be read: %s", row);
	for (i = 0; i < LENGTH(evidence); i++) {
		const json_t *value =
			json_object_get(object, evidence[i].column);

		if (value)
			show_column(out, i, value);
	}
	json_decref(object);
}

/* What became known of an incident, entry after entry. */
struct story {
	FILE *out;
	const struct incident *incident;
	json_t *row; /* as the entry before told it */
	bool begun;
};

/* A column's value: 4 (CANCELLED), "critical". */
static char *value_text(const char *column, const json_t *value)
{
	int64_t number = json_integer_value(value);
	autofree char *explained = NULL;
	size_t i;

	if (!value)
		return mem_strdup("not recorded");
	if (json_is_string(value))
		return mem_printf("\"%s\"", json_string_value(value));
	for (i = 0; i < LENGTH(evidence); i++)
		if (evidence[i].explain &&
		    strcmp(evidence[i].column, column) == 0)
			explained = evidence[i].explain(number);
	return mem_printf("%" PRId64 "%s%s%s", number, explained ? " (" : "",
			  explained ? explained : "", explained ? ")" : "");
}

static void show_changes(FILE *out, const json_t *before, const json_t *after)
{
	size_t i;

	for (i = 0; i < job_n_columns; i++) {
		const char *column = job_columns[i].name;
		const json_t *was = json_object_get(before, column);
		const json_t *is = json_object_get(after, column);
		autofree char *old = NULL;
		autofree char *new = NULL;

		if (was == is || (was && is && json_equal(was, is)))
			continue;
		old = value_text(column, was);
		new = value_text(column, is);
		line(out, column, "%s -> %s", old, new);
	}
}

static int show_entry(int64_t at_s, const char *kind, const char *content,
		      void *arg)
{
	struct story *story = arg;
	bool changed = strcmp(kind, "changed") == 0;
	json_t *row = changed ? json_loads(content, 0, NULL) : NULL;

	if (!story->begun)
		heading(story->out, "Since it was found");
	else
		fputc('\n', story->out);
	story->begun = true;
	moment(story->out, changed ? "row changed" : "entry", at_s,
	       story->incident->ended, "ended");
	if (json_is_object(row)) {
		show_changes(story->out, story->row, row);
		json_decref(story->row);
		story->row = row;
		return 0;
	}
	json_decref(row);
	line(story->out, changed ? "unreadable" : kind, "%s", content);
	return 0;
}

static int show_entries(FILE *out, const struct incident *incident,
			struct store *store, struct err *err)
{
	struct story story = {
		.out = out,
		.incident = incident,
		.row = json_loads(incident->job, 0, NULL),
	};
	int rc = store_entries(store, incident->incident_id, show_entry, &story,
			       err);

	json_decref(story.row);
	return rc;
}

static void show_verdict(FILE *out, const struct incident *incident)
{
	heading(out, "Verdict");
	line(out, "kind", "%s, %s", incident->kind, incident->confidence);
	line(out, "because", "%s", incident->reason);
	if (incident->exempt[0])
		line(out, "exempt", "%s", incident->exempt);
	line(out, "found by", "%s%s", incident->found,
	     incident->late ? ", late" : "");
	line(out, "event", "%" PRId64, incident->event_id);
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

static void show_hands(FILE *out, const struct incident *incident,
		       const struct options *options)
{
	autofree char *command =
		restore_command(options, incident->incident_id);

	heading(out, "Restoration");
	if (incident->restoration[0])
		line(out, "outcome", "%s", incident->restoration);
	if (incident->restored_at) {
		line(out, "job", "%s", incident->restored_job_id);
		moment(out, "restored", incident->restored_at, incident->ended,
		       "ended");
	} else {
		fprintf(out, "  %-*s %s\n", LABEL_WIDTH, "to restore it",
			command);
	}
	heading(out, "Acknowledgement");
	line(out, "by", "%s",
	     incident->acknowledged_by[0] ? incident->acknowledged_by
					  : "nobody yet");
	if (incident->acknowledged_at)
		moment(out, "at", incident->acknowledged_at, incident->ended,
		       "ended");
}

static int print(const struct output *out, const struct incident *incident,
		 const struct report *report, struct err *err)
{
	autofree char *story = words_story(incident);

	fprintf(out->file, "Incident %" PRId64 ", %s\n\n",
		incident->incident_id, words_status(incident));
	words_wrap(out->file, story,
		   out->width < STORY_WIDTH ? out->width : STORY_WIDTH);
	show_when(out->file, incident);
	show_job(out->file, incident);
	show_cost(out->file, incident);
	show_verdict(out->file, incident);
	show_evidence(out->file, incident->job);
	if (show_entries(out->file, incident, report->store, err) < 0)
		return -1;
	show_hands(out->file, incident, report->options);
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
	return err_hint(err, "watcher-report list --suspected --exempt shows "
			     "their numbers");
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
