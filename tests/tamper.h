/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ways to alter a store behind watcher's back, at random places. */
#ifndef TESTS_TAMPER_H
#define TESTS_TAMPER_H

#include "lib/mem.h"
#include "schema/chain.h"
#include "schema/store_private.h"
#include "tests/chain_store.h"
#include "tests/unit.h"

#include <sqlite3.h>

#define WRITES 12 /* transactions of a whole store */

static uint64_t rng_state;
static struct err err;
static char done[512]; /* what was altered last, of columns */

static uint64_t rng(uint64_t n)
{
	rng_state ^= rng_state << 13;
	rng_state ^= rng_state >> 7;
	rng_state ^= rng_state << 17;
	return rng_state % n;
}

/* --- Databases ----------------------------------------------------------- */

static sqlite3 *open_db(const char *path)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

/* Whether it could be done. */
__attribute__((format(printf, 2, 3))) static bool run(sqlite3 *db,
						      const char *fmt, ...)
{
	autofree char *sql = NULL;
	va_list ap;

	va_start(ap, fmt);
	sql = mem_vprintf(fmt, ap);
	va_end(ap);
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

__attribute__((format(printf, 2, 3))) static sqlite3_stmt *
prepare(sqlite3 *db, const char *fmt, ...)
{
	autofree char *sql = NULL;
	sqlite3_stmt *stmt;
	va_list ap;

	va_start(ap, fmt);
	sql = mem_vprintf(fmt, ap);
	va_end(ap);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK,
		      "%s: %s", sqlite3_errmsg(db), sql);
	return stmt;
}

static int64_t number_of(sqlite3 *db, const char *what, const char *table)
{
	sqlite3_stmt *stmt = prepare(db, "SELECT %s FROM %s", what, table);
	int64_t n;

	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

static void copy_file(const char *from, const char *to)
{
	FILE *in = fopen(from, "r");
	FILE *out = fopen(to, "w");
	char buf[65536];
	size_t n;

	ck_assert(in && out);
	while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
		ck_assert_uint_eq(fwrite(buf, 1, n, out), n);
	fclose(in);
	ck_assert_int_eq(fclose(out), 0);
}

/* All into the one file, that it can be copied. */
static void flush(const char *path)
{
	sqlite3 *db = open_db(path);

	ck_assert(run(db, "PRAGMA wal_checkpoint(TRUNCATE)"));
	sqlite3_close(db);
}

static const char *const tables[] = {"entry", "incident", "coverage",
				     "not_owner", "seal"};

/* A row of a table, and a column. */
struct cell {
	const char *table;
	char column[32];
	char where[256];
};

static void choose_row(sqlite3 *db, struct cell *cell)
{
	int64_t n = number_of(db, "count(*)", cell->table);
	const char *key = strcmp(cell->table, "not_owner") == 0
				  ? "cluster, id_job, submitted"
				  : "rowid";

	snprintf(cell->where, sizeof(cell->where),
		 "(%s) = (SELECT %s FROM %s ORDER BY %s LIMIT 1 OFFSET %d)",
		 key, key, cell->table, key, (int)rng((uint64_t)n));
}

static struct cell choose_cell(sqlite3 *db)
{
	struct cell cell = {.table = tables[rng(LENGTH(tables))]};
	sqlite3_stmt *stmt;
	int i;

	choose_row(db, &cell);
	stmt = prepare(db, "SELECT * FROM %s", cell.table);
	i = (int)rng((uint64_t)sqlite3_column_count(stmt));
	snprintf(cell.column, sizeof(cell.column), "%s",
		 sqlite3_column_name(stmt, i));
	sqlite3_finalize(stmt);
	return cell;
}

static sqlite3_value *read_cell(sqlite3 *db, const struct cell *cell)
{
	sqlite3_stmt *stmt = prepare(db, "SELECT %s FROM %s WHERE %s",
				     cell->column, cell->table, cell->where);
	sqlite3_value *value = NULL;

	if (sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_value_dup(sqlite3_column_value(stmt, 0));
	sqlite3_finalize(stmt);
	return value;
}

static bool is_same(sqlite3_value *a, sqlite3_value *b)
{
	size_t len;

	if (!a || !b || sqlite3_value_type(a) != sqlite3_value_type(b))
		return false;
	len = (size_t)sqlite3_value_bytes(a);
	return len == (size_t)sqlite3_value_bytes(b) &&
	       (!len ||
		memcmp(sqlite3_value_blob(a), sqlite3_value_blob(b), len) == 0);
}

/* Puts a value into the cell; whether it is another one then. */
static bool write_cell(sqlite3 *db, const struct cell *cell, sqlite3_value *old,
		       sqlite3_stmt *stmt)
{
	/* It may have been the key. */
	int64_t before = sqlite3_total_changes(db);
	sqlite3_value *now;
	bool changed;

	snprintf(done, sizeof(done), "%s.%s of %s", cell->table, cell->column,
		 cell->where);
	sqlite3_step(stmt);
	if (sqlite3_finalize(stmt) != SQLITE_OK ||
	    sqlite3_total_changes(db) == before)
		return false;
	now = read_cell(db, cell);
	changed = !is_same(old, now);
	sqlite3_value_free(now);
	return changed;
}

static sqlite3_stmt *update(sqlite3 *db, const struct cell *cell,
			    const char *value)
{
	return prepare(db, "UPDATE %s SET %s = %s WHERE %s", cell->table,
		       cell->column, value, cell->where);
}

/* --- What is done to it -------------------------------------------------- */

/* One byte of a value, one bit of a number. */
static bool alter_byte(sqlite3 *db)
{
	struct cell cell = choose_cell(db);
	sqlite3_value *old = read_cell(db, &cell);
	int type = sqlite3_value_type(old);
	int len = sqlite3_value_bytes(old);
	autofree unsigned char *bytes = mem_alloc((size_t)len + 1, 1);
	sqlite3_stmt *stmt = update(db, &cell, "?");
	bool changed;

	if (len)
		memcpy(bytes, sqlite3_value_blob(old), (size_t)len);
	bytes[rng(len ? (uint64_t)len : 1)] ^= (unsigned char)(1 + rng(255));
	if (type == SQLITE_INTEGER)
		sqlite3_bind_int64(
			stmt, 1,
			(sqlite3_int64)((uint64_t)sqlite3_value_int64(old) ^
					UINT64_C(1) << rng(40)));
	else if (type == SQLITE_TEXT)
		sqlite3_bind_text(stmt, 1, (char *)bytes, len ? len : 1,
				  SQLITE_STATIC);
	else
		sqlite3_bind_blob(stmt, 1, bytes, len ? len : 1, SQLITE_STATIC);
	changed = write_cell(db, &cell, old, stmt);
	sqlite3_value_free(old);
	return changed;
}

/* The same in another type, or nearly the same. */
static bool alter_type(sqlite3 *db)
{
	static const char *const forms[] = {
		"NULL",
		"CAST(%s AS BLOB)",
		"CAST(%s AS TEXT)",
		"CAST(%s AS INTEGER)",
		"CAST(%s AS REAL)",
		"%s || char(0)",
		"%s || char(0) || 'x'",
		"char(0) || %s",
		"' ' || %s",
		"upper(%s)",
		"''",
		"0",
		"x''",
	};
	struct cell cell = choose_cell(db);
	sqlite3_value *old = read_cell(db, &cell);
	const char *form = forms[rng(LENGTH(forms))];
	const char *at = strstr(form, "%s");
	autofree char *value = at ? mem_printf("%.*s%s%s", (int)(at - form),
					       form, cell.column, at + 2)
				  : mem_strdup(form);
	bool changed = write_cell(db, &cell, old, update(db, &cell, value));

	sqlite3_value_free(old);
	return changed;
}

/* The values of two rows. */
static bool swap_values(sqlite3 *db)
{
	struct cell a = choose_cell(db);
	struct cell b = a;
	sqlite3_value *first, *second;
	sqlite3_stmt *stmt;
	bool changed = false;

	choose_row(db, &b);
	first = read_cell(db, &a);
	second = read_cell(db, &b);
	if (!is_same(first, second)) {
		stmt = update(db, &a, "?");
		sqlite3_bind_value(stmt, 1, second);
		changed = write_cell(db, &a, first, stmt);
		stmt = update(db, &b, "?");
		sqlite3_bind_value(stmt, 1, first);
		changed = write_cell(db, &b, second, stmt) && changed;
	}
	sqlite3_value_free(first);
	sqlite3_value_free(second);
	return changed;
}

static bool remove_row(sqlite3 *db)
{
	struct cell cell = choose_cell(db);

	return run(db, "DELETE FROM %s WHERE %s", cell.table, cell.where);
}

/* A row like another, under a number of its own. */
static bool add_row(sqlite3 *db)
{
	struct cell cell = choose_cell(db);
	const char *key = strcmp(cell.table, "coverage") == 0    ? "id"
			  : strcmp(cell.table, "not_owner") == 0 ? "id_job"
								 : NULL;
	autofree char *id =
		key ? mem_strdup(key) : mem_printf("%s_id", cell.table);
	bool is_incident = strcmp(cell.table, "incident") == 0;

	return run(db, "CREATE TEMP TABLE one AS SELECT * FROM %s WHERE %s",
		   cell.table, cell.where) &&
	       run(db, "UPDATE one SET %s = (SELECT max(%s) + 1 FROM %s)", id,
		   id, cell.table) &&
	       (!is_incident ||
		run(db, "UPDATE one SET id_job = id_job + 1000")) &&
	       run(db, "INSERT INTO %s SELECT * FROM temp.one", cell.table);
}

/* Two entries change places. */
static bool swap_entries(sqlite3 *db)
{
	int64_t n = number_of(db, "max(entry_id)", "entry");
	long long a = 1 + (long long)rng((uint64_t)n);
	long long b = 1 + (long long)rng((uint64_t)n);

	return a != b &&
	       run(db, "UPDATE entry SET entry_id = -1 WHERE entry_id = %lld",
		   a) &&
	       run(db, "UPDATE entry SET entry_id = %lld WHERE entry_id = %lld",
		   a, b) &&
	       run(db, "UPDATE entry SET entry_id = %lld WHERE entry_id = -1",
		   b);
}

/* Entry and hash go, and the numbers behind it move up. */
static bool close_up(sqlite3 *db)
{
	int64_t n = number_of(db, "max(entry_id)", "entry");
	long long a = 1 + (long long)rng((uint64_t)n);

	return run(db, "DELETE FROM entry WHERE entry_id = %lld", a) &&
	       run(db,
		   "UPDATE entry SET entry_id = -entry_id"
		   " WHERE entry_id > %lld",
		   a) &&
	       run(db, "UPDATE entry SET entry_id = -entry_id - 1"
		       " WHERE entry_id < 0") &&
	       a < n;
}

/* --- A chain that is made anew ------------------------------------------- */

/* What the content of an entry is hashed of. */
static void take_content(sqlite3 *db, sqlite3_stmt *entry, struct text *content)
{
	const char *kind = (const char *)sqlite3_column_text(entry, 3);
	sqlite3_stmt *stmt;
	int i;

	content->len = 0;
	if (strcmp(kind, "incident") != 0) {
		text_add(content, (const char *)sqlite3_column_text(entry, 4));
		return;
	}
	stmt = prepare(db, "%s", query_table[QUERY_INCIDENT_RECORDED].text);
	sqlite3_bind_int64(stmt, 1, sqlite3_column_int64(entry, 1));
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	for (i = 0; i < sqlite3_column_count(stmt); i++) {
		bool came_later = strcmp(sqlite3_column_name(stmt, i),
					 "script_sha256") == 0 &&
				  sqlite3_column_int64(entry, 6);

		if (came_later)
			text_add(content, "script_sha256:t:0:\n");
		else
			chain_add_column(content, stmt, i);
	}
	sqlite3_finalize(stmt);
}

/* Hashes entries from `from` on up to `to` as they are now. */
static void rehash(sqlite3 *db, int64_t from, int64_t to)
{
	autotext struct text content = {0};
	unsigned char content_sha256[CHAIN_HASH];
	unsigned char hash[CHAIN_HASH] = {0};
	sqlite3_stmt *entry = prepare(
		db,
		"SELECT entry_id, incident_id, at, kind, content, salt,"
		" EXISTS (SELECT 1 FROM entry AS later WHERE later.incident_id"
		" = entry.incident_id AND later.kind = 'script'), hash"
		" FROM entry ORDER BY entry_id");
	sqlite3_stmt *put =
		prepare(db, "UPDATE entry SET content_sha256 = ?, hash = ?"
			    " WHERE entry_id = ?");

	while (sqlite3_step(entry) == SQLITE_ROW) {
		struct chain_link link = {
			.entry_id = sqlite3_column_int64(entry, 0),
			.incident_id = sqlite3_column_int64(entry, 1),
			.at_s = sqlite3_column_int64(entry, 2),
			.kind = (const char *)sqlite3_column_text(entry, 3),
			.kind_len = (size_t)sqlite3_column_bytes(entry, 3),
			.content_sha256 = content_sha256,
			.previous = hash,
		};

		if (link.entry_id < from) {
			memcpy(hash, sqlite3_column_blob(entry, 7), CHAIN_HASH);
			continue;
		}
		if (link.entry_id > to)
			break;
		take_content(db, entry, &content);
		chain_content_hash(content_sha256,
				   sqlite3_column_blob(entry, 5), content.s,
				   content.len);
		chain_link_hash(hash, &link);
		sqlite3_bind_blob(put, 1, content_sha256, CHAIN_HASH,
				  SQLITE_STATIC);
		sqlite3_bind_blob(put, 2, hash, CHAIN_HASH, SQLITE_STATIC);
		sqlite3_bind_int64(put, 3, link.entry_id);
		ck_assert_int_eq(sqlite3_step(put), SQLITE_DONE);
		sqlite3_reset(put);
	}
	sqlite3_finalize(entry);
	sqlite3_finalize(put);
}

/* An entry that fits the one before it, and not the one behind. */
static bool rehash_one(sqlite3 *db)
{
	int64_t n = number_of(db, "max(entry_id)", "entry");
	int64_t id = 2 + (int64_t)rng((uint64_t)n - 1);

	if (!run(db, "UPDATE entry SET at = at + 1 WHERE entry_id = %lld",
		 (long long)id))
		return false;
	rehash(db, id, id);
	return true;
}

static bool rewrite(sqlite3 *db)
{
	int64_t n = number_of(db, "max(incident_id)", "incident");

	if (!run(db,
		 "UPDATE incident SET user = 'mallory' WHERE incident_id = "
		 "%lld",
		 (long long)(1 + rng((uint64_t)n))))
		return false;
	rehash(db, 1, INT64_MAX);
	return true;
}

static struct store *open_copy(sqlite3 *db)
{
	struct store *store =
		store_open(sqlite3_db_filename(db, "main"), NULL, 1, &err);

	ck_assert_msg(store != NULL, "%s", err.msg);
	return store;
}

/* And sealed by one who knows how. */
static bool rewrite_history(sqlite3 *db)
{
	struct store *store;

	if (!rewrite(db))
		return false;
	store = open_copy(db);
	ck_assert_int_eq(
		sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL),
		SQLITE_OK);
	chain_begin(store, 1700009999);
	store_tell(store);
	ck_assert_int_eq(store_commit(store, &err), 0);
	store_close(store);
	return true;
}

/* And sealed by the next writer, who does not know. */
static bool rewrite_unsealed(sqlite3 *db)
{
	struct store *store;

	if (!rewrite(db))
		return false;
	store = open_copy(db);
	ck_assert_int_eq(store_begin(store, 1700009999, &err), 0);
	chain_store_incident(store, 9999, 1700009999, "");
	ck_assert_int_eq(store_commit(store, &err), 0);
	store_close(store);
	return true;
}

/* The last entries go with what they tell of, before something is written. */
static bool cut_off(sqlite3 *db)
{
	long long n = (long long)number_of(db, "max(entry_id)", "entry");
	struct store *store;

	if (!run(db, "DELETE FROM entry WHERE entry_id > %lld",
		 n - 1 - (long long)rng((uint64_t)n - 1)))
		return false;
	store = open_copy(db);
	ck_assert_int_eq(store_begin(store, 1700009999, &err), 0);
	ck_assert_int_eq(store_commit(store, &err), 0);
	store_close(store);
	return true;
}

/* As it was after an earlier transaction, with rows, entries and seal. */
static bool go_back(sqlite3 *db)
{
	autofree char *path =
		mem_printf("%s/before-%d", unit_dir, (int)rng(WRITES - 1));

	copy_file(path, sqlite3_db_filename(db, "main"));
	return true;
}

static bool swap_store(sqlite3 *db)
{
	copy_file(unit_path("other.db"), sqlite3_db_filename(db, "main"));
	return true;
}

#endif
