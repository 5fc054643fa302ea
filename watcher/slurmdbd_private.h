/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of slurmdbd share: the connection, and a cluster's tables with
 * their statements. */
#ifndef WATCHER_SLURMDBD_PRIVATE_H
#define WATCHER_SLURMDBD_PRIVATE_H

#include "slurmdbd_sql.h"
#include "watcher/dbstmt.h"
#include "watcher/slurmdbd.h"

struct slurmdbd {
	MYSQL *mysql;
	char *database;
	char *where; /* for messages */
};

/* Primary keys asked for at once. */
#define IDS_AT_ONCE 256

/* More than the columns struct job knows. */
#define COLUMNS_MAX 64

/* GPU TRES a cluster may have: gpu itself and one a type. */
#define GPU_TYPES 32

/* Columns that the table has, in the order they are selected. */
struct selection {
	struct text list;
	const struct job_column *columns[COLUMNS_MAX];
	size_t n;
};

/* Names that were asked for by their numbers. A number has one place in the
 * table, which the last one of that place has: it stays small. */
struct names {
	struct {
		int64_t id; /* 0: free */
		int64_t asked_ms;
		char *name;
	} slots[256];
};

/* How long a name is believed, and how long that there is none: it may be made
 * at any time. */
#define NAME_KEPT_MS (5 * 60 * 1000)
#define NO_NAME_KEPT_MS (10 * 1000)

struct step_killed {
	uint64_t job_db_inx;
	uint64_t uid;
	int64_t ended_s;
};

/* What was read ahead: of which jobs, and the answers, in their order. */
struct ahead {
	uint64_t *id_jobs;
	size_t n_id_jobs;
	struct job_list rows;
	uint64_t *steps_of;
	size_t n_steps_of;
	struct step_killed *steps;
	size_t n_steps;
	size_t cap_steps;
};

/* Scripts that were asked for last. */
struct scripts {
	struct {
		uint64_t hash_inx; /* 0: free */
		struct text script;
	} slots[512];
};

struct slurmdbd_cluster {
	struct slurmdbd *db;
	char *name;
	struct selection all;     /* of the job table, for {columns} */
	struct selection watched; /* for {watched} */
	char *ids;                /* IDS_AT_ONCE question marks, for {ids} */
	char *signals;            /* job_sent_signals, for {signals} */
	char *job_table;
	char *assoc_table;
	char *step_table;
	char *job_script_table;
	char *job_env_table;
	char *resv_table;
	const char *place;       /* columns, for {place} */
	const char *submit_line; /* the column, or '' where there is none */
	struct scripts scripts;
	struct ahead ahead;
	struct names users;
	struct names qos;
	struct names reservations;
	bool keeps_scripts;
	struct dbstmt *stmts[SLURMDBD_SQL_N]; /* prepared when first needed */
	int64_t gpus[GPU_TYPES];
	size_t n_gpus;
};

/* Runs the statement, preparing it when it is first needed: NULL and err. Rows
 * of a run before are dropped. */
struct dbstmt *slurmdbd_ask(struct slurmdbd_cluster *cluster,
			    enum slurmdbd_sql sql, const uint64_t *params,
			    size_t n, struct err *err);

/* The first row's first column as bytes; leaves *out empty if there is no
 * row. */
int slurmdbd_ask_bytes(struct slurmdbd_cluster *cluster, enum slurmdbd_sql sql,
		       uint64_t param, struct text *out, struct err *err);

/* Rows of many job numbers, by number and submission. */
int slurmdbd_incarnations_of(struct slurmdbd_cluster *cluster,
			     const uint64_t *id_jobs, size_t n,
			     slurmdbd_job_fn *fn, void *arg, struct err *err);

/* Answers from what was read ahead; false: that was not. */
bool slurmdbd_ahead_give(const struct slurmdbd_cluster *cluster, int64_t id_job,
			 slurmdbd_job_fn *fn, void *arg);
bool slurmdbd_ahead_step(const struct slurmdbd_cluster *cluster,
			 uint64_t job_db_inx, uint64_t uid, int64_t *ended_s);

void slurmdbd_names_free(struct names *names);
void slurmdbd_scripts_free(struct scripts *scripts);

/* Puts the cluster and what was asked of it in front of the error. Returns
 * -1. */
int slurmdbd_failed(const struct slurmdbd_cluster *cluster, const char *doing,
		    struct err *err);

#endif
