/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is to be told of what: queued with what it is about, once. */
#include "conf/conf_keys.h"
#include "tests/alert_scene.h"

#include <sys/wait.h>

static void set_up(void)
{
	unit_make_dir();
}

static void tear_down(void)
{
	scene_close();
	unit_remove_dir();
}

static void check(const char *expected)
{
	scene_check_rows("SELECT channel || ' ' || what || ' ' || event_id "
			 "FROM alert WHERE state = 'pending' "
			 "ORDER BY alert_id",
			 expected);
}

/* Whether the key of [alert NAME] knows these words, and takes them all where
 * it is not set. */
static void check_words(const char *name, const char *const *words, size_t n)
{
	const struct conf_key *key = conf_keys_find("alert NAME", name);
	autotext struct text help = {0};
	autotext struct text all = {0};
	size_t i;

	for (i = 0; i < n; i++) {
		text_addf(&help, "%s%s", i ? "|" : "", words[i]);
		text_addf(&all, "%s%s", i ? ", " : "", words[i]);
	}
	ck_assert_int_eq(strncmp(key->help, help.s, help.len), 0);
	ck_assert_int_eq(key->help[help.len], ':');
	ck_assert_str_eq(key->fallback, all.s);
}

START_TEST(words_of_channels)
{
	scene_open("");
	check_words("on", alert_whats, ALERT_N);
	check_words("kinds", incident_kinds, KIND_N);
}
END_TEST

START_TEST(an_event_is_told_once)
{
	int i;

	scene_open("[alert ops]\n[alert pager]\n");
	scene_begin();
	for (i = 1; i <= 500; i++)
		scene_record(
			(struct scene_incident){.id_job = i, .root_id = 9});
	scene_commit();
	/* The rest of it comes in later passes, and the first again. */
	for (i = 450; i <= 550; i++)
		scene_incident(
			(struct scene_incident){.id_job = i, .root_id = 9});
	check("ops incident 1;pager incident 1;");
	scene_incident((struct scene_incident){.id_job = 600});
	check("ops incident 1;pager incident 1;ops incident 551;"
	      "pager incident 551;");
}
END_TEST

START_TEST(a_rollback_tells_nothing)
{
	scene_open("[alert ops]\n");
	scene_begin();
	scene_record((struct scene_incident){.id_job = 1});
	scene_must(outbox_fill(scene_store, scene_conf, &scene_err) == 0);
	store_rollback(scene_store);
	check("");
	scene_incident((struct scene_incident){.id_job = 1});
	check("ops incident 1;");
}
END_TEST

/* Killed at any moment: the incident and its alert are both there, or neither
 * is, and each is once. */
START_TEST(killed_it_doubles_nothing)
{
	int round;

	scene_open("[alert ops]\n");
	scene_close();
	for (round = 0; round < unit_rounds(20); round++) {
		const struct timespec nap = {.tv_nsec = round * 700000};
		pid_t pid = fork();

		if (pid == 0) {
			int64_t i;

			scene_open("[alert ops]\n");
			for (i = 1; i < 1000; i++)
				scene_incident(
					(struct scene_incident){.id_job = i});
			_exit(0);
		}
		nanosleep(&nap, NULL);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		scene_check_rows(
			"SELECT count(*) FROM incident WHERE incident_id NOT "
			"IN "
			"(SELECT event_id FROM alert) UNION ALL "
			"SELECT count(*) FROM alert WHERE event_id NOT IN "
			"(SELECT incident_id FROM incident)",
			"0;0;");
	}
	scene_open("[alert ops]\n");
	scene_check_rows("SELECT count(*) - count(DISTINCT event_id) "
			 "FROM alert",
			 "0;");
}
END_TEST

START_TEST(each_channel_has_what_it_wants)
{
	scene_open("[protect quiet]\nqos = a\nalert = none\n"
		   "[protect loud]\nqos = b\nalert = sure, moves\n"
		   "[alert any]\n[alert sure]\nmin_confidence = confirmed\n"
		   "[alert moves]\nkinds = moved\n[alert gaps]\non = gap\n");
	scene_incident((struct scene_incident){.id_job = 1});
	scene_incident((struct scene_incident){.id_job = 2,
					       .confidence = "suspected"});
	scene_incident((struct scene_incident){.id_job = 3, .kind = "moved"});
	scene_incident(
		(struct scene_incident){.id_job = 4, .section = "quiet"});
	scene_incident((struct scene_incident){
		.id_job = 5, .section = "loud", .kind = "moved"});
	scene_incident((struct scene_incident){.id_job = 6, .exempt = "u = x"});
	scene_incident(
		(struct scene_incident){.id_job = 7, .found = "backfill"});
	check("any incident 1;sure incident 1;any incident 2;any incident 3;"
	      "sure incident 3;moves incident 3;sure incident 5;"
	      "moves incident 5;");
}
END_TEST

START_TEST(who_was_not_told_hears_no_more)
{
	int64_t id;

	scene_open("[alert any]\n[alert sure]\nmin_confidence = confirmed\n"
		   "[alert moves]\nkinds = moved\n"
		   "[alert back]\non = restored\n");
	id = scene_incident((struct scene_incident){.id_job = 1,
						    .confidence = "suspected"});
	scene_correct(id, CORRECTION_CLEARED);
	scene_restored(id);
	check("any incident 1;any cleared 1;any restored 1;back restored 1;");
}
END_TEST

START_TEST(what_is_confirmed_is_sure_enough)
{
	int64_t id;

	scene_open("[alert any]\n[alert sure]\nmin_confidence = confirmed\n");
	id = scene_incident((struct scene_incident){.id_job = 1,
						    .confidence = "suspected"});
	scene_correct(id, CORRECTION_CONFIRMED);
	check("any incident 1;any confirmed 1;sure incident 1;");
}
END_TEST

/* An event of many jobs is restored, or is not, at once. */
START_TEST(what_follows_is_told_once_an_event)
{
	int64_t i, ids[3];

	scene_open("[alert ops]\n");
	for (i = 0; i < 3; i++)
		ids[i] = scene_incident(
			(struct scene_incident){.id_job = i + 1, .root_id = 9});
	scene_begin();
	for (i = 0; i < 3; i++)
		store_entry_add(scene_store, ids[i], SCENE_NOW_S, "restoration",
				"{\"failed\":\"no\"}", &scene_err);
	scene_commit();
	check("ops incident 1;ops restoration-failed 1;");
	/* Another attempt is another thing. */
	scene_enter(ids[0], "withheld", "{\"why\":\"too often\"}");
	for (i = 0; i < 3; i++)
		scene_restored(ids[i]);
	scene_enter(ids[1], "followed",
		    "{\"state\":\"cancelled again\",\"ended\":5}");
	scene_enter(ids[2], "followed",
		    "{\"state\":\"cancelled again\",\"ended\":6}");
	check("ops incident 1;ops restoration-failed 1;"
	      "ops restoration-failed 1;ops restored 1;"
	      "ops cancelled-again 1;");
}
END_TEST

static void watched(int64_t now_s)
{
	scene_begin();
	scene_must(store_watched(scene_store, "alpha", now_s - 9, now_s, "",
				 &scene_err) == 0);
	scene_commit();
}

static void gap(int64_t until_s)
{
	scene_begin();
	scene_must(store_gap(scene_store, "alpha", 0, until_s, "gone",
			     &scene_err) == 0);
	scene_commit();
}

START_TEST(short_gaps_are_nothing)
{
	scene_open("[alert ops]\ngap_after = 2m\n[alert fast]\n"
		   "gap_after = 0s\n");
	watched(SCENE_NOW_S);
	gap(0);
	check("ops gap 0;fast gap 0;");
	watched(SCENE_NOW_S + 119);
	check("fast gap-closed 0;");
	gap(0);
	watched(SCENE_NOW_S + 119 + 120);
	check("fast gap-closed 0;ops gap-closed 0;fast gap-closed 0;");
}
END_TEST

/* The watcher itself was away: it is over when it is known. */
START_TEST(a_gap_that_shows_late_is_told_as_closed)
{
	scene_open("[alert ops]\n");
	watched(SCENE_NOW_S);
	scene_begin();
	scene_must(store_gap(scene_store, "alpha", 0, SCENE_NOW_S + 4000,
			     "watcher was not running", &scene_err) == 0);
	scene_must(store_watched(scene_store, "alpha", SCENE_NOW_S + 3400,
				 SCENE_NOW_S + 4000, "", &scene_err) == 0);
	scene_commit();
	check("ops gap-closed 0;");
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

START_TEST(a_broken_chain_is_told_once)
{
	scene_open("[alert ops]\n[alert deaf]\non = incident\n");
	scene_incident((struct scene_incident){.id_job = 1});
	scene_incident((struct scene_incident){.id_job = 2});
	run_sql("UPDATE alert SET state = 'delivered'");
	scene_close();
	run_sql("DELETE FROM entry WHERE entry_id = (SELECT max(entry_id) "
		"FROM entry)");
	scene_open("[alert ops]\n[alert deaf]\non = incident\n");
	/* It is found when something is written, which is told all the
	 * same. */
	scene_incident((struct scene_incident){.id_job = 3});
	check("ops chain-broken 0;ops incident 3;deaf incident 3;");
	scene_close();
	scene_open("[alert ops]\n[alert deaf]\non = incident\n");
	scene_incident((struct scene_incident){.id_job = 4});
	check("ops chain-broken 0;ops incident 3;deaf incident 3;"
	      "ops incident 4;deaf incident 4;");
}
END_TEST

/* From the next commit on. */
START_TEST(another_configuration)
{
	struct conf *fresh;

	scene_open("[alert ops]\n");
	scene_incident((struct scene_incident){.id_job = 1});
	fresh = scene_read("[alert pager]\n");
	writing_reconfigure(fresh, scene_store);
	conf_free(scene_conf);
	scene_conf = fresh;
	scene_incident((struct scene_incident){.id_job = 2});
	check("ops incident 1;pager incident 2;");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("outbox");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, words_of_channels);
	tcase_add_test(tcase, an_event_is_told_once);
	tcase_add_test(tcase, a_rollback_tells_nothing);
	tcase_add_test(tcase, killed_it_doubles_nothing);
	tcase_add_test(tcase, each_channel_has_what_it_wants);
	tcase_add_test(tcase, who_was_not_told_hears_no_more);
	tcase_add_test(tcase, what_is_confirmed_is_sure_enough);
	tcase_add_test(tcase, what_follows_is_told_once_an_event);
	tcase_add_test(tcase, short_gaps_are_nothing);
	tcase_add_test(tcase, a_gap_that_shows_late_is_told_as_closed);
	tcase_add_test(tcase, a_broken_chain_is_told_once);
	tcase_add_test(tcase, another_configuration);
	return unit_run("outbox", tcase);
}
