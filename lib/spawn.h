/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Work that may hang or exit, done in a child under a time limit. */
#ifndef LIB_SPAWN_H
#define LIB_SPAWN_H

#include "err.h"
#include "text.h"

/* What the child does: writes its answer to `fd` and returns its exit status.
 * It may call exit() or never return. */
typedef int spawn_fn(int fd, const void *arg);

/* Forks a child that runs fn with no descriptor but stdin (/dev/null),
 * stdout and stderr (both /dev/null) and the pipe, and collects what it
 * writes in `out`. Returns 0 if it exited with status 0 within timeout_ms,
 * else -1 (ERR_RETRY), with the child killed and reaped. `what` names the
 * child's work in the message. The caller frees `out`. */
int spawn_call(const char *what, spawn_fn *fn, const void *arg, int timeout_ms,
	       struct text *out, struct err *err);

/* Closes every descriptor above standard error but `keep`: a child must not
 * hold the store, its lock or the database's connection. */
void spawn_close_others(int keep);

/* As spawn_call(), without waiting: a child under way. NULL (ERR_RETRY). */
struct spawn;
struct spawn *spawn_begin(const char *what, spawn_fn *fn, const void *arg,
			  int timeout_ms, struct err *err);

/* Waits up to wait_ms. 1: it is done, and its answer is in `out`; 0: not yet;
 * -1: as spawn_call(), and what it said is there all the same. After 1 and -1
 * only spawn_free() is left. */
int spawn_poll(struct spawn *spawn, int wait_ms, struct text *out,
	       struct err *err);

/* Kills what is under way. Takes NULL. */
void spawn_free(struct spawn *spawn);

#endif
