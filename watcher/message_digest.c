/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One message of many alerts. */
#include "lib/mem.h"
#include "schema/json.h"
#include "watcher/message_private.h"

#include <inttypes.h>
#include <string.h>

/* So many names are told to people, and so many events to programs. */
#define NAMES_MAX 10
#define EVENTS_MAX 20

/* How many of each name. */
struct counts {
	struct count {
		char *name;
		int64_t n;
	} * items;
	size_t n;
	size_t cap;
};

struct digest {
	struct counts what;
	struct counts user;
	struct counts kind;
	struct counts partition;
	struct counts cluster;
	int64_t events[EVENTS_MAX]; /* the first, by number */
	size_t n_events;
};

static void count(struct counts *counts, const char *name)
{
	size_t i = 0;

	while (i < counts->n && strcmp(counts->items[i].name, name) != 0)
		i++;
	if (i == counts->n) {
		counts->items = mem_grow(counts->items, &counts->cap, i + 1,
					 sizeof(*counts->items));
		counts->items[counts->n++] =
			(struct count){.name = mem_strdup(name)};
	}
	counts->items[i].n++;
}

static int by_number(const void *a, const void *b)
{
	const struct count *x = a;
	const struct count *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return strcmp(x->name, y->name);
}

static void counts_free(struct counts *counts)
{
	size_t i;

	for (i = 0; i < counts->n; i++)
		free(counts->items[i].name);
	free(counts->items);
}

/* "12 alice, 3 bob", the most first; freed by the caller. */
static char *counts_text(const struct counts *counts)
{
	struct text text = {0};
	size_t i;

	for (i = 0; i < counts->n && i < NAMES_MAX; i++)
		text_addf(&text, "%s%" PRId64 " %s", i ? ", " : "",
			  counts->items[i].n, counts->items[i].name);
	if (i < counts->n)
		text_addf(&text, ", and %zu others", counts->n - i);
	return text_take(&text);
}

static void add_counts(struct message *message, struct counts *counts,
		       const char *member, const char *row)
{
	json_t *object = json_object();
	autofree char *text = NULL;
	size_t i;

	if (counts->n)
		qsort(counts->items, counts->n, sizeof(*counts->items),
		      by_number);
	for (i = 0; i < counts->n; i++) {
		autofree char *name =
			text_replaced(counts->items[i].name, false);

		json_put_int(object, name, counts->items[i].n);
	}
	json_put(message->json, member, object);
	text = counts_text(counts);
	message_add_row(message, row, text);
}

static int add_event(struct store *store, struct digest *digest,
		     int64_t event_id, struct err *err)
{
	struct incident incident = {0};
	int rc = store_incident(store, event_id, &incident, err);
	size_t i = 0;

	if (rc <= 0)
		return rc;
	count(&digest->user, incident.user);
	count(&digest->kind, incident.kind);
	count(&digest->partition, incident.partition);
	count(&digest->cluster, incident.cluster);
	incident_finish(&incident);
	while (i < digest->n_events && digest->events[i] != event_id)
		i++;
	if (i == digest->n_events && i < EVENTS_MAX)
		digest->events[digest->n_events++] = event_id;
	return 0;
}

static void add_events(struct message *message, const struct digest *digest)
{
	json_t *events = json_array();
	struct text command = {0};
	size_t i;

	text_add(&command, digest->n_events ? "watcher-report show" : "");
	for (i = 0; i < digest->n_events; i++) {
		json_array_append_new(events, json_integer(digest->events[i]));
		text_addf(&command, " %" PRId64, digest->events[i]);
	}
	json_put(message->json, "events", events);
	free(message->more);
	message->more = text_take(&command);
}

static void fill(struct message *message, struct digest *digest,
		 const struct store_alert *alerts, size_t n)
{
	autofree char *whats = NULL;
	int64_t until_s = alerts[0].at_s;
	size_t i;

	for (i = 0; i < n; i++)
		if (alerts[i].at_s > until_s)
			until_s = alerts[i].at_s;
	json_put_int(message->json, "alerts", (int64_t)n);
	json_put_time(message->json, "since", alerts[0].at_s);
	json_put_time(message->json, "until", until_s);
	message_add_time(message, "From", alerts[0].at_s);
	message_add_time(message, "To", until_s);
	add_counts(message, &digest->what, "by_what", "Alerts");
	add_counts(message, &digest->user, "by_user", "By user");
	add_counts(message, &digest->kind, "by_kind", "By kind");
	add_counts(message, &digest->partition, "by_partition", "By partition");
	add_counts(message, &digest->cluster, "by_cluster", "By cluster");
	add_events(message, digest);
	whats = counts_text(&digest->what);
	message_summarize(message, mem_printf("%zu alerts: %s", n, whats));
}

int message_digest(struct store *store, const char *channel,
		   const struct store_alert *alerts, size_t n,
		   struct message *message, struct err *err)
{
	autofree char *store_id = message_store_id(store);
	struct digest digest = {0};
	size_t i;
	int rc = 0;

	message_begin(message, "digest", channel, alerts[0].at_s);
	for (i = 0; rc == 0 && i < n; i++) {
		count(&digest.what, alert_whats[alerts[i].what]);
		if (alerts[i].event_id)
			rc = add_event(store, &digest, alerts[i].event_id, err);
	}
	if (rc == 0)
		fill(message, &digest, alerts, n);
	message->id = mem_printf("digest-%" PRId64 "-%zu.%s",
				 alerts[0].alert_id, n, store_id);
	counts_free(&digest.what);
	counts_free(&digest.user);
	counts_free(&digest.kind);
	counts_free(&digest.partition);
	counts_free(&digest.cluster);
	if (rc < 0)
		message_finish(message);
	return rc;
}
