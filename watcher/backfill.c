/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/backfill.h"

#include "lib/mem.h"
#include "lib/ticks.h"
#include "schema/submit.h"
#include "watcher/evidence.h"
#include "watcher/openset.h"
#include "watcher/place.h"
#include "watcher/ran.h"
#include "watcher/record.h"

#include <string.h>

/* How long one statement should keep the server: pieces grow and shrink
 * towards it. */
#define PIECE_MS 250

/* The first piece, in numbers of job_db_inx; they may be far apart. */
#define FIRST_STEP 4096

/* Rows of a piece that is read by time_end. */
#define PIECE_ROWS 4000

/* The most rows that a piece read by primary key should give: they are held in
 * memory. */
#define PIECE_FOUND 20000

/* Less than this part of the table's time is read by time_end: index entries
 * and a lookup a row. More is cheaper by primary key, as it lies on the
 * disk. */
#define BY_END_SHARE 0.2

/* A cluster's backfill under way. */
struct scan {
	const struct backfill *backfill;
	struct slurmdbd_cluster *cluster;
	struct store_backfill state;
	uint64_t first; /* of what there is to read, for the progress */
	uint64_t last;
	uint64_t step;
	struct record record;
	struct backfill_progress progress;
};

/* Makes the next piece larger or smaller, by the time the last one took and
 * the rows it gave. */
static void adapt(struct scan *scan, int64_t took_ms, size_t rows)
{
	if ((took_ms > 2 * PIECE_MS || rows > PIECE_FOUND) && scan->step > 1)
		scan->step /= 2;
	else if (took_ms < PIECE_MS / 2 && rows < PIECE_FOUND / 2 &&
		 scan->step < UINT64_MAX / 4)
		scan->step *= 2;
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Rows that may be protected among those that a piece found: most that were
 * cancelled are of other places. */
struct found {
	const struct conf *conf;
	const struct slurmdbd_cluster *cluster;
	struct ids ids;
	struct ids failed;
	struct ids only_if_stepped; /* of the failed */
	struct slurmdbd_place last; /* asked about; partition NULL: none yet */
	struct text partition;
	struct text account;
	bool may_be_protected;
};

static bool is_last(const struct found *found,
		    const struct slurmdbd_place *place)
{
	const struct slurmdbd_place *last = &found->last;

	return last->partition && last->id_qos == place->id_qos &&
	       last->id_resv == place->id_resv &&
	       strcmp(last->partition, place->partition) == 0 &&
	       strcmp(last->account, place->account) == 0;
}

static const char *copy(struct text *text, const char *s)
{
	text->len = 0;
	text_add(text, s);
	return text->s;
}

/* Whether what its owner cancelled may have been submitted for something that
 * is protected, and been moved. */
static bool was_asked_for(const struct found *found,
			  const struct slurmdbd_place *place)
{
	struct slurmdbd_place then = *place;
	autofree char *asked = NULL;

	if (!place->submit_line[0])
		return false;
	asked = submit_line_option(place->submit_line, "partition");
	if (!asked)
		return false;
	then.partition = asked;
	return place_may_be_protected(found->conf, found->cluster, &then);
}

static void find(uint64_t job_db_inx, const struct slurmdbd_place *place,
		 void *arg)
{
	struct found *found = arg;

	if (!is_last(found, place)) {
		found->last = *place;
		found->last.partition =
			copy(&found->partition, place->partition);
		found->last.account = copy(&found->account, place->account);
		found->may_be_protected = place_may_be_protected(
			found->conf, found->cluster, place);
	}
	/* A half-written row is completed before it is judged. */
	if (!found->may_be_protected && place->partition[0] &&
	    !was_asked_for(found, place))
		return;
	if (place->failed)
		ids_add(&found->failed, job_db_inx);
	ids_add(place->only_if_stepped ? &found->only_if_stepped : &found->ids,
		job_db_inx);
}

/* Asks for the steps of those that failed, and adds those of which somebody
 * killed one. */
static int find_stepped(struct scan *scan, struct found *found, struct err *err)
{
	size_t i;

	if (slurmdbd_ahead_steps(scan->cluster, found->failed.ids,
				 found->failed.n, err) < 0)
		return -1;
	for (i = 0; i < found->only_if_stepped.n; i++)
		if (slurmdbd_ahead_stepped(scan->cluster,
					   found->only_if_stepped.ids[i]))
			ids_add(&found->ids, found->only_if_stepped.ids[i]);
	ids_sort(&found->ids);
	return 0;
}

static void found_free(struct found *found)
{
	ids_free(&found->ids);
	ids_free(&found->failed);
	ids_free(&found->only_if_stepped);
	text_free(&found->partition);
	text_free(&found->account);
}

/* Reads the piece that begins at state.at and moves state.at behind it. */
static int read_by_inx(struct scan *scan, struct job_list *jobs,
		       struct err *err)
{
	__attribute__((cleanup(found_free))) struct found found = {
		.conf = scan->backfill->conf,
		.cluster = scan->cluster,
	};
	int64_t begun_ms = ticks_ms();
	struct slurmdbd_piece piece = {
		.from = scan->state.at,
		.since_s = scan->state.since,
		.until_s = scan->state.until,
		.partitions_only = place_is_partition(scan->backfill->conf),
	};
	uint64_t step = min(scan->step, UINT64_MAX - piece.from);
	uint64_t last;
	int rc;

	piece.to = min(scan->last + 1, piece.from + step);
	if (slurmdbd_piece(scan->cluster, &piece, find, &found, err) < 0 ||
	    find_stepped(scan, &found, err) < 0 ||
	    slurmdbd_jobs(scan->cluster, found.ids.ids, found.ids.n,
			  job_list_take, jobs, err) < 0)
		return -1;
	adapt(scan, ticks_ms() - begun_ms, found.ids.n);
	/* Numbers have gaps of millions: go on at the next there is. */
	rc = slurmdbd_inx_range(scan->cluster, piece.to, &scan->state.at, &last,
				err);
	if (rc < 0)
		return -1;
	if (rc == 0 || scan->state.at > scan->last)
		scan->state.at = scan->last + 1;
	return 0;
}

static int read_by_end(struct scan *scan, struct job_list *jobs,
		       struct err *err)
{
	int64_t since_s = (int64_t)scan->state.at;
	int64_t bound_s;

	if (slurmdbd_ended_bound(scan->cluster, since_s, scan->state.until,
				 PIECE_ROWS, &bound_s, err) < 0 ||
	    slurmdbd_ended(scan->cluster, since_s, bound_s, job_list_take, jobs,
			   err) < 0)
		return -1;
	scan->state.at = (uint64_t)bound_s;
	return 0;
}

static int record_jobs(struct scan *scan, struct job_list *jobs,
		       struct err *err)
{
	size_t i;

	/* By primary key the steps were asked for before. */
	if (evidence_ahead(scan->backfill->conf, scan->cluster, jobs,
			   scan->state.by_end, err) < 0)
		return -1;
	for (i = 0; i < jobs->n; i++) {
		autofree char *again = NULL;

		if (record_ended(&scan->record, &jobs->jobs[i], TAIL_BACKFILL,
				 NULL, &again, err) < 0)
			return -1;
	}
	return 0;
}

/* Counts what the piece recorded, now that it is committed. */
static void count(struct scan *scan)
{
	size_t i;

	for (i = 0; i < scan->record.n; i++)
		if (scan->record.incidents[i].exempt[0])
			scan->progress.exempt++;
		else
			scan->progress.incidents++;
	scan->progress.done =
		scan->state.at > scan->last
			? 1.0
			: (double)(scan->state.at - scan->first) /
				  (double)(scan->last - scan->first + 1);
}

static int one_piece(struct scan *scan, struct err *err)
{
	struct store *store = scan->backfill->store;
	const char *name = slurmdbd_cluster_name(scan->cluster);
	autojobs struct job_list jobs = {0};
	bool done;
	int rc = scan->state.by_end ? read_by_end(scan, &jobs, err)
				    : read_by_inx(scan, &jobs, err);

	if (rc < 0 || record_jobs(scan, &jobs, err) < 0 ||
	    record_begin(&scan->record, err) < 0)
		return -1;
	done = scan->state.at > scan->last;
	rc = done ? store_backfill_end(store, name, &scan->state, err)
		  : store_backfill_put(store, name, &scan->state, err);
	if (rc < 0 || store_commit(store, err) < 0)
		return -1;
	count(scan);
	record_finish(&scan->record);
	return 0;
}

/* Chooses the cheaper way for a window of this size. */
static int choose_way(struct scan *scan, int64_t now_s, struct err *err)
{
	int64_t first_s, last_s, window_s;

	if (slurmdbd_first_end(scan->cluster, &first_s, err) < 0 ||
	    slurmdbd_last_end(scan->cluster, now_s, &last_s, err) < 0)
		return -1;
	window_s = (scan->state.until < last_s ? scan->state.until : last_s) -
		   (scan->state.since > first_s ? scan->state.since : first_s);
	scan->state.by_end =
		(double)window_s < BY_END_SHARE * (double)(last_s - first_s);
	scan->state.at = scan->state.by_end ? (uint64_t)scan->state.since : 0;
	return 0;
}

/* Takes up the backfill that was stopped, or begins one. An empty table is
 * done with its first piece. */
static int begin(struct scan *scan, int64_t now_s, struct err *err)
{
	const struct backfill *backfill = scan->backfill;
	int64_t until_s = backfill->until_s ? backfill->until_s : now_s;
	int rc = store_backfill_get(backfill->store,
				    slurmdbd_cluster_name(scan->cluster),
				    &scan->state, err);

	if (rc < 0)
		return -1;
	if (rc == 0 || scan->state.since != backfill->since_s ||
	    (backfill->until_s && scan->state.until != until_s)) {
		scan->state = (struct store_backfill){
			.since = backfill->since_s,
			.until = until_s,
		};
		if (choose_way(scan, now_s, err) < 0)
			return -1;
	}
	if (scan->state.by_end) {
		scan->first = (uint64_t)scan->state.since;
		scan->last = (uint64_t)scan->state.until - 1;
		return 0;
	}
	if (slurmdbd_inx_range(scan->cluster, 0, &scan->first, &scan->last,
			       err) < 0)
		return -1;
	if (scan->state.at < scan->first)
		scan->state.at = scan->first;
	return 0;
}

static int find_incidents(const struct backfill *backfill,
			  struct slurmdbd_cluster *cluster, int64_t now_s,
			  struct err *err)
{
	struct scan scan = {
		.backfill = backfill,
		.cluster = cluster,
		.step = FIRST_STEP,
		.record = {.conf = backfill->conf,
			   .store = backfill->store,
			   .tables = cluster,
			   .now_s = now_s,
			   .is_history = true},
		.progress = {.cluster = slurmdbd_cluster_name(cluster)},
	};
	bool go_on = true;
	int rc = begin(&scan, now_s, err);

	while (rc == 0 && go_on && scan.progress.done < 1.0) {
		rc = one_piece(&scan, err);
		if (rc == 0)
			go_on = backfill->fn(&scan.progress, backfill->arg);
	}
	if (rc < 0)
		store_rollback(backfill->store);
	record_finish(&scan.record);
	slurmdbd_ahead_free(cluster);
	return rc < 0 ? -1 : scan.progress.done >= 1.0;
}

/* 1: there is more, 0: done, -1. A piece that had nothing to count is no
 * progress. */
static int count_piece(const struct backfill *backfill, struct record *record,
		       struct backfill_progress *progress, bool *go_on,
		       struct err *err)
{
	int64_t since_s = backfill->since_s;
	int64_t at_s;
	int rc = ran_count_before(record, since_s, &at_s, err);

	if (rc < 0 || !record->begun)
		return rc;
	if (store_commit(record->store, err) < 0)
		return -1;
	record_finish(record);
	progress->done = rc ? (double)(record->now_s - at_s) /
					 (double)(record->now_s - since_s)
			    : 1.0;
	*go_on = backfill->fn(progress, backfill->arg);
	return rc;
}

static int count_ran(const struct backfill *backfill,
		     struct slurmdbd_cluster *cluster, int64_t now_s,
		     struct err *err)
{
	struct record record = {
		.conf = backfill->conf,
		.store = backfill->store,
		.tables = cluster,
		.now_s = now_s,
	};
	struct backfill_progress progress = {
		.cluster = slurmdbd_cluster_name(cluster),
		.counting = true,
	};
	bool go_on = true;
	int rc;

	do
		rc = count_piece(backfill, &record, &progress, &go_on, err);
	while (rc > 0 && go_on);
	if (rc < 0)
		store_rollback(backfill->store);
	record_finish(&record);
	return rc < 0 ? -1 : go_on;
}

int backfill_cluster(const struct backfill *backfill,
		     struct slurmdbd_cluster *cluster, int64_t now_s,
		     struct err *err)
{
	int rc = 1;

	/* First: what is counted is not counted again, where the same backfill
	 * goes on. */
	if (backfill->count)
		rc = count_ran(backfill, cluster, now_s, err);
	return rc > 0 ? find_incidents(backfill, cluster, now_s, err) : rc;
}
