/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores of older versions, brought to this one. */
#include "lib/mem.h"
#include "schema/store.h"
#include "tests/unit.h"

#include <sqlite3.h>

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
		      "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* What version 1 of the store was made by. */
static char *first_migration(void)
{
	autofree char *path = mem_printf("%s/schema/store/001_init.sql",
					 getenv("WATCHER_SOURCE_ROOT"));
	FILE *file = fopen(path, "r");
	char *sql = mem_alloc(1, 65536);

	ck_assert_msg(file != NULL, "%s", path);
	ck_assert_uint_gt(fread(sql, 1, 65535, file), 1000);
	fclose(file);
	return sql;
}

/* A store as version 1 left it, with something in each table. */
static void make_version_1(const char *path)
{
	static const char rows[] =
		"PRAGMA application_id = 0x77746368;"
		"PRAGMA user_version = 1; PRAGMA journal_mode = WAL;"
		"INSERT INTO incident VALUES (7, 7, 'alpha', '3_[1-2]',"
		" '18446744073709551610', 3, 3, 'alice', 1001, 'acc',"
		" 'critical,open', 'normal', 'na\xc3\xafve', 'cancelled',"
		" 'confirmed', 'pending', 2, 50, 0, 60, 70, 0, 0, 0,"
		" 'CANCELLED', 'because', '', 'open', 0, 'ab', "
		"'{\"id_job\":3}',"
		" 'requeued', '3', 80, 'root', 90),"
		" (9, 7, 'alpha', '4', '5', 4, 3, 'alice', 1001, 'acc',"
		" 'critical', 'normal', 'j', 'cancelled', 'suspected',"
		" 'running', 1, 50, 55, 61, 70, 6, 12, 0, 'CANCELLED',"
		" 'because', 'grace = 5s', 'sweep', 1, '', '{}', '', '', 0,"
		" '', 0);"
		"INSERT INTO entry VALUES (4, 7, 75, 'changed', 'row 2'),"
		" (5, 9, 76, 'changed', 'row 3');"
		"INSERT INTO cluster VALUES ('alpha', 1, 2, 3, 4, 5, 6);"
		"INSERT INTO open_job VALUES ('alpha', -6, '{\"id_job\":5}'),"
		" ('alpha', 8, '');"
		"INSERT INTO coverage VALUES (1, 'alpha', 10, 20, 'watched',"
		" '', ''), (2, 'alpha', 15, 15, 'lost', 'gone', '{}');"
		"INSERT INTO backfill VALUES ('alpha', 1, 2, 0, -9);";
	autofree char *init = first_migration();

	run_sql(path, init);
	run_sql(path, rows);
}

static int64_t number_of(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t n;

	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK,
		      "%s", sqlite3_errmsg(db));
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

/* How many of the old database's rows the new one has not. */
static int64_t n_lost(sqlite3 *db, const char *table, const char *columns)
{
	autofree char *sql =
		mem_printf("SELECT count(*) FROM (SELECT %s FROM old.%s EXCEPT"
			   " SELECT %s FROM main.%s)",
			   columns, table, columns, table);

	return number_of(db, sql);
}

static void check_nothing_lost(void)
{
	static const char incident[] =
		"incident_id, event_id, cluster, job_id, job_db_inx, id_job,"
		" root_id, user, uid, account, partition, qos, job_name, kind,"
		" confidence, phase, tasks, submitted, started, ended,"
		" detected, elapsed_s, cpu_seconds, gpu_seconds, state,"
		" reason, exempt, found, late, script_sha256, job,"
		" restoration, restored_job_id, restored_at, acknowledged_by,"
		" acknowledged_at";
	static const char entry[] = "incident_id, at, kind, content";
	static const char *const others[] = {"cluster", "open_job", "coverage",
					     "backfill"};
	autofree char *attach =
		mem_printf("ATTACH '%s' AS old", unit_path("v1.db"));
	sqlite3 *db;
	size_t i;

	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(n_lost(db, "incident", incident), 0);
	ck_assert_int_eq(n_lost(db, "entry", entry), 0);
	for (i = 0; i < LENGTH(others); i++)
		ck_assert_msg(n_lost(db, others[i], "*") == 0, "%s", others[i]);
	ck_assert_int_eq(
		number_of(db, "SELECT count(*) FROM pragma_foreign_key_check"),
		0);
	sqlite3_close(db);
}

/* Nothing that version 1 kept is lost or changed. */
START_TEST(a_store_of_version_1)
{
	struct store *store;
	struct store_open_job *jobs;
	struct store_known known;
	struct incident back;
	struct err err;
	size_t n;

	unit_make_dir();
	make_version_1(unit_path("v1.db"));
	make_version_1(unit_path("s.db"));
	/* Whoever only reads does not bring it to another version. */
	ck_assert_ptr_null(store_open_read(unit_path("s.db"), &err));
	store = store_open(unit_path("s.db"), NULL, 100, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
	check_nothing_lost();
	ck_assert_int_eq(store_incident(store, 7, &back, &err), 1);
	ck_assert_str_eq(back.part, "");
	ck_assert_str_eq(back.causes, "");
	ck_assert_str_eq(back.section, "");
	ck_assert_str_eq(back.correction, "");
	ck_assert_int_eq(back.corrected_at, 0);
	incident_finish(&back);
	ck_assert_int_eq(store_incident_of(store, "alpha", 3, 50, &known, &err),
			 1);
	ck_assert_int_eq(known.incident_id, 7);
	ck_assert(known.confirmed && known.cancelled && !known.corrected);
	ck_assert_int_eq(store_open_jobs(store, "alpha", &jobs, &n, &err), 0);
	ck_assert_uint_eq(n, 2);
	ck_assert_ptr_null(jobs[0].job);
	ck_assert_uint_eq(jobs[1].job_db_inx, UINT64_MAX - 5);
	ck_assert_str_eq(jobs[1].job, "{\"id_job\":5}");
	free(jobs[1].job);
	free(jobs);
	store_close(store);
	unit_remove_dir();
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("migration");

	tcase_add_test(tcase, a_store_of_version_1);
	return unit_run("migration", tcase);
}
