/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/tally.h"

#include "lib/mem.h"

#include <string.h>

/* An event that a row has counted; both tables are open addressing, at most
 * half full, their sizes powers of two. */
struct tally_event {
	uint32_t row; /* plus 1; 0: a free slot */
	uint32_t confidence;
	int64_t event_id;
};

#define FIRST_SIZE 64

/* FNV-1a. */
static uint64_t hash_bytes(const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint64_t hash = 14695981039346656037ULL;

	while (len--)
		/* An event has no padding: all its bytes are set. */
		/* NOLINTNEXTLINE(clang-analyzer-core.*) */
		hash = (hash ^ *at++) * 1099511628211ULL;
	return hash ^ hash >> 32;
}

static void grow_index(struct tally *tally)
{
	size_t size = tally->index_size ? 2 * tally->index_size : FIRST_SIZE;
	uint32_t *index = mem_alloc(size, sizeof(*index));
	size_t i;

	for (i = 0; i < tally->n; i++) {
		const char *name = tally->rows[i].name;
		size_t at = hash_bytes(name, strlen(name)) & (size - 1);

		while (index[at])
			at = (at + 1) & (size - 1);
		index[at] = (uint32_t)i + 1;
	}
	free(tally->index);
	tally->index = index;
	tally->index_size = size;
}

/* Number of the row of that name, which is made if there is none. */
static uint32_t row_of(struct tally *tally, const char *name)
{
	size_t at;

	if (2 * tally->n >= tally->index_size)
		grow_index(tally);
	at = hash_bytes(name, strlen(name)) & (tally->index_size - 1);
	for (; tally->index[at]; at = (at + 1) & (tally->index_size - 1))
		if (strcmp(tally->rows[tally->index[at] - 1].name, name) == 0)
			return tally->index[at] - 1;
	tally->rows = mem_grow(tally->rows, &tally->cap, tally->n + 1,
			       sizeof(*tally->rows));
	tally->rows[tally->n] = (struct tally_row){.name = mem_strdup(name)};
	tally->index[at] = (uint32_t)++tally->n;
	return (uint32_t)tally->n - 1;
}

/* The slot of the event, or the free one where it belongs. */
static struct tally_event *slot_of(struct tally_event *events, size_t size,
				   const struct tally_event *event)
{
	size_t at = hash_bytes(event, sizeof(*event)) & (size - 1);

	while (events[at].row &&
	       memcmp(&events[at], event, sizeof(*event)) != 0)
		at = (at + 1) & (size - 1);
	return &events[at];
}

static void grow_events(struct tally *tally)
{
	size_t size = tally->events_size ? 2 * tally->events_size : FIRST_SIZE;
	struct tally_event *events = mem_alloc(size, sizeof(*events));
	size_t i;

	for (i = 0; i < tally->events_size; i++)
		if (tally->events[i].row)
			*slot_of(events, size, &tally->events[i]) =
				tally->events[i];
	free(tally->events);
	tally->events = events;
	tally->events_size = size;
}

/* Whether the row counts the event for the first time. */
static bool is_new_event(struct tally *tally, uint32_t row,
			 enum incident_confidence confidence, int64_t event_id)
{
	struct tally_event event = {row + 1, confidence, event_id};
	struct tally_event *slot;

	if (2 * tally->n_events >= tally->events_size)
		grow_events(tally);
	slot = slot_of(tally->events, tally->events_size, &event);
	if (slot->row)
		return false;
	*slot = event;
	tally->n_events++;
	return true;
}

size_t tally_add(struct tally *tally, const char *name,
		 const struct incident *incident)
{
	uint32_t row = row_of(tally, name);
	enum incident_confidence confidence = incident_confidence_now(incident);
	struct incident_sum *sum;

	sum = &tally->rows[row].sums[confidence];
	sum->incidents++;
	sum->events += is_new_event(tally, row, confidence, incident->event_id);
	incident_add(&sum->jobs, incident->tasks);
	incident_add(&sum->ran, incident->started ? incident->tasks : 0);
	incident_add(&sum->cpu_seconds, incident->cpu_seconds);
	incident_add(&sum->gpu_seconds, incident->gpu_seconds);
	sum->restored += incident->restored_at && !incident_is_again(incident);
	sum->again += incident_is_again(incident);
	sum->acknowledged += incident->acknowledged_at != 0;
	sum->open += incident_counts(incident) && !incident->restored_at &&
		     !incident->acknowledged_at;
	return row;
}

void tally_finish(struct tally *tally)
{
	size_t i;

	for (i = 0; i < tally->n; i++)
		free(tally->rows[i].name);
	free(tally->rows);
	free(tally->index);
	free(tally->events);
	*tally = (struct tally){0};
}

static int by_name(const void *a, const void *b)
{
	const struct tally_row *left = a;
	const struct tally_row *right = b;

	return strcmp(left->name, right->name);
}

static int by_events(const void *a, const void *b)
{
	const struct tally_row *left = a;
	const struct tally_row *right = b;
	int i;

	for (i = 0; i < CONFIDENCE_N; i++) {
		const struct incident_sum *l = &left->sums[i];
		const struct incident_sum *r = &right->sums[i];

		if (l->events != r->events)
			return l->events > r->events ? -1 : 1;
		if (l->jobs != r->jobs)
			return l->jobs > r->jobs ? -1 : 1;
	}
	return by_name(a, b);
}

static void sort(struct tally *tally, int compare(const void *, const void *))
{
	if (tally->n)
		qsort(tally->rows, tally->n, sizeof(*tally->rows), compare);
}

void tally_sort_by_events(struct tally *tally)
{
	sort(tally, by_events);
}

void tally_sort_by_name(struct tally *tally)
{
	sort(tally, by_name);
}
