/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the site protects, and whom it exempts. */
#ifndef WATCHER_POLICY_H
#define WATCHER_POLICY_H

#include "conf/conf.h"
#include "schema/job.h"

#include <stdbool.h>

/* The first [protect] section that protects a job of these partitions, a comma
 * list while a job waits; NULL if none does. */
const struct conf_protect *policy_protection(const struct conf *conf,
					     const char *partitions);

/* Whether the section wants incidents of that kind. */
bool policy_wants(const struct conf_protect *protect, const char *kind);

/* The rule that exempts what `user` did with the job, as one would find it in
 * watcher.conf ("exempt_users = ops"); freed by the caller. NULL: none. */
char *policy_exemption(const struct conf_protect *protect,
		       const struct job *job, const char *user);

#endif
