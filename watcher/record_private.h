/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of record share. */
#ifndef WATCHER_RECORD_PRIVATE_H
#define WATCHER_RECORD_PRIVATE_H

#include "watcher/record.h"

/* How long the rows of tasks that started may take to arrive: twice what was
 * seen. */
#define RECORD_SETTLES_S 10

/* How a job is back that slurmctld has under its number again. */
#define RECORD_REQUEUED "requeued by others"

/* Records an incident unless it is known. `part`: see struct incident. 1: new,
 * 0: known or not wanted, -1. */
int record_add(struct record *record,
	       const struct evidence_protection *protection,
	       const struct judge_facts *facts, const struct verdict *verdict,
	       enum tail_look found, const char *part, struct err *err);

/* Notes that an incident's job goes on under its number: somebody requeued
 * it. */
int record_requeued(struct record *record, int64_t incident_id,
		    const struct job *job, int64_t at_s, struct err *err);

/* Hears the witness on what is only suspected, and judges again. again: by
 * this. */
int record_hear(struct record *record, struct judge_facts *facts,
		struct verdict *verdict,
		void (*again)(const struct judge_facts *facts,
			      struct verdict *verdict),
		struct err *err);

/* Looks for rows of the tasks that left an array's pending rest, and records
 * those that have none when they should. Sets *again if it is too early to tell
 * of some. */
int record_missing(struct record *record,
		   const struct evidence_protection *protection,
		   const struct job *job, struct memory *memory, bool *again,
		   struct err *err);

#endif
