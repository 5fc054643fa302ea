/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the store share: the connection and its statements. */
#ifndef SCHEMA_STORE_PRIVATE_H
#define SCHEMA_STORE_PRIVATE_H

#include "query.h"
#include "schema/store.h"

#include <sqlite3.h>

struct store {
	char *path;
	sqlite3 *db;
	sqlite3_stmt *prepared[QUERY_N]; /* NULL: not yet */
	int lock_fd;
	char *spool;          /* its path, once it was needed */
	bool spool_unsynced;  /* names in it may not be on the disk yet */
	struct sign_key *key; /* NULL: heads are not signed */
	struct {
		int64_t at_s;     /* what time it is */
		int64_t entry_id; /* the last entry; -1: not read yet */
		int64_t found_id; /* the last one before, once it is read */
		unsigned char hash[32];
		bool moved;      /* the head is to be sealed */
		bool tells;      /* and told to the log */
	} chain;                 /* of the transaction */
	int64_t pruned_before_s; /* as it is in it; -1: not read yet */
	char damage[128];        /* what of the file's content keeps it from
				    being read; empty: nothing is known to */
	store_commit_fn *before_commit; /* NULL: none */
	const void *before_commit_arg;
	struct {
		store_broken_fn *fn;
		void *arg;
		char *what; /* NULL: there is nothing to tell */
		int64_t entry_id;
		int64_t at_s;
		bool told; /* in this transaction */
	} broken;
};

static inline void store_stmt_reset(sqlite3_stmt **stmt)
{
	if (!*stmt)
		return;
	sqlite3_reset(*stmt);
	sqlite3_clear_bindings(*stmt);
}

/* A local statement that is reset when it goes out of scope. */
#define autoreset __attribute__((cleanup(store_stmt_reset)))

/* The statement, made ready unless it is: a writer has them all from the first,
 * a report few. NULL if that fails, which binding takes and store_step() or
 * store_run() tells. */
sqlite3_stmt *store_stmt(struct store *store, enum query query);

/* Binds a parameter by its name with the colon; one that the statement does
 * not have is a fault of the program. Text NULL binds NULL, and must live
 * until the statement is reset. */
void store_bind_int(sqlite3_stmt *stmt, const char *name, int64_t value);
void store_bind_text(sqlite3_stmt *stmt, const char *name, const char *text);
void store_bind_blob(sqlite3_stmt *stmt, const char *name, const void *bytes,
		     size_t len);

/* Binds :last to the last second that a filter's `until` lets through: with no
 * end it is any, as a database's times may be. */
void store_bind_last(sqlite3_stmt *stmt, int64_t until);

/* 1: a row, 0: done, -1. */
int store_step(struct store *store, sqlite3_stmt *stmt, struct err *err);

/* For a statement that gives no rows: 0, -1. */
int store_run(struct store *store, sqlite3_stmt *stmt, struct err *err);

/* "wtch": tells a store from other SQLite files (PRAGMA application_id). */
#define STORE_APPLICATION_ID 0x77746368

/* Whether it is a regular file, or none: to open another, or to read it, may
 * take for ever. 0, -1. */
int store_check_file(const char *path, struct err *err);

/* `name` is the path, or a URI of it. */
struct store *store_open_any(const char *path, const char *name, int flags,
			     struct err *err);

/* The value of a PRAGMA; -1 and err on failure, which no such value is. */
int64_t store_pragma(struct store *store, const char *sql, struct err *err);

/* 0 for an empty file, the version of a store, -1 for anything else. */
int64_t store_version_of(struct store *store, struct err *err);

/* Begins what is to be read as it is now; store_rollback() ends it. */
int store_begin_read(struct store *store, struct err *err);

/* Lets others see by fcntl(2) that this process has the lock. To ask so keeps
 * nobody from taking it, and the answer is the kernel's. */
void store_life_sign(int fd);

/* A comma list as a JSON array, freed by the caller; NULL for NULL. */
char *store_json_list(const char *csv);

/* Gives what root made, an open file or folder, to the owner of the folder the
 * store is in: the service must be able to write it. */
void store_adopt(struct store *store, int fd);

/* Makes sure that the names of the spool's files are on the disk. */
int store_spool_sync(struct store *store, struct err *err);

/* Whether what ended then was pruned, or would have been: 1, 0, -1. For a
 * transaction. */
int store_is_pruned(struct store *store, int64_t ended_s, struct err *err);

/* Running counts: an incident that is to change does not count any more, and
 * does again as it is then; a gap, or a lost job, does. */
int store_tally_out(struct store *store, int64_t incident_id, struct err *err);
int store_tally_in(struct store *store, int64_t incident_id, struct err *err);
int store_tally_span(struct store *store, const struct store_span *span,
		     struct err *err);

/* Adds a span as it is. */
int store_span_add(struct store *store, const struct store_span *span,
		   struct err *err);

/* Turns SQLite's last error into ours: busy is to be tried again, a disk that
 * is full or read-only as well (it may be mended), anything else needs a
 * person. Returns -1. */
int store_error(struct store *store, const char *what, struct err *err);

#endif
