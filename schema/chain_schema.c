/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the store is made as its migrations make one: a trigger may write
 * what no entry tells of, a view hide rows, and a table without its conditions
 * take what the watcher would not. */
#include "lib/mem.h"
#include "migration.h"
#include "schema/chain_walk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The columns of schema.sql. */
enum { TYPE, NAME, TABLE, SQL };

static const char *text_of(sqlite3_stmt *stmt, int i)
{
	const char *text = (const char *)sqlite3_column_text(stmt, i);

	return text ? text : "";
}

/* As text without what versions of SQLite write in different ways: blanks, and
 * quotes around names. */
static char *bare(const char *sql)
{
	struct text text = {0};

	for (; *sql; sql++)
		if (!strchr(" \t\n\r\"", *sql))
			text_add_char(&text, *sql);
	return text_take(&text);
}

static bool is_same(sqlite3_stmt *ours, sqlite3_stmt *theirs)
{
	autofree char *a = bare(text_of(ours, SQL));
	autofree char *b = bare(text_of(theirs, SQL));

	return strcmp(text_of(ours, TABLE), text_of(theirs, TABLE)) == 0 &&
	       strcmp(a, b) == 0;
}

/* Below 0: ours comes first, or is the only one that is left. */
static int order(sqlite3_stmt *ours, bool has_ours, sqlite3_stmt *theirs,
		 bool has_theirs)
{
	int rc;

	if (!has_ours || !has_theirs)
		return has_theirs - has_ours;
	rc = strcmp(text_of(ours, TYPE), text_of(theirs, TYPE));
	return rc ? rc : strcmp(text_of(ours, NAME), text_of(theirs, NAME));
}

static void tell(struct chain_walk *walk, sqlite3_stmt *stmt, const char *what)
{
	chain_find(walk, 0, "%s %s %s", text_of(stmt, TYPE),
		   text_of(stmt, NAME), what);
}

/* Both in the same order; the one of the store is `theirs`. */
static int compare(struct chain_walk *walk, sqlite3_stmt *ours,
		   sqlite3_stmt *theirs, struct err *err)
{
	bool has_ours = sqlite3_step(ours) == SQLITE_ROW;
	int rc = store_step(walk->store, theirs, err);

	while (rc >= 0 && (has_ours || rc)) {
		int way = order(ours, has_ours, theirs, rc);

		if (way < 0)
			tell(walk, ours, "is missing");
		else if (way > 0)
			tell(walk, theirs, "is none of watcher's");
		else if (!is_same(ours, theirs))
			tell(walk, theirs, "is not as watcher makes it");
		if (way <= 0)
			has_ours = sqlite3_step(ours) == SQLITE_ROW;
		if (way >= 0)
			rc = store_step(walk->store, theirs, err);
	}
	return rc < 0 ? -1 : 0;
}

/* An empty store in memory: it needs nothing but memory. */
static sqlite3 *make_fresh(void)
{
	sqlite3 *db;
	size_t i;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		abort();
	for (i = 0; i < MIGRATION_N; i++)
		if (sqlite3_exec(db, migration_table[i].text, NULL, NULL,
				 NULL) != SQLITE_OK)
			abort();
	return db;
}

/* What the file says itself of what it is. */
static int check_marks(struct chain_walk *walk, struct err *err)
{
	int64_t id = store_pragma(walk->store, "PRAGMA application_id", err);
	int64_t version =
		id < 0 ? -1
		       : store_pragma(walk->store, "PRAGMA user_version", err);

	if (version < 0)
		return -1;
	if (id != STORE_APPLICATION_ID)
		chain_find(walk, 0,
			   "its application_id is %" PRId64
			   ", that of a store is %d",
			   id, STORE_APPLICATION_ID);
	if (version != MIGRATION_N)
		chain_find(walk, 0,
			   "its user_version is %" PRId64
			   ", its chain says that it is %d",
			   version, MIGRATION_N);
	return 0;
}

static int check_made(struct chain_walk *walk, struct err *err)
{
	autoreset sqlite3_stmt *theirs = store_stmt(walk->store, QUERY_SCHEMA);
	sqlite3 *fresh = make_fresh();
	sqlite3_stmt *ours;
	int rc;

	if (sqlite3_prepare_v2(fresh, query_table[QUERY_SCHEMA].text, -1, &ours,
			       NULL) != SQLITE_OK)
		abort();
	rc = compare(walk, ours, theirs, err);
	sqlite3_finalize(ours);
	sqlite3_close(fresh);
	return rc;
}

int chain_check_schema(struct chain_walk *walk, struct err *err)
{
	if (check_marks(walk, err) < 0)
		return -1;
	return check_made(walk, err);
}
