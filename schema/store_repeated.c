/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users who do it again and again. */
#include "schema/store_private.h"

#include "lib/mem.h"

#include <jansson.h>

static char *dump(json_t *array)
{
	char *dumped = json_dumps(array, JSON_COMPACT);

	if (!dumped)
		abort();
	json_decref(array);
	return dumped;
}

static char *owners_json(const struct store_owner *owners, size_t n)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < n; i++) {
		json_t *owner = json_array();

		json_array_append_new(owner, json_integer(owners[i].number));
		json_array_append_new(owner,
				      json_string_nocheck(owners[i].cluster));
		json_array_append_new(owner, json_integer(owners[i].uid));
		json_array_append_new(array, owner);
	}
	return dump(array);
}

static char *stretches_json(const struct store_stretch *stretches, size_t n)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < n; i++) {
		json_t *stretch = json_array();

		json_array_append_new(stretch,
				      json_integer(stretches[i].since));
		json_array_append_new(stretch,
				      json_integer(stretches[i].until));
		json_array_append_new(array, stretch);
	}
	return dump(array);
}

int store_repeated(struct store *store, const struct store_filter *filter,
		   const struct store_owner *owners, size_t n_owners,
		   const struct store_stretch *stretches, size_t n_stretches,
		   store_repeated_fn *fn, void *arg, struct err *err)
{
	autofree char *who = owners_json(owners, n_owners);
	autofree char *when = stretches_json(stretches, n_stretches);
	autofree char *accounts = store_json_list(filter->account);
	autofree char *partitions = store_json_list(filter->partition);
	autofree char *kinds = store_json_list(filter->kind);
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_INCIDENTS_REPEATED);
	int rc;

	store_bind_text(stmt, ":owners", who);
	store_bind_text(stmt, ":spans", when);
	store_bind_text(stmt, ":accounts", accounts);
	store_bind_text(stmt, ":partitions", partitions);
	store_bind_text(stmt, ":kinds", kinds);
	while ((rc = store_step(store, stmt, err)) > 0)
		if (fn(sqlite3_column_int64(stmt, 0),
		       sqlite3_column_int64(stmt, 1), arg))
			return 0;
	return rc;
}
