/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The chain: what is hashed, sealed and signed, and what verifies. */
#include "lib/mem.h"
#include "schema/chain.h"
#include "schema/chain_verify.h"
#include "tests/chain_store.h"
#include "tests/unit.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <time.h>

static struct store *store;
static struct err err;

static struct store *open_again(const struct sign_key *key)
{
	struct store *opened =
		store_open(unit_path("s.db"), key, 1700000000, &err);

	ck_assert_msg(opened != NULL, "%s", err.msg);
	return opened;
}

static void open_store(void)
{
	unit_make_dir();
	store = open_again(NULL);
}

static void close_store(void)
{
	store_close(store);
	unit_remove_dir();
}

static void fill(int n)
{
	int i;

	for (i = 0; i < n; i++)
		chain_store_write(store, i);
}

static void run_sql(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
		      "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* Verifies with what report asks; what was found first is in `found`, and what
 * an entry says that the writer found in `found_broken`. */
static char found[256];
static char found_broken[256];

static struct chain_report verify_as(struct chain_report report)
{
	struct store *reader = store_open_read(unit_path("s.db"), &err);
	const struct chain_finding *first = &report.findings[0];
	size_t i;

	ck_assert_msg(reader != NULL, "%s", err.msg);
	ck_assert_msg(chain_verify(reader, &report, &err) == 0, "%s", err.msg);
	store_close(reader);
	snprintf(found, sizeof(found), "%lld %s: %s",
		 (long long)(report.n_findings ? first->entry_id : 0),
		 report.n_findings && first->kind ? first->kind : "-",
		 report.n_findings ? first->what : "nothing");
	for (i = 0; i < report.n_listed; i++)
		if (strstr(report.findings[i].what, "found broken"))
			snprintf(found_broken, sizeof(found_broken), "%s",
				 report.findings[i].what);
	chain_report_finish(&report);
	return report;
}

static struct chain_report verify(void)
{
	return verify_as((struct chain_report){0});
}

static void expect(const char *expected)
{
	verify();
	ck_assert_str_eq(found, expected);
}

/* --- What is hashed ------------------------------------------------------ */

static void hex_of(sqlite3_stmt *stmt, int i, char hex[CHAIN_HEX])
{
	sodium_bin2hex(hex, CHAIN_HEX, sqlite3_column_blob(stmt, i),
		       (size_t)sqlite3_column_bytes(stmt, i));
}

static void sha256(const void *bytes, size_t len, char hex[CHAIN_HEX])
{
	unsigned char hash[CHAIN_HASH];

	crypto_hash_sha256(hash, bytes, len);
	sodium_bin2hex(hex, CHAIN_HEX, hash, sizeof(hash));
}

/* As the manual has it, put together in another way. */
START_TEST(entries_are_hashed)
{
	static const char sql[] =
		"SELECT printf('watcher-entry %d %d %d %s %s ', entry_id,"
		" incident_id, at, kind, lower(hex(content_sha256))),"
		" hash, content_sha256, salt, content, kind FROM entry"
		" ORDER BY entry_id";
	char previous[CHAIN_HEX] = "00000000000000000000000000000000"
				   "00000000000000000000000000000000";
	char expected[CHAIN_HEX], hex[CHAIN_HEX];
	sqlite3_stmt *stmt;
	sqlite3 *db;
	int n = 0;

	fill(4);
	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
			 SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		autotext struct text content = {0};
		autofree char *line = mem_printf(
			"%s%s\n", sqlite3_column_text(stmt, 0), previous);

		sha256(line, strlen(line), expected);
		hex_of(stmt, 1, previous);
		ck_assert_str_eq(previous, expected);
		n++;
		if (strcmp((const char *)sqlite3_column_text(stmt, 5),
			   "incident") == 0)
			continue;
		text_add_bytes(&content, sqlite3_column_blob(stmt, 3), 16);
		text_add(&content, (const char *)sqlite3_column_text(stmt, 4));
		sha256(content.s, content.len, expected);
		hex_of(stmt, 2, hex);
		ck_assert_str_eq(hex, expected);
	}
	ck_assert_int_gt(n, 30);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}
END_TEST

START_TEST(incidents_are_hashed)
{
	static const char sql[] =
		"SELECT salt, content_sha256,"
		" 'incident_id:i:1:1' || char(10) || 'event_id:i:1:1' ||"
		" char(10) || 'cluster:t:4:beta' || char(10) ||"
		" 'job_id:t:1:0' || char(10) || 'job_db_inx:t:1:0' ||"
		" char(10) || 'id_job:i:1:0' || char(10) || 'root_id:i:1:0' ||"
		" char(10) || 'part:t:0:' || char(10) || 'user:t:1:x' ||"
		" char(10) || 'uid:i:4:1001' || char(10) || 'account:t:1:x' ||"
		" char(10) || 'partition:t:1:x' || char(10) || 'section:t:0:'"
		" || char(10) || 'qos:t:1:x' || char(10) ||"
		" 'job_name:t:15:na\xc3\xafve \"x\"' || char(10) || '=1+1' ||"
		" char(10) || 'kind:t:9:signalled' || char(10) ||"
		" 'confidence:t:9:suspected' || char(10) || 'phase:t:1:x' ||"
		" char(10) || 'tasks:i:1:1' || char(10) ||"
		" 'submitted:i:4:1000' || char(10) || 'started:i:1:0' ||"
		" char(10) || 'ended:i:10:1699999990' || char(10) ||"
		" 'detected:i:10:1699999991' || char(10) || 'elapsed_s:i:1:0'"
		" || char(10) || 'cpu_seconds:i:1:0' || char(10) ||"
		" 'gpu_seconds:i:1:0' || char(10) || 'state:t:1:x' ||"
		" char(10) || 'reason:t:1:x' || char(10) || 'causes:t:1:x' ||"
		" char(10) || 'exempt:t:1:x' || char(10) || 'found:t:1:x' ||"
		" char(10) || 'late:i:1:1' || char(10) ||"
		" 'script_sha256:t:64:" CHAIN_STORE_SCRIPT "' || char(10) ||"
		" 'job:t:12:{\"id_job\":0}' || char(10)"
		" FROM entry WHERE incident_id = 1 AND kind = 'incident'";
	autotext struct text content = {0};
	char expected[CHAIN_HEX], hex[CHAIN_HEX];
	sqlite3_stmt *stmt;
	sqlite3 *db;

	fill(1);
	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	text_add_bytes(&content, sqlite3_column_blob(stmt, 0), 16);
	text_add(&content, (const char *)sqlite3_column_text(stmt, 2));
	sha256(content.s, content.len, expected);
	hex_of(stmt, 1, hex);
	ck_assert_str_eq(hex, expected);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}
END_TEST

/* --- What verifies ------------------------------------------------------- */

START_TEST(a_new_store)
{
	struct chain_report report = verify();

	ck_assert_str_eq(found, "0 -: nothing");
	ck_assert_int_eq(report.incidents, 0);
	ck_assert_int_eq(report.entries, report.head.entries);
	ck_assert_int_eq(report.head.at_s, 1700000000);
	ck_assert_int_eq((int)strlen(report.head.store_id), 32);
	ck_assert_int_eq(report.signature, CHAIN_NOT_SIGNED);
}
END_TEST

START_TEST(all_kinds_of_entries)
{
	struct chain_report report;

	fill(12);
	report = verify();
	ck_assert_str_eq(found, "0 -: nothing");
	ck_assert_int_eq(report.incidents, 36);
	ck_assert_int_eq(report.head.at_s, 1700001100);
	ck_assert_int_eq(report.head.told_s, 1700000900);
}
END_TEST

/* A pass that finds nothing moves the end of what is watched, and the seal. */
START_TEST(what_moves_without_an_entry)
{
	struct chain_report before, after;

	fill(1);
	before = verify();
	ck_assert_int_eq(store_begin(store, 1700000777, &err), 0);
	ck_assert_int_eq(store_watched(store, "alpha", 1, 1700000777, "", &err),
			 0);
	ck_assert_int_eq(store_commit(store, &err), 0);
	after = verify();
	ck_assert_str_eq(found, "0 -: nothing");
	ck_assert_int_eq(after.entries, before.entries);
	ck_assert_int_eq(after.head.at_s, 1700000777);
	ck_assert_str_ne(after.head.spans_sha256, before.head.spans_sha256);
	run_sql("UPDATE coverage SET until = until - 1 WHERE cluster = 'alpha'"
		" AND how = 'watched'");
	expect("0 -: what is being watched is not what was sealed");
}
END_TEST

START_TEST(a_transaction_taken_back)
{
	fill(1);
	ck_assert_int_eq(store_begin(store, 1, &err), 0);
	chain_store_incident(store, 77, 100, "");
	store_rollback(store);
	expect("0 -: nothing");
	fill(0);
	chain_store_write(store, 1);
	expect("0 -: nothing");
}
END_TEST

START_TEST(nothing_is_written_without_a_transaction)
{
	store_entry_add(store, 1, 1, "changed", "{}", &err);
}
END_TEST

/* --- Signatures ---------------------------------------------------------- */

static const char private_pem[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MC4CAQAwBQYDK2VwBCIEIOEwLuH1zlwdOEE+fvGxVHZeMyHuvGFI91GwWfez+t8j\n"
	"-----END PRIVATE KEY-----\n";
static const char public_pem[] =
	"-----BEGIN PUBLIC KEY-----\n"
	"MCowBQYDK2VwAyEAT9UxD7qVYA2eIPeamhMpIQu/eBKpRbkbBTQjH2hTplE=\n"
	"-----END PUBLIC KEY-----\n";
static const char other_pem[] =
	"-----BEGIN PUBLIC KEY-----\n"
	"MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
	"-----END PUBLIC KEY-----\n";

static enum chain_signature signature_by(const char *pem)
{
	struct sign_public key;

	ck_assert_int_eq(sign_read_public(&key, pem, &err), 0);
	return verify_as((struct chain_report){.key = &key}).signature;
}

START_TEST(signatures)
{
	struct sign_key key;

	fill(1);
	ck_assert_int_eq(signature_by(public_pem), CHAIN_NOT_SIGNED);
	ck_assert_str_eq(found, "0 -: the head is not signed");
	store_close(store);
	ck_assert_int_eq(sign_read_key(&key, private_pem, &err), 0);
	store = open_again(&key);
	chain_store_write(store, 1);
	ck_assert_int_eq(verify().signature, CHAIN_SIGNED);
	ck_assert_int_eq(signature_by(public_pem), CHAIN_SIGNED_WELL);
	ck_assert_str_eq(found, "0 -: nothing");
	ck_assert_int_eq(signature_by(other_pem), CHAIN_SIGNED_BADLY);
	ck_assert_str_eq(found, "0 -: the head was not signed with this key");
	ck_assert_int_eq(
		sign_read_public(&(struct sign_public){{0}}, private_pem, &err),
		-1);
	ck_assert_int_eq(sign_read_key(&key, public_pem, &err), -1);
}
END_TEST

/* --- What was pruned ----------------------------------------------------- */

static void prune(const char *entries, const char *sql)
{
	const struct chain_entry entry = {.at_s = 5, .kind = "pruned"};

	run_sql(sql);
	ck_assert_int_eq(store_begin(store, 5, &err), 0);
	ck_assert_int_eq(
		chain_append_json(store, entry,
				  json_pack("{s:s}", "entries", entries), &err),
		0);
	ck_assert_int_eq(store_commit(store, &err), 0);
}

/* The entries of the first transaction: 2, 3 and 4 are incidents, 5 another's
 * job. */
#define PRUNE_INCIDENTS                                                        \
	"UPDATE entry SET content = '', salt = NULL"                           \
	" WHERE entry_id IN (2, 3, 5);"                                        \
	"DELETE FROM incident WHERE incident_id IN (1, 2);"                    \
	"DELETE FROM not_owner;"

START_TEST(pruned_entries)
{
	fill(1);
	run_sql(PRUNE_INCIDENTS);
	expect("2 incident: its content is gone, and no entry after it says "
	       "that it was pruned");
	prune("2-3", "");
	expect("5 other: its content is gone, and no entry after it says that "
	       "it was pruned");
	prune("5", "");
	ck_assert_int_eq(verify().pruned, 3);
	ck_assert_str_eq(found, "0 -: nothing");
	prune("1-x", "");
	ck_assert_uint_eq(verify().n_findings, 1);
}
END_TEST

START_TEST(pruned_and_still_there)
{
	fill(1);
	prune("2",
	      "UPDATE entry SET content = '', salt = NULL WHERE entry_id = 2");
	expect("2 incident: it was pruned, and the row of its incident is "
	       "there");
	run_sql("DELETE FROM incident WHERE incident_id = 1");
	expect("0 -: nothing");
	run_sql("UPDATE entry SET content = 'x' WHERE entry_id = 2");
	expect("2 incident: it has content, and no salt");
}
END_TEST

/* --- An end that is not the sealed one ------------------------------------ */

static struct {
	int n;
	int64_t entry_id;
	bool fails;
	char what[256];
} told;

static int note_broken(struct store *writer, const struct store_broken *broken,
		       void *arg, struct err *why)
{
	ck_assert_ptr_eq(arg, &told);
	/* It may write. */
	ck_assert_int_eq(
		store_entry_add(writer, 0, broken->at_s, "told", "{}", why), 0);
	told.n++;
	told.entry_id = broken->entry_id;
	snprintf(told.what, sizeof(told.what), "%s", broken->what);
	return told.fails ? err_set(why, ERR_RETRY, "not now") : 0;
}

/* What is altered is told to the next writer, once, and found for ever. */
static void alter(const char *sql, const char *what)
{
	autofree char *finding = NULL;

	told.n = 0;
	told.fails = false;
	fill(1);
	store_on_broken(store, note_broken, &told);
	run_sql(sql);
	ck_assert_int_eq(store_begin(store, 1700000500, &err), 0);
	ck_assert_int_eq(told.n, 1);
	ck_assert_str_eq(told.what, what);
	ck_assert_int_eq(store_commit(store, &err), 0);
	ck_assert_int_eq(store_begin(store, 1700000600, &err), 0);
	ck_assert_int_eq(store_commit(store, &err), 0);
	ck_assert_int_eq(told.n, 1);
	finding = mem_printf("the chain was found broken then, and went on: %s",
			     what);
	verify();
	ck_assert_str_eq(found_broken, finding);
}

START_TEST(an_end_cut_off)
{
	alter("DELETE FROM entry WHERE entry_id > 7",
	      "entry 8: it is missing, with all up to 8, where the chain was "
	      "sealed");
	ck_assert_int_eq(told.entry_id, 8);
}
END_TEST

START_TEST(an_end_made_anew)
{
	alter("UPDATE entry SET hash = zeroblob(32) WHERE entry_id ="
	      " (SELECT max(entry_id) FROM entry)",
	      "entry 8: it was sealed with another hash");
}
END_TEST

START_TEST(an_end_that_was_added)
{
	alter("INSERT INTO entry (incident_id, at, kind, content)"
	      " VALUES (1, 1, 'changed', '{}')",
	      "entry 9: the chain was sealed before it");
}
END_TEST

START_TEST(no_seal)
{
	alter("DELETE FROM seal", "the seal is gone");
}
END_TEST

START_TEST(no_entries)
{
	alter("DELETE FROM entry",
	      "entry 1: it is missing, with all up to 8, where the chain was "
	      "sealed; the seal was altered");
}
END_TEST

START_TEST(an_altered_seal)
{
	alter("UPDATE seal SET at = at + 1", "the seal was altered");
}
END_TEST

START_TEST(altered_spans)
{
	alter("UPDATE coverage SET until = until + 9 WHERE how = 'watched'",
	      "what is being watched is not what was sealed");
}
END_TEST

/* Nothing is lost where the one who is told, or the commit, fails. */
START_TEST(broken_and_not_committed)
{
	fill(1);
	store_on_broken(store, note_broken, &told);
	run_sql("UPDATE seal SET at = at + 1");
	told.fails = true;
	ck_assert_int_eq(store_begin(store, 1700000500, &err), -1);
	ck_assert_str_eq(err.msg, "not now");
	told.fails = false;
	ck_assert_int_eq(store_begin(store, 1700000500, &err), 0);
	store_rollback(store);
	ck_assert_int_eq(told.n, 2);
	expect("0 -: the seal was altered");
	ck_assert_int_eq(store_begin(store, 1700000500, &err), 0);
	ck_assert_int_eq(store_commit(store, &err), 0);
	ck_assert_int_eq(told.n, 3);
	ck_assert_int_eq(store_begin(store, 1700000500, &err), 0);
	store_rollback(store);
	ck_assert_int_eq(told.n, 3);
}
END_TEST

/* Takes away what later migrations made. */
static void make_version_5(void)
{
	static const char later[] =
		"SELECT 'DROP TABLE ' || name FROM sqlite_master"
		" WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
		" AND name NOT IN ('incident', 'entry', 'cluster', 'open_job',"
		" 'coverage', 'backfill', 'not_owner', 'witness',"
		" 'witness_line', 'seal') UNION ALL"
		" SELECT 'DROP INDEX incident_restoring'";
	autotext struct text sql = {0};
	sqlite3_stmt *stmt;
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, later, -1, &stmt, NULL),
			 SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		text_addf(&sql, "%s;", sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	text_add(&sql, "DROP INDEX entry_policy; PRAGMA user_version = 5");
	run_sql(sql.s);
}

/* One that was found before anybody could be told. */
START_TEST(broken_before_a_migration)
{
	fill(1);
	store_close(store);
	run_sql("DELETE FROM entry WHERE entry_id > 7");
	make_version_5();
	store = open_again(NULL);
	expect("8 broken: the chain was found broken then, and went on: entry "
	       "8: it is missing, with all up to 8, where the chain was "
	       "sealed");
	store_on_broken(store, note_broken, &told);
	ck_assert_int_eq(store_begin(store, 1700000500, &err), 0);
	store_rollback(store);
	ck_assert_int_eq(store_begin(store, 1700000500, &err), 0);
	ck_assert_int_eq(store_commit(store, &err), 0);
	ck_assert_int_eq(store_begin(store, 1700000500, &err), 0);
	store_rollback(store);
	ck_assert_int_eq(told.n, 2);
	ck_assert_int_eq(told.entry_id, 8);
}
END_TEST

/* What somebody put into the store does nothing to what is written. */
START_TEST(triggers_do_nothing)
{
	run_sql("CREATE TRIGGER hide AFTER INSERT ON incident BEGIN"
		" DELETE FROM incident; END");
	fill(1);
	ck_assert_int_eq(verify().incidents, 3);
	ck_assert_str_eq(found, "0 -: trigger hide is none of watcher's");
	run_sql("DROP TRIGGER hide");
	expect("0 -: nothing");
}
END_TEST

/* --- Several processes --------------------------------------------------- */

/* Appends until it is killed, or n times. */
static pid_t append_beside(int first, int n)
{
	pid_t pid = fork();
	struct store *own;
	int i;

	if (pid != 0)
		return pid;
	own = store_open(unit_path("s.db"), NULL, 1, &err);
	for (i = first; i < first + n; i++)
		chain_store_write(own, i);
	store_close(own);
	_exit(0);
}

START_TEST(two_writers)
{
	pid_t a, b;
	int status, n = 0;

	chain_store_write(store, 0);
	store_close(store);
	store = NULL;
	a = append_beside(1000, 60);
	b = append_beside(2000, 60);
	while (waitpid(a, &status, WNOHANG) == 0) {
		expect("0 -: nothing");
		n++;
	}
	ck_assert_int_eq(status, 0);
	waitpid(b, &status, 0);
	ck_assert_int_eq(status, 0);
	ck_assert_int_gt(n, 2);
	ck_assert_int_eq(verify().incidents, 3 * 121);
	ck_assert_str_eq(found, "0 -: nothing");
}
END_TEST

/* An end and a seal that do not fit would be told of by the next writer. */
START_TEST(killed_anywhere)
{
	struct timespec nap = {0};
	int i, status;
	pid_t pid;

	store_close(store);
	store = NULL;
	for (i = 0; i < 30; i++) {
		pid = append_beside(1000 * (i + 1), 1000);
		nap.tv_nsec = 1000000L * (5 + i * 37 % 60);
		nanosleep(&nap, NULL);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		expect("0 -: nothing");
	}
	ck_assert_int_gt(verify().incidents, 30);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("chain");

	tcase_add_checked_fixture(tcase, open_store, close_store);
	tcase_add_test(tcase, entries_are_hashed);
	tcase_add_test(tcase, incidents_are_hashed);
	tcase_add_test(tcase, a_new_store);
	tcase_add_test(tcase, all_kinds_of_entries);
	tcase_add_test(tcase, what_moves_without_an_entry);
	tcase_add_test(tcase, a_transaction_taken_back);
	tcase_add_test_raise_signal(
		tcase, nothing_is_written_without_a_transaction, SIGABRT);
	tcase_add_test(tcase, signatures);
	tcase_add_test(tcase, pruned_entries);
	tcase_add_test(tcase, pruned_and_still_there);
	tcase_add_test(tcase, an_end_cut_off);
	tcase_add_test(tcase, an_end_made_anew);
	tcase_add_test(tcase, an_end_that_was_added);
	tcase_add_test(tcase, no_seal);
	tcase_add_test(tcase, no_entries);
	tcase_add_test(tcase, an_altered_seal);
	tcase_add_test(tcase, altered_spans);
	tcase_add_test(tcase, broken_and_not_committed);
	tcase_add_test(tcase, broken_before_a_migration);
	tcase_add_test(tcase, triggers_do_nothing);
	tcase_add_test(tcase, two_writers);
	tcase_add_test(tcase, killed_anywhere);
	return unit_run("chain", tcase);
}
