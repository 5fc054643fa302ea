/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "migration.h"
#include "schema/store.h"
#include "schema/store_witness.h"
#include "tests/unit.h"

#include <grp.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char word[] = "x";
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

static void begin(void)
{
	ck_assert_int_eq(store_begin(store, 100, &err), 0);
}

static void commit(void)
{
	ck_assert_int_eq(store_commit(store, &err), 0);
}

static struct incident an_incident(int64_t id_job, int64_t ended)
{
	static char cancelled[] = "cancelled";
	static char confirmed[] = "confirmed";
	static char critical[] = "critical,open";
	static char db_inx[] = "18446744073709551610";
	static char empty[] = "";

	return (struct incident){
		.cluster = word,
		.job_id = word,
		.job_db_inx = db_inx,
		.id_job = id_job,
		.root_id = 3,
		.uid = 1001,
		.user = word,
		.account = word,
		.partition = critical,
		.qos = word,
		.job_name = word,
		.kind = cancelled,
		.confidence = confirmed,
		.phase = word,
		.tasks = 1,
		.submitted = 50,
		.ended = ended,
		.detected = 70,
		.state = word,
		.reason = word,
		.exempt = empty,
		.found = word,
		.script_sha256 = empty,
		.job = word,
	};
}

static void add(int64_t id_job, int64_t ended, int64_t event_id, int is_new)
{
	struct incident incident = an_incident(id_job, ended);

	ck_assert_int_eq(store_incident_add(store, &incident, &err), is_new);
	ck_assert_int_eq(incident.event_id, event_id);
}

START_TEST(an_incident_is_recorded_once)
{
	struct store_known known;
	struct incident back;

	begin();
	add(3, 60, 1, 1);
	add(3, 60, 1, 0);
	add(3, 99, 1, 0); /* the same job, whatever its row says by now */
	ck_assert_int_eq(store_incident_of(store, "x", 3, 50, &known, &err), 1);
	ck_assert_int_eq(known.incident_id, 1);
	ck_assert_int_eq(store_incident_of(store, "x", 3, 51, &known, &err), 0);
	ck_assert_int_eq(store_incident(store, 1, &back, &err), 1);
	ck_assert_str_eq(back.job_db_inx, "18446744073709551610");
	ck_assert_int_eq(back.ended, 60);
	ck_assert_str_eq(back.restored_job_id, "");
	incident_finish(&back);
	ck_assert_int_eq(store_incident(store, 2, &back, &err), 0);
}
END_TEST

START_TEST(one_scancel_is_one_event)
{
	begin();
	add(3, 60, 1, 1);
	add(4, 60, 1, 1);
	add(5, 61, 1, 1); /* slurmctld took more than an instant */
	add(6, 63, 4, 1); /* another scancel */
}
END_TEST

static int count_incident(const struct incident *incident, void *arg)
{
	(void)incident;
	(*(int *)arg)++;
	return 0;
}

/* What a database says of a time may be any number. */
START_TEST(no_end_lets_all_through)
{
	struct store_filter filter = {.until = INT64_MAX};
	int n = 0;

	begin();
	add(3, 60, 1, 1);
	add(4, INT64_MAX, 2, 1);
	ck_assert_int_eq(
		store_incidents(store, &filter, count_incident, &n, &err), 0);
	ck_assert_int_eq(n, 2);
	filter.until = INT64_MAX - 1;
	n = 0;
	ck_assert_int_eq(
		store_incidents(store, &filter, count_incident, &n, &err), 0);
	ck_assert_int_eq(n, 1);
}
END_TEST

START_TEST(filters)
{
	static const struct {
		struct store_filter filter;
		int n;
	} cases[] = {
		{{.until = INT64_MAX}, 2},
		{{.since = 60, .until = 61}, 1},
		{{.since = 61, .until = INT64_MAX}, 1},
		{{.since = 60, .after = 1, .until = INT64_MAX}, 1},
		{{.since = 100, .after = 2, .until = INT64_MAX}, 0},
		{{.until = INT64_MAX, .newest = 1}, 1},
		{{.until = INT64_MAX, .exempt = true}, 3},
		{{.until = INT64_MAX, .partition = "open"}, 2},
		{{.until = INT64_MAX, .partition = "critical,other"}, 2},
		{{.until = INT64_MAX, .partition = "pen"}, 0},
		{{.until = INT64_MAX, .user = "y,1001"}, 2},
		{{.until = INT64_MAX, .user = "x"}, 2},
		{{.until = INT64_MAX, .user = "y"}, 0},
		{{.until = INT64_MAX, .cluster = "x", .kind = "moved"}, 0},
		{{.until = INT64_MAX, .account = "x", .open = true}, 2},
	};
	struct incident exempt = an_incident(9, 60);
	int i, n;

	begin();
	add(3, 60, 1, 1);
	add(4, 100, 2, 1);
	exempt.exempt = word;
	ck_assert_int_eq(store_incident_add(store, &exempt, &err), 1);
	for (i = 0; i < (int)LENGTH(cases); i++) {
		n = 0;
		ck_assert_int_eq(store_incidents(store, &cases[i].filter,
						 count_incident, &n, &err),
				 0);
		ck_assert_msg(n == cases[i].n, "case %d: %d", i, n);
	}
}
END_TEST

/* One more while each is read. */
static int write_meanwhile(const struct incident *incident, void *arg)
{
	int *n = arg;

	ck_assert_int_eq(incident->incident_id, ++*n);
	begin();
	add(100 + *n, 1000 * *n, 3 + *n, 1);
	commit();
	return 0;
}

START_TEST(readers_and_writers_are_not_in_the_way)
{
	static const struct store_filter all = {.until = INT64_MAX};
	struct store *reader = store_open_read(unit_path("s.db"), &err);
	int64_t newest;
	int n = 0;

	ck_assert_msg(reader != NULL, "%s", err.msg);
	ck_assert_int_eq(store_newest(reader, &newest, &err), 0);
	ck_assert_int_eq(newest, 0);
	begin();
	add(1, 60, 1, 1);
	add(2, 70, 2, 1);
	add(3, 80, 3, 1);
	commit();
	ck_assert_int_eq(
		store_incidents(reader, &all, write_meanwhile, &n, &err), 0);
	ck_assert_int_eq(n, 3);
	ck_assert_int_eq(store_newest(reader, &newest, &err), 0);
	ck_assert_int_eq(newest, 6);

	/* What is not committed is not there, and is not waited for. */
	begin();
	add(9, 9000, 7, 1);
	ck_assert_int_eq(store_newest(reader, &newest, &err), 0);
	ck_assert_int_eq(newest, 6);
	commit();
	ck_assert_int_eq(store_newest(reader, &newest, &err), 0);
	ck_assert_int_eq(newest, 7);
	store_close(reader);
}
END_TEST

START_TEST(open_jobs_are_unsigned)
{
	static const uint64_t in[] = {UINT64_MAX - 1, 1, UINT64_C(1) << 63, 7};
	static const uint64_t out[] = {1, UINT64_C(1) << 63, UINT64_MAX - 1};
	struct store_open_job job = {.job = word};
	struct store_open_job *jobs;
	size_t i, n;

	for (i = 0; i < LENGTH(in); i++) {
		job.job_db_inx = in[i];
		ck_assert_int_eq(store_open_job_put(store, "x", &job, &err), 0);
	}
	job.job = NULL;
	ck_assert_int_eq(store_open_job_put(store, "x", &job, &err), 0);
	ck_assert_int_eq(store_open_job_remove(store, "x", 7, &err), 0);
	ck_assert_int_eq(store_open_job_remove(store, "y", 1, &err), 0);
	ck_assert_int_eq(store_open_job_put(store, "x", &job, &err), 0);
	ck_assert_int_eq(store_open_job_remove(store, "x", 7, &err), 0);
	ck_assert_int_eq(store_open_jobs(store, "x", &jobs, &n, &err), 0);
	ck_assert_uint_eq(n, LENGTH(out));
	for (i = 0; i < n; i++) {
		ck_assert_uint_eq(jobs[i].job_db_inx, out[i]);
		ck_assert_str_eq(jobs[i].job, word);
		free(jobs[i].job);
	}
	free(jobs);
}
END_TEST

struct spans {
	char text[512];
};

static int note_span(const struct store_span *span, void *arg)
{
	struct spans *spans = arg;
	size_t len = strlen(spans->text);

	snprintf(spans->text + len, sizeof(spans->text) - len, "%s %d-%d %s; ",
		 span->how, (int)span->since, (int)span->until, span->reason);
	return 0;
}

static void check_spans(const char *expected)
{
	struct spans spans = {""};

	ck_assert_int_eq(
		store_spans(store, "x", 0, INT64_MAX, note_span, &spans, &err),
		0);
	ck_assert_str_eq(spans.text, expected);
}

static int note_entry(int64_t at_s, const char *kind, const char *content,
		      void *arg)
{
	ck_assert_int_eq(at_s, 77);
	ck_assert_str_eq(kind, "changed");
	ck_assert_str_eq(content, "row 2");
	(*(int *)arg)++;
	return 0;
}

START_TEST(entries_follow_an_incident)
{
	autofree char *before = NULL;
	autofree char *after = NULL;
	struct incident back;
	int n = 0;

	begin();
	add(3, 60, 1, 1);
	before = store_last_row(store, 1, &err);
	ck_assert_str_eq(before, word);
	ck_assert_int_eq(
		store_entry_add(store, 1, 77, "changed", "row 2", &err), 0);
	after = store_last_row(store, 1, &err);
	ck_assert_str_eq(after, "row 2");
	ck_assert_int_eq(store_entries(store, 1, note_entry, &n, &err), 0);
	ck_assert_int_eq(n, 1);
	/* The incident itself stays as it was. */
	ck_assert_int_eq(store_incident(store, 1, &back, &err), 1);
	ck_assert_str_eq(back.job, word);
	incident_finish(&back);
}
END_TEST

START_TEST(a_backfill_is_taken_up)
{
	struct store_backfill in = {100, 200, false, UINT64_MAX - 9};
	struct store_backfill out;

	begin();
	ck_assert_int_eq(store_backfill_get(store, "x", &out, &err), 0);
	ck_assert_int_eq(store_backfill_put(store, "x", &in, &err), 0);
	ck_assert_int_eq(store_backfill_get(store, "x", &out, &err), 1);
	ck_assert_uint_eq(out.at, UINT64_MAX - 9);
	ck_assert_int_eq(out.since, 100);
	ck_assert_int_eq(store_backfill_end(store, "x", &in, &err), 0);
	ck_assert_int_eq(store_backfill_get(store, "x", &out, &err), 0);
	check_spans("backfilled 100-200 ; ");
}
END_TEST

static void watched(int64_t since_s, int64_t now_s)
{
	ck_assert_int_eq(
		store_watched(store, "x", since_s, now_s, "; done", &err), 0);
}

static void gap(int64_t since_s, int64_t until_s, const char *reason)
{
	ck_assert_int_eq(store_gap(store, "x", since_s, until_s, reason, &err),
			 0);
}

START_TEST(coverage)
{
	begin();
	/* Never watched: there is nothing to have a gap in. */
	gap(0, 0, "why");
	check_spans("");
	watched(90, 100);
	watched(95, 105);
	check_spans("watched 90-105 ; ");
	/* The database's clock leaps back: what was watched stays so. */
	watched(40, 50);
	check_spans("watched 90-105 ; ");
	gap(0, 0, "away");
	gap(0, 0, "still away");
	check_spans("watched 90-105 ; gap 105-0 away; ");
	watched(110, 120);
	check_spans("watched 90-105 ; gap 105-120 away; done; "
		    "watched 120-120 ; ");
	gap(0, 900, "down");
	watched(890, 900);
	check_spans("watched 90-105 ; gap 105-120 away; done; "
		    "watched 120-120 ; gap 120-900 down; done; "
		    "watched 900-900 ; ");
}
END_TEST

/* What was taken for watched turns out not to have been. */
START_TEST(coverage_that_is_taken_back)
{
	begin();
	watched(90, 200);
	gap(150, 210, "silence");
	watched(190, 210);
	check_spans("watched 90-150 ; gap 150-210 silence; done; "
		    "watched 210-210 ; ");
	ck_assert_int_eq(store_lost(store, "x", 220, "job 5", "{}", &err), 0);
	watched(200, 230);
	check_spans("watched 90-150 ; gap 150-210 silence; done; "
		    "watched 210-230 ; lost 220-220 job 5; ");
}
END_TEST

static int add_witness_line(const struct store_witness_line *line, void *arg)
{
	char *said = arg;
	size_t len = strlen(said);

	snprintf(said + len, 200 - len, "%s %s %lld%s; ", line->act, line->job,
		 (long long)line->uid, line->doubtful ? " doubtful" : "");
	return 0;
}

static const char *witness_said(int64_t id_job, int64_t root_id, int64_t limit)
{
	static char said[200];

	said[0] = '\0';
	ck_assert_int_eq(store_witness_lines(store, "x", id_job, root_id, 90,
					     110, limit, add_witness_line, said,
					     &err),
			 0);
	return said;
}

START_TEST(what_the_log_says)
{
	struct store_witness_line line = {
		.at_s = 100,
		.act = "kill",
		.job = "3_1",
		.id_job = 3,
		.uid = 1001,
		.detail = "",
		.doubtful = true,
		.line = "a",
	};
	char *position;

	ck_assert_int_eq(store_witness_get(store, "x", &position, &err), 0);
	ck_assert_ptr_null(position);
	ck_assert_int_eq(store_witness_put(store, "x", "1", &err), 0);
	ck_assert_int_eq(store_witness_put(store, "x", "2", &err), 0);
	ck_assert_int_eq(store_witness_get(store, "x", &position, &err), 1);
	ck_assert_str_eq(position, "2");
	free(position);

	ck_assert_int_eq(store_witness_line_add(store, "x", &line, &err), 0);
	ck_assert_int_eq(store_witness_line_add(store, "y", &line, &err), 0);
	ck_assert_str_eq(witness_said(3, 3, 9), "kill 3_1 1001 doubtful; ");
	line.doubtful = false;
	ck_assert_int_eq(store_witness_line_add(store, "x", &line, &err), 0);
	line.doubtful = true;
	ck_assert_int_eq(store_witness_line_add(store, "x", &line, &err), 0);
	ck_assert_str_eq(witness_said(3, 3, 9), "kill 3_1 1001; ");
	line.job = "5";
	line.id_job = 5;
	line.at_s = 99;
	ck_assert_int_eq(store_witness_line_add(store, "x", &line, &err), 0);
	ck_assert_str_eq(witness_said(5, 3, 9),
			 "kill 3_1 1001; kill 5 1001 doubtful; ");
	ck_assert_str_eq(witness_said(5, 3, 1), "kill 3_1 1001; ");
	ck_assert_str_eq(witness_said(4, 4, 9), "");
	line.at_s = 111;
	ck_assert_int_eq(store_witness_line_add(store, "x", &line, &err), 0);
	ck_assert_int_eq(store_witness_prune(store, "x", 100, &err), 0);
	ck_assert_str_eq(witness_said(5, 3, 9), "kill 3_1 1001; ");
}
END_TEST

START_TEST(transactions)
{
	struct incident incident;

	begin();
	add(3, 60, 1, 1);
	store_rollback(store);
	store_rollback(store);
	ck_assert_int_eq(store_incident(store, 1, &incident, &err), 0);
	begin();
	add(3, 60, 1, 1);
	commit();
	ck_assert_int_eq(store_incident(store, 1, &incident, &err), 1);
	incident_finish(&incident);
}
END_TEST

START_TEST(second_watcher_is_refused)
{
	autofree char *expected =
		mem_printf("store %s: another watcher (pid %d) has it already",
			   unit_path("s.db"), (int)getpid());
	struct store *second;

	ck_assert_int_eq(store_lock(store, &err), 0);
	second = store_open(unit_path("s.db"), NULL, 100, &err);
	ck_assert_ptr_nonnull(second);
	ck_assert_int_eq(store_lock(second, &err), -1);
	ck_assert_int_eq(err.kind, ERR_STOP);
	ck_assert_str_eq(err.msg, expected);
	store_close(second);
	/* The lock goes with the process, not with the file. */
	store_close(store);
	store = store_open(unit_path("s.db"), NULL, 100, &err);
	ck_assert_int_eq(store_lock(store, &err), 0);
}
END_TEST

START_TEST(scripts)
{
	static const char script[] = "#!/bin/sh\n\0binary\xff";
	char sha256[65];
	autofree char *path = NULL;
	char back[64];
	struct stat st;
	FILE *file;

	ck_assert_int_eq(
		store_script_put(store, script, sizeof(script), sha256, &err),
		0);
	ck_assert_int_eq(
		store_script_put(store, script, sizeof(script), sha256, &err),
		0);
	path = store_script_path(store, sha256);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	file = fopen(path, "r");
	ck_assert_uint_eq(fread(back, 1, sizeof(back), file), sizeof(script));
	ck_assert_mem_eq(back, script, sizeof(script));
	fclose(file);
	ck_assert_int_eq(store_script_put(store, "abc", 3, sha256, &err), 0);
	ck_assert_str_eq(sha256, "ba7816bf8f01cfea414140de5dae2223"
				 "b00361a396177a9cb410ff61f20015ad");
}
END_TEST

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void refused(const char *path, const char *part, const char *hint)
{
	struct store *got = store_open(path, NULL, 100, &err);

	ck_assert_ptr_null(got);
	ck_assert_int_eq(err.kind, ERR_STOP);
	ck_assert_msg(strstr(err.msg, part) != NULL, "%s", err.msg);
	ck_assert_msg(strstr(err.hint, hint) != NULL, "%s", err.hint);
	ck_assert_ptr_null(store_open_read(path, &err));
	ck_assert_msg(strstr(err.msg, part) != NULL, "%s", err.msg);
}

static int user_version(const char *path)
{
	sqlite3_stmt *stmt;
	sqlite3 *db;
	int version;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL),
		SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	version = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return version;
}

START_TEST(what_is_not_a_store)
{
	autofree char *right =
		mem_printf("PRAGMA user_version = %d", MIGRATION_N);
	int version = user_version(unit_path("s.db"));
	autofree char *back = mem_printf("PRAGMA user_version = %d", version);
	FILE *file = fopen(unit_path("text"), "w");

	fputs("This is no database, and has been none for a while.\n", file);
	fclose(file);
	refused(unit_path("text"), "is no SQLite database", "a backup");
	run_sql(unit_path("other"), "CREATE TABLE t (x)");
	refused(unit_path("other"), "not a store of watcher", "[store] path");
	store_close(store);
	run_sql(unit_path("s.db"), "PRAGMA user_version = 99");
	refused(unit_path("s.db"), "has version 99, this program knows up to",
		"install the watcher that wrote it");
	run_sql(unit_path("s.db"), right);
	run_sql(unit_path("s.db"), back);
	store = store_open(unit_path("s.db"), NULL, 100, &err);
	ck_assert_ptr_nonnull(store);
}
END_TEST

START_TEST(folder_that_is_missing)
{
	ck_assert_ptr_null(store_open(unit_path("no/s.db"), NULL, 100, &err));
	ck_assert_ptr_nonnull(strstr(err.msg, "No such file"));
	ck_assert_ptr_null(store_open_read(unit_path("no.db"), &err));
	ck_assert_ptr_nonnull(strstr(err.hint, "watcher once"));
}
END_TEST

static int count_others(const struct store_others *others, void *arg)
{
	(void)others;
	(void)arg;
	return 0;
}

/* It is said where it is wanted. */
START_TEST(a_table_is_missing)
{
	static const struct store_filter all = {.until = INT64_MAX};
	struct store *reader;
	int n = 0;

	run_sql(unit_path("s.db"), "DROP TABLE not_owner");
	reader = store_open_read(unit_path("s.db"), &err);
	ck_assert_msg(reader != NULL, "%s", err.msg);
	ck_assert_int_eq(
		store_incidents(reader, &all, count_incident, &n, &err), 0);
	ck_assert_int_eq(
		store_not_owner_counts(reader, &all, count_others, NULL, &err),
		-1);
	ck_assert_ptr_nonnull(strstr(err.msg, "no such table: not_owner"));
	store_close(reader);
}
END_TEST

/* Runs as a user who may write nothing, in a child: 0 if it could read the
 * incident. */
static int read_as_nobody(const char *path)
{
	struct incident incident = {0};
	struct store *reader;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (setgroups(0, NULL) < 0 || setgid(65534) < 0 ||
		    setuid(65534) < 0)
			_exit(9);
		reader = store_open_read(path, &err);
		if (!reader) {
			fprintf(stderr, "%s\n", err.msg);
			_exit(1);
		}
		status =
			store_incident(reader, 1, &incident, &err) == 1 ? 0 : 2;
		incident_finish(&incident);
		store_close(reader);
		_exit(status);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

/* An auditor's account, with the watcher at work and stopped. */
START_TEST(reader_needs_no_write_permission)
{
	const char *path = unit_path("s.db");

	if (getuid() != 0)
		return;
	begin();
	add(3, 60, 1, 1);
	commit();
	ck_assert_int_eq(chmod(unit_dir, 0755), 0);
	ck_assert_int_eq(chmod(path, 0644), 0);
	ck_assert_int_eq(chmod(unit_path("s.db-wal"), 0644), 0);
	ck_assert_int_eq(chmod(unit_path("s.db-shm"), 0644), 0);
	ck_assert_int_eq(read_as_nobody(path), 0);
	store_close(store);
	ck_assert_int_eq(read_as_nobody(path), 0);
	store = store_open(path, NULL, 100, &err);
	begin();
	add(4, 100, 2, 1);
	commit();
	ck_assert_int_eq(read_as_nobody(path), 0);
}
END_TEST

/* As .backup makes one, in a folder whose name a URI would misread. */
START_TEST(reader_of_a_copy_needs_none_either)
{
	const char *folder = unit_path("50%20 of #1?immutable=0");
	autofree char *path = mem_printf("%s/s.db", folder);
	autofree char *wal = mem_printf("%s-wal", path);
	autofree char *copy = mem_printf("VACUUM INTO '%s'", path);
	FILE *file;

	if (getuid() != 0)
		return;
	begin();
	add(3, 60, 1, 1);
	commit();
	ck_assert_int_eq(chmod(unit_dir, 0755), 0);
	ck_assert_int_eq(mkdir(folder, 0755), 0);
	run_sql(unit_path("s.db"), copy);
	run_sql(path, "PRAGMA journal_mode = WAL");
	ck_assert_int_eq(access(wal, F_OK), -1);
	ck_assert_int_eq(read_as_nobody(path), 0);
	ck_assert_int_eq(symlink(path, unit_path("link")), 0);
	ck_assert_int_eq(read_as_nobody(unit_path("link")), 0);

	/* What a -wal file holds is not left out. */
	file = fopen(wal, "w");
	fputs("newer", file);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(read_as_nobody(path), 1);
}
END_TEST

START_TEST(modes)
{
	struct stat st;

	ck_assert_int_eq(stat(unit_path("s.db"), &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0640);
	ck_assert_int_eq(stat(unit_path("s.db-wal"), &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0640);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("store");

	umask(0022);
	tcase_add_checked_fixture(tcase, open_store, close_store);
	tcase_add_test(tcase, an_incident_is_recorded_once);
	tcase_add_test(tcase, one_scancel_is_one_event);
	tcase_add_test(tcase, no_end_lets_all_through);
	tcase_add_test(tcase, filters);
	tcase_add_test(tcase, readers_and_writers_are_not_in_the_way);
	tcase_add_test(tcase, open_jobs_are_unsigned);
	tcase_add_test(tcase, entries_follow_an_incident);
	tcase_add_test(tcase, a_backfill_is_taken_up);
	tcase_add_test(tcase, coverage);
	tcase_add_test(tcase, coverage_that_is_taken_back);
	tcase_add_test(tcase, what_the_log_says);
	tcase_add_test(tcase, transactions);
	tcase_add_test(tcase, second_watcher_is_refused);
	tcase_add_test(tcase, scripts);
	tcase_add_test(tcase, what_is_not_a_store);
	tcase_add_test(tcase, folder_that_is_missing);
	tcase_add_test(tcase, a_table_is_missing);
	tcase_add_test(tcase, reader_needs_no_write_permission);
	tcase_add_test(tcase, reader_of_a_copy_needs_none_either);
	tcase_add_test(tcase, modes);
	return unit_run("store", tcase);
}
