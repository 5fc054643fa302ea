/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/chain.h"

#include "lib/mem.h"
#include "schema/store_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- What is hashed ------------------------------------------------------ */

/* A value may be long, and there are many. */
static void add_number(struct text *out, uint64_t number)
{
	char digits[24];
	size_t i = sizeof(digits);

	do {
		digits[--i] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	text_add_bytes(out, digits + i, sizeof(digits) - i);
}

void chain_add_value(struct text *out, const char *name, char type,
		     const void *bytes, size_t len)
{
	const char mark[] = {':', type, ':'};

	text_add(out, name);
	text_add_bytes(out, mark, sizeof(mark));
	add_number(out, len);
	text_add_char(out, ':');
	text_add_bytes(out, bytes, len);
	text_add_char(out, '\n');
}

void chain_add_column_as(struct text *out, const char *name, sqlite3_stmt *stmt,
			 int i)
{
	static const char types[] = {
		[SQLITE_INTEGER] = 'i', [SQLITE_FLOAT] = 'r',
		[SQLITE_TEXT] = 't',    [SQLITE_BLOB] = 'b',
		[SQLITE_NULL] = 'n',
	};
	int type = sqlite3_column_type(stmt, i);
	const void *bytes = type == SQLITE_BLOB ? sqlite3_column_blob(stmt, i)
						: sqlite3_column_text(stmt, i);

	chain_add_value(out, name, types[type], bytes ? bytes : "",
			(size_t)sqlite3_column_bytes(stmt, i));
}

void chain_add_column(struct text *out, sqlite3_stmt *stmt, int i)
{
	chain_add_column_as(out, sqlite3_column_name(stmt, i), stmt, i);
}

static void add_field(struct text *out, const struct incident *incident,
		      const struct incident_field *field)
{
	const char *text;
	char number[24];

	if (field->type == INCIDENT_TEXT) {
		text = incident_text(incident, field);
		chain_add_value(out, field->name, 't', text, strlen(text));
		return;
	}
	snprintf(number, sizeof(number), "%" PRId64,
		 incident_int(incident, field));
	chain_add_value(out, field->name, 'i', number, strlen(number));
}

static void update(crypto_hash_sha256_state *state, const void *bytes,
		   size_t len)
{
	crypto_hash_sha256_update(state, bytes, len);
}

void chain_content_hash(unsigned char hash[CHAIN_HASH],
			const unsigned char salt[CHAIN_SALT],
			const void *content, size_t len)
{
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	update(&state, salt, CHAIN_SALT);
	update(&state, content, len);
	crypto_hash_sha256_final(&state, hash);
}

void chain_link_hash(unsigned char hash[CHAIN_HASH],
		     const struct chain_link *link)
{
	crypto_hash_sha256_state state;
	char content_sha256[CHAIN_HEX];
	char previous[CHAIN_HEX];
	char front[96];
	char back[2 * CHAIN_HEX + 2];

	sodium_bin2hex(content_sha256, CHAIN_HEX, link->content_sha256,
		       CHAIN_HASH);
	sodium_bin2hex(previous, CHAIN_HEX, link->previous, CHAIN_HASH);
	snprintf(front, sizeof(front),
		 "watcher-entry %" PRId64 " %" PRId64 " %" PRId64 " ",
		 link->entry_id, link->incident_id, link->at_s);
	snprintf(back, sizeof(back), " %s %s\n", content_sha256, previous);
	crypto_hash_sha256_init(&state);
	update(&state, front, strlen(front));
	update(&state, link->kind, link->kind_len);
	update(&state, back, strlen(back));
	crypto_hash_sha256_final(&state, hash);
}

/* --- Appending ----------------------------------------------------------- */

void chain_begin(struct store *store, int64_t now_s)
{
	store->chain.at_s = now_s;
	store->chain.entry_id = -1;
	store->chain.moved = false;
	store->chain.tells = false;
}

int64_t chain_now(const struct store *store)
{
	return store->chain.at_s;
}

void chain_moved(struct store *store)
{
	if (sqlite3_get_autocommit(store->db))
		abort();
	store->chain.moved = true;
}

/* Reads the head, once in a transaction: until its end nobody else writes. */
int chain_find_head(struct store *store, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ENTRY_LAST);
	const void *hash;
	int rc;

	if (store->chain.entry_id >= 0)
		return 0;
	rc = store_step(store, stmt, err);
	if (rc < 0)
		return -1;
	store->chain.entry_id = rc ? sqlite3_column_int64(stmt, 0) : 0;
	store->chain.found_id = store->chain.entry_id;
	memset(store->chain.hash, 0, CHAIN_HASH);
	hash = rc ? sqlite3_column_blob(stmt, 1) : NULL;
	/* One of another length was put there by hand: to record goes first,
	 * and to verify finds it. */
	if (hash && sqlite3_column_bytes(stmt, 1) == CHAIN_HASH)
		memcpy(store->chain.hash, hash, CHAIN_HASH);
	return 0;
}

/* The content that is hashed is not always the one that is kept. */
static int append(struct store *store, const struct chain_entry *entry,
		  const void *content, size_t len, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ENTRY_ADD);
	unsigned char salt[CHAIN_SALT];
	unsigned char content_sha256[CHAIN_HASH];
	struct chain_link link = {
		.incident_id = entry->incident_id,
		.at_s = entry->at_s,
		.kind = entry->kind,
		.kind_len = strlen(entry->kind),
		.content_sha256 = content_sha256,
		.previous = store->chain.hash,
	};
	unsigned char hash[CHAIN_HASH];

	chain_moved(store);
	if (chain_find_head(store, err) < 0)
		return -1;
	if (store->chain.entry_id == INT64_MAX)
		return err_set(err, ERR_STOP,
			       "store %s: its last entry has the highest "
			       "number there is",
			       store->path);
	link.entry_id = store->chain.entry_id + 1;
	randombytes_buf(salt, sizeof(salt));
	chain_content_hash(content_sha256, salt, content, len);
	chain_link_hash(hash, &link);
	store_bind_int(stmt, ":entry_id", link.entry_id);
	store_bind_int(stmt, ":incident_id", entry->incident_id);
	store_bind_int(stmt, ":at", entry->at_s);
	store_bind_text(stmt, ":kind", entry->kind);
	store_bind_text(stmt, ":content", entry->content);
	store_bind_blob(stmt, ":salt", salt, sizeof(salt));
	store_bind_blob(stmt, ":content_sha256", content_sha256, CHAIN_HASH);
	store_bind_blob(stmt, ":hash", hash, CHAIN_HASH);
	if (store_run(store, stmt, err) < 0)
		return -1;
	store->chain.entry_id = link.entry_id;
	memcpy(store->chain.hash, hash, CHAIN_HASH);
	return 0;
}

int chain_append(struct store *store, const struct chain_entry *entry,
		 struct err *err)
{
	return append(store, entry, entry->content, strlen(entry->content),
		      err);
}

int chain_append_json(struct store *store, struct chain_entry entry,
		      json_t *content, struct err *err)
{
	autofree char *dumped = json_dumps(content, JSON_COMPACT);

	json_decref(content);
	entry.content = dumped ? dumped : "{}";
	return chain_append(store, &entry, err);
}

int chain_append_incident(struct store *store, const struct incident *incident,
			  struct err *err)
{
	const struct chain_entry entry = {
		.incident_id = incident->incident_id,
		.at_s = incident->detected,
		.kind = "incident",
		.content = "",
	};
	autotext struct text content = {0};
	size_t i;

	for (i = 0; i < incident_n_fields; i++)
		if (incident_fields[i].recorded)
			add_field(&content, incident, &incident_fields[i]);
	return append(store, &entry, content.s, content.len, err);
}

int chain_adopt_incident(struct store *store, const struct chain_entry *entry,
			 struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_INCIDENT_RECORDED);
	autotext struct text content = {0};
	int i;

	store_bind_int(stmt, ":incident_id", entry->incident_id);
	if (store_step(store, stmt, err) < 0)
		return -1;
	for (i = 0; i < sqlite3_column_count(stmt); i++)
		chain_add_column(&content, stmt, i);
	return append(store, entry, content.s, content.len, err);
}

/* --- Rows in words ------------------------------------------------------- */

/* A value of the row; NULL: neither text nor an integer, or no UTF-8. */
static json_t *value_of(sqlite3_stmt *stmt, int i)
{
	switch (sqlite3_column_type(stmt, i)) {
	case SQLITE_INTEGER:
		return json_integer(sqlite3_column_int64(stmt, i));
	case SQLITE_TEXT:
		return json_stringn((const char *)sqlite3_column_text(stmt, i),
				    (size_t)sqlite3_column_bytes(stmt, i));
	default:
		return NULL;
	}
}

static bool is_default(sqlite3_stmt *stmt, int i)
{
	if (sqlite3_column_type(stmt, i) == SQLITE_INTEGER)
		return sqlite3_column_int64(stmt, i) == 0;
	return sqlite3_column_type(stmt, i) == SQLITE_TEXT &&
	       sqlite3_column_bytes(stmt, i) == 0;
}

static json_t *row_object(struct store *store, sqlite3_stmt *stmt,
			  bool with_defaults, struct err *err)
{
	json_t *object = json_object();
	int i;

	for (i = 0; i < sqlite3_column_count(stmt); i++) {
		const char *name = sqlite3_column_name(stmt, i);

		if ((with_defaults || !is_default(stmt, i)) &&
		    json_object_set_new(object, name, value_of(stmt, i)) < 0) {
			json_decref(object);
			err_set(err, ERR_STOP,
				"store %s: column %s holds what is no text",
				store->path, name);
			return NULL;
		}
	}
	return object;
}

json_t *chain_row(struct store *store, sqlite3_stmt *stmt, struct err *err)
{
	return row_object(store, stmt, true, err);
}

int chain_change(struct store *store, sqlite3_stmt *change,
		 struct chain_entry entry, json_t *content, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_INCIDENT_NOW);
	json_t *now = NULL;
	bool changed;

	chain_moved(store);
	store_bind_int(stmt, ":incident_id", entry.incident_id);
	if (store_tally_out(store, entry.incident_id, err) < 0 ||
	    store_run(store, change, err) < 0)
		goto fail;
	changed = sqlite3_changes(store->db) > 0;
	if (store_tally_in(store, entry.incident_id, err) < 0)
		goto fail;
	if (!changed) {
		json_decref(content);
		return 0;
	}
	if (store_step(store, stmt, err) < 0)
		goto fail;
	now = row_object(store, stmt, false, err);
	if (!now)
		goto fail;
	json_object_set_new(content, "now", now);
	return chain_append_json(store, entry, content, err) < 0 ? -1 : 1;
fail:
	json_decref(content);
	return -1;
}
