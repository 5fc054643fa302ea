/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/ran.h"

#include "lib/mem.h"
#include "schema/store_ran.h"

#include <string.h>

static int64_t min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static struct ran_row *row_of(struct ran *ran, const char *partition)
{
	size_t i;

	for (i = 0; i < ran->n; i++)
		if (strcmp(ran->rows[i].partition, partition) == 0)
			return &ran->rows[i];
	ran->rows =
		mem_grow(ran->rows, &ran->cap, ran->n + 1, sizeof(*ran->rows));
	ran->rows[ran->n] =
		(struct ran_row){.partition = mem_strdup(partition)};
	return &ran->rows[ran->n++];
}

static int add(const struct store_ran *counted, void *arg)
{
	struct ran *ran = arg;

	row_of(ran, counted->partition)->jobs += counted->jobs;
	ran->jobs += counted->jobs;
	return 0;
}

static int by_jobs(const void *a, const void *b)
{
	const struct ran_row *left = a;
	const struct ran_row *right = b;

	if (left->jobs != right->jobs)
		return left->jobs > right->jobs ? -1 : 1;
	return strcmp(left->partition, right->partition);
}

/* What of the period is counted of all clusters. */
static int read_counted(struct ran *ran, const struct coverage *coverage,
			struct store *store, struct err *err)
{
	size_t i;

	ran->since_s = coverage->since_s;
	ran->until_s = coverage->until_s;
	ran->whole = coverage->n > 0;
	for (i = 0; i < coverage->n; i++) {
		struct store_counted counted;

		if (store_counted(store, coverage->clusters[i].name, &counted,
				  err) < 0)
			return -1;
		ran->since_s = max(ran->since_s, counted.since);
		ran->until_s = min(ran->until_s, counted.until);
	}
	if (ran->since_s >= ran->until_s) {
		ran->since_s = ran->until_s = 0;
		ran->whole = false;
	}
	/* The quarter that the period begins in may have begun before it. */
	if (ran->since_s > coverage->since_s ||
	    ran->until_s < min(coverage->end_s, coverage->now_s - RAN_LAG_S))
		ran->whole = false;
	return 0;
}

int ran_read(struct ran *ran, const struct coverage *coverage,
	     const struct store_filter *filter, struct store *store,
	     struct err *err)
{
	ran->unknown =
		filter->user || filter->account || filter->kind || filter->open;
	if (ran->unknown)
		return 0;
	if (read_counted(ran, coverage, store, err) < 0 ||
	    store_ran(store, filter, add, ran, err) < 0)
		return -1;
	if (ran->n)
		qsort(ran->rows, ran->n, sizeof(*ran->rows), by_jobs);
	return 0;
}

void ran_finish(struct ran *ran)
{
	size_t i;

	for (i = 0; i < ran->n; i++)
		free(ran->rows[i].partition);
	free(ran->rows);
	*ran = (struct ran){0};
}

int64_t ran_base(const struct ran *ran, int64_t jobs)
{
	return ran->whole ? jobs : 0;
}
