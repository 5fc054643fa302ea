/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the watching is doing: from the store and the lock beside it, without
 * asking the process that watches. */
#ifndef WATCHER_STATUS_H
#define WATCHER_STATUS_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/incident.h"
#include "schema/store_status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum status_state {
	STATUS_IN_TIME,
	STATUS_BEHIND,  /* it runs, and some cluster is not watched in time */
	STATUS_HUNG,    /* it runs, and gives no sign of life */
	STATUS_STOPPED, /* nobody watches */
	STATUS_N
};

extern const char *const status_states[STATUS_N];

/* Gaps that touch the last day, and the last week. */
enum status_span { STATUS_DAY, STATUS_WEEK, STATUS_SPANS };

struct status_cluster {
	char *name;
	/* It was watched once, and what is watched now leaves it out. */
	bool left_out;
	char *why; /* it is behind; NULL: it is in time */

	int64_t lag_s;       /* now minus the last good pass */
	int64_t last_pass_s; /* the database's clock */
	int64_t heard_s;     /* the last pass that saw anything new */
	int64_t newest_s;    /* the last end of a job, slurmctld's clock */
	int64_t rows;        /* of the last pass */
	int64_t took_ms;
	int64_t passes; /* all there were */
	int64_t all_rows;
	int64_t all_ms;

	int64_t open_jobs;
	int64_t remembered_jobs;
	int64_t restoring; /* incidents that somebody is bringing back */
	int64_t followed;  /* jobs that are back, and have not ended */
	int64_t restored;  /* jobs that are, or were, back */
	int64_t lost_jobs; /* that were gone from the table, ever */

	int64_t next_sweep_s;
	int64_t last_sweep_s; /* 0: none has ended yet */
	int64_t backlog_s;    /* what a sweep under way has before it */

	int64_t watched;  /* 1; 0: a gap is open */
	int64_t since_s;  /* since when it is watched, gaps or not */
	int64_t gap_s;    /* when the open gap began; 0: none is open */
	char *gap_reason; /* NULL: none is */
	int64_t all_gaps; /* ever */
	int64_t gaps[STATUS_SPANS];
	int64_t gap_seconds[STATUS_SPANS];
};

/* A channel by which people are told. */
struct status_channel {
	char *name;
	int64_t pending;
	int64_t oldest_s; /* of these; 0: there is none */
	int64_t given_up;
	bool is_gone; /* watcher.conf has no such channel */
};

struct status_tally {
	char *what;
	char *cluster;
	char *partition;
	char *kind;
	char *confidence;
	int64_t n;
};

struct status {
	enum status_state state;
	char *why; /* not in time; NULL: it is */
	int64_t now_s;
	int64_t now_ms;
	int64_t poll_s;
	struct store_life life;

	char *path; /* of the store */
	int64_t bytes;
	int64_t wal_bytes;
	int64_t version;
	struct store_head head; /* entries 0: it has none */
	int64_t due;            /* incidents to be restored by themselves */

	struct status_cluster *clusters;
	size_t n_clusters;
	size_t cap_clusters;
	struct status_channel *channels;
	size_t n_channels;
	size_t cap_channels;
	struct status_tally *tallies;
	size_t n_tallies;
	size_t cap_tallies;
};

/* Reads it as it is at now_s and now_ms (ticks_ms()). life: as store_life()
 * has it, or of this process. -1: the store's error. Ends with
 * status_finish(), even then. */
int status_read(struct status *status, const struct conf *conf,
		struct store *store, const struct store_life *life,
		int64_t now_s, int64_t now_ms, struct err *err);
void status_finish(struct status *status);

/* How many there are, together; cluster or confidence NULL: of any. */
int64_t status_count(const struct status *status, const char *what,
		     const char *cluster, const char *confidence);

/* 0: in time; 3: nobody watches; 4: behind, or hung. */
int status_exit_code(const struct status *status);

void status_print_text(const struct status *status, FILE *out);
void status_print_json(const struct status *status, FILE *out);

#endif
