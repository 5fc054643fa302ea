/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The status for Prometheus: a file in its text format, for the textfile
 * collector of node_exporter. */
#ifndef WATCHER_METRICS_H
#define WATCHER_METRICS_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/store_status.h"
#include "watcher/status.h"

#include <stdint.h>
#include <stdio.h>

/* All zero: nothing was written yet. */
struct metrics {
	int64_t written_ms;
	char *trouble; /* that was logged */
};

/* Writes what [metrics] textfile names, if that is due. Never fails: what goes
 * wrong is logged when it begins or changes. life: of this process. */
void metrics_tell(struct metrics *metrics, const struct conf *conf,
		  struct store *store, const struct store_life *life);
void metrics_finish(struct metrics *metrics);

/* Puts the file in the place of the one at path, whole, readable by all. -1:
 * that one is as it was. */
int metrics_write(const char *path, const struct status *status,
		  struct err *err);

/* All of them, also those that have no value. */
void metrics_print(const struct status *status, FILE *out);

#endif
