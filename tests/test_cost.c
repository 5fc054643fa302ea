/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a pass costs the database: counts of rows it reads, which do not grow
 * with the table, and the index of each statement. Never a time. */
#include "tests/database.h"
#include "watcher/memory.h"
#include "watcher/slurmdbd_private.h"
#include "watcher/tail.h"

#include <inttypes.h>

static char name[] = "lab_cost";
static MYSQL *admin;
static struct slurmdbd *db;

#define NOW 2000000000
#define OPEN 500
#define RECENT 100

static const struct tail_limits limits = {
	.overlap_s = 600,
	.sweep_s = 3600,
	.sweep_window_s = 7 * 86400,
	.rows_per_pass = 100000,
};

static void load(const char *version, bool rows)
{
	const struct conf_database address = database_address(name);
	struct err err;

	database_load(name, version, rows);
	admin = database_connect(name);
	db = slurmdbd_open(&address, &err);
	ck_assert_msg(db != NULL, "%s", err.msg);
}

static void unload(void)
{
	slurmdbd_close(db);
	mysql_close(admin);
}

/* Rows with numbers first to last that ended every 60 seconds up to `ended`,
 * one in ten CANCELLED by its owner; ended 0: they are open. */
static void add_rows(int first, int last, int64_t ended, const char *partition)
{
	database_do(
		admin,
		"INSERT INTO lab_job_table (job_db_inx, mod_time, cpus_req,"
		" job_name, id_assoc, id_job, id_resv, id_wckey, id_user,"
		" id_group, het_job_id, het_job_offset, state_reason_prev,"
		" nodes_alloc, `partition`, priority, state, time_submit,"
		" time_start, time_end, kill_requid) SELECT seq, %" PRId64
		", 1, 'j', 0, seq, 0, 0, 1001, 1001, 0, 4294967294, 0, 1,"
		" '%s', 1, IF(seq %% 10, 3, 4), 1000 + seq, 2000, IF(%" PRId64
		", %" PRId64 " - 60 * (%d - seq), 0),"
		" IF(seq %% 10, NULL, 1001) FROM seq_%d_to_%d",
		ended, partition, ended, ended, last, first, last);
}

static int ignore_job(struct job *job, enum tail_look look, const char *memory,
		      char **again, void *arg, struct err *err)
{
	(void)job;
	(void)look;
	(void)memory;
	(void)again;
	(void)arg;
	(void)err;
	return 0;
}

static int remember_critical(const struct job *job, const char *before,
			     char **memory, bool *again, void *arg,
			     struct err *err)
{
	automemory struct memory known = {0};

	(void)before;
	(void)again;
	(void)arg;
	(void)err;
	memory_init(&known);
	memory_see(&known, job, true);
	if (strcmp(job->partition, "critical") == 0)
		*memory = memory_json(&known);
	return 0;
}

static int ignore_lost(const char *memory, void *arg, struct err *err)
{
	(void)memory;
	(void)arg;
	(void)err;
	return 0;
}

static const struct tail_calls calls = {ignore_job, remember_critical,
					ignore_lost, NULL, NULL};

static int64_t cost_of_pass(struct tail *tail, struct slurmdbd_cluster *lab,
			    int64_t now_s)
{
	int64_t before = database_rows_read(db->mysql);
	int64_t own =
		database_rows_read(db->mysql) - before; /* what asking costs */
	struct err err;

	ck_assert_msg(tail_pass(tail, lab, now_s, &calls, &err) == 0, "%s",
		      err.msg);
	tail_commit(tail);
	return database_rows_read(db->mysql) - before - 2 * own;
}

/* What an idle pass reads of a table with so many rows of history. */
static int64_t cost_with(int history)
{
	struct slurmdbd_cluster *lab;
	struct tail *tail;
	struct err err;
	int64_t cost;

	load("22.05", false);
	add_rows(1, history, NOW - 100000, "critical");
	add_rows(history + 1, history + OPEN, 0, "open");
	add_rows(history + OPEN + 1, history + OPEN + 50, 0, "critical");
	add_rows(history + OPEN + 51, history + OPEN + 50 + RECENT, NOW - 50,
		 "open");
	database_do(admin,
		    "UPDATE lab_job_table SET time_end = %d WHERE id_job > %d",
		    NOW - 50, history + OPEN + 50);
	lab = slurmdbd_cluster_open(db, "lab", &err);
	ck_assert_msg(lab != NULL, "%s", err.msg);
	tail = tail_new(&limits, &(struct store_cluster){0}, NULL, 0);
	cost_of_pass(tail, lab, NOW);
	cost = cost_of_pass(tail, lab, NOW + 5);
	tail_free(tail);
	slurmdbd_cluster_close(lab);
	unload();
	return cost;
}

START_TEST(idle_pass_does_not_grow_with_the_table)
{
	int64_t small = cost_with(1000);
	int64_t large = cost_with(100000);

	ck_assert_int_eq(small, large);
	/* Index entries of open rows; the remembered ones by primary key; what
	 * ended within the overlap twice by index, once by row. */
	ck_assert_int_le(large, OPEN + 50 + 256 + 3 * RECENT + 50);
	ck_assert_int_ge(large, OPEN + 50 + RECENT);
}
END_TEST

/* The index each question is meant to be answered by; NULL: MariaDB answers it
 * from the index's edge, before any table is read. Tables that hold a handful
 * of rows on any site are not in the list. */
static const struct {
	enum slurmdbd_sql sql;
	const char *key;
} intended[] = {
	{SLURMDBD_SQL_ARRAY_TASKS, "array_job"},
	{SLURMDBD_SQL_ASSOC_USER, "PRIMARY"},
	{SLURMDBD_SQL_BACKFILL, "PRIMARY"},
	{SLURMDBD_SQL_ENDED, "rollup2"},
	{SLURMDBD_SQL_ENDED_BOUND, "rollup2"},
	{SLURMDBD_SQL_ENVIRONMENT, "PRIMARY"},
	{SLURMDBD_SQL_FIRST_END, NULL},
	{SLURMDBD_SQL_FIRST_INX, NULL},
	{SLURMDBD_SQL_INCARNATIONS, "id_job"},
	{SLURMDBD_SQL_INCARNATIONS_OF, "id_job"},
	{SLURMDBD_SQL_JOB, "id_job"},
	{SLURMDBD_SQL_JOBS, "PRIMARY"},
	{SLURMDBD_SQL_LAST_END, NULL},
	{SLURMDBD_SQL_LAST_INX, NULL},
	{SLURMDBD_SQL_OPEN, "rollup2"},
	{SLURMDBD_SQL_QOS, "PRIMARY"},
	{SLURMDBD_SQL_RAN, "rollup2"},
	{SLURMDBD_SQL_RESERVATION, "PRIMARY"},
	{SLURMDBD_SQL_SCRIPT, "PRIMARY"},
	{SLURMDBD_SQL_STEP_KILLED, "PRIMARY"},
	{SLURMDBD_SQL_STEPS_KILLED, "PRIMARY"},
	{SLURMDBD_SQL_WATCHED, "PRIMARY"},
};

/* These read a handful of rows, or none, of tables that hold no jobs. */
static const enum slurmdbd_sql harmless[] = {
	SLURMDBD_SQL_CLOCK,
	SLURMDBD_SQL_CLUSTERS,
	SLURMDBD_SQL_COLUMNS,
	SLURMDBD_SQL_GPUS,
	SLURMDBD_SQL_GRANTS,
	SLURMDBD_SQL_READ_ONLY,
	SLURMDBD_SQL_SESSION,
	/* Not of passes, but of `watcher check`. */
	SLURMDBD_SQL_NAMES_ACCOUNTS,
	SLURMDBD_SQL_NAMES_QOS,
	SLURMDBD_SQL_NAMES_USERS,
};

/* The statement as a client would type it, with EXPLAIN in front. */
static char *explain(enum slurmdbd_sql sql)
{
	static const struct dbstmt_macro macros[] = {
		{"columns", "*"},
		{"watched", "*"},
		{"ids", "1, 2, 3"},
		{"job_table", "lab_job_table"},
		{"assoc_table", "lab_assoc_table"},
		{"step_table", "lab_step_table"},
		{"job_script_table", "lab_job_script_table"},
		{"job_env_table", "lab_job_env_table"},
		{"resv_table", "lab_resv_table"},
		{"submit_line", "''"},
		{"signals", "9, 15"},
		{"place", "`partition`, account, id_qos, id_resv"},
		{0},
	};
	autofree char *text =
		dbstmt_expand(slurmdbd_sql_table[sql].text, macros);
	struct text out = {0};
	const char *s;

	text_add(&out, "EXPLAIN ");
	for (s = text; *s; s++)
		if (*s == '?')
			text_add(&out, "1795375300");
		else
			text_add_char(&out, *s);
	return text_take(&out);
}

static void check_plan(enum slurmdbd_sql sql, const char *key)
{
	const char *statement = slurmdbd_sql_table[sql].name;
	autofree char *text = explain(sql);
	MYSQL_RES *result;
	MYSQL_ROW row;

	database_do(admin, "%s", text);
	result = mysql_store_result(admin);
	while ((row = mysql_fetch_row(result))) {
		/* id select_type table type possible_keys key ... Extra */
		const char *type = row[3] ? row[3] : "";
		const char *used = row[5] ? row[5] : "";
		const char *extra = row[9] ? row[9] : "";

		ck_assert_msg(strcmp(type, "ALL") != 0, "%s scans its table",
			      statement);
		ck_assert_msg(!strstr(extra, "filesort"), "%s sorts",
			      statement);
		/* A table of no such row is told without its index. */
		if (strstr(extra, "Impossible") || strstr(extra, "matching"))
			continue;
		if (key)
			ck_assert_msg(strcmp(used, key) == 0,
				      "%s uses '%s', not %s", statement, used,
				      key);
		else
			ck_assert_msg(strstr(extra, "optimized away") != NULL,
				      "%s: %s", statement, extra);
	}
	mysql_free_result(result);
}

START_TEST(every_statement_uses_its_index)
{
	size_t i;

	load(database_versions[_i], true);
	for (i = 0; i < LENGTH(intended); i++) {
		if (_i == 0 && (intended[i].sql == SLURMDBD_SQL_SCRIPT ||
				intended[i].sql == SLURMDBD_SQL_ENVIRONMENT))
			continue; /* 20.11 stores no scripts */
		check_plan(intended[i].sql, intended[i].key);
	}
	unload();
}
END_TEST

START_TEST(no_statement_is_forgotten)
{
	bool named[SLURMDBD_SQL_N] = {false};
	size_t i;

	for (i = 0; i < LENGTH(intended); i++)
		named[intended[i].sql] = true;
	for (i = 0; i < LENGTH(harmless); i++)
		named[harmless[i]] = true;
	for (i = 0; i < SLURMDBD_SQL_N; i++)
		ck_assert_msg(named[i], "%s", slurmdbd_sql_table[i].name);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("cost");

	tcase_add_test(tcase, idle_pass_does_not_grow_with_the_table);
	tcase_add_loop_test(tcase, every_statement_uses_its_index, 0,
			    LENGTH(database_versions));
	tcase_add_test(tcase, no_statement_is_forgotten);
	return unit_run("cost", tcase);
}
