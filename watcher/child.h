/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other watchers that this one runs beside its work, whose log is their
 * answer. */
#ifndef WATCHER_CHILD_H
#define WATCHER_CHILD_H

#include "conf/conf.h"
#include "lib/spawn.h"

#include <stdbool.h>

/* Becomes a watcher, in a child of spawn_begin(), whose log goes to fd: a
 * program of its own, as SQLite must not be taken across a fork. It goes by
 * this configuration: the file may have been changed since, and SIGHUP not have
 * come yet. args, at most 7 and a NULL: its command line. Returns only where it
 * cannot. */
int child_become(int fd, const struct conf *conf, const char *const *args);

/* Once the child is done, logs what it said, frees it, and makes *child NULL:
 * whether it has just now. One that failed is logged; *failed, which may be
 * NULL, says so. */
bool child_collect(struct spawn **child, bool *failed);

#endif
