/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/store_prune.h"

#include "lib/mem.h"
#include "schema/chain.h"
#include "schema/store_private.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* A hash in hexadecimal is a script's name. */
#define NAME_LEN 64

/* Of the entries that are emptied: their numbers, "1-500,502", and the SHA-256
 * of their contents' hashes one after the other. */
struct gone {
	struct text entries;
	int64_t first; /* of the run that is not in the text yet; 0: none */
	int64_t last;
	crypto_hash_sha256_state state;
};

static void end_run(struct gone *gone)
{
	if (!gone->first)
		return;
	text_addf(&gone->entries, "%s%" PRId64, gone->entries.len ? "," : "",
		  gone->first);
	if (gone->last > gone->first)
		text_addf(&gone->entries, "-%" PRId64, gone->last);
	gone->first = 0;
}

static void add_entry(struct gone *gone, int64_t entry_id, const void *hash,
		      size_t len)
{
	crypto_hash_sha256_update(&gone->state, hash, len);
	if (gone->first && entry_id == gone->last + 1) {
		gone->last = entry_id;
		return;
	}
	end_run(gone);
	gone->first = entry_id;
	gone->last = entry_id;
}

/* What the tombstone says of the entries. */
static int find_entries(struct store *store, int64_t before_s, json_t *tomb,
			struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_PRUNABLE);
	unsigned char hash[CHAIN_HASH];
	char hex[CHAIN_HEX];
	struct gone gone = {0};
	int rc;

	crypto_hash_sha256_init(&gone.state);
	store_bind_int(stmt, ":before", before_s);
	while ((rc = store_step(store, stmt, err)) > 0)
		add_entry(&gone, sqlite3_column_int64(stmt, 0),
			  sqlite3_column_blob(stmt, 1),
			  (size_t)sqlite3_column_bytes(stmt, 1));
	end_run(&gone);
	crypto_hash_sha256_final(&gone.state, hash);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	json_object_set_new(tomb, "entries",
			    json_string(gone.entries.s ? gone.entries.s : ""));
	json_object_set_new(tomb, "sha256", json_string(hex));
	text_free(&gone.entries);
	return rc;
}

/* Runs a statement that forgets; *n: how many rows it did, may be NULL. */
static int forget(struct store *store, enum query query, int64_t before_s,
		  int64_t *n, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, query);

	store_bind_int(stmt, ":before", before_s);
	if (store_run(store, stmt, err) < 0)
		return -1;
	if (n)
		*n = sqlite3_changes(store->db);
	return 0;
}

/* The entries come first: which they are, the incidents say. */
static int forget_all(struct store *store, int64_t before_s,
		      struct store_prune *prune, struct err *err)
{
	if (forget(store, QUERY_PRUNE_ENTRIES, before_s, NULL, err) < 0 ||
	    forget(store, QUERY_PRUNE_ALERTS, before_s, NULL, err) < 0 ||
	    forget(store, QUERY_TALLY_PRUNE, before_s, NULL, err) < 0 ||
	    forget(store, QUERY_PRUNE_INCIDENTS, before_s, &prune->incidents,
		   err) < 0 ||
	    forget(store, QUERY_PRUNE_OTHERS, before_s, &prune->others, err) <
		    0 ||
	    forget(store, QUERY_PRUNE_LOST, before_s, &prune->lost, err) < 0)
		return -1;
	return forget(store, QUERY_PRUNE_WITNESS, before_s, NULL, err);
}

int store_prune(struct store *store, struct store_prune *prune, struct err *err)
{
	const struct chain_entry entry = {
		.at_s = chain_now(store),
		.kind = "pruned",
	};
	json_t *tomb = json_object();

	prune->at_s = entry.at_s;
	/* What is deleted is overwritten, too. */
	if (sqlite3_exec(store->db, "PRAGMA secure_delete = ON", NULL, NULL,
			 NULL) != SQLITE_OK) {
		json_decref(tomb);
		return store_error(store, "pruning", err);
	}
	if (find_entries(store, prune->before_s, tomb, err) < 0 ||
	    forget_all(store, prune->before_s, prune, err) < 0) {
		json_decref(tomb);
		return -1;
	}
	json_object_set_new(tomb, "before", json_integer(prune->before_s));
	json_object_set_new(tomb, "by", json_string(prune->by));
	json_object_set_new(tomb, "incidents", json_integer(prune->incidents));
	json_object_set_new(tomb, "others", json_integer(prune->others));
	json_object_set_new(tomb, "lost", json_integer(prune->lost));
	return chain_append_json(store, entry, tomb, err);
}

/* --- What lies beside the tables ------------------------------------------ */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Whether it is a script of no incident, or was never one in whole. */
static bool is_left_over(const struct text_list *scripts, const char *name)
{
	size_t len = strspn(name, "0123456789abcdef");

	if (len != NAME_LEN)
		return false;
	if (strcmp(name + len, ".new") == 0)
		return true;
	return !name[len] &&
	       (!scripts->n || !bsearch(&name, scripts->items, scripts->n,
					sizeof(*scripts->items), by_name));
}

static int read_scripts(struct store *store, struct text_list *scripts,
			struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_SCRIPTS);
	int rc;

	while ((rc = store_step(store, stmt, err)) > 0)
		text_list_add(scripts,
			      (const char *)sqlite3_column_text(stmt, 0));
	return rc;
}

static int remove_left_over(struct store *store,
			    const struct text_list *scripts, size_t *n,
			    struct err *err)
{
	autofree char *spool = store_script_path(store, "");
	struct dirent *entry;
	DIR *dir = opendir(spool);
	int rc = 0;

	if (!dir)
		return errno == ENOENT ? 0
				       : err_set(err, ERR_STOP, "%s: %s", spool,
						 strerror(errno));
	while (rc == 0 && (entry = readdir(dir)) != NULL) {
		if (!is_left_over(scripts, entry->d_name))
			continue;
		if (unlinkat(dirfd(dir), entry->d_name, 0) < 0)
			rc = err_set(err, ERR_STOP, "removing %s%s: %s", spool,
				     entry->d_name, strerror(errno));
		else
			(*n)++;
	}
	closedir(dir);
	return rc;
}

int store_prune_scripts(struct store *store, size_t *n, struct err *err)
{
	struct text_list scripts = {0};
	int rc = read_scripts(store, &scripts, err);

	*n = 0;
	if (rc == 0)
		rc = remove_left_over(store, &scripts, n, err);
	text_list_free(&scripts);
	return rc;
}

bool store_prune_log(struct store *store)
{
	return sqlite3_wal_checkpoint_v2(store->db, NULL,
					 SQLITE_CHECKPOINT_TRUNCATE, NULL,
					 NULL) == SQLITE_OK;
}

/* --- What was pruned ------------------------------------------------------ */

static int64_t number(const json_t *tomb, const char *name)
{
	return json_integer_value(json_object_get(tomb, name));
}

int store_prunes(struct store *store, store_prune_fn *fn, void *arg,
		 struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_PRUNES);
	int rc, done = 0;

	while (!done && (rc = store_step(store, stmt, err)) > 0) {
		const char *content =
			(const char *)sqlite3_column_text(stmt, 1);
		json_t *tomb = json_loads(content ? content : "", 0, NULL);
		const char *by = json_string_value(json_object_get(tomb, "by"));

		done = fn(
			&(struct store_prune){
				.at_s = sqlite3_column_int64(stmt, 0),
				.before_s = number(tomb, "before"),
				.by = by ? by : "",
				.incidents = number(tomb, "incidents"),
				.others = number(tomb, "others"),
				.lost = number(tomb, "lost"),
			},
			arg);
		json_decref(tomb);
	}
	return done ? 0 : rc;
}

static int keep_latest(const struct store_prune *prune, void *arg)
{
	int64_t *before_s = arg;

	if (prune->before_s > *before_s)
		*before_s = prune->before_s;
	return 0;
}

int store_pruned_before(struct store *store, int64_t *before_s, struct err *err)
{
	*before_s = 0;
	return store_prunes(store, keep_latest, before_s, err);
}

int store_is_pruned(struct store *store, int64_t ended_s, struct err *err)
{
	if (store->pruned_before_s < 0 &&
	    store_pruned_before(store, &store->pruned_before_s, err) < 0) {
		store->pruned_before_s = -1;
		return -1;
	}
	return ended_s < store->pruned_before_s;
}
