/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is due is told until it is taken: one by one, or as a digest. */
#include "lib/journal.h"
#include "lib/log.h"
#include "schema/store_prune.h"
#include "tests/alert_scene.h"
#include "watcher/deliver.h"

#include <sys/stat.h>

#define EXEC                                                                   \
	"[alert ops]\ntype = exec\nretry = 1h\ndelay = 0s\ncommand = $/hook "

/* A hook that keeps each event in a file of its own, and then does as it is
 * told. */
#define KEEPS                                                                  \
	"#!/bin/sh\nn=$(ls \"$1\" | wc -l)\ncat >\"$1/$n\"\n"                  \
	"env | grep ^WATCHER_ | sort >\"$1/../env\"\n"

static void set_up(void)
{
	unit_make_dir();
	ck_assert_int_eq(mkdir(unit_path("told"), 0700), 0);
	/* Not what a service has of its own. */
	setenv("WATCHER_CONF", "x", 1);
	setenv("NOTIFY_SOCKET", "/nothing", 1);
	unsetenv("JOURNAL_STREAM");
	log_open("watcher", LOG_LEVEL_ERR);
}

static void tear_down(void)
{
	scene_close();
	unit_remove_dir();
}

static const struct conf_channel *ops(void)
{
	return conf_channel(scene_conf, "ops");
}

static size_t deliver(void)
{
	size_t n;

	scene_must(deliver_due(ops(), scene_store, &n, &scene_err) == 0);
	return n;
}

/* The n-th event that the hook was given; for json_decref(). */
static json_t *told(int n)
{
	autofree char *name = mem_printf("told/%d", n);
	json_error_t error;
	json_t *object = json_load_file(unit_path(name), 0, &error);

	ck_assert_msg(object != NULL, "%s: %s", name, error.text);
	return object;
}

static void check_told(int n, const char *member, const char *expected)
{
	json_t *object = told(n);
	const char *found = json_string_value(json_object_get(object, member));

	ck_assert_str_eq(found ? found : "(none)", expected);
	json_decref(object);
}

static void check_states(const char *expected)
{
	scene_check_rows("SELECT state || ' ' || tries || ' ' || "
			 "coalesce(status, '-') || ' ' || trouble "
			 "FROM alert ORDER BY alert_id",
			 expected);
}

/* As if so much time had gone by. */
static void go_back(int64_t s)
{
	autofree char *sql = mem_printf(
		"UPDATE alert SET at = at - %lld, next = next - %lld",
		(long long)s, (long long)s);
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

START_TEST(each_event_once)
{
	scene_write("hook", 0755, KEEPS);
	scene_open(EXEC "$/told\n");
	scene_incident((struct scene_incident){.id_job = 1});
	scene_incident((struct scene_incident){.id_job = 2, .user = "bob"});
	ck_assert_uint_eq(deliver(), 2);
	ck_assert_uint_eq(deliver(), 0);
	check_told(0, "user", "alice");
	check_told(1, "user", "bob");
	check_states("delivered 1 0 ;delivered 1 0 ;");
}
END_TEST

START_TEST(the_environment_says_it_too)
{
	char line[256];
	size_t n = 0;
	FILE *file;

	scene_write("hook", 0755, KEEPS);
	scene_open(EXEC "$/told\n");
	scene_incident((struct scene_incident){.id_job = 1,
					       .name = "a\nWATCHER_USER=root"});
	deliver();
	file = fopen(unit_path("env"), "r");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file)) {
		n += strcmp(line, "WATCHER_USER=alice\n") == 0;
		n += strcmp(line, "WATCHER_EVENT_ID=1\n") == 0;
		n += strcmp(line, "WATCHER_JOB_NAME=a\\nWATCHER_USER=root\n") ==
		     0;
		ck_assert_str_ne(line, "WATCHER_USER=root\n");
		ck_assert_str_ne(line, "WATCHER_CONF=x\n");
	}
	fclose(file);
	ck_assert_uint_eq(n, 3);
}
END_TEST

START_TEST(what_fails_is_tried_again)
{
	scene_write("hook", 0755,
		    "#!/bin/sh\necho no way; echo more; exit 3\n");
	scene_open(EXEC "$/told\n");
	scene_incident((struct scene_incident){.id_job = 1});
	ck_assert_uint_eq(deliver(), 0);
	/* Not yet. */
	ck_assert_uint_eq(deliver(), 0);
	scene_check_rows("SELECT state || tries || status || (trouble LIKE "
			 "'%/hook ended with status 3: no way') FROM alert",
			 "pending131;");
	/* The watcher starts anew meanwhile. */
	scene_close();
	scene_write("hook", 0755, KEEPS);
	scene_open(EXEC "$/told\n");
	go_back(3600);
	ck_assert_uint_eq(deliver(), 1);
	check_states("delivered 2 0 ;");
	check_told(0, "user", "alice");
}
END_TEST

START_TEST(what_crashes_or_hangs_too)
{
	scene_write("hook", 0755, "#!/bin/sh\nkill -9 $$\n");
	scene_open(EXEC "\ntimeout = 1s\n");
	scene_incident((struct scene_incident){.id_job = 1});
	deliver();
	scene_write("hook", 0755, "#!/bin/sh\nexec sleep 600\n");
	go_back(3600);
	deliver();
	scene_check_rows("SELECT state || tries || coalesce(status, '-') || "
			 "(trouble LIKE '%/hook: did not end within 1 s') "
			 "FROM alert",
			 "pending2-1;");
	ck_assert_int_eq(unlink(unit_path("hook")), 0);
	go_back(7200);
	deliver();
	scene_check_rows("SELECT state || tries || coalesce(status, '-') || "
			 "(trouble LIKE '%/hook: No such file or directory') "
			 "FROM alert",
			 "pending3-1;");
}
END_TEST

/* One that fails does not keep back another. */
START_TEST(one_that_fails_is_alone)
{
	scene_write("hook", 0755,
		    KEEPS "[ \"$WATCHER_USER\" != alice ] || exit 1\n");
	scene_open(EXEC "$/told\n");
	scene_incident((struct scene_incident){.id_job = 1});
	scene_incident((struct scene_incident){.id_job = 2, .user = "bob"});
	ck_assert_uint_eq(deliver(), 1);
	scene_check_rows("SELECT state FROM alert ORDER BY alert_id",
			 "pending;delivered;");
}
END_TEST

START_TEST(waits_grow)
{
	static const int64_t expected[] = {30,  60,   120,  240,  480,
					   960, 1920, 3600, 3600, 3600};
	size_t i;

	scene_open("[alert ops]\n");
	for (i = 0; i < LENGTH(expected); i++)
		ck_assert_int_eq(deliver_wait_s(ops(), (int64_t)i + 1),
				 expected[i]);
	ck_assert_int_eq(deliver_wait_s(ops(), INT64_MAX), 3600);
}
END_TEST

/* Not sooner than its time, and not without another try. */
START_TEST(gives_up_after_a_while)
{
	scene_write("hook", 0755, "#!/bin/sh\nexit 4\n");
	scene_open(EXEC "\ngive_up = 3h\n");
	scene_incident((struct scene_incident){.id_job = 1});
	go_back(2 * 3600);
	deliver();
	scene_check_rows("SELECT state FROM alert", "pending;");
	go_back(3600 + 60);
	deliver();
	scene_check_rows("SELECT state || tries || status FROM alert",
			 "given-up24;");
	go_back(99999);
	deliver();
	scene_check_rows("SELECT state || tries || status FROM alert",
			 "given-up24;");
}
END_TEST

/* A burst is one message; what comes later is told by itself. */
START_TEST(many_are_a_digest)
{
	json_t *object;
	int64_t i;

	scene_write("hook", 0755, KEEPS);
	scene_open(EXEC "$/told\ndigest_over = 3\n");
	for (i = 1; i <= 500; i++)
		scene_incident((struct scene_incident){.id_job = i});
	ck_assert_uint_eq(deliver(), 1);
	for (i = 501; i <= 503; i++)
		scene_incident((struct scene_incident){.id_job = i});
	ck_assert_uint_eq(deliver(), 3);
	check_told(0, "what", "digest");
	object = told(0);
	ck_assert_int_eq(json_integer_value(json_object_get(object, "alerts")),
			 500);
	json_decref(object);
	check_told(3, "job_id", "503");
	scene_check_rows("SELECT count(*) FROM alert WHERE state <> "
			 "'delivered' OR tries <> 1",
			 "0;");
}
END_TEST

START_TEST(what_is_gone_is_dropped)
{
	struct store_prune prune = {.before_s = SCENE_NOW_S + 1, .by = "x"};
	const struct store_alert alert = {.event_id = 99};

	scene_write("hook", 0755, KEEPS);
	scene_open(EXEC "$/told\n");
	scene_incident((struct scene_incident){.id_job = 1});
	scene_begin();
	scene_must(store_prune(scene_store, &prune, &scene_err) == 0);
	scene_must(store_alert_add(scene_store, "ops", &alert, &scene_err) ==
		   1);
	scene_commit();
	ck_assert_uint_eq(deliver(), 0);
	check_states("given-up 1 - what it was about was pruned;");
}
END_TEST

START_TEST(a_sample_says_so)
{
	struct message message;
	int status;

	scene_write("hook", 0755, KEEPS);
	scene_open(EXEC "$/told\n");
	message_sample("ops", SCENE_NOW_S, &message);
	scene_must(deliver_message(ops(), &message, &status, &scene_err) == 0);
	message_finish(&message);
	ck_assert_int_eq(status, 0);
	check_told(0, "user", "nobody");
	check_told(0, "summary",
		   "TEST: nobody cancelled job 12345_[1-20] on critical while "
		   "it was running");
}
END_TEST

/* Where there is no journal it goes to syslog(), which says nothing where there
 * is no log either, as in a container. */
START_TEST(syslog_takes_it_where_there_is_one)
{
	bool is = access("/dev/log", F_OK) == 0 ||
		  access(JOURNAL_SOCKET, F_OK) == 0;

	scene_open("[alert ops]\ntype = syslog\ndelay = 0s\n");
	scene_incident((struct scene_incident){.id_job = 1});
	ck_assert_uint_eq(deliver(), is);
	check_states(is ? "delivered 1 - ;"
			: "pending 1 - neither " JOURNAL_SOCKET
			  " nor /dev/log takes anything;");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("deliver");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, each_event_once);
	tcase_add_test(tcase, the_environment_says_it_too);
	tcase_add_test(tcase, what_fails_is_tried_again);
	tcase_add_test(tcase, what_crashes_or_hangs_too);
	tcase_add_test(tcase, one_that_fails_is_alone);
	tcase_add_test(tcase, waits_grow);
	tcase_add_test(tcase, gives_up_after_a_while);
	tcase_add_test(tcase, many_are_a_digest);
	tcase_add_test(tcase, what_is_gone_is_dropped);
	tcase_add_test(tcase, a_sample_says_so);
	tcase_add_test(tcase, syslog_takes_it_where_there_is_one);
	return unit_run("deliver", tcase);
}
