/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What watcher's own log has of incidents that are committed: a line each. Who
 * else is told, outbox.c sees to. */
#ifndef WATCHER_ALERT_H
#define WATCHER_ALERT_H

#include "schema/incident.h"

#include <stdint.h>

void alert(const struct incident *incident);

/* The same when more became known of one, and is committed. */
void alert_correction(int64_t incident_id, enum incident_correction correction,
		      const char *why);

#endif
