/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An incident, from verdict to store. */
#include "lib/mem.h"
#include "lib/when.h"
#include "schema/store_restoration.h"
#include "watcher/place.h"
#include "watcher/policy.h"
#include "watcher/record_private.h"

static void set_text(char **slot, const char *text)
{
	free(*slot);
	*slot = mem_strdup(text);
}

/* Keeps the incident until it may be told, without what is only for the store:
 * an array may have a hundred thousand tasks. */
static void keep(struct record *record, struct incident *incident)
{
	free(incident->job);
	incident->job = NULL;
	free(incident->reason);
	incident->reason = NULL;
	record->incidents = mem_grow(record->incidents, &record->cap,
				     record->n + 1, sizeof(*record->incidents));
	record->incidents[record->n++] = *incident;
	*incident = (struct incident){0};
}

int record_requeued(struct record *record, int64_t incident_id,
		    const struct job *job, int64_t at_s, struct err *err)
{
	autofree char *id = job_id_text(job);

	if (record_begin(record, err) < 0)
		return -1;
	return store_restored(record->store, incident_id, at_s,
			      &(struct store_return){RECORD_REQUEUED, id,
						     job->id_job, 0},
			      err) < 0
		       ? -1
		       : 0;
}

/* When it was protected that is protected now: 0 if it was when the job
 * ended. */
static int since_when(const struct record *record,
		      const struct evidence_protection *protection,
		      const struct job *job, int64_t *since_s, struct err *err)
{
	struct policy_place place;

	*since_s = 0;
	if (!record->history || !job->time_end)
		return 0;
	if (place_of(record->conf, record->tables, job, &place, err) < 0)
		return -1;
	place.partitions = protection->partition;
	*since_s = policy_history_since(record->history, &place, job->time_end);
	return 0;
}

/* Why the incident is exempt; "": it is not. */
static int exempt(const struct record *record,
		  const struct evidence_protection *protection,
		  const struct job *job, struct incident *incident,
		  struct err *err)
{
	char when[WHEN_SIZE];
	int64_t since_s;

	if (since_when(record, protection, job, &since_s, err) < 0)
		return -1;
	if (since_s)
		incident->exempt = mem_printf("protected only since %s",
					      when_utc(since_s, when));
	else
		incident->exempt = policy_exemption(protection->section, job,
						    incident->user);
	if (!incident->exempt)
		incident->exempt = mem_strdup("");
	return 0;
}

int record_add(struct record *record,
	       const struct evidence_protection *protection,
	       const struct judge_facts *facts, const struct verdict *verdict,
	       enum tail_look found, const char *part, struct err *err)
{
	struct incident incident = {0};
	int rc = -1;

	if (!policy_wants(protection->section, incident_kinds[verdict->kind]))
		return 0;
	/* From here on: nobody may prune a script before its incident is
	 * recorded. */
	if (record_begin(record, err) < 0 ||
	    describe(&record->names, record->tables, record->store, facts,
		     verdict, &incident, err) < 0)
		goto out;
	incident.cluster = mem_strdup(slurmdbd_cluster_name(record->tables));
	incident.part = mem_strdup(part);
	set_text(&incident.partition, protection->partition);
	incident.section = mem_strdup(protection->section->name);
	if (exempt(record, protection, facts->job, &incident, err) < 0)
		goto out;
	incident.found = mem_strdup(tail_looks[found]);
	incident.late = found == TAIL_SWEEP;
	incident.detected = record->now_s;
	rc = store_incident_add(record->store, &incident, err);
	if (rc > 0 && facts->has_successor && !part[0] &&
	    record_requeued(record, incident.incident_id, facts->job,
			    facts->job->time_end, err) < 0)
		rc = -1;
	if (rc > 0)
		keep(record, &incident);
out:
	incident_finish(&incident);
	return rc;
}
