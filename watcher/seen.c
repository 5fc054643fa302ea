/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/seen.h"

#include "lib/mem.h"

/* More rows than this and the oldest memory is given up: 4 MiB. */
#define SEEN_MAX (512U * 1024U)

void seen_free(struct seen *seen)
{
	free(seen->hashes);
	*seen = (struct seen){0};
}

/* Where the hash is, or would be. */
static uint64_t *seen_slot(const struct seen *seen, uint64_t hash)
{
	size_t i = hash & (seen->cap - 1);

	while (seen->hashes[i] && seen->hashes[i] != hash)
		i = (i + 1) & (seen->cap - 1);
	return &seen->hashes[i];
}

bool seen_has(const struct seen *seen, uint64_t hash)
{
	return hash && seen->cap && *seen_slot(seen, hash) == hash;
}

static void seen_grow(struct seen *seen)
{
	struct seen larger = {.cap = seen->cap ? seen->cap * 2 : 1024};
	size_t i;

	if (larger.cap > SEEN_MAX) {
		seen_free(seen);
		larger.cap = 1024;
	}
	larger.hashes = mem_alloc(larger.cap, sizeof(*larger.hashes));
	larger.n = seen->n;
	for (i = 0; i < seen->cap; i++)
		if (seen->hashes[i])
			*seen_slot(&larger, seen->hashes[i]) = seen->hashes[i];
	free(seen->hashes);
	*seen = larger;
}

void seen_note(struct seen *seen, uint64_t hash)
{
	if (!hash || seen_has(seen, hash))
		return;
	if (2 * (seen->n + 1) > seen->cap)
		seen_grow(seen);
	*seen_slot(seen, hash) = hash;
	seen->n++;
}

uint64_t seen_task(int64_t id_array_job, int64_t task)
{
	/* Both are below 2^32; spread, as the lowest bits choose the slot. */
	uint64_t key = (uint64_t)id_array_job << 32 | (uint64_t)task;

	key = (key ^ key >> 31) * 0x9e3779b97f4a7c15U;
	return key ^ key >> 29;
}
