/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is left to verify when all entries were read: the seal, and what to tell
 * of them. */
#include "lib/mem.h"
#include "schema/chain_walk.h"

#include <inttypes.h>
#include <string.h>

/* --- The seal ------------------------------------------------------------ */

static const struct {
	int type;
	int len; /* 0: any */
	const char *wanted;
} seal_columns[] = {
	{SQLITE_INTEGER, 0, "an integer"},
	{SQLITE_INTEGER, 0, "an integer"},
	{SQLITE_BLOB, CHAIN_HASH, "32 bytes"},
	{SQLITE_TEXT, 0, "a text"},
	{SQLITE_INTEGER, 0, "an integer"},
	{SQLITE_BLOB, SIGN_BYTES, "64 bytes"},
	{SQLITE_BLOB, CHAIN_HASH, "32 bytes"},
};
enum { SEAL_SPANS = 3, SEAL_SIGNATURE = 5, SEAL_SHA256, SEAL_COUNT };

static bool check_types(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	int i;

	for (i = 0; i < (int)LENGTH(seal_columns); i++) {
		int type = sqlite3_column_type(stmt, i);
		int len = seal_columns[i].len;

		if (i == SEAL_SIGNATURE && type == SQLITE_NULL)
			continue;
		if (type == seal_columns[i].type &&
		    (!len || sqlite3_column_bytes(stmt, i) == len))
			continue;
		chain_find(walk, 0, "the seal's %s is not %s",
			   sqlite3_column_name(stmt, i),
			   seal_columns[i].wanted);
		return false;
	}
	return true;
}

/* Whether the chain ends where it was sealed. */
static void check_end(struct chain_walk *walk)
{
	const struct store_head *head = &walk->report->head;
	char hash[CHAIN_HEX];

	sodium_bin2hex(hash, sizeof(hash), walk->hash, CHAIN_HASH);
	if (head->entries > walk->last_id)
		chain_find(walk, walk->last_id + 1,
			   "it is missing, with all up to %" PRId64
			   ", where the chain was sealed",
			   head->entries);
	else if (head->entries < walk->last_id)
		chain_find(walk, head->entries + 1,
			   "the chain was sealed before it");
	else if (strcmp(head->hash, hash) != 0)
		chain_find(walk, walk->last_id,
			   "it was sealed with another hash");
}

static void check_signature(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	struct chain_report *report = walk->report;
	autofree char *line = chain_head_line(&report->head);
	const void *signature = sqlite3_column_blob(stmt, SEAL_SIGNATURE);

	report->signature = signature ? CHAIN_SIGNED : CHAIN_NOT_SIGNED;
	if (!report->key)
		return;
	if (!signature) {
		chain_find(walk, 0, "the head is not signed");
	} else if (sign_is_by(report->key, line, strlen(line), signature)) {
		report->signature = CHAIN_SIGNED_WELL;
	} else {
		report->signature = CHAIN_SIGNED_BADLY;
		chain_find(walk, 0, "the head was not signed with this key");
	}
}

static int check_spans(struct chain_walk *walk, sqlite3_stmt *stmt,
		       struct err *err)
{
	autofree char *running = chain_running(walk->store, err);
	size_t len = (size_t)sqlite3_column_bytes(stmt, SEAL_SPANS);

	if (!running)
		return -1;
	if (len != strlen(running) ||
	    memcmp(sqlite3_column_text(stmt, SEAL_SPANS), running, len) != 0)
		chain_find(walk, 0,
			   "what is being watched is not what was sealed");
	return 0;
}

int chain_check_seal(struct chain_walk *walk, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(walk->store, QUERY_SEAL_GET);
	unsigned char hash[CHAIN_HASH];
	int rc = store_step(walk->store, stmt, err);

	if (rc < 0)
		return -1;
	if (rc == 0) {
		chain_find(walk, 0, "the seal is gone");
		return 0;
	}
	if (sqlite3_column_int64(stmt, SEAL_COUNT) != 1)
		chain_find(walk, 0, "there is more than one seal");
	if (!check_types(walk, stmt))
		return 0;
	chain_seal_hash(hash, &walk->report->head);
	if (memcmp(hash, sqlite3_column_blob(stmt, SEAL_SHA256), CHAIN_HASH) !=
	    0)
		chain_find(walk, 0, "the seal was altered");
	check_end(walk);
	check_signature(walk, stmt);
	return check_spans(walk, stmt, err);
}

/* --- Indexes ------------------------------------------------------------- */

/* Reports find rows by indexes, which the walk does not read: one that lacks a
 * row hides it. */
int chain_check_indexes(struct chain_walk *walk, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	const char *said;
	int rc = -1;

	if (sqlite3_prepare_v2(walk->store->db, "PRAGMA integrity_check(1)", -1,
			       &stmt, NULL) != SQLITE_OK)
		store_error(walk->store, "reading", err);
	else
		rc = store_step(walk->store, stmt, err);
	said = rc > 0 ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
	if (said && strcmp(said, "ok") != 0)
		chain_find(walk, 0, "the file is not sound: %s", said);
	sqlite3_finalize(stmt);
	return rc < 0 ? -1 : 0;
}

/* --- What is told of findings -------------------------------------------- */

/* Names the columns of the row that are not as the entry has them. */
static int name_columns(struct chain_walk *walk, struct chain_finding *finding,
			const char *content, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(walk->store, QUERY_INCIDENT_NOW);
	autotext struct text names = {0};
	json_t *object = json_loads(content, 0, NULL);
	const json_t *now = json_object_get(object, "now");
	int i, rc;

	store_bind_int(stmt, ":incident_id", finding->incident_id);
	rc = store_step(walk->store, stmt, err);
	/* The first one is the script, which is told of apart. */
	for (i = 1; rc > 0 && i < sqlite3_column_count(stmt); i++) {
		const char *name = sqlite3_column_name(stmt, i);
		autotext struct text said = {0};
		autotext struct text is = {0};

		chain_add_later(&said, name, json_object_get(now, name));
		chain_add_later_column(
			&is, name, incident_field(name)->type == INCIDENT_TEXT,
			stmt, i);
		if (strcmp(said.s ? said.s : "", is.s ? is.s : "") != 0)
			text_addf(&names, "%s%s", names.len ? ", " : "", name);
	}
	json_decref(object);
	if (names.len) {
		char *what = mem_printf("%s: %s", finding->what, names.s);

		free(finding->what);
		finding->what = what;
	}
	return rc < 0 ? -1 : 0;
}

static int complete_one(struct chain_walk *walk, struct chain_finding *finding,
			struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(walk->store, QUERY_ENTRY_GET);
	const char *kind, *content;
	int rc;

	store_bind_int(stmt, ":entry_id", finding->entry_id);
	rc = store_step(walk->store, stmt, err);
	if (rc <= 0)
		return rc;
	finding->incident_id = sqlite3_column_int64(stmt, 0);
	finding->at_s = sqlite3_column_int64(stmt, 1);
	kind = (const char *)sqlite3_column_text(stmt, 2);
	finding->kind = mem_strdup(kind ? kind : "");
	content = (const char *)sqlite3_column_text(stmt, 3);
	if (content && strcmp(finding->what, CHAIN_LATER_DIFFERS) == 0)
		return name_columns(walk, finding, content, err);
	return 0;
}

int chain_complete(struct chain_walk *walk, struct err *err)
{
	struct chain_report *report = walk->report;
	size_t i;

	for (i = 0; i < report->n_listed; i++)
		if (report->findings[i].entry_id &&
		    complete_one(walk, &report->findings[i], err) < 0)
			return -1;
	return 0;
}
