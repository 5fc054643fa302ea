/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The head of the chain, sealed and signed with each commit that moves it. */
#include "lib/mem.h"
#include "schema/chain.h"
#include "schema/store_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The store's own number, which its first entry gave it. One without that entry
 * does not verify, but goes on. */
static int find_store_id(struct store *store, char id[STORE_ID_SIZE],
			 struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ENTRY_FIRST);
	json_t *content = NULL;
	const char *found = NULL;
	int rc = store_step(store, stmt, err);

	if (rc < 0)
		return -1;
	if (rc > 0)
		content = json_loads((const char *)sqlite3_column_text(stmt, 0),
				     0, NULL);
	found = json_string_value(json_object_get(content, "store"));
	if (!found || strlen(found) != STORE_ID_SIZE - 1)
		found = "00000000000000000000000000000000";
	memcpy(id, found, STORE_ID_SIZE);
	json_decref(content);
	return 0;
}

char *chain_running(struct store *store, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_COVERAGE_RUNNING);
	struct text lines = {0};
	int rc;

	while ((rc = store_step(store, stmt, err)) > 0)
		text_add(&lines, (const char *)sqlite3_column_text(stmt, 0));
	if (rc == 0)
		return text_take(&lines);
	text_free(&lines);
	return NULL;
}

char *chain_head_line(const struct store_head *head)
{
	return mem_printf("watcher-head %s %" PRId64 " %s %" PRId64 " %" PRId64
			  " %s\n",
			  head->store_id, head->entries, head->hash, head->at_s,
			  head->told_s, head->spans_sha256);
}

char *store_head_line(const struct store_head *head)
{
	autofree char *line = chain_head_line(head);

	line[strcspn(line, "\n")] = '\0';
	return mem_printf("%s %s", line,
			  head->signature[0] ? head->signature : "-");
}

static void hash_of(unsigned char hash[CHAIN_HASH], const char *text)
{
	crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
}

void chain_seal_hash(unsigned char hash[CHAIN_HASH],
		     const struct store_head *head)
{
	autofree char *told = store_head_line(head);
	autofree char *line = mem_printf("%s\n", told);

	hash_of(hash, line);
}

/* The head of the row. */
static void read_seal(sqlite3_stmt *stmt, struct store_head *head)
{
	unsigned char spans_sha256[CHAIN_HASH];
	const unsigned char *spans = sqlite3_column_text(stmt, 3);
	const void *hash = sqlite3_column_blob(stmt, 2);
	const void *signature = sqlite3_column_blob(stmt, 5);

	head->at_s = sqlite3_column_int64(stmt, 0);
	head->entries = sqlite3_column_int64(stmt, 1);
	if (hash && sqlite3_column_bytes(stmt, 2) == CHAIN_HASH)
		sodium_bin2hex(head->hash, sizeof(head->hash), hash,
			       CHAIN_HASH);
	hash_of(spans_sha256, spans ? (const char *)spans : "");
	sodium_bin2hex(head->spans_sha256, sizeof(head->spans_sha256),
		       spans_sha256, CHAIN_HASH);
	head->told_s = sqlite3_column_int64(stmt, 4);
	if (signature && sqlite3_column_bytes(stmt, 5) == SIGN_BYTES)
		sodium_bin2hex(head->signature, sizeof(head->signature),
			       signature, SIGN_BYTES);
}

int store_head(struct store *store, struct store_head *head, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_SEAL_GET);
	int rc;

	*head = (struct store_head){0};
	if (find_store_id(store, head->store_id, err) < 0)
		return -1;
	rc = store_step(store, stmt, err);
	if (rc > 0)
		read_seal(stmt, head);
	return rc;
}

/* Puts a head into the place of the last one. */
static int put_seal(struct store *store, struct store_head *head,
		    const char *spans, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_SEAL_PUT);
	autofree char *line = chain_head_line(head);
	unsigned char signature[SIGN_BYTES];
	unsigned char sha256[CHAIN_HASH];

	if (store->key) {
		sign(store->key, line, strlen(line), signature);
		sodium_bin2hex(head->signature, sizeof(head->signature),
			       signature, SIGN_BYTES);
		store_bind_blob(stmt, ":signature", signature, SIGN_BYTES);
	}
	chain_seal_hash(sha256, head);
	store_bind_int(stmt, ":at", head->at_s);
	store_bind_int(stmt, ":entry_id", head->entries);
	store_bind_blob(stmt, ":hash", store->chain.hash, CHAIN_HASH);
	store_bind_text(stmt, ":spans", spans);
	store_bind_int(stmt, ":told_at", head->told_s);
	store_bind_blob(stmt, ":sha256", sha256, CHAIN_HASH);
	return store_run(store, stmt, err);
}

int chain_seal(struct store *store, struct err *err)
{
	autofree char *spans = NULL;
	unsigned char spans_sha256[CHAIN_HASH];
	struct store_head head;

	if (!store->chain.moved)
		return 0;
	if (store_head(store, &head, err) < 0 ||
	    chain_find_head(store, err) < 0)
		return -1;
	spans = chain_running(store, err);
	if (!spans)
		return -1;
	head.at_s = store->chain.at_s;
	head.entries = store->chain.entry_id;
	sodium_bin2hex(head.hash, sizeof(head.hash), store->chain.hash,
		       CHAIN_HASH);
	if (store->chain.tells)
		head.told_s = store->chain.at_s;
	hash_of(spans_sha256, spans);
	sodium_bin2hex(head.spans_sha256, sizeof(head.spans_sha256),
		       spans_sha256, CHAIN_HASH);
	head.signature[0] = '\0';
	return put_seal(store, &head, spans, err);
}

void store_tell(struct store *store)
{
	chain_moved(store);
	store->chain.tells = true;
}
