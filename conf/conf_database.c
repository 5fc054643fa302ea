/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conf/conf.h"

#include "conf/input.h"
#include "conf/slurmdbd_conf.h"
#include "lib/mem.h"

#include <stdlib.h>

#define autoslurmdbd __attribute__((cleanup(slurmdbd_conf_finish)))

/* Puts the line of watcher.conf that led to an error in front of it. */
static int blame(const struct conf *conf, const char *key, struct err *err)
{
	return err_prefix(err, "%s:%d: %s: ", conf->path,
			  conf_line(conf, "slurmdbd", key), key);
}

static bool is_set(const struct conf *conf, const char *key)
{
	return conf_line(conf, "slurmdbd", key) > 0;
}

/* The first line of the password file, freed by the caller; NULL with err. */
static char *read_password(const struct conf *conf, struct err *err)
{
	autoinput struct input input = {0};
	int got;

	if (input_open(&input, conf->slurmdbd.password_file, err) < 0 ||
	    input_check_secret(&input, "password", err) < 0) {
		blame(conf, "password_file", err);
		return NULL;
	}
	got = input_next(&input, err);
	if (got >= 0 && !*input.text) {
		err_set(err, ERR_USAGE, "%s: its first line is empty",
			input.path);
		err_hint(err, "leave password_file out where the account has "
			      "no password");
		got = -1;
	}
	if (got < 0) {
		blame(conf, "password_file", err);
		return NULL;
	}
	return mem_strdup(input.text);
}

/* A password belongs to the user beside it: StoragePass goes with StorageUser
 * only, and a user that watcher.conf names without password_file has none
 * (unix_socket authentication). */
static int set_account(const struct conf *conf,
		       const struct slurmdbd_conf *slurmdbd,
		       struct conf_database *database, struct err *err)
{
	bool theirs = !is_set(conf, "user") && *slurmdbd->user;

	database->user =
		mem_strdup(theirs ? slurmdbd->user : conf->slurmdbd.user);
	if (*conf->slurmdbd.password_file) {
		database->password = read_password(conf, err);
		return database->password ? 0 : -1;
	}
	if (theirs && *slurmdbd->password_script_at) {
		err_set(err, ERR_USAGE,
			"%s: StoragePassScript is not known to "
			"watcher",
			slurmdbd->password_script_at);
		err_hint(err, "set user and password_file in %s", conf->path);
		return -1;
	}
	database->password = mem_strdup(theirs ? slurmdbd->password : "");
	return 0;
}

/* Moves a text, leaving none behind. */
static char *take(char **text)
{
	char *taken = *text;

	*text = NULL;
	return taken;
}

/* watcher.conf's host or socket, else slurmdbd.conf's hosts. */
static void set_address(const struct conf *conf, struct slurmdbd_conf *slurmdbd,
			struct conf_database *database)
{
	const struct conf_slurmdbd *ours = &conf->slurmdbd;
	bool theirs = !*ours->host && !*ours->socket;

	database->host =
		theirs ? take(&slurmdbd->host) : mem_strdup(ours->host);
	database->backup_host =
		theirs ? take(&slurmdbd->backup_host) : mem_strdup("");
	database->socket = mem_strdup(ours->socket);
	database->port = is_set(conf, "port") ? ours->port : slurmdbd->port;
	database->ssl_ca = take(&slurmdbd->ssl_ca);
	database->ssl_capath = take(&slurmdbd->ssl_capath);
	database->ssl_cert = take(&slurmdbd->ssl_cert);
	database->ssl_key = take(&slurmdbd->ssl_key);
	database->ssl_cipher = take(&slurmdbd->ssl_cipher);
	database->timeout_s = ours->timeout_s;
}

int conf_database(const struct conf *conf, struct conf_database *database,
		  struct err *err)
{
	autoslurmdbd struct slurmdbd_conf slurmdbd = {0};

	*database = (struct conf_database){0};
	if (slurmdbd_conf_read(conf->slurmdbd.slurmdbd_conf, &slurmdbd, err) <
	    0)
		return blame(conf, "slurmdbd_conf", err);
	set_address(conf, &slurmdbd, database);
	database->database = is_set(conf, "database")
				     ? mem_strdup(conf->slurmdbd.database)
				     : take(&slurmdbd.database);
	if (set_account(conf, &slurmdbd, database, err) < 0) {
		conf_database_finish(database);
		return -1;
	}
	return 0;
}

void conf_database_finish(struct conf_database *database)
{
	if (!database)
		return;
	free(database->host);
	free(database->backup_host);
	free(database->socket);
	free(database->user);
	free(database->password);
	free(database->database);
	free(database->ssl_ca);
	free(database->ssl_capath);
	free(database->ssl_cert);
	free(database->ssl_key);
	free(database->ssl_cipher);
	*database = (struct conf_database){0};
}
