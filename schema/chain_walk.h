/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that verify a store share. */
#ifndef SCHEMA_CHAIN_WALK_H
#define SCHEMA_CHAIN_WALK_H

#include "lib/text.h"
#include "schema/chain.h"
#include "schema/chain_book.h"
#include "schema/chain_pruned.h"
#include "schema/chain_verify.h"
#include "schema/store_private.h"

/* The columns of chain_walk.sql. */
enum {
	CHAIN_ENTRY_ID,
	CHAIN_INCIDENT_ID,
	CHAIN_AT,
	CHAIN_KIND,
	CHAIN_CONTENT,
	CHAIN_SALT_OF,
	CHAIN_CONTENT_SHA256,
	CHAIN_HASH_OF,
	CHAIN_RECORDED, /* the first of those recorded with the incident */
	CHAIN_SCRIPT_OF = CHAIN_RECORDED + 32,
	CHAIN_FILLED_IN = CHAIN_RECORDED + 34,
	CHAIN_COLUMNS = CHAIN_FILLED_IN + 14,
};

struct chain_walk {
	struct store *store;
	struct chain_report *report;
	struct chain_book book;
	struct chain_ranges pruned;      /* entries without content */
	struct chain_ranges told_pruned; /* and those that are said to be */
	int64_t last_id;
	int64_t last_incident;
	unsigned char hash[CHAIN_HASH]; /* of the last, as it is stored */
	struct text content;            /* of one at a time */
	/* Of the statement: asked once, there are many rows. */
	const char *names[CHAIN_COLUMNS];
	bool is_text[CHAIN_COLUMNS]; /* that are filled in later */
};

/* Notes what is wrong with an entry; 0: with none. */
void chain_find(struct chain_walk *walk, int64_t entry_id, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* What is noted where columns that are filled in later are not what the last
 * entry says; which ones is added in the end. */
#define CHAIN_LATER_DIFFERS "the row of its incident is not what it says"

/* --- What entries say ---------------------------------------------------- */

/* Makes a note of what an entry that is as it was written says of rows that
 * change. walk: the statement's row. */
void chain_note_incident(struct chain_walk *walk, sqlite3_stmt *stmt,
			 bool script_came_later);
void chain_note(struct chain_walk *walk, sqlite3_stmt *stmt, bool is_good);

/* Adds the line of a column that is filled in later, from an entry and from a
 * row; nothing if it is not. */
void chain_add_later(struct text *out, const char *name, const json_t *value);
void chain_add_later_column(struct text *out, const char *name, bool is_text,
			    sqlite3_stmt *stmt, int i);

/* --- And what is there --------------------------------------------------- */

int chain_check_schema(struct chain_walk *walk, struct err *err);
int chain_check_rows(struct chain_walk *walk, struct err *err);
int chain_check_seal(struct chain_walk *walk, struct err *err);
int chain_check_indexes(struct chain_walk *walk, struct err *err);

/* Puts what is known of the entries to the findings. */
int chain_complete(struct chain_walk *walk, struct err *err);

#endif
