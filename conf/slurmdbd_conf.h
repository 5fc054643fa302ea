/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What slurmdbd.conf says about slurmdbd's database, by Slurm's own rules for
 * that file. */
#ifndef CONF_SLURMDBD_CONF_H
#define CONF_SLURMDBD_CONF_H

#include "lib/err.h"

#include <stdint.h>

/* Texts are never NULL; "" is what the file does not say. Host, port and
 * database then have Slurm's defaults. */
struct slurmdbd_conf {
	char *host;
	char *backup_host;
	int64_t port;
	char *user;
	char *password;
	char *password_script_at; /* "FILE:LINE" of StoragePassScript */
	char *database;
	char *ssl_ca; /* the parts of StorageParameters */
	char *ssl_capath;
	char *ssl_cert;
	char *ssl_key;
	char *ssl_cipher;
};

/* Reads the file and those it includes; no file, path "", is an empty one. -1
 * (ERR_USAGE) names file and line of what slurmdbd itself would refuse, or a
 * file that others may write, or read though it holds a password. Keys that
 * have nothing to do with the database are not looked at: each version of
 * Slurm knows others. What it filled is emptied by slurmdbd_conf_finish(),
 * also after a failure. */
int slurmdbd_conf_read(const char *path, struct slurmdbd_conf *conf,
		       struct err *err);
void slurmdbd_conf_finish(struct slurmdbd_conf *conf);

#endif
