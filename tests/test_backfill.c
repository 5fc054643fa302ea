/* SPDX-License-Identifier: GPL-2.0-or-later */
/* History in pieces, on a private MariaDB. */
#include "schema/store.h"
#include "schema/store_ran.h"
#include "tests/database.h"
#include "tests/oracle.h"
#include "watcher/backfill.h"
#include "watcher/slurmdbd.h"

#include <inttypes.h>

static char name[] = "lab_backfill";
static MYSQL *admin;
static struct slurmdbd *db;
static struct slurmdbd_cluster *lab;
static struct store *store;
static struct conf *conf;
static struct err err;

/* Calls of on_piece() after which it stops; -1: never. */
static int stop_after;
static int pieces;
static struct backfill_progress last;

static bool on_piece(const struct backfill_progress *progress, void *arg)
{
	(void)arg;
	ck_assert(progress->done >= last.done);
	last = *progress;
	pieces++;
	return stop_after < 0 || pieces < stop_after;
}

static void read_conf(const char *text)
{
	FILE *file = fopen(unit_path("c"), "w");

	fputs(text, file);
	fclose(file);
	conf_free(conf);
	conf = conf_read(unit_path("c"), &err);
	ck_assert_msg(conf != NULL, "%s", err.msg);
}

static void load(const char *version)
{
	const struct conf_database address = database_address(name);

	unit_make_dir();
	database_load(name, version, true);
	admin = database_connect(name);
	db = slurmdbd_open(&address, &err);
	ck_assert_msg(db != NULL, "%s", err.msg);
	lab = slurmdbd_cluster_open(db, "lab", &err);
	ck_assert_msg(lab != NULL, "%s", err.msg);
	store = store_open(unit_path("s.db"), NULL, 100, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
	read_conf("[protect]\npartitions = critical\n");
	stop_after = -1;
}

static void unload(void)
{
	conf_free(conf);
	conf = NULL;
	store_close(store);
	slurmdbd_cluster_close(lab);
	slurmdbd_close(db);
	mysql_close(admin);
	unit_remove_dir();
}

static int run(int64_t since_s, int64_t until_s)
{
	const struct backfill backfill = {
		.conf = conf,
		.store = store,
		.since_s = since_s,
		.until_s = until_s,
		.fn = on_piece,
	};
	int rc;

	pieces = 0;
	last = (struct backfill_progress){0};
	rc = backfill_cluster(&backfill, lab, 2000000000, &err);
	ck_assert_msg(rc >= 0, "%s", err.msg);
	return rc;
}

static int count(const struct incident *incident, void *arg)
{
	ck_assert_str_eq(incident->found, "backfill");
	ck_assert(!incident->late);
	(*(int64_t *)arg)++;
	return 0;
}

static int64_t recorded(void)
{
	const struct store_filter all = {.until = INT64_MAX, .suspected = true};
	int64_t n = 0;

	ck_assert_int_eq(store_incidents(store, &all, count, &n, &err), 0);
	return n;
}

START_TEST(all_of_history)
{
	load(database_versions[_i]);
	oracle_make(admin, database_versions[_i]);
	ck_assert_int_eq(run(1, 0), 1);
	ck_assert_int_gt(recorded(), 50);
	ck_assert_int_eq(recorded(), oracle_count(admin, 1, 2000000000));
	ck_assert_int_eq((int64_t)last.incidents, recorded());
	ck_assert_int_eq(oracle_check(admin, store), recorded());
	/* Once more: nothing is recorded twice. */
	ck_assert_int_eq(run(1, 0), 1);
	ck_assert_uint_eq(last.incidents, 0);
	unload();
}
END_TEST

START_TEST(a_window)
{
	int64_t since_s, until_s;

	load(database_versions[_i]);
	oracle_make(admin, database_versions[_i]);
	since_s = database_count(admin, "SELECT MIN(time_end) + 600 FROM"
					" lab_job_table WHERE time_end > 0");
	until_s = since_s + 120; /* by time_end */
	ck_assert_int_eq(run(since_s, until_s), 1);
	ck_assert_int_eq(recorded(), oracle_count(admin, since_s, until_s));
	until_s = since_s + 86400; /* by primary key */
	ck_assert_int_eq(run(since_s, until_s), 1);
	ck_assert_int_eq(recorded(), oracle_count(admin, since_s, until_s));
	unload();
}
END_TEST

/* Stopped after any piece, it goes on from there. */
START_TEST(goes_on_where_it_was_stopped)
{
	struct store_backfill state;
	int rounds = 0;

	load("22.05");
	/* Numbers far apart, so that there are many pieces. */
	database_do(admin, "UPDATE lab_job_table SET job_db_inx ="
			   " job_db_inx * 100000 ORDER BY job_db_inx DESC");
	oracle_make(admin, "22.05");
	stop_after = 1;
	while (run(1, 0) == 0) {
		ck_assert_int_eq(store_backfill_get(store, "lab", &state, &err),
				 1);
		rounds++;
		ck_assert_int_lt(rounds, 1000);
	}
	ck_assert_int_gt(rounds, 3);
	ck_assert_int_eq(recorded(), oracle_count(admin, 1, 2000000000));
	ck_assert_int_eq(store_backfill_get(store, "lab", &state, &err), 0);
	unload();
}
END_TEST

/* More rows than a piece takes, read by time_end and by primary key. */
START_TEST(many_pieces)
{
	load("22.05");
	database_do(admin, "DELETE FROM lab_job_table WHERE id_job <> 5");
	database_do(admin,
		    "INSERT INTO lab_job_table (job_db_inx, mod_time, cpus_req,"
		    " job_name, id_assoc, id_job, id_resv, id_wckey, id_user,"
		    " id_group, het_job_id, het_job_offset, state_reason_prev,"
		    " nodes_alloc, `partition`, priority, state, time_submit,"
		    " time_end, kill_requid) SELECT 1000 + seq, 1, 1, 'j', 0,"
		    " 1000 + seq, 0, 0, 1001, 1001, 0, 4294967294, 0, 1,"
		    " 'critical', 1, IF(seq %% 50, 3, 4), 10, 100 + seq,"
		    " IF(seq %% 50, NULL, 1001) FROM seq_1_to_60000");
	oracle_make(admin, "22.05");
	ck_assert_int_eq(run(200, 10000), 1);
	ck_assert_int_gt(pieces, 2);
	ck_assert_int_eq(recorded(), oracle_count(admin, 200, 10000));
	ck_assert_int_eq(run(1, 0), 1);
	ck_assert_int_gt(pieces, 2);
	ck_assert_int_eq(recorded(), oracle_count(admin, 1, 2000000000));
	unload();
}
END_TEST

START_TEST(an_empty_table)
{
	load("22.05");
	database_do(admin, "DELETE FROM lab_job_table");
	ck_assert_int_eq(run(1, 0), 1);
	ck_assert_int_eq(recorded(), 0);
	unload();
}
END_TEST

START_TEST(numbers_above_2_63)
{
	load("24.11");
	oracle_make(admin, "24.11");
	database_do(admin, "UPDATE lab_job_table SET job_db_inx ="
			   " job_db_inx | 1 << 63");
	ck_assert_int_eq(run(1, 0), 1);
	ck_assert_int_eq(recorded(), oracle_count(admin, 1, 2000000000));
	unload();
}
END_TEST

/* Jobs that another list than that of partitions protects, between others of
 * the same partition. */
START_TEST(other_lists)
{
	static const struct {
		const char *conf;
		int64_t incidents;
	} cases[] = {
		{"[protect]\npartitions = critical\n", 0},
		{"[protect]\naccounts = paid\n", 20},
		{"[protect]\nqos = gold\n", 12},
		{"[protect]\nreservations = camp*\n", 10},
		{"[protect]\nreservations = *\n", 15},
		{"[protect]\nqos = gold\n[protect b]\npartitions = none\n"
		 "accounts = paid\nreservations = campaign\n",
		 36},
	};
	size_t i;

	load(database_versions[_i]);
	database_do(admin, "DELETE FROM lab_job_table");
	database_do(admin, "INSERT INTO qos_table (creation_time, id, name)"
			   " VALUES (1, 70, 'gold')");
	database_do(admin, "INSERT INTO lab_resv_table (id_resv, time_start,"
			   " resv_name) VALUES (1, 1, 'campaign'),"
			   " (2, 1, 'maint')");
	/* 20.11 has a column without a default. */
	database_do(admin, "SET sql_mode = ''");
	database_do(admin,
		    "INSERT INTO lab_job_table (job_db_inx, mod_time, cpus_req,"
		    " job_name, account, id_assoc, id_job, id_resv, id_qos,"
		    " id_wckey, id_user, id_group, het_job_id, het_job_offset,"
		    " state_reason_prev, nodes_alloc, `partition`, priority,"
		    " state, time_submit, time_end, kill_requid) SELECT seq, 1,"
		    " 1, 'j', IF(seq %% 3, 'free', 'paid'), 0, seq,"
		    " IF(seq %% 4, 0, 1 + (seq %% 12 = 0)),"
		    " IF(seq %% 5, 1, 70), 0, 1001, 1001, 0, 4294967294, 0, 1,"
		    " 'open', 1, 4, 10, 100 + seq, 1001 FROM seq_1_to_60");
	for (i = 0; i < LENGTH(cases); i++) {
		autofree char *path = NULL;

		read_conf(cases[i].conf);
		store_close(store);
		path = mem_printf("%s-%zu", unit_path("s"), i);
		store = store_open(path, NULL, 100, &err);
		ck_assert_msg(store != NULL, "%s", err.msg);
		ck_assert_int_eq(run(1, 0), 1);
		ck_assert_msg(recorded() == cases[i].incidents, "%s: %d",
			      cases[i].conf, (int)recorded());
	}
	unload();
}
END_TEST

static int add_ran(const struct store_ran *ran, void *arg)
{
	ck_assert_str_eq(ran->partition, "critical");
	*(int64_t *)arg += ran->jobs;
	return 0;
}

static int64_t counted(void)
{
	const struct store_filter all = {.until = INT64_MAX};
	int64_t jobs = 0;

	ck_assert_int_eq(store_ran(store, &all, add_ran, &jobs, &err), 0);
	return jobs;
}

/* All that ran is counted, before incidents are looked for; stopped after any
 * piece, it goes on from there, and what is counted is not counted again. */
START_TEST(counts_too)
{
	struct backfill backfill = {
		.since_s = 1000, .fn = on_piece, .count = true};
	int rounds = 0;
	int64_t jobs, now_s;

	load(database_versions[_i]);
	database_do(admin, "UPDATE lab_job_table SET time_end = time_end +"
			   " 86400 * (job_db_inx %% 5) WHERE time_end > 0");
	jobs = database_count(admin,
			      "SELECT count(*) FROM lab_job_table WHERE"
			      " time_end > 0 AND time_start > 0 AND"
			      " `partition` = 'critical' AND nodelist REGEXP"
			      " '^n[[0-9]' AND state <> 8192");
	now_s = database_count(admin, "SELECT MAX(time_end) + 7200 FROM"
				      " lab_job_table");
	ck_assert_int_gt(jobs, 50);
	backfill.conf = conf;
	backfill.store = store;
	stop_after = 1;
	pieces = 0;
	while (backfill_cluster(&backfill, lab, now_s, &err) == 0) {
		ck_assert(last.counting == (rounds < 5));
		ck_assert(last.counting || counted() == jobs);
		ck_assert(!last.counting || recorded() == 0);
		last = (struct backfill_progress){0};
		pieces = 0;
		ck_assert_int_lt(++rounds, 1000);
	}
	ck_assert_int_ge(rounds, 5);
	ck_assert_int_eq(counted(), jobs);
	ck_assert_int_gt(recorded(), 0);
	unload();
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("backfill");

	tcase_add_loop_test(tcase, all_of_history, 0,
			    LENGTH(database_versions));
	tcase_add_loop_test(tcase, a_window, 0, LENGTH(database_versions));
	tcase_add_test(tcase, goes_on_where_it_was_stopped);
	tcase_add_test(tcase, many_pieces);
	tcase_add_test(tcase, an_empty_table);
	tcase_add_test(tcase, numbers_above_2_63);
	tcase_add_loop_test(tcase, other_lists, 0, LENGTH(database_versions));
	tcase_add_loop_test(tcase, counts_too, 0, LENGTH(database_versions));
	return unit_run("backfill", tcase);
}
