/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/alert.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/text.h"

#include <inttypes.h>
#include <syslog.h>

void alert(const struct conf *conf, const struct incident *incident)
{
	autofree char *line = mem_printf(
		"incident %" PRId64 " (event %" PRId64 "): %s %s job %s on %s "
		"while it was %s (cluster %s, account %s, %s)",
		incident->incident_id, incident->event_id, incident->user,
		incident->kind, incident->job_id, incident->partition,
		incident->phase, incident->cluster, incident->account,
		incident->confidence);
	autofree char *escaped = NULL;

	log_info("%s", line);
	if (!conf->alert.syslog)
		return;
	escaped = text_escaped(line);
	openlog("watcher", LOG_PID, LOG_AUTHPRIV);
	syslog(LOG_WARNING, "%s", escaped);
	closelog();
}
