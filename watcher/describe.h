/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns a job that was judged into an incident: names for its numbers, what it
 * cost, the row as it was, and its script into the spool. */
#ifndef WATCHER_DESCRIBE_H
#define WATCHER_DESCRIBE_H

#include "lib/err.h"
#include "schema/incident.h"
#include "schema/job.h"
#include "schema/store.h"
#include "watcher/judge.h"
#include "watcher/slurmdbd.h"

/* Fills all fields of the incident, which is all zero, but cluster, exempt,
 * found, late, detected and what the store itself sets. */
int describe(struct slurmdbd_cluster *cluster, struct store *store,
	     const struct job *job, const struct verdict *verdict,
	     struct incident *incident, struct err *err);

#endif
