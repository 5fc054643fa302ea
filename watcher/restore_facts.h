/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is looked up about an incident before its restoration is planned. */
#ifndef WATCHER_RESTORE_FACTS_H
#define WATCHER_RESTORE_FACTS_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/store.h"
#include "watcher/restore.h"

/* The facts, and what they point to. All zero is for finish(). */
struct restore_gathered {
	struct restore_facts facts;
	struct job job;
	struct slurmctld_job slurmctld;
	struct text script;
	char *script_path;
	char *commands;
	char *clusters;
	int environment_fd; /* of a file in memory; -1: there is none */
	char *environment_path;
	char *reservation;
};

/* with_environment: the job's own, too, where the site wants that: it may hold
 * secrets, and lives in memory only as long as *gathered. Asks the store,
 * slurmctld (under conf's time limit), the host, and, where the job had a
 * reservation, the database for its name. What cannot be found out is warned of
 * and left open. The incident has to live as long as *gathered. -1: the store
 * cannot be read. */
int restore_facts_gather(const struct conf *conf, struct store *store,
			 const struct incident *incident, bool with_environment,
			 struct restore_gathered *gathered, struct err *err);
void restore_facts_finish(struct restore_gathered *gathered);

#endif
