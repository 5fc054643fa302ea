/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is to tell of the watching: kept beside the store and in it, and
 * read without reading all of it. */
#ifndef SCHEMA_STORE_STATUS_H
#define SCHEMA_STORE_STATUS_H

#include "lib/err.h"
#include "schema/store.h"

#include <stdbool.h>
#include <stdint.h>

/* --- How the process that watches is doing -------------------------------- */

/* Beside its pid in the lock file. _s: this host's clock; _ms: ticks_ms(), of
 * the same boot as long as it runs. Texts are one line. */
struct store_life {
	/* Of the lock itself: a pid that is left over, or used again, is none
	 * of a process that runs. */
	bool runs;
	int64_t pid;
	bool known; /* what follows could be read */
	int64_t written_pid;

	char version[32];
	char command[16]; /* run or once */
	int64_t started_s;
	int64_t stopped_s; /* 0: it did not say that it stops */
	int64_t alive_s;   /* the last sign of life */
	int64_t alive_ms;
	int64_t due_ms;  /* the next pass; 0: one is under way */
	int64_t begun_s; /* the last pass; 0: none yet */
	int64_t begun_ms;
	int64_t ended_s; /* the last one that ended */
	int64_t took_ms;
	int64_t rows;      /* that the database gave it */
	int64_t passes;    /* since the start */
	int64_t clusters;  /* that the last pass watched */
	int64_t failed;    /* and that it could not */
	int64_t incidents; /* since the start */
	char trouble[256]; /* why nothing was watched; else empty */
};

/* For the one that has the lock; waits for nothing and syncs nothing. */
void store_life_put(struct store *store, const struct store_life *life);

/* Reads it, without disturbing anybody, and needs no permission to write. 1; 0:
 * nobody ever watched; -1. */
int store_life(const char *store_path, struct store_life *life,
	       struct err *err);

/* --- What is in the store ------------------------------------------------- */

/* Bytes of the file, and of what is in the -wal file beside it. */
void store_size(struct store *store, int64_t *bytes, int64_t *wal_bytes);

/* What a pass cost. */
struct store_pass {
	int64_t rows; /* that the database gave */
	int64_t took_ms;
	int64_t swept;  /* when a sweep last ended, the database's clock; 0:
			   none has, or, to put, not in this pass */
	int64_t passes; /* all of them: read only */
	int64_t all_rows;
	int64_t all_ms;
};

int store_pass_put(struct store *store, const char *cluster,
		   const struct store_pass *pass, struct err *err);
/* 1; 0 and all zero: there was none; -1. */
int store_pass_get(struct store *store, const char *cluster,
		   struct store_pass *pass, struct err *err);

/* Rows that were open at the last pass, and how many of them are
 * remembered. */
int store_open_counts(struct store *store, const char *cluster, int64_t *open,
		      int64_t *remembered, struct err *err);

/* Since when a cluster is watched, and its last span: 1; 0: it never was; -1.
 * *reason, of a gap that is open, is freed by the caller; else NULL. */
int store_watched_since(struct store *store, const char *cluster,
			int64_t *since_s, int64_t *gap_s, char **reason,
			struct err *err);

/* How many gaps touch that time, and the seconds of it that they take. */
int store_gaps(struct store *store, const char *cluster, int64_t since_s,
	       int64_t until_s, int64_t *n, int64_t *seconds, struct err *err);

/* How many incidents of a cluster somebody is bringing back, and how many jobs
 * that are back are followed. */
int store_restoring_counts(struct store *store, const char *cluster,
			   int64_t *restoring, int64_t *followed,
			   struct err *err);

/* A running count: what is counted, and of what (see 009_tally.sql). */
struct store_tally {
	const char *what;
	const char *cluster;
	const char *partition;
	const char *kind;
	const char *confidence;
	int64_t n;
};

/* The tally lives as long as the call. */
typedef int store_tally_fn(const struct store_tally *tally, void *arg);
/* Calls fn for each, by `what` and then by all of its names; fn returns
 * non-zero to stop. */
int store_tallies(struct store *store, store_tally_fn *fn, void *arg,
		  struct err *err);

/* What a channel has still to tell, and gave up; one call may bring either. It
 * lives as long as the call. */
typedef int store_pending_fn(const char *channel, int64_t n, int64_t oldest_s,
			     int64_t given_up, void *arg);
/* Calls fn for each channel that has any; fn returns non-zero to stop. Reads
 * only these, however many alerts there were. */
int store_pending(struct store *store, store_pending_fn *fn, void *arg,
		  struct err *err);

#endif
