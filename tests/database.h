/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A private MariaDB with the tables of a real slurmdbd, for tests that run
 * under tests/lab/with-mariadb. */
#ifndef TESTS_DATABASE_H
#define TESTS_DATABASE_H

#include "conf/conf.h"
#include "lib/mem.h"
#include "tests/unit.h"

#include <mysql.h>
#include <stdarg.h>

static const char *const database_versions[] = {"20.11", "22.05", "24.11",
						"26.05"};

/* As root, for what slurmdbd would do. */
static inline MYSQL *database_connect(const char *name)
{
	MYSQL *mysql = mysql_init(NULL);

	ck_assert_msg(getenv("LAB_SOCKET") != NULL,
		      "run this under tests/lab/with-mariadb");
	ck_assert_msg(mysql_real_connect(mysql, "localhost", "root", NULL, name,
					 0, getenv("LAB_SOCKET"), 0) != NULL,
		      "%s", mysql_error(mysql));
	return mysql;
}

__attribute__((format(printf, 2, 3))) static inline void
database_do(MYSQL *mysql, const char *fmt, ...)
{
	autofree char *sql = NULL;
	va_list ap;

	va_start(ap, fmt);
	ck_assert_int_ge(vasprintf(&sql, fmt, ap), 0);
	va_end(ap);
	ck_assert_msg(mysql_query(mysql, sql) == 0, "%s: %s", sql,
		      mysql_error(mysql));
}

/* Loads the tables that slurmdbd `version` made, for a cluster named lab,
 * into a fresh database; rows: what tests/fixtures has of them as well. */
static inline void database_load(const char *name, const char *version,
				 bool rows)
{
	autofree char *command =
		mem_printf("%s/tests/lab/load-fixture %s %s %s",
			   getenv("WATCHER_SOURCE_ROOT"), rows ? "--rows" : "",
			   version, name);
	MYSQL *mysql;

	mysql = database_connect(NULL);
	database_do(mysql, "DROP DATABASE IF EXISTS %s", name);
	mysql_close(mysql);
	ck_assert_int_eq(system(command), 0);
}

/* The first column of the first row as a number. */
static inline int64_t database_count(MYSQL *mysql, const char *sql)
{
	MYSQL_RES *result;
	MYSQL_ROW row;
	int64_t n;

	database_do(mysql, "%s", sql);
	result = mysql_store_result(mysql);
	row = mysql_fetch_row(result);
	ck_assert_ptr_nonnull(row);
	n = strtoll(row[0], NULL, 10);
	mysql_free_result(result);
	return n;
}

/* The rows that this session has read: the sum of Handler_read%. Asking costs
 * some as well. */
static inline int64_t database_rows_read(MYSQL *mysql)
{
	MYSQL_RES *result;
	MYSQL_ROW row;
	int64_t sum = 0;

	ck_assert_int_eq(
		mysql_query(mysql,
			    "SHOW SESSION STATUS LIKE 'Handler\\_read%'"),
		0);
	result = mysql_store_result(mysql);
	while ((row = mysql_fetch_row(result)))
		sum += strtoll(row[1], NULL, 10);
	mysql_free_result(result);
	return sum;
}

/* How watcher would reach it, as root. The texts are borrowed. */
static inline struct conf_database database_address(char *name)
{
	static char root[] = "root";
	static char empty[] = "";

	return (struct conf_database){
		.host = empty,
		.backup_host = empty,
		.socket = getenv("LAB_SOCKET"),
		.user = root,
		.password = empty,
		.database = name,
		.ssl_ca = empty,
		.ssl_capath = empty,
		.ssl_cert = empty,
		.ssl_key = empty,
		.ssl_cipher = empty,
		.timeout_s = 10,
	};
}

#endif
