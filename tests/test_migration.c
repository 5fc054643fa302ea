/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores of older versions, brought to this one. */
#include "lib/mem.h"
#include "schema/chain_verify.h"
#include "schema/store.h"
#include "schema/store_alert.h"
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

/* What a version of the store was made by, after the one before. */
static char *migration(const char *name)
{
	autofree char *path = mem_printf("%s/schema/store/%s.sql",
					 getenv("WATCHER_SOURCE_ROOT"), name);
	FILE *file = fopen(path, "r");
	char *sql = mem_alloc(1, 65536);

	ck_assert_msg(file != NULL, "%s", path);
	ck_assert_uint_gt(fread(sql, 1, 65535, file), 500);
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
	autofree char *init = migration("001_init");

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

/* What is counted as it is written from now on was counted for once. */
static void check_tally(void)
{
	static const struct {
		const char *what;
		int64_t n;
	} counts[] = {{"incident", 1}, {"event", 1}, {"job", 2},  {"exempt", 1},
		      {"restored", 1}, {"open", 0},  {"lost", 1}, {"gap", 0}};
	sqlite3 *db;
	size_t i;

	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	for (i = 0; i < LENGTH(counts); i++) {
		autofree char *sql =
			mem_printf("SELECT total(n) FROM tally WHERE what ="
				   " '%s' AND cluster = 'alpha'",
				   counts[i].what);

		ck_assert_msg(number_of(db, sql) == counts[i].n, "%s",
			      counts[i].what);
	}
	sqlite3_close(db);
}

static void check_chain(struct store *store, int64_t incidents)
{
	struct chain_report report = {0};
	struct err err;

	ck_assert_msg(chain_verify(store, &report, &err) == 0, "%s", err.msg);
	ck_assert_msg(report.n_findings == 0, "%lld: %s",
		      (long long)report.findings[0].entry_id,
		      report.findings[0].what);
	ck_assert_int_eq(report.incidents, incidents);
	chain_report_finish(&report);
}

static int on_news(const struct store_news *news, void *arg, struct err *err)
{
	(void)arg;
	return err_set(err, ERR_STOP, "entry %lld", (long long)news->entry_id);
}

/* Nobody is told now what was recorded long ago. */
static void check_no_news(struct store *store)
{
	struct err err;

	ck_assert_int_eq(store_begin(store, 100, &err), 0);
	ck_assert_msg(store_alert_news(store, on_news, NULL, &err) == 0, "%s",
		      err.msg);
	store_rollback(store);
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
	check_tally();
	check_no_news(store);
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
	check_chain(store, 2);
	store_close(store);
	unit_remove_dir();
}
END_TEST

/* A store as version 4 left it: incidents to which much has happened since. */
static void make_version_4(const char *path)
{
	static const char *const names[] = {"001_init", "002_verdict",
					    "003_witness", "004_restoration"};
	static const char rows[] =
		"PRAGMA application_id = 0x77746368; PRAGMA user_version = 4;"
		"INSERT INTO incident (incident_id, event_id, cluster, job_id,"
		" job_db_inx, id_job, root_id, user, uid, account, partition,"
		" qos, job_name, kind, confidence, phase, tasks, submitted,"
		" started, ended, detected, elapsed_s, cpu_seconds,"
		" gpu_seconds, state, reason, found, script_sha256, job)"
		" SELECT value, 1, 'alpha', value, value, value, value,"
		" 'alice', 1001, 'a', 'critical', 'n', 'na\xc3\xafve \"j\"'"
		" || char(10), 'cancelled', 'suspected', 'running', 1, 50, 55,"
		" 60, 70, 5, 5, 0, 'C', 'r', 'open', iif(value = 2, 'abc', '')"
		", '{}' FROM json_each('[1,2,3,5,8]');"
		"UPDATE incident SET correction = 'cleared', corrected_at = 5,"
		" correction_why = 'the \"log\"' WHERE incident_id = 1;"
		"UPDATE incident SET restoration = 'requeued', restored_at = 9,"
		" restored_job_id = '2', restored_id_job = 2,"
		" restored_state = 'running', restored_started = 9"
		" WHERE incident_id = 2;"
		"UPDATE incident SET acknowledged_by = 'root',"
		" acknowledged_at = 7 WHERE incident_id = 5;"
		"INSERT INTO entry (incident_id, at, kind, content) VALUES"
		" (2, 9, 'restored', '{\"how\":\"requeued\"}'),"
		" (1, 5, 'cleared', '{\"why\":\"x\"}'),"
		" (2, 10, 'changed', 'no row');"
		"INSERT INTO coverage (cluster, since, until, how, reason)"
		" VALUES ('alpha', 10, 20, 'watched', ''),"
		" ('alpha', 20, 15, 'gap', 'a clock leapt'),"
		" ('beta', 10, 30, 'watched', ''), ('beta', 30, 0, 'gap',"
		" 'away'), ('alpha', 15, 40, 'watched', ''),"
		" ('alpha', 12, 12, 'lost', 'gone'),"
		" ('alpha', 1, 9, 'backfilled', '');"
		"INSERT INTO not_owner VALUES"
		" ('alpha', 4, 50, 60, 'critical', 0, 1, 'root'),"
		" ('alpha', 4, 51, 60, 'critical', -1, 1, 'Slurm');";
	size_t i;

	for (i = 0; i < LENGTH(names); i++) {
		autofree char *sql = migration(names[i]);

		run_sql(path, sql);
	}
	run_sql(path, rows);
}

/* The chain begins with all that was there, and goes on. */
START_TEST(a_store_of_version_4)
{
	struct store *store;
	struct err err;
	sqlite3 *db;
	char *check;

	unit_make_dir();
	check = mem_printf("%s/tests/chain-check %s >/dev/null",
			   getenv("WATCHER_SOURCE_ROOT"), unit_path("s.db"));
	make_version_4(unit_path("s.db"));
	store = store_open(unit_path("s.db"), NULL, 100, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
	check_chain(store, 5);
	ck_assert_int_eq(store_begin(store, 200, &err), 0);
	ck_assert_int_eq(store_watched(store, "alpha", 50, 60, "", &err), 0);
	ck_assert_int_eq(store_watched(store, "beta", 50, 60, "", &err), 0);
	ck_assert_int_eq(store_acknowledge(store, 2, 200, "anna", "seen", &err),
			 1);
	ck_assert_int_eq(store_incident_script(store, 3, "def", &err), 0);
	ck_assert_int_eq(store_commit(store, &err), 0);
	check_chain(store, 5);
	store_close(store);
	ck_assert_int_eq(system(check), 0);
	free(check);
	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	ck_assert_int_eq(
		number_of(db, "SELECT group_concat(kind) = "
			      "'began,incident,cleared,adopted,incident,"
			      "restored,changed,adopted,incident,incident,"
			      "adopted,incident,watched-ended,gap-closed,"
			      "watched-ended,gap,watched,lost,backfilled,other,"
			      "other,gap-closed,watched,acknowledged,script'"
			      " FROM entry"),
		1);
	ck_assert_int_eq(number_of(db,
				   "SELECT spans = 'alpha 15 60' || char(10) ||"
				   " 'beta 60 60' || char(10) FROM seal"),
			 1);
	sqlite3_close(db);
	unit_remove_dir();
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("migration");

	tcase_add_test(tcase, a_store_of_version_1);
	tcase_add_test(tcase, a_store_of_version_4);
	return unit_run("migration", tcase);
}
