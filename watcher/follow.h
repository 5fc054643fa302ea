/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of jobs that were restored, by the watcher or by others. */
#ifndef WATCHER_FOLLOW_H
#define WATCHER_FOLLOW_H

#include "watcher/record.h"

/* Looks at a job that appeared: is it one that was lost, and that its owner
 * submitted again, with the same script and name, within a day? Only the
 * watched columns of job are set. */
int follow_resubmitted(struct record *record, const struct job *job,
		       struct err *err);

/* Reads the rows of restored jobs now and then, and notes how they are doing,
 * to their end. *next_s: when to look again, kept by the caller, 0 at first. */
int follow_restored(struct record *record, int64_t *next_s, struct err *err);

#endif
