/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Restoration without being asked for, where the site wants it. */
#ifndef WATCHER_AUTO_H
#define WATCHER_AUTO_H

#include "conf/conf.h"
#include "lib/err.h"
#include "lib/spawn.h"
#include "schema/store.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether any section wants it. */
bool auto_is_wanted(const struct conf *conf);

/* Whether something is due at now_s, and for this process: with mode = timer
 * nothing is for `watcher run`. */
bool auto_is_due(const struct conf *conf, struct store *store, int64_t now_s);

/* How many incidents are due at now_s, for whichever process; 0 while the stop
 * file is there. -1: the store cannot be read. */
int64_t auto_count(const struct conf *conf, struct store *store, int64_t now_s,
		   struct err *err);

/* Begins a round in another watcher, whose log is its answer: what Slurm takes
 * its time for delays nothing. It goes by this conf, whatever its file says by
 * now. NULL and err. */
struct spawn *auto_begin(const struct conf *conf, struct err *err);

/* Gets a line for each thing that was done, or left alone for a reason. */
typedef void auto_fn(const char *line, void *arg);

/* One round: restores what is due at now_s, this host's clock, within the
 * limits of [restore]; what is beyond them is left alone for good, and said
 * once. *n: how many plans were carried out. Does nothing while the stop file
 * is there. */
int auto_round(const struct conf *conf, struct store *store, int64_t now_s,
	       auto_fn *fn, void *arg, size_t *n, struct err *err);

#endif
