/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many jobs ran where it is protected, whoever ended them, so that a report
 * can say how large a share their owners ended. */
#ifndef WATCHER_RAN_H
#define WATCHER_RAN_H

#include "watcher/record.h"

/* Counts the quarters of an hour that are over for long enough, in the record's
 * transaction; begins with the last one, where none was ever counted. Asks the
 * database nothing unless one is due. What arrived in accounting since is
 * counted again a day later, and when the sweep's window ends. */
int ran_count(struct record *record, struct err *err);

/* Counts a piece of what ended before that and from since_s on, backwards: as
 * far as accounting goes back. *at_s: from when on all is counted. 1: there is
 * more, 0: done, -1. */
int ran_count_before(struct record *record, int64_t since_s, int64_t *at_s,
		     struct err *err);

#endif
