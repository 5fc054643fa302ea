/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connection, and what concerns no single cluster. */
#include "watcher/slurmdbd.h"

#include "lib/mem.h"
#include "watcher/slurmdbd_private.h"

#include <stdio.h>
#include <string.h>

/* Privileges that change nothing. Whatever else a grant names can write. */
static const char *const harmless[] = {"USAGE", "SELECT", "SHOW VIEW",
				       "SHOW DATABASES", "PROCESS"};

static int mysql_failed(struct slurmdbd *db, struct err *err)
{
	dbstmt_error(mysql_errno(db->mysql), mysql_error(db->mysql), err);
	return err_prefix(err, "database %s: ", db->where);
}

static void set_options(MYSQL *mysql, const struct conf_database *database)
{
	unsigned timeout_s = (unsigned)database->timeout_s;

	mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &timeout_s);
	/* Longer than the statement's own limit, which says more. */
	timeout_s += 5;
	mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &timeout_s);
	mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &timeout_s);
	if (database->ssl_ca[0] || database->ssl_capath[0] ||
	    database->ssl_cert[0])
		mysql_ssl_set(mysql, database->ssl_key, database->ssl_cert,
			      database->ssl_ca, database->ssl_capath,
			      database->ssl_cipher);
}

static char *where(const struct conf_database *database, const char *host)
{
	if (database->socket[0])
		return mem_printf("%s at %s", database->database,
				  database->socket);
	return mem_printf("%s at %s:%d", database->database, host,
			  (int)database->port);
}

static const char *or_null(const char *s)
{
	return s[0] ? s : NULL;
}

static int run(struct slurmdbd *db, const char *sql, struct err *err)
{
	if (mysql_real_query(db->mysql, sql, strlen(sql)) != 0)
		return mysql_failed(db, err);
	return 0;
}

static int set_session(struct slurmdbd *db, int64_t timeout_s, struct err *err)
{
	autofree char *number = mem_printf("%d", (int)timeout_s);
	const struct dbstmt_macro macros[] = {{"timeout", number}, {0}};
	autofree char *session = dbstmt_expand(
		slurmdbd_sql_table[SLURMDBD_SQL_SESSION].text, macros);

	if (run(db, session, err) < 0)
		return -1;
	return run(db, slurmdbd_sql_table[SLURMDBD_SQL_READ_ONLY].text, err);
}

static struct slurmdbd *open_host(const struct conf_database *database,
				  const char *host, struct err *err)
{
	struct slurmdbd *db = mem_alloc(1, sizeof(*db));
	const char *socket = or_null(database->socket);

	db->where = where(database, host);
	db->database = mem_strdup(database->database);
	/* A new one for each try: with Connector/C 3.4.10 (MariaDB 11.8.9) one
	 * whose connecting failed can take no columns ever after. */
	db->mysql = mysql_init(NULL);
	if (!db->mysql)
		abort();
	set_options(db->mysql, database);
	if (!mysql_real_connect(db->mysql, socket ? "localhost" : or_null(host),
				or_null(database->user), database->password,
				database->database, (unsigned)database->port,
				socket, 0)) {
		mysql_failed(db, err);
		goto fail;
	}
	if (set_session(db, database->timeout_s, err) < 0)
		goto fail;
	return db;
fail:
	slurmdbd_close(db);
	return NULL;
}

/* slurmdbd itself goes over to its backup host when the first is away
 * (measured on 22.05); its reader has to follow. */
struct slurmdbd *slurmdbd_open(const struct conf_database *database,
			       struct err *err)
{
	struct slurmdbd *db = open_host(database, database->host, err);
	struct err second;

	if (db || err->kind != ERR_RETRY || !database->backup_host[0])
		return db;
	return open_host(database, database->backup_host, &second);
}

void slurmdbd_close(struct slurmdbd *db)
{
	if (!db)
		return;
	mysql_close(db->mysql);
	free(db->where);
	free(db->database);
	free(db);
}

int slurmdbd_clock(struct slurmdbd *db, int64_t *now_s, struct err *err)
{
	struct dbstmt *stmt = dbstmt_new(
		db->mysql, slurmdbd_sql_table[SLURMDBD_SQL_CLOCK].text, err);
	int rc = -1;

	if (stmt && dbstmt_execute(stmt, NULL, 0, err) == 0)
		rc = dbstmt_fetch(stmt, err);
	if (rc > 0)
		*now_s = dbstmt_int(stmt, 0, 0);
	dbstmt_free(stmt);
	return rc > 0 ? 0 : err_prefix(err, "database %s: ", db->where);
}

/* Calls for each row of a statement without parameters, whose first column is
 * text. */
static int each_text(struct slurmdbd *db, enum slurmdbd_sql sql,
		     void (*fn)(const char *text, void *arg), void *arg,
		     struct err *err)
{
	struct dbstmt *stmt =
		dbstmt_new(db->mysql, slurmdbd_sql_table[sql].text, err);
	size_t len;
	int rc = -1;

	if (stmt && dbstmt_execute(stmt, NULL, 0, err) == 0)
		while ((rc = dbstmt_fetch(stmt, err)) > 0)
			fn(dbstmt_bytes(stmt, 0, &len), arg);
	dbstmt_free(stmt);
	return rc < 0 ? err_prefix(err, "database %s: ", db->where) : 0;
}

static void add_name(const char *text, void *arg)
{
	text_list_add(arg, text);
}

int slurmdbd_clusters(struct slurmdbd *db, struct text_list *names,
		      struct err *err)
{
	return each_text(db, SLURMDBD_SQL_CLUSTERS, add_name, names, err);
}

int slurmdbd_to_watch(struct slurmdbd *db, const struct conf *conf,
		      struct text_list *names, struct err *err)
{
	const struct text_list *named = &conf->slurmdbd.clusters;
	size_t i;

	if (named->n == 1 && strcmp(named->items[0], "all") == 0)
		return slurmdbd_clusters(db, names, err);
	for (i = 0; i < named->n; i++)
		text_list_add(names, named->items[i]);
	return 0;
}

static bool is_harmless(const char *privilege, size_t len)
{
	size_t i;

	for (i = 0; i < LENGTH(harmless); i++)
		if (strlen(harmless[i]) == len &&
		    strncmp(harmless[i], privilege, len) == 0)
			return true;
	return false;
}

/* Whether the grant's target ("*.*", "`slurm\_acct%`.*", "`db`.`table`") lies
 * in the database: _ and % are SQL's wildcards there. */
static bool concerns(const char *target, const char *database)
{
	autotext struct text glob = {0};
	const char *s = target + 1;

	if (strncmp(target, "*.*", 3) == 0)
		return true;
	if (*target != '`')
		return false;
	text_add(&glob, "");
	for (; *s && *s != '`'; s++) {
		if (*s == '\\' && s[1])
			s++;
		else if (*s == '%' || *s == '_') {
			text_add_char(&glob, *s == '%' ? '*' : '?');
			continue;
		}
		text_add_char(&glob, *s);
	}
	return text_glob(glob.s, database);
}

/* Whether the privileges in front of `on` ("SELECT, UPDATE (state)") change
 * something. */
static bool changes(const char *privileges, const char *on)
{
	const char *s = privileges;

	while (s < on) {
		size_t len = strcspn(s, ",(");

		if (s + len > on)
			len = (size_t)(on - s);
		while (len && s[len - 1] == ' ')
			len--;
		if (!is_harmless(s, len))
			return true;
		s += len;
		if (*s == ' ' && s[1] == '(')
			s += strcspn(s, ")") + 1;
		s += strspn(s, ", ");
	}
	return false;
}

/* The database, and the first grant that writes to it. */
struct write_grant {
	const char *database;
	char *line;
};

/* Keeps a line of SHOW GRANTS that gives more than reading, without the
 * password hash that may follow. */
static void note_write_grant(const char *line, void *arg)
{
	static const char verb[] = "GRANT ";
	struct write_grant *grant = arg;
	const char *on = strstr(line, " ON ");
	const char *end = strstr(line, " IDENTIFIED ");

	/* A line without ON grants a role, whose grants have their own. */
	if (grant->line || strncmp(line, verb, strlen(verb)) != 0 || !on ||
	    !concerns(on + strlen(" ON "), grant->database) ||
	    !changes(line + strlen(verb), on))
		return;
	grant->line = end ? mem_strndup(line, (size_t)(end - line))
			  : mem_strdup(line);
}

int slurmdbd_write_grant(struct slurmdbd *db, char **grant, struct err *err)
{
	struct write_grant found = {.database = db->database};
	int rc = each_text(db, SLURMDBD_SQL_GRANTS, note_write_grant, &found,
			   err);

	*grant = found.line;
	return rc;
}
