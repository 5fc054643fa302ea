/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of one cluster's job table, by each of the ways they are looked
 * for. */
#include "lib/mem.h"
#include "watcher/slurmdbd_private.h"

#include <string.h>

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int slurmdbd_open_ids(struct slurmdbd_cluster *cluster, uint64_t **ids,
		      size_t *n, struct err *err)
{
	struct dbstmt *stmt =
		slurmdbd_ask(cluster, SLURMDBD_SQL_OPEN, NULL, 0, err);
	size_t cap = 0;
	int rc = -1;

	*ids = NULL;
	*n = 0;
	while (stmt && (rc = dbstmt_fetch(stmt, err)) > 0) {
		*ids = mem_grow(*ids, &cap, *n + 1, sizeof(**ids));
		(*ids)[(*n)++] = (uint64_t)dbstmt_int(stmt, 0, 0);
	}
	if (rc < 0) {
		free(*ids);
		*ids = NULL;
		return slurmdbd_failed(cluster, "reading its open jobs", err);
	}
	/* The index orders them by time_eligible first. */
	if (*n)
		qsort(*ids, *n, sizeof(**ids), by_value);
	return 0;
}

static void read_column(const struct dbstmt *stmt, size_t i,
			const struct job_column *column, struct job *job)
{
	char *at = (char *)job + column->offset;
	const char *bytes;
	size_t len;

	switch (column->type) {
	case JOB_INT:
		*(int64_t *)(void *)at = dbstmt_int(stmt, i, column->absent);
		break;
	case JOB_UNSIGNED:
		*(uint64_t *)(void *)at = (uint64_t)dbstmt_int(stmt, i, 0);
		break;
	case JOB_TEXT:
		bytes = dbstmt_bytes(stmt, i, &len);
		free(*(char **)(void *)at);
		*(char **)(void *)at = text_utf8(bytes, len);
		break;
	}
}

/* Gives each row that the statement has left to fn. */
static int each_job(const struct selection *selection, struct dbstmt *stmt,
		    slurmdbd_job_fn *fn, void *arg, struct err *err)
{
	struct job job;
	size_t i;
	int rc;

	while ((rc = dbstmt_fetch(stmt, err)) > 0) {
		job_init(&job);
		for (i = 0; i < selection->n; i++)
			read_column(stmt, i, selection->columns[i], &job);
		fn(&job, arg);
	}
	return rc;
}

/* Rows by primary key, as many at once as the statement has places. */
static int by_ids(struct slurmdbd_cluster *cluster, enum slurmdbd_sql sql,
		  const struct selection *selection, const uint64_t *ids,
		  size_t n, slurmdbd_job_fn *fn, void *arg, struct err *err)
{
	uint64_t params[IDS_AT_ONCE];
	struct dbstmt *stmt;
	size_t done, i;

	for (done = 0; done < n; done += IDS_AT_ONCE) {
		/* The last id fills what is left of the places. */
		for (i = 0; i < IDS_AT_ONCE; i++)
			params[i] = ids[done + i < n ? done + i : n - 1];
		stmt = slurmdbd_ask(cluster, sql, params, IDS_AT_ONCE, err);
		if (!stmt || each_job(selection, stmt, fn, arg, err) < 0)
			return slurmdbd_failed(cluster, "reading jobs", err);
	}
	return 0;
}

int slurmdbd_jobs(struct slurmdbd_cluster *cluster, const uint64_t *ids,
		  size_t n, slurmdbd_job_fn *fn, void *arg, struct err *err)
{
	return by_ids(cluster, SLURMDBD_SQL_JOBS, &cluster->all, ids, n, fn,
		      arg, err);
}

int slurmdbd_watched(struct slurmdbd_cluster *cluster, const uint64_t *ids,
		     size_t n, slurmdbd_job_fn *fn, void *arg, struct err *err)
{
	return by_ids(cluster, SLURMDBD_SQL_WATCHED, &cluster->watched, ids, n,
		      fn, arg, err);
}

int slurmdbd_job(struct slurmdbd_cluster *cluster, int64_t id_job,
		 int64_t submitted_s, slurmdbd_job_fn *fn, void *arg,
		 struct err *err)
{
	const uint64_t params[] = {(uint64_t)id_job, (uint64_t)submitted_s};
	struct dbstmt *stmt =
		slurmdbd_ask(cluster, SLURMDBD_SQL_JOB, params, 2, err);

	if (!stmt || each_job(&cluster->all, stmt, fn, arg, err) < 0)
		return slurmdbd_failed(cluster, "reading a job", err);
	return 0;
}

int slurmdbd_incarnations_of(struct slurmdbd_cluster *cluster,
			     const uint64_t *id_jobs, size_t n,
			     slurmdbd_job_fn *fn, void *arg, struct err *err)
{
	return by_ids(cluster, SLURMDBD_SQL_INCARNATIONS_OF, &cluster->all,
		      id_jobs, n, fn, arg, err);
}

int slurmdbd_incarnations(struct slurmdbd_cluster *cluster, int64_t id_job,
			  slurmdbd_job_fn *fn, void *arg, struct err *err)
{
	const uint64_t params[] = {(uint64_t)id_job};
	struct dbstmt *stmt;

	if (slurmdbd_ahead_give(cluster, id_job, fn, arg))
		return 0;
	stmt = slurmdbd_ask(cluster, SLURMDBD_SQL_INCARNATIONS, params, 1, err);
	if (!stmt || each_job(&cluster->all, stmt, fn, arg, err) < 0)
		return slurmdbd_failed(cluster, "reading a job's rows", err);
	return 0;
}

/* The first column of the statement's first row: 1 and an integer, 0 if there
 * is no row, -1. Rows behind it are read and dropped. */
static int ask_int(struct slurmdbd_cluster *cluster, enum slurmdbd_sql sql,
		   const uint64_t *params, size_t n, int64_t *value,
		   struct err *err)
{
	struct dbstmt *stmt = slurmdbd_ask(cluster, sql, params, n, err);
	int rows = 0;
	int rc = -1;

	while (stmt && (rc = dbstmt_fetch(stmt, err)) > 0)
		if (rows++ == 0)
			*value = dbstmt_int(stmt, 0, 0);
	return rc < 0 ? -1 : rows > 0;
}

int slurmdbd_last_end(struct slurmdbd_cluster *cluster, int64_t now_s,
		      int64_t *last_s, struct err *err)
{
	const uint64_t params[] = {(uint64_t)now_s};

	*last_s = 0;
	if (ask_int(cluster, SLURMDBD_SQL_LAST_END, params, 1, last_s, err) < 0)
		return slurmdbd_failed(cluster, "reading its last job's end",
				       err);
	return 0;
}

int slurmdbd_first_end(struct slurmdbd_cluster *cluster, int64_t *first_s,
		       struct err *err)
{
	*first_s = 0;
	if (ask_int(cluster, SLURMDBD_SQL_FIRST_END, NULL, 0, first_s, err) < 0)
		return slurmdbd_failed(cluster, "reading its first job's end",
				       err);
	return 0;
}

int slurmdbd_ended_bound(struct slurmdbd_cluster *cluster, int64_t since_s,
			 int64_t until_s, int64_t rows, int64_t *bound_s,
			 struct err *err)
{
	const uint64_t params[] = {(uint64_t)since_s, (uint64_t)until_s,
				   (uint64_t)rows};

	*bound_s = until_s;
	if (ask_int(cluster, SLURMDBD_SQL_ENDED_BOUND, params, 3, bound_s,
		    err) < 0)
		return slurmdbd_failed(cluster, "counting ended jobs", err);
	if (*bound_s <= since_s)
		*bound_s = since_s + 1;
	return 0;
}

int slurmdbd_ended(struct slurmdbd_cluster *cluster, int64_t since_s,
		   int64_t until_s, slurmdbd_job_fn *fn, void *arg,
		   struct err *err)
{
	const uint64_t params[] = {(uint64_t)since_s, (uint64_t)until_s};
	struct dbstmt *stmt =
		slurmdbd_ask(cluster, SLURMDBD_SQL_ENDED, params, 2, err);

	if (!stmt || each_job(&cluster->all, stmt, fn, arg, err) < 0)
		return slurmdbd_failed(cluster, "reading ended jobs", err);
	return 0;
}

int slurmdbd_step_killed(struct slurmdbd_cluster *cluster, uint64_t job_db_inx,
			 int64_t uid, int64_t *ended_s, struct err *err)
{
	const uint64_t params[] = {job_db_inx, (uint64_t)uid};

	if (slurmdbd_ahead_step(cluster, job_db_inx, (uint64_t)uid, ended_s))
		return 0;
	*ended_s = 0;
	if (ask_int(cluster, SLURMDBD_SQL_STEP_KILLED, params, 2, ended_s,
		    err) < 0)
		return slurmdbd_failed(cluster, "reading a job's steps", err);
	return 0;
}

int slurmdbd_array_tasks(struct slurmdbd_cluster *cluster, int64_t id_array_job,
			 int64_t submitted_s, int64_t **tasks, size_t *n,
			 struct err *err)
{
	const uint64_t params[] = {(uint64_t)id_array_job,
				   (uint64_t)submitted_s};
	struct dbstmt *stmt =
		slurmdbd_ask(cluster, SLURMDBD_SQL_ARRAY_TASKS, params, 2, err);
	size_t cap = 0;
	int rc = -1;

	*tasks = NULL;
	*n = 0;
	while (stmt && (rc = dbstmt_fetch(stmt, err)) > 0) {
		*tasks = mem_grow(*tasks, &cap, *n + 1, sizeof(**tasks));
		(*tasks)[(*n)++] = dbstmt_int(stmt, 0, 0);
	}
	if (rc == 0)
		return 0;
	free(*tasks);
	*tasks = NULL;
	return slurmdbd_failed(cluster, "reading an array's tasks", err);
}

int slurmdbd_inx_range(struct slurmdbd_cluster *cluster, uint64_t from,
		       uint64_t *first, uint64_t *last, struct err *err)
{
	int64_t value = 0;

	/* MAX and MIN of nothing are NULL, which reads as 0. */
	if (ask_int(cluster, SLURMDBD_SQL_FIRST_INX, &from, 1, &value, err) < 0)
		return slurmdbd_failed(cluster, "reading its first row", err);
	*first = (uint64_t)value;
	value = 0;
	if (ask_int(cluster, SLURMDBD_SQL_LAST_INX, NULL, 0, &value, err) < 0)
		return slurmdbd_failed(cluster, "reading its last row", err);
	*last = (uint64_t)value;
	return *first != 0;
}

/* Chooses {place}; a statement that was prepared for the other is given up. */
static void choose_place(struct slurmdbd_cluster *cluster, bool partitions_only)
{
	static const char *const places[] = {
		"`partition`, account, id_qos, id_resv",
		"`partition`",
	};
	struct dbstmt **stmt = &cluster->stmts[SLURMDBD_SQL_BACKFILL];

	if (cluster->place == places[partitions_only])
		return;
	cluster->place = places[partitions_only];
	dbstmt_free(*stmt);
	*stmt = NULL;
}

/* Reads {place} from column i on. */
static void read_place(const struct dbstmt *stmt, size_t i,
		       bool partitions_only, struct slurmdbd_place *place)
{
	size_t len;

	place->partition = dbstmt_bytes(stmt, i, &len);
	if (partitions_only)
		return;
	place->account = dbstmt_bytes(stmt, i + 1, &len);
	place->id_qos = dbstmt_int(stmt, i + 2, 0);
	place->id_resv = dbstmt_int(stmt, i + 3, 0);
}

int slurmdbd_piece(struct slurmdbd_cluster *cluster,
		   const struct slurmdbd_piece *piece, slurmdbd_found_fn *fn,
		   void *arg, struct err *err)
{
	const uint64_t params[] = {piece->from, piece->to,
				   (uint64_t)piece->since_s,
				   (uint64_t)piece->until_s};
	struct slurmdbd_place place = {.account = ""};
	struct dbstmt *stmt;
	int64_t failed;
	size_t len;
	int rc = -1;

	choose_place(cluster, piece->partitions_only);
	stmt = slurmdbd_ask(cluster, SLURMDBD_SQL_BACKFILL, params, 4, err);
	while (stmt && (rc = dbstmt_fetch(stmt, err)) > 0) {
		place.submit_line = dbstmt_bytes(stmt, 1, &len);
		failed = dbstmt_int(stmt, 2, 0);
		place.failed = failed != 0;
		place.only_if_stepped = failed == 2;
		read_place(stmt, 3, piece->partitions_only, &place);
		fn((uint64_t)dbstmt_int(stmt, 0, 0), &place, arg);
	}
	return rc < 0 ? slurmdbd_failed(cluster, "reading old jobs", err) : 0;
}

int slurmdbd_ran(struct slurmdbd_cluster *cluster, int64_t since_s,
		 int64_t until_s, slurmdbd_ran_fn *fn, void *arg,
		 struct err *err)
{
	const uint64_t params[] = {(uint64_t)since_s, (uint64_t)until_s};
	struct dbstmt *stmt =
		slurmdbd_ask(cluster, SLURMDBD_SQL_RAN, params, 2, err);
	struct slurmdbd_place place = {.submit_line = ""};
	int rc = -1;

	while (stmt && (rc = dbstmt_fetch(stmt, err)) > 0) {
		read_place(stmt, 1, false, &place);
		fn(dbstmt_int(stmt, 0, 0), &place, arg);
	}
	if (rc < 0)
		return slurmdbd_failed(cluster, "counting jobs that ran", err);
	return 0;
}
