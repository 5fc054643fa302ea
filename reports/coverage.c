/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/coverage.h"

#include "lib/mem.h"

#include <string.h>

const char *const coverage_hows[COVERAGE_N] = {
	[COVERAGE_WATCHED] = "watched",
	[COVERAGE_BACKFILLED] = "backfilled",
	[COVERAGE_GAP] = "gap",
	[COVERAGE_LOST] = "lost",
};

static int64_t min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void add(struct coverage_spans *spans, const struct coverage_span *span,
		const char *reason, const char *job)
{
	struct coverage_span *added;

	spans->spans = mem_grow(spans->spans, &spans->cap, spans->n + 1,
				sizeof(*spans->spans));
	added = &spans->spans[spans->n++];
	*added = *span;
	added->reason = mem_strdup(reason);
	added->job = mem_strdup(job);
}

static void spans_free(struct coverage_spans *spans)
{
	size_t i;

	for (i = 0; i < spans->n; i++) {
		free(spans->spans[i].reason);
		free(spans->spans[i].job);
	}
	free(spans->spans);
	*spans = (struct coverage_spans){0};
}

static struct coverage_cluster *find(struct coverage *coverage,
				     const char *name)
{
	size_t i;

	for (i = 0; i < coverage->n; i++)
		if (strcmp(coverage->clusters[i].name, name) == 0)
			return &coverage->clusters[i];
	return NULL;
}

static struct coverage_cluster *add_cluster(struct coverage *coverage,
					    const char *name)
{
	struct coverage_cluster *cluster;

	coverage->clusters =
		mem_grow(coverage->clusters, &coverage->cap, coverage->n + 1,
			 sizeof(*coverage->clusters));
	cluster = &coverage->clusters[coverage->n++];
	*cluster = (struct coverage_cluster){.name = mem_strdup(name)};
	return cluster;
}

static enum coverage_how how_of(const char *word)
{
	int how;

	for (how = 0; how < COVERAGE_N; how++)
		if (strcmp(word, coverage_hows[how]) == 0)
			break;
	return (enum coverage_how)how;
}

/* Moves the last span to where its beginning belongs. */
static void settle(struct coverage_spans *spans)
{
	size_t i = spans->n - 1;
	struct coverage_span span = spans->spans[i];

	for (; i && spans->spans[i - 1].since_s > span.since_s; i--)
		spans->spans[i] = spans->spans[i - 1];
	spans->spans[i] = span;
}

static int collect(const struct store_span *stored, void *arg)
{
	struct coverage *coverage = arg;
	struct coverage_cluster *cluster = find(coverage, stored->cluster);
	struct coverage_span span = {
		.since_s = max(stored->since, 0),
		.until_s = stored->until ? stored->until : INT64_MAX,
		.how = how_of(stored->how),
	};

	if (!cluster)
		cluster = add_cluster(coverage, stored->cluster);
	if (span.how == COVERAGE_WATCHED &&
	    span.until_s >= coverage->now_s - COVERAGE_SLACK_S)
		span.until_s = max(span.until_s, coverage->now_s);
	/* An open gap is there now, even if it has only just begun, or by a
	 * clock that is ahead of ours. */
	if (span.how == COVERAGE_GAP && !stored->until)
		span.since_s = min(span.since_s, coverage->now_s - 1);
	if (span.how == COVERAGE_N)
		return 0;
	add(&cluster->stored, &span, stored->reason, stored->job);
	settle(&cluster->stored);
	return 0;
}

/* --- From what is stored to what was watched ---------------------------- */

/* Of what the period has so far, cut into pieces in which nothing begins or
 * ends. */
struct sweep {
	const struct coverage *coverage;
	struct coverage_cluster *cluster;
	int64_t *cuts; /* sorted */
	size_t n_cuts;
	/* Of the spans that have begun, the one that reaches furthest. */
	const struct coverage_span *reach[COVERAGE_N];
	int64_t first_s; /* of what is watched or a gap */
	int64_t last_s;
};

static int by_value(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static void add_cut(struct sweep *sweep, int64_t at_s)
{
	sweep->cuts[sweep->n_cuts++] = max(sweep->cluster->since_s,
					   min(at_s, sweep->coverage->until_s));
}

static void cut(struct sweep *sweep)
{
	const struct coverage_spans *stored = &sweep->cluster->stored;
	size_t i;

	sweep->cuts = mem_alloc(2 * stored->n + 2, sizeof(*sweep->cuts));
	add_cut(sweep, INT64_MIN);
	add_cut(sweep, INT64_MAX);
	for (i = 0; i < stored->n; i++) {
		add_cut(sweep, stored->spans[i].since_s);
		add_cut(sweep, stored->spans[i].until_s);
	}
	qsort(sweep->cuts, sweep->n_cuts, sizeof(*sweep->cuts), by_value);
}

static bool reaches(const struct sweep *sweep, enum coverage_how how,
		    int64_t at_s)
{
	return sweep->reach[how] && sweep->reach[how]->until_s > at_s;
}

/* Why nobody watched at that time. */
static const char *why(const struct sweep *sweep, int64_t at_s)
{
	const struct coverage_span *gap = sweep->reach[COVERAGE_GAP];

	if (gap && gap->until_s > at_s)
		return gap->reason;
	if (!sweep->cluster->known)
		return "never watched";
	if (at_s < sweep->first_s)
		return "not watched yet";
	if (at_s >= sweep->last_s)
		return "no pass of the watcher since";
	return "not recorded";
}

/* Adds the piece, to the last one if it only goes on with that. */
static void add_piece(struct sweep *sweep, int64_t since_s, int64_t until_s)
{
	struct coverage_spans *spans = &sweep->cluster->spans;
	struct coverage_span *last =
		spans->n ? &spans->spans[spans->n - 1] : NULL;
	struct coverage_span piece = {.since_s = since_s, .until_s = until_s};
	const char *reason = "";

	piece.how = COVERAGE_GAP;
	if (reaches(sweep, COVERAGE_WATCHED, since_s) &&
	    !reaches(sweep, COVERAGE_GAP, since_s))
		piece.how = COVERAGE_WATCHED;
	else if (reaches(sweep, COVERAGE_BACKFILLED, since_s))
		piece.how = COVERAGE_BACKFILLED;
	if (piece.how != COVERAGE_WATCHED)
		reason = why(sweep, since_s);
	sweep->cluster->sums[piece.how] += until_s - since_s;
	if (last && last->how == piece.how &&
	    strcmp(last->reason, reason) == 0) {
		last->until_s = until_s;
		return;
	}
	add(spans, &piece, reason, "");
}

static void begin(struct sweep *sweep, const struct coverage_span *span)
{
	const struct coverage_span **reach = &sweep->reach[span->how];

	if (!*reach || span->until_s > (*reach)->until_s)
		*reach = span;
}

/* What is watched or a gap tells when watching began, and when it was last
 * known of. */
static void find_ends(struct sweep *sweep)
{
	const struct coverage_spans *stored = &sweep->cluster->stored;
	size_t i;

	sweep->first_s = INT64_MAX;
	sweep->last_s = INT64_MIN;
	for (i = 0; i < stored->n; i++) {
		const struct coverage_span *span = &stored->spans[i];

		if (span->how != COVERAGE_WATCHED && span->how != COVERAGE_GAP)
			continue;
		sweep->cluster->known = true;
		sweep->first_s = min(sweep->first_s, span->since_s);
		sweep->last_s = max(sweep->last_s, span->until_s);
	}
}

static void sweep_pieces(struct sweep *sweep)
{
	const struct coverage_spans *stored = &sweep->cluster->stored;
	size_t next = 0;
	size_t i;

	for (i = 1; i < sweep->n_cuts; i++) {
		int64_t since_s = sweep->cuts[i - 1];

		if (since_s == sweep->cuts[i])
			continue;
		for (;
		     next < stored->n && stored->spans[next].since_s <= since_s;
		     next++)
			begin(sweep, &stored->spans[next]);
		add_piece(sweep, since_s, sweep->cuts[i]);
	}
}

static void copy(struct coverage_spans *spans, const struct coverage_span *span)
{
	add(spans, span, span->reason, span->job);
}

/* Puts the jobs that were lost in the period between the spans. */
static void add_lost(const struct coverage *coverage,
		     struct coverage_cluster *cluster)
{
	struct coverage_spans pieces = cluster->spans;
	size_t next = 0;
	size_t i;

	cluster->spans = (struct coverage_spans){0};
	for (i = 0; i < cluster->stored.n; i++) {
		const struct coverage_span *span = &cluster->stored.spans[i];

		if (span->how != COVERAGE_LOST ||
		    span->since_s < coverage->since_s ||
		    span->since_s >= coverage->end_s)
			continue;
		for (; next < pieces.n &&
		       pieces.spans[next].since_s < span->since_s;
		     next++)
			copy(&cluster->spans, &pieces.spans[next]);
		copy(&cluster->spans, span);
	}
	for (; next < pieces.n; next++)
		copy(&cluster->spans, &pieces.spans[next]);
	for (i = 0; i < cluster->spans.n; i++)
		cluster->counts[cluster->spans.spans[i].how]++;
	spans_free(&pieces);
}

static void watch_back(const struct coverage *coverage,
		       struct coverage_cluster *cluster)
{
	struct sweep sweep = {.coverage = coverage, .cluster = cluster};

	cluster->since_s = coverage->since_s;
	if (cluster->since_s == COVERAGE_FROM_FIRST)
		cluster->since_s = cluster->stored.n
					   ? cluster->stored.spans[0].since_s
					   : coverage->until_s;
	cluster->since_s = min(cluster->since_s, coverage->until_s);
	cluster->seconds = coverage->until_s - cluster->since_s;
	find_ends(&sweep);
	cut(&sweep);
	sweep_pieces(&sweep);
	free(sweep.cuts);
	add_lost(coverage, cluster);
	spans_free(&cluster->stored);
}

/* --- Reading ------------------------------------------------------------ */

static int by_name(const void *a, const void *b)
{
	const struct coverage_cluster *left = a;
	const struct coverage_cluster *right = b;

	return strcmp(left->name, right->name);
}

/* Every span is read, not only those of the period: a cluster that was watched
 * at another time has a gap in this one. */
static int read_spans(struct coverage *coverage, struct store *store,
		      const char *clusters, struct err *err)
{
	__attribute__((cleanup(text_list_free))) struct text_list names = {0};
	size_t i;

	if (!clusters)
		return store_spans(store, NULL, INT64_MIN, INT64_MAX, collect,
				   coverage, err);
	text_list_split(&names, clusters);
	for (i = 0; i < names.n; i++) {
		if (find(coverage, names.items[i]))
			continue;
		add_cluster(coverage, names.items[i]);
		if (store_spans(store, names.items[i], INT64_MIN, INT64_MAX,
				collect, coverage, err) < 0)
			return -1;
	}
	return 0;
}

int coverage_read(struct coverage *coverage, struct store *store,
		  const char *clusters, int64_t since_s, int64_t until_s,
		  int64_t now_s, struct err *err)
{
	size_t i;

	*coverage = (struct coverage){
		.since_s = since_s,
		.until_s = max(since_s, min(until_s, now_s)),
		.end_s = until_s,
		.now_s = now_s,
	};
	if (read_spans(coverage, store, clusters, err) < 0)
		return -1;
	for (i = 0; i < coverage->n; i++)
		watch_back(coverage, &coverage->clusters[i]);
	if (coverage->n)
		qsort(coverage->clusters, coverage->n,
		      sizeof(*coverage->clusters), by_name);
	return 0;
}

void coverage_finish(struct coverage *coverage)
{
	size_t i;

	for (i = 0; i < coverage->n; i++) {
		spans_free(&coverage->clusters[i].spans);
		spans_free(&coverage->clusters[i].stored);
		free(coverage->clusters[i].name);
	}
	free(coverage->clusters);
	*coverage = (struct coverage){0};
}

bool coverage_is_whole(const struct coverage *coverage)
{
	size_t i;

	for (i = 0; i < coverage->n; i++)
		if (!coverage->clusters[i].seconds ||
		    coverage->clusters[i].counts[COVERAGE_GAP] ||
		    coverage->clusters[i].counts[COVERAGE_LOST])
			return false;
	return coverage->n;
}

size_t coverage_count(const struct coverage *coverage, enum coverage_how how)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < coverage->n; i++)
		n += coverage->clusters[i].counts[how];
	return n;
}

int64_t coverage_share(const struct coverage_cluster *cluster,
		       enum coverage_how how)
{
	return cluster->seconds ? cluster->sums[how] * 10000 / cluster->seconds
				: 0;
}

bool coverage_goes_on(const struct coverage *coverage,
		      const struct coverage_span *span)
{
	return span->how != COVERAGE_LOST && span->until_s == coverage->now_s;
}
