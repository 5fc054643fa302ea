/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/events.h"

#include "lib/mem.h"

#include <string.h>

/* Incidents that pass by between two pauses. */
#define PIECE 4096

/* An event that was told, and some of whose incidents are still to pass by:
 * few at a time, as they all ended within seconds. */
struct told {
	int64_t event_id;
	int64_t left;
};

struct walk {
	struct events *events;
	struct store_filter filter; /* of what was recorded at first */
	struct store_filter left;   /* what of it did not pass by */
	size_t n;                   /* incidents since the last pause */
	events_fn *fn;
	void *arg;
	struct told *told;
	size_t n_told;
	size_t cap;
	int rc;
	struct err *err;
};

/* The conditions of filter.inc on what an incident is. */
static enum events_hidden hidden_by(const struct store_filter *filter,
				    const struct incident *incident)
{
	if (!filter->corrected && !incident_counts(incident))
		return EVENTS_CORRECTED;
	if (!filter->exempt && incident->exempt[0])
		return EVENTS_EXEMPT;
	if (!filter->suspected && !incident_is_confirmed(incident) &&
	    !incident->correction[0])
		return EVENTS_SUSPECTED;
	return EVENTS_HIDDEN_N;
}

/* Whether the incident is of an event that was told. */
static bool is_told(struct walk *walk, int64_t event_id)
{
	size_t i = 0;

	while (i < walk->n_told && walk->told[i].event_id != event_id)
		i++;
	if (i == walk->n_told)
		return false;
	if (!--walk->told[i].left)
		walk->told[i] = walk->told[--walk->n_told];
	return true;
}

static void note_told(struct walk *walk, const struct event *event)
{
	if (event->incidents < 2 || walk->events->unfold)
		return;
	walk->told = mem_grow(walk->told, &walk->cap, walk->n_told + 1,
			      sizeof(*walk->told));
	walk->told[walk->n_told++] = (struct told){
		.event_id = event->sum.event_id,
		.left = event->incidents - 1,
	};
}

static int add_one(const struct incident *incident, void *fold)
{
	event_fold_add(fold, incident);
	return 0;
}

/* Adds the incident alone. */
static int read_one(struct store *store, int64_t incident_id,
		    struct event_fold *fold, struct err *err)
{
	struct incident incident = {0};
	int rc = store_incident(store, incident_id, &incident, err);

	if (rc > 0)
		event_fold_add(fold, &incident);
	incident_finish(&incident);
	return rc;
}

static int tell(struct walk *walk, const struct incident *row)
{
	struct events *events = walk->events;
	struct event_fold *fold = event_fold_new();
	struct event event;

	if (events->unfold)
		walk->rc = read_one(events->store, row->incident_id, fold,
				    walk->err);
	else
		walk->rc = store_event(events->store, row, &walk->filter,
				       add_one, fold, walk->err);
	if (walk->rc < 0) {
		event_fold_free(fold);
		return -1;
	}
	event = event_fold_end(fold);
	note_told(walk, &event);
	return walk->fn(&event, walk->arg);
}

static int pass_by(const struct incident *row, void *arg)
{
	struct walk *walk = arg;
	struct events *events = walk->events;
	enum events_hidden hidden = hidden_by(events->filter, row);

	if (row->ended < events->since_s) {
		events->cut = true;
		return 1;
	}
	walk->left.since = row->ended;
	walk->left.after = row->incident_id;
	if (events->names)
		names_note(events->names, row);
	if (hidden < EVENTS_HIDDEN_N)
		events->hidden[hidden]++;
	else if (!is_told(walk, row->event_id) && tell(walk, row))
		return 1;
	return ++walk->n == PIECE && events->pause;
}

/* Oldest first, in pieces. */
static int read_pieces(struct walk *walk)
{
	struct events *events = walk->events;

	do {
		walk->n = 0;
		if (store_walk(events->store, &walk->left, false, pass_by, walk,
			       walk->err) < 0 ||
		    walk->rc < 0)
			return -1;
	} while (events->pause && !events->pause(walk->arg) &&
		 walk->n == PIECE);
	return 0;
}

int events_read(struct events *events, bool newest_first, events_fn *fn,
		void *arg, struct err *err)
{
	struct walk walk = {
		.events = events,
		.filter = *events->filter,
		.fn = fn,
		.arg = arg,
		.err = err,
	};
	int rc = store_newest(events->store, &walk.filter.newest, err);

	walk.left = walk.filter;
	if (rc == 0 && newest_first)
		rc = store_walk(events->store, &walk.filter, true, pass_by,
				&walk, err);
	else if (rc == 0)
		rc = read_pieces(&walk);
	free(walk.told);
	return rc < 0 || walk.rc < 0 ? -1 : 0;
}
