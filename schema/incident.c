/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/incident.h"

#include "lib/mem.h"

#include <string.h>

const char *const incident_kinds[KIND_N] = {
	[KIND_CANCELLED] = "cancelled",
	[KIND_MOVED] = "moved",
	[KIND_REWRITTEN] = "rewritten",
	[KIND_SIGNALLED] = "signalled",
	[KIND_STEP_CANCELLED] = "step-cancelled",
	[KIND_TASKS_WITHDRAWN] = "tasks-withdrawn",
	[KIND_LIMIT_CUT] = "limit-cut",
	[KIND_REQUEUE_CANCELLED] = "requeue-cancelled",
	[KIND_UNATTRIBUTED] = "unattributed",
	[KIND_STALLED] = "stalled",
};

const char *const incident_confidences[CONFIDENCE_N] = {
	[CONFIDENCE_CONFIRMED] = "confirmed",
	[CONFIDENCE_SUSPECTED] = "suspected",
};

const char *const incident_phases[PHASE_N] = {
	[PHASE_PENDING] = "pending",
	[PHASE_RUNNING] = "running",
	[PHASE_SUSPENDED] = "suspended",
};

const char *const incident_corrections[CORRECTION_N] = {
	[CORRECTION_CONFIRMED] = "confirmed",
	[CORRECTION_CLEARED] = "cleared",
	[CORRECTION_ALIVE] = "alive",
};

#define FIELD(name, type)                                                      \
	{                                                                      \
#name, INCIDENT_##type, offsetof(struct incident, name)        \
	}

/* clang-format off */
const struct incident_field incident_fields[] = {
	FIELD(incident_id,     INT),
	FIELD(event_id,        INT),
	FIELD(cluster,         TEXT),
	FIELD(job_id,          TEXT),
	FIELD(job_db_inx,      TEXT),
	FIELD(id_job,          INT),
	FIELD(root_id,         INT),
	FIELD(part,            TEXT),
	FIELD(user,            TEXT),
	FIELD(uid,             INT),
	FIELD(account,         TEXT),
	FIELD(partition,       TEXT),
	FIELD(section,         TEXT),
	FIELD(qos,             TEXT),
	FIELD(job_name,        TEXT),
	FIELD(kind,            TEXT),
	FIELD(confidence,      TEXT),
	FIELD(phase,           TEXT),
	FIELD(tasks,           INT),
	FIELD(submitted,       TIME),
	FIELD(started,         TIME),
	FIELD(ended,           TIME),
	FIELD(detected,        TIME),
	FIELD(elapsed_s,       INT),
	FIELD(cpu_seconds,     INT),
	FIELD(gpu_seconds,     INT),
	FIELD(state,           TEXT),
	FIELD(reason,          TEXT),
	FIELD(causes,          TEXT),
	FIELD(exempt,          TEXT),
	FIELD(found,           TEXT),
	FIELD(late,            BOOL),
	FIELD(script_sha256,   TEXT),
	FIELD(job,             TEXT),
	FIELD(correction,      TEXT),
	FIELD(correction_why,  TEXT),
	FIELD(corrected_at,    TIME),
	FIELD(restoration,     TEXT),
	FIELD(restored_job_id, TEXT),
	FIELD(restored_at,     TIME),
	FIELD(acknowledged_by, TEXT),
	FIELD(acknowledged_at, TIME),
};
/* clang-format on */
const size_t incident_n_fields = LENGTH(incident_fields);

const struct incident_field *incident_field(const char *name)
{
	size_t i;

	for (i = 0; i < incident_n_fields; i++)
		if (strcmp(incident_fields[i].name, name) == 0)
			return &incident_fields[i];
	return NULL;
}

const char *incident_text(const struct incident *incident,
			  const struct incident_field *field)
{
	const char *at = (const char *)incident + field->offset;
	const char *text = *(char *const *)(const void *)at;

	return text ? text : "";
}

int64_t incident_int(const struct incident *incident,
		     const struct incident_field *field)
{
	const char *at = (const char *)incident + field->offset;

	if (field->type == INCIDENT_BOOL)
		return *(const bool *)at;
	return *(const int64_t *)(const void *)at;
}

void incident_finish(struct incident *incident)
{
	size_t i;

	if (!incident)
		return;
	for (i = 0; i < incident_n_fields; i++) {
		const struct incident_field *field = &incident_fields[i];
		char *at = (char *)incident + field->offset;

		if (field->type == INCIDENT_TEXT)
			free(*(char **)(void *)at);
	}
	*incident = (struct incident){0};
}
