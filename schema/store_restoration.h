/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was done to bring jobs back, and what came of it. */
#ifndef SCHEMA_STORE_RESTORATION_H
#define SCHEMA_STORE_RESTORATION_H

#include "lib/err.h"
#include "schema/incident.h"
#include "schema/store.h"

#include <stddef.h>
#include <stdint.h>

/* How the job of an incident is back. */
struct store_return {
	const char *how;    /* a few words; what the watcher itself began is
			       not overwritten */
	const char *job_id; /* as squeue prints it */
	int64_t id_job;
	int64_t submitted; /* 0: not known yet */
};

/* Notes that it is back since at_s. A job is restored once: later calls change
 * nothing. 1: noted, 0: known, -1. */
int store_restored(struct store *store, int64_t incident_id, int64_t at_s,
		   const struct store_return *back, struct err *err);

/* Notes that the watcher is about to bring it back: `how` goes to restoration,
 * and an entry of kind restoring holds `content`, JSON. -1 (ERR_STOP) if it is
 * back, or another has been at it a moment ago. */
int store_claim(struct store *store, int64_t incident_id, int64_t at_s,
		const char *how, const char *content, struct err *err);

/* Notes what came of that: `how` goes to restoration, "" where it failed, and
 * an entry of kind restoration holds `content`, JSON. */
int store_restoring(struct store *store, int64_t incident_id, int64_t at_s,
		    const char *how, const char *content, struct err *err);

/* Up to `max` incidents of a section that were detected in [since_s, until_s]
 * and are to be restored without being asked for: proven ones that nobody has
 * dealt with. *n: how many. */
int store_due(struct store *store, const char *section, int64_t since_s,
	      int64_t until_s, int64_t *ids, size_t max, size_t *n,
	      struct err *err);

/* How often the watcher restored a job of this user, under whatever number, and
 * how many events of the user, since since_s. */
int store_restorations(struct store *store, const struct incident *incident,
		       int64_t since_s, int64_t *of_job, int64_t *of_user,
		       struct err *err);

/* A restored job that is followed. */
struct store_followed {
	int64_t incident_id;
	int64_t uid;
	int64_t ended; /* of the job that was lost */
	int64_t restored_at;
	int64_t id_job;
	int64_t submitted; /* 0: its row was not seen yet */
	char state[24];
	int64_t started; /* 0: not yet */
	int64_t done;    /* when it ended; 0: not yet */
};

/* Up to `max` of them, *n: how many. */
int store_followed(struct store *store, const char *cluster,
		   struct store_followed *followed, size_t max, size_t *n,
		   struct err *err);

/* Notes how it is doing now, as a further entry. */
int store_follow(struct store *store, const struct store_followed *followed,
		 int64_t at_s, struct err *err);

/* Calls fn with each incident, and its row as JSON, whose job was of this owner
 * and name, ended within a day before `submitted`, and is not back; fn returns
 * non-zero to stop. It must not write. */
typedef int store_alike_fn(int64_t incident_id, const char *job, void *arg);
int store_alike(struct store *store, const char *cluster, int64_t uid,
		const char *job_name, int64_t submitted, store_alike_fn *fn,
		void *arg, struct err *err);

#endif
