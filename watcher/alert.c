/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/alert.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/text.h"

#include <inttypes.h>
#include <syslog.h>

static void speak(const struct conf *conf, const char *line)
{
	autofree char *escaped = NULL;

	log_info("%s", line);
	if (!conf->alert.syslog)
		return;
	escaped = text_escaped(line);
	openlog("watcher", LOG_PID, LOG_AUTHPRIV);
	syslog(LOG_WARNING, "%s", escaped);
	closelog();
}

/* Who did it comes first where that is known, else what happened. */
static char *sentence(const struct incident *incident)
{
	if (incident_is_confirmed(incident))
		return mem_printf("%s %s job %s on %s while it was %s",
				  incident->user, incident_deed(incident),
				  incident->job_id, incident->partition,
				  incident->phase);
	return mem_printf("%s job %s of %s on %s was %s", incident->phase,
			  incident->job_id, incident->user, incident->partition,
			  incident_effect(incident));
}

void alert(const struct conf *conf, const struct incident *incident)
{
	autofree char *what = sentence(incident);
	autofree char *line = mem_printf(
		"incident %" PRId64 " (event %" PRId64
		"): %s (cluster %s, account %s, %s)",
		incident->incident_id, incident->event_id, what,
		incident->cluster, incident->account,
		incident_confidences[incident_confidence_now(incident)]);

	speak(conf, line);
}

void alert_correction(const struct conf *conf, int64_t incident_id,
		      enum incident_correction correction, const char *why)
{
	static const char *const words[CORRECTION_N] = {
		[CORRECTION_CONFIRMED] = "confirmed",
		[CORRECTION_CLEARED] = "cleared, not the owner's",
		[CORRECTION_ALIVE] = "none, the job did not end",
	};
	autofree char *line = mem_printf("incident %" PRId64 " is %s: %s",
					 incident_id, words[correction], why);

	speak(conf, line);
}
