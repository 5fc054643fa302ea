/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was protected when. A sweep looks back for days: who protects a
 * partition today does not accuse those who cancelled their jobs there before.
 */
#ifndef WATCHER_POLICY_HISTORY_H
#define WATCHER_POLICY_HISTORY_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/store.h"
#include "watcher/policy.h"

#include <stdint.h>

struct policy_history;

/* Reads it from the store. A configuration that protects other jobs than the
 * last one, or otherwise, is added there, in a transaction of its own, as in
 * force from now_s (the database's clock) on; the first one of a store always
 * was. NULL on error. Ends with policy_history_free(), which takes NULL. */
struct policy_history *policy_history_read(const struct conf *conf,
					   struct store *store, int64_t now_s,
					   struct err *err);
void policy_history_free(struct policy_history *history);

/* When the policy began that protects the place and did not at that time yet;
 * 0: it was protected then. */
int64_t policy_history_since(const struct policy_history *history,
			     const struct policy_place *place, int64_t at_s);

#endif
