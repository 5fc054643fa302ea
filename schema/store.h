/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only door to the SQLite store: incidents, what was watched, and where
 * the watcher stands. store_NAME.h open it further. */
#ifndef SCHEMA_STORE_H
#define SCHEMA_STORE_H

#include "lib/err.h"
#include "lib/sign.h"
#include "lib/text.h"
#include "schema/incident.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

/* --- Opening ------------------------------------------------------------ */

/* Opens the store for writing, makes it (0640) if there is none, brings an
 * older one to this program's version, at now_s. Heads are signed with the
 * key, which is copied; NULL: they are not. NULL: not a store, newer than the
 * program, not writable (ERR_STOP); locked or busy (ERR_RETRY). */
struct store *store_open(const char *path, const struct sign_key *key,
			 int64_t now_s, struct err *err);

/* Opens it for reading only: needs no permission to write anything, not even in
 * the folder of a copy without its -wal and -shm files. */
struct store *store_open_read(const char *path, struct err *err);

/* The same for chain_verify(), also where it shows that the file was altered:
 * it is damaged, or does not say itself that it is a store of this version, as
 * its chain does. */
struct store *store_open_altered(const char *path, struct err *err);
void store_close(struct store *store);

/* The version of the stores that this program reads. */
int store_version(void);

/* Whether the file at the path is not the one that was opened any more: it was
 * removed, or replaced by a backup. What is written now would be lost. */
bool store_has_moved(struct store *store);

/* Takes the lock that makes this process the store's one watcher, until
 * store_unlock() or store_close(). -1 (ERR_STOP) names the pid of the one that
 * holds it. */
int store_lock(struct store *store, struct err *err);
void store_unlock(struct store *store);

/* --- Transactions ------------------------------------------------------- */

/* now_s: what time it is for what is written. Whatever goes into the chain
 * must be written in a transaction: incidents and what becomes known of them,
 * coverage, what others cancelled. */
int store_begin(struct store *store, int64_t now_s, struct err *err);
/* Seals the head of the chain, if it moved. */
int store_commit(struct store *store, struct err *err);

/* fn is called at the end of each transaction that moves the chain, and may add
 * to it: what is to be told is committed with what it is about. NULL: nothing
 * is. -1 fails the commit. */
typedef int store_commit_fn(struct store *store, const void *arg,
			    struct err *err);
void store_before_commit(struct store *store, store_commit_fn *fn,
			 const void *arg);
/* Does nothing outside of a transaction. */
void store_rollback(struct store *store);

/* --- The chain ---------------------------------------------------------- */

#define STORE_ID_SIZE 33

/* The end of the chain as it was sealed. Hexadecimal in small letters, empty
 * where there is none. */
struct store_head {
	char store_id[STORE_ID_SIZE]; /* which store it is */
	int64_t entries;              /* so many, and the last one's number */
	char hash[65];                /* of the last one */
	int64_t at_s;                 /* when it was sealed */
	int64_t told_s; /* when it was last told to the log; 0: never */
	char spans_sha256[65];
	char signature[2 * SIGN_BYTES + 1];
};

/* 1; 0: the store has none; -1. */
int store_head(struct store *store, struct store_head *head, struct err *err);

/* The line to tell, without line feed: what is signed, a blank, and the
 * signature or "-". Freed by the caller. */
char *store_head_line(const struct store_head *head);

/* Notes that the head is told, now: for this transaction. */
void store_tell(struct store *store);

/* That the chain did not end as it was sealed: it was cut off or made anew, or
 * the seal was. An entry of kind broken says so. */
struct store_broken {
	const char *path; /* of the store */
	int64_t entry_id;
	int64_t at_s;
	const char *what; /* a sentence, without its stop */
};

/* Returns -1 and err if it could not do its work: the transaction does not
 * begin then. Texts live as long as the call. */
typedef int store_broken_fn(struct store *store,
			    const struct store_broken *broken, void *arg,
			    struct err *err);
/* store_begin() calls fn when it finds that, in the transaction, to which fn
 * may add. Each finding is told once, and again if that is not committed. */
void store_on_broken(struct store *store, store_broken_fn *fn, void *arg);

/* --- Where the watcher stands, per cluster ------------------------------ */

/* last_pass, heard and sweep_next are the database's clock, the others values
 * of time_end. All zero: never watched. */
struct store_cluster {
	int64_t position;   /* where the next look at what ended begins */
	int64_t last_end;   /* the greatest one seen */
	int64_t last_pass;  /* the last good pass */
	int64_t heard;      /* the last pass that saw anything new */
	int64_t sweep_next; /* when the next sweep is due */
	int64_t sweep_at;   /* where the running sweep stands; 0: none is */
};

/* The names of the clusters that were ever watched; the caller frees them. */
int store_clusters(struct store *store, struct text_list *names,
		   struct err *err);

/* 1 and the cluster's state, 0 if it was never watched, -1. */
int store_cluster_get(struct store *store, const char *cluster,
		      struct store_cluster *state, struct err *err);
int store_cluster_put(struct store *store, const char *cluster,
		      const struct store_cluster *state, struct err *err);

/* A row that was open (or not settled) at the last pass, and what is
 * remembered of it: JSON, or NULL. */
struct store_open_job {
	uint64_t job_db_inx;
	char *job;
	uint64_t hash; /* of the row that job was made of; 0: not known. The
			  store does not keep it. */
};

/* All of a cluster, by ascending job_db_inx; the caller frees the array and
 * each job. */
int store_open_jobs(struct store *store, const char *cluster,
		    struct store_open_job **jobs, size_t *n, struct err *err);
int store_open_job_put(struct store *store, const char *cluster,
		       const struct store_open_job *job, struct err *err);
int store_open_job_remove(struct store *store, const char *cluster, uint64_t id,
			  struct err *err);

/* A backfill of what ended in [since, until) that was begun: what lies below
 * `at`, a job_db_inx or a time_end, is done. */
struct store_backfill {
	int64_t since;
	int64_t until;
	bool by_end; /* at is a time_end */
	uint64_t at;
};

/* 1 and the backfill that has not ended, 0 if there is none, -1. */
int store_backfill_get(struct store *store, const char *cluster,
		       struct store_backfill *backfill, struct err *err);
int store_backfill_put(struct store *store, const char *cluster,
		       const struct store_backfill *backfill, struct err *err);
/* It has ended: the span counts as backfilled. */
int store_backfill_end(struct store *store, const char *cluster,
		       const struct store_backfill *backfill, struct err *err);

/* --- Coverage ----------------------------------------------------------- */

/* From since to until. `how`: watched; gap, whose reason says why, and, when
 * it has closed, what was caught up; backfilled, which may lie over gaps; lost:
 * the point in time at which a job that was remembered was gone from the
 * table, with what was remembered of it in `job`. until 0: goes on. */
struct store_span {
	const char *cluster;
	int64_t since;
	int64_t until;
	const char *how;
	const char *reason;
	const char *job;
};

/* Notes that the cluster is watched until now_s: extends its last span if that
 * is a watched one, ends an open gap, noting what the pass that ended it
 * caught up, or begins a new one at since_s. */
int store_watched(struct store *store, const char *cluster, int64_t since_s,
		  int64_t now_s, const char *caught_up, struct err *err);

/* Begins a gap at since_s, 0: at the end of what was watched; what was watched
 * after it is not any more. One that is open stays, and ends at until_s; 0: it
 * goes on. A cluster that was never watched has no gap. */
int store_gap(struct store *store, const char *cluster, int64_t since_s,
	      int64_t until_s, const char *reason, struct err *err);

/* A job that was remembered is gone from the table. */
int store_lost(struct store *store, const char *cluster, int64_t now_s,
	       const char *reason, const char *job, struct err *err);

/* The span lives as long as the call. */
typedef int store_span_fn(const struct store_span *span, void *arg);
/* Spans that touch [since_s, until_s), oldest first by cluster. cluster NULL:
 * all. fn returns non-zero to stop. */
int store_spans(struct store *store, const char *cluster, int64_t since_s,
		int64_t until_s, store_span_fn *fn, void *arg, struct err *err);

/* Calls fn with the span of that number, if it is there. */
int store_span(struct store *store, int64_t id, store_span_fn *fn, void *arg,
	       struct err *err);

/* --- Incidents ---------------------------------------------------------- */

/* Records it unless (cluster, id_job, submitted, kind, part) is known. Sets
 * incident_id and event_id: an incident joins the event of the same cluster,
 * owner and root_id that ended at most a second apart. 1: new, 0: known (the
 * ids are those of the known one, or 0 if it was pruned), -1. */
int store_incident_add(struct store *store, struct incident *incident,
		       struct err *err);

/* Names the script of an incident that was recorded without one, as a further
 * entry. */
int store_incident_script(struct store *store, int64_t incident_id,
			  const char *sha256, struct err *err);

/* The incident's row as JSON, as it was when last looked at; freed by the
 * caller. NULL and err. */
char *store_last_row(struct store *store, int64_t incident_id, struct err *err);

/* A further entry on an incident, which itself stays. kind changed: content is
 * the row as it is now. */
int store_entry_add(struct store *store, int64_t incident_id, int64_t at_s,
		    const char *kind, const char *content, struct err *err);

/* Calls fn for each entry on the incident, oldest first; fn returns non-zero
 * to stop. */
typedef int store_entry_fn(int64_t at_s, const char *kind, const char *content,
			   void *arg);
int store_entries(struct store *store, int64_t incident_id, store_entry_fn *fn,
		  void *arg, struct err *err);

/* What an entry says, freed by the caller; NULL: it is not there. */
char *store_entry_content(struct store *store, int64_t entry_id);

/* What to show. Lists are comma separated as typed; NULL: any. */
struct store_filter {
	int64_t since;  /* ended at or after; seconds */
	int64_t until;  /* ended before; INT64_MAX: no end */
	int64_t after;  /* of those that ended at since, only higher numbers */
	int64_t newest; /* only numbers up to this one; 0: all */
	const char *cluster;
	const char *user; /* names or uids */
	const char *account;
	const char *partition;
	const char *kind;
	bool suspected; /* the suspected ones too */
	bool exempt;    /* the exempt ones too */
	bool corrected; /* those too that were cleared, or whose job lives */
	bool open;      /* only not restored, not acknowledged */
};

/* The incident lives as long as the call. */
typedef int store_incident_fn(const struct incident *incident, void *arg);
/* Calls fn for each, oldest first, one at a time. fn returns non-zero to
 * stop. */
int store_incidents(struct store *store, const struct store_filter *filter,
		    store_incident_fn *fn, void *arg, struct err *err);

/* The highest number of an incident, 0 if there is none: what is recorded later
 * has a higher one. */
int store_newest(struct store *store, int64_t *incident_id, struct err *err);

/* Calls fn for each, oldest or newest first, also for those that are suspected,
 * exempt or corrected, whatever the filter says of these: fn learns what they
 * are, to which event they belong, whose they are and when they ended, and no
 * more. It returns non-zero to stop; no more is read than that takes. */
int store_walk(struct store *store, const struct store_filter *filter,
	       bool newest_first, store_incident_fn *fn, void *arg,
	       struct err *err);

/* Calls fn for each incident of the event of this one, itself too, that the
 * filter lets through, in no order; fn returns non-zero to stop. */
int store_event(struct store *store, const struct incident *incident,
		const struct store_filter *filter, store_incident_fn *fn,
		void *arg, struct err *err);

/* Calls fn for each other event of the incident's user on its cluster that
 * counts and began in the year before: with event_id, confidence, when it began
 * in `ended`, and what store_event() takes. fn returns non-zero to stop. */
int store_neighbours(struct store *store, const struct incident *incident,
		     store_incident_fn *fn, void *arg, struct err *err);

/* The same with each incident of such events in the year behind it, by the time
 * at which they ended. No more is read than fn wants. */
int store_next(struct store *store, const struct incident *incident,
	       store_incident_fn *fn, void *arg, struct err *err);

/* Whether any incident at all is of this user, account, partition or cluster,
 * as `filter` says: 1, 0, -1. That there is none takes reading them all. */
int store_knows(struct store *store, const char *filter, const char *name,
		struct err *err);

/* What those that the filter lets through come to, whatever its limit: of each
 * confidence, as they count now. */
int store_sums(struct store *store, const struct store_filter *filter,
	       struct incident_sum sums[CONFIDENCE_N], struct err *err);

/* A user on a cluster, by a number that is the caller's. */
struct store_owner {
	int64_t number;
	const char *cluster;
	int64_t uid;
};

struct store_stretch {
	int64_t since;
	int64_t until;
};

/* Calls fn for each number whose owners had confirmed incidents, with in how
 * many of the stretches; accounts, partitions and kinds are the filter's. fn
 * returns non-zero to stop. */
typedef int store_repeated_fn(int64_t number, int64_t n, void *arg);
int store_repeated(struct store *store, const struct store_filter *filter,
		   const struct store_owner *owners, size_t n_owners,
		   const struct store_stretch *stretches, size_t n_stretches,
		   store_repeated_fn *fn, void *arg, struct err *err);

/* One incident by number: 1 and *incident (for incident_finish()), 0 if there
 * is none, -1. */
int store_incident(struct store *store, int64_t incident_id,
		   struct incident *incident, struct err *err);

/* Notes that an admin has dealt with it, by name, and why. 1; 0: it was
 * acknowledged before, or is not there; -1. */
int store_acknowledge(struct store *store, int64_t incident_id, int64_t at_s,
		      const char *by, const char *why, struct err *err);

/* Takes that back. 1; 0: it was not; -1. */
int store_unacknowledge(struct store *store, int64_t incident_id, int64_t at_s,
			const char *by, const char *why, struct err *err);

/* --- Verdicts, and what became known of them later ----------------------- */

/* What is recorded of a job's end. */
struct store_known {
	int64_t incident_id;
	bool confirmed; /* at once or since */
	bool cancelled; /* of a kind that says that the job is gone */
	int64_t ended;  /* as it was recorded */
	bool has_script;
	bool corrected; /* anything at all became known since */
	bool alive;     /* what became known is that it did not end */
};

/* 1 and what is recorded of the end of this identity, of whatever kind, 0,
 * -1. Tasks withdrawn from an array are not its end. */
int store_incident_of(struct store *store, const char *cluster, int64_t id_job,
		      int64_t submitted, struct store_known *known,
		      struct err *err);

/* The last incident of an earlier incarnation of the job. */
struct store_earlier {
	int64_t incident_id;
	int64_t submitted;
	int64_t ended;
	int64_t uid;
	int64_t restored_at;
};

/* 1, 0 if there is none, -1. */
int store_incident_before(struct store *store, const char *cluster,
			  int64_t id_job, int64_t submitted,
			  struct store_earlier *earlier, struct err *err);

/* Notes what became known of an incident, one of incident_corrections: as a
 * further entry, and with the incident, so that reports count it
 * accordingly. */
int store_correct(struct store *store, int64_t incident_id, int64_t at_s,
		  enum incident_correction correction, const char *why,
		  struct err *err);

/* Calls fn for each suspected incident that ended at or after since_s and was
 * not corrected; fn returns non-zero to stop. It must not write. */
int store_doubtful(struct store *store, const char *cluster, int64_t since_s,
		   store_incident_fn *fn, void *arg, struct err *err);

/* The job of an incident. */
struct store_gone {
	int64_t incident_id;
	int64_t id_job;
	int64_t submitted;
};

/* Up to `max` jobs of incidents that ended at or after since_s and should be
 * gone: neither restored nor corrected, of kinds that say so. *n: how many. */
int store_gone(struct store *store, const char *cluster, int64_t since_s,
	       struct store_gone *gone, size_t max, size_t *n, struct err *err);

/* A job of a protected partition that was cancelled, and not by its owner. */
struct store_not_owner {
	const char *cluster;
	int64_t id_job;
	int64_t submitted;
	int64_t ended;
	const char *partition;
	int64_t uid; /* -1: nobody's request */
	int64_t tasks;
	const char *why;
};

/* Remembers it, once. */
int store_not_owner_add(struct store *store, const struct store_not_owner *seen,
			struct err *err);

/* 1 if it is remembered, and by whom it was cancelled, 0, -1. */
int store_not_owner_known(struct store *store, const char *cluster,
			  int64_t id_job, int64_t submitted, int64_t *uid,
			  struct err *err);

/* Jobs that one other cancelled for one reason. */
struct store_others {
	int64_t uid; /* -1: nobody's request */
	const char *why;
	int64_t jobs;
};

/* The texts live as long as the call. */
typedef int store_others_fn(const struct store_others *others, void *arg);
/* Calls fn for each who and why in the filter's period, on its clusters and
 * partitions, most jobs first; nothing else of the filter is known of these
 * jobs. fn returns non-zero to stop. */
int store_not_owner_counts(struct store *store,
			   const struct store_filter *filter,
			   store_others_fn *fn, void *arg, struct err *err);

/* --- Scripts ------------------------------------------------------------ */

/* Keeps the bytes beside the store as spool/SHA256 (0600), synced, before the
 * incident that names it is committed. The name, 64 hexadecimal digits, goes
 * to sha256. */
int store_script_put(struct store *store, const void *bytes, size_t len,
		     char sha256[65], struct err *err);

/* Absolute path of that script; freed by the caller. */
char *store_script_path(struct store *store, const char *sha256);

#endif
