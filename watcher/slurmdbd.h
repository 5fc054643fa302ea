/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The eyes: slurmdbd's database, read and never written. */
#ifndef WATCHER_SLURMDBD_H
#define WATCHER_SLURMDBD_H

#include "conf/conf.h"
#include "lib/err.h"
#include "lib/text.h"
#include "schema/job.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slurmdbd;
struct slurmdbd_cluster;

/* Connects with autocommit, for reading only, each statement bounded by the
 * configured timeout and no lock waited for. NULL: ERR_RETRY if the server is
 * away, ERR_STOP if it refuses. */
struct slurmdbd *slurmdbd_open(const struct conf_database *database,
			       struct err *err);
void slurmdbd_close(struct slurmdbd *db);

/* The database's clock, seconds. */
int slurmdbd_clock(struct slurmdbd *db, int64_t *now_s, struct err *err);

/* The names of the clusters slurmdbd keeps; the caller frees the list. */
int slurmdbd_clusters(struct slurmdbd *db, struct text_list *names,
		      struct err *err);

/* Those to be watched: the ones that the configuration names, or all. */
int slurmdbd_to_watch(struct slurmdbd *db, const struct conf *conf,
		      struct text_list *names, struct err *err);

/* Whether the account may change anything in the database, and the grant that
 * says so, freed by the caller (NULL if it may not). */
int slurmdbd_write_grant(struct slurmdbd *db, char **grant, struct err *err);

/* Finds out which columns the cluster's job table has. NULL: ERR_STOP if the
 * table, an index or a column that is needed is missing. */
struct slurmdbd_cluster *
slurmdbd_cluster_open(struct slurmdbd *db, const char *name, struct err *err);
void slurmdbd_cluster_close(struct slurmdbd_cluster *cluster);
const char *slurmdbd_cluster_name(const struct slurmdbd_cluster *cluster);

/* Adds all names that the cluster knows; the caller frees the list. */
enum slurmdbd_names { SLURMDBD_QOS, SLURMDBD_ACCOUNTS, SLURMDBD_USERS };
int slurmdbd_names(struct slurmdbd_cluster *cluster, enum slurmdbd_names of,
		   struct text_list *names, struct err *err);

/* How many rows its tables gave since it was opened. */
int64_t slurmdbd_rows(const struct slurmdbd_cluster *cluster);

/* Whether this slurmdbd keeps job scripts at all (since 21.08). */
bool slurmdbd_keeps_scripts(const struct slurmdbd_cluster *cluster);

/* job_db_inx of all rows with time_end = 0, ascending, from the index alone;
 * freed by the caller. */
int slurmdbd_open_ids(struct slurmdbd_cluster *cluster, uint64_t **ids,
		      size_t *n, struct err *err);

/* Takes the row over, or frees it with job_finish(). Runs while the row's
 * statement does: it asks the database nothing. */
typedef void slurmdbd_job_fn(struct job *job, void *arg);

/* The rows of these ids, as far as they are there, by primary key. */
int slurmdbd_jobs(struct slurmdbd_cluster *cluster, const uint64_t *ids,
		  size_t n, slurmdbd_job_fn *fn, void *arg, struct err *err);

/* Of the same rows only the watched columns; the others are as absent. */
int slurmdbd_watched(struct slurmdbd_cluster *cluster, const uint64_t *ids,
		     size_t n, slurmdbd_job_fn *fn, void *arg, struct err *err);

/* The row of this identity, whatever its number is now. */
int slurmdbd_job(struct slurmdbd_cluster *cluster, int64_t id_job,
		 int64_t submitted_s, slurmdbd_job_fn *fn, void *arg,
		 struct err *err);

/* All rows of that job number, by their submission. */
int slurmdbd_incarnations(struct slurmdbd_cluster *cluster, int64_t id_job,
			  slurmdbd_job_fn *fn, void *arg, struct err *err);

/* The end of the last of a job's steps that the uid killed; 0 if it killed
 * none. */
int slurmdbd_step_killed(struct slurmdbd_cluster *cluster, uint64_t job_db_inx,
			 int64_t uid, int64_t *ended_s, struct err *err);

/* Read ahead what slurmdbd_incarnations() and slurmdbd_step_killed() would be
 * asked for, of many jobs at once; each replaces what it read before.
 * slurmdbd_ahead_free(): ask again from now on. */
int slurmdbd_ahead_rows(struct slurmdbd_cluster *cluster,
			const uint64_t *id_jobs, size_t n, struct err *err);
int slurmdbd_ahead_steps(struct slurmdbd_cluster *cluster, const uint64_t *ids,
			 size_t n, struct err *err);
void slurmdbd_ahead_free(struct slurmdbd_cluster *cluster);

/* Whether anybody killed a step of this job, of which that was read ahead. */
bool slurmdbd_ahead_stepped(const struct slurmdbd_cluster *cluster,
			    uint64_t job_db_inx);

/* The greatest time_end up to now_s; 0 if there is none. */
int slurmdbd_last_end(struct slurmdbd_cluster *cluster, int64_t now_s,
		      int64_t *last_s, struct err *err);

/* The least time_end of a row that has ended; 0 if there is none. */
int slurmdbd_first_end(struct slurmdbd_cluster *cluster, int64_t *first_s,
		       struct err *err);

/* The end of a chunk of about `rows` ended rows that begins at since_s: not
 * above until_s, always above since_s. */
int slurmdbd_ended_bound(struct slurmdbd_cluster *cluster, int64_t since_s,
			 int64_t until_s, int64_t rows, int64_t *bound_s,
			 struct err *err);

/* Rows with since_s <= time_end < until_s that could be an incident. */
int slurmdbd_ended(struct slurmdbd_cluster *cluster, int64_t since_s,
		   int64_t until_s, slurmdbd_job_fn *fn, void *arg,
		   struct err *err);

/* The first job_db_inx from `from` on and the last of the table: 1, 0 if there
 * is none, -1. */
int slurmdbd_inx_range(struct slurmdbd_cluster *cluster, uint64_t from,
		       uint64_t *first, uint64_t *last, struct err *err);

/* A piece of the table, by primary key. */
struct slurmdbd_piece {
	uint64_t from;
	uint64_t to; /* not in it */
	int64_t since_s;
	int64_t until_s;
	bool partitions_only; /* of where the jobs were */
};

/* Where a row's job was. Bytes as they are stored: partitions and accounts are
 * plain, Slurm knows no others. */
struct slurmdbd_place {
	const char *partition;
	const char *account; /* "" and 0 where partitions_only */
	int64_t id_qos;
	int64_t id_resv;
	const char *submit_line; /* of a job that its owner cancelled; "" */
	bool failed;
	bool only_if_stepped; /* it counts only if its owner killed a step */
};

/* Gets a row's number and place; asks the database nothing. */
typedef void slurmdbd_found_fn(uint64_t job_db_inx,
			       const struct slurmdbd_place *place, void *arg);

/* Its rows with since_s <= time_end < until_s that could be an incident. */
int slurmdbd_piece(struct slurmdbd_cluster *cluster,
		   const struct slurmdbd_piece *piece, slurmdbd_found_fn *fn,
		   void *arg, struct err *err);

/* Gets when a job ended, and where it was; asks the database nothing. */
typedef void slurmdbd_ran_fn(int64_t ended_s,
			     const struct slurmdbd_place *place, void *arg);

/* The jobs that had run and ended in since_s <= time_end < until_s. */
int slurmdbd_ran(struct slurmdbd_cluster *cluster, int64_t since_s,
		 int64_t until_s, slurmdbd_ran_fn *fn, void *arg,
		 struct err *err);

/* The tasks of an array, submitted then, that have rows of their own; freed by
 * the caller. */
int slurmdbd_array_tasks(struct slurmdbd_cluster *cluster, int64_t id_array_job,
			 int64_t submitted_s, int64_t **tasks, size_t *n,
			 struct err *err);

/* The user of an association; "" if it has none. Freed by the caller. */
int slurmdbd_user(struct slurmdbd_cluster *cluster, int64_t id_assoc,
		  char **user, struct err *err);

/* The name of a QOS, or of a reservation by its last row; "" if the number is 0
 * or not known. Valid until the next such name is asked for: some are kept, for
 * a while. */
int slurmdbd_qos(struct slurmdbd_cluster *cluster, int64_t id,
		 const char **name, struct err *err);
int slurmdbd_reservation(struct slurmdbd_cluster *cluster, int64_t id,
			 const char **name, struct err *err);

/* The same where the database may not be asked; NULL: it would have to be. */
const char *slurmdbd_known_qos(const struct slurmdbd_cluster *cluster,
			       int64_t id);
const char *slurmdbd_known_reservation(const struct slurmdbd_cluster *cluster,
				       int64_t id);

/* GPUs that a TRES string names, 0 if none. */
int64_t slurmdbd_gpus(const struct slurmdbd_cluster *cluster, const char *tres);

/* The bytes of a stored environment, a variable a line; empty if there is
 * none. */
int slurmdbd_environment(struct slurmdbd_cluster *cluster, uint64_t hash_inx,
			 struct text *environment, struct err *err);

/* The bytes of a stored script; empty if there is none. */
int slurmdbd_script(struct slurmdbd_cluster *cluster, uint64_t hash_inx,
		    struct text *script, struct err *err);

#endif
