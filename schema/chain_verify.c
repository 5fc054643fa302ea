/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/chain_verify.h"

#include "lib/mem.h"
#include "schema/chain_walk.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- Findings ------------------------------------------------------------ */

/* Whether the one comes before the other in the report. */
static bool is_before(int64_t a, int64_t b)
{
	return a && (!b || a < b);
}

void chain_find(struct chain_walk *walk, int64_t entry_id, const char *fmt, ...)
{
	struct chain_report *report = walk->report;
	struct chain_finding *findings = report->findings;
	size_t i = report->n_listed;
	va_list ap;

	report->n_findings++;
	if (i == CHAIN_FINDINGS) {
		if (!is_before(entry_id, findings[i - 1].entry_id))
			return;
		free(findings[--i].what);
	} else {
		report->n_listed++;
	}
	for (; i && is_before(entry_id, findings[i - 1].entry_id); i--)
		findings[i] = findings[i - 1];
	va_start(ap, fmt);
	findings[i] = (struct chain_finding){
		.entry_id = entry_id,
		.what = mem_vprintf(fmt, ap),
	};
	va_end(ap);
}

void chain_report_finish(struct chain_report *report)
{
	size_t i;

	for (i = 0; i < report->n_listed; i++) {
		free(report->findings[i].kind);
		free(report->findings[i].what);
	}
	report->n_listed = 0;
}

/* --- One entry ----------------------------------------------------------- */

/* Types that SQLite does not enforce, and a hash would not show. */
static const struct column {
	int i;
	int type;
	int len; /* 0: any */
	const char *wanted;
} columns[] = {
	{CHAIN_INCIDENT_ID, SQLITE_INTEGER, 0, "an integer"},
	{CHAIN_AT, SQLITE_INTEGER, 0, "an integer"},
	{CHAIN_KIND, SQLITE_TEXT, 0, "a text"},
	{CHAIN_CONTENT, SQLITE_TEXT, 0, "a text"},
	{CHAIN_SALT_OF, SQLITE_BLOB, CHAIN_SALT, "16 bytes"},
	{CHAIN_CONTENT_SHA256, SQLITE_BLOB, CHAIN_HASH, "32 bytes"},
	{CHAIN_HASH_OF, SQLITE_BLOB, CHAIN_HASH, "32 bytes"},
};

static bool has_type(sqlite3_stmt *stmt, const struct column *column)
{
	int type = sqlite3_column_type(stmt, column->i);

	/* What was pruned has no salt. */
	if (column->i == CHAIN_SALT_OF && type == SQLITE_NULL)
		return true;
	return type == column->type &&
	       (!column->len ||
		sqlite3_column_bytes(stmt, column->i) == column->len);
}

static bool check_types(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	size_t i;

	for (i = 0; i < LENGTH(columns); i++) {
		if (has_type(stmt, &columns[i]))
			continue;
		chain_find(walk, sqlite3_column_int64(stmt, 0),
			   "its %s is not %s",
			   sqlite3_column_name(stmt, columns[i].i),
			   columns[i].wanted);
		return false;
	}
	return true;
}

static void check_link(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	const struct chain_link link = {
		.entry_id = sqlite3_column_int64(stmt, CHAIN_ENTRY_ID),
		.incident_id = sqlite3_column_int64(stmt, CHAIN_INCIDENT_ID),
		.at_s = sqlite3_column_int64(stmt, CHAIN_AT),
		.kind = (const char *)sqlite3_column_text(stmt, CHAIN_KIND),
		.kind_len = (size_t)sqlite3_column_bytes(stmt, CHAIN_KIND),
		.content_sha256 =
			sqlite3_column_blob(stmt, CHAIN_CONTENT_SHA256),
		.previous = walk->hash,
	};
	unsigned char hash[CHAIN_HASH];

	chain_link_hash(hash, &link);
	if (memcmp(hash, sqlite3_column_blob(stmt, CHAIN_HASH_OF),
		   CHAIN_HASH) != 0)
		chain_find(walk, link.entry_id,
			   "its hash is not that of what it says and of the "
			   "entry before");
}

/* Whether walk->content is what was hashed. */
static bool is_content(const struct chain_walk *walk, sqlite3_stmt *stmt)
{
	unsigned char hash[CHAIN_HASH];

	chain_content_hash(hash, sqlite3_column_blob(stmt, CHAIN_SALT_OF),
			   walk->content.s, walk->content.len);
	return memcmp(hash, sqlite3_column_blob(stmt, CHAIN_CONTENT_SHA256),
		      CHAIN_HASH) == 0;
}

/* The content of an incident's entry, of its row; as it was before the script
 * came, if it did. */
static void take_row(struct chain_walk *walk, sqlite3_stmt *stmt,
		     bool with_script)
{
	int i;

	walk->content.len = 0;
	for (i = CHAIN_RECORDED; i < CHAIN_FILLED_IN; i++)
		if (i == CHAIN_SCRIPT_OF && !with_script)
			chain_add_value(&walk->content, "script_sha256", 't',
					"", 0);
		else
			chain_add_column_as(&walk->content, walk->names[i],
					    stmt, i);
}

static bool has_row(sqlite3_stmt *stmt)
{
	return sqlite3_column_type(stmt, CHAIN_RECORDED) != SQLITE_NULL;
}

/* Whether the incident's row is as it was recorded. */
static bool check_incident(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	int64_t entry_id = sqlite3_column_int64(stmt, CHAIN_ENTRY_ID);
	bool script_came_later = false;

	if (!has_row(stmt)) {
		chain_find(walk, entry_id, "the row of its incident is gone");
		return false;
	}
	walk->report->incidents++;
	if (sqlite3_column_bytes(stmt, CHAIN_CONTENT))
		chain_find(walk, entry_id,
			   "it has content beside the row of "
			   "its incident");
	take_row(walk, stmt, true);
	if (!is_content(walk, stmt)) {
		take_row(walk, stmt, false);
		script_came_later = true;
		if (!is_content(walk, stmt)) {
			chain_find(walk, entry_id,
				   "the row of its incident is not what was "
				   "recorded");
			return false;
		}
	}
	chain_note_incident(walk, stmt, script_came_later);
	return true;
}

static void check_pruned(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	int64_t entry_id = sqlite3_column_int64(stmt, CHAIN_ENTRY_ID);

	if (sqlite3_column_bytes(stmt, CHAIN_CONTENT))
		chain_find(walk, entry_id, "it has content, and no salt");
	else if (has_row(stmt))
		chain_find(walk, entry_id,
			   "it was pruned, and the row of its incident is "
			   "there");
	chain_ranges_add(&walk->pruned, entry_id, entry_id);
	walk->report->pruned++;
}

static bool is_kind(sqlite3_stmt *stmt, const char *kind)
{
	return strcmp((const char *)sqlite3_column_text(stmt, CHAIN_KIND),
		      kind) == 0;
}

static void check_content(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	bool is_good;

	if (sqlite3_column_type(stmt, CHAIN_SALT_OF) == SQLITE_NULL) {
		check_pruned(walk, stmt);
		return;
	}
	if (is_kind(stmt, "incident")) {
		is_good = check_incident(walk, stmt);
	} else {
		walk->content.len = 0;
		text_add_bytes(
			&walk->content,
			sqlite3_column_text(stmt, CHAIN_CONTENT),
			(size_t)sqlite3_column_bytes(stmt, CHAIN_CONTENT));
		is_good = is_content(walk, stmt);
		if (!is_good)
			chain_find(walk,
				   sqlite3_column_int64(stmt, CHAIN_ENTRY_ID),
				   "its content is not what was written");
	}
	chain_note(walk, stmt, is_good);
}

/* What the writer found before it went on is found for ever. */
static void check_unbroken(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	const void *text = sqlite3_column_text(stmt, CHAIN_CONTENT);
	json_t *content;
	const char *what;

	if (!is_kind(stmt, "broken"))
		return;
	content = json_loadb(text,
			     (size_t)sqlite3_column_bytes(stmt, CHAIN_CONTENT),
			     0, NULL);
	what = json_string_value(json_object_get(content, "what"));
	chain_find(walk, sqlite3_column_int64(stmt, CHAIN_ENTRY_ID),
		   "the chain was found broken then, and went on: %s",
		   what ? what : "nothing says how");
	json_decref(content);
}

/* Incidents are recorded one after the other, each once. */
static void check_order(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	int64_t entry_id = sqlite3_column_int64(stmt, CHAIN_ENTRY_ID);
	int64_t incident_id = sqlite3_column_int64(stmt, CHAIN_INCIDENT_ID);
	bool began = is_kind(stmt, "began");

	if (began != (entry_id == 1))
		chain_find(walk, entry_id,
			   began ? "the chain begins anew with it"
				 : "the chain does not begin with which store "
				   "it is");
	if (!is_kind(stmt, "incident"))
		return;
	if (incident_id <= walk->last_incident)
		chain_find(walk, entry_id,
			   "it begins an incident that was there before");
	else
		walk->last_incident = incident_id;
}

/* Whether a head that was kept is this entry's. */
static void compare_kept(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	struct chain_report *report = walk->report;
	char hex[CHAIN_HEX];
	size_t i;

	if (!report->n_kept)
		return;
	sodium_bin2hex(hex, sizeof(hex), walk->hash, CHAIN_HASH);
	for (i = 0; i < report->n_kept; i++) {
		struct chain_kept *kept = &report->kept[i];

		if (strncmp(hex, kept->hash, strlen(kept->hash)) != 0)
			continue;
		kept->entry_id = walk->last_id;
		kept->at_s = sqlite3_column_int64(stmt, CHAIN_AT);
	}
}

static void note_missing(struct chain_walk *walk, int64_t to)
{
	int64_t from = walk->last_id + 1;

	if (from == to)
		chain_find(walk, from, "it is missing");
	else
		chain_find(walk, from, "it is missing, with all up to %" PRId64,
			   to);
}

/* The hash that the next entry goes on from: findings are to stay where they
 * are. */
static void take_hash(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	memset(walk->hash, 0, CHAIN_HASH);
	if (sqlite3_column_bytes(stmt, CHAIN_HASH_OF) == CHAIN_HASH)
		memcpy(walk->hash, sqlite3_column_blob(stmt, CHAIN_HASH_OF),
		       CHAIN_HASH);
}

static void check_entry(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	int64_t entry_id = sqlite3_column_int64(stmt, CHAIN_ENTRY_ID);
	bool follows = entry_id == walk->last_id + 1;

	if (entry_id < 1) {
		chain_find(walk, entry_id, "it stands before the first");
		return;
	}
	if (!follows)
		note_missing(walk, entry_id - 1);
	if (!walk->report->entries++)
		walk->report->since_s = sqlite3_column_int64(stmt, CHAIN_AT);
	walk->report->until_s = sqlite3_column_int64(stmt, CHAIN_AT);
	walk->last_id = entry_id;
	if (!check_types(walk, stmt)) {
		take_hash(walk, stmt);
		return;
	}
	if (follows)
		check_link(walk, stmt);
	take_hash(walk, stmt);
	check_unbroken(walk, stmt);
	check_order(walk, stmt);
	check_content(walk, stmt);
	compare_kept(walk, stmt);
}

/* --- All of it ----------------------------------------------------------- */

static void check_all_pruned(struct chain_walk *walk)
{
	size_t i;

	chain_ranges_sort(&walk->told_pruned);
	for (i = 0; i < walk->pruned.n; i++) {
		const struct chain_range *range = &walk->pruned.ranges[i];
		int64_t id = range->from, next;

		for (; id <= range->to; id = next) {
			next = chain_ranges_gap(&walk->told_pruned, id);
			if (next > id)
				continue;
			chain_find(walk, id,
				   "its content is gone, and no entry after it "
				   "says that it was pruned");
			next = id + 1;
		}
	}
}

static void check_kept(struct chain_walk *walk)
{
	const struct chain_report *report = walk->report;
	size_t i;

	for (i = 0; i < report->n_kept; i++)
		if (!report->kept[i].entry_id)
			chain_find(walk, 0,
				   "no entry has the hash %s: the chain was "
				   "cut or written anew since, or is another "
				   "store's",
				   report->kept[i].hash);
}

static void name_columns(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	int i;

	if (sqlite3_column_count(stmt) != CHAIN_COLUMNS)
		abort();
	for (i = 0; i < CHAIN_COLUMNS; i++) {
		walk->names[i] = sqlite3_column_name(stmt, i);
		walk->is_text[i] =
			i >= CHAIN_FILLED_IN &&
			incident_field(walk->names[i])->type == INCIDENT_TEXT;
	}
}

static int walk_all(struct chain_walk *walk, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(walk->store, QUERY_CHAIN_WALK);
	int rc;

	if (stmt)
		name_columns(walk, stmt);
	while ((rc = store_step(walk->store, stmt, err)) > 0)
		check_entry(walk, stmt);
	if (rc == 0)
		check_all_pruned(walk);
	return rc;
}

static int check_all(struct chain_walk *walk, struct err *err)
{
	if (chain_check_schema(walk, err) < 0 ||
	    store_head(walk->store, &walk->report->head, err) < 0 ||
	    walk_all(walk, err) < 0 || chain_check_rows(walk, err) < 0 ||
	    chain_check_seal(walk, err) < 0 ||
	    chain_check_indexes(walk, err) < 0)
		return -1;
	check_kept(walk);
	return chain_complete(walk, err);
}

int chain_verify(struct store *store, struct chain_report *report,
		 struct err *err)
{
	struct chain_walk walk = {.store = store, .report = report};
	int rc;

	if (store_begin_read(store, err) < 0)
		return -1;
	rc = check_all(&walk, err);
	if (rc < 0 && store->damage[0]) {
		chain_find(&walk, 0, "it cannot be read to its end: %s",
			   store->damage);
		rc = 0;
	}
	store_rollback(store);
	chain_book_free(&walk.book);
	chain_ranges_free(&walk.pruned);
	chain_ranges_free(&walk.told_pruned);
	text_free(&walk.content);
	return rc;
}
