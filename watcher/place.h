/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a job is, by the names that a configuration knows. */
#ifndef WATCHER_PLACE_H
#define WATCHER_PLACE_H

#include "conf/conf.h"
#include "lib/err.h"
#include "watcher/policy.h"
#include "watcher/slurmdbd.h"

/* The place of a row that was read of this cluster. QOS and reservation are
 * asked for if a section names any, else they are "". The texts are the job's
 * and the cluster's: valid until the next place is asked for. */
int place_of(const struct conf *conf, struct slurmdbd_cluster *cluster,
	     const struct job *job, struct policy_place *place,
	     struct err *err);

/* The section that protects the row's job: 0, *protect NULL if none does. */
int place_protection(const struct conf *conf, struct slurmdbd_cluster *cluster,
		     const struct job *job, const struct conf_protect **protect,
		     struct err *err);

/* Whether a section may protect what was at a found row's place; the database
 * is not asked, so a name that is not known may be any. */
bool place_may_be_protected(const struct conf *conf,
			    const struct slurmdbd_cluster *cluster,
			    const struct slurmdbd_place *found);

/* Whether a section does protect it: 1, 0, -1. Names are asked for as
 * above. */
int place_is_protected(const struct conf *conf,
		       struct slurmdbd_cluster *cluster,
		       const struct slurmdbd_place *found, struct err *err);

/* Whether sections name nothing but partitions. */
bool place_is_partition(const struct conf *conf);

#endif
