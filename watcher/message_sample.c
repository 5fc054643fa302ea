/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A message by which a channel is tried. */
#include "lib/mem.h"
#include "schema/json.h"
#include "watcher/message_private.h"

#include <inttypes.h>

/* An incident of nobody's. */
static struct incident incident_of(int64_t now_s)
{
	return (struct incident){
		.cluster = mem_strdup("cluster"),
		.job_id = mem_strdup("12345_[1-20]"),
		.job_db_inx = mem_strdup("0"),
		.id_job = 12345,
		.root_id = 12345,
		.part = mem_strdup(""),
		.user = mem_strdup("nobody"),
		.uid = 65534,
		.account = mem_strdup("account"),
		.partition = mem_strdup("critical"),
		.section = mem_strdup(""),
		.qos = mem_strdup("normal"),
		.job_name = mem_strdup("test of watcher"),
		.kind = mem_strdup(incident_kinds[KIND_CANCELLED]),
		.confidence =
			mem_strdup(incident_confidences[CONFIDENCE_CONFIRMED]),
		.phase = mem_strdup(incident_phases[PHASE_RUNNING]),
		.tasks = 20,
		.submitted = now_s - 7200,
		.started = now_s - 3600,
		.ended = now_s,
		.detected = now_s,
		.elapsed_s = 3600,
		.cpu_seconds = 3600 * 20,
		.state = mem_strdup("CANCELLED"),
		.reason = mem_strdup("this is a test: there is no such job"),
		.causes = mem_strdup(""),
		.exempt = mem_strdup(""),
		.found = mem_strdup("recent"),
		.script_sha256 = mem_strdup(""),
		.job = mem_strdup(""),
		.correction = mem_strdup(""),
		.correction_why = mem_strdup(""),
		.restoration = mem_strdup(""),
		.restored_job_id = mem_strdup(""),
		.restored_state = mem_strdup(""),
		.acknowledged_by = mem_strdup(""),
		.acknowledged_why = mem_strdup(""),
	};
}

void message_sample(const char *channel, int64_t now_s, struct message *message)
{
	struct event event = {
		.sum = incident_of(now_s),
		.incidents = 20,
		.verdict = mem_strdup("cancelled"),
		.status = mem_strdup("open"),
	};
	char *summary;

	message_begin(message, alert_whats[ALERT_INCIDENT], channel, now_s);
	message_of_event(message, &event, ALERT_INCIDENT, NULL);
	summary = mem_printf("TEST: %s", message->summary);
	free(message->summary);
	message->is_test = true;
	message_summarize(message, summary);
	json_put(message->json, "test", json_true());
	free(message->more);
	message->more = mem_strdup("");
	message->id = mem_printf("test-%" PRId64, now_s);
	event_finish(&event);
}
