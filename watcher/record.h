/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a row to the store: what the policy protects is judged, what is an
 * incident is recorded once, and what becomes of its row is added to it. */
#ifndef WATCHER_RECORD_H
#define WATCHER_RECORD_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/incident.h"
#include "schema/store.h"
#include "watcher/describe.h"
#include "watcher/slurmdbd.h"
#include "watcher/tail.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows that were dealt with as they are, so that the next look at the same row
 * costs nothing. It may forget, never invent. All zero is an empty one. */
struct record_seen {
	uint64_t *hashes; /* 0: free */
	size_t n;
	size_t cap;
};

void record_seen_free(struct record_seen *seen);

/* One transaction's worth of work on one cluster. */
struct record {
	const struct conf *conf;
	struct store *store;
	struct slurmdbd_cluster *tables;
	struct record_seen *seen; /* NULL: none is kept */
	int64_t now_s;            /* the database's clock */

	bool begun;                 /* a transaction on the store */
	struct incident *incidents; /* new ones, to be told once committed:
				       without their row and reason */
	size_t n;
	size_t cap;
	struct describe_cache cache;
	size_t changes; /* entries on incidents that were known */
};

/* Begins the transaction unless it is begun. */
int record_begin(struct record *record, struct err *err);

/* Judges a settled row that ended and records what is new about it. */
int record_job(struct record *record, struct job *job, enum tail_look found,
	       struct err *err);

/* Frees the incidents; the record may be used again. */
void record_finish(struct record *record);

#endif
