/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/chain_pruned.h"

#include "lib/mem.h"

#include <ctype.h>
#include <errno.h>

void chain_ranges_add(struct chain_ranges *ranges, int64_t from, int64_t to)
{
	struct chain_range *last =
		ranges->n ? &ranges->ranges[ranges->n - 1] : NULL;

	if (last && from == last->to + 1) {
		last->to = to;
		return;
	}
	ranges->ranges = mem_grow(ranges->ranges, &ranges->cap, ranges->n + 1,
				  sizeof(*ranges->ranges));
	ranges->ranges[ranges->n++] = (struct chain_range){from, to};
}

/* A number at the text, which moves behind it; -1: there is none. */
static int64_t number_at(const char **text)
{
	char *end;
	long long number;

	if (!isdigit((unsigned char)**text))
		return -1;
	errno = 0;
	number = strtoll(*text, &end, 10);
	*text = end;
	return errno ? -1 : number;
}

bool chain_ranges_read(struct chain_ranges *ranges, const char *text,
		       int64_t end)
{
	int64_t from, to;

	if (!*text)
		return true;
	do {
		from = to = number_at(&text);
		if (*text == '-') {
			text++;
			to = number_at(&text);
		}
		if (from < 1 || to < from || to >= end)
			return false;
		chain_ranges_add(ranges, from, to);
	} while (*text++ == ',');
	return text[-1] == '\0';
}

static int by_from(const void *a, const void *b)
{
	const struct chain_range *x = a;
	const struct chain_range *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Joins what overlaps, so that each number is in one. */
void chain_ranges_sort(struct chain_ranges *ranges)
{
	size_t i, n = 0;

	if (ranges->n)
		qsort(ranges->ranges, ranges->n, sizeof(*ranges->ranges),
		      by_from);
	for (i = 0; i < ranges->n; i++) {
		struct chain_range *last = n ? &ranges->ranges[n - 1] : NULL;
		struct chain_range range = ranges->ranges[i];

		if (!last || range.from > last->to + 1)
			ranges->ranges[n++] = range;
		else if (range.to > last->to)
			last->to = range.to;
	}
	ranges->n = n;
}

int64_t chain_ranges_gap(const struct chain_ranges *ranges, int64_t from)
{
	size_t low = 0, high = ranges->n;

	/* The first one that ends at it or behind. */
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (ranges->ranges[middle].to < from)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < ranges->n && ranges->ranges[low].from <= from)
		return ranges->ranges[low].to + 1;
	return from;
}

void chain_ranges_free(struct chain_ranges *ranges)
{
	free(ranges->ranges);
	*ranges = (struct chain_ranges){0};
}
