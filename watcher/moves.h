/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a pass over a cluster moves: which rows are open, how far it read, and
 * until when that is watched. */
#ifndef WATCHER_MOVES_H
#define WATCHER_MOVES_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/store.h"
#include "watcher/tail.h"

struct moves {
	const struct conf *conf;
	struct store *store;
	const char *cluster;
	const struct tail *tail; /* not committed yet */
	int64_t now_s;           /* the database's clock */
	size_t incidents; /* that it caught up with, if there was a gap */
	size_t lost;
	int64_t rows; /* what it cost */
	int64_t took_ms;
};

/* Writes it in the pass's transaction. */
int moves_store(const struct moves *moves, struct err *err);

#endif
