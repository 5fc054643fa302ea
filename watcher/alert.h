/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Speaks up about an incident that is committed. */
#ifndef WATCHER_ALERT_H
#define WATCHER_ALERT_H

#include "conf/conf.h"
#include "schema/incident.h"

/* One line in watcher's own log and, where the site asks for it, one in
 * syslog (authpriv.warning). */
void alert(const struct conf *conf, const struct incident *incident);

#endif
