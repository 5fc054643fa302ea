/* SPDX-License-Identifier: GPL-2.0-or-later */
/* That a cluster was watched until now, and the gaps that only show
 * afterwards. */
#ifndef WATCHER_COVERED_H
#define WATCHER_COVERED_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/store.h"

#include <stdint.h>

/* A pass that is about to be committed. */
struct covered {
	const struct conf *conf;
	const char *cluster;
	const struct store_cluster *before;
	const struct store_cluster *after;
	int64_t now_s;         /* the database's clock */
	const char *caught_up; /* what to add to the reason of a gap that ends:
				  what it brought */
};

/* Notes it, in the pass's transaction. */
int covered_note(const struct covered *covered, struct store *store,
		 struct err *err);

#endif
