/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The store, opened by those who only read it. */
#include "lib/mem.h"
#include "migration.h"
#include "schema/chain.h"
#include "schema/store_private.h"

#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The size of the file PATH-suffix; -1 if there is none. */
static int64_t size_beside(const char *path, const char *suffix)
{
	autofree char *beside = mem_printf("%s%s", path, suffix);
	struct stat st;

	return stat(beside, &st) == 0 ? (int64_t)st.st_size : -1;
}

/* Whether nothing belongs to the file, as to a copy of it alone, and SQLite
 * cannot make beside it what it needs to read one that others may write to. */
static bool is_lone_copy(const char *path)
{
	autofree char *folder = mem_strdup(path);

	return size_beside(path, "-shm") < 0 &&
	       size_beside(path, "-wal") <= 0 &&
	       access(dirname(folder), W_OK) < 0;
}

/* As a URI: nobody writes to it. */
static char *immutable_uri(const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~/";
	struct text uri = {0};

	text_add(&uri, "file:");
	for (; *path; path++)
		if (strchr(plain, *path))
			text_add_char(&uri, *path);
		else
			text_addf(&uri, "%%%02x", (unsigned char)*path);
	text_add(&uri, "?immutable=1");
	return text_take(&uri);
}

static struct store *open_to_read(const char *path, struct err *err)
{
	autofree char *real = realpath(path, NULL);
	autofree char *uri = NULL;

	if (!real || !is_lone_copy(real))
		return store_open_any(path, path, SQLITE_OPEN_READONLY, err);
	uri = immutable_uri(real);
	return store_open_any(path, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
			      err);
}

static struct store *open_file(const char *path, struct err *err)
{
	if (access(path, R_OK) < 0) {
		err_set(err, ERR_STOP, "store %s: %s", path, strerror(errno));
		err_hint(err, errno == ENOENT
				      ? "name its watcher.conf with -c, or, "
					"for watcher-report, the store with "
					"-s; a first `watcher once` makes it"
				      : "ask an admin for read permission");
		return NULL;
	}
	if (store_check_file(path, err) < 0)
		return NULL;
	return open_to_read(path, err);
}

static int check_version(struct store *store, struct err *err)
{
	int64_t version = store_version_of(store, err);

	if (version < 0 || version == MIGRATION_N)
		return version < 0 ? -1 : 0;
	if (!version) {
		err_set(err, ERR_STOP, "store %s: is empty", store->path);
		return err_hint(err, "a first `watcher once` makes it a store");
	}
	err_set(err, ERR_STOP,
		"store %s: has version %" PRId64 ", this program reads %d",
		store->path, version, MIGRATION_N);
	return err_hint(err, "let this version's `watcher once` bring it up "
			     "to date");
}

struct store *store_open_read(const char *path, struct err *err)
{
	struct store *store = open_file(path, err);

	if (store && check_version(store, err) < 0) {
		store_close(store);
		store = NULL;
	}
	return store;
}

/* The version that the chain says the store has; 0: it does not say. */
static int64_t version_told(struct store *store)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ENTRY_VERSION);
	const char *text = NULL;
	json_t *content;
	int64_t version;

	if (stmt && sqlite3_step(stmt) == SQLITE_ROW)
		text = (const char *)sqlite3_column_text(stmt, 0);
	content = json_loads(text ? text : "", 0, NULL);
	version = json_integer_value(json_object_get(content, "version"));
	json_decref(content);
	return version;
}

struct store *store_open_altered(const char *path, struct err *err)
{
	struct store *store = open_file(path, err);

	if (!store || check_version(store, err) == 0 || store->damage[0] ||
	    version_told(store) == MIGRATION_N)
		return store;
	store_close(store);
	return NULL;
}
