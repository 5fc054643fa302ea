/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The store, opened to write to it as watcher.conf says. */
#ifndef WATCHER_WRITING_H
#define WATCHER_WRITING_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/store.h"

#include <stdint.h>

/* Reads the key for signatures first: a process that has no right to it writes
 * nothing. Whatever is committed is queued for the channels of `conf`, which
 * must live as long. NULL and err. */
struct store *writing_open(const struct conf *conf, struct err *err);

/* The same from here on for another configuration. */
void writing_reconfigure(const struct conf *conf, struct store *store);

/* Tells the head of the chain to watcher's own log and, where the site asks for
 * it, to syslog (authpriv.notice), if it was not told for as long as
 * watcher.conf says. */
int writing_tell_head(const struct conf *conf, struct store *store,
		      int64_t now_s, struct err *err);

#endif
