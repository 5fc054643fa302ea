/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/alert.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "schema/story.h"

#include <inttypes.h>

void alert(const struct incident *incident)
{
	autofree char *what = story_line(incident);
	autofree char *line = mem_printf(
		"incident %" PRId64 " (event %" PRId64
		"): %s (cluster %s, account %s, %s)",
		incident->incident_id, incident->event_id, what,
		incident->cluster, incident->account,
		incident_confidences[incident_confidence_now(incident)]);

	log_info("%s", line);
}

void alert_correction(int64_t incident_id, enum incident_correction correction,
		      const char *why)
{
	static const char *const words[CORRECTION_N] = {
		[CORRECTION_CONFIRMED] = "confirmed",
		[CORRECTION_CLEARED] = "cleared, not the owner's",
		[CORRECTION_ALIVE] = "none, the job did not end",
	};
	autofree char *line = mem_printf("incident %" PRId64 " is %s: %s",
					 incident_id, words[correction], why);

	log_info("%s", line);
}
