/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The message of one alert. */
#include "lib/mem.h"
#include "lib/when.h"
#include "schema/event.h"
#include "schema/incident_json.h"
#include "schema/json.h"
#include "schema/story.h"
#include "watcher/message_private.h"

#include <inttypes.h>
#include <string.h>

/* --- Of an event --------------------------------------------------------- */

static int add_to_fold(const struct incident *incident, void *arg)
{
	event_fold_add(arg, incident);
	return 0;
}

/* What its incidents come to now: 1; 0: it was pruned; -1. */
static int read_event(struct store *store, int64_t event_id,
		      struct event *event, struct err *err)
{
	const struct store_filter filter = {
		.since = INT64_MIN,
		.until = INT64_MAX,
		.suspected = true,
		.corrected = true,
	};
	struct incident first = {0};
	struct event_fold *fold;
	int rc = store_incident(store, event_id, &first, err);

	if (rc <= 0)
		return rc;
	fold = event_fold_new();
	rc = store_event(store, &first, &filter, add_to_fold, fold, err);
	incident_finish(&first);
	*event = event_fold_end(fold);
	if (rc == 0 && event->incidents)
		return 1;
	event_finish(event);
	return rc;
}

/* Its texts are there, if empty. */
static void fill_texts(struct incident *incident)
{
	size_t i;

	for (i = 0; i < incident_n_fields; i++) {
		const struct incident_field *field = &incident_fields[i];
		char *at = (char *)incident + field->offset;

		if (field->type == INCIDENT_TEXT && !*(char **)(void *)at)
			*(char **)(void *)at = mem_strdup("");
	}
}

/* What an entry of the chain says under the first of these names that it has;
 * freed by the caller. */
static char *read_entry(struct store *store, int64_t entry_id,
			const char *const names[2])
{
	autofree char *content = store_entry_content(store, entry_id);
	json_t *object = json_loads(content ? content : "", 0, NULL);
	const char *said = json_string_value(json_object_get(object, names[0]));
	char *text;

	if (!said)
		said = json_string_value(json_object_get(object, names[1]));
	text = mem_strdup(said ? said : "it is not known how");
	json_decref(object);
	return text;
}

static char *summary_of(const struct incident *sum, enum alert_what what,
			const char *trouble)
{
	autofree char *line = story_line(sum);
	const char *again = sum->restored_job_id;

	switch (what) {
	case ALERT_CONFIRMED:
		return mem_printf("confirmed: %s", line);
	case ALERT_CLEARED:
		return mem_printf("no incident after all: job %s of %s on %s",
				  sum->job_id, sum->user, sum->partition);
	case ALERT_RESTORED:
		return mem_printf("job %s of %s on %s is back as job %s",
				  sum->job_id, sum->user, sum->partition,
				  again);
	case ALERT_RESTORATION_FAILED:
		return mem_printf("job %s of %s on %s was not brought back: %s",
				  sum->job_id, sum->user, sum->partition,
				  trouble);
	case ALERT_CANCELLED_AGAIN:
		return mem_printf("%s cancelled job %s on %s again, which was "
				  "back as job %s",
				  sum->user, sum->job_id, sum->partition,
				  again);
	default:
		return mem_printf("%s%s", line,
				  incident_is_confirmed(sum) ? ""
							     : " (suspected)");
	}
}

static void add_event_rows(struct message *message, const struct event *event)
{
	const struct incident *sum = &event->sum;

	message_add_row(message, "User", sum->user);
	message_add_row(message, "Account", sum->account);
	message_add_row(message, "Job", sum->job_id);
	message_add_row(message, "Job name", sum->job_name);
	if (sum->tasks > 1)
		message_add_count(message, "Jobs", sum->tasks);
	message_add_row(message, "Partition", sum->partition);
	message_add_row(message, "Cluster", sum->cluster);
	message_add_row(message, "Kind", sum->kind);
	message_add_row(message, "Confidence", sum->confidence);
	message_add_row(message, "Why", sum->reason);
	message_add_row(message, "Could also be", sum->causes);
	message_add_row(message, "Since then", sum->correction_why);
	message_add_row(message, "State", sum->state);
	message_add_time(message, "Submitted", sum->submitted);
	message_add_time(message, "Started", sum->started);
	message_add_time(message, "Ended", sum->ended);
	message_add_time(message, "Detected", sum->detected);
	message_add_row(message, "Restored as", sum->restored_job_id);
	message_add_row(message, "Status", event->status);
}

/* What it is, in the object: the names are those of watcher-report show. */
static void put_event(struct message *message, const struct event *event)
{
	json_t *object = incident_json(&event->sum);

	json_put_text(object, "status", event->status);
	json_put_int(object, "incidents", event->incidents);
	json_object_update(message->json, object);
	json_decref(object);
}

void message_of_event(struct message *message, const struct event *event,
		      enum alert_what what, const char *trouble)
{
	const struct incident *sum = &event->sum;

	put_event(message, event);
	message->event_id = sum->event_id;
	message->is_calm = what == ALERT_RESTORED || what == ALERT_CLEARED;
	message_summarize(message, summary_of(sum, what, trouble));
	free(message->story);
	message->story = story_text(sum);
	if (trouble) {
		json_put_text(message->json, "trouble", trouble);
		message_add_row(message, "Trouble", trouble);
	}
	add_event_rows(message, event);
	free(message->more);
	message->more =
		mem_printf("watcher-report show %" PRId64, sum->event_id);
}

static int make_event(struct store *store, const struct store_alert *alert,
		      struct message *message, struct err *err)
{
	autofree char *trouble = NULL;
	struct event event = {0};
	int rc = read_event(store, alert->event_id, &event, err);

	if (rc <= 0)
		return rc;
	fill_texts(&event.sum);
	if (alert->what == ALERT_RESTORATION_FAILED)
		trouble = read_entry(store, alert->about,
				     (const char *const[]){"failed", "why"});
	message_of_event(message, &event, alert->what, trouble);
	event_finish(&event);
	return 1;
}

/* --- Of watching --------------------------------------------------------- */

struct gap {
	struct message *message;
	enum alert_what what;
};

static int put_gap(const struct store_span *span, void *arg)
{
	const struct gap *gap = arg;
	struct message *message = gap->message;
	char since[WHEN_SIZE], until[WHEN_SIZE], lasted[WHEN_SIZE];

	json_put_text(message->json, "cluster", span->cluster);
	json_put_time(message->json, "since", span->since);
	json_put_time(message->json, "until", span->until);
	json_put_text(message->json, "reason", span->reason);
	when_local(span->since, since);
	if (gap->what == ALERT_GAP)
		message_summarize(message,
				  mem_printf("cluster %s is not watched since "
					     "%s: %s",
					     span->cluster, since,
					     span->reason));
	else
		message_summarize(
			message,
			mem_printf("cluster %s is watched again, and was not "
				   "for %s",
				   span->cluster,
				   when_duration(span->until - span->since,
						 lasted)));
	message_add_row(message, "Cluster", span->cluster);
	message_add_time(message, "Since", span->since);
	message_add_row(message, "Until",
			span->until ? when_local(span->until, until) : "");
	message_add_row(message, "Why", span->reason);
	return 1;
}

static int make_gap(struct store *store, const struct store_alert *alert,
		    struct message *message, struct err *err)
{
	struct gap gap = {message, alert->what};

	if (store_span(store, alert->about, put_gap, &gap, err) < 0)
		return -1;
	message->is_calm = alert->what == ALERT_GAP_CLOSED;
	free(message->more);
	message->more = mem_strdup("watcher-report coverage");
	return message->summary != NULL;
}

static void make_chain(struct store *store, const struct store_alert *alert,
		       struct message *message)
{
	autofree char *what = read_entry(store, alert->about,
					 (const char *const[]){"what", "what"});

	message_summarize(message,
			  mem_strdup("the store's chain of entries was broken: "
				     "somebody altered the store"));
	free(message->story);
	message->story = mem_strdup(
		"Something else than watcher wrote to the store, or a part of "
		"it was put back from a backup. What it says may not be what "
		"was recorded.");
	json_put_int(message->json, "entry_id", alert->about);
	json_put_text(message->json, "reason", what);
	message_add_row(message, "What", what);
	message_add_count(message, "Entry", alert->about);
	message_add_time(message, "Found", alert->at_s);
	free(message->more);
	message->more = mem_strdup("watcher-report verify");
}

/* --- Of anything --------------------------------------------------------- */

/* What follows on another thing names that. */
static void set_ids(struct store *store, const struct store_alert *alert,
		    struct message *message)
{
	autofree char *store_id = message_store_id(store);
	const char *root = alert->event_id ? alert_whats[ALERT_INCIDENT]
					   : alert_whats[ALERT_GAP];
	int64_t of = alert->event_id ? alert->event_id : alert->about;

	message->id =
		mem_printf("%s-%" PRId64 "-%" PRId64 ".%s", message->what, of,
			   alert->event_id ? alert->about : 0, store_id);
	if (!alert_is_follow_up(alert->what) && alert->what != ALERT_GAP_CLOSED)
		return;
	free(message->thread);
	message->thread = mem_printf("%s-%" PRId64 "-0.%s", root, of, store_id);
}

int message_make(struct store *store, const char *channel,
		 const struct store_alert *alert, struct message *message,
		 struct err *err)
{
	int rc = 1;

	message_begin(message, alert_whats[alert->what], channel, alert->at_s);
	json_put_int(message->json, "alert_id", alert->alert_id);
	set_ids(store, alert, message);
	if (alert->event_id)
		rc = make_event(store, alert, message, err);
	else if (alert->what == ALERT_CHAIN_BROKEN)
		make_chain(store, alert, message);
	else
		rc = make_gap(store, alert, message, err);
	if (rc <= 0)
		message_finish(message);
	return rc;
}
