/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is looked up about a row before it is judged. */
#ifndef WATCHER_EVIDENCE_H
#define WATCHER_EVIDENCE_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/job.h"
#include "watcher/judge.h"
#include "watcher/memory.h"
#include "watcher/slurmdbd.h"

#include <stdbool.h>

/* Whether a job is protected, and why. */
struct evidence_protection {
	const struct conf_protect *section; /* NULL: it is not */
	enum judge_protection how;
	const char *partition; /* where it is protected; of job or memory, or
				  `asked` */
	char *asked;           /* what was asked for; NULL if not looked up */
};

void evidence_protection_finish(struct evidence_protection *protection);

/* Finds out for a row that ended; memory NULL: it was not seen alive. What was
 * asked for at submission is looked up only where the owner cancelled it, in
 * scripts only if with_scripts. */
int evidence_protection(const struct conf *conf,
			struct slurmdbd_cluster *cluster, const struct job *job,
			const struct memory *memory, bool with_scripts,
			struct evidence_protection *protection,
			struct err *err);

/* Completes a row that slurmdbd left half written (20.11 does so for ever,
 * doc/slurm-facts.md) from the other rows of the same job: 1, 0 if there are
 * none, -1. */
int evidence_complete(struct slurmdbd_cluster *cluster, struct job *job,
		      struct err *err);

/* Fills what the database can say beyond the row itself, as far as it could
 * matter: earlier_killed, has_successor, was_requeued, step_killed_s and
 * asked_min. job, memory and protection are set. */
int evidence_gather(struct slurmdbd_cluster *cluster, struct judge_facts *facts,
		    struct err *err);

/* Reads ahead, until slurmdbd_ahead_free(), what evidence_gather() will ask
 * about the protected ones of these rows, about their steps if with_steps. */
int evidence_ahead(const struct conf *conf, struct slurmdbd_cluster *cluster,
		   const struct job_list *jobs, bool with_steps,
		   struct err *err);

#endif
