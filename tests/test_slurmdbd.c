/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The eyes, on a private MariaDB with the tables of four real slurmdbds. */
#include "slurmdbd_sql.h"
#include "tests/database.h"
#include "watcher/dbstmt.h"
#include "watcher/slurmdbd.h"

static char name[] = "lab_slurmdbd";
static MYSQL *admin;
static struct slurmdbd *db;

static void load(const char *version)
{
	const struct conf_database address = database_address(name);
	struct err err;

	database_load(name, version, true);
	admin = database_connect(name);
	db = slurmdbd_open(&address, &err);
	ck_assert_msg(db != NULL, "%s", err.msg);
}

static void unload(void)
{
	slurmdbd_close(db);
	mysql_close(admin);
}

static struct slurmdbd_cluster *open_lab(void)
{
	struct err err;
	struct slurmdbd_cluster *cluster =
		slurmdbd_cluster_open(db, "lab", &err);

	ck_assert_msg(cluster != NULL, "%s", err.msg);
	return cluster;
}

static void keep_job(struct job *job, void *arg)
{
	struct job *kept = arg;

	job_finish(kept);
	*kept = *job;
}

static void count_job(struct job *job, void *arg)
{
	(*(size_t *)arg)++;
	job_finish(job);
}

START_TEST(every_row_by_every_look)
{
	struct slurmdbd_cluster *cluster;
	int64_t rows, last_s;
	uint64_t *ids;
	size_t n, seen = 0;
	struct err err;

	load(database_versions[_i]);
	cluster = open_lab();
	ck_assert_int_eq(slurmdbd_open_ids(cluster, &ids, &n, &err), 0);
	ck_assert_int_eq((int64_t)n,
			 database_count(admin,
					"SELECT count(*) FROM lab_job_table"
					" WHERE time_end = 0"));
	free(ids);
	rows = database_count(admin, "SELECT count(*) FROM lab_job_table"
				     " WHERE (state & 255) BETWEEN 4 AND 6 OR"
				     " state & 1024 <> 0 OR"
				     " kill_requid = id_user");
	ck_assert_int_eq(slurmdbd_last_end(cluster, INT64_MAX, &last_s, &err),
			 0);
	ck_assert_int_gt(last_s, 0);
	ck_assert_int_eq(
		slurmdbd_ended(cluster, 0, last_s + 1, count_job, &seen, &err),
		0);
	ck_assert_int_eq((int64_t)seen, rows);
	slurmdbd_cluster_close(cluster);
	unload();
}
END_TEST

START_TEST(columns_of_a_row)
{
	struct slurmdbd_cluster *cluster;
	struct job job;
	struct err err;
	char *name_of;
	uint64_t id;

	load(database_versions[_i]);
	database_do(admin,
		    "UPDATE lab_job_table SET job_name = 'x', account = 'acc',"
		    " kill_requid = %s, id_assoc = (SELECT id_assoc FROM"
		    " lab_assoc_table WHERE user = 'alice'),"
		    " work_dir = REPEAT('d', 70000 %% 65000) LIMIT 1",
		    _i == 0 ? "-1" : "NULL");
	id = (uint64_t)database_count(admin,
				      "SELECT job_db_inx FROM lab_job_table"
				      " WHERE job_name = 'x'");
	cluster = open_lab();
	job_init(&job);
	ck_assert_int_eq(slurmdbd_jobs(cluster, &id, 1, keep_job, &job, &err),
			 0);
	ck_assert_uint_eq(job.job_db_inx, id);
	ck_assert_str_eq(job.job_name, "x");
	ck_assert_int_eq(job.kill_requid, -1);
	ck_assert_uint_eq(strlen(job.work_dir), 5000);
	ck_assert_int_eq(slurmdbd_user(cluster, job.id_assoc, &name_of, &err),
			 0);
	ck_assert_str_eq(name_of, "alice");
	free(name_of);
	ck_assert_int_eq(slurmdbd_user(cluster, 4711, &name_of, &err), 0);
	ck_assert_str_eq(name_of, "");
	free(name_of);
	job_finish(&job);
	slurmdbd_cluster_close(cluster);
	unload();
}
END_TEST

static void check_names(struct slurmdbd_cluster *cluster,
			enum slurmdbd_names of, const char *const *expected)
{
	struct text_list names = {0};
	struct err err;
	size_t i;

	ck_assert_msg(slurmdbd_names(cluster, of, &names, &err) == 0, "%s",
		      err.msg);
	for (i = 0; expected[i]; i++)
		ck_assert_msg(text_list_match(&names, expected[i]) != NULL,
			      "%s", expected[i]);
	ck_assert_uint_eq(names.n, i);
	text_list_free(&names);
}

START_TEST(names_that_there_are)
{
	struct slurmdbd_cluster *cluster;

	load(database_versions[_i]);
	database_do(admin, "UPDATE lab_assoc_table SET deleted = 1"
			   " WHERE user = 'bob'");
	cluster = open_lab();
	check_names(cluster, SLURMDBD_ACCOUNTS,
		    (const char *const[]){"root", "acc", NULL});
	check_names(cluster, SLURMDBD_USERS,
		    (const char *const[]){"root", "alice", NULL});
	database_do(admin, "DELETE FROM qos_table");
	check_names(cluster, SLURMDBD_QOS, (const char *const[]){NULL});
	slurmdbd_cluster_close(cluster);
	unload();
}
END_TEST

START_TEST(more_ids_than_fit_at_once)
{
	struct slurmdbd_cluster *cluster;
	uint64_t ids[700];
	size_t i, seen = 0;
	struct err err;

	load("22.05");
	for (i = 0; i < LENGTH(ids); i++)
		ids[i] = i + 1;
	cluster = open_lab();
	ck_assert_int_eq(slurmdbd_jobs(cluster, ids, LENGTH(ids), count_job,
				       &seen, &err),
			 0);
	ck_assert_int_eq((int64_t)seen,
			 database_count(admin,
					"SELECT count(*) FROM lab_job_table"
					" WHERE job_db_inx <= 700"));
	slurmdbd_cluster_close(cluster);
	unload();
}
END_TEST

/* Bytes of either kind of client, and of neither, come out as UTF-8. */
START_TEST(bytes_as_they_are_stored)
{
	static const struct {
		const char *hex;
		const char *utf8;
	} names[] = {
		{"6E61EF7665", "na\xc3\xafve"}, /* latin1 */
		{"6E61C3AF7665", "na\xc3\xafve"},
		{"80FF", "\xe2\x82\xac\xc3\xbf"},
	};
	struct slurmdbd_cluster *cluster;
	uint64_t id = 1;
	struct job job;
	struct err err;
	size_t i;

	load("22.05");
	cluster = open_lab();
	for (i = 0; i < LENGTH(names); i++) {
		job_init(&job);
		database_do(admin, "UPDATE lab_job_table SET job_name = 0x%s",
			    names[i].hex);
		id = (uint64_t)database_count(
			admin, "SELECT MIN(job_db_inx) FROM lab_job_table");
		ck_assert_int_eq(
			slurmdbd_jobs(cluster, &id, 1, keep_job, &job, &err),
			0);
		ck_assert_str_eq(job.job_name, names[i].utf8);
		job_finish(&job);
	}
	slurmdbd_cluster_close(cluster);
	unload();
}
END_TEST

START_TEST(ids_above_2_63)
{
	const uint64_t id = (UINT64_C(4095) << 52) + 5;
	struct slurmdbd_cluster *cluster;
	struct err err;
	uint64_t *ids;
	size_t n;

	load("24.11");
	database_do(admin, "DELETE FROM lab_job_table WHERE job_db_inx <>"
			   " (SELECT MIN(job_db_inx) FROM lab_job_table)");
	database_do(admin, "UPDATE lab_job_table SET time_end = 0,"
			   " job_db_inx = (4095 << 52) + 5");
	cluster = open_lab();
	ck_assert_int_eq(slurmdbd_open_ids(cluster, &ids, &n, &err), 0);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(ids[0], id);
	free(ids);
	n = 0;
	ck_assert_int_eq(slurmdbd_jobs(cluster, &id, 1, count_job, &n, &err),
			 0);
	ck_assert_uint_eq(n, 1);
	slurmdbd_cluster_close(cluster);
	unload();
}
END_TEST

START_TEST(tables_that_cannot_be_read)
{
	struct err err;

	load("22.05");
	ck_assert_ptr_null(slurmdbd_cluster_open(db, "nowhere", &err));
	ck_assert_int_eq(err.kind, ERR_STOP);
	ck_assert_str_eq(err.msg,
			 "cluster nowhere: reading its job table's columns: "
			 "Table 'lab_slurmdbd.nowhere_job_table' doesn't "
			 "exist");
	ck_assert_ptr_null(slurmdbd_cluster_open(db, "x`; DROP", &err));
	ck_assert_ptr_nonnull(strstr(err.msg, "not a name that Slurm gives"));
	database_do(admin, "ALTER TABLE lab_job_table DROP COLUMN"
			   " kill_requid");
	ck_assert_ptr_null(slurmdbd_cluster_open(db, "lab", &err));
	ck_assert_str_eq(err.msg, "cluster lab: its job table has no column "
				  "kill_requid");
	unload();
}
END_TEST

START_TEST(index_that_is_missing)
{
	struct slurmdbd_cluster *cluster;
	struct err err;
	uint64_t *ids;
	size_t n;

	load("22.05");
	database_do(admin, "ALTER TABLE lab_job_table DROP INDEX rollup2");
	cluster = open_lab();
	ck_assert_int_eq(slurmdbd_open_ids(cluster, &ids, &n, &err), -1);
	ck_assert_int_eq(err.kind, ERR_STOP);
	ck_assert_ptr_nonnull(strstr(err.msg, "rollup2"));
	slurmdbd_cluster_close(cluster);
	unload();
}
END_TEST

START_TEST(a_bound_ends_a_chunk)
{
	struct slurmdbd_cluster *cluster;
	int64_t bound_s = 0;
	struct err err;

	load("22.05");
	database_do(admin, "UPDATE lab_job_table SET time_end = 1000");
	cluster = open_lab();
	/* All rows of one second are one chunk, however many. */
	ck_assert_int_eq(slurmdbd_ended_bound(cluster, 1000, INT64_MAX, 5,
					      &bound_s, &err),
			 0);
	ck_assert_int_eq(bound_s, 1001);
	ck_assert_int_eq(slurmdbd_ended_bound(cluster, 900, INT64_MAX, 5,
					      &bound_s, &err),
			 0);
	ck_assert_int_eq(bound_s, 1000);
	ck_assert_int_eq(slurmdbd_ended_bound(cluster, 1001, INT64_MAX, 5,
					      &bound_s, &err),
			 0);
	ck_assert_int_eq(bound_s, INT64_MAX);
	slurmdbd_cluster_close(cluster);
	unload();
}
END_TEST

START_TEST(accounts_that_can_write)
{
	static const struct {
		const char *grant;
		bool writes;
	} grants[] = {
		{"SELECT ON lab_slurmdbd.*", false},
		{"SELECT, SHOW VIEW ON lab_slurmdbd.*", false},
		{"SELECT, INSERT ON lab_slurmdbd.lab_job_table", true},
		{"SELECT (job_db_inx), UPDATE (state) ON"
		 " lab_slurmdbd.lab_job_table",
		 true},
		{"ALL ON lab_slurmdbd.*", true},
		{"DROP ON lab_slurmdbd.*", true},
		{"DELETE ON other.*", false},
		{"DELETE ON `lab\\_slurm%`.*", true},
		{"DELETE ON `labXslurm%`.*", false},
	};
	struct conf_database address = database_address(name);
	static char user[] = "reader";
	struct slurmdbd *reader;
	struct err err;
	char *grant;
	size_t i;

	load("22.05");
	address.user = user;
	for (i = 0; i < LENGTH(grants); i++) {
		database_do(admin, "CREATE OR REPLACE USER reader@localhost");
		database_do(admin, "GRANT SELECT ON lab_slurmdbd.qos_table TO"
				   " reader@localhost");
		database_do(admin, "GRANT %s TO reader@localhost",
			    grants[i].grant);
		reader = slurmdbd_open(&address, &err);
		ck_assert_msg(reader != NULL, "%s", err.msg);
		ck_assert_int_eq(slurmdbd_write_grant(reader, &grant, &err), 0);
		ck_assert_msg((grant != NULL) == grants[i].writes, "%s: %s",
			      grants[i].grant, grant ? grant : "(none)");
		free(grant);
		slurmdbd_close(reader);
	}
	unload();
}
END_TEST

/* What the session's own statement sets, as the server then has it. */
START_TEST(session_holds_nothing_up)
{
	static const struct dbstmt_macro macros[] = {{"timeout", "7"}, {0}};
	autofree char *session = dbstmt_expand(
		slurmdbd_sql_table[SLURMDBD_SQL_SESSION].text, macros);

	load("22.05");
	database_do(admin, "%s", session);
	database_do(admin, "%s",
		    slurmdbd_sql_table[SLURMDBD_SQL_READ_ONLY].text);
	ck_assert_int_eq(database_count(admin,
					"SELECT @@autocommit = 1"
					" AND @@lock_wait_timeout = 1"
					" AND @@innodb_lock_wait_timeout = 1"
					" AND @@max_statement_time = 7"
					" AND @@tx_read_only = 1"),
			 1);
	ck_assert_int_ne(mysql_query(admin, "DELETE FROM lab_job_table"), 0);
	unload();
}
END_TEST

START_TEST(server_that_is_away)
{
	struct conf_database address = database_address(name);
	static char nowhere[] = "/nonexistent/socket";
	struct err err;

	address.socket = nowhere;
	ck_assert_ptr_null(slurmdbd_open(&address, &err));
	ck_assert_int_eq(err.kind, ERR_RETRY);
	ck_assert_ptr_nonnull(strstr(err.msg, "/nonexistent/socket"));
	ck_assert_ptr_nonnull(strstr(err.hint, "MariaDB runs"));
}
END_TEST

START_TEST(account_that_is_wrong)
{
	struct conf_database address = database_address(name);
	static char nobody[] = "nobody";
	static char nothing[] = "no_such_database";
	struct err err;

	load("22.05");
	database_do(admin, "CREATE OR REPLACE USER nobody@localhost IDENTIFIED"
			   " BY 'secret'");
	address.user = nobody;
	ck_assert_ptr_null(slurmdbd_open(&address, &err));
	ck_assert_int_eq(err.kind, ERR_STOP);
	ck_assert_ptr_nonnull(strstr(err.hint, "password_file"));
	address = database_address(nothing);
	ck_assert_ptr_null(slurmdbd_open(&address, &err));
	ck_assert_int_eq(err.kind, ERR_STOP);
	ck_assert_ptr_nonnull(strstr(err.hint, "StorageLoc"));
	unload();
}
END_TEST

int main(void)
{
	const int versions = LENGTH(database_versions);
	TCase *tcase = tcase_create("slurmdbd");

	tcase_add_loop_test(tcase, every_row_by_every_look, 0, versions);
	tcase_add_loop_test(tcase, columns_of_a_row, 0, versions);
	tcase_add_loop_test(tcase, names_that_there_are, 0, versions);
	tcase_add_test(tcase, more_ids_than_fit_at_once);
	tcase_add_test(tcase, bytes_as_they_are_stored);
	tcase_add_test(tcase, ids_above_2_63);
	tcase_add_test(tcase, tables_that_cannot_be_read);
	tcase_add_test(tcase, index_that_is_missing);
	tcase_add_test(tcase, a_bound_ends_a_chunk);
	tcase_add_test(tcase, accounts_that_can_write);
	tcase_add_test(tcase, session_holds_nothing_up);
	tcase_add_test(tcase, server_that_is_away);
	tcase_add_test(tcase, account_that_is_wrong);
	return unit_run("slurmdbd", tcase);
}
