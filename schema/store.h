/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only door to the SQLite store: incidents, what was watched, and where
 * the watcher stands. */
#ifndef SCHEMA_STORE_H
#define SCHEMA_STORE_H

#include "lib/err.h"
#include "lib/text.h"
#include "schema/incident.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

/* --- Opening ------------------------------------------------------------ */

/* Opens the store for writing, makes it (0640) if there is none, brings an
 * older one to this program's version. NULL: not a store, newer than the
 * program, not writable (ERR_STOP); locked or busy (ERR_RETRY). */
struct store *store_open(const char *path, struct err *err);

/* Opens it for reading only: needs no permission to write anything. */
struct store *store_open_read(const char *path, struct err *err);
void store_close(struct store *store);

/* Takes the lock that makes this process the store's one watcher, until
 * store_close(). -1 (ERR_STOP) names the pid of the one that holds it. */
int store_lock(struct store *store, struct err *err);

/* --- Transactions ------------------------------------------------------- */

int store_begin(struct store *store, struct err *err);
int store_commit(struct store *store, struct err *err);
/* Does nothing outside of a transaction. */
void store_rollback(struct store *store);

/* --- Where the watcher stands, per cluster ------------------------------ */

struct store_cluster {
	int64_t position;  /* time_end up to which ended rows were read */
	int64_t last_pass; /* database's clock at the last good pass; 0 never */
	int64_t sweep_next; /* database's clock when the next sweep is due */
	int64_t sweep_at;   /* time_end the running sweep has reached; 0 none */
};

/* The names of the clusters that were ever watched; the caller frees them. */
int store_clusters(struct store *store, struct text_list *names,
		   struct err *err);

/* 1 and the cluster's state, 0 if it was never watched, -1. */
int store_cluster_get(struct store *store, const char *cluster,
		      struct store_cluster *state, struct err *err);
int store_cluster_put(struct store *store, const char *cluster,
		      const struct store_cluster *state, struct err *err);

/* The job_db_inx that were open (or not settled) at the last pass, ascending;
 * freed by the caller. */
int store_open_jobs(struct store *store, const char *cluster, uint64_t **ids,
		    size_t *n, struct err *err);
int store_open_job_add(struct store *store, const char *cluster, uint64_t id,
		       struct err *err);
int store_open_job_remove(struct store *store, const char *cluster, uint64_t id,
			  struct err *err);

/* --- Coverage ----------------------------------------------------------- */

/* Watched from since to until. `how`: watched, gap. A gap's `reason` says
 * why, and when it closed, what was caught up. until 0: goes on. */
struct store_span {
	const char *cluster;
	int64_t since;
	int64_t until;
	const char *how;
	const char *reason;
};

/* Notes that the cluster is watched until now_s: extends its last span if that
 * is a watched one, ends an open gap, or begins a new one at since_s. */
int store_watched(struct store *store, const char *cluster, int64_t since_s,
		  int64_t now_s, struct err *err);
/* Begins a gap at the end of what was watched; one that is open stays. A
 * cluster that was never watched has no gap. until_s 0: it goes on. */
int store_gap(struct store *store, const char *cluster, int64_t until_s,
	      const char *reason, struct err *err);

/* The span lives as long as the call. */
typedef int store_span_fn(const struct store_span *span, void *arg);
/* Spans that touch [since_s, until_s), oldest first by cluster. cluster NULL:
 * all. fn returns non-zero to stop. */
int store_spans(struct store *store, const char *cluster, int64_t since_s,
		int64_t until_s, store_span_fn *fn, void *arg, struct err *err);

/* --- Incidents ---------------------------------------------------------- */

/* Records it unless (cluster, id_job, submitted, kind) is known. Sets
 * incident_id and event_id: an incident joins the event of the same cluster,
 * owner and root_id that ended at most a second apart. 1: new, 0: known (the
 * ids are those of the known one), -1. */
int store_incident_add(struct store *store, struct incident *incident,
		       struct err *err);

/* 1: an incident of this identity and kind is recorded, 0, -1. */
int store_incident_known(struct store *store, const char *cluster,
			 int64_t id_job, int64_t submitted, const char *kind,
			 struct err *err);

/* What to show. Lists are comma separated as typed; NULL: any. */
struct store_filter {
	int64_t since; /* ended at or after; seconds */
	int64_t until; /* ended before; INT64_MAX: no end */
	const char *cluster;
	const char *user; /* names or uids */
	const char *account;
	const char *partition;
	const char *kind;
	bool suspected; /* the suspected ones too */
	bool exempt;    /* the exempt ones too */
	bool open;      /* only not restored, not acknowledged */
};

/* The incident lives as long as the call. */
typedef int store_incident_fn(const struct incident *incident, void *arg);
/* Calls fn for each, oldest first, one at a time. fn returns non-zero to
 * stop. */
int store_incidents(struct store *store, const struct store_filter *filter,
		    store_incident_fn *fn, void *arg, struct err *err);

/* One incident by number: 1 and *incident (for incident_finish()), 0 if there
 * is none, -1. */
int store_incident(struct store *store, int64_t incident_id,
		   struct incident *incident, struct err *err);

/* --- Scripts ------------------------------------------------------------ */

/* Keeps the bytes beside the store as spool/SHA256 (0600), synced, before the
 * incident that names it is committed. The name, 64 hexadecimal digits, goes
 * to sha256. */
int store_script_put(struct store *store, const void *bytes, size_t len,
		     char sha256[65], struct err *err);

/* Absolute path of that script; freed by the caller. */
char *store_script_path(struct store *store, const char *sha256);

#endif
