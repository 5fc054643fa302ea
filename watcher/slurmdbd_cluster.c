/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One cluster's tables: what they have, and the questions asked of them. */
#include "lib/mem.h"
#include "watcher/slurmdbd_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

int slurmdbd_failed(const struct slurmdbd_cluster *cluster, const char *doing,
		    struct err *err)
{
	return err_prefix(err, "cluster %s: %s: ", cluster->name, doing);
}

/* The statement, prepared; NULL and err. */
static struct dbstmt *statement(struct slurmdbd_cluster *cluster,
				enum slurmdbd_sql sql, struct err *err)
{
	const struct dbstmt_macro macros[] = {
		{"columns", cluster->all.list.s},
		{"watched", cluster->watched.list.s},
		{"ids", cluster->ids},
		{"job_table", cluster->job_table},
		{"assoc_table", cluster->assoc_table},
		{"step_table", cluster->step_table},
		{"job_script_table", cluster->job_script_table},
		{"job_env_table", cluster->job_env_table},
		{"resv_table", cluster->resv_table},
		{"place", cluster->place},
		{"submit_line", cluster->submit_line},
		{"signals", cluster->signals},
		{0},
	};
	autofree char *text = NULL;

	if (!cluster->stmts[sql]) {
		text = dbstmt_expand(slurmdbd_sql_table[sql].text, macros);
		cluster->stmts[sql] = dbstmt_new(cluster->db->mysql, text, err);
	}
	return cluster->stmts[sql];
}

struct dbstmt *slurmdbd_ask(struct slurmdbd_cluster *cluster,
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

static void select_column(struct selection *selection,
			  const struct job_column *column)
{
	text_addf(&selection->list, "%s`%s`", selection->n ? ", " : "",
		  column->name);
	selection->columns[selection->n++] = column;
}

/* Makes {columns} and {watched} of what the table has. */
static int probe_columns(struct slurmdbd_cluster *cluster, struct err *err)
{
	struct dbstmt *stmt = statement(cluster, SLURMDBD_SQL_COLUMNS, err);
	size_t i;

	if (!stmt)
		return slurmdbd_failed(cluster,
				       "reading its job table's columns", err);
	for (i = 0; i < job_n_columns; i++) {
		const struct job_column *column = &job_columns[i];

		if (has_column(stmt, column->name)) {
			select_column(&cluster->all, column);
			if (column->watched)
				select_column(&cluster->watched, column);
		} else if (column->needed) {
			err_set(err, ERR_STOP,
				"cluster %s: its job table has no column %s",
				cluster->name, column->name);
			return err_hint(err, "watcher knows Slurm 20.11 to "
					     "26.05");
		}
	}
	cluster->keeps_scripts = has_column(stmt, "script_hash_inx");
	cluster->submit_line =
		has_column(stmt, "submit_line") ? "submit_line" : "''";
	return 0;
}

/* The GPU that has no type counts those with one; without it they are added
 * up. */
static int probe_gpus(struct slurmdbd_cluster *cluster, struct err *err)
{
	struct dbstmt *stmt =
		slurmdbd_ask(cluster, SLURMDBD_SQL_GPUS, NULL, 0, err);
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
	return rc < 0 ? slurmdbd_failed(cluster, "reading its TRES", err) : 0;
}

struct slurmdbd_cluster *
slurmdbd_cluster_open(struct slurmdbd *db, const char *name, struct err *err)
{
	struct slurmdbd_cluster *cluster;
	autotext struct text ids = {0};
	autotext struct text signals = {0};
	size_t i;

	if (check_name(name, err) < 0)
		return NULL;
	for (i = 0; i < IDS_AT_ONCE; i++)
		text_add(&ids, i ? ", ?" : "?");
	for (i = 0; i < job_n_sent_signals; i++)
		text_addf(&signals, i ? ", %d" : "%d", job_sent_signals[i]);
	cluster = mem_alloc(1, sizeof(*cluster));
	cluster->db = db;
	cluster->name = mem_strdup(name);
	cluster->ids = text_take(&ids);
	cluster->signals = text_take(&signals);
	cluster->job_table = mem_printf("`%s_job_table`", name);
	cluster->assoc_table = mem_printf("`%s_assoc_table`", name);
	cluster->step_table = mem_printf("`%s_step_table`", name);
	cluster->job_script_table = mem_printf("`%s_job_script_table`", name);
	cluster->job_env_table = mem_printf("`%s_job_env_table`", name);
	cluster->resv_table = mem_printf("`%s_resv_table`", name);
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
	text_free(&cluster->all.list);
	text_free(&cluster->watched.list);
	free(cluster->ids);
	free(cluster->signals);
	free(cluster->job_table);
	free(cluster->assoc_table);
	free(cluster->step_table);
	free(cluster->job_script_table);
	free(cluster->job_env_table);
	free(cluster->resv_table);
	slurmdbd_ahead_free(cluster);
	slurmdbd_scripts_free(&cluster->scripts);
	slurmdbd_names_free(&cluster->users);
	slurmdbd_names_free(&cluster->qos);
	slurmdbd_names_free(&cluster->reservations);
	free(cluster);
}

const char *slurmdbd_cluster_name(const struct slurmdbd_cluster *cluster)
{
	return cluster->name;
}

int64_t slurmdbd_rows(const struct slurmdbd_cluster *cluster)
{
	int64_t rows = 0;
	size_t i;

	for (i = 0; i < SLURMDBD_SQL_N; i++)
		if (cluster->stmts[i])
			rows += dbstmt_rows(cluster->stmts[i]);
	return rows;
}

bool slurmdbd_keeps_scripts(const struct slurmdbd_cluster *cluster)
{
	return cluster->keeps_scripts;
}

int slurmdbd_ask_bytes(struct slurmdbd_cluster *cluster, enum slurmdbd_sql sql,
		       uint64_t param, struct text *out, struct err *err)
{
	struct dbstmt *stmt = slurmdbd_ask(cluster, sql, &param, 1, err);
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

int64_t slurmdbd_gpus(const struct slurmdbd_cluster *cluster, const char *tres)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < cluster->n_gpus; i++) {
		int64_t count = job_tres_count(tres, cluster->gpus[i]);

		if (count > 0 && __builtin_add_overflow(sum, count, &sum))
			return INT64_MAX;
	}
	return sum;
}
