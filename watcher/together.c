/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/together.h"

#include "lib/mem.h"

/* Members of an event ended at most a second apart, one after the other: more
 * than long enough. */
#define EVENT_S 3600

bool together_ids_add(struct together_ids *ids, int64_t id)
{
	size_t i;

	for (i = 0; i < ids->n; i++)
		if (ids->ids[i] == id)
			return false;
	ids->ids = mem_grow(ids->ids, &ids->cap, ids->n + 1, sizeof(*ids->ids));
	ids->ids[ids->n++] = id;
	return true;
}

struct event {
	int64_t event_id;
	struct together_ids ids;
};

static int note_member(const struct incident *incident, void *arg)
{
	struct event *event = arg;

	if (incident->event_id == event->event_id)
		together_ids_add(&event->ids, incident->incident_id);
	return 0;
}

int together_members(struct store *store, const struct incident *incident,
		     enum together_who who, struct together_ids *ids,
		     struct err *err)
{
	const struct store_filter filter = {
		.since = incident->ended - EVENT_S,
		.until = incident->ended + EVENT_S,
		.cluster = incident->cluster,
		.suspected = who == TOGETHER_EVENT,
		.exempt = who == TOGETHER_EVENT,
		.corrected = who == TOGETHER_EVENT,
		.open = who == TOGETHER_PROVEN,
	};
	struct event event = {.event_id = incident->event_id};

	together_ids_add(&event.ids, incident->incident_id);
	if (who != TOGETHER_ALONE &&
	    store_incidents(store, &filter, note_member, &event, err) < 0) {
		free(event.ids.ids);
		return -1;
	}
	*ids = event.ids;
	return 0;
}

void together_finish(struct together *together)
{
	size_t i;

	for (i = 0; i < together->n; i++) {
		restore_facts_finish(&together->gathered[i]);
		incident_finish(&together->incidents[i]);
	}
	restore_plans_free(together->plans, together->n_plans);
	free(together->incidents);
	free(together->gathered);
	free(together->facts);
}

int together_plan(const struct conf *conf, struct store *store,
		  const struct together_ids *ids, bool to_apply,
		  struct together *together, struct err *err)
{
	size_t n = ids->n;
	size_t i;

	together->n = n;
	together->incidents = mem_alloc(n, sizeof(*together->incidents));
	together->gathered = mem_alloc(n, sizeof(*together->gathered));
	together->facts = mem_alloc(n, sizeof(*together->facts));
	for (i = 0; i < n; i++) {
		if (store_incident(store, ids->ids[i], &together->incidents[i],
				   err) < 0 ||
		    restore_facts_gather(conf, store, &together->incidents[i],
					 to_apply, &together->gathered[i],
					 err) < 0)
			return -1;
		together->facts[i] = together->gathered[i].facts;
	}
	restore_plan_event(together->facts, together->n, &together->plans,
			   &together->n_plans);
	return 0;
}
