/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/dbstmt.h"

#include "lib/mem.h"
#include "lib/notify.h"
#include "lib/text.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <string.h>

/* Room for a text at first; a longer one is fetched again with room enough. */
#define TEXT_ROOM 256

struct column {
	char *name;
	bool is_int;
	int64_t number;
	char *bytes;
	size_t cap;
	unsigned long len;
	my_bool null;
	my_bool truncated;
};

struct dbstmt {
	MYSQL_STMT *stmt;
	MYSQL_BIND *binds;
	struct column *columns;
	size_t n_columns;
	int64_t told_ms; /* the watchdog, that it was answered */
	int64_t rows;    /* that it gave */
};

/* Errors after which the same thing may work, and those an admin has to
 * mend; what is not listed is to be tried again. */
static const struct {
	unsigned code;
	enum err_kind kind;
	const char *hint;
} errors[] = {
	{ER_ACCESS_DENIED_ERROR, ERR_STOP,
	 "check user and password_file under [slurmdbd]; an account that is "
	 "identified by unix_socket is for the system user of its name"},
	{ER_ACCESS_DENIED_NO_PASSWORD_ERROR, ERR_STOP,
	 "an account that is identified by unix_socket is for the system user "
	 "of its name: become that user, as with `runuser -u watcher --`"},
	{ER_DBACCESS_DENIED_ERROR, ERR_STOP,
	 "if the name is right, run conf/grants.sql as the database's admin"},
	{ER_TABLEACCESS_DENIED_ERROR, ERR_STOP,
	 "if the name is right, run conf/grants.sql as the database's admin"},
	{ER_COLUMNACCESS_DENIED_ERROR, ERR_STOP,
	 "if the name is right, run conf/grants.sql as the database's admin"},
	{ER_BAD_DB_ERROR, ERR_STOP,
	 "check database under [slurmdbd], or StorageLoc in slurmdbd.conf"},
	{ER_NO_SUCH_TABLE, ERR_STOP,
	 "is this slurmdbd's database, and the cluster's name right?"},
	{ER_KEY_DOES_NOT_EXISTS, ERR_STOP,
	 "slurmdbd makes this index; without it a look would scan the table"},
	{CR_CONN_HOST_ERROR, ERR_RETRY,
	 "check host and port, or socket, under [slurmdbd], and that MariaDB "
	 "runs there"},
	{CR_CONNECTION_ERROR, ERR_RETRY,
	 "check host and port, or socket, under [slurmdbd], and that MariaDB "
	 "runs there"},
	{CR_UNKNOWN_HOST, ERR_RETRY, "check host under [slurmdbd]"},
};

int dbstmt_error(unsigned code, const char *message, struct err *err)
{
	size_t i;

	err_set(err, ERR_RETRY, "%s", message);
	for (i = 0; i < LENGTH(errors); i++) {
		if (errors[i].code != code)
			continue;
		err->kind = errors[i].kind;
		err_hint(err, "%s", errors[i].hint);
	}
	return -1;
}

char *dbstmt_expand(const char *sql, const struct dbstmt_macro *macros)
{
	const struct dbstmt_macro *macro;
	struct text out = {0};
	const char *s = sql;
	const char *open;
	size_t len;

	while ((open = strchr(s, '{'))) {
		text_add_bytes(&out, s, (size_t)(open - s));
		len = strcspn(++open, "}");
		for (macro = macros; macro->name; macro++)
			if (strlen(macro->name) == len &&
			    strncmp(macro->name, open, len) == 0)
				break;
		if (!macro->name)
			abort();
		text_add(&out, macro->text);
		s = open + len + 1;
	}
	text_add(&out, s);
	return text_take(&out);
}

static int stmt_error(struct dbstmt *stmt, struct err *err)
{
	return dbstmt_error(mysql_stmt_errno(stmt->stmt),
			    mysql_stmt_error(stmt->stmt), err);
}

static bool is_int(const MYSQL_FIELD *field)
{
	switch (field->type) {
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG:
		return true;
	default:
		return false;
	}
}

static void bind_column(struct column *column, MYSQL_BIND *bind,
			const MYSQL_FIELD *field)
{
	column->name = mem_strdup(field->name);
	column->is_int = is_int(field);
	bind->is_null = &column->null;
	bind->error = &column->truncated;
	bind->length = &column->len;
	if (column->is_int) {
		bind->buffer_type = MYSQL_TYPE_LONGLONG;
		bind->buffer = &column->number;
		bind->is_unsigned = field->flags & UNSIGNED_FLAG ? 1 : 0;
		return;
	}
	column->bytes = mem_grow(NULL, &column->cap, TEXT_ROOM, sizeof(char));
	bind->buffer_type = MYSQL_TYPE_STRING;
	bind->buffer = column->bytes;
	bind->buffer_length = column->cap - 1;
}

static int bind_columns(struct dbstmt *stmt, struct err *err)
{
	MYSQL_RES *meta = mysql_stmt_result_metadata(stmt->stmt);
	size_t i;

	if (!meta)
		return mysql_stmt_errno(stmt->stmt) ? stmt_error(stmt, err) : 0;
	stmt->n_columns = mysql_num_fields(meta);
	stmt->columns = mem_alloc(stmt->n_columns, sizeof(*stmt->columns));
	stmt->binds = mem_alloc(stmt->n_columns, sizeof(*stmt->binds));
	for (i = 0; i < stmt->n_columns; i++)
		bind_column(&stmt->columns[i], &stmt->binds[i],
			    mysql_fetch_field_direct(meta, (unsigned)i));
	mysql_free_result(meta);
	return 0;
}

struct dbstmt *dbstmt_new(MYSQL *mysql, const char *sql, struct err *err)
{
	struct dbstmt *stmt = mem_alloc(1, sizeof(*stmt));

	stmt->stmt = mysql_stmt_init(mysql);
	if (!stmt->stmt)
		abort();
	if (mysql_stmt_prepare(stmt->stmt, sql, strlen(sql)) != 0) {
		stmt_error(stmt, err);
		goto fail;
	}
	if (bind_columns(stmt, err) < 0)
		goto fail;
	return stmt;
fail:
	dbstmt_free(stmt);
	return NULL;
}

void dbstmt_free(struct dbstmt *stmt)
{
	size_t i;

	if (!stmt)
		return;
	for (i = 0; i < stmt->n_columns; i++) {
		free(stmt->columns[i].name);
		free(stmt->columns[i].bytes);
	}
	free(stmt->columns);
	free(stmt->binds);
	mysql_stmt_close(stmt->stmt);
	free(stmt);
}

size_t dbstmt_columns(const struct dbstmt *stmt)
{
	return stmt->n_columns;
}

const char *dbstmt_column(const struct dbstmt *stmt, size_t i)
{
	return stmt->columns[i].name;
}

int dbstmt_execute(struct dbstmt *stmt, const uint64_t *params, size_t n,
		   struct err *err)
{
	autofree MYSQL_BIND *binds = mem_alloc(n, sizeof(*binds));
	autofree uint64_t *values = mem_alloc(n, sizeof(*values));
	size_t i;

	if (n != mysql_stmt_param_count(stmt->stmt))
		abort();
	for (i = 0; i < n; i++) {
		values[i] = params[i];
		binds[i].buffer_type = MYSQL_TYPE_LONGLONG;
		binds[i].buffer = &values[i];
		binds[i].is_unsigned = 1;
	}
	mysql_stmt_free_result(stmt->stmt);
	if ((n && mysql_stmt_bind_param(stmt->stmt, binds) != 0) ||
	    mysql_stmt_execute(stmt->stmt) != 0 ||
	    mysql_stmt_bind_result(stmt->stmt, stmt->binds) != 0)
		return stmt_error(stmt, err);
	notify_alive(&stmt->told_ms);
	return 0;
}

/* Fetches once more the texts that were longer than their room. */
static int fetch_long(struct dbstmt *stmt, struct err *err)
{
	size_t i;

	for (i = 0; i < stmt->n_columns; i++) {
		struct column *column = &stmt->columns[i];
		MYSQL_BIND *bind = &stmt->binds[i];

		if (column->is_int || column->null || column->len < column->cap)
			continue;
		column->bytes = mem_grow(column->bytes, &column->cap,
					 column->len + 1, sizeof(char));
		bind->buffer = column->bytes;
		bind->buffer_length = column->cap - 1;
		if (mysql_stmt_fetch_column(stmt->stmt, bind, (unsigned)i, 0) !=
		    0)
			return stmt_error(stmt, err);
	}
	/* The next row is written to the new rooms. */
	if (mysql_stmt_bind_result(stmt->stmt, stmt->binds) != 0)
		return stmt_error(stmt, err);
	return 1;
}

int dbstmt_fetch(struct dbstmt *stmt, struct err *err)
{
	switch (mysql_stmt_fetch(stmt->stmt)) {
	case 0:
		stmt->rows++;
		return 1;
	case MYSQL_DATA_TRUNCATED:
		stmt->rows++;
		return fetch_long(stmt, err);
	case MYSQL_NO_DATA:
		mysql_stmt_free_result(stmt->stmt);
		return 0;
	default:
		stmt_error(stmt, err);
		mysql_stmt_free_result(stmt->stmt);
		return -1;
	}
}

int64_t dbstmt_rows(const struct dbstmt *stmt)
{
	return stmt->rows;
}

int64_t dbstmt_int(const struct dbstmt *stmt, size_t i, int64_t absent)
{
	const struct column *column = &stmt->columns[i];

	return column->null ? absent : column->number;
}

const char *dbstmt_bytes(const struct dbstmt *stmt, size_t i, size_t *len)
{
	struct column *column = &stmt->columns[i];

	*len = column->null ? 0 : column->len;
	column->bytes[*len] = '\0';
	return column->bytes;
}
