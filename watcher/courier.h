/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Has each channel tell what is due, in a process of its own: what hangs there
 * delays neither the watch nor another channel. */
#ifndef WATCHER_COURIER_H
#define WATCHER_COURIER_H

#include "conf/conf.h"
#include "schema/store.h"

#include <stdint.h>

/* How often to tend it, at least. */
#define COURIER_MS 1000

struct courier;

/* For the channels whose `deliver` is this word. It lives as long as the
 * courier. */
struct courier *courier_new(const char *deliver);

/* Takes leave of who is done, and sends out who has something to tell, but one
 * a channel. Waits for nobody. */
void courier_tend(struct courier *courier, const struct conf *conf,
		  struct store *store);

/* Tends it until nothing is due, nor will be in a moment, and nobody is out,
 * but for wait_ms at most. */
void courier_wait(struct courier *courier, const struct conf *conf,
		  struct store *store, int64_t wait_ms);

/* Ends those that are out: what they have not told is told another time. Takes
 * NULL. */
void courier_free(struct courier *courier);

#endif
