/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/neighbours.h"

#include "lib/mem.h"
#include "lib/when.h"

#include <stdbool.h>

#define MONTH_S (30 * 86400)

/* What store_event() takes, and when it began. */
struct near {
	int64_t event_id;
	int64_t root_id;
	int64_t ended;
};

struct search {
	const struct incident *incident;
	struct neighbours *found;
	struct near near[NEIGHBOURS_NEAREST]; /* by distance */
	size_t n;
};

static int64_t distance(const struct search *search, int64_t ended)
{
	int64_t here = search->incident->ended;

	return ended < here ? when_between(ended, here)
			    : when_between(here, ended);
}

static void count(struct neighbours_count *count, const struct incident *event)
{
	count->events++;
	count->suspected += !incident_is_confirmed(event);
}

/* Puts it where it belongs among the nearest, if it does. */
static void keep_nearest(struct search *search, const struct incident *event)
{
	int64_t apart = distance(search, event->ended);
	size_t i = search->n;

	if (i < NEIGHBOURS_NEAREST)
		search->n++;
	else if (distance(search, search->near[--i].ended) <= apart)
		return;
	for (; i && distance(search, search->near[i - 1].ended) > apart; i--)
		search->near[i] = search->near[i - 1];
	search->near[i] = (struct near){
		.event_id = event->event_id,
		.root_id = event->root_id,
		.ended = event->ended,
	};
}

static int see_before(const struct incident *event, void *arg)
{
	struct search *search = arg;

	count(&search->found->year, event);
	if (distance(search, event->ended) < MONTH_S)
		count(&search->found->month, event);
	keep_nearest(search, event);
	return 0;
}

static bool is_kept(const struct search *search, int64_t event_id)
{
	size_t i = 0;

	while (i < search->n && search->near[i].event_id != event_id)
		i++;
	return i < search->n;
}

/* Until none that follows can be nearer than those that are kept. */
static int see_behind(const struct incident *incident, void *arg)
{
	struct search *search = arg;

	if (search->n == NEIGHBOURS_NEAREST &&
	    distance(search, incident->ended) >=
		    distance(search, search->near[search->n - 1].ended))
		return 1;
	if (!is_kept(search, incident->event_id))
		keep_nearest(search, incident);
	return 0;
}

static int add(const struct incident *incident, void *fold)
{
	event_fold_add(fold, incident);
	return 0;
}

/* What of other events is told: what counts. */
static const struct store_filter counts = {
	.until = INT64_MAX,
	.suspected = true,
};

/* Takes the event over. */
static void put_in_order(struct neighbours *found, const struct event *event)
{
	size_t at = found->n_nearest++;

	for (; at && found->nearest[at - 1].sum.ended > event->sum.ended; at--)
		found->nearest[at] = found->nearest[at - 1];
	found->nearest[at] = *event;
}

static int read_nearest(struct store *store, const struct search *search,
			struct err *err)
{
	struct incident key = *search->incident;
	size_t i;

	for (i = 0; i < search->n; i++) {
		struct event_fold *fold = event_fold_new();
		struct event event;
		int rc;

		key.event_id = search->near[i].event_id;
		key.root_id = search->near[i].root_id;
		rc = store_event(store, &key, &counts, add, fold, err);
		event = event_fold_end(fold);
		/* A store that was altered may have none of them. */
		if (rc == 0 && event.incidents)
			put_in_order(search->found, &event);
		else
			event_finish(&event);
		if (rc < 0)
			return -1;
	}
	return 0;
}

struct own {
	struct neighbours *found;
	struct event_fold *fold;
};

static int add_own(const struct incident *incident, void *arg)
{
	struct own *own = arg;
	struct neighbours *found = own->found;

	event_fold_add(own->fold, incident);
	found->ids = mem_grow(found->ids, &found->cap, found->n_ids + 1,
			      sizeof(*found->ids));
	found->ids[found->n_ids++] = incident->incident_id;
	return 0;
}

static int compare_ids(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static int read_own(struct store *store, const struct incident *incident,
		    struct neighbours *found, struct err *err)
{
	static const struct store_filter all = {
		.until = INT64_MAX,
		.suspected = true,
		.exempt = true,
		.corrected = true,
	};
	struct own own = {.found = found, .fold = event_fold_new()};
	int rc = store_event(store, incident, &all, add_own, &own, err);

	found->event = event_fold_end(own.fold);
	if (found->n_ids)
		qsort(found->ids, found->n_ids, sizeof(*found->ids),
		      compare_ids);
	return rc;
}

int neighbours_read(struct store *store, const struct incident *incident,
		    struct neighbours *neighbours, struct err *err)
{
	struct search search = {.incident = incident, .found = neighbours};

	*neighbours = (struct neighbours){0};
	if (read_own(store, incident, neighbours, err) < 0 ||
	    store_neighbours(store, incident, see_before, &search, err) < 0 ||
	    store_next(store, incident, see_behind, &search, err) < 0)
		return -1;
	return read_nearest(store, &search, err);
}

void neighbours_finish(struct neighbours *neighbours)
{
	size_t i;

	event_finish(&neighbours->event);
	for (i = 0; i < neighbours->n_nearest; i++)
		event_finish(&neighbours->nearest[i]);
	free(neighbours->ids);
	*neighbours = (struct neighbours){0};
}
