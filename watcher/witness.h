/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows slurmctld's log and gives the lines that say who asked for what: a
 * second source beside accounting, which may be missing. */
#ifndef WATCHER_WITNESS_H
#define WATCHER_WITNESS_H

#include "conf/conf.h"
#include "lib/err.h"
#include "watcher/witness_sift.h"

struct witness;

/* NULL where [witness] names no log. It keeps nothing of conf. */
struct witness *witness_new(const struct conf *conf);
void witness_free(struct witness *witness);

/* Goes on where witness_position() said; to be called before anything is read,
 * or not at all: then the log is begun near its end. -1 (ERR_STOP): that is no
 * position; it may be read all the same, as if it had none. */
int witness_resume(struct witness *witness, const char *position,
		   struct err *err);

/* Reads what is new, at most some MiB, and gives fn the lines that have become
 * certain, in the order of the log: seconds after they were logged, those that
 * nothing can be said of any more as doubtful. 0: read to the end; 1: there is
 * more; -1: the log cannot be read (ERR_RETRY), or fn failed, which is then
 * given that line again. */
int witness_read(struct witness *witness, witness_fn *fn, void *arg,
		 struct err *err);

/* Where to go on so that no line is missed and none given twice: a line of
 * JSON, freed by the caller. NULL while nothing was read. */
char *witness_position(const struct witness *witness);

#endif
