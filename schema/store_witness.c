/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/store_witness.h"

#include "lib/mem.h"
#include "schema/store_private.h"

int store_witness_get(struct store *store, const char *cluster, char **position,
		      struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_WITNESS_GET);
	int rc;

	*position = NULL;
	store_bind_text(stmt, ":cluster", cluster);
	rc = store_step(store, stmt, err);
	if (rc > 0)
		*position =
			mem_strdup((const char *)sqlite3_column_text(stmt, 0));
	return rc;
}

int store_witness_put(struct store *store, const char *cluster,
		      const char *position, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_WITNESS_PUT);

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_text(stmt, ":position", position);
	return store_run(store, stmt, err);
}

int store_witness_line_add(struct store *store, const char *cluster,
			   const struct store_witness_line *line,
			   struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_WITNESS_LINE_ADD);

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":at", line->at_s);
	store_bind_text(stmt, ":act", line->act);
	store_bind_text(stmt, ":job", line->job);
	store_bind_int(stmt, ":id_job", line->id_job);
	store_bind_int(stmt, ":uid", line->uid);
	store_bind_text(stmt, ":detail", line->detail);
	store_bind_int(stmt, ":doubtful", line->doubtful);
	store_bind_text(stmt, ":line", line->line);
	return store_run(store, stmt, err);
}

int store_witness_lines(struct store *store, const char *cluster,
			int64_t id_job, int64_t root_id, int64_t from_s,
			int64_t to_s, int64_t limit, store_witness_fn *fn,
			void *arg, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_WITNESS_LINES);
	int rc;

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":id_job", id_job);
	store_bind_int(stmt, ":root_id", root_id);
	store_bind_int(stmt, ":from", from_s);
	store_bind_int(stmt, ":to", to_s);
	store_bind_int(stmt, ":limit", limit);
	while ((rc = store_step(store, stmt, err)) > 0) {
		const struct store_witness_line line = {
			.at_s = sqlite3_column_int64(stmt, 0),
			.act = (const char *)sqlite3_column_text(stmt, 1),
			.job = (const char *)sqlite3_column_text(stmt, 2),
			.id_job = sqlite3_column_int64(stmt, 3),
			.uid = sqlite3_column_int64(stmt, 4),
			.detail = (const char *)sqlite3_column_text(stmt, 5),
			.doubtful = sqlite3_column_int64(stmt, 6) != 0,
			.line = (const char *)sqlite3_column_text(stmt, 7),
		};

		if (fn(&line, arg) != 0)
			return 0;
	}
	return rc;
}

int store_witness_prune(struct store *store, const char *cluster,
			int64_t before_s, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_WITNESS_LINES_PRUNE);

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":before", before_s);
	return store_run(store, stmt, err);
}
