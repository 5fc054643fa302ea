/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/incident.h"

#include "lib/mem.h"

#include <errno.h>
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

const char incident_again[] = "cancelled again";

/* Sentences are made of these, by who is known to have done it and by what is
 * known to have happened. */
static const struct {
	const char *deed;
	const char *effect;
} phrases[KIND_N + 1] = {
	[KIND_CANCELLED] = {"cancelled", "cancelled"},
	[KIND_MOVED] = {"moved away and cancelled",
			"moved to another partition and cancelled"},
	[KIND_REWRITTEN] = {"cancelled", "cancelled"},
	[KIND_SIGNALLED] = {"sent a signal that ended", "ended by a signal"},
	[KIND_STEP_CANCELLED] = {"killed a step of",
				 "ended (a step of it had been killed)"},
	[KIND_TASKS_WITHDRAWN] = {"withdrew", "withdrawn"},
	[KIND_LIMIT_CUT] = {"cut the time limit of",
			    "ended by a shortened time limit"},
	[KIND_REQUEUE_CANCELLED] = {"requeued and cancelled",
				    "requeued (and never came back)"},
	[KIND_UNATTRIBUTED] = {"cancelled",
			       "cancelled (accounting does not say by whom)"},
	[KIND_STALLED] = {"suspended or held", "suspended or held"},
	[KIND_N] = {"ended", "ended"},
};

#define ENTRY(name, type, recorded)                                            \
	{                                                                      \
#name, INCIDENT_##type, offsetof(struct incident, name),       \
			recorded                                               \
	}
#define FIELD(name, type) ENTRY(name, type, true)
/* Filled in later, if ever. */
#define LATER(name, type) ENTRY(name, type, false)

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
	LATER(correction,      TEXT),
	LATER(correction_why,  TEXT),
	LATER(corrected_at,    TIME),
	LATER(restoration,     TEXT),
	LATER(restored_job_id, TEXT),
	LATER(restored_at,     TIME),
	LATER(restored_id_job, INT),
	LATER(restored_submitted, TIME),
	LATER(restored_state,  TEXT),
	LATER(restored_started, TIME),
	LATER(restored_ended,  TIME),
	LATER(acknowledged_by, TEXT),
	LATER(acknowledged_at, TIME),
	LATER(acknowledged_why, TEXT),
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

size_t incident_word(const char *const *words, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return n;
}

static size_t correction_of(const struct incident *incident)
{
	/* One that is not in the store yet has none. */
	return incident_word(incident_corrections, CORRECTION_N,
			     incident->correction ? incident->correction : "");
}

bool incident_is_confirmed(const struct incident *incident)
{
	return correction_of(incident) == CORRECTION_CONFIRMED ||
	       strcmp(incident->confidence,
		      incident_confidences[CONFIDENCE_CONFIRMED]) == 0;
}

enum incident_confidence
incident_confidence_now(const struct incident *incident)
{
	return incident_is_confirmed(incident) ? CONFIDENCE_CONFIRMED
					       : CONFIDENCE_SUSPECTED;
}

bool incident_counts(const struct incident *incident)
{
	size_t correction = correction_of(incident);

	return correction != CORRECTION_CLEARED &&
	       correction != CORRECTION_ALIVE;
}

bool incident_is_again(const struct incident *incident)
{
	return incident->restored_at &&
	       strcmp(incident->restored_state, incident_again) == 0;
}

static size_t kind_of(const struct incident *incident)
{
	return incident_word(incident_kinds, KIND_N, incident->kind);
}

void incident_add(int64_t *sum, int64_t n)
{
	if (__builtin_add_overflow(*sum, n, sum))
		*sum = n > 0 ? INT64_MAX : INT64_MIN;
}

void incident_sum_add(struct incident_sum *sum, const struct incident_sum *more)
{
	sum->incidents += more->incidents;
	sum->events += more->events;
	incident_add(&sum->jobs, more->jobs);
	incident_add(&sum->ran, more->ran);
	incident_add(&sum->cpu_seconds, more->cpu_seconds);
	incident_add(&sum->gpu_seconds, more->gpu_seconds);
	sum->restored += more->restored;
	sum->again += more->again;
	sum->acknowledged += more->acknowledged;
	sum->open += more->open;
}

const char *incident_deed(const struct incident *incident)
{
	return phrases[kind_of(incident)].deed;
}

const char *incident_effect(const struct incident *incident)
{
	return phrases[kind_of(incident)].effect;
}

int incident_read_id(const char *text, int64_t *id, struct err *err)
{
	char *end;

	errno = 0;
	*id = strtoll(text, &end, 10);
	if (!errno && end != text && !*end && *id > 0)
		return 0;
	err_set(err, ERR_USAGE, "'%s' is not an incident's number", text);
	return err_hint(err, "watcher-report list shows them in its first "
			     "column");
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
