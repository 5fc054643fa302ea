/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/ranking.h"

#include "lib/mem.h"

/* With a limit the events are a heap, the first of the order at its root: it
 * goes when a later one comes. */

static bool is_before(const struct ranking *ranking, size_t a, size_t b)
{
	return choices_compare(ranking->sort, &ranking->events[a],
			       &ranking->events[b]) < 0;
}

static void swap(struct ranking *ranking, size_t a, size_t b)
{
	struct event event = ranking->events[a];

	ranking->events[a] = ranking->events[b];
	ranking->events[b] = event;
}

static void sift_up(struct ranking *ranking, size_t i)
{
	for (; i && is_before(ranking, i, (i - 1) / 2); i = (i - 1) / 2)
		swap(ranking, i, (i - 1) / 2);
}

static void sift_down(struct ranking *ranking, size_t i)
{
	size_t child;

	for (; (child = 2 * i + 1) < ranking->n; i = child) {
		if (child + 1 < ranking->n &&
		    is_before(ranking, child + 1, child))
			child++;
		if (!is_before(ranking, child, i))
			return;
		swap(ranking, i, child);
	}
}

void ranking_add(struct ranking *ranking, struct event *event)
{
	const struct event *first = ranking_first(ranking);

	if (first) {
		if (choices_compare(ranking->sort, event, first) > 0) {
			event_finish(&ranking->events[0]);
			ranking->events[0] = *event;
			sift_down(ranking, 0);
		} else {
			event_finish(event);
		}
		return;
	}
	ranking->events = mem_grow(ranking->events, &ranking->cap,
				   ranking->n + 1, sizeof(*ranking->events));
	ranking->events[ranking->n++] = *event;
	if (ranking->limit)
		sift_up(ranking, ranking->n - 1);
}

const struct event *ranking_first(const struct ranking *ranking)
{
	return ranking->limit && ranking->n == ranking->limit
		       ? &ranking->events[0]
		       : NULL;
}

static int compare(const void *a, const void *b, void *sort)
{
	return choices_compare(sort, a, b);
}

void ranking_sort(struct ranking *ranking)
{
	struct choices sort = *ranking->sort;

	if (ranking->n)
		qsort_r(ranking->events, ranking->n, sizeof(*ranking->events),
			compare, &sort);
}

void ranking_finish(struct ranking *ranking)
{
	size_t i;

	for (i = 0; i < ranking->n; i++)
		event_finish(&ranking->events[i]);
	free(ranking->events);
	ranking->events = NULL;
	ranking->n = ranking->cap = 0;
}
