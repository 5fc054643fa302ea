/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Speaks up about incidents that are committed. */
#ifndef WATCHER_ALERT_H
#define WATCHER_ALERT_H

#include "conf/conf.h"
#include "schema/incident.h"

#include <stdint.h>

/* One line in watcher's own log and, where the site asks for it, one in
 * syslog (authpriv.warning). */
void alert(const struct conf *conf, const struct incident *incident);

/* The same when more became known of one, and is committed. */
void alert_correction(const struct conf *conf, int64_t incident_id,
		      enum incident_correction correction, const char *why);

#endif
