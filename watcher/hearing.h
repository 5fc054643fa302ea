/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The witness in the watch: its lines into the store, and what they say of an
 * incident out of it. */
#ifndef WATCHER_HEARING_H
#define WATCHER_HEARING_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/job.h"
#include "schema/store.h"
#include "watcher/judge.h"

#include <stdbool.h>
#include <stdint.h>

struct hearing;

/* NULL where no witness is configured; the other calls take that. Neither conf
 * nor store is taken over. */
struct hearing *hearing_new(const struct conf *conf, struct store *store);
void hearing_free(struct hearing *hearing);

/* Whether the log is that of this cluster. only: it is the only one that is
 * watched. */
bool hearing_is_of(const struct hearing *hearing, const char *cluster,
		   bool only);

/* Reads what is new in the log, keeps what may matter, and where it stopped, in
 * the transaction that is under way on the store. A log that cannot be read is
 * logged, when that begins, and is no error. */
int hearing_read(struct hearing *hearing, const char *cluster, int64_t now_s,
		 struct err *err);

/* How long after something happened its line may take to be certain,
 * seconds. */
#define HEARING_SETTLES_S 12

/* What the log says of an incident of that kind: of its job as it ended. */
int hearing_of(struct hearing *hearing, const char *cluster,
	       const struct job *job, enum incident_kind kind,
	       struct judge_witness *witness, struct err *err);

#endif
