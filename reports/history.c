/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/history.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"
#include "reports/page.h"
#include "schema/job.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

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

static void show_column(const struct output *out, size_t i, const json_t *value)
{
	int64_t number = json_integer_value(value);
	autofree char *text = json_is_string(value)
				      ? mem_strdup(json_string_value(value))
				      : mem_printf("%" PRId64, number);
	autofree char *explained =
		evidence[i].explain ? evidence[i].explain(number) : NULL;
	const char *meaning = explained ? explained : evidence[i].meaning;

	if (meaning && text[0])
		page_line(out, evidence[i].column, "%-10s  %s", text, meaning);
	else if (text[0])
		page_line(out, evidence[i].column, "%s", text);
}

bool history_nodes(const struct incident *incident, int64_t *nodes,
		   int64_t *node_seconds)
{
	json_t *row = json_loads(incident->job, 0, NULL);
	const json_t *value = json_object_get(row, "nodes_alloc");
	bool is_known = json_is_integer(value);

	*nodes = json_integer_value(value);
	json_decref(row);
	return is_known && !__builtin_mul_overflow(*nodes, incident->elapsed_s,
						   node_seconds);
}

void history_evidence(const struct output *out, const char *row)
{
	json_t *object = json_loads(row, 0, NULL);
	size_t i;

	page_heading(out, "Evidence: the job's row when it was found");
	if (!json_is_object(object))
		page_line(out, "row", "cannot be read: %s", row);
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
	const struct output *out;
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

static void show_changes(const struct output *out, const json_t *before,
			 const json_t *after)
{
	size_t i;

	for (i = 0; i < job_n_columns; i++) {
		const char *column = job_columns[i].name;
		const json_t *was = json_object_get(before, column);
		const json_t *is = json_object_get(after, column);
		autofree char *old = NULL;
		autofree char *new = NULL;
		autofree char *change = NULL;

		if (was == is || (was && is && json_equal(was, is)))
			continue;
		old = value_text(column, was);
		new = value_text(column, is);
		change = mem_printf("%s -> %s", old, new);
		page_prose(out, column, change);
	}
}

/* What entries that are no rows hold, in the order it is shown. */
static const struct {
	const char *key;
	const char *label;
} news_keys[] = {
	{"why", "because"},
	{"how", "how"},
	{"job_id", "as job"},
	{"state", "state"},
	{"by", "by"},
	{"reason", "asked for"},
	{"way", "way"},
	{"command", "command"},
	{"failed", "failed"},
	{"output", "it said"},
	{"script_sha256", "as"},
};

/* An entry that is no row, in words; false if it cannot be read. */
static bool show_news(const struct output *out, const char *content)
{
	json_t *news = json_loads(content, 0, NULL);
	size_t i, shown = 0;

	for (i = 0; i < LENGTH(news_keys); i++) {
		const char *text = json_string_value(
			json_object_get(news, news_keys[i].key));

		if (!text || !text[0])
			continue;
		page_prose(out, news_keys[i].label, text);
		shown++;
	}
	json_decref(news);
	return shown > 0;
}

/* What the moment of an entry is called; NULL: its kind is not known. */
static const char *entry_label(const char *kind)
{
	static const struct {
		const char *kind;
		const char *label;
	} labels[] = {
		{"changed", "row changed"},
		{"restored", "restored"},
		{"confirmed", "confirmed"},
		{"cleared", "cleared"},
		{"alive", "found alive"},
		{"restoring", "restoring"},
		{"restoration", "carried out"},
		{"withheld", "left alone"},
		{"followed", "doing"},
		{"script", "script kept"},
		{"acknowledged", "acknowledged"},
		{"ack-withdrawn", "taken back"},
	};
	size_t i;

	for (i = 0; i < LENGTH(labels); i++)
		if (strcmp(labels[i].kind, kind) == 0)
			return labels[i].label;
	return NULL;
}

static int show_entry(int64_t at_s, const char *kind, const char *content,
		      void *arg)
{
	struct story *story = arg;
	const struct output *out = story->out;
	const char *label = entry_label(kind);
	json_t *row;

	if (!story->begun)
		page_heading(out, "Since it was found");
	else
		fputc('\n', out->file);
	story->begun = true;
	page_moment(out, label ? label : "entry", at_s, story->incident->ended,
		    "ended");
	if (!label) {
		autofree char *safe = text_escaped(kind);

		page_line(out, safe, "%s", content);
		return 0;
	}
	if (strcmp(kind, "changed") != 0) {
		if (!show_news(out, content))
			page_line(out, "unreadable", "%s", content);
		return 0;
	}
	row = json_loads(content, 0, NULL);
	if (!json_is_object(row)) {
		json_decref(row);
		page_line(out, "unreadable", "%s", content);
		return 0;
	}
	show_changes(out, story->row, row);
	json_decref(story->row);
	story->row = row;
	return 0;
}

int history_entries(const struct output *out, const struct incident *incident,
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
