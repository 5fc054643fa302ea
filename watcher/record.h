/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a row to the store: what the policy protects is judged, what is an
 * incident is recorded once, and what becomes of it is added. */
#ifndef WATCHER_RECORD_H
#define WATCHER_RECORD_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/incident.h"
#include "schema/store.h"
#include "watcher/describe.h"
#include "watcher/evidence.h"
#include "watcher/hearing.h"
#include "watcher/judge.h"
#include "watcher/memory.h"
#include "watcher/policy_history.h"
#include "watcher/seen.h"
#include "watcher/slurmdbd.h"
#include "watcher/tail.h"
#include "watcher/word.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is kept of a cluster from pass to pass, for speed alone. */
struct record_cache {
	struct seen rows;  /* dealt with as they are */
	struct seen tasks; /* of arrays, that are known to have started */
};

void record_cache_free(struct record_cache *cache);

/* One transaction's worth of work on one cluster. */
struct record {
	const struct conf *conf;
	struct store *store;
	struct slurmdbd_cluster *tables;
	struct record_cache *cache; /* NULL: none is kept */
	struct word *word;          /* NULL: slurmctld is not asked */
	struct hearing *hearing;    /* NULL: there is no witness */
	/* NULL: what is protected now is taken to have always been. */
	const struct policy_history *history;
	int64_t now_s; /* the database's clock */
	/* History: nothing more will become known, nothing is waited for. */
	bool is_history;

	bool begun;                 /* a transaction on the store */
	struct incident *incidents; /* new ones, to be told once committed:
				       without their row and reason */
	size_t n;
	size_t cap;
	struct describe_cache names;
	/* What became known of older ones, to be told likewise. */
	struct record_correction {
		int64_t incident_id;
		enum incident_correction correction;
		char *why;
	} * corrections;
	size_t n_corrections;
	size_t cap_corrections;
	size_t changes; /* entries on incidents that were known */
};

/* Begins the transaction unless it is begun. */
int record_begin(struct record *record, struct err *err);

/* Judges a row that is not open any more, and records what is new about it.
 * memory: what is remembered of it, NULL if nothing is. Sets *again to what is
 * to be remembered, freed by the caller, where it is too early to tell. */
int record_ended(struct record *record, struct job *job, enum tail_look found,
		 const char *memory, char **again, struct err *err);

/* Takes an open row, of which only the watched columns are set: whether it is
 * back from an incident, lost tasks, is stalled. As tail_calls.open. */
int record_open(struct record *record, const struct job *job,
		const char *before, char **memory, bool *again,
		struct err *err);

/* Notes that an open row was deleted, by a purge or by hand, before it was seen
 * to end: what became of the job is not known, and that is said. */
int record_lost(struct record *record, const char *memory, struct err *err);

/* Notes what became known of an incident. */
int record_correct(struct record *record, int64_t incident_id,
		   enum incident_correction correction, const char *why,
		   struct err *err);

/* Frees the incidents; the record may be used again. */
void record_finish(struct record *record);

#endif
