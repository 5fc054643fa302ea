/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The store's history as a chain that shows what was altered: what the store's
 * files append to it, as watcher-chain(7) has it. */
#ifndef SCHEMA_CHAIN_H
#define SCHEMA_CHAIN_H

#include "lib/err.h"
#include "lib/text.h"
#include "schema/incident.h"
#include "schema/store.h"

#include <jansson.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdint.h>

#define CHAIN_SALT 16
#define CHAIN_HASH crypto_hash_sha256_BYTES
#define CHAIN_HEX (2 * CHAIN_HASH + 1)

/* incident_id 0: of none. content is UTF-8. */
struct chain_entry {
	int64_t incident_id;
	int64_t at_s;
	const char *kind;
	const char *content;
};

/* Appends an entry. All of these take a transaction, and abort() without one:
 * what is changed and what tells of it are committed together, or neither
 * is. */
int chain_append(struct store *store, const struct chain_entry *entry,
		 struct err *err);

/* The same; content is a JSON object, which is taken over and takes the place
 * of the entry's. */
int chain_append_json(struct store *store, struct chain_entry entry,
		      json_t *content, struct err *err);

/* The entry of an incident that was just recorded. */
int chain_append_incident(struct store *store, const struct incident *incident,
			  struct err *err);

/* Runs `change`, a statement that fills in columns of an incident, bound by the
 * caller, and appends the entry that tells of it, with the columns as they are
 * now. content is as above. 1; 0: the statement changed nothing and nothing is
 * told; -1. */
int chain_change(struct store *store, sqlite3_stmt *change,
		 struct chain_entry entry, json_t *content, struct err *err);

/* The time that the transaction was begun with. */
int64_t chain_now(const struct store *store);

/* The statement's row as a JSON object; NULL, and err: one of its texts is no
 * UTF-8. */
json_t *chain_row(struct store *store, sqlite3_stmt *stmt, struct err *err);

/* What is sealed is to be sealed anew when the transaction is committed; every
 * entry sees to that itself. */
void chain_moved(struct store *store);

/* --- For the store and the chain itself ---------------------------------- */

/* A transaction was begun. */
void chain_begin(struct store *store, int64_t now_s);

/* Before anything is appended in it: where the chain does not end as it was
 * sealed, an entry of kind broken says so, for ever. */
int chain_check_end(struct store *store, struct err *err);

/* Calls the one that store_on_broken() named, if that was found. */
int chain_tell_broken(struct store *store, struct err *err);

/* What was told in the transaction is committed. */
void chain_committed(struct store *store);

/* Before it is committed: seals the head. */
int chain_seal(struct store *store, struct err *err);

/* Before something is read of the head in store->chain. */
int chain_find_head(struct store *store, struct err *err);

/* The entry of an incident that is older than the chain, of its row. */
int chain_adopt_incident(struct store *store, const struct chain_entry *entry,
			 struct err *err);

/* The store was brought to this program's version from another, in this
 * transaction. The chain begins with version 5. */
int chain_migrated(struct store *store, int from, struct err *err);

/* --- What is hashed ------------------------------------------------------ */

/* Adds the line of one value: type i for an integer, t for text. */
void chain_add_value(struct text *out, const char *name, char type,
		     const void *bytes, size_t len);

/* Adds the line of a column of the statement's row, under its own name or
 * another. */
void chain_add_column(struct text *out, sqlite3_stmt *stmt, int i);
void chain_add_column_as(struct text *out, const char *name, sqlite3_stmt *stmt,
			 int i);

/* SHA-256 of salt and content. */
void chain_content_hash(unsigned char hash[CHAIN_HASH],
			const unsigned char salt[CHAIN_SALT],
			const void *content, size_t len);

/* What of an entry its hash is of. */
struct chain_link {
	int64_t entry_id;
	int64_t incident_id;
	int64_t at_s;
	const char *kind;
	size_t kind_len;
	const unsigned char *content_sha256;
	const unsigned char *previous;
};

void chain_link_hash(unsigned char hash[CHAIN_HASH],
		     const struct chain_link *link);

/* The line that is signed, "watcher-head ...", with its line feed; freed by the
 * caller. */
char *chain_head_line(const struct store_head *head);

/* SHA-256 of the line with the signature. */
void chain_seal_hash(unsigned char hash[CHAIN_HASH],
		     const struct store_head *head);

/* The lines of the spans that are being watched, freed by the caller; NULL and
 * err. */
char *chain_running(struct store *store, struct err *err);

#endif
