/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/ran.h"

#include "lib/mem.h"
#include "schema/store_ran.h"
#include "watcher/place.h"

#include <string.h>

/* A quarter is counted so long after its end, or the overlap, if that is more:
 * what is queued has arrived, and slurmctld has forgotten most jobs
 * (MinJobAge), whose time_end a requeue moves until then. */
#define SETTLES_S 600

#define DAY_S 86400

/* Rows read at once, as the sweep does. */
#define CHUNK_ROWS 2000

/* After so many rows, or so much time counted, a pass leaves the others to the
 * next. */
#define PASS_ROWS 10000
#define PASS_S DAY_S

/* What was before is counted in such spans: a multiple of quarters. */
#define SPAN_S 14400

/* Jobs that ended in a quarter, and where they ran. */
struct place {
	int64_t since_s;
	struct slurmdbd_place at;
	char *partition; /* what it points at */
	char *account;
	int64_t jobs;
};

/* By quarter and partition first. */
struct places {
	struct place *places;
	size_t n;
	size_t cap;
	int64_t rows;
};

static void places_free(struct places *places)
{
	size_t i;

	for (i = 0; i < places->n; i++) {
		free(places->places[i].partition);
		free(places->places[i].account);
	}
	free(places->places);
}

static int64_t quarter_of(int64_t time_s)
{
	return time_s - time_s % STORE_QUARTER_S;
}

static int by_number(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare(const struct place *place, int64_t since_s,
		   const struct slurmdbd_place *at)
{
	int order = by_number(place->since_s, since_s);

	if (!order)
		order = strcmp(place->partition, at->partition);
	if (!order)
		order = strcmp(place->account, at->account);
	if (!order)
		order = by_number(place->at.id_qos, at->id_qos);
	return order ? order : by_number(place->at.id_resv, at->id_resv);
}

static void insert(struct places *places, size_t i, int64_t since_s,
		   const struct slurmdbd_place *at)
{
	struct place place = {
		.since_s = since_s,
		.at = *at,
		.partition = mem_strdup(at->partition),
		.account = mem_strdup(at->account),
	};

	place.at.partition = place.partition;
	place.at.account = place.account;
	places->places = mem_grow(places->places, &places->cap, places->n + 1,
				  sizeof(*places->places));
	memmove(&places->places[i + 1], &places->places[i],
		(places->n - i) * sizeof(*places->places));
	places->places[i] = place;
	places->n++;
}

static void add(int64_t ended_s, const struct slurmdbd_place *at, void *arg)
{
	struct places *places = arg;
	int64_t since_s = quarter_of(ended_s);
	size_t low = 0;
	size_t high = places->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(&places->places[middle], since_s, at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == places->n || compare(&places->places[low], since_s, at) != 0)
		insert(places, low, since_s, at);
	places->places[low].jobs++;
	places->rows++;
}

/* Adds up the protected jobs of the quarter and partition that place *i is of,
 * and moves *i behind them. */
static int sum_up(const struct record *record, const struct places *places,
		  size_t *i, int64_t *jobs, struct err *err)
{
	const struct place *first = &places->places[*i];

	*jobs = 0;
	for (; *i < places->n; (*i)++) {
		const struct place *place = &places->places[*i];
		int rc;

		if (place->since_s != first->since_s ||
		    strcmp(place->partition, first->partition) != 0)
			break;
		rc = place_is_protected(record->conf, record->tables,
					&place->at, err);
		if (rc < 0)
			return -1;
		*jobs += rc ? place->jobs : 0;
	}
	return 0;
}

static int put(struct record *record, const struct places *places,
	       struct err *err)
{
	size_t i = 0;

	while (i < places->n) {
		const struct place *place = &places->places[i];
		autofree char *partition =
			text_utf8(place->partition, strlen(place->partition));
		struct store_ran ran = {
			.cluster = slurmdbd_cluster_name(record->tables),
			.partition = partition,
		};

		if (sum_up(record, places, &i, &ran.jobs, err) < 0)
			return -1;
		if (ran.jobs && (record_begin(record, err) < 0 ||
				 store_ran_put(record->store, place->since_s,
					       &ran, err) < 0))
			return -1;
	}
	return 0;
}

/* Counts whole quarters, and adds the rows that they have to *rows. */
static int count_span(struct record *record, int64_t since_s, int64_t until_s,
		      int64_t *rows, struct err *err)
{
	__attribute__((cleanup(places_free))) struct places places = {0};
	int64_t at_s, bound_s;

	for (at_s = since_s; at_s < until_s; at_s = bound_s)
		if (slurmdbd_ended_bound(record->tables, at_s, until_s,
					 CHUNK_ROWS, &bound_s, err) < 0 ||
		    slurmdbd_ran(record->tables, at_s, bound_s, add, &places,
				 err) < 0)
			return -1;
	*rows += places.rows;
	return put(record, &places, err);
}

/* The end of the last quarter that is to be counted by now. */
static int64_t due_of(const struct record *record)
{
	int64_t overlap_s = record->conf->watch.overlap_s;

	return quarter_of(record->now_s -
			  (overlap_s > SETTLES_S ? overlap_s : SETTLES_S));
}

/* Which time is counted: 1; 0: none is, and counting begins now; -1. */
static int know(struct record *record, struct store_counted *counted,
		struct err *err)
{
	int rc = store_counted(record->store,
			       slurmdbd_cluster_name(record->tables), counted,
			       err);

	if (rc == 0)
		counted->since = counted->until = due_of(record);
	return rc;
}

static int keep(struct record *record, const struct store_counted *counted,
		struct err *err)
{
	if (record_begin(record, err) < 0)
		return -1;
	return store_counted_put(record->store,
				 slurmdbd_cluster_name(record->tables), counted,
				 err);
}

/* Counts the next quarter, and those again that are as old as that by now. */
static int count_next(struct record *record, struct store_counted *counted,
		      int64_t *rows, struct err *err)
{
	const int64_t ages_s[] = {0, DAY_S, record->conf->watch.sweep_window_s};
	size_t i;

	for (i = 0; i < LENGTH(ages_s); i++) {
		int64_t since_s = quarter_of(counted->until - ages_s[i]);

		if (since_s >= counted->since &&
		    count_span(record, since_s, since_s + STORE_QUARTER_S, rows,
			       err) < 0)
			return -1;
	}
	counted->until += STORE_QUARTER_S;
	return 0;
}

int ran_count(struct record *record, struct err *err)
{
	struct store_counted counted;
	int64_t due_s = due_of(record);
	int64_t rows = 0;
	int64_t stop_s;
	int rc = know(record, &counted, err);

	if (rc < 0)
		return -1;
	if (rc > 0 && counted.until == due_s)
		return 0;
	/* The database's clock was ahead. */
	if (counted.until > due_s)
		counted.until = due_s;
	if (counted.since > counted.until)
		counted.since = counted.until;
	stop_s = counted.until + PASS_S;
	if (stop_s > due_s)
		stop_s = due_s;
	while (counted.until < stop_s && rows < PASS_ROWS)
		if (count_next(record, &counted, &rows, err) < 0)
			return -1;
	return keep(record, &counted, err);
}

/* The first quarter that is to be counted from since_s on; INT64_MAX: there is
 * none. */
static int first_quarter(const struct record *record, int64_t since_s,
			 int64_t *first_s, struct err *err)
{
	if (slurmdbd_first_end(record->tables, first_s, err) < 0)
		return -1;
	if (!*first_s)
		*first_s = INT64_MAX;
	*first_s = quarter_of(*first_s > since_s ? *first_s : since_s);
	return 0;
}

int ran_count_before(struct record *record, int64_t since_s, int64_t *at_s,
		     struct err *err)
{
	struct store_counted counted;
	int64_t first_s, stop_s;
	int64_t rows = 0;

	if (know(record, &counted, err) < 0 ||
	    first_quarter(record, since_s, &first_s, err) < 0)
		return -1;
	*at_s = counted.since;
	if (first_s >= *at_s)
		return 0;
	stop_s = *at_s - PASS_S > first_s ? *at_s - PASS_S : first_s;
	while (*at_s > stop_s && rows < PASS_ROWS) {
		int64_t until_s = *at_s;

		*at_s = until_s - SPAN_S > stop_s ? until_s - SPAN_S : stop_s;
		if (count_span(record, *at_s, until_s, &rows, err) < 0)
			return -1;
	}
	/* A watcher at work may have moved the end meanwhile. */
	if (record_begin(record, err) < 0 || know(record, &counted, err) < 0)
		return -1;
	counted.since = *at_s;
	if (keep(record, &counted, err) < 0)
		return -1;
	return *at_s > first_s;
}
