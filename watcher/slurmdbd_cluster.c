/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One cluster's tables: what they have, and the questions asked of them. */
#include "lib/mem.h"
#include "slurmdbd_sql.h"
#include "watcher/slurmdbd_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Primary keys asked for at once. */
#define IDS_AT_ONCE 256

/* More than the columns struct job knows. */
#define COLUMNS_MAX 64

/* GPU TRES a cluster may have: gpu itself and one a type. */
#define GPU_TYPES 32

struct slurmdbd_cluster {
	struct slurmdbd *db;
	char *name;
	char *columns; /* of the job table, for {columns} */
	const struct job_column *present[COLUMNS_MAX]; /* in their order */
	size_t n_present;
	char *ids; /* IDS_AT_ONCE question marks, for {ids} */
	char *job_table;
	char *assoc_table;
	char *job_script_table;
	bool keeps_scripts;
	struct dbstmt *stmts[SLURMDBD_SQL_N]; /* prepared when first needed */
	int64_t gpus[GPU_TYPES];
	size_t n_gpus;
};

/* The one place where a cluster's name becomes part of a statement: it cannot
 * be bound. Slurm's own names are of these characters. */
static int check_name(const char *name, struct err *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

	if (name[0] && strlen(name) <= 40 &&
	    strspn(name, allowed) == strlen(name))
		return 0;
	return err_set(err, ERR_STOP,
		       "cluster '%.64s': not a name that Slurm gives (small "
		       "letters, digits, _ and -)",
		       name);
}

/* Prefixes the error with the cluster and what was asked of it. */
static int failed(const struct slurmdbd_cluster *cluster, const char *doing,
		  struct err *err)
{
	return err_prefix(err, "cluster %s: %s: ", cluster->name, doing);
}

/* The statement, prepared; NULL and err. */
static struct dbstmt *statement(struct slurmdbd_cluster *cluster,
				enum slurmdbd_sql sql, struct err *err)
{
	const struct dbstmt_macro macros[] = {
		{"columns", cluster->columns},
		{"ids", cluster->ids},
		{"job_table", cluster->job_table},
		{"assoc_table", cluster->assoc_table},
		{"job_script_table", cluster->job_script_table},
		{0},
	};
	autofree char *text = NULL;

	if (!cluster->stmts[sql]) {
		text = dbstmt_expand(slurmdbd_sql_table[sql].text, macros);
		cluster->stmts[sql] = dbstmt_new(cluster->db->mysql, text, err);
	}
	return cluster->stmts[sql];
}

static struct dbstmt *ask(struct slurmdbd_cluster *cluster,
			  enum slurmdbd_sql sql, const uint64_t *params,
			  size_t n, struct err *err)
{
	struct dbstmt *stmt = statement(cluster, sql, err);

	if (!stmt || dbstmt_execute(stmt, params, n, err) < 0)
		return NULL;
	return stmt;
}

static bool has_column(const struct dbstmt *stmt, const char *name)
{
	size_t i;

	for (i = 0; i < dbstmt_columns(stmt); i++)
		if (strcmp(dbstmt_column(stmt, i), name) == 0)
			return true;
	return false;
}

/* Makes {columns} of what the table has. */
static int probe_columns(struct slurmdbd_cluster *cluster, struct err *err)
{
	struct dbstmt *stmt = statement(cluster, SLURMDBD_SQL_COLUMNS, err);
	autotext struct text list = {0};
	size_t i;

	if (!stmt)
		return failed(cluster, "reading its job table's columns", err);
	for (i = 0; i < job_n_columns; i++) {
		const struct job_column *column = &job_columns[i];

		if (has_column(stmt, column->name)) {
			cluster->present[cluster->n_present++] = column;
			text_addf(&list, "%s`%s`", list.len ? ", " : "",
				  column->name);
		} else if (column->needed) {
			err_set(err, ERR_STOP,
				"cluster %s: its job table has no column %s",
				cluster->name, column->name);
			return err_hint(err, "watcher knows Slurm 20.11 to "
					     "26.05");
		}
	}
	cluster->keeps_scripts = has_column(stmt, "script_hash_inx");
	cluster->columns = text_take(&list);
	return 0;
}

/* The GPU that has no type counts those with one; without it they are added
 * up. */
static int probe_gpus(struct slurmdbd_cluster *cluster, struct err *err)
{
	struct dbstmt *stmt = ask(cluster, SLURMDBD_SQL_GPUS, NULL, 0, err);
	size_t len;
	int rc = -1;

	while (stmt && (rc = dbstmt_fetch(stmt, err)) > 0) {
		bool untyped = strcmp(dbstmt_bytes(stmt, 1, &len), "gpu") == 0;

		if (untyped || cluster->n_gpus < GPU_TYPES)
			cluster->gpus[untyped ? 0 : cluster->n_gpus++] =
				dbstmt_int(stmt, 0, 0);
		if (!untyped)
			continue;
		cluster->n_gpus = 1;
		break;
	}
	if (rc > 0)
		while ((rc = dbstmt_fetch(stmt, err)) > 0)
			;
	return rc < 0 ? failed(cluster, "reading its TRES", err) : 0;
}

struct slurmdbd_cluster *
slurmdbd_cluster_open(struct slurmdbd *db, const char *name, struct err *err)
{
	struct slurmdbd_cluster *cluster;
	autotext struct text ids = {0};
	size_t i;

	if (check_name(name, err) < 0)
		return NULL;
	for (i = 0; i < IDS_AT_ONCE; i++)
		text_add(&ids, i ? ", ?" : "?");
	cluster = mem_alloc(1, sizeof(*cluster));
	cluster->db = db;
	cluster->name = mem_strdup(name);
	cluster->ids = text_take(&ids);
	cluster->job_table = mem_printf("`%s_job_table`", name);
	cluster->assoc_table = mem_printf("`%s_assoc_table`", name);
	cluster->job_script_table = mem_printf("`%s_job_script_table`", name);
	if (probe_columns(cluster, err) < 0 || probe_gpus(cluster, err) < 0) {
		slurmdbd_cluster_close(cluster);
		return NULL;
	}
	return cluster;
}

void slurmdbd_cluster_close(struct slurmdbd_cluster *cluster)
{
	size_t i;

	if (!cluster)
		return;
	for (i = 0; i < SLURMDBD_SQL_N; i++)
		dbstmt_free(cluster->stmts[i]);
	free(cluster->name);
	free(cluster->columns);
	free(cluster->ids);
	free(cluster->job_table);
	free(cluster->assoc_table);
	free(cluster->job_script_table);
	free(cluster);
}

const char *slurmdbd_cluster_name(const struct slurmdbd_cluster *cluster)
{
	return cluster->name;
}

bool slurmdbd_keeps_scripts(const struct slurmdbd_cluster *cluster)
{
	return cluster->keeps_scripts;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int slurmdbd_open_ids(struct slurmdbd_cluster *cluster, uint64_t **ids,
		      size_t *n, struct err *err)
{
	struct dbstmt *stmt = ask(cluster, SLURMDBD_SQL_OPEN, NULL, 0, err);
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
		return failed(cluster, "reading its open jobs", err);
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
static int each_job(const struct slurmdbd_cluster *cluster, struct dbstmt *stmt,
		    slurmdbd_job_fn *fn, void *arg, struct err *err)
{
	struct job job;
	size_t i;
	int rc;

	while ((rc = dbstmt_fetch(stmt, err)) > 0) {
		job_init(&job);
		for (i = 0; i < cluster->n_present; i++)
			read_column(stmt, i, cluster->present[i], &job);
		fn(&job, arg);
	}
	return rc;
}

int slurmdbd_jobs(struct slurmdbd_cluster *cluster, const uint64_t *ids,
		  size_t n, slurmdbd_job_fn *fn, void *arg, struct err *err)
{
	uint64_t params[IDS_AT_ONCE];
	struct dbstmt *stmt;
	size_t done, i;

	for (done = 0; done < n; done += IDS_AT_ONCE) {
		/* The last id fills what is left of the places. */
		for (i = 0; i < IDS_AT_ONCE; i++)
			params[i] = ids[done + i < n ? done + i : n - 1];
		stmt = ask(cluster, SLURMDBD_SQL_JOBS, params, IDS_AT_ONCE,
			   err);
		if (!stmt || each_job(cluster, stmt, fn, arg, err) < 0)
			return failed(cluster, "reading jobs", err);
	}
	return 0;
}

/* The first column of the statement's first row: 1 and an integer, 0 if there
 * is no row, -1. Rows behind it are read and dropped. */
static int ask_int(struct slurmdbd_cluster *cluster, enum slurmdbd_sql sql,
		   const uint64_t *params, size_t n, int64_t *value,
		   struct err *err)
{
	struct dbstmt *stmt = ask(cluster, sql, params, n, err);
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
		return failed(cluster, "reading its last job's end", err);
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
		return failed(cluster, "counting ended jobs", err);
	if (*bound_s <= since_s)
		*bound_s = since_s + 1;
	return 0;
}

int slurmdbd_ended(struct slurmdbd_cluster *cluster, int64_t since_s,
		   int64_t until_s, slurmdbd_job_fn *fn, void *arg,
		   struct err *err)
{
	const uint64_t params[] = {(uint64_t)since_s, (uint64_t)until_s};
	struct dbstmt *stmt = ask(cluster, SLURMDBD_SQL_ENDED, params, 2, err);

	if (!stmt || each_job(cluster, stmt, fn, arg, err) < 0)
		return failed(cluster, "reading ended jobs", err);
	return 0;
}

int slurmdbd_array_tasks(struct slurmdbd_cluster *cluster, int64_t id_array_job,
			 int64_t submitted_s, int64_t **tasks, size_t *n,
			 struct err *err)
{
	const uint64_t params[] = {(uint64_t)id_array_job,
				   (uint64_t)submitted_s};
	struct dbstmt *stmt =
		ask(cluster, SLURMDBD_SQL_ARRAY_TASKS, params, 2, err);
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
	return failed(cluster, "reading an array's tasks", err);
}

/* The first row's first column as bytes; leaves *out empty if there is no
 * row. */
static int ask_bytes(struct slurmdbd_cluster *cluster, enum slurmdbd_sql sql,
		     uint64_t param, struct text *out, struct err *err)
{
	struct dbstmt *stmt = ask(cluster, sql, &param, 1, err);
	const char *bytes;
	size_t len;
	int rc = -1;

	while (stmt && (rc = dbstmt_fetch(stmt, err)) > 0) {
		bytes = dbstmt_bytes(stmt, 0, &len);
		if (!out->len)
			text_add_bytes(out, bytes, len);
	}
	return rc;
}

static int ask_name(struct slurmdbd_cluster *cluster, enum slurmdbd_sql sql,
		    int64_t param, char **name, struct err *err)
{
	autotext struct text bytes = {0};

	*name = NULL;
	if (ask_bytes(cluster, sql, (uint64_t)param, &bytes, err) < 0)
		return failed(cluster, "reading a name", err);
	*name = text_utf8(bytes.len ? bytes.s : "", bytes.len);
	return 0;
}

int slurmdbd_user(struct slurmdbd_cluster *cluster, int64_t id_assoc,
		  char **user, struct err *err)
{
	return ask_name(cluster, SLURMDBD_SQL_ASSOC_USER, id_assoc, user, err);
}

int slurmdbd_qos(struct slurmdbd_cluster *cluster, int64_t id, char **name,
		 struct err *err)
{
	return ask_name(cluster, SLURMDBD_SQL_QOS, id, name, err);
}

int64_t slurmdbd_gpus(const struct slurmdbd_cluster *cluster, const char *tres)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < cluster->n_gpus; i++) {
		int64_t count = job_tres_count(tres, cluster->gpus[i]);

		sum += count > 0 ? count : 0;
	}
	return sum;
}

int slurmdbd_script(struct slurmdbd_cluster *cluster, uint64_t hash_inx,
		    struct text *script, struct err *err)
{
	if (!cluster->keeps_scripts || !hash_inx)
		return 0;
	if (ask_bytes(cluster, SLURMDBD_SQL_SCRIPT, hash_inx, script, err) < 0)
		return failed(cluster, "reading a job's script", err);
	return 0;
}
