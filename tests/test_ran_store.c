/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the store keeps of jobs that ran. */
#include "lib/mem.h"
#include "schema/store.h"
#include "schema/store_ran.h"
#include "tests/unit.h"

#include <inttypes.h>

#define Q STORE_QUARTER_S

static struct store *store;
static struct err err;

static void open_store(void)
{
	unit_make_dir();
	store = store_open(unit_path("s.db"), NULL, 100, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
}

static void close_store(void)
{
	store_close(store);
	unit_remove_dir();
}

static void put(int64_t since_s, const char *cluster, const char *partition,
		int64_t jobs)
{
	const struct store_ran ran = {cluster, partition, jobs};

	ck_assert_int_eq(store_ran_put(store, since_s, &ran, &err), 0);
}

static int add(const struct store_ran *ran, void *arg)
{
	text_addf(arg, "%s/%s %" PRId64 ";", ran->cluster, ran->partition,
		  ran->jobs);
	return 0;
}

static void check_of(const struct store_filter *filter, const char *expected)
{
	autotext struct text got = {0};

	text_add(&got, "");
	ck_assert_int_eq(store_ran(store, filter, add, &got, &err), 0);
	ck_assert_str_eq(got.s, expected);
}

static void check(int64_t since_s, int64_t until_s, const char *expected)
{
	const struct store_filter filter = {.since = since_s, .until = until_s};

	check_of(&filter, expected);
}

START_TEST(summed_by_cluster_and_partition)
{
	put(0, "b", "critical", 5);
	put(0, "a", "prod", 1);
	put(Q, "a", "prod", 2);
	put(Q, "a", "critical", 4);
	put(2 * Q, "a", "prod", 8);
	check(0, INT64_MAX, "a/critical 4;a/prod 11;b/critical 5;");
	check(Q, 2 * Q, "a/critical 4;a/prod 2;");
	check(3 * Q, INT64_MAX, "");
}
END_TEST

/* A quarter is of the period in which it begins: none is of two, nor of
 * none. */
START_TEST(periods_that_begin_within_a_quarter)
{
	put(0, "a", "p", 1);
	put(Q, "a", "p", 2);
	put(2 * Q, "a", "p", 4);
	check(0, Q + 1, "a/p 3;");
	check(Q + 1, 3 * Q, "a/p 4;");
	check(1, Q, "");
	check(1, 2 * Q, "a/p 2;");
}
END_TEST

START_TEST(filtered)
{
	struct store_filter filter = {.until = INT64_MAX};

	put(0, "a", "p", 1);
	put(0, "a", "q", 2);
	put(0, "b", "p", 4);
	put(0, "c", "p", 8);
	filter.cluster = "b,c";
	check_of(&filter, "b/p 4;c/p 8;");
	filter.partition = "q,r";
	check_of(&filter, "");
	filter.cluster = NULL;
	check_of(&filter, "a/q 2;");
	/* Nothing else of it is known of these jobs. */
	filter.user = "alice";
	filter.kind = "cancelled";
	filter.open = true;
	check_of(&filter, "a/q 2;");
}
END_TEST

static int stop(const struct store_ran *ran, void *arg)
{
	(void)ran;
	++*(int *)arg;
	return 1;
}

START_TEST(stopped)
{
	const struct store_filter filter = {.until = INT64_MAX};
	int n = 0;

	put(0, "a", "p", 1);
	put(0, "a", "q", 2);
	ck_assert_int_eq(store_ran(store, &filter, stop, &n, &err), 0);
	ck_assert_int_eq(n, 1);
}
END_TEST

/* Late rows are added; what was purged meanwhile did run. */
START_TEST(counted_again)
{
	put(0, "a", "p", 3);
	put(0, "a", "p", 5);
	check(0, Q, "a/p 5;");
	put(0, "a", "p", 2);
	check(0, Q, "a/p 5;");
}
END_TEST

START_TEST(hostile_names)
{
	struct store_filter filter = {.until = INT64_MAX,
				      .partition = "\"]--',x"};

	put(0, "a", "\"]--'", 1);
	put(0, "a", "y", 2);
	check_of(&filter, "a/\"]--' 1;");
}
END_TEST

static void move(int64_t since_s, int64_t until_s)
{
	const struct store_counted counted = {since_s, until_s};

	ck_assert_int_eq(store_counted_put(store, "a", &counted, &err), 0);
}

static void check_counted(int64_t since_s, int64_t until_s)
{
	struct store_counted counted;

	ck_assert_int_eq(store_counted(store, "a", &counted, &err), 1);
	ck_assert_int_eq(counted.since, since_s);
	ck_assert_int_eq(counted.until, until_s);
}

START_TEST(what_is_counted)
{
	struct store_counted counted = {1, 2};

	ck_assert_int_eq(store_counted(store, "a", &counted, &err), 0);
	ck_assert_int_eq(counted.since, 0);
	ck_assert_int_eq(counted.until, 0);
	move(9 * Q, 9 * Q);
	check_counted(9 * Q, 9 * Q);
	ck_assert_int_eq(store_counted(store, "b", &counted, &err), 0);
	move(9 * Q, 10 * Q);
	check_counted(9 * Q, 10 * Q);
	move(2 * Q, 10 * Q);
	/* The watcher's own, which does not know of the backfill. */
	move(9 * Q, 11 * Q);
	check_counted(2 * Q, 11 * Q);
	/* A clock that was ahead. */
	move(9 * Q, 10 * Q);
	check_counted(2 * Q, 10 * Q);
}
END_TEST

START_TEST(taken_back)
{
	struct store_counted counted;

	ck_assert_int_eq(store_begin(store, 100, &err), 0);
	put(0, "a", "p", 3);
	move(0, Q);
	store_rollback(store);
	check(0, Q, "");
	ck_assert_int_eq(store_counted(store, "a", &counted, &err), 0);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("ran_store");

	tcase_add_checked_fixture(tcase, open_store, close_store);
	tcase_add_test(tcase, summed_by_cluster_and_partition);
	tcase_add_test(tcase, periods_that_begin_within_a_quarter);
	tcase_add_test(tcase, filtered);
	tcase_add_test(tcase, stopped);
	tcase_add_test(tcase, counted_again);
	tcase_add_test(tcase, hostile_names);
	tcase_add_test(tcase, what_is_counted);
	tcase_add_test(tcase, taken_back);
	return unit_run("ran_store", tcase);
}
