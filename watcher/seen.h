/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers that were met before, so that the next look costs nothing. It may
 * forget, never invent. */
#ifndef WATCHER_SEEN_H
#define WATCHER_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is an empty one. */
struct seen {
	uint64_t *hashes; /* 0: free */
	size_t n;
	size_t cap;
};

bool seen_has(const struct seen *seen, uint64_t hash);
/* 0 is not noted. */
void seen_note(struct seen *seen, uint64_t hash);
void seen_free(struct seen *seen);

/* A number for a task of an array. */
uint64_t seen_task(int64_t id_array_job, int64_t task);

#endif
