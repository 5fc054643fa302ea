/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lets `watcher status` see how the process that watches is doing. */
#ifndef WATCHER_LIFE_H
#define WATCHER_LIFE_H

#include "lib/err.h"
#include "schema/store_status.h"
#include "watcher/watch.h"

#include <stdint.h>

struct life {
	struct store *store; /* locked by this process */
	struct store_life facts;
};

/* From now on each sign of life (notify_alive()) is one for `watcher status`,
 * too. command: run or once. */
void life_begin(struct life *life, struct store *store, const char *command);

void life_pass_begins(struct life *life);

/* why: NULL where something was watched. */
void life_pass_ended(struct life *life, const struct watch_result *result,
		     const struct err *why);

/* Nothing is to be done until then, by ticks_ms(). */
void life_waits(struct life *life, int64_t due_ms);

/* Before the store is closed. */
void life_end(struct life *life);

#endif
