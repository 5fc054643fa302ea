/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/moves.h"

#include "lib/mem.h"
#include "schema/store_status.h"

/* Which rows are open, and how far the pass read. */
static int store_position(const struct moves *moves, struct err *err)
{
	struct store *store = moves->store;
	const struct store_open_job *put;
	const uint64_t *removed;
	size_t i, n;

	removed = tail_removed(moves->tail, &n);
	for (i = 0; i < n; i++)
		if (store_open_job_remove(store, moves->cluster, removed[i],
					  err) < 0)
			return -1;
	put = tail_put(moves->tail, &n);
	for (i = 0; i < n; i++)
		if (store_open_job_put(store, moves->cluster, &put[i], err) < 0)
			return -1;
	return store_cluster_put(store, moves->cluster, tail_state(moves->tail),
				 err);
}

/* A gap that only shows afterwards: the watcher did not run for longer than a
 * pass looks back, or slurmdbd delivered nothing for longer than a sweep
 * does. */
static int store_late_gap(const struct moves *moves,
			  const struct store_cluster *before, struct err *err)
{
	const struct conf *conf = moves->conf;
	const struct store_cluster *after = tail_state(moves->tail);
	int64_t now_s = moves->now_s;

	if (now_s - before->last_pass > conf->watch.overlap_s)
		return store_gap(moves->store, moves->cluster, 0, now_s,
				 "watcher was not running", err);
	if (after->heard == now_s &&
	    now_s - before->heard > conf->watch.sweep_window_s)
		return store_gap(moves->store, moves->cluster, before->heard,
				 now_s,
				 "nothing arrived from slurmdbd, for longer "
				 "than the sweep looks back",
				 err);
	return 0;
}

/* Notes that the cluster was watched until now. */
static int store_coverage(const struct moves *moves, struct err *err)
{
	const struct store_cluster *before = tail_before(moves->tail);
	autofree char *caught_up =
		mem_printf("; caught up: %zu incidents, %zu lost jobs",
			   moves->incidents, moves->lost);

	if (before->last_pass && store_late_gap(moves, before, err) < 0)
		return -1;
	return store_watched(moves->store, moves->cluster,
			     moves->now_s - moves->conf->watch.overlap_s,
			     moves->now_s, caught_up, err);
}

int moves_store(const struct moves *moves, struct err *err)
{
	const struct store_pass pass = {
		.rows = moves->rows,
		.took_ms = moves->took_ms,
		.swept = tail_has_swept(moves->tail) ? moves->now_s : 0,
	};

	if (store_position(moves, err) < 0 || store_coverage(moves, err) < 0)
		return -1;
	return store_pass_put(moves->store, moves->cluster, &pass, err);
}
