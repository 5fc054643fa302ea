/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/show_json.h"

#include "lib/mem.h"
#include "reports/history.h"
#include "reports/neighbours.h"
#include "schema/incident_json.h"
#include "schema/json.h"

#include <string.h>

/* JSON that the store keeps as text, or the text if it is none. */
static void put_stored(json_t *object, const char *name, const char *text)
{
	json_t *value = json_loads(text, 0, NULL);

	if (value)
		json_put(object, name, value);
	else
		json_put_text(object, name, text);
}

static int add_entry(int64_t at_s, const char *kind, const char *content,
		     void *entries)
{
	json_t *entry = json_object();

	json_put_time(entry, "at", at_s);
	json_put_text(entry, "kind", kind);
	put_stored(entry, "content", content);
	return json_array_append_new(entries, entry);
}

static json_t *count_json(const struct neighbours_count *count)
{
	json_t *object = json_object();

	json_put_int(object, "events", count->events);
	json_put_int(object, "suspected", count->suspected);
	return object;
}

/* A text, which is NULL where it is empty. */
static void put_field(json_t *object, const char *name,
		      const struct event *event)
{
	json_put_text(object, name, event_text(event, event_field(name)));
}

static json_t *near_json(const struct event *event)
{
	json_t *object = json_object();

	json_put_int(object, "incident_id", event->sum.incident_id);
	json_put_int(object, "event_id", event->sum.event_id);
	json_put_time(object, "ended", event->sum.ended);
	put_field(object, "job_id", event);
	json_put_int(object, "tasks", event->sum.tasks);
	put_field(object, "kind", event);
	put_field(object, "confidence", event);
	put_field(object, "status", event);
	return object;
}

static void put_neighbours(json_t *object, const struct neighbours *neighbours)
{
	json_t *ids = json_array();
	json_t *nearest = json_array();
	size_t i;

	for (i = 0; i < neighbours->n_ids; i++)
		json_array_append_new(ids, json_integer(neighbours->ids[i]));
	for (i = 0; i < neighbours->n_nearest; i++)
		json_array_append_new(nearest,
				      near_json(&neighbours->nearest[i]));
	json_put(object, "event_incidents", ids);
	json_put(object, "in_30_days_before", count_json(&neighbours->month));
	json_put(object, "in_year_before", count_json(&neighbours->year));
	json_put(object, "nearest", nearest);
}

static void put_nodes(json_t *object, const struct incident *incident)
{
	int64_t nodes, node_seconds;

	json_put(object, "node_seconds",
		 history_nodes(incident, &nodes, &node_seconds)
			 ? json_integer(node_seconds)
			 : json_null());
}

static json_t *make(const struct incident *incident,
		    const struct neighbours *neighbours)
{
	json_t *object = incident_json(incident);

	put_nodes(object, incident);
	put_stored(object, "row", incident->job);
	put_neighbours(object, neighbours);
	return object;
}

int show_json(FILE *out, const struct incident *incident, struct store *store,
	      struct err *err)
{
	autoneighbours struct neighbours neighbours = {0};
	autofree char *dumped = NULL;
	json_t *entries = json_array();
	json_t *object;

	if (store_entries(store, incident->incident_id, add_entry, entries,
			  err) < 0 ||
	    neighbours_read(store, incident, &neighbours, err) < 0) {
		json_decref(entries);
		return -1;
	}
	object = make(incident, &neighbours);
	json_put(object, "entries", entries);
	dumped = json_dumps(object, JSON_COMPACT);
	if (!dumped)
		abort();
	fputs(dumped, out);
	json_decref(object);
	return 0;
}
