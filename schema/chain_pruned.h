/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which entries have no content any more, and which ones may have none. */
#ifndef SCHEMA_CHAIN_PRUNED_H
#define SCHEMA_CHAIN_PRUNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chain_range {
	int64_t from;
	int64_t to; /* it, too */
};

struct chain_ranges {
	struct chain_range *ranges;
	size_t n;
	size_t cap;
};

/* Adds a range, which may go on with the last one. */
void chain_ranges_add(struct chain_ranges *ranges, int64_t from, int64_t to);

/* Adds those of a text like "1-500,502", all of them before `end`; an empty one
 * is none. False: it is no such text. */
bool chain_ranges_read(struct chain_ranges *ranges, const char *text,
		       int64_t end);

/* Sorts them, so that the next can be asked. */
void chain_ranges_sort(struct chain_ranges *ranges);

/* The first number at or after `from` that is in none of the sorted ranges. */
int64_t chain_ranges_gap(const struct chain_ranges *ranges, int64_t from);

void chain_ranges_free(struct chain_ranges *ranges);

#endif
