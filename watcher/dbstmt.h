/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A prepared statement of libmariadb: integers in, rows of integers and bytes
 * out, one row at a time. */
#ifndef WATCHER_DBSTMT_H
#define WATCHER_DBSTMT_H

#include "lib/err.h"

#include <mysql.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dbstmt;

/* Prepares it on the connection, which must outlive it. NULL and err. */
struct dbstmt *dbstmt_new(MYSQL *mysql, const char *sql, struct err *err);
void dbstmt_free(struct dbstmt *stmt);

/* The names of its columns, which live as long as the statement. */
size_t dbstmt_columns(const struct dbstmt *stmt);
const char *dbstmt_column(const struct dbstmt *stmt, size_t i);

/* Runs it with n parameters, as many as it has. Rows of a run before are
 * dropped. An answer is a sign of life (notify_alive()): a pass may take
 * minutes, as after an outage, but no statement does. */
int dbstmt_execute(struct dbstmt *stmt, const uint64_t *params, size_t n,
		   struct err *err);

/* 1: a row, 0: no more, -1. No other statement may run on the connection
 * until 0 or -1 came. */
int dbstmt_fetch(struct dbstmt *stmt, struct err *err);

/* How many rows it gave, in all of its runs. */
int64_t dbstmt_rows(const struct dbstmt *stmt);

/* Column i of the row that was fetched. NULL is `absent`, or "" of length
 * 0. Bytes are NUL-terminated and live until the next fetch. */
int64_t dbstmt_int(const struct dbstmt *stmt, size_t i, int64_t absent);
const char *dbstmt_bytes(const struct dbstmt *stmt, size_t i, size_t *len);

/* {name} in a statement's text, and what stands for it. A table's name, and a
 * number of columns or parameters, cannot be bound. */
struct dbstmt_macro {
	const char *name;
	const char *text;
};

/* The text with each {name} replaced; freed by the caller. The table ends with
 * an empty row. A name that is not in it is a fault of the program. */
char *dbstmt_expand(const char *sql, const struct dbstmt_macro *macros);

/* Turns the client library's error into ours: retry where the server is away
 * or busy, stop where a right or a table is missing. Returns -1. */
int dbstmt_error(unsigned code, const char *message, struct err *err);

#endif
