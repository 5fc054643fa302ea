/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queues what people are to be told, for each channel that wants it. */
#ifndef WATCHER_OUTBOX_H
#define WATCHER_OUTBOX_H

#include "lib/err.h"
#include "schema/store.h"

/* In the transaction of what happened: a store_commit_fn, whose arg is a struct
 * conf. An event is queued once a channel, however many jobs it has and however
 * many passes find them; what becomes of it, for those that were told of it. */
int outbox_fill(struct store *store, const void *conf, struct err *err);

#endif
