/* SPDX-License-Identifier: GPL-2.0-or-later */
/* History: what ended before the watcher was there, in pieces that bound what
 * the database is asked at once. */
#ifndef WATCHER_BACKFILL_H
#define WATCHER_BACKFILL_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/store.h"
#include "watcher/slurmdbd.h"

#include <stdbool.h>
#include <stdint.h>

/* Where a backfill stands. */
struct backfill_progress {
	const char *cluster;
	bool counting; /* jobs that ran, before incidents are looked for */
	double done;   /* 0 to 1 */
	size_t incidents;
	size_t exempt;
};

/* Called after each piece; false to stop there. */
typedef bool backfill_fn(const struct backfill_progress *progress, void *arg);

struct backfill {
	const struct conf *conf;
	struct store *store;
	int64_t since_s;
	int64_t until_s; /* 0: the database's clock when it begins */
	bool count;      /* the jobs that ran, too */
	backfill_fn *fn;
	void *arg;
};

/* Reads one cluster's jobs that ended in [since_s, until_s) and records what
 * is an incident. Goes on where one with the same since_s was stopped. Each
 * piece is committed with how far it came, so that it can be ended anywhere.
 * Jobs that ran are counted from since_s on to where they are counted already,
 * whatever until_s.
 * 1: done, 0: stopped by fn, -1. */
int backfill_cluster(const struct backfill *backfill,
		     struct slurmdbd_cluster *cluster, int64_t now_s,
		     struct err *err);

#endif
