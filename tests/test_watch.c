/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole passes: from a private MariaDB's rows to the store's incidents. */
#include "schema/job.h"
#include "schema/store.h"
#include "schema/store_status.h"
#include "tests/database.h"
#include "tests/oracle.h"
#include "watcher/run.h"
#include "watcher/watch.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <time.h>

static char name[] = "lab_watch";
static MYSQL *admin;
static struct conf *conf;
static struct store *store;
static struct watch *watch;
static struct err err;

static struct conf *write_conf(const char *more)
{
	FILE *file = fopen(unit_path("watcher.conf"), "w");
	struct conf *fresh;

	fprintf(file,
		"[slurmdbd]\nsocket = %s\nuser = root\ndatabase = %s\n"
		"[protect]\npartitions = critical\n"
		"[store]\npath = %s\n%s",
		getenv("LAB_SOCKET"), name, unit_path("s.db"), more);
	fclose(file);
	fresh = conf_read(unit_path("watcher.conf"), &err);
	ck_assert_msg(fresh != NULL, "%s", err.msg);
	return fresh;
}

static void load(const char *version, const char *more)
{
	unit_make_dir();
	database_load(name, version, true);
	admin = database_connect(name);
	conf = write_conf(more);
	store = store_open(conf->store.path, NULL, 100, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
	watch = watch_new(conf, store);
}

static void unload(void)
{
	watch_free(watch);
	store_close(store);
	conf_free(conf);
	mysql_close(admin);
	unit_remove_dir();
}

/* The fixtures' rows ended within an hour: a first pass sees them all. */
#define ALL_ROWS "[watch]\noverlap = 2h\n"

static struct watch_result pass(int expected)
{
	struct watch_result result;

	ck_assert_msg(watch_pass(watch, &result, &err) == expected, "%s",
		      err.msg);
	return result;
}

/* Those of the fixtures, by uid. */
static const char *user_of(int64_t uid)
{
	if (!uid)
		return "root";
	return uid == 1001 ? "alice" : "bob";
}

static int check_incident(const struct incident *incident, void *arg)
{
	ck_assert_str_eq(incident->cluster, "lab");
	ck_assert_int_gt(incident->event_id, 0);
	ck_assert_str_eq(incident->user, user_of(incident->uid));
	ck_assert_int_eq(strncmp(incident->partition, "critical", 8), 0);
	ck_assert_int_eq(strcmp(incident->confidence, "confirmed") == 0,
			 !incident->causes[0]);
	ck_assert_int_ge(incident->cpu_seconds, 0);
	ck_assert_ptr_nonnull(strstr(incident->job, "\"kill_requid\":"));
	if (strcmp(incident->phase, "pending") == 0)
		ck_assert_int_eq(incident->started, 0);
	(*(int *)arg)++;
	return 0;
}

START_TEST(what_the_rows_mean)
{
	const struct store_filter all = {.until = INT64_MAX, .suspected = true};
	struct watch_result result;
	int seen = 0;

	load(database_versions[_i], ALL_ROWS);
	oracle_make(admin, database_versions[_i]);
	result = pass(0);
	ck_assert_uint_eq(result.incidents,
			  (size_t)oracle_count(admin, 1, INT64_MAX));
	ck_assert_int_eq((int64_t)result.incidents, oracle_check(admin, store));
	ck_assert_uint_gt(result.incidents, 90);
	ck_assert_uint_eq(result.clusters, 1);
	ck_assert_int_eq(
		store_incidents(store, &all, check_incident, &seen, &err), 0);
	ck_assert_uint_eq((size_t)seen, result.incidents);
	/* Again, and again by one that knows nothing but the store. */
	ck_assert_uint_eq(pass(0).incidents, 0);
	watch_free(watch);
	watch = watch_new(conf, store);
	ck_assert_uint_eq(pass(0).incidents, 0);
	unload();
}
END_TEST

static int count(const struct incident *incident, void *arg)
{
	(void)incident;
	(*(int64_t *)arg)++;
	return 0;
}

/* Jobs that QOS, accounts or reservations protect, on a partition that is not
 * protected: found among those that ended, and remembered while open. */
START_TEST(protected_wherever_they_are)
{
	const struct store_filter cancelled = {
		.until = INT64_MAX,
		.kind = "cancelled",
		.suspected = true,
	};
	autofree char *query = NULL;
	int64_t seen = 0;

	load(database_versions[_i],
	     ALL_ROWS "[protect q]\nqos = gold\n"
		      "[protect r]\nreservations = camp*\n");
	database_do(admin, "INSERT INTO qos_table (creation_time, id, name)"
			   " VALUES (1, 70, 'gold')");
	database_do(admin, "INSERT INTO lab_resv_table (id_resv, time_start,"
			   " resv_name) VALUES (5, 1, 'campaign')");
	database_do(admin, "UPDATE lab_job_table SET id_qos = 70"
			   " WHERE id_job %% 3 = 0");
	database_do(admin, "UPDATE lab_job_table SET id_resv = 5"
			   " WHERE id_job %% 3 = 1");
	query = mem_printf("SELECT count(*) FROM lab_job_table WHERE"
			   " (state & 255) = 4 AND kill_requid = id_user AND"
			   " time_end > 0 AND `partition` <> '' AND"
			   " (id_job %% 3 < 2 OR CONCAT(',', `partition`, ',')"
			   " LIKE '%%,critical,%%')");
	pass(0);
	ck_assert_int_eq(store_incidents(store, &cancelled, count, &seen, &err),
			 0);
	ck_assert_int_eq(seen, database_count(admin, query));
	unload();
}
END_TEST

struct tasks_seen {
	char text[256];
};

static int see_tasks(const struct incident *incident, void *arg)
{
	struct tasks_seen *seen = arg;
	autofree char *old = mem_strdup(seen->text);

	snprintf(seen->text, sizeof(seen->text), "%s%s %" PRId64 "; ", old,
		 incident->job_id, incident->tasks);
	return 0;
}

START_TEST(scripts_are_kept)
{
	autofree char *path = NULL;
	struct incident incident;
	char line[64];
	FILE *file;

	load("22.05", ALL_ROWS);
	pass(0);
	ck_assert_int_eq(store_incident(store, 1, &incident, &err), 1);
	ck_assert_uint_eq(strlen(incident.script_sha256), 64);
	path = store_script_path(store, incident.script_sha256);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), file));
	ck_assert_ptr_nonnull(strstr(line, "#!"));
	fclose(file);
	incident_finish(&incident);
	unload();
}
END_TEST

/* The pending rest of an array names tasks that run in rows of
 * their own; each task is counted once. */
START_TEST(a_task_is_counted_once)
{
	const struct store_filter all = {.until = INT64_MAX};
	struct tasks_seen seen = {0};

	load("20.11", ALL_ROWS);
	database_do(admin, "DELETE FROM lab_job_table WHERE id_array_job <>"
			   " 14"); /* scenario 05: 0x3E, 14_1, 14_2 */
	pass(0);
	ck_assert_int_eq(store_incidents(store, &all, see_tasks, &seen, &err),
			 0);
	ck_assert_str_eq(seen.text, "14_[3-5] 3; 14_1 1; 14_2 1; ");
	unload();
}
END_TEST

/* Expected incidents of jobs like that. */
static int64_t count_where(const char *where)
{
	autofree char *sql =
		mem_printf("SELECT count(*) FROM expected JOIN lab_job_table"
			   " USING (id_job, time_submit) WHERE %s",
			   where);

	return database_count(admin, sql);
}

START_TEST(exempt_is_kept_apart)
{
	struct watch_result result;
	struct store_filter all = {
		.until = INT64_MAX, .suspected = true, .exempt = true};
	int seen = 0;

	load("22.05", ALL_ROWS "[protect drill]\npartitions = open\n");
	text_list_add(&conf->protect[0].exempt_users, "alice");
	database_do(admin, "DELETE FROM lab_job_table WHERE `partition` ="
			   " 'open'");
	oracle_make(admin, "22.05");
	result = pass(0);
	ck_assert_int_eq((int64_t)result.incidents,
			 count_where("id_user <> 1001"));
	ck_assert_int_eq((int64_t)result.exempt, count_where("id_user = 1001"));
	ck_assert_uint_gt(result.incidents, 0);
	ck_assert_uint_gt(result.exempt, 50);
	ck_assert_int_eq(
		store_incidents(store, &all, check_incident, &seen, &err), 0);
	ck_assert_uint_eq((size_t)seen, result.exempt + result.incidents);
	unload();
}
END_TEST

struct spans {
	char text[1024];
};

static int note_span(const struct store_span *span, void *arg)
{
	struct spans *spans = arg;
	size_t len = strlen(spans->text);

	snprintf(spans->text + len, sizeof(spans->text) - len, "%s%s%s ",
		 span->how,
		 span->until ? "" : " open:", span->until ? "" : span->reason);
	return 0;
}

static void check_spans(const char *cluster, const char *expected)
{
	struct spans spans = {""};

	ck_assert_int_eq(store_spans(store, cluster, 0, INT64_MAX, note_span,
				     &spans, &err),
			 0);
	ck_assert_str_eq(spans.text, expected);
}

/* One cluster's table is broken; the others go on. */
START_TEST(a_broken_cluster_fails_alone)
{
	struct watch_result result;

	load("22.05", ALL_ROWS);
	database_do(admin, "CREATE TABLE b_job_table LIKE lab_job_table");
	database_do(admin, "CREATE TABLE b_assoc_table LIKE lab_assoc_table");
	database_do(admin, "INSERT INTO cluster_table (creation_time, name,"
			   " federation, features, fed_id, fed_state) VALUES "
			   "(0, 'b', '', '', 0, 0),"
			   " (0, 'a', '', '', 0, 0)");
	result = pass(0);
	ck_assert_uint_eq(result.clusters, 2); /* a has no tables */
	ck_assert_uint_eq(result.failed, 1);
	ck_assert_uint_gt(result.incidents, 50);
	check_spans("b", "watched ");
	check_spans("a", ""); /* never watched */
	database_do(admin, "RENAME TABLE b_job_table TO away");
	result = pass(0);
	ck_assert_uint_eq(result.failed, 2);
	check_spans("b", "watched gap open:cluster b: reading its open jobs: "
			 "Table 'lab_watch.b_job_table' doesn't exist ");
	database_do(admin, "RENAME TABLE away TO b_job_table");
	result = pass(0);
	ck_assert_uint_eq(result.failed, 1);
	check_spans("b", "watched gap watched ");
	check_spans("lab", "watched ");
	unload();
}
END_TEST

/* A cluster that is added while watcher runs is watched from the next pass
 * on. */
START_TEST(a_cluster_is_added)
{
	load("22.05", "");
	ck_assert_uint_eq(pass(0).clusters, 1);
	database_do(admin, "CREATE TABLE b_job_table LIKE lab_job_table");
	database_do(admin, "INSERT INTO cluster_table (creation_time, name,"
			   " federation, features, fed_id, fed_state) VALUES "
			   "(0, 'b', '', '', 0, 0)");
	ck_assert_uint_eq(pass(0).clusters, 2);
	database_do(admin, "UPDATE cluster_table SET deleted = 1"
			   " WHERE name = 'b'");
	ck_assert_uint_eq(pass(0).clusters, 1);
	unload();
}
END_TEST

/* Goes on with another configuration, as after SIGHUP. */
static void reload(const char *more)
{
	struct conf *old = conf;

	conf = write_conf(more);
	watch_reconfigure(watch, conf);
	conf_free(old);
}

static int check_since(const struct incident *incident, void *arg)
{
	(void)arg;
	if (strcmp(incident->partition, "open") == 0)
		ck_assert_int_eq(strncmp(incident->exempt,
					 "protected only since 20", 23),
				 0);
	else
		ck_assert_str_eq(incident->exempt, "");
	return 0;
}

/* Whoever cancelled a job where nothing was protected yet did nothing that is
 * held against them. */
START_TEST(protected_from_now_on)
{
	const struct store_filter all = {
		.until = INT64_MAX, .suspected = true, .exempt = true};
	struct watch_result result;

	load("22.05", ALL_ROWS);
	ck_assert_uint_gt(pass(0).incidents, 50);
	reload(ALL_ROWS "[protect more]\npartitions = open\n");
	result = pass(0);
	ck_assert_uint_eq(result.incidents, 0);
	ck_assert_uint_gt(result.exempt, 5);
	ck_assert_int_eq(store_incidents(store, &all, check_since, NULL, &err),
			 0);
	database_do(admin, "UPDATE lab_job_table SET id_job = 99999, time_end ="
			   " UNIX_TIMESTAMP() + 1 WHERE `partition` = 'open'"
			   " AND state = 4 AND kill_requid = id_user LIMIT 1");
	ck_assert_uint_eq(pass(0).incidents, 1);
	unload();
}
END_TEST

/* What a person with the sqlite3 shell would do. */
static void run_on_store(const char *sql)
{
	sqlite3 *shell;

	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &shell), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(shell, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(shell);
}

/* The connection is cut between two passes: the next one connects anew. */
START_TEST(a_cut_connection)
{
	load("22.05", "");
	pass(0);
	database_do(admin, "UPDATE lab_job_table SET time_end = 0,"
			   " state = 1 WHERE id_job = 5");
	pass(0);
	database_do(admin, "UPDATE lab_job_table SET state = 4, time_end ="
			   " 1000, kill_requid = id_user WHERE id_job = 5");
	database_do(admin,
		    "BEGIN NOT ATOMIC FOR p IN (SELECT id FROM"
		    " information_schema.processlist WHERE db = 'lab_watch'"
		    " AND id <> CONNECTION_ID()) DO KILL p.id; END FOR; END");
	ck_assert_uint_eq(pass(0).incidents, 1);
	check_spans("lab", "watched ");
	unload();
}
END_TEST

/* ALTER TABLE holds the table: the pass fails soon, without a lock waited for,
 * and the next one sees it all. */
START_TEST(a_locked_table)
{
	MYSQL *other;
	time_t begun;

	load("22.05", "");
	pass(0);
	other = database_connect(name);
	database_do(other, "LOCK TABLES lab_job_table WRITE");
	begun = time(NULL);
	pass(-1);
	ck_assert_int_lt(time(NULL) - begun, 30);
	ck_assert_int_eq(err.kind, ERR_RETRY);
	ck_assert_ptr_nonnull(strstr(err.msg, "Lock wait timeout"));
	database_do(other, "UNLOCK TABLES");
	mysql_close(other);
	pass(0);
	check_spans("lab", "watched gap watched ");
	unload();
}
END_TEST

static int note_entry(int64_t at_s, const char *kind, const char *content,
		      void *arg)
{
	struct spans *entries = arg;
	size_t len = strlen(entries->text);

	ck_assert_int_gt(at_s, 0);
	snprintf(entries->text + len, sizeof(entries->text) - len, "%s%s%s ",
		 kind, strstr(content, "\"state\":1024") ? " requeued" : "",
		 strstr(content, "second thought") ? " comment" : "");
	return 0;
}

/* Requeued, then commented: two further entries, and the job is back; the
 * incident stays. */
START_TEST(a_row_changes_later)
{
	struct spans entries = {""};
	struct incident incident;
	struct watch_result result;

	load("22.05", ALL_ROWS);
	result = pass(0);
	ck_assert_int_eq(store_incident(store, 1, &incident, &err), 1);
	database_do(admin,
		    "UPDATE lab_job_table SET state = 1024, exit_code = 15,"
		    " mod_time = mod_time + 5 WHERE job_db_inx = %s",
		    incident.job_db_inx);
	ck_assert_uint_eq(pass(0).incidents, 0);
	database_do(admin,
		    "UPDATE lab_job_table SET derived_es = 'second thought'"
		    " WHERE job_db_inx = %s",
		    incident.job_db_inx);
	pass(0);
	pass(0);
	ck_assert_int_eq(store_entries(store, 1, note_entry, &entries, &err),
			 0);
	ck_assert_str_eq(entries.text,
			 "changed requeued restored changed requeued comment ");
	incident_finish(&incident);
	ck_assert_int_eq(store_incident(store, 1, &incident, &err), 1);
	ck_assert_str_eq(incident.state, "CANCELLED");
	ck_assert_str_eq(incident.restoration, "requeued by others");
	ck_assert_uint_gt(result.incidents, 50);
	incident_finish(&incident);
	unload();
}
END_TEST

/* mod_time alone is no change. */
START_TEST(a_row_that_is_only_sent_again)
{
	struct spans entries = {""};

	load("22.05", ALL_ROWS);
	pass(0);
	database_do(admin,
		    "UPDATE lab_job_table SET mod_time = mod_time + 100");
	pass(0);
	ck_assert_int_eq(store_entries(store, 1, note_entry, &entries, &err),
			 0);
	ck_assert_str_eq(entries.text, "");
	unload();
}
END_TEST

static int note_lost(const struct store_span *span, void *arg)
{
	if (strcmp(span->how, "lost") == 0) {
		ck_assert_str_eq(span->reason,
				 "job 6 of uid 1001 on critical was deleted "
				 "from the table while it was open");
		ck_assert_ptr_nonnull(strstr(span->job, "\"id_job\":6,"));
		(*(int *)arg)++;
	}
	return 0;
}

START_TEST(a_job_is_deleted_while_it_is_open)
{
	int lost = 0;

	load("22.05", "");
	database_do(admin, "UPDATE lab_job_table SET time_end = 0, state = 1"
			   " WHERE id_job IN (6, 7)");
	pass(0);
	/* Deleted while nobody looks. */
	watch_free(watch);
	database_do(admin, "DELETE FROM lab_job_table WHERE id_job = 6");
	watch = watch_new(conf, store);
	pass(0);
	pass(0);
	ck_assert_int_eq(
		store_spans(store, "lab", 0, INT64_MAX, note_lost, &lost, &err),
		0);
	ck_assert_int_eq(lost, 1);
	unload();
}
END_TEST

/* A pass that fails in its middle records nothing: not half of it, and the
 * next one all. */
START_TEST(a_pass_fails_in_its_middle)
{
	struct incident incident;

	load("22.05", ALL_ROWS);
	/* The first few rows have no script to be kept; the others do. */
	database_do(admin, "UPDATE lab_job_table SET script_hash_inx = 0"
			   " WHERE job_db_inx < 100");
	database_do(admin, "RENAME TABLE lab_job_script_table TO away");
	pass(-1);
	ck_assert_ptr_nonnull(strstr(err.msg, "reading a job's script"));
	ck_assert_int_eq(store_incident(store, 1, &incident, &err), 0);
	database_do(admin, "RENAME TABLE away TO lab_job_script_table");
	oracle_make(admin, "22.05");
	ck_assert_uint_eq(pass(0).incidents,
			  (size_t)oracle_count(admin, 1, INT64_MAX));
	unload();
}
END_TEST

/* What users may write, at its largest and worst, comes out as it went in. */
START_TEST(long_and_hostile_texts)
{
	autofree char *path = NULL;
	struct incident incident;
	struct stat st;
	struct job job;

	load("22.05", ALL_ROWS);
	database_do(admin, "DELETE FROM lab_job_table WHERE id_job <> 6");
	database_do(admin, "UPDATE lab_job_table SET job_name ="
			   " 0x1B5D303B6F776E656407FF22272C3D0A2D2D,"
			   " submit_line = CONCAT(REPEAT('x', 65000), '\\n;'),"
			   " work_dir = '/tmp/$(reboot)'");
	database_do(admin, "UPDATE lab_job_script_table SET batch_script ="
			   " CONCAT('#!/bin/sh\n', REPEAT(0xFFFE01, 1000000))");
	ck_assert_uint_eq(pass(0).incidents, 1);
	ck_assert_int_eq(store_incident(store, 1, &incident, &err), 1);
	ck_assert_str_eq(incident.job_name,
			 "\033]0;owned\007\xc3\xbf\"',=\n--");
	ck_assert_int_eq(job_from_json(incident.job, &job), 0);
	ck_assert_uint_eq(strlen(job.submit_line), 65002);
	ck_assert_str_eq(job.work_dir, "/tmp/$(reboot)");
	path = store_script_path(store, incident.script_sha256);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_size, 3000010);
	job_finish(&job);
	incident_finish(&incident);
	unload();
}
END_TEST

/* How many lines go to standard error in two passes that fail. */
static int lines_of_two(void)
{
	FILE *log = fopen(unit_path("log"), "w+");
	int saved = dup(STDERR_FILENO);
	int lines = 0;
	int c;

	ck_assert_ptr_nonnull(log);
	fflush(stderr);
	dup2(fileno(log), STDERR_FILENO);
	pass(-1);
	pass(-1);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(log);
	while ((c = fgetc(log)) != EOF)
		lines += c == '\n';
	fclose(log);
	return lines;
}

/* Another process writes to the store: the pass fails, nothing is lost. That it
 * failed, and that this cannot be noted, is said once. */
START_TEST(a_locked_store)
{
	sqlite3 *other;

	load("22.05", ALL_ROWS);
	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &other), SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
		SQLITE_OK);
	ck_assert_int_eq(lines_of_two(), 2);
	ck_assert_int_eq(err.kind, ERR_RETRY);
	sqlite3_close(other);
	oracle_make(admin, "22.05");
	ck_assert_uint_eq(pass(0).incidents,
			  (size_t)oracle_count(admin, 1, INT64_MAX));
	unload();
}
END_TEST

/* What a pass read is known, and when a sweep ended. */
START_TEST(a_pass_tells_what_it_cost)
{
	struct store_pass first, second;
	int64_t open, remembered;

	load("22.05", ALL_ROWS);
	ck_assert_int_eq(store_pass_get(store, "lab", &first, &err), 0);
	ck_assert_int_gt(pass(0).rows, 10);
	ck_assert_int_eq(store_pass_get(store, "lab", &first, &err), 1);
	ck_assert_int_gt(first.rows, 10);
	ck_assert_int_eq(first.all_rows, first.rows);
	ck_assert_int_eq(first.passes, 1);
	ck_assert_int_eq(first.swept, 0);
	watch_free(watch);
	run_on_store("UPDATE cluster SET sweep_next = 1");
	watch = watch_new(conf, store);
	pass(0);
	ck_assert_int_eq(store_pass_get(store, "lab", &second, &err), 1);
	ck_assert_int_eq(second.passes, 2);
	ck_assert_int_eq(second.all_rows, first.rows + second.rows);
	ck_assert_int_gt(second.swept, 0);
	/* A pass without a sweep leaves that as it was. */
	pass(0);
	ck_assert_int_eq(store_pass_get(store, "lab", &first, &err), 1);
	ck_assert_int_eq(first.swept, second.swept);
	ck_assert_int_eq(
		store_open_counts(store, "lab", &open, &remembered, &err), 0);
	ck_assert_int_ge(open, remembered);
	unload();
}
END_TEST

/* A copy of the store takes the file's place: the watcher must not go on
 * writing to the one that is gone. */
START_TEST(a_replaced_store)
{
	load("22.05", "");
	ck_assert(!store_has_moved(store));
	ck_assert_int_eq(rename(unit_path("s.db"), unit_path("old.db")), 0);
	ck_assert(store_has_moved(store));
	run_block_signals();
	ck_assert_int_eq(run_watch(&conf, store, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "was replaced or removed"));
	unload();
}
END_TEST

/* Nothing arrived for longer than the sweep looks back; then something does. */
START_TEST(a_long_silence_is_a_gap)
{
	load("22.05", "");
	pass(0);
	watch_free(watch);
	/* As if the watcher had looked all the while, and seen nothing. */
	run_on_store("UPDATE cluster SET heard = heard - 8 * 86400;"
		     "UPDATE coverage SET since = since - 9 * 86400");
	watch = watch_new(conf, store);
	pass(0);
	check_spans("lab", "watched ");
	database_do(admin, "UPDATE lab_job_table SET time_end ="
			   " (SELECT last FROM (SELECT MAX(time_end) + 5 last"
			   " FROM lab_job_table) m) WHERE id_job = 6");
	pass(0);
	check_spans("lab", "watched gap watched ");
	unload();
}
END_TEST

/* What the client library says of a server that is not there; its words
 * changed. */
static char *nonexistent_error(void)
{
	MYSQL *mysql = mysql_init(NULL);
	char *error;

	ck_assert_ptr_null(mysql_real_connect(mysql, NULL, "root", NULL, NULL,
					      0, "/nonexistent", 0));
	error = mem_strdup(mysql_error(mysql));
	mysql_close(mysql);
	return error;
}

/* The server is away: a gap, until it is back. */
START_TEST(no_database)
{
	autofree char *error = nonexistent_error();
	autofree char *expected =
		mem_printf("watched gap open:database lab_watch at "
			   "/nonexistent: %s ",
			   error);
	char *socket;

	load("22.05", "");
	pass(0);
	watch_free(watch);
	socket = conf->slurmdbd.socket;
	conf->slurmdbd.socket = mem_strdup("/nonexistent");
	watch = watch_new(conf, store);
	ck_assert_uint_eq(pass(-1).clusters, 0);
	ck_assert_int_eq(err.kind, ERR_RETRY);
	pass(-1);
	check_spans("lab", expected);
	free(conf->slurmdbd.socket);
	conf->slurmdbd.socket = socket;
	pass(0);
	check_spans("lab", "watched gap watched ");
	unload();
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("watch");

	tcase_add_loop_test(tcase, protected_wherever_they_are, 0,
			    LENGTH(database_versions));
	tcase_add_loop_test(tcase, what_the_rows_mean, 0,
			    LENGTH(database_versions));
	tcase_add_test(tcase, scripts_are_kept);
	tcase_add_test(tcase, a_task_is_counted_once);
	tcase_add_test(tcase, exempt_is_kept_apart);
	tcase_add_test(tcase, a_broken_cluster_fails_alone);
	tcase_add_test(tcase, a_cluster_is_added);
	tcase_add_test(tcase, protected_from_now_on);
	tcase_add_test(tcase, a_cut_connection);
	tcase_add_test(tcase, a_locked_table);
	tcase_add_test(tcase, a_row_changes_later);
	tcase_add_test(tcase, a_row_that_is_only_sent_again);
	tcase_add_test(tcase, a_job_is_deleted_while_it_is_open);
	tcase_add_test(tcase, long_and_hostile_texts);
	tcase_add_test(tcase, a_pass_fails_in_its_middle);
	tcase_add_test(tcase, a_locked_store);
	tcase_add_test(tcase, a_pass_tells_what_it_cost);
	tcase_add_test(tcase, a_replaced_store);
	tcase_add_test(tcase, a_long_silence_is_a_gap);
	tcase_add_test(tcase, no_database);
	return unit_run("watch", tcase);
}
