/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a site may keep no longer goes for good, and what it has not to forget
 * stays. */
#include "lib/mem.h"
#include "schema/store.h"
#include "schema/store_alert.h"
#include "schema/store_prune.h"
#include "tests/unit.h"

#include <sqlite3.h>
#include <sys/stat.h>

/* In whatever is to go, and in nothing else. */
#define SECRET "Hildegard"

static char word[] = "x";
static char empty[] = "";
static char secret[] = SECRET;
static struct store *store;
static struct err err;

static void begin(void)
{
	ck_assert_msg(store_begin(store, 5000, &err) == 0, "%s", err.msg);
}

static void commit(void)
{
	ck_assert_msg(store_commit(store, &err) == 0, "%s", err.msg);
}

static void open_store(void)
{
	unit_make_dir();
	store = store_open(unit_path("s.db"), NULL, 100, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
	begin();
}

static void close_store(void)
{
	store_close(store);
	unit_remove_dir();
}

/* 1, or 0 where it is known or pruned. */
static int add(int64_t id_job, int64_t ended, char *user, char *script)
{
	static char confirmed[] = "confirmed";
	struct incident incident = {
		.cluster = word,
		.job_id = user,
		.job_db_inx = word,
		.id_job = id_job,
		.root_id = id_job,
		.part = empty,
		.uid = 1001,
		.user = user,
		.account = word,
		.partition = word,
		.section = empty,
		.qos = word,
		.job_name = user,
		.kind = word,
		.confidence = confirmed,
		.phase = word,
		.tasks = 1,
		.submitted = 10,
		.ended = ended,
		.detected = ended + 1,
		.state = word,
		.reason = user,
		.causes = empty,
		.exempt = empty,
		.found = word,
		.script_sha256 = script ? script : empty,
		.job = user,
	};
	int rc = store_incident_add(store, &incident, &err);

	ck_assert_msg(rc >= 0, "%s", err.msg);
	if (rc == 1)
		ck_assert_int_eq(store_entry_add(store, incident.incident_id,
						 ended + 2, "changed", user,
						 &err),
				 0);
	return rc;
}

static void add_other(int64_t id_job, int64_t ended, const char *why)
{
	const struct store_not_owner seen = {
		.cluster = "x",
		.id_job = id_job,
		.submitted = 10,
		.ended = ended,
		.partition = "x",
		.uid = 0,
		.tasks = 1,
		.why = why,
	};

	ck_assert_int_eq(store_not_owner_add(store, &seen, &err), 0);
}

static void add_lost(int64_t at_s, const char *job)
{
	ck_assert_int_eq(store_lost(store, "x", at_s, "gone", job, &err), 0);
}

static struct store_prune prune_before(int64_t before_s)
{
	struct store_prune prune = {.before_s = before_s, .by = "anna"};

	ck_assert_msg(store_prune(store, &prune, &err) == 0, "%s", err.msg);
	return prune;
}

/* Whether a file of the store holds the bytes. */
static bool holds(const char *name, const char *bytes)
{
	FILE *file = fopen(unit_path(name), "r");
	size_t n = strlen(bytes), matched = 0;
	int c;

	if (!file)
		return false;
	while (matched < n && (c = fgetc(file)) != EOF)
		matched = c == bytes[matched] ? matched + 1 : c == bytes[0];
	fclose(file);
	return matched == n;
}

/* One number that the statement answers. */
static int64_t number(const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;
	int64_t value;

	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

/* A channel was told of the event, or was not: of what failed it may keep who
 * it was. */
static void add_alert(int64_t event_id)
{
	const struct store_alert alert = {.event_id = event_id};

	ck_assert_int_eq(store_alert_add(store, "ops", &alert, &err), 1);
}

static void fail_alert(int64_t alert_id, const char *trouble)
{
	const struct store_alert alert = {.alert_id = alert_id};
	const struct store_alert_tried tried = {.trouble = trouble};

	ck_assert_int_eq(store_alert_tried(store, &alert, 1, 0, &tried, &err),
			 0);
}

static void add_some(void)
{
	ck_assert_int_eq(add(1, 1000, secret, NULL), 1);
	ck_assert_int_eq(add(2, 2000, word, NULL), 1);
	ck_assert_int_eq(add(3, 1999, secret, NULL), 1);
	add_other(4, 1500, SECRET);
	add_other(5, 2500, "x");
	add_lost(1600, "{\"job_name\":\"" SECRET "\"}");
	add_lost(2600, "{}");
	add_alert(1);
	add_alert(2);
	commit();
	fail_alert(1, SECRET);
}

START_TEST(forgets_for_good)
{
	struct store_prune prune;

	add_some();
	begin();
	prune = prune_before(2000);
	commit();
	ck_assert(store_prune_log(store));
	ck_assert_int_eq(prune.incidents, 2);
	ck_assert_int_eq(prune.others, 1);
	ck_assert_int_eq(prune.lost, 1);
	ck_assert_int_eq(number("SELECT count(*) FROM incident"), 1);
	ck_assert_int_eq(number("SELECT count(*) FROM not_owner"), 1);
	ck_assert_int_eq(number("SELECT count(*) FROM coverage"), 1);
	ck_assert_int_eq(number("SELECT count(*) FROM alert"), 1);
	ck_assert(!holds("s.db", SECRET));
	ck_assert(!holds("s.db-wal", SECRET));
}
END_TEST

/* The entries are there without content, and the last one says which. */
START_TEST(leaves_a_tombstone)
{
	add_some();
	begin();
	prune_before(2000);
	commit();
	ck_assert_int_eq(number("SELECT count(*) FROM entry "
				"WHERE salt IS NULL AND content = ''"),
			 6);
	ck_assert_int_eq(
		number("SELECT json_extract(content, '$.entries') = "
		       "(SELECT group_concat(run) FROM ("
		       " SELECT CASE WHEN max(e) > min(e) THEN min(e) || '-' "
		       "  || max(e) ELSE min(e) END AS run FROM ("
		       "  SELECT entry_id AS e, entry_id - "
		       "   row_number() OVER (ORDER BY entry_id) AS g "
		       "  FROM entry WHERE salt IS NULL) GROUP BY g)) "
		       "FROM entry WHERE kind = 'pruned'"),
		1);
	ck_assert_int_eq(number("SELECT json_extract(content, '$.by') = 'anna' "
				"FROM entry ORDER BY entry_id DESC LIMIT 1"),
			 1);
	ck_assert_int_eq(number("SELECT count(*) FROM entry "
				"WHERE length(hash) <> 32 "
				"OR length(content_sha256) <> 32"),
			 0);
}
END_TEST

static int remember(const struct store_prune *prune, void *arg)
{
	struct text *text = arg;

	text_addf(text, "%d %s %d;", (int)prune->before_s, prune->by,
		  (int)prune->incidents);
	return 0;
}

START_TEST(says_so)
{
	autotext struct text text = {0};
	int64_t before_s = -1;

	add_some();
	ck_assert_int_eq(store_pruned_before(store, &before_s, &err), 0);
	ck_assert_int_eq(before_s, 0);
	begin();
	prune_before(1500);
	prune_before(2000);
	prune_before(1200);
	commit();
	ck_assert_int_eq(store_prunes(store, remember, &text, &err), 0);
	ck_assert_str_eq(text.s, "1500 anna 1;2000 anna 1;1200 anna 0;");
	ck_assert_int_eq(store_pruned_before(store, &before_s, &err), 0);
	ck_assert_int_eq(before_s, 2000);
}
END_TEST

/* The row may be in accounting still. */
START_TEST(stays_forgotten)
{
	add_some();
	begin();
	prune_before(2000);
	ck_assert_int_eq(add(1, 1000, secret, NULL), 0);
	add_other(4, 1500, SECRET);
	commit();
	begin();
	ck_assert_int_eq(add(9, 1999, word, NULL), 0);
	ck_assert_int_eq(add(9, 2000, word, NULL), 1);
	commit();
	ck_assert_int_eq(number("SELECT count(*) FROM not_owner"), 1);
}
END_TEST

START_TEST(undone_leaves_all)
{
	add_some();
	begin();
	prune_before(2000);
	store_rollback(store);
	ck_assert_int_eq(number("SELECT count(*) FROM incident"), 3);
	begin();
	ck_assert_int_eq(add(6, 500, word, NULL), 1);
	commit();
}
END_TEST

static void put_script(const char *script, char sha256[65])
{
	ck_assert_int_eq(
		store_script_put(store, script, strlen(script), sha256, &err),
		0);
}

static bool has_script(const char *sha256)
{
	autofree char *path = store_script_path(store, sha256);

	return access(path, F_OK) == 0;
}

static void touch(const char *name)
{
	autofree char *path = store_script_path(store, name);
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fclose(file);
}

START_TEST(removes_scripts)
{
	char old[65], shared[65], none[65];
	autofree char *half = NULL;
	size_t n = 0;

	put_script("old", old);
	put_script("shared", shared);
	put_script("none", none);
	half = mem_printf("%s.new", shared);
	touch(half);
	touch("notes");
	add(1, 1000, secret, old);
	add(2, 1000, secret, shared);
	add(3, 2000, word, shared);
	commit();
	begin();
	prune_before(2000);
	commit();
	begin();
	ck_assert_int_eq(store_prune_scripts(store, &n, &err), 0);
	commit();
	ck_assert_uint_eq(n, 3);
	ck_assert(!has_script(old));
	ck_assert(has_script(shared));
	ck_assert(!has_script(none));
	ck_assert(!has_script(half));
	ck_assert(has_script("notes"));
}
END_TEST

START_TEST(no_spool)
{
	size_t n = 7;

	ck_assert_int_eq(store_prune_scripts(store, &n, &err), 0);
	ck_assert_uint_eq(n, 0);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("prune");

	tcase_add_checked_fixture(tcase, open_store, close_store);
	tcase_add_test(tcase, forgets_for_good);
	tcase_add_test(tcase, leaves_a_tombstone);
	tcase_add_test(tcase, says_so);
	tcase_add_test(tcase, stays_forgotten);
	tcase_add_test(tcase, undone_leaves_all);
	tcase_add_test(tcase, removes_scripts);
	tcase_add_test(tcase, no_spool);
	return unit_run("prune", tcase);
}
