/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The best way to bring a job back right now, as a command an admin can
 * paste: a pure function of what is known. */
#ifndef WATCHER_RESTORE_H
#define WATCHER_RESTORE_H

#include "schema/incident.h"
#include "schema/job.h"
#include "watcher/slurmctld.h"

#include <stdbool.h>
#include <stdint.h>

enum restore_way {
	RESTORE_REQUEUE,  /* scontrol requeue: same number, everything */
	RESTORE_RESUBMIT, /* sbatch as the user, with the stored script */
	RESTORE_BY_HAND,  /* no command brings it back */
	RESTORE_ALREADY,  /* it is back */
};

struct restore_facts {
	const struct incident *incident;
	const struct job *job;                 /* its row at detection */
	const struct slurmctld_job *slurmctld; /* NULL: no answer */
	bool was_requeued;                     /* its row says so since */
	const char *script;                    /* path; NULL: none was stored */
	const char *slurm_conf;                /* "": the default one */
	const char *environment;               /* for sbatch --export */
};

struct restore_plan {
	enum restore_way way;
	const char *fidelity; /* what comes back of it */
	const char *why;      /* this way and no better one */
	char *command; /* one line for a POSIX shell; NULL if there is none */
};

struct restore_plan restore_plan(const struct restore_facts *facts);
void restore_plan_finish(struct restore_plan *plan);

#endif
