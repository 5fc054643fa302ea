/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/coverage.h"

#include "lib/mem.h"

#include <string.h>

static int64_t min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static struct coverage_cluster *cluster_of(struct coverage *coverage,
					   const char *name)
{
	struct coverage_cluster *cluster;
	size_t i;

	for (i = 0; i < coverage->n; i++)
		if (strcmp(coverage->clusters[i].name, name) == 0)
			return &coverage->clusters[i];
	coverage->clusters =
		mem_grow(coverage->clusters, &coverage->cap, coverage->n + 1,
			 sizeof(*coverage->clusters));
	cluster = &coverage->clusters[coverage->n++];
	*cluster = (struct coverage_cluster){
		.name = mem_strdup(name),
		.reached_s = coverage->since_s,
	};
	return cluster;
}

/* Notes a gap from what is known up to until_s. */
static void add_gap(struct coverage_cluster *cluster, int64_t until_s,
		    const char *reason)
{
	if (until_s <= cluster->reached_s)
		return;
	cluster->gaps = mem_grow(cluster->gaps, &cluster->cap,
				 cluster->n_gaps + 1, sizeof(*cluster->gaps));
	cluster->gaps[cluster->n_gaps++] = (struct coverage_gap){
		.since_s = cluster->reached_s,
		.until_s = until_s,
		.reason = mem_strdup(reason),
	};
	cluster->reached_s = until_s;
}

static void add_watched(struct coverage_cluster *cluster, int64_t until_s)
{
	if (until_s <= cluster->reached_s)
		return;
	cluster->watched_s += until_s - cluster->reached_s;
	cluster->reached_s = until_s;
}

/* Spans come oldest first; what two of them claim is the first one's. Kinds
 * but these two do not tell of watching. */
static int add_span(const struct store_span *span, void *arg)
{
	struct coverage *coverage = arg;
	struct coverage_cluster *cluster = cluster_of(coverage, span->cluster);
	bool watched = strcmp(span->how, "watched") == 0;
	int64_t until_s = span->until ? span->until : coverage->until_s;

	if (!watched && strcmp(span->how, "gap") != 0)
		return 0;
	if (watched && coverage->now_s - until_s <= COVERAGE_SLACK_S)
		until_s = max(until_s, coverage->now_s);
	until_s = min(until_s, coverage->until_s);
	add_gap(cluster, min(span->since, coverage->until_s),
		cluster->known ? "not recorded" : "not watched yet");
	cluster->known = true;
	if (watched)
		add_watched(cluster, until_s);
	else
		add_gap(cluster, until_s, span->reason);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct coverage_cluster *left = a;
	const struct coverage_cluster *right = b;

	return strcmp(left->name, right->name);
}

/* What lies behind the last span, of each cluster. */
static void finish_clusters(struct coverage *coverage)
{
	size_t i;

	for (i = 0; i < coverage->n; i++) {
		struct coverage_cluster *cluster = &coverage->clusters[i];

		add_gap(cluster, coverage->until_s,
			cluster->known ? "no pass of the watcher since"
				       : "never watched");
	}
	if (coverage->n)
		qsort(coverage->clusters, coverage->n,
		      sizeof(*coverage->clusters), by_name);
}

/* Every span is read, not only those of the period: a cluster that was watched
 * at another time has a gap in this one. */
int coverage_read(struct coverage *coverage, struct store *store,
		  const char *clusters, int64_t since_s, int64_t until_s,
		  int64_t now_s, struct err *err)
{
	__attribute__((cleanup(text_list_free))) struct text_list names = {0};
	int failed = 0;
	size_t i;

	*coverage = (struct coverage){
		.since_s = since_s,
		.until_s = max(since_s, min(until_s, now_s)),
		.now_s = now_s,
	};
	if (!clusters)
		failed = store_spans(store, NULL, 0, INT64_MAX, add_span,
				     coverage, err);
	else
		text_list_split(&names, clusters);
	for (i = 0; i < names.n && failed >= 0; i++) {
		cluster_of(coverage, names.items[i]);
		failed = store_spans(store, names.items[i], 0, INT64_MAX,
				     add_span, coverage, err);
	}
	finish_clusters(coverage);
	return failed;
}

void coverage_finish(struct coverage *coverage)
{
	size_t i, j;

	for (i = 0; i < coverage->n; i++) {
		struct coverage_cluster *cluster = &coverage->clusters[i];

		for (j = 0; j < cluster->n_gaps; j++)
			free(cluster->gaps[j].reason);
		free(cluster->gaps);
		free(cluster->name);
	}
	free(coverage->clusters);
	*coverage = (struct coverage){0};
}

int64_t coverage_seconds(const struct coverage *coverage)
{
	return coverage->until_s - coverage->since_s;
}

bool coverage_is_whole(const struct coverage *coverage)
{
	size_t i;

	for (i = 0; i < coverage->n; i++)
		if (coverage->clusters[i].watched_s <
		    coverage_seconds(coverage))
			return false;
	return coverage->n && coverage_seconds(coverage);
}

int64_t coverage_share(const struct coverage *coverage,
		       const struct coverage_cluster *cluster)
{
	int64_t seconds = coverage_seconds(coverage);

	return seconds ? cluster->watched_s * 10000 / seconds : 0;
}
