/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns a job that was judged into an incident: names for its numbers, what it
 * cost, the row as it was, and its script into the spool. */
#ifndef WATCHER_DESCRIBE_H
#define WATCHER_DESCRIBE_H

#include "lib/err.h"
#include "schema/incident.h"
#include "schema/job.h"
#include "schema/store.h"
#include "watcher/judge.h"
#include "watcher/slurmdbd.h"

/* The last answers of the database: the tasks of an array have the same. All
 * zero is an empty one. */
struct describe_cache {
	int64_t id_assoc;
	int64_t id_user;
	char *user;
	int64_t id_qos;
	char *qos;
	uint64_t script_hash_inx;
	char sha256[65]; /* of that script; empty: there is none */
};

void describe_cache_finish(struct describe_cache *cache);

/* Fills all fields of the incident, which is all zero, but cluster, part,
 * section, exempt, found, late, detected and what the store itself sets. */
int describe(struct describe_cache *cache, struct slurmdbd_cluster *cluster,
	     struct store *store, const struct judge_facts *facts,
	     const struct verdict *verdict, struct incident *incident,
	     struct err *err);

/* Keeps the job's script before slurmdbd purges it; its name in the spool, or
 * "", goes to *sha256, which the cache owns. */
int describe_script(struct describe_cache *cache,
		    struct slurmdbd_cluster *cluster, struct store *store,
		    const struct job *job, const char **sha256,
		    struct err *err);

#endif
