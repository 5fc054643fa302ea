/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/store_ran.h"

#include "lib/mem.h"
#include "schema/store_private.h"

int store_ran_put(struct store *store, int64_t since_s,
		  const struct store_ran *ran, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_RAN_PUT);

	store_bind_int(stmt, ":since", since_s);
	store_bind_text(stmt, ":cluster", ran->cluster);
	store_bind_text(stmt, ":partition", ran->partition);
	store_bind_int(stmt, ":jobs", ran->jobs);
	return store_run(store, stmt, err);
}

int store_ran(struct store *store, const struct store_filter *filter,
	      store_ran_fn *fn, void *arg, struct err *err)
{
	autofree char *clusters = store_json_list(filter->cluster);
	autofree char *partitions = store_json_list(filter->partition);
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_RAN);
	int rc;

	store_bind_int(stmt, ":since", filter->since);
	store_bind_last(stmt, filter->until);
	store_bind_text(stmt, ":clusters", clusters);
	store_bind_text(stmt, ":partitions", partitions);
	while ((rc = store_step(store, stmt, err)) > 0) {
		const struct store_ran ran = {
			.cluster = (const char *)sqlite3_column_text(stmt, 0),
			.partition = (const char *)sqlite3_column_text(stmt, 1),
			.jobs = sqlite3_column_int64(stmt, 2),
		};

		if (fn(&ran, arg))
			return 0;
	}
	return rc;
}

int store_counted(struct store *store, const char *cluster,
		  struct store_counted *counted, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_COUNTED_GET);
	int rc;

	*counted = (struct store_counted){0};
	store_bind_text(stmt, ":cluster", cluster);
	rc = store_step(store, stmt, err);
	if (rc <= 0)
		return rc;
	counted->since = sqlite3_column_int64(stmt, 0);
	counted->until = sqlite3_column_int64(stmt, 1);
	return 1;
}

int store_counted_put(struct store *store, const char *cluster,
		      const struct store_counted *counted, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_COUNTED_PUT);

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":since", counted->since);
	store_bind_int(stmt, ":until", counted->until);
	return store_run(store, stmt, err);
}
