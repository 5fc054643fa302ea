/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people are to be told: queued once, with what it is about, and kept
 * until it is told. */
#include "lib/mem.h"
#include "schema/store_alert.h"
#include "tests/chain_store.h"
#include "tests/unit.h"

#include <sqlite3.h>

#define NOW_S 1700000000

static struct store *store;
static struct err err;

static void begin(void)
{
	ck_assert_msg(store_begin(store, NOW_S, &err) == 0, "%s", err.msg);
}

static void commit(void)
{
	ck_assert_msg(store_commit(store, &err) == 0, "%s", err.msg);
}

static void open_store(void)
{
	unit_make_dir();
	store = store_open(unit_path("s.db"), NULL, NOW_S, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
}

static void close_store(void)
{
	store_close(store);
	unit_remove_dir();
}

static void reopen_store(void)
{
	store_close(store);
	store = store_open(unit_path("s.db"), NULL, NOW_S, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
}

/* --- News ---------------------------------------------------------------- */

static int take(const struct store_news *news, void *arg, struct err *e)
{
	struct text *text = arg;

	(void)e;
	text_addf(text, "%s %lld %d %s;", alert_whats[news->what],
		  (long long)(news->span ? news->span : news->event_id),
		  news->confirmed, news->kind);
	return 0;
}

/* What is new, in a transaction that is begun. */
static char *news(void)
{
	struct text text = {0};

	ck_assert_msg(store_alert_news(store, take, &text, &err) == 0, "%s",
		      err.msg);
	return text_take(&text);
}

static int64_t add(int64_t id_job)
{
	return chain_store_incident(store, id_job, NOW_S - 10, "");
}

static void enter(int64_t id, const char *kind, const char *content)
{
	ck_assert_int_eq(store_entry_add(store, id, NOW_S, kind, content, &err),
			 0);
}

START_TEST(each_thing_is_news_once)
{
	autofree char *first = NULL;
	autofree char *again = NULL;
	int64_t id;

	begin();
	id = add(1);
	enter(id, "changed", "{}");
	enter(id, "restoration", "{\"failed\":\"no\"}");
	enter(id, "restoration", "{\"exit\":0}");
	enter(id, "withheld", "{\"why\":\"limit\"}");
	enter(id, "followed", "{\"state\":\"running\",\"ended\":0}");
	enter(id, "followed", "{\"state\":\"cancelled again\",\"ended\":0}");
	enter(id, "followed", "{\"state\":\"cancelled again\",\"ended\":9}");
	enter(id, "followed", "no JSON");
	ck_assert_int_eq(store_correct(store, id, NOW_S, CORRECTION_CONFIRMED,
				       "log", &err),
			 0);
	first = news();
	ck_assert_str_eq(first, "incident 1 1 signalled;"
				"restoration-failed 1 1 signalled;"
				"restoration-failed 1 1 signalled;"
				"cancelled-again 1 1 signalled;"
				"confirmed 1 1 signalled;");
	commit();
	begin();
	again = news();
	ck_assert_str_eq(again, "");
	commit();
}
END_TEST

static void run_sql(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
		      "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* What is rolled back was not looked at; what others wrote is. */
START_TEST(news_are_of_the_transaction)
{
	autofree char *lost = NULL;
	autofree char *found = NULL;

	begin();
	add(1);
	commit();
	begin();
	lost = news();
	ck_assert_str_eq(lost, "incident 1 0 signalled;");
	store_rollback(store);
	reopen_store();
	begin();
	add(2);
	found = news();
	ck_assert_str_eq(found, "incident 1 0 signalled;"
				"incident 2 0 signalled;");
	commit();
}
END_TEST

START_TEST(what_is_no_news)
{
	autofree char *none = NULL;
	int64_t exempt, old;

	begin();
	exempt = add(1);
	old = add(2);
	commit();
	run_sql("UPDATE incident SET exempt = 'users = x' "
		"WHERE incident_id = 1");
	run_sql("UPDATE incident SET found = 'backfill' "
		"WHERE incident_id = 2");
	begin();
	ck_assert_int_eq(store_correct(store, exempt, NOW_S, CORRECTION_CLEARED,
				       "log", &err),
			 0);
	ck_assert_int_eq(store_correct(store, old, NOW_S, CORRECTION_CONFIRMED,
				       "log", &err),
			 0);
	none = news();
	ck_assert_str_eq(none, "");
	commit();
}
END_TEST

static void watched(int64_t now_s)
{
	ck_assert_int_eq(
		store_watched(store, "alpha", now_s - 9, now_s, "", &err), 0);
}

START_TEST(gaps_are_news)
{
	autofree char *opened = NULL;
	autofree char *closed = NULL;

	begin();
	watched(NOW_S);
	ck_assert_int_eq(store_gap(store, "alpha", 0, 0, "gone", &err), 0);
	opened = news();
	ck_assert_str_eq(opened, "gap 2 0 ;");
	commit();
	begin();
	watched(NOW_S + 60);
	closed = news();
	ck_assert_str_eq(closed, "gap-closed 2 0 ;");
	commit();
}
END_TEST

/* --- The queue ----------------------------------------------------------- */

static int queue(const char *channel, enum alert_what what, int64_t event_id,
		 int64_t about, int64_t next_s)
{
	const struct store_alert alert = {
		.what = what,
		.event_id = event_id,
		.about = about,
		.at_s = NOW_S,
		.next_s = next_s,
	};
	int rc;

	begin();
	rc = store_alert_add(store, channel, &alert, &err);
	commit();
	return rc;
}

/* "incident 1;restored 1;" */
static char *due(const char *channel, int64_t now_s)
{
	struct store_alert alerts[8];
	struct text text = {0};
	size_t i, n;

	ck_assert_int_eq(
		store_alerts_due(store, channel, now_s, alerts, 8, &n, &err),
		0);
	for (i = 0; i < n; i++)
		text_addf(&text, "%s %lld;", alert_whats[alerts[i].what],
			  (long long)alerts[i].event_id);
	return text_take(&text);
}

static void check_due(const char *channel, int64_t now_s, const char *expected)
{
	struct text_list channels = {0};
	autofree char *found = due(channel, now_s);
	bool listed = false;
	size_t i;

	ck_assert_str_eq(found, expected);
	ck_assert_int_eq(
		store_alert_channels_due(store, now_s, &channels, &err), 0);
	for (i = 0; i < channels.n; i++)
		listed |= strcmp(channels.items[i], channel) == 0;
	ck_assert_int_eq(listed, *expected != '\0');
	text_list_free(&channels);
}

START_TEST(a_thing_is_queued_once)
{
	ck_assert_int_eq(queue("ops", ALERT_INCIDENT, 1, 0, NOW_S), 1);
	ck_assert_int_eq(queue("ops", ALERT_INCIDENT, 1, 0, NOW_S + 1), 0);
	ck_assert_int_eq(queue("pager", ALERT_INCIDENT, 1, 0, NOW_S), 1);
	ck_assert_int_eq(queue("ops", ALERT_GAP, 0, 1, NOW_S), 1);
	ck_assert_int_eq(queue("ops", ALERT_GAP, 0, 2, NOW_S), 1);
	check_due("ops", NOW_S, "incident 1;gap 0;gap 0;");
	check_due("ops", NOW_S - 1, "");
	check_due("pager", NOW_S, "incident 1;");
	ck_assert_int_eq(
		store_alert_known(store, "ops", ALERT_INCIDENT, 1, &err), 1);
	ck_assert_int_eq(
		store_alert_known(store, "ops", ALERT_RESTORED, 1, &err), 0);
}
END_TEST

/* Takes alert `id` up until next_s: whether it could be had. */
static bool try(int64_t id, int64_t now_s, int64_t next_s)
{
	struct store_alert alert = {.alert_id = id, .next_s = next_s};
	size_t n = 1;

	ck_assert_int_eq(store_alert_try(store, &alert, &n, now_s, &err), 0);
	return n == 1;
}

enum { FAILED, GIVEN_UP, DELIVERED };

static void tried(int64_t id, int64_t now_s, int64_t next_s, int how,
		  const char *trouble)
{
	const struct store_alert alert = {
		.alert_id = id, .at_s = NOW_S, .next_s = next_s};
	const struct store_alert_tried result = {
		.delivered = how == DELIVERED,
		.give_up_before_s = how == GIVEN_UP ? NOW_S + 1 : NOW_S,
		.status = how == GIVEN_UP ? 3 : -1,
		.trouble = trouble,
	};

	ck_assert_int_eq(
		store_alert_tried(store, &alert, 1, now_s, &result, &err), 0);
}

/* One who takes it up has it for himself until it is due again. */
START_TEST(a_try_is_of_one)
{
	queue("ops", ALERT_INCIDENT, 1, 0, NOW_S);
	ck_assert(try(1, NOW_S, NOW_S + 30));
	ck_assert(!try(1, NOW_S, NOW_S + 30));
	check_due("ops", NOW_S + 29, "");
	/* Killed there, it is told again. */
	reopen_store();
	check_due("ops", NOW_S + 30, "incident 1;");
	tried(1, NOW_S + 1, NOW_S + 60, FAILED, "said \xff no");
	check_due("ops", NOW_S + 59, "");
	check_due("ops", NOW_S + 60, "incident 1;");
	ck_assert(try(1, NOW_S + 60, NOW_S + 90));
	tried(1, NOW_S + 61, NOW_S + 60, DELIVERED, "");
	check_due("ops", NOW_S + 999, "");
	ck_assert_int_eq(queue("ops", ALERT_INCIDENT, 1, 0, NOW_S), 0);
}
END_TEST

START_TEST(tries_many_at_once)
{
	struct store_alert alerts[3];
	size_t n;

	queue("ops", ALERT_INCIDENT, 1, 0, NOW_S);
	queue("ops", ALERT_INCIDENT, 2, 0, NOW_S);
	queue("ops", ALERT_INCIDENT, 3, 0, NOW_S);
	store_alerts_due(store, "ops", NOW_S, alerts, 3, &n, &err);
	ck_assert_uint_eq(n, 3);
	for (n = 0; n < 3; n++)
		alerts[n].next_s = NOW_S + 5;
	/* Another was faster with one of them. */
	ck_assert(try(2, NOW_S, NOW_S + 9));
	ck_assert_int_eq(store_alert_try(store, alerts, &n, NOW_S, &err), 0);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(alerts[0].alert_id, 1);
	ck_assert_int_eq(alerts[1].alert_id, 3);
	check_due("ops", NOW_S + 5, "incident 1;incident 3;");
}
END_TEST

START_TEST(what_follows_waits)
{
	queue("ops", ALERT_INCIDENT, 1, 0, NOW_S);
	queue("ops", ALERT_RESTORED, 1, 0, NOW_S);
	check_due("ops", NOW_S, "incident 1;restored 1;");
	try(1, NOW_S, NOW_S + 30);
	tried(1, NOW_S, NOW_S + 60, FAILED, "x");
	check_due("ops", NOW_S, "");
	queue("ops", ALERT_RESTORED, 2, 0, NOW_S);
	check_due("ops", NOW_S, "restored 2;");
	check_due("ops", NOW_S + 60, "incident 1;restored 1;restored 2;");
	tried(1, NOW_S, NOW_S, GIVEN_UP, "x");
	check_due("ops", NOW_S, "restored 1;restored 2;");
}
END_TEST

START_TEST(takes_back_what_was_not_told)
{
	queue("ops", ALERT_GAP, 0, 1, NOW_S);
	queue("ops", ALERT_GAP, 0, 2, NOW_S);
	ck_assert(try(2, NOW_S, NOW_S));
	begin();
	ck_assert_int_eq(store_alert_withdraw(store, "ops", ALERT_GAP, 1, &err),
			 1);
	ck_assert_int_eq(store_alert_withdraw(store, "ops", ALERT_GAP, 2, &err),
			 0);
	ck_assert_int_eq(store_alert_withdraw(store, "ops", ALERT_GAP, 3, &err),
			 0);
	commit();
	check_due("ops", NOW_S, "gap 0;");
}
END_TEST

/* --- Counts -------------------------------------------------------------- */

static int count(const struct store_alert_count *of, void *arg)
{
	text_addf(arg, "%s %lld@%lld %lld@%lld %lld@%lld '%s';", of->channel,
		  (long long)of->pending,
		  (long long)(of->pending_s ? of->pending_s - NOW_S : -1),
		  (long long)of->delivered,
		  (long long)(of->delivered_s ? of->delivered_s - NOW_S : -1),
		  (long long)of->given_up,
		  (long long)(of->given_up_s ? of->given_up_s - NOW_S : -1),
		  of->trouble);
	return 0;
}

static void check_counts(const char *expected)
{
	autotext struct text text = {0};

	ck_assert_int_eq(store_alert_counts(store, count, &text, &err), 0);
	ck_assert_str_eq(text.s ? text.s : "", expected);
}

START_TEST(counts)
{
	check_counts("");
	queue("ops", ALERT_INCIDENT, 1, 0, NOW_S);
	queue("ops", ALERT_INCIDENT, 2, 0, NOW_S);
	queue("ops", ALERT_INCIDENT, 3, 0, NOW_S);
	queue("mail", ALERT_INCIDENT, 1, 0, NOW_S);
	check_counts("mail 1@0 0@-1 0@-1 '';ops 3@0 0@-1 0@-1 '';");
	try(1, NOW_S, NOW_S + 5);
	tried(1, NOW_S, NOW_S + 60, FAILED, "no such file");
	try(2, NOW_S + 7, NOW_S + 9);
	tried(2, NOW_S + 8, NOW_S + 9, GIVEN_UP, "x");
	try(3, NOW_S + 8, NOW_S + 9);
	tried(3, NOW_S + 8, NOW_S + 9, DELIVERED, "");
	check_counts("mail 1@0 0@-1 0@-1 '';"
		     "ops 1@0 1@8 1@7 'no such file';");
}
END_TEST

START_TEST(gives_up_channels_that_are_gone)
{
	struct text_list channels = {0};
	int64_t n = -1;

	text_list_add(&channels, "ops");
	queue("ops", ALERT_INCIDENT, 1, 0, NOW_S);
	queue("old", ALERT_INCIDENT, 1, 0, NOW_S);
	ck_assert_int_eq(
		store_alert_give_up(store, &channels, NOW_S, NOW_S, &n, &err),
		0);
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(store_alert_give_up(store, &channels, NOW_S, NOW_S + 1,
					     &n, &err),
			 0);
	ck_assert_int_eq(n, 1);
	check_due("old", NOW_S, "");
	check_due("ops", NOW_S, "incident 1;");
	text_list_free(&channels);
	ck_assert_int_eq(
		store_alert_channels_due(store, NOW_S, &channels, &err), 0);
	ck_assert_uint_eq(channels.n, 1);
	ck_assert_str_eq(channels.items[0], "ops");
	text_list_free(&channels);
}
END_TEST

/* By a clock that was ten days ahead. */
START_TEST(hurries_what_would_wait_for_days)
{
	int64_t n = -1;

	queue("ops", ALERT_INCIDENT, 1, 0, NOW_S + 864000);
	queue("ops", ALERT_INCIDENT, 2, 0, NOW_S + 3600);
	check_due("ops", NOW_S, "");
	ck_assert_int_eq(
		store_alert_hurry(store, NOW_S, NOW_S + 90000, &n, &err), 0);
	ck_assert_int_eq(n, 1);
	check_due("ops", NOW_S, "incident 1;");
	check_due("ops", NOW_S + 3600, "incident 1;incident 2;");
	/* What was told stays told. */
	ck_assert(try(1, NOW_S, NOW_S + 900000));
	tried(1, NOW_S, NOW_S + 900000, DELIVERED, "");
	ck_assert_int_eq(
		store_alert_hurry(store, NOW_S, NOW_S + 90000, &n, &err), 0);
	ck_assert_int_eq(n, 0);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("alert_store");

	tcase_add_checked_fixture(tcase, open_store, close_store);
	tcase_add_test(tcase, each_thing_is_news_once);
	tcase_add_test(tcase, news_are_of_the_transaction);
	tcase_add_test(tcase, what_is_no_news);
	tcase_add_test(tcase, gaps_are_news);
	tcase_add_test(tcase, a_thing_is_queued_once);
	tcase_add_test(tcase, a_try_is_of_one);
	tcase_add_test(tcase, tries_many_at_once);
	tcase_add_test(tcase, what_follows_waits);
	tcase_add_test(tcase, takes_back_what_was_not_told);
	tcase_add_test(tcase, counts);
	tcase_add_test(tcase, gives_up_channels_that_are_gone);
	tcase_add_test(tcase, hurries_what_would_wait_for_days);
	return unit_run("alert_store", tcase);
}
