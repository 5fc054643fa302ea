/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a pass finds, on a private MariaDB with the tables of real
 * slurmdbds. */
#include "lib/mem.h"
#include "tests/database.h"
#include "watcher/memory.h"
#include "watcher/slurmdbd.h"
#include "watcher/tail.h"

#define NOW 2000000000

static char name[] = "lab_tail";
static const char *nobody; /* kill_requid of a job that nobody ended */
static MYSQL *admin;
static struct slurmdbd *db;
static struct slurmdbd_cluster *cluster;
static struct tail *tail;

static const struct tail_limits limits = {
	.overlap_s = 600,
	.sweep_s = 3600,
	.sweep_window_s = 7 * 86400,
	.rows_per_pass = 100000,
};

/* The rows that the last pass gave, by job. */
static struct seen {
	int64_t id_job;
	enum tail_look look;
	int64_t state;
} seen[100000];
static size_t n_seen;

/* The jobs that were lost, by id. */
static int64_t lost[16];
static size_t n_lost;

static char *remembered(const struct job *job, const char *before)
{
	automemory struct memory memory = {0};

	if (before)
		memory_from_json(before, &memory);
	else
		memory_init(&memory);
	memory_see(&memory, job, strcmp(job->partition, "critical") == 0);
	return memory_json(&memory);
}

/* As the watcher does: what is not settled is looked at again, for a day. */
static int see(struct job *job, enum tail_look look, const char *memory,
	       char **again, void *arg, struct err *err)
{
	int64_t *now_s = arg;

	if (*now_s < 0)
		return err_set(err, ERR_RETRY, "no");
	if (!job_is_settled(job, *now_s)) {
		if (*now_s - job->mod_time < 86400)
			*again = memory ? mem_strdup(memory)
					: remembered(job, NULL);
		return 0;
	}
	seen[n_seen++] = (struct seen){job->id_job, look, job->state};
	return 0;
}

/* Remembers what is on critical, and half rows. */
static int see_open(const struct job *job, const char *before, char **memory,
		    bool *again, void *arg, struct err *err)
{
	automemory struct memory known = {0};

	(void)again;
	(void)arg;
	(void)err;
	if (before)
		memory_from_json(before, &known);
	if (job->partition[0] && strcmp(job->partition, "critical") != 0 &&
	    (!before || memory_is_half(&known)))
		return 0;
	*memory = remembered(job, before);
	return 0;
}

static int lose(const char *json, void *arg, struct err *err)
{
	automemory struct memory memory = {0};

	(void)arg;
	(void)err;
	ck_assert_int_eq(memory_from_json(json, &memory), 0);
	ck_assert_str_eq(memory.row.partition, "critical");
	lost[n_lost++] = memory.row.id_job;
	return 0;
}

static int64_t pass_s; /* the time of the pass; -1: see() fails */
static const struct tail_calls calls = {see, see_open, lose, &pass_s, NULL};

static void load(const char *version, bool rows,
		 const struct store_cluster *state)
{
	const struct conf_database address = database_address(name);
	struct err err;

	database_load(name, version, rows);
	admin = database_connect(name);
	/* Columns that a test does not name get what they may. */
	database_do(admin, "SET sql_mode = ''");
	nobody = strcmp(version, "20.11") == 0 ? "-1" : "NULL";
	db = slurmdbd_open(&address, &err);
	ck_assert_msg(db != NULL, "%s", err.msg);
	cluster = slurmdbd_cluster_open(db, "lab", &err);
	ck_assert_msg(cluster != NULL, "%s", err.msg);
	tail = tail_new(&limits, state, NULL, 0);
}

static void unload(void)
{
	tail_free(tail);
	slurmdbd_cluster_close(cluster);
	slurmdbd_close(db);
	mysql_close(admin);
}

static void pass_at(int64_t now_s)
{
	struct err err;

	n_seen = 0;
	n_lost = 0;
	pass_s = now_s;
	ck_assert_msg(tail_pass(tail, cluster, now_s, &calls, &err) == 0, "%s",
		      err.msg);
	tail_commit(tail);
}

/* A row as slurmdbd first writes it. */
static void add_job_by(MYSQL *mysql, int64_t id_job, int64_t submit,
		       int64_t end, int state)
{
	database_do(mysql,
		    "INSERT INTO lab_job_table (job_db_inx, mod_time, cpus_req,"
		    " job_name, id_assoc, id_job, id_resv, id_wckey, id_user,"
		    " id_group, het_job_id, het_job_offset, state_reason_prev,"
		    " nodes_alloc, `partition`, priority, state, time_submit,"
		    " time_end, kill_requid) VALUES (%d, %d, 1, 'j', 0, %d, 0,"
		    " 0, 1001, 1001, 0, 4294967294, 0, 1, 'critical', 1, %d,"
		    " %d, %d, %s)",
		    (int)id_job, (int)(end ? end : submit), (int)id_job, state,
		    (int)submit, (int)end, state == 4 ? "1001" : nobody);
}

static void add_job(int64_t id_job, int64_t submit, int64_t end, int state)
{
	add_job_by(admin, id_job, submit, end, state);
}

static void end_job(int64_t id_job, int64_t end, int state)
{
	database_do(admin,
		    "UPDATE lab_job_table SET time_end = %d, state = %d,"
		    " kill_requid = 1001, mod_time = %d WHERE id_job = %d",
		    (int)end, state, (int)end, (int)id_job);
}

/* The look that found the job; -1: none did. */
static int found_by(int64_t id_job)
{
	size_t i;

	for (i = 0; i < n_seen; i++)
		if (seen[i].id_job == id_job)
			return (int)seen[i].look;
	return -1;
}

/* Watched since ever: every row that one statement finds is given. Half rows
 * never settle here. */
START_TEST(nothing_is_missed)
{
	const struct store_cluster state = {
		.position = 1, .last_pass = 1, .heard = NOW};
	size_t rows;

	load(database_versions[_i], true, &state);
	rows = (size_t)database_count(admin,
				      "SELECT count(*) FROM lab_job_table WHERE"
				      " ((state & 255) BETWEEN 4 AND 6 OR"
				      " state & 1024 <> 0 OR"
				      " kill_requid = id_user) AND"
				      " time_end > 0 AND `partition` <> ''");
	ck_assert_uint_gt(rows, 50);
	pass_at(NOW);
	ck_assert_uint_eq(n_seen, rows);
	unload();
}
END_TEST

START_TEST(open_row_that_ends)
{
	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(1, 5000, 0, 1);
	add_job(2, 5000, 0, 1);
	pass_at(10000);
	ck_assert_uint_eq(n_seen, 0);
	end_job(1, 10002, 4);
	pass_at(10005);
	ck_assert_uint_ge(n_seen, 1);
	ck_assert_int_eq(seen[0].id_job, 1);
	ck_assert_int_eq(seen[0].look, TAIL_OPEN);
	/* The recently ended give it again and again; the open set does
	 * not. */
	pass_at(10010);
	ck_assert_int_eq(found_by(1), TAIL_RECENT);
	unload();
}
END_TEST

/* A job that ended with a time_end long past, after slurmctld's clock or its
 * queue: the open set needs no clock. */
START_TEST(open_row_that_ends_in_the_past)
{
	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(1, 5000, 0, 1);
	add_job(9, 5000, 999000, 3);
	pass_at(1000000);
	end_job(1, 6000, 4);
	pass_at(1000005);
	ck_assert_uint_eq(n_seen, 1);
	ck_assert_int_eq(seen[0].look, TAIL_OPEN);
	unload();
}
END_TEST

START_TEST(lived_between_two_passes)
{
	load(database_versions[_i], false, &(struct store_cluster){0});
	pass_at(10000);
	add_job(1, 10001, 10003, 4);
	pass_at(10005);
	ck_assert_uint_eq(n_seen, 1);
	ck_assert_int_eq(seen[0].look, TAIL_RECENT);
	unload();
}
END_TEST

/* Inserted half, CANCELLED, filled in later. */
START_TEST(half_row_is_waited_for)
{
	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(1, 5000, 0, 1);
	add_job(9, 5000, 9999, 3);
	pass_at(10000);
	end_job(1, 7000, 4);
	database_do(admin, "UPDATE lab_job_table SET `partition` = '',"
			   " id_user = 0, mod_time = 10001 WHERE id_job = 1");
	pass_at(10005);
	ck_assert_uint_eq(n_seen, 0);
	pass_at(10010);
	ck_assert_uint_eq(n_seen, 0);
	database_do(admin, "UPDATE lab_job_table SET `partition` = 'critical',"
			   " id_user = 1001");
	pass_at(10015);
	ck_assert_uint_eq(n_seen, 1);
	ck_assert_int_eq(seen[0].look, TAIL_OPEN);
	pass_at(10020);
	ck_assert_uint_eq(n_seen, 0);
	unload();
}
END_TEST

/* Written five minutes late, and never seen open. */
START_TEST(late_arrival_within_the_overlap)
{
	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(9, 9000, 9990, 3);
	pass_at(10000);
	add_job(8, 9000, 10002, 3);
	add_job(1, 9000, 9700, 4);
	pass_at(10005);
	ck_assert_int_eq(found_by(1), TAIL_RECENT);
	unload();
}
END_TEST

START_TEST(late_arrival_is_swept)
{
	size_t i;

	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(9, 999000, 999500, 3);
	pass_at(1000000);
	/* Written now, ended six hours ago. */
	add_job(1, 970000, 978400, 4);
	pass_at(1000005);
	ck_assert_int_eq(found_by(1), -1);
	for (i = 1; i <= 3; i++)
		pass_at(1000005 + (int64_t)i * 3600);
	n_seen = 0;
	pass_at(1000000 + 5 * 3600);
	ck_assert_int_eq(found_by(1), TAIL_SWEEP);
	unload();
}
END_TEST

/* The watcher was away for a day: what ended meanwhile is read, whatever the
 * overlap. */
START_TEST(what_ended_while_we_were_away)
{
	const struct store_cluster state = {
		.position = 1000, .last_pass = 1600, .sweep_next = 2000};

	load(database_versions[_i], false, &state);
	add_job(1, 1500, 2000, 4);
	add_job(2, 80000, 86000, 4);
	pass_at(90000);
	ck_assert_int_eq(found_by(1), TAIL_RECENT);
	ck_assert_int_ne(found_by(2), -1);
	unload();
}
END_TEST

/* slurmctld's clock is an hour behind the database's. */
START_TEST(clocks_that_differ)
{
	int i;

	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(1, 90000, 96400, 3);
	pass_at(100000);
	for (i = 2; i < 20; i++) {
		/* Each lives and ends between two passes, an hour ago. */
		add_job(i, 96400 + i * 5, 96402 + i * 5, 4);
		pass_at(100000 + i * 5);
		ck_assert_int_ne(found_by(i), -1);
	}
	unload();
}
END_TEST

/* A time_end in the future does not move the position. */
START_TEST(end_in_the_future)
{
	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(1, 9000, 900000, 4);
	pass_at(10000);
	ck_assert_int_ne(found_by(1), -1);
	pass_at(10005);
	add_job(2, 10001, 10006, 4);
	pass_at(10010);
	ck_assert_int_ne(found_by(2), -1);
	unload();
}
END_TEST

START_TEST(failed_pass_is_made_again)
{
	int64_t no_pass_s = -1;
	const struct tail_calls failing = {see, see_open, lose, &no_pass_s,
					   NULL};

	const struct store_cluster *state;
	int64_t position;
	struct err err;

	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(1, 5000, 0, 1);
	pass_at(10000);
	position = tail_state(tail)->position;
	end_job(1, 9999, 4);
	ck_assert_int_eq(tail_pass(tail, cluster, 10005, &failing, &err), -1);
	ck_assert_int_eq(tail_before(tail)->last_pass, 10000);
	pass_at(10005);
	state = tail_state(tail);
	ck_assert_int_ge(state->position, position);
	ck_assert_uint_ge(n_seen, 1);
	ck_assert_int_eq(seen[0].look, TAIL_OPEN);
	unload();
}
END_TEST

START_TEST(rows_per_pass_bounds_but_loses_nothing)
{
	const struct store_cluster state = {.position = 1,
					    .last_pass = 1,
					    .heard = 100000,
					    .sweep_next = 900000};
	struct tail_limits few = limits;
	size_t found = 0, passes = 0;
	int i;

	few.rows_per_pass = 2000;
	load(database_versions[_i], false, &state);
	tail_free(tail);
	tail = tail_new(&few, &state, NULL, 0);
	database_do(admin, "SET autocommit = 0");
	for (i = 1; i <= 9000; i++)
		add_job(i, i, i / 3 + 2, 4);
	database_do(admin, "COMMIT");
	do {
		pass_at(100000);
		found += n_seen;
		passes++;
	} while (tail_is_behind(tail));
	ck_assert_uint_eq(found, 9000);
	ck_assert_uint_ge(passes, 4);
	unload();
}
END_TEST

static struct store_open_job *known(size_t n, const struct store_open_job *from)
{
	struct store_open_job *jobs = mem_alloc(n, sizeof(*jobs));
	size_t i;

	for (i = 0; i < n; i++)
		jobs[i] = (struct store_open_job){
			from[i].job_db_inx,
			from[i].job ? mem_strdup(from[i].job) : NULL, 0};
	return jobs;
}

START_TEST(open_set_is_remembered)
{
	static char remembered[] = "{\"id_job\":4,\"time_submit\":100,"
				   "\"partition\":\"critical\"}";
	const struct store_open_job before[] = {
		{1, NULL, 0}, {2, NULL, 0}, {4, remembered, 0}};
	const struct store_cluster state = {.position = 9000,
					    .last_pass = 9900,
					    .heard = 9900,
					    .sweep_next = 900000};
	size_t n;

	load(database_versions[_i], false, &state);
	add_job(1, 100, 200, 4); /* ended while we were away, long past */
	add_job(3, 100, 0, 1);
	/* 2 was purged, nothing is known of it; 4 was purged as well. */
	tail_free(tail);
	tail = tail_new(&limits, &state, known(3, before), 3);
	pass_at(10000);
	ck_assert_uint_eq(n_seen, 1);
	ck_assert_int_eq(seen[0].id_job, 1);
	ck_assert_uint_eq(n_lost, 1);
	ck_assert_int_eq(lost[0], 4);
	ck_assert_uint_eq(tail_open(tail, &n), 1);
	ck_assert_uint_eq(n, 1); /* 3, on critical */
	pass_at(10005);
	ck_assert_uint_eq(n_lost, 0);
	unload();
}
END_TEST

/* Deleted by hand while it was open; and one that nobody protects. */
START_TEST(deleted_while_open)
{
	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(1, 5000, 0, 1);
	add_job(2, 5000, 0, 1);
	database_do(admin, "UPDATE lab_job_table SET `partition` = 'open'"
			   " WHERE id_job = 2");
	pass_at(10000);
	database_do(admin, "DELETE FROM lab_job_table");
	pass_at(10005);
	ck_assert_uint_eq(n_lost, 1);
	ck_assert_int_eq(lost[0], 1);
	unload();
}
END_TEST

/* From 24.11 a re-insert may change a row's number. */
START_TEST(row_gets_another_number)
{
	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(1, 5000, 0, 1);
	add_job(2, 5000, 0, 1);
	add_job(9, 5000, 9900, 3);
	pass_at(10000);
	database_do(admin, "UPDATE lab_job_table SET job_db_inx = 100 + id_job"
			   " WHERE id_job < 9");
	end_job(2, 7000, 4); /* before what recently ended */
	pass_at(10005);
	ck_assert_uint_eq(n_lost, 0);
	ck_assert_int_eq(found_by(2), TAIL_OPEN);
	end_job(1, 10006, 4);
	pass_at(10010);
	ck_assert_int_eq(found_by(1), TAIL_OPEN);
	unload();
}
END_TEST

/* What is remembered of an open row follows it. */
START_TEST(memory_follows_the_row)
{
	const struct store_open_job *put;
	struct err err;
	size_t n;

	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(1, 5000, 0, 1);
	pass_at(10000);
	ck_assert_int_eq(tail_pass(tail, cluster, 10005, &calls, &err), 0);
	tail_put(tail, &n);
	ck_assert_uint_eq(n, 0);
	database_do(admin, "UPDATE lab_job_table SET `partition` = 'open',"
			   " kill_requid = 1001");
	ck_assert_int_eq(tail_pass(tail, cluster, 10010, &calls, &err), 0);
	put = tail_put(tail, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_ptr_nonnull(strstr(put[0].job, "\"kill_requid\":1001"));
	ck_assert_ptr_nonnull(strstr(put[0].job, "\"partition\":\"open\""));
	tail_commit(tail);
	ck_assert_uint_eq(tail_open(tail, &n), 1);
	ck_assert_uint_eq(n, 1);
	unload();
}
END_TEST

/* An open row that is filled in later is remembered from then on, or forgotten
 * if nobody protects it. */
START_TEST(memory_of_half_rows)
{
	size_t n;

	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(1, 5000, 0, 1);
	add_job(2, 5000, 0, 1);
	database_do(admin, "UPDATE lab_job_table SET `partition` = ''");
	pass_at(10000);
	tail_open(tail, &n);
	ck_assert_uint_eq(n, 2);
	database_do(admin, "UPDATE lab_job_table SET `partition` ="
			   " IF(id_job = 1, 'critical', 'open')");
	pass_at(10005);
	tail_open(tail, &n);
	ck_assert_uint_eq(n, 1);
	database_do(admin, "DELETE FROM lab_job_table");
	pass_at(10010);
	ck_assert_uint_eq(n_lost, 1);
	ck_assert_int_eq(lost[0], 1);
	unload();
}
END_TEST

/* slurmdbd was away for longer than the overlap; what it then writes is looked
 * for at once, beyond the sweep's window. */
START_TEST(silence_is_swept_at_once)
{
	struct tail_limits narrow = limits;
	int64_t now_s;

	narrow.sweep_window_s = 3600;
	load(database_versions[_i], false, &(struct store_cluster){0});
	tail_free(tail);
	tail = tail_new(&narrow, &(struct store_cluster){0}, NULL, 0);
	add_job(1, 900000, 999990, 3);
	pass_at(1000000);
	for (now_s = 1000600; now_s <= 1021600; now_s += 600) {
		pass_at(now_s);
		ck_assert_int_eq(found_by(2), -1);
	}
	add_job(2, 990000, 1000100, 4); /* six hours ago */
	add_job(3, 1021500, 1021900, 3);
	pass_at(1022000);
	ck_assert_int_eq(tail_before(tail)->heard, 1022000);
	if (found_by(2) == -1)
		pass_at(1022005);
	ck_assert_int_ne(found_by(2), -1);
	unload();
}
END_TEST

/* Two writers whose transactions commit out of order: the later number first.
 */
START_TEST(commits_out_of_order)
{
	MYSQL *second;

	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(9, 5000, 9900, 3);
	second = database_connect(name);
	database_do(second, "SET sql_mode = ''");
	database_do(second, "BEGIN");
	add_job_by(second, 50, 5000, 0, 1);
	add_job(4000000, 5000, 0, 1); /* numbers have gaps of millions */
	pass_at(10000);
	database_do(second, "COMMIT");
	mysql_close(second);
	pass_at(10005);
	end_job(50, 6000, 4);
	end_job(4000000, 6000, 4);
	pass_at(10010);
	ck_assert_int_eq(found_by(50), TAIL_OPEN);
	ck_assert_int_eq(found_by(4000000), TAIL_OPEN);
	unload();
}
END_TEST

/* The database's clock leaps by an hour, forth and back. */
START_TEST(database_clock_leaps)
{
	load(database_versions[_i], false, &(struct store_cluster){0});
	add_job(9, 5000, 9900, 3);
	pass_at(10000);
	add_job(1, 9990, 10002, 4);
	pass_at(13605);
	ck_assert_int_ne(found_by(1), -1);
	add_job(2, 10003, 10008, 4);
	pass_at(10010);
	ck_assert_int_ne(found_by(2), -1);
	add_job(3, 10011, 10013, 4);
	pass_at(10015);
	ck_assert_int_ne(found_by(3), -1);
	unload();
}
END_TEST

int main(void)
{
	const int versions = LENGTH(database_versions);
	TCase *tcase = tcase_create("tail");

	tcase_add_loop_test(tcase, nothing_is_missed, 0, versions);
	tcase_add_loop_test(tcase, open_row_that_ends, 0, versions);
	tcase_add_loop_test(tcase, open_row_that_ends_in_the_past, 0, versions);
	tcase_add_loop_test(tcase, lived_between_two_passes, 0, versions);
	tcase_add_loop_test(tcase, half_row_is_waited_for, 0, versions);
	tcase_add_loop_test(tcase, late_arrival_within_the_overlap, 0,
			    versions);
	tcase_add_loop_test(tcase, late_arrival_is_swept, 0, versions);
	tcase_add_loop_test(tcase, what_ended_while_we_were_away, 0, versions);
	tcase_add_loop_test(tcase, clocks_that_differ, 0, versions);
	tcase_add_loop_test(tcase, end_in_the_future, 0, versions);
	tcase_add_loop_test(tcase, failed_pass_is_made_again, 0, versions);
	tcase_add_loop_test(tcase, rows_per_pass_bounds_but_loses_nothing, 0,
			    versions);
	tcase_add_loop_test(tcase, open_set_is_remembered, 0, versions);
	tcase_add_loop_test(tcase, deleted_while_open, 0, versions);
	tcase_add_loop_test(tcase, row_gets_another_number, 0, versions);
	tcase_add_loop_test(tcase, memory_follows_the_row, 0, versions);
	tcase_add_loop_test(tcase, memory_of_half_rows, 0, versions);
	tcase_add_loop_test(tcase, silence_is_swept_at_once, 0, versions);
	tcase_add_loop_test(tcase, commits_out_of_order, 0, versions);
	tcase_add_loop_test(tcase, database_clock_leaps, 0, versions);
	return unit_run("tail", tcase);
}
