/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The status of stores and locks as they may be found, in each of its forms:
 * compared with tests/cli/golden. With WATCHER_UPDATE=yes that is written anew;
 * read what changed before it is committed. */
#include "lib/mem.h"
#include "lib/text.h"
#include "schema/store_prune.h"
#include "schema/store_restoration.h"
#include "tests/unit.h"
#include "watcher/metrics.h"
#include "watcher/status.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define NOW 1732270000
#define NOW_MS 500000

static struct conf conf;
static struct store *store;
static struct store_life life;
static struct status status;
static struct err err;

/* A watcher that has just passed over two clusters; all else is said by the
 * tests. */
static const char rows[] =
	"INSERT INTO cluster VALUES"
	" ('alpha', 1732268900, 1732269500, 1732269998, 1732269900, 1732272000,"
	" 0), ('beta', 1732269400, 1732270000, 1732269998, 1732269998,"
	" 1732269000, 1732000000);"
	"INSERT INTO pass VALUES"
	" ('alpha', 1042, 12, 1732268400, 7000, 7300000, 84000),"
	" ('beta', 3, 1, 0, 2, 5, 2);"
	"INSERT INTO open_job VALUES ('alpha', 1, ''), ('alpha', 2, '{}'),"
	" ('alpha', 3, '{}');"
	"INSERT INTO alert (channel, what, event_id, about, at, next) VALUES"
	" ('mail', 'event', 1, 0, 1732269000, 1732270100),"
	" ('mail', 'event', 2, 0, 1732269500, 1732270100),"
	" ('hook', 'event', 1, 0, 1732269000, 1732270100),"
	" ('hook', 'event', 2, 0, 1732269000, 1732270100);"
	"UPDATE alert SET state = 'given-up'"
	" WHERE channel = 'hook' AND event_id = 1;"
	"UPDATE alert SET state = 'delivered'"
	" WHERE channel = 'hook' AND event_id = 2;";

static void run_sql(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
		      "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* An incident of each number, of one root or of its own. */
static void add_incident(int64_t id, int64_t root, const char *cluster,
			 const char *partition, const char *confidence,
			 int64_t tasks, const char *exempt)
{
	static char words[][16] = {"u", "a",         "",        "q",
				   "j", "cancelled", "running", "CANCELLED",
				   "r", "open",      "{}"};
	char *where[] = {mem_strdup(cluster), mem_strdup(partition),
			 mem_strdup(confidence), mem_strdup(exempt),
			 mem_printf("%lld", (long long)id)};
	struct incident incident = {
		.cluster = where[0],
		.job_id = where[4],
		.job_db_inx = where[4],
		.id_job = id,
		.root_id = root,
		.part = words[2],
		.user = words[0],
		.uid = 1001,
		.account = words[1],
		.partition = where[1],
		.section = words[2],
		.qos = words[3],
		.job_name = words[4],
		.kind = words[5],
		.confidence = where[2],
		.phase = words[6],
		.tasks = tasks,
		.submitted = 1,
		.started = 1,
		.ended = 100,
		.detected = 100,
		.state = words[7],
		.reason = words[8],
		.causes = words[2],
		.exempt = where[3],
		.found = words[9],
		.script_sha256 = words[2],
		.job = words[10],
	};
	size_t i;

	ck_assert_msg(store_incident_add(store, &incident, &err) == 1, "%s",
		      err.msg);
	ck_assert_int_eq(incident.incident_id, id);
	for (i = 0; i < LENGTH(where); i++)
		free(where[i]);
}

static void begin(void)
{
	ck_assert_int_eq(store_begin(store, NOW, &err), 0);
}

static void commit(void)
{
	ck_assert_msg(store_commit(store, &err) == 0, "%s", err.msg);
}

static void add_incidents(void)
{
	const struct store_return back = {
		.how = "requeued", .job_id = "1", .id_job = 1};

	begin();
	add_incident(1, 1, "alpha", "critical", "confirmed", 1, "");
	add_incident(2, 1, "alpha", "critical", "confirmed", 9, "");
	add_incident(3, 3, "alpha", "open,critical", "suspected", 1, "");
	add_incident(4, 4, "alpha", "critical,open", "suspected", 1, "");
	add_incident(5, 5, "beta", "critical", "confirmed", 1, "grace = 1m");
	add_incident(6, 6, "beta", "critical", "suspected", 1, "");
	add_incident(7, 7, "beta", "critical", "confirmed", 1, "");
	ck_assert_int_eq(store_restored(store, 1, 5, &back, &err), 1);
	/* It is restored once. */
	ck_assert_int_eq(store_restored(store, 1, 6, &back, &err), 0);
	ck_assert_int_eq(
		store_correct(store, 3, 5, CORRECTION_CONFIRMED, "w", &err), 0);
	ck_assert_int_eq(
		store_correct(store, 6, 5, CORRECTION_CLEARED, "w", &err), 0);
	ck_assert_int_eq(store_claim(store, 7, 5, "requeued", "{}", &err), 0);
	commit();
}

/* Gaps and lost jobs, as passes tell of them. */
static void add_spans(void)
{
	begin();
	ck_assert_int_eq(
		store_watched(store, "alpha", 1731000000, 1732100000, "", &err),
		0);
	ck_assert_int_eq(store_gap(store, "alpha", 0, 1732100120, "away", &err),
			 0);
	ck_assert_int_eq(store_watched(store, "alpha", 0, 1732200000, "", &err),
			 0);
	ck_assert_int_eq(store_gap(store, "alpha", 0, 0, "away again", &err),
			 0);
	ck_assert_int_eq(store_watched(store, "alpha", 0, 1732200060, "", &err),
			 0);
	ck_assert_int_eq(store_watched(store, "alpha", 0, 1732269998, "", &err),
			 0);
	ck_assert_int_eq(
		store_lost(store, "beta", 1732269000, "gone", "{}", &err), 0);
	ck_assert_int_eq(
		store_watched(store, "beta", 1732260000, 1732269998, "", &err),
		0);
	commit();
}

static void fill(void)
{
	run_sql(rows);
	add_spans();
}

static void set_up(void)
{
	static char path[] = "/var/lib/watcher/incidents.db";
	static char nothing[] = "";
	static char syslog[] = "syslog";
	static struct conf_channel channels[] = {{.name = syslog}};

	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	unit_make_dir();
	store = store_open(unit_path("s.db"), NULL, NOW - 100, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
	conf = (struct conf){
		.slurmdbd.timeout_s = 10,
		.slurm.timeout_s = 10,
		.watch.poll_s = 5,
		.watch.overlap_s = 600,
		.store.path = path,
		.restore.stop_file = nothing,
		.channels = channels,
		.n_channels = 1,
	};
	text_list_split(&conf.slurmdbd.clusters, "all");
	life = (struct store_life){
		.runs = true,
		.pid = 4711,
		.known = true,
		.written_pid = 4711,
		.version = WATCHER_VERSION,
		.command = "run",
		.started_s = NOW - 963,
		.alive_s = NOW - 2,
		.alive_ms = NOW_MS - 1900,
		.due_ms = NOW_MS + 3100,
		.begun_s = NOW - 2,
		.begun_ms = NOW_MS - 1913,
		.ended_s = NOW - 2,
		.took_ms = 13,
		.rows = 1045,
		.passes = 190,
		.clusters = 2,
		.incidents = 7,
	};
}

static void tear_down(void)
{
	status_finish(&status);
	text_list_free(&conf.slurmdbd.clusters);
	store_close(store);
	unit_remove_dir();
}

static enum status_state read_status(void)
{
	status_finish(&status);
	ck_assert_msg(status_read(&status, &conf, store, &life, NOW, NOW_MS,
				  &err) == 0,
		      "%s", err.msg);
	return status.state;
}

/* What differs from store to store, and from version to version. */
static void make_steady(void)
{
	memset(status.head.hash, 'a', sizeof(status.head.hash) - 1);
	status.head.entries = 1234;
	status.head.at_s = NOW - 2;
	status.head.told_s = NOW - 1000;
	status.bytes = 1300000;
	status.wal_bytes = 4194304;
	status.version = 8;
}

static char *printed(void (*print)(const struct status *, FILE *))
{
	autofree char *text = NULL;
	struct text steady = {0};
	const char *s, *version;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(out);
	print(&status, out);
	fclose(out);
	for (s = text; (version = strstr(s, WATCHER_VERSION));
	     s = version + strlen(WATCHER_VERSION)) {
		text_add_bytes(&steady, s, (size_t)(version - s));
		text_add(&steady, "VERSION");
	}
	text_add(&steady, s);
	return text_take(&steady);
}

static char *read_file(const char *path)
{
	struct text text = {0};
	FILE *file = fopen(path, "r");
	char buf[4096];
	size_t n;

	while (file && (n = fread(buf, 1, sizeof(buf), file)) > 0)
		text_add_bytes(&text, buf, n);
	if (file)
		fclose(file);
	return text_take(&text);
}

static void compare(const char *name,
		    void (*print)(const struct status *, FILE *))
{
	autofree char *path = mem_printf("%s/tests/cli/golden/%s",
					 getenv("WATCHER_SOURCE_ROOT"), name);
	autofree char *found = printed(print);
	autofree char *wanted = NULL;
	FILE *file = getenv("WATCHER_UPDATE") ? fopen(path, "w") : NULL;

	if (file) {
		fputs(found, file);
		fclose(file);
	}
	wanted = read_file(path);
	ck_assert_msg(strcmp(found, wanted) == 0, "%s: wanted\n%s\nfound\n%s",
		      name, wanted, found);
}

START_TEST(in_each_form)
{
	fill();
	add_incidents();
	ck_assert_int_eq(read_status(), STATUS_IN_TIME);
	ck_assert_int_eq(status_exit_code(&status), 0);
	make_steady();
	compare("status.txt", status_print_text);
	compare("status.json", status_print_json);
	compare("status.prom", metrics_print);
}
END_TEST

/* A store that nobody ever watched, and no lock. */
START_TEST(of_nobody)
{
	life = (struct store_life){0};
	ck_assert_int_eq(read_status(), STATUS_STOPPED);
	ck_assert_int_eq(status_exit_code(&status), 3);
	make_steady();
	compare("status-never.txt", status_print_text);
}
END_TEST

START_TEST(when_stopped)
{
	fill();
	life.runs = false;
	life.pid = 0;
	life.stopped_s = NOW - 60;
	ck_assert_int_eq(read_status(), STATUS_STOPPED);
	ck_assert_str_eq(status.why,
			 "`watcher run` ended at 2024-11-22T11:05:40+01:00");
	life.stopped_s = 0;
	ck_assert_int_eq(read_status(), STATUS_STOPPED);
	ck_assert_str_eq(status.why,
			 "`watcher run` (pid 4711) ended without a word, after "
			 "2024-11-22T11:06:38+01:00");
	ck_assert_int_eq(status_exit_code(&status), 3);
}
END_TEST

/* 30 s are what the servers may take, and ten more. */
START_TEST(when_it_hangs)
{
	fill();
	life.alive_ms = NOW_MS - 90000;
	life.due_ms = NOW_MS - 29000;
	ck_assert_int_ne(read_status(), STATUS_HUNG);
	life.due_ms = NOW_MS - 30000;
	ck_assert_int_eq(read_status(), STATUS_HUNG);
	ck_assert_str_eq(status.why, "no sign of life for 00:01:30");
	ck_assert_int_eq(status_exit_code(&status), 4);
	/* It is in a pass. */
	life.due_ms = 0;
	ck_assert_int_eq(read_status(), STATUS_HUNG);
	life.alive_ms = NOW_MS - 29000;
	ck_assert_int_ne(read_status(), STATUS_HUNG);
	/* A long poll is no silence. */
	life.alive_ms = NOW_MS - 900000;
	life.due_ms = NOW_MS + 900000;
	ck_assert_int_ne(read_status(), STATUS_HUNG);
}
END_TEST

START_TEST(when_behind)
{
	fill();
	run_sql("UPDATE cluster SET last_pass = last_pass - 33"
		" WHERE name = 'beta'");
	life.failed = 1;
	ck_assert_int_eq(read_status(), STATUS_IN_TIME);
	run_sql("UPDATE cluster SET last_pass = last_pass - 1"
		" WHERE name = 'beta'");
	ck_assert_int_eq(read_status(), STATUS_BEHIND);
	ck_assert_str_eq(status.why,
			 "cluster beta: the last pass was 00:00:36 ago");
	ck_assert_int_eq(status_exit_code(&status), 4);
	run_sql("UPDATE cluster SET last_pass = 1732269998,"
		" position = position - 60 WHERE name = 'beta'");
	ck_assert_int_eq(read_status(), STATUS_BEHIND);
	ck_assert_str_eq(status.why,
			 "cluster beta: catching up, with 00:01:00 to go");
	run_sql("INSERT INTO coverage (cluster, since, until, how, reason)"
		" VALUES ('alpha', 1732269998, 0, 'gap',"
		" 'Table ''x'' is \x1b[31mgone')");
	ck_assert_int_eq(read_status(), STATUS_BEHIND);
	make_steady();
	compare("status-gap.txt", status_print_text);
}
END_TEST

START_TEST(when_nothing_is_watched)
{
	snprintf(life.trouble, sizeof(life.trouble), "database: Can't connect");
	ck_assert_int_eq(read_status(), STATUS_BEHIND);
	ck_assert_str_eq(status.why, "database: Can't connect");
	life.trouble[0] = '\0';
	ck_assert_int_eq(read_status(), STATUS_BEHIND);
	ck_assert_str_eq(status.why, "no cluster is watched");
}
END_TEST

/* Of a cluster that slurmdbd or the configuration names no more. */
START_TEST(without_what_is_left_out)
{
	fill();
	run_sql("UPDATE cluster SET last_pass = last_pass - 1000"
		" WHERE name = 'beta'");
	ck_assert_int_eq(read_status(), STATUS_IN_TIME);
	ck_assert(status.clusters[1].left_out);
	life.failed = 1;
	ck_assert_int_eq(read_status(), STATUS_BEHIND);
	text_list_free(&conf.slurmdbd.clusters);
	text_list_split(&conf.slurmdbd.clusters, "alpha");
	ck_assert_int_eq(read_status(), STATUS_IN_TIME);
	ck_assert(status.clusters[1].left_out);
}
END_TEST

/* The first pass over a database in which no job has ended yet. */
START_TEST(of_a_new_cluster)
{
	autofree char *found = NULL;

	fill();
	run_sql("UPDATE cluster SET last_end = 0, heard = 0");
	read_status();
	found = printed(status_print_text);
	ck_assert_ptr_nonnull(
		strstr(found, "  lag         00:00:02; no end of a job so far, "
			      "nothing new so far\n"));
	ck_assert_ptr_null(strstr(found, "newest end"));
}
END_TEST

/* Names that only a database admin could make so. */
START_TEST(of_hostile_names)
{
	run_sql("INSERT INTO cluster VALUES"
		" ('a\"b\\c\nd\xff{}\x1b[31m', 1, 1, 1732269998, 1,"
		" 1, 0)");
	run_sql("INSERT INTO tally VALUES ('incident',"
		" 'x\"} 1\nwatcher_build_info 7\n#', '\\', '\n', '\"', 3)");
	read_status();
	make_steady();
	compare("status-hostile.txt", status_print_text);
	compare("status-hostile.json", status_print_json);
	compare("status-hostile.prom", metrics_print);
}
END_TEST

/* Whether what is counted is what there is: counts.inc is the test's own, too.
 */
static void check_tally(void)
{
	autofree char *path = mem_printf("%s/schema/query/counts.inc",
					 getenv("WATCHER_SOURCE_ROOT"));
	autofree char *counts = read_file(path);
	autofree char *sql = mem_printf(
		"SELECT count(*) FROM (SELECT what, cluster, '', kind,"
		" confidence, count(*) FROM %s GROUP BY 1, 2, 3, 4, 5"
		" EXCEPT SELECT * FROM tally)",
		counts);
	sqlite3_stmt *stmt;
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK,
		      "%s", sqlite3_errmsg(db));
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	ck_assert_int_eq(sqlite3_column_int64(stmt, 0), 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

/* Counts are those of what there is, after all that can happen to it. */
START_TEST(counted_as_it_changes)
{
	struct store_prune prune = {.before_s = 101, .by = "root"};

	add_incidents();
	begin();
	ck_assert_int_eq(store_acknowledge(store, 1, 9, "root", "w", &err), 1);
	ck_assert_int_eq(store_acknowledge(store, 4, 9, "root", "w", &err), 1);
	ck_assert_int_eq(store_acknowledge(store, 4, 9, "root", "w", &err), 0);
	commit();
	read_status();
	ck_assert_int_eq(status_count(&status, "open", NULL, NULL), 3);
	begin();
	ck_assert_int_eq(store_unacknowledge(store, 4, 9, "root", "w", &err),
			 1);
	ck_assert_int_eq(
		store_correct(store, 3, 9, CORRECTION_ALIVE, "w", &err), 0);
	commit();
	read_status();
	ck_assert_int_eq(status_count(&status, "open", NULL, NULL), 3);
	check_tally();
	/* What is pruned is open no more, and was recorded all the same. */
	begin();
	ck_assert_msg(store_prune(store, &prune, &err) == 0, "%s", err.msg);
	ck_assert_int_eq(prune.incidents, 7);
	commit();
	read_status();
	ck_assert_int_eq(status_count(&status, "open", NULL, NULL), 0);
	ck_assert_int_eq(status_count(&status, "corrected", NULL, NULL), 0);
	ck_assert_int_eq(status_count(&status, "incident", NULL, NULL), 6);
	ck_assert_int_eq(status_count(&status, "job", "alpha", "confirmed"),
			 10);
	ck_assert_int_eq(status_count(&status, "restored", "alpha", NULL), 1);
}
END_TEST

/* --- The lock ------------------------------------------------------------- */

/* A process that has the lock until it is killed. */
static pid_t hold_lock(const struct store_life *facts)
{
	pid_t pid;
	int fds[2];
	char c;

	ck_assert_int_eq(pipe(fds), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct store *own =
			store_open(unit_path("s.db"), NULL, NOW, &err);

		if (!own || store_lock(own, &err) < 0)
			_exit(1);
		if (facts)
			store_life_put(own, facts);
		if (write(fds[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(fds[1]);
	ck_assert_int_eq(read(fds[0], &c, 1), 1);
	close(fds[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

START_TEST(by_the_lock)
{
	struct store_life found;
	struct store_life facts = life;
	pid_t pid;

	ck_assert_int_eq(store_life(unit_path("s.db"), &found, &err), 0);
	ck_assert(!found.runs);
	memset(facts.trouble, 't', sizeof(facts.trouble) - 1);
	pid = hold_lock(&facts);
	ck_assert_int_eq(store_life(unit_path("s.db"), &found, &err), 1);
	ck_assert(found.runs);
	ck_assert(found.known);
	ck_assert_int_eq(found.pid, pid);
	ck_assert_str_eq(found.command, "run");
	ck_assert_int_eq(found.alive_ms, facts.alive_ms);
	ck_assert_str_eq(found.trouble, facts.trouble);
	/* To ask keeps nobody out, and does not let anybody in. */
	ck_assert_int_eq(store_lock(store, &err), -1);
	end(pid);
	ck_assert_int_eq(store_life(unit_path("s.db"), &found, &err), 1);
	ck_assert(!found.runs);
	ck_assert_int_eq(found.written_pid, pid);
	ck_assert_int_eq(found.started_s, facts.started_s);
}
END_TEST

static void write_lock(const char *text)
{
	FILE *file = fopen(unit_path("s.db.lock"), "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

/* The pid of a process that runs, and has no lock: it was used again. */
START_TEST(of_a_pid_used_again)
{
	autofree char *text = mem_printf("%ld\n", (long)getppid());
	struct store_life found;

	write_lock(text);
	ck_assert_int_eq(store_life(unit_path("s.db"), &found, &err), 1);
	ck_assert(!found.runs);
	ck_assert(found.known);
	ck_assert_int_eq(found.written_pid, getppid());
}
END_TEST

/* As it was written halfway, or by somebody else. */
START_TEST(of_a_torn_record)
{
	static const char *const texts[] = {
		"",
		"12\nversion=1\nsum=0000",
		"12\nversion=1\nnonsense\nsum=1234abcd\n",
		"\nsum=",
		"12\nrows=99999999999999999999\n=\nsum=zz\n",
	};
	struct store_life found;

	write_lock(texts[_i]);
	ck_assert_int_eq(store_life(unit_path("s.db"), &found, &err), 1);
	ck_assert(!found.runs);
	ck_assert(!found.known);
}
END_TEST

/* --- The file of metrics -------------------------------------------------- */

START_TEST(written_whole)
{
	struct metrics beat = {0};
	autofree char *path = mem_strdup(unit_path("w.prom"));
	struct stat before, after;

	conf.metrics.textfile = path;
	conf.metrics.every_s = 3600;
	umask(077);
	metrics_tell(&beat, &conf, store, &life);
	ck_assert_int_eq(stat(path, &before), 0);
	ck_assert_int_eq(before.st_mode & 07777, 0644);
	ck_assert_int_eq(access(unit_path("w.prom.new"), F_OK), -1);
	/* Not again before its time. */
	metrics_tell(&beat, &conf, store, &life);
	ck_assert_int_eq(stat(path, &after), 0);
	ck_assert_uint_eq(after.st_ino, before.st_ino);
	/* Another's link in the way is removed, not followed. */
	fill();
	ck_assert_int_eq(symlink("s.db.lock", unit_path("w.prom.new")), 0);
	ck_assert_int_eq(metrics_write(path, &status, &err), 0);
	ck_assert_int_eq(access(unit_path("s.db.lock"), F_OK), -1);
	metrics_finish(&beat);
}
END_TEST

START_TEST(not_written)
{
	autofree char *path = mem_strdup(unit_path("none/w.prom"));
	struct metrics beat = {0};
	struct stat there;

	conf.metrics.textfile = path;
	metrics_tell(&beat, &conf, store, &life);
	ck_assert_ptr_nonnull(beat.trouble);
	ck_assert_ptr_nonnull(strstr(beat.trouble, "No such file"));
	ck_assert_int_eq(mkdir(unit_path("none"), 0755), 0);
	metrics_tell(&beat, &conf, store, &life);
	ck_assert_ptr_null(beat.trouble);
	/* The folder itself is in the way, and stays. */
	ck_assert_int_eq(metrics_write(unit_path("none"), &status, &err), -1);
	ck_assert_int_eq(access(path, F_OK), 0);
	ck_assert_int_eq(access(unit_path("none.new"), F_OK), -1);
	/* So does what is no file, as /dev/null, which root could replace. */
	ck_assert_int_eq(mkfifo(unit_path("pipe"), 0600), 0);
	ck_assert_int_eq(metrics_write(unit_path("pipe"), &status, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "is no file"));
	ck_assert_int_eq(lstat(unit_path("pipe"), &there), 0);
	ck_assert(S_ISFIFO(there.st_mode));
	metrics_finish(&beat);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("status");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, in_each_form);
	tcase_add_test(tcase, of_nobody);
	tcase_add_test(tcase, when_stopped);
	tcase_add_test(tcase, when_it_hangs);
	tcase_add_test(tcase, when_behind);
	tcase_add_test(tcase, when_nothing_is_watched);
	tcase_add_test(tcase, without_what_is_left_out);
	tcase_add_test(tcase, of_a_new_cluster);
	tcase_add_test(tcase, of_hostile_names);
	tcase_add_test(tcase, counted_as_it_changes);
	tcase_add_test(tcase, by_the_lock);
	tcase_add_test(tcase, of_a_pid_used_again);
	tcase_add_loop_test(tcase, of_a_torn_record, 0, 5);
	tcase_add_test(tcase, written_whole);
	tcase_add_test(tcase, not_written);
	return unit_run("status", tcase);
}
