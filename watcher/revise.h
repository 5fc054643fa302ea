/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Second thoughts: what becomes known of incidents after they were recorded,
 * from elsewhere than their rows. */
#ifndef WATCHER_REVISE_H
#define WATCHER_REVISE_H

#include "watcher/record.h"

/* Asks slurmctld now and then whether the jobs of recent incidents are gone
 * indeed: one that died before it saved a cancellation has the job again when
 * it starts, and accounting never says so (doc/slurm-facts.md). What it
 * answered is added to the incidents. *next_s: when to look again, kept by the
 * caller, 0 at first. */
int revise_alive(struct record *record, int64_t *next_s, struct err *err);

/* Hears the witness once more on suspected incidents, whose lines may have come
 * late. *next_s as above. */
int revise_doubtful(struct record *record, int64_t *next_s, struct err *err);

#endif
