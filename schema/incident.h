/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job of a protected partition that its owner ended, as the store keeps it
 * and every report shows it. */
#ifndef SCHEMA_INCIDENT_H
#define SCHEMA_INCIDENT_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The words of verdicts. The store holds these words, so
 * that the sqlite3 shell reads as well as the reports. */
enum incident_kind {
	KIND_CANCELLED,
	KIND_MOVED,
	KIND_REWRITTEN,
	KIND_SIGNALLED,
	KIND_STEP_CANCELLED,
	KIND_TASKS_WITHDRAWN,
	KIND_LIMIT_CUT,
	KIND_REQUEUE_CANCELLED,
	KIND_UNATTRIBUTED,
	KIND_STALLED,
	KIND_N
};
enum incident_confidence {
	CONFIDENCE_CONFIRMED,
	CONFIDENCE_SUSPECTED,
	CONFIDENCE_N
};
enum incident_phase { PHASE_PENDING, PHASE_RUNNING, PHASE_SUSPENDED, PHASE_N };

/* What became known of a verdict after it was recorded. */
enum incident_correction {
	CORRECTION_CONFIRMED, /* suspected, and the owner's after all */
	CORRECTION_CLEARED,   /* not the owner's */
	CORRECTION_ALIVE,     /* the job did not end */
	CORRECTION_N
};

extern const char *const incident_kinds[KIND_N];
extern const char *const incident_confidences[CONFIDENCE_N];
extern const char *const incident_phases[PHASE_N];
extern const char *const incident_corrections[CORRECTION_N];

/* The restored_state of a job whose owner cancelled it once more. */
extern const char incident_again[];

struct incident {
	int64_t incident_id;
	int64_t event_id; /* the first incident of the same scancel */

	char *cluster;
	char *job_id;     /* as squeue prints it */
	char *job_db_inx; /* decimal: unsigned 64 bits do not fit SQLite's */
	int64_t id_job;   /* with cluster and time_submit, the identity */
	char *part;       /* of a row that may be several incidents: the tasks
			     that were withdrawn; else empty */
	int64_t root_id;  /* of the array or het job, else id_job */

	int64_t uid;
	char *user;
	char *account;
	char *partition; /* the protected one, also if it was moved then */
	char *section;   /* the [protect NAME] that protects it, NAME */
	char *qos;
	char *job_name;

	char *kind;
	char *confidence; /* as it was recorded */
	char *phase;
	int64_t tasks; /* how many jobs this row stood for */

	int64_t submitted; /* slurmctld's clock, seconds */
	int64_t started;   /* 0: never */
	int64_t ended;
	int64_t detected; /* the database's clock at the pass that found it */
	int64_t elapsed_s;
	int64_t cpu_seconds; /* allocated CPUs times elapsed_s */
	int64_t gpu_seconds;

	char *state;  /* as sacct prints it */
	char *reason; /* why it was judged so, a sentence */
	char *causes; /* what else could have caused it; empty if confirmed */
	char *exempt; /* the rule that exempts it; empty if none does */
	char *found;  /* open, recent, sweep: which look found it */
	bool late;    /* found only by the sweep */

	char *script_sha256; /* name of the script in the spool; empty: none */
	char *job;           /* the row at detection, JSON */

	char *correction;      /* one of incident_corrections, or empty */
	char *correction_why;  /* a sentence */
	int64_t corrected_at;  /* 0: not corrected */
	char *restoration;     /* empty, or what came of it */
	char *restored_job_id; /* empty: not restored */
	int64_t restored_at;   /* 0: not restored */
	int64_t restored_id_job;
	int64_t restored_submitted; /* 0: its row was not seen yet */
	char *restored_state;       /* as sacct has it, in small letters */
	int64_t restored_started;   /* 0: it does not run yet */
	int64_t restored_ended;     /* 0: it is followed */
	char *acknowledged_by;      /* empty: not acknowledged */
	int64_t acknowledged_at;
	char *acknowledged_why; /* a sentence */
};

enum incident_type {
	INCIDENT_TEXT,
	INCIDENT_INT,
	INCIDENT_TIME,
	INCIDENT_BOOL
};

/* How an incident's fields are named: the same in the store's columns, as
 * parameters of its statements, in CSV and in JSON. */
struct incident_field {
	const char *name;
	enum incident_type type;
	size_t offset;
	bool recorded; /* as it was found, and part of the incident's first
			  entry in the chain, in this order */
};

extern const struct incident_field incident_fields[];
extern const size_t incident_n_fields;

/* The field of that name; NULL if there is none. */
const struct incident_field *incident_field(const char *name);

/* Where the field's value is in `incident`. */
const char *incident_text(const struct incident *incident,
			  const struct incident_field *field);
int64_t incident_int(const struct incident *incident,
		     const struct incident_field *field);

/* Which of n words it is; n: none of them. */
size_t incident_word(const char *const *words, size_t n, const char *word);

/* How it counts now: as it was recorded, unless it was confirmed since. */
enum incident_confidence
incident_confidence_now(const struct incident *incident);
bool incident_is_confirmed(const struct incident *incident);

/* Whether it counts at all: it was not cleared, and the job did end. */
bool incident_counts(const struct incident *incident);

/* Whether its job was brought back, and then cancelled by its owner again. */
bool incident_is_again(const struct incident *incident);

/* By the kind, what the owner did, the job to follow: "killed a step of"; and
 * what happened to the job, "was" or "were" to go in front: "ended by a
 * shortened time limit". */
const char *incident_deed(const struct incident *incident);
const char *incident_effect(const struct incident *incident);

/* An incident's number as people type it. -1 (ERR_USAGE). */
int incident_read_id(const char *text, int64_t *id, struct err *err);

/* What some incidents come to. */
struct incident_sum {
	int64_t incidents;
	int64_t events; /* one scancel of a whole array is one */
	int64_t jobs;
	int64_t ran; /* of these jobs, those that had begun to run */
	int64_t cpu_seconds;
	int64_t gpu_seconds;
	int64_t restored; /* and not cancelled again */
	int64_t again;    /* restored, and then cancelled again */
	int64_t acknowledged;
	int64_t open; /* none of these */
};

/* Adds, up to the most that can be: a row may hold nonsense. */
void incident_add(int64_t *sum, int64_t n);

/* Adds what others come to. Of events that have a part in both, it counts the
 * two. */
void incident_sum_add(struct incident_sum *sum,
		      const struct incident_sum *more);

/* All zero, its texts NULL, is an incident that finish() takes. */
void incident_finish(struct incident *incident);

#endif
