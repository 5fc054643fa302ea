/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of slurmdbd share: the connection. */
#ifndef WATCHER_SLURMDBD_PRIVATE_H
#define WATCHER_SLURMDBD_PRIVATE_H

#include "watcher/dbstmt.h"
#include "watcher/slurmdbd.h"

struct slurmdbd {
	MYSQL *mysql;
	char *database;
	char *where; /* for messages */
};

#endif
