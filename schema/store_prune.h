/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a site may keep no longer is forgotten, so that the chain still verifies
 * and tells that it was done. */
#ifndef SCHEMA_STORE_PRUNE_H
#define SCHEMA_STORE_PRUNE_H

#include "lib/err.h"
#include "schema/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What ended before before_s and was forgotten for good, by whom and when. */
struct store_prune {
	int64_t before_s;
	const char *by;
	int64_t at_s;
	int64_t incidents;
	int64_t others; /* jobs that others cancelled */
	int64_t lost;   /* jobs that were lost */
};

/* Forgets incidents that ended before prune->before_s with all that became
 * known of them, and whatever else names a job or its owner: for
 * prune->by. Their entries stay in the chain without content, and a further one
 * says so. Sets the rest of *prune. */
int store_prune(struct store *store, struct store_prune *prune,
		struct err *err);

/* Removes scripts that belong to no incident, in a transaction, in which nobody
 * adds any. *n: how many. */
int store_prune_scripts(struct store *store, size_t *n, struct err *err);

/* Overwrites what is left of it in the files beside the store, after the
 * commit. false: somebody reads, and it waits for the next writer. */
bool store_prune_log(struct store *store);

/* Calls fn for each time that something was forgotten, oldest first; fn
 * returns non-zero to stop. */
typedef int store_prune_fn(const struct store_prune *prune, void *arg);
int store_prunes(struct store *store, store_prune_fn *fn, void *arg,
		 struct err *err);

/* What ended before that time is not recorded any more; 0: everything is. */
int store_pruned_before(struct store *store, int64_t *before_s,
			struct err *err);

#endif
