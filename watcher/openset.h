/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of rows by job_db_inx, ascending: which are open, and what is
 * remembered of them. */
#ifndef WATCHER_OPENSET_H
#define WATCHER_OPENSET_H

#include "schema/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of rows. All zero is an empty set. */
struct ids {
	uint64_t *ids;
	size_t n;
	size_t cap;
};

void ids_add(struct ids *ids, uint64_t id);
void ids_sort(struct ids *ids);
void ids_free(struct ids *ids);
#define autoids __attribute__((cleanup(ids_free)))

/* Open rows with what is remembered of each (NULL: nothing). All zero is an
 * empty set. */
struct openset {
	struct store_open_job *jobs;
	size_t n;
	size_t cap;
};

/* Takes over json. Added in any order, to be sorted before anything else is
 * asked. */
void openset_add(struct openset *set, uint64_t id, char *json, uint64_t hash);
void openset_sort(struct openset *set);
void openset_free(struct openset *set);

/* The row of that number; NULL if it is not in the set. */
struct store_open_job *openset_find(const struct openset *set, uint64_t id);

/* How many rows are remembered. */
size_t openset_remembered(const struct openset *set);

/* Compares the set with the numbers that are there now, ascending: those that
 * appeared, those that are gone, and those that stayed and are remembered.
 * Needs no order of arrival, no clock and no luck with the order of
 * commits. */
void openset_compare(const struct openset *set, const uint64_t *now,
		     size_t n_now, struct ids *appeared, struct ids *gone,
		     struct ids *remembered);

/* Takes the removed rows out and puts the others in their places, or instead
 * of those of their numbers; leaves `put` empty. Both are sorted. */
void openset_merge(struct openset *set, struct openset *put,
		   const struct ids *removed);

#endif
