/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One pass from slurmdbd's rows to the store's incidents: the only file that
 * sees them all. */
#ifndef WATCHER_WATCH_H
#define WATCHER_WATCH_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/store.h"

#include <stdbool.h>
#include <stddef.h>

struct watch;

/* Neither conf nor store is taken over; both must outlive the watch. Connects
 * to nothing yet. */
struct watch *watch_new(const struct conf *conf, struct store *store);
void watch_free(struct watch *watch);

struct watch_result {
	size_t incidents; /* new ones, without the exempt */
	size_t exempt;
	size_t clusters; /* watched in this pass */
	size_t failed;   /* clusters that were not */
	int64_t rows;    /* that the database gave of those watched */
	bool behind;     /* rows were left: pass again at once */
};

/* One pass over every cluster. A cluster that fails is logged, noted as a gap
 * and does not keep the others from being watched. -1: none could be watched;
 * err, which was logged, says why. */
int watch_pass(struct watch *watch, struct watch_result *result,
	       struct err *err);

/* Waits for what slurmctld was asked in the last pass: true if there is an
 * answer, and so a reason to pass again. */
bool watch_wait_for_word(struct watch *watch);

/* Takes up another configuration: connects anew, looks anew. */
void watch_reconfigure(struct watch *watch, const struct conf *conf);

#endif
