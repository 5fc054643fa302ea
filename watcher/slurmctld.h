/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slurmctld's word, asked through libslurm in a child: libslurm may exit or
 * wait for minutes when slurm.conf is bad or slurmctld is away. */
#ifndef WATCHER_SLURMCTLD_H
#define WATCHER_SLURMCTLD_H

#include "lib/err.h"
#include "lib/spawn.h"
#include "lib/text.h"

#include <stdbool.h>
#include <stdint.h>

/* How to ask: which slurm.conf, and how long to wait. */
struct slurmctld {
	const char *conf;
	int timeout_ms;
};

/* What slurmctld has of a job. */
struct slurmctld_job {
	bool known;   /* false: it has forgotten the job, or never knew it */
	bool batch;   /* has a script */
	bool requeue; /* may be requeued: not submitted with --no-requeue */
	bool held;    /* its priority is 0 */
	int64_t uid;
	int64_t state;
	int64_t submitted;
	int64_t ended;
	/* Slurm's own reason to end it, in words; empty if it has none. */
	char why[32];
	/* When slurmctld began to run: a requester from before is forgotten
	 * (doc/slurm-facts.md). 0: it did not say. */
	int64_t booted;
};

/* Asks for the record whose number is id_job (a task of an array has one of its
 * own, the pending rest has the array's). 0, or -1 (ERR_RETRY) if there was no
 * answer in time. */
int slurmctld_job(const struct slurmctld *slurmctld, int64_t id_job,
		  struct slurmctld_job *job, struct err *err);

/* An answer among several. */
struct slurmctld_answer {
	int64_t id_job;
	struct slurmctld_job job;
};

/* Begins to ask for several jobs; NULL and err. */
struct spawn *slurmctld_jobs_begin(const struct slurmctld *slurmctld,
				   const int64_t *ids, size_t n,
				   struct err *err);

/* The answers from what that child wrote, freed by the caller. They are the
 * words of the slurmctld of *cluster, freed as well. -1 (ERR_RETRY). */
int slurmctld_jobs_read(const struct text *out, char **cluster,
			struct slurmctld_answer **answers, size_t *n,
			struct err *err);

/* What concerns us of the site's configuration. */
struct slurmctld_site {
	char *cluster;
	char *version;
	int64_t now;           /* slurmctld's clock; 0 if it would not say */
	int64_t min_job_age_s; /* how long it remembers a job that ended */
	int64_t slurm_user;    /* uid of SlurmUser */
	char *settings;        /* as `scontrol show config` has them */
	struct text_list partitions;
};

int slurmctld_site(const struct slurmctld *slurmctld,
		   struct slurmctld_site *site, struct err *err);
void slurmctld_site_finish(struct slurmctld_site *site);

#endif
