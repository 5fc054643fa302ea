/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/store.h"

#include "lib/mem.h"
#include "migration.h"
#include "schema/chain.h"
#include "schema/store_alert.h"
#include "schema/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The version of stores that first knew of alerts. */
#define FIRST_ALERTS 7

/* How long to wait for another process's write. Readers never block us (WAL);
 * a person with the sqlite3 shell may. */
#define BUSY_MS 2000

void store_bind_int(sqlite3_stmt *stmt, const char *name, int64_t value)
{
	int i = sqlite3_bind_parameter_index(stmt, name);

	if (!stmt)
		return;
	if (!i || sqlite3_bind_int64(stmt, i, value) != SQLITE_OK)
		abort();
}

void store_bind_last(sqlite3_stmt *stmt, int64_t until)
{
	store_bind_int(stmt, ":last", until == INT64_MAX ? until : until - 1);
}

void store_bind_text(sqlite3_stmt *stmt, const char *name, const char *text)
{
	int i = sqlite3_bind_parameter_index(stmt, name);

	if (!stmt)
		return;
	if (!i ||
	    sqlite3_bind_text(stmt, i, text, -1, SQLITE_STATIC) != SQLITE_OK)
		abort();
}

void store_bind_blob(sqlite3_stmt *stmt, const char *name, const void *bytes,
		     size_t len)
{
	int i = sqlite3_bind_parameter_index(stmt, name);

	if (!stmt)
		return;
	if (!i || sqlite3_bind_blob64(stmt, i, bytes, len, SQLITE_STATIC) !=
			  SQLITE_OK)
		abort();
}

int store_error(struct store *store, const char *what, struct err *err)
{
	int code = sqlite3_errcode(store->db);
	enum err_kind kind = ERR_STOP;

	if (code == SQLITE_BUSY || code == SQLITE_LOCKED ||
	    code == SQLITE_FULL || code == SQLITE_IOERR ||
	    code == SQLITE_READONLY)
		kind = ERR_RETRY;
	/* An error of SQL is a table that is gone, or not as it was. */
	if (code == SQLITE_CORRUPT || code == SQLITE_ERROR)
		snprintf(store->damage, sizeof(store->damage), "%s",
			 sqlite3_errmsg(store->db));
	err_set(err, kind, "store %s: %s: %s", store->path, what,
		sqlite3_errmsg(store->db));
	if (code == SQLITE_NOTADB) {
		err_set(err, kind, "store %s: is no SQLite database",
			store->path);
		err_hint(err, "name another file, or restore it from a backup");
	}
	if (code == SQLITE_FULL)
		err_hint(err, "make room on its file system");
	if (code == SQLITE_CORRUPT)
		err_hint(err, "restore it from a backup, or move it away to "
			      "begin a new one");
	if (code == SQLITE_BUSY)
		err_hint(err, "another process writes to it");
	if (code == SQLITE_CANTOPEN)
		err_hint(err, "a copy of it needs its -wal and -shm files too, "
			      "or is made by sqlite3's .backup");
	return -1;
}

int store_step(struct store *store, sqlite3_stmt *stmt, struct err *err)
{
	int code = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;
	bool writes = stmt && !sqlite3_stmt_readonly(stmt);

	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE)
		return 0;
	return store_error(store, writes ? "writing" : "reading", err);
}

int store_run(struct store *store, sqlite3_stmt *stmt, struct err *err)
{
	return store_step(store, stmt, err) < 0 ? -1 : 0;
}

static int exec(struct store *store, const char *sql, struct err *err)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_error(store, "writing", err);
	return 0;
}

int64_t store_pragma(struct store *store, const char *sql, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int64_t value = -1;

	if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW)
		store_error(store, "reading", err);
	else
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

int64_t store_version_of(struct store *store, struct err *err)
{
	int64_t id = store_pragma(store, "PRAGMA application_id", err);
	int64_t version, objects;

	if (id < 0)
		return -1;
	objects =
		store_pragma(store, "SELECT count(*) FROM sqlite_master", err);
	if (objects < 0)
		return -1;
	version = store_pragma(store, "PRAGMA user_version", err);
	if (version < 0)
		return -1;
	if (id == 0 && objects == 0 && version == 0)
		return 0;
	if (id != STORE_APPLICATION_ID) {
		err_set(err, ERR_STOP,
			"store %s: is an SQLite database, but not a store of "
			"watcher",
			store->path);
		return err_hint(err, "name another file in [store] path");
	}
	if (version > MIGRATION_N) {
		err_set(err, ERR_STOP,
			"store %s: has version %" PRId64
			", this program knows up to %d",
			store->path, version, MIGRATION_N);
		return err_hint(err, "install the watcher that wrote it, or a "
				     "newer one");
	}
	return version;
}

static int prepare(struct store *store, enum query query, struct err *err)
{
	if (!store->prepared[query] &&
	    sqlite3_prepare_v3(store->db, query_table[query].text, -1,
			       SQLITE_PREPARE_PERSISTENT,
			       &store->prepared[query], NULL) != SQLITE_OK)
		return store_error(store, query_table[query].name, err);
	return 0;
}

sqlite3_stmt *store_stmt(struct store *store, enum query query)
{
	struct err err;

	return prepare(store, query, &err) < 0 ? NULL : store->prepared[query];
}

static int prepare_all(struct store *store, struct err *err)
{
	int i;

	for (i = 0; i < QUERY_N; i++)
		if (prepare(store, (enum query)i, err) < 0)
			return -1;
	return 0;
}

/* Brings the store to this program's version, in the transaction. Another
 * process may have done so a moment ago. */
static int migrate_steps(struct store *store, struct err *err)
{
	autofree char *mark = mem_printf("PRAGMA application_id = %d;"
					 "PRAGMA user_version = %d;",
					 STORE_APPLICATION_ID, MIGRATION_N);
	int64_t version = store_version_of(store, err);
	int64_t i;

	for (i = version; i >= 0 && i < MIGRATION_N; i++)
		if (exec(store, migration_table[i].text, err) < 0)
			return err_prefix(err,
					  "bringing the store to version %d: ",
					  (int)i + 1);
	if (version < 0 || exec(store, mark, err) < 0 ||
	    prepare_all(store, err) < 0)
		return -1;
	if (version == MIGRATION_N)
		return 0;
	if (chain_migrated(store, (int)version, err) < 0)
		return -1;
	/* A chain that was begun now is of what is long past. */
	return version < FIRST_ALERTS ? store_alert_looked(store, err) : 0;
}

static int begin(struct store *store, int64_t now_s, struct err *err)
{
	if (exec(store, "BEGIN IMMEDIATE", err) < 0)
		return -1;
	chain_begin(store, now_s);
	store->pruned_before_s = -1;
	return 0;
}

/* All of it or nothing. */
static int migrate(struct store *store, int64_t now_s, struct err *err)
{
	if (begin(store, now_s, err) < 0)
		return -1;
	if (migrate_steps(store, err) == 0 && store_commit(store, err) == 0)
		return 0;
	store_rollback(store);
	return -1;
}

/* Gives what root made to the owner of the folder that `path` is in. */
static void adopt(const char *path, int fd)
{
	autofree char *copy = mem_strdup(path);
	struct stat st;

	if (geteuid() != 0 || stat(dirname(copy), &st) < 0 || st.st_uid == 0)
		return;
	if (fchown(fd, st.st_uid, st.st_gid) < 0)
		return; /* as good as it gets: a file system without owners */
}

void store_adopt(struct store *store, int fd)
{
	adopt(store->path, fd);
}

/* Makes an empty file with the mode a store should have, which SQLite then
 * gives to the files beside it as well; leaves one that is there alone. */
static int make_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	if (fd >= 0)
		adopt(path, fd);
	else if (errno == EEXIST)
		fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		err_set(err, ERR_STOP, "store %s: %s", path, strerror(errno));
		if (errno == ENOENT)
			return err_hint(err, "make its folder first");
		return err_hint(err, "this user must be able to write the "
				     "file and its folder");
	}
	close(fd);
	return 0;
}

int store_check_file(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0 || S_ISREG(st.st_mode))
		return 0;
	err_set(err, ERR_STOP, "store %s: is %s", path,
		S_ISDIR(st.st_mode) ? "a folder" : "no regular file");
	return err_hint(err, "name the file itself that holds the incidents");
}

struct store *store_open_any(const char *path, const char *name, int flags,
			     struct err *err)
{
	struct store *store = mem_alloc(1, sizeof(*store));

	store->path = mem_strdup(path);
	store->lock_fd = -1;
	/* Each has one thread. */
	flags |= SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(name, &store->db, flags, NULL) != SQLITE_OK) {
		store_error(store, "opening", err);
		store_close(store);
		return NULL;
	}
	sqlite3_busy_timeout(store->db, BUSY_MS);
	/* A store has none of them: somebody put them there. */
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	return store;
}

/* WAL: a reader never waits for the watcher, nor the watcher for a reader.
 * synchronous=FULL: a commit is on the disk when it returns, so that what was
 * alerted or reported survives a power cut; NORMAL may lose the last commits
 * then. The -wal file is cut back after a large pass; it and -shm stay when the
 * watcher ends, because a reader without write permission cannot make them. */
static int set_up(struct store *store, int64_t now_s, struct err *err)
{
	int keep = 1;
	int64_t version = store_version_of(store, err);

	if (version < 0)
		return -1;
	sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &keep);
	if (exec(store, "PRAGMA journal_mode = WAL", err) < 0 ||
	    exec(store, "PRAGMA synchronous = FULL", err) < 0 ||
	    exec(store, "PRAGMA journal_size_limit = 4194304", err) < 0)
		return -1;
	return version < MIGRATION_N ? migrate(store, now_s, err)
				     : prepare_all(store, err);
}

struct store *store_open(const char *path, const struct sign_key *key,
			 int64_t now_s, struct err *err)
{
	struct store *store;

	if (sodium_init() < 0)
		abort();
	if (store_check_file(path, err) < 0 || make_file(path, err) < 0)
		return NULL;
	store = store_open_any(path, path, SQLITE_OPEN_READWRITE, err);
	if (!store)
		return NULL;
	if (key) {
		store->key = mem_alloc(1, sizeof(*key));
		*store->key = *key;
	}
	if (set_up(store, now_s, err) < 0) {
		store_close(store);
		return NULL;
	}
	return store;
}

void store_close(struct store *store)
{
	size_t i;

	if (!store)
		return;
	for (i = 0; i < QUERY_N; i++)
		sqlite3_finalize(store->prepared[i]);
	sqlite3_close(store->db);
	store_unlock(store);
	sign_forget(store->key);
	free(store->key);
	free(store->broken.what);
	free(store->spool);
	free(store->path);
	free(store);
}

int store_version(void)
{
	return MIGRATION_N;
}

bool store_has_moved(struct store *store)
{
	int moved = 0;

	sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved != 0;
}

/* Writes our pid for the one who comes second. */
static void sign_lock(int fd)
{
	autofree char *pid = mem_printf("%ld\n", (long)getpid());

	if (ftruncate(fd, 0) < 0 || write(fd, pid, strlen(pid)) < 0)
		return; /* the lock holds; only the pid is not known */
}

int store_lock(struct store *store, struct err *err)
{
	autofree char *path = mem_printf("%s.lock", store->path);
	char pid[24] = "";
	ssize_t n;

	store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (store->lock_fd < 0)
		return err_set(err, ERR_STOP, "lock %s: %s", path,
			       strerror(errno));
	store_adopt(store, store->lock_fd);
	if (flock(store->lock_fd, LOCK_EX | LOCK_NB) == 0) {
		sign_lock(store->lock_fd);
		store_life_sign(store->lock_fd);
		return 0;
	}
	n = pread(store->lock_fd, pid, sizeof(pid) - 1, 0);
	pid[n > 0 ? strcspn(pid, "\n") : 0] = '\0';
	close(store->lock_fd);
	store->lock_fd = -1;
	err_set(err, ERR_STOP,
		"store %s: another watcher (pid %s) has it already",
		store->path, pid[0] ? pid : "unknown");
	return err_hint(err,
			"one store has one watcher; `kill -USR1 %s` "
			"makes it pass at once",
			pid[0] ? pid : "PID");
}

void store_unlock(struct store *store)
{
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	store->lock_fd = -1;
}

int store_begin(struct store *store, int64_t now_s, struct err *err)
{
	if (begin(store, now_s, err) < 0)
		return -1;
	if (chain_check_end(store, err) == 0 &&
	    chain_tell_broken(store, err) == 0)
		return 0;
	store_rollback(store);
	return -1;
}

int store_begin_read(struct store *store, struct err *err)
{
	return exec(store, "BEGIN", err);
}

void store_before_commit(struct store *store, store_commit_fn *fn,
			 const void *arg)
{
	store->before_commit = fn;
	store->before_commit_arg = arg;
}

int store_commit(struct store *store, struct err *err)
{
	if (store->chain.moved && store->before_commit &&
	    store->before_commit(store, store->before_commit_arg, err) < 0)
		return -1;
	if (store_spool_sync(store, err) < 0 || chain_seal(store, err) < 0)
		return -1;
	if (exec(store, "COMMIT", err) < 0)
		return -1;
	chain_committed(store);
	return 0;
}

void store_rollback(struct store *store)
{
	store->broken.told = false;
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}
