/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/store_policy.h"

#include "schema/chain.h"
#include "schema/store_private.h"

int store_policies(struct store *store, store_policy_fn *fn, void *arg,
		   struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_POLICIES);
	int rc;

	while ((rc = store_step(store, stmt, err)) > 0) {
		const void *content = sqlite3_column_text(stmt, 0);
		json_t *policy = json_loadb(
			content, (size_t)sqlite3_column_bytes(stmt, 0), 0,
			NULL);

		rc = fn(policy, arg, err);
		json_decref(policy);
		if (rc)
			return rc;
	}
	return rc;
}

int store_policy_add(struct store *store, json_t *policy, struct err *err)
{
	const struct chain_entry entry = {
		.at_s = chain_now(store),
		.kind = "policy",
	};

	return chain_append_json(store, entry, policy, err);
}
