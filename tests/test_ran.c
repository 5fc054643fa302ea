/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs that ran, counted pass by pass in a private MariaDB, against one plain
 * statement over all rows that there ever were. */
#include "schema/store_ran.h"
#include "tests/life.h"
#include "watcher/ran.h"
#include "watcher/slurmdbd_private.h"

#define DAY 86400
#define Q STORE_QUARTER_S
#define EVER 30000000000

/* Of time_end, when a quarter begins; and as seconds after LIFE_T. */
#define BEGIN ((int64_t)(LIFE_T + Q - LIFE_T % Q))
#define B (BEGIN - LIFE_T)

static struct life life;
static char life_database[] = "lab_life";

/* --- Rows ---------------------------------------------------------------- */

/* A job as slurmdbd leaves it: that ran on n1, or never did. */
static void add_ended(int inx, int64_t end_s, const char *partition,
		      const char *nodes)
{
	life_add(&life, inx, inx, end_s - 100);
	life_set(&life, inx, end_s,
		 "`partition` = '%s', state = 3, nodelist = '%s',"
		 " time_start = %" PRId64 ", time_end = %" PRId64,
		 partition, nodes, LIFE_T + end_s - 60, LIFE_T + end_s);
}

/* So many jobs that ran on critical, one every `every_s` hundredths of a
 * second. */
static void add_many(int first, int n, int64_t end_s, int every)
{
	database_do(life.admin,
		    "INSERT INTO lab_job_table (job_db_inx, id_job, id_user,"
		    " time_submit, time_start, time_end, state, nodelist,"
		    " `partition`) SELECT seq, seq, 1001, 1, 2, %" PRId64
		    " + (seq - %d) * %d DIV 100, 3, 'n1', 'critical'"
		    " FROM seq_%d_to_%d",
		    LIFE_T + end_s, first, every, first, first + n - 1);
}

/* What there ever was in the table is kept in all_rows. */
static void keep_rows(void)
{
	database_do(life.admin, "CREATE TABLE IF NOT EXISTS all_rows LIKE"
				" lab_job_table");
	database_do(life.admin,
		    "REPLACE INTO all_rows SELECT * FROM lab_job_table");
}

/* --- What is counted, and what is true ------------------------------------ */

static int add_sum(const struct store_ran *ran, void *arg)
{
	text_addf(arg, "%s %" PRId64 "; ", ran->partition, ran->jobs);
	return strcmp(ran->cluster, "lab") != 0;
}

static void check_in(int64_t since_s, int64_t until_s, const char *expected)
{
	const struct store_filter filter = {.since = since_s, .until = until_s};
	autotext struct text got = {0};
	struct err err;

	text_add(&got, "");
	ck_assert_int_eq(store_ran(life.store, &filter, add_sum, &got, &err),
			 0);
	ck_assert_msg(strcmp(got.s, expected) == 0,
		      "%" PRId64 " to %" PRId64 ": '%s', but '%s'", since_s,
		      until_s, expected, got.s);
}

static void check(const char *expected)
{
	check_in(0, EVER, expected);
}

/* Holds what is counted of a time against one statement, where critical is
 * protected. */
static void check_truth(int64_t since_s, int64_t until_s)
{
	autofree char *sql = mem_printf(
		"SELECT count(*) FROM all_rows WHERE `partition` = 'critical'"
		" AND nodelist REGEXP '^n[[0-9]' AND time_start > 0"
		" AND state <> 8192"
		" AND time_end BETWEEN %" PRId64 " AND %" PRId64 " - 1",
		since_s, until_s);
	int64_t jobs = database_count(life.admin, sql);
	autofree char *expected =
		jobs ? mem_printf("critical %" PRId64 "; ", jobs)
		     : mem_strdup("");

	check_in(since_s, until_s, expected);
}

static void check_every_quarter(int64_t since_s, int64_t until_s)
{
	int64_t at_s;

	for (at_s = since_s; at_s < until_s; at_s += Q)
		check_truth(at_s, at_s + Q);
	check_truth(since_s, until_s);
}

static struct store_counted counted_now(void)
{
	struct store_counted counted;
	struct err err;

	ck_assert_int_eq(store_counted(life.store, "lab", &counted, &err), 1);
	return counted;
}

static void check_counted(int64_t since_s, int64_t until_s)
{
	struct store_counted counted = counted_now();

	ck_assert_int_eq(counted.since, since_s);
	ck_assert_int_eq(counted.until, until_s);
}

/* As if counting had begun then. */
static void begin_counting(int64_t since_s)
{
	const struct store_counted counted = {since_s, since_s};
	struct err err;

	ck_assert_int_eq(store_counted_put(life.store, "lab", &counted, &err),
			 0);
}

/* Passes until all is counted that is over for ten minutes. */
static void pass_until(int64_t at_s)
{
	do
		life_pass(&life, at_s);
	while (counted_now().until + Q + 600 <= LIFE_T + at_s);
}

/* --- Counting as time goes by --------------------------------------------- */

START_TEST(begins_with_the_watching)
{
	life_begin(&life, database_versions[_i], "");
	add_ended(1, B - 1, "critical", "n1");
	add_ended(2, B, "critical", "n1");
	add_ended(3, B + Q - 1, "critical", "n1");
	add_ended(4, B + Q - 1, "open", "n1");
	add_ended(5, B + Q - 1, "critical", "None assigned");
	add_ended(6, B + Q - 1, "critical", "");
	add_ended(7, B + Q, "critical", "n1");
	life_pass(&life, B + 600);
	check_counted(BEGIN, BEGIN);
	life_pass(&life, B + Q + 599);
	check_counted(BEGIN, BEGIN);
	check("");
	life_pass(&life, B + Q + 600);
	check_counted(BEGIN, BEGIN + Q);
	check("critical 2; ");
	life_pass(&life, B + 2 * Q + 600);
	check("critical 3; ");
	check_in(BEGIN + Q, BEGIN + 2 * Q, "critical 1; ");
	life_end(&life);
}
END_TEST

/* A longer overlap is waited for. */
START_TEST(waits_for_the_overlap)
{
	life_begin(&life, "22.05", "[watch]\noverlap = 30m\n");
	add_ended(1, B + 1, "critical", "n1");
	begin_counting(BEGIN);
	life_pass(&life, B + Q + 1799);
	check("");
	life_pass(&life, B + Q + 1800);
	check("critical 1; ");
	life_end(&life);
}
END_TEST

/* A job that was requeued counts for each time it ran, a resized one once, each
 * task and each component for itself; who ended it does not matter. */
START_TEST(what_is_a_job_that_ran)
{
	int64_t state[] = {3, 4, 4, 5, 6, 7, 1024, 8192, 3};
	size_t i;

	life_begin(&life, database_versions[_i], "");
	for (i = 0; i < LENGTH(state); i++) {
		int inx = (int)i + 1;

		add_ended(inx, B + inx, "critical", "n[1-2]");
		life_set(&life, inx, B, "state = %" PRId64, state[i]);
	}
	life_forget_requester(&life, 2, B);
	life_set(&life, 3, B, "kill_requid = 1001");
	life_set(&life, 4, B, "id_array_job = 4, id_array_task = 1");
	life_set(&life, 5, B, "id_array_job = 4, id_array_task = 2");
	life_set(&life, 6, B, "het_job_id = 6, het_job_offset = 0");
	life_set(&life, 9, B, "id_job = 7");
	/* Not settled yet, and never started. */
	add_ended(20, B, "", "n1");
	add_ended(21, B, "critical", "n1");
	life_set(&life, 21, B, "time_start = 0");
	begin_counting(BEGIN);
	pass_until(B + Q + 600);
	check("critical 8; ");
	life_end(&life);
}
END_TEST

/* What a real slurmdbd wrote, in one go. */
START_TEST(rows_of_slurm)
{
	int64_t first_s, last_s;

	life_begin(&life, database_versions[_i], "");
	database_load("lab_rows", database_versions[_i], true);
	database_do(life.admin, "REPLACE INTO lab_job_table SELECT * FROM"
				" lab_rows.lab_job_table");
	database_do(life.admin, "DROP DATABASE lab_rows");
	keep_rows();
	first_s = database_count(life.admin,
				 "SELECT MIN(time_end) DIV 900 * 900 FROM"
				 " all_rows WHERE time_end > 0");
	last_s = database_count(life.admin,
				"SELECT MAX(time_end) DIV 900 * 900 + 900 FROM"
				" all_rows");
	begin_counting(first_s);
	pass_until(last_s + 600 - LIFE_T);
	check_counted(first_s, last_s);
	check_every_quarter(first_s, last_s);
	ck_assert_int_gt(database_count(life.admin,
					"SELECT count(*) FROM all_rows WHERE"
					" `partition` = 'critical' AND"
					" nodelist REGEXP '^n[[0-9]'"),
			 50);
	life_end(&life);
}
END_TEST

/* Chunks end within a quarter, and within a second they cannot. */
START_TEST(many_in_a_quarter)
{
	life_begin(&life, "22.05", "");
	add_many(1, 4500, B, 20);
	add_many(10001, 2001, B + Q - 1, 0);
	add_many(20001, 5000, B + Q, 0);
	add_many(30001, 1, B + 2 * Q, 0);
	keep_rows();
	begin_counting(BEGIN);
	/* A pass leaves what is too much to the next. */
	life_pass(&life, B + DAY / 2);
	check_counted(BEGIN, BEGIN + 2 * Q);
	life_pass(&life, B + DAY / 2);
	check_every_quarter(BEGIN, BEGIN + DAY / 2 - Q);
	check("critical 11502; ");
	life_end(&life);
}
END_TEST

/* So many empty quarters in a pass, too. */
START_TEST(away_for_long)
{
	life_begin(&life, "22.05", "");
	add_ended(1, B + 1, "critical", "n1");
	add_ended(2, B + 9 * DAY, "critical", "n1");
	begin_counting(BEGIN);
	life_pass(&life, B + 10 * DAY);
	check_counted(BEGIN, BEGIN + DAY);
	pass_until(B + 10 * DAY);
	check("critical 2; ");
	life_end(&life);
}
END_TEST

/* Counted with the next quarter that is as old as that: a day, and the sweep's
 * window. */
START_TEST(late_rows)
{
	life_begin(&life, "22.05", "");
	begin_counting(BEGIN);
	pass_until(B + 2 * Q + 600);
	add_ended(1, B + 1, "critical", "n1");
	pass_until(B + DAY + Q + 599);
	check("");
	pass_until(B + DAY + Q + 600);
	check_in(BEGIN, BEGIN + Q, "critical 1; ");
	add_ended(2, B + 2, "critical", "n1");
	pass_until(B + 7 * DAY + Q + 599);
	check("critical 1; ");
	pass_until(B + 7 * DAY + Q + 600);
	check_in(BEGIN, BEGIN + Q, "critical 2; ");
	life_end(&life);
}
END_TEST

/* What accounting does not keep did run. */
START_TEST(purged_rows)
{
	life_begin(&life, "22.05", "");
	add_ended(1, B + 1, "critical", "n1");
	add_ended(2, B + 2, "critical", "n1");
	add_ended(3, B + 3, "critical", "n1");
	begin_counting(BEGIN);
	pass_until(B + Q + 600);
	database_do(life.admin, "DELETE FROM lab_job_table WHERE id_job = 2");
	pass_until(B + 2 * DAY);
	check("critical 3; ");
	database_do(life.admin, "DELETE FROM lab_job_table");
	pass_until(B + 9 * DAY);
	check("critical 3; ");
	life_end(&life);
}
END_TEST

/* The database's clock was three days ahead: what ended since counts when it
 * should. */
START_TEST(clock_that_was_ahead)
{
	life_begin(&life, "22.05", "");
	begin_counting(BEGIN);
	pass_until(B + 3 * DAY);
	life_pass(&life, B + Q + 600);
	check_counted(BEGIN, BEGIN + Q);
	add_ended(1, B + Q + 700, "critical", "n1");
	pass_until(B + 3 * Q + 600);
	check_counted(BEGIN, BEGIN + 3 * Q);
	check("critical 1; ");
	/* Behind where counting began. */
	life_pass(&life, B - DAY + 600);
	check_counted(BEGIN - DAY, BEGIN - DAY);
	life_end(&life);
}
END_TEST

/* Nothing is counted by a pass that fails, and all by the next. */
START_TEST(pass_that_fails)
{
	struct watch_result result;
	struct store *other;
	struct err err;

	life_begin(&life, "22.05", "");
	add_ended(1, B + 1, "critical", "n1");
	begin_counting(BEGIN);
	other = store_open(life.conf->store.path, NULL, 100, &err);
	ck_assert_ptr_nonnull(other);
	ck_assert_int_eq(store_begin(other, 100, &err), 0);
	database_do(life.admin,
		    "SET GLOBAL init_connect = 'SET timestamp ="
		    " %" PRId64 "'",
		    BEGIN + 2 * Q);
	watch_reconfigure(life.watch, life.conf);
	ck_assert_int_eq(watch_pass(life.watch, &result, &err), -1);
	store_close(other);
	check("");
	check_counted(BEGIN, BEGIN);
	ck_assert_int_eq(watch_pass(life.watch, &result, &err), 0);
	check("critical 1; ");
	life_end(&life);
}
END_TEST

/* --- What is protected ---------------------------------------------------- */

/* Any section may protect a job, by any of its names; who is exempt may cancel,
 * and is counted. */
START_TEST(places)
{
	life_begin(&life, database_versions[_i],
		   "accounts = gold*\nqos = paid\nexempt_users = *\n"
		   "[protect extra]\npartitions = prod-*\nreservations = r5\n");
	database_do(life.admin, "INSERT INTO qos_table (creation_time, id,"
				" name) VALUES (1, 70, 'paid')");
	database_do(life.admin, "INSERT INTO lab_resv_table (id_resv,"
				" time_start, resv_name) VALUES (5, 1, 'r5')");
	add_ended(1, B + 1, "critical", "n1");
	add_ended(2, B + 2, "prod-a", "n1");
	add_ended(3, B + 3, "open", "n1");
	add_ended(4, B + 4, "open", "n1");
	life_set(&life, 4, B, "account = 'golden'");
	add_ended(5, B + 5, "open", "n1");
	life_set(&life, 5, B, "id_qos = 70");
	add_ended(6, B + 6, "long", "n1");
	life_set(&life, 6, B, "id_resv = 5");
	add_ended(7, B + 7, "long", "n1");
	life_set(&life, 7, B, "id_resv = 6, id_qos = 71, account = 'old'");
	add_ended(8, B + 8, "na\xc3\xafve", "n1");
	life_set(&life, 8, B, "account = 'gold'");
	begin_counting(BEGIN);
	pass_until(B + Q + 600);
	check("critical 1; long 1; na\xc3\xafve 1; open 2; prod-a 1; ");
	life_end(&life);
}
END_TEST

/* It counts from then on, and for what is counted again. */
START_TEST(another_policy)
{
	struct conf *old;

	life_begin(&life, "22.05", "");
	add_ended(1, B + 1, "critical", "n1");
	add_ended(2, B + 2, "later", "n1");
	add_ended(3, B + Q, "later", "n1");
	begin_counting(BEGIN);
	pass_until(B + Q + 600);
	check("critical 1; ");
	old = life.conf;
	life_conf(&life, "[protect x]\npartitions = later\n");
	pass_until(B + 2 * Q + 600);
	check("critical 1; later 1; ");
	pass_until(B + DAY + Q + 600);
	check("critical 1; later 2; ");
	conf_free(old);
	life_end(&life);
}
END_TEST

/* --- A storm ---------------------------------------------------------------
 */

static uint64_t chance_state;

static int64_t chance(int64_t n)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (int64_t)((chance_state >> 11) % (uint64_t)n);
}

/* A row that arrives now; one in four late, by days at times. */
static void add_by_chance(int inx, int64_t now_s)
{
	static const char *const partitions[] = {"critical", "open", "critical",
						 "criticals"};
	static const char *const nodes[] = {"n1", "n[1-2]", "None assigned",
					    "n2"};
	static const int states[] = {3, 3, 4, 5, 1024, 8192};
	int64_t late_s = chance(3600);

	if (chance(4) == 0)
		late_s = chance(chance(2) ? DAY - 7200 : 7 * DAY - 7200);
	if (late_s > now_s - B)
		late_s = now_s - B;
	add_ended(inx, now_s - late_s, partitions[chance(4)], nodes[chance(4)]);
	life_set(&life, inx, now_s, "state = %d", states[chance(6)]);
}

/* Three days of rows and passes, both by chance; every pass is the first of a
 * watcher that was restarted. In the end rows are purged. */
START_TEST(storm)
{
	int64_t now_s = B + 600;
	int inx = 0;

	chance_state = (uint64_t)_i * 0x9e3779b97f4a7c15U + 1;
	life_begin(&life, database_versions[_i], "");
	life_pass(&life, now_s);
	while (now_s < B + 3 * DAY) {
		int64_t n = chance(12);

		while (n--)
			add_by_chance(++inx, now_s);
		keep_rows();
		if (chance(3))
			life_pass(&life, now_s);
		now_s += chance(chance(4) ? 1800 : 3 * 3600);
	}
	pass_until(now_s + 4 * DAY);
	database_do(life.admin,
		    "DELETE FROM lab_job_table WHERE time_end <"
		    " %" PRId64,
		    LIFE_T + now_s - 4 * DAY);
	pass_until(now_s + 8 * DAY);
	check_every_quarter(BEGIN, BEGIN + 4 * DAY);
	life_end(&life);
}
END_TEST

/* --- What was before ---------------------------------------------------------
 */

struct before {
	struct slurmdbd *db;
	struct record record;
};

static void before_begin(struct before *before, int64_t now_s)
{
	const struct conf_database address = database_address(life_database);
	struct err err;

	before->db = slurmdbd_open(&address, &err);
	ck_assert_msg(before->db != NULL, "%s", err.msg);
	before->record = (struct record){
		.conf = life.conf,
		.store = life.store,
		.tables = slurmdbd_cluster_open(before->db, "lab", &err),
		.now_s = now_s,
	};
	ck_assert_ptr_nonnull(before->record.tables);
}

static void before_end(struct before *before)
{
	slurmdbd_cluster_close(before->record.tables);
	slurmdbd_close(before->db);
}

/* Counts one piece, from since_s on: whether there is more. */
static bool count_before(struct before *before, int64_t since_s,
			 int64_t expected_s)
{
	struct err err;
	int64_t at_s;
	int rc = ran_count_before(&before->record, since_s, &at_s, &err);

	ck_assert_msg(rc >= 0, "%s", err.msg);
	if (before->record.begun)
		ck_assert_int_eq(store_commit(life.store, &err), 0);
	record_finish(&before->record);
	ck_assert_int_eq(at_s, expected_s);
	return rc > 0;
}

START_TEST(counted_before)
{
	struct before before;

	life_begin(&life, database_versions[_i], "");
	add_ended(1, B - 1, "critical", "n1");
	add_ended(2, B - DAY, "critical", "n1");
	add_ended(3, B - DAY - 1, "critical", "n1");
	add_ended(4, B - 3 * DAY, "critical", "n1");
	begin_counting(BEGIN);
	pass_until(B + Q + 600);
	before_begin(&before, BEGIN + DAY);
	ck_assert(count_before(&before, BEGIN - 2 * DAY, BEGIN - DAY));
	check("critical 2; ");
	check_counted(BEGIN - DAY, BEGIN + Q);
	/* The watcher does not know, and leaves it so. */
	pass_until(B + 2 * Q + 600);
	check_counted(BEGIN - DAY, BEGIN + 2 * Q);
	ck_assert(!count_before(&before, BEGIN - 2 * DAY, BEGIN - 2 * DAY));
	check("critical 3; ");
	ck_assert(!count_before(&before, BEGIN - 2 * DAY, BEGIN - 2 * DAY));
	/* Accounting goes back no further than the first row. */
	ck_assert(!count_before(&before, 1000, BEGIN - 3 * DAY));
	check_counted(BEGIN - 3 * DAY, BEGIN + 2 * Q);
	check("critical 4; ");
	before_end(&before);
	life_end(&life);
}
END_TEST

/* Where nothing is watched yet, and an empty table. */
START_TEST(counted_before_anything)
{
	struct store_counted counted;
	struct before before;
	struct err err;

	life_begin(&life, "22.05", "");
	before_begin(&before, BEGIN + 2 * Q + 600);
	ck_assert(!count_before(&before, 1000, BEGIN + 2 * Q));
	ck_assert_int_eq(store_counted(life.store, "lab", &counted, &err), 0);
	add_ended(1, B + 5, "critical", "n1");
	add_ended(2, B + 2 * Q, "critical", "n1");
	ck_assert(!count_before(&before, 1000, BEGIN));
	check_counted(BEGIN, BEGIN + 2 * Q);
	check("critical 1; ");
	pass_until(B + 4 * Q);
	check("critical 2; ");
	before_end(&before);
	life_end(&life);
}
END_TEST

/* --- The cost ----------------------------------------------------------------
 */

/* Of each row of a quarter two index entries, one of them with the row; nothing
 * at all where no quarter is due. */
START_TEST(rows_that_are_read)
{
	struct before before;
	int64_t none, read;
	struct err err;

	life_begin(&life, "22.05", "");
	add_many(1, 5000, B - Q, 10);
	add_many(10001, 5000, B, 10);
	add_many(20001, 5000, B + Q, 10);
	begin_counting(BEGIN);
	before_begin(&before, BEGIN + Q + 599);
	none = database_rows_read(before.db->mysql);
	none = database_rows_read(before.db->mysql) - none;
	read = database_rows_read(before.db->mysql);
	ck_assert_int_eq(ran_count(&before.record, &err), 0);
	ck_assert_int_eq(database_rows_read(before.db->mysql) - read, none);
	before.record.now_s++;
	read = database_rows_read(before.db->mysql);
	ck_assert_int_eq(ran_count(&before.record, &err), 0);
	read = database_rows_read(before.db->mysql) - read - none;
	ck_assert_int_eq(store_commit(life.store, &err), 0);
	check("critical 5000; ");
	ck_assert_int_ge(read, 2 * 5000);
	ck_assert_int_le(read, 2 * 5000 + 20);
	before_end(&before);
	life_end(&life);
}
END_TEST

static void add_of_each_release(TCase *tcase, const TTest *test)
{
	tcase_add_loop_test(tcase, test, 0, LENGTH(database_versions));
}

int main(void)
{
	TCase *tcase = tcase_create("ran");

	add_of_each_release(tcase, begins_with_the_watching);
	tcase_add_test(tcase, waits_for_the_overlap);
	add_of_each_release(tcase, what_is_a_job_that_ran);
	add_of_each_release(tcase, rows_of_slurm);
	tcase_add_test(tcase, many_in_a_quarter);
	tcase_add_test(tcase, away_for_long);
	tcase_add_test(tcase, late_rows);
	tcase_add_test(tcase, purged_rows);
	tcase_add_test(tcase, clock_that_was_ahead);
	tcase_add_test(tcase, pass_that_fails);
	add_of_each_release(tcase, places);
	tcase_add_test(tcase, another_policy);
	tcase_add_loop_test(tcase, storm, 0, LENGTH(database_versions));
	add_of_each_release(tcase, counted_before);
	tcase_add_test(tcase, counted_before_anything);
	tcase_add_test(tcase, rows_that_are_read);
	return unit_run("ran", tcase);
}
