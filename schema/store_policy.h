/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a site protected, and from when on, as the store's chain tells. */
#ifndef SCHEMA_STORE_POLICY_H
#define SCHEMA_STORE_POLICY_H

#include "lib/err.h"
#include "schema/store.h"

#include <jansson.h>

/* The object lives as long as the call. */
typedef int store_policy_fn(const json_t *policy, void *arg, struct err *err);

/* Calls fn for each policy, in the order in which they were in force; fn
 * returns non-zero to stop. */
int store_policies(struct store *store, store_policy_fn *fn, void *arg,
		   struct err *err);

/* Adds the policy that is in force from now on, in a transaction. The object is
 * taken over. */
int store_policy_add(struct store *store, json_t *policy, struct err *err);

#endif
