/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the site protects, and whom it exempts. */
#ifndef WATCHER_POLICY_H
#define WATCHER_POLICY_H

#include "conf/conf.h"
#include "schema/job.h"

#include <stdbool.h>

/* Where a job is: what a section may name. Texts are never NULL; "" is
 * nowhere, which no glob matches. */
struct policy_place {
	const char *partitions; /* a comma list while a job waits */
	const char *account;
	const char *qos;
	const char *reservation;
};

/* The first [protect] section of the file of which any list names the place;
 * NULL if none does. */
const struct conf_protect *policy_protection(const struct conf *conf,
					     const struct policy_place *place);

/* Whether any section names QOS, or reservations; else a place needs none. */
bool policy_names_qos(const struct conf *conf);
bool policy_names_reservations(const struct conf *conf);

/* Whether the section wants that kind of incident, one of incident_kinds. */
bool policy_wants(const struct conf_protect *protect, const char *kind);

/* The rule that exempts what `user` did with the job, as one would find it in
 * watcher.conf ("exempt_users = ops", "[protect prod] grace = 60s"); freed by
 * the caller. NULL: none. */
char *policy_exemption(const struct conf_protect *protect,
		       const struct job *job, const char *user);

#endif
