/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the chain begins, in a new store and in one that is older than it. */
#include "migration.h"
#include "schema/chain.h"
#include "schema/store_private.h"

#include <string.h>

/* The migration that makes the chain. */
#define FIRST_VERSION 5

/* What the migration found, see 005_chain.sql. The table is gone with the
 * connection. */
static const char adopted[] = "SELECT incident_id, at, kind, content "
			      "FROM temp.adopted ORDER BY n";

static int adopt_one(struct store *store, sqlite3_stmt *stmt, struct err *err)
{
	const struct chain_entry entry = {
		.incident_id = sqlite3_column_int64(stmt, 0),
		.at_s = sqlite3_column_type(stmt, 1) == SQLITE_NULL
				? chain_now(store)
				: sqlite3_column_int64(stmt, 1),
		.kind = (const char *)sqlite3_column_text(stmt, 2),
		.content = (const char *)sqlite3_column_text(stmt, 3),
	};

	if (strcmp(entry.kind, "incident") == 0)
		return chain_adopt_incident(store, &entry, err);
	return chain_append(store, &entry, err);
}

static int adopt_all(struct store *store, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc;

	if (sqlite3_prepare_v2(store->db, adopted, -1, &stmt, NULL) !=
	    SQLITE_OK)
		return store_error(store, "reading", err);
	while ((rc = store_step(store, stmt, err)) > 0) {
		rc = adopt_one(store, stmt, err);
		if (rc < 0)
			break;
	}
	sqlite3_finalize(stmt);
	return rc;
}

/* The first entry: which store this is. */
static int append_began(struct store *store, struct err *err)
{
	const struct chain_entry entry = {
		.at_s = chain_now(store),
		.kind = "began",
	};
	unsigned char id[(STORE_ID_SIZE - 1) / 2];
	char hex[STORE_ID_SIZE];

	randombytes_buf(id, sizeof(id));
	sodium_bin2hex(hex, sizeof(hex), id, sizeof(id));
	return chain_append_json(store, entry,
				 json_pack("{s:s, s:i, s:s}", "store", hex,
					   "version", MIGRATION_N, "program",
					   "watcher " WATCHER_VERSION),
				 err);
}

static int append_migration(struct store *store, int from, struct err *err)
{
	const struct chain_entry entry = {
		.at_s = chain_now(store),
		.kind = "migration",
	};

	return chain_append_json(store, entry,
				 json_pack("{s:i, s:i, s:s}", "from", from,
					   "version", MIGRATION_N, "program",
					   "watcher " WATCHER_VERSION),
				 err);
}

int chain_migrated(struct store *store, int from, struct err *err)
{
	if (from >= FIRST_VERSION)
		return chain_check_end(store, err) < 0
			       ? -1
			       : append_migration(store, from, err);
	if (append_began(store, err) < 0)
		return -1;
	return adopt_all(store, err);
}
