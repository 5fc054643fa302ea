/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop around watch.c's pass, and the signals that steer it. */
#ifndef WATCHER_RUN_H
#define WATCHER_RUN_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/store.h"

/* From here on the signals below wait for the end of a pass, also those that
 * come before the first one. A child that is spawned unblocks them. */
void run_block_signals(void);

/* Passes every poll until SIGTERM or SIGINT; SIGHUP rereads the configuration
 * from its path and replaces *conf by it, SIGUSR1 passes at once, and some
 * times after that (beat.h). What fails is tried again for ever. Returns 0, or
 * -1 (ERR_STOP) if the store's file was replaced by another: begin anew with
 * that. */
int run_watch(struct conf **conf, struct store *store, struct err *err);

#endif
