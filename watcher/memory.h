/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was seen of a job while it was alive: its row forgets most of it. */
#ifndef WATCHER_MEMORY_H
#define WATCHER_MEMORY_H

#include "schema/job.h"
#include "schema/tasks.h"

#include <stdbool.h>
#include <stdint.h>

/* What the backfill scheduler writes for a while as the limit of a job that
 * has none: a year (doc/slurm-facts.md). */
#define MEMORY_YEAR_MIN 525600

struct memory {
	struct job row; /* as it was last seen, its watched columns */

	/* Where it was protected when it was last seen so; partition NULL:
	 * it never was. */
	char *partition;
	char *account;
	int64_t id_qos;
	int64_t id_resv;

	/* The longest time limit it was seen with, minutes; -1: none was
	 * seen. */
	int64_t timelimit;
	/* The first requester that was seen; -1: none. A restart of slurmctld
	 * resets it in the row (doc/slurm-facts.md). */
	int64_t kill_requid;

	/* Whether it was suspended when it was last seen alive. */
	bool suspended;

	/* The row as it was first seen CANCELLED with a requester, where it
	 * was too early to judge it; job_db_inx 0: never. A requeue overwrites
	 * it (doc/slurm-facts.md). */
	struct job end;

	/* Tasks of an array that left its pending rest and are not known to
	 * have started: since missing_s, and since then. */
	struct tasks missing;
	int64_t missing_s;
	struct tasks newly_missing;
};

void memory_init(struct memory *memory);
void memory_finish(struct memory *memory);
#define automemory __attribute__((cleanup(memory_finish)))

/* Adds what an open row shows now. */
void memory_see(struct memory *memory, const struct job *job,
		bool is_protected);

/* Adds what the row shows that ended: the row as it was alive stays. */
void memory_see_end(struct memory *memory, const struct job *job);

/* As the store keeps it, freed by the caller; and read back, also from what
 * version 1 of the store kept, the row alone. -1: it is neither; *memory is for
 * memory_finish() either way. */
char *memory_json(const struct memory *memory);
int memory_from_json(const char *json, struct memory *memory);

/* Whether the row was half written when it was last seen, so that no one could
 * tell whether it matters. */
bool memory_is_half(const struct memory *memory);

#endif
