/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the watcher stands with each cluster: its position, its open rows,
 * and from when to when it was watched. */
#include "lib/mem.h"
#include "schema/store_private.h"

#include <string.h>

int store_clusters(struct store *store, struct text_list *names,
		   struct err *err)
{
	autoreset sqlite3_stmt *stmt = store->stmts[QUERY_CLUSTERS];
	int rc;

	while ((rc = store_step(store, stmt, err)) > 0)
		text_list_add(names,
			      (const char *)sqlite3_column_text(stmt, 0));
	return rc;
}

int store_cluster_get(struct store *store, const char *cluster,
		      struct store_cluster *state, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store->stmts[QUERY_CLUSTER_GET];
	int rc;

	*state = (struct store_cluster){0};
	store_bind_text(stmt, ":cluster", cluster);
	rc = store_step(store, stmt, err);
	if (rc <= 0)
		return rc;
	state->position = sqlite3_column_int64(stmt, 0);
	state->last_pass = sqlite3_column_int64(stmt, 1);
	state->sweep_next = sqlite3_column_int64(stmt, 2);
	state->sweep_at = sqlite3_column_int64(stmt, 3);
	return 1;
}

int store_cluster_put(struct store *store, const char *cluster,
		      const struct store_cluster *state, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store->stmts[QUERY_CLUSTER_PUT];

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":position", state->position);
	store_bind_int(stmt, ":last_pass", state->last_pass);
	store_bind_int(stmt, ":sweep_next", state->sweep_next);
	store_bind_int(stmt, ":sweep_at", state->sweep_at);
	return store_run(store, stmt, err);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int store_open_jobs(struct store *store, const char *cluster, uint64_t **ids,
		    size_t *n, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store->stmts[QUERY_OPEN_JOBS];
	size_t cap = 0;
	int rc;

	*ids = NULL;
	*n = 0;
	store_bind_text(stmt, ":cluster", cluster);
	while ((rc = store_step(store, stmt, err)) > 0) {
		*ids = mem_grow(*ids, &cap, *n + 1, sizeof(**ids));
		(*ids)[(*n)++] = (uint64_t)sqlite3_column_int64(stmt, 0);
	}
	if (rc < 0) {
		free(*ids);
		*ids = NULL;
		return -1;
	}
	if (*n)
		qsort(*ids, *n, sizeof(**ids), by_value);
	return 0;
}

static int change_open_job(struct store *store, enum query query,
			   const char *cluster, uint64_t id, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store->stmts[query];

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":job_db_inx", (int64_t)id);
	return store_run(store, stmt, err);
}

int store_open_job_add(struct store *store, const char *cluster, uint64_t id,
		       struct err *err)
{
	return change_open_job(store, QUERY_OPEN_JOB_ADD, cluster, id, err);
}

int store_open_job_remove(struct store *store, const char *cluster, uint64_t id,
			  struct err *err)
{
	return change_open_job(store, QUERY_OPEN_JOB_REMOVE, cluster, id, err);
}

struct last_span {
	int64_t id;
	int64_t until;
	bool gap;
};

/* 1 and the cluster's last span, 0 if it has none, -1. */
static int last_span(struct store *store, const char *cluster,
		     struct last_span *span, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store->stmts[QUERY_COVERAGE_LAST];
	int rc;

	store_bind_text(stmt, ":cluster", cluster);
	rc = store_step(store, stmt, err);
	if (rc <= 0)
		return rc;
	span->id = sqlite3_column_int64(stmt, 0);
	span->until = sqlite3_column_int64(stmt, 2);
	span->gap =
		strcmp((const char *)sqlite3_column_text(stmt, 3), "gap") == 0;
	return 1;
}

static int add_span(struct store *store, const struct store_span *span,
		    struct err *err)
{
	autoreset sqlite3_stmt *stmt = store->stmts[QUERY_COVERAGE_ADD];

	store_bind_text(stmt, ":cluster", span->cluster);
	store_bind_int(stmt, ":since", span->since);
	store_bind_int(stmt, ":until", span->until);
	store_bind_text(stmt, ":how", span->how);
	store_bind_text(stmt, ":reason", span->reason);
	return store_run(store, stmt, err);
}

static int extend_span(struct store *store, int64_t id, int64_t until,
		       struct err *err)
{
	autoreset sqlite3_stmt *stmt = store->stmts[QUERY_COVERAGE_EXTEND];

	store_bind_int(stmt, ":id", id);
	store_bind_int(stmt, ":until", until);
	return store_run(store, stmt, err);
}

int store_watched(struct store *store, const char *cluster, int64_t since_s,
		  int64_t now_s, struct err *err)
{
	struct last_span last = {0};
	int rc = last_span(store, cluster, &last, err);
	struct store_span span = {cluster, since_s, now_s, "watched", ""};

	if (rc < 0)
		return -1;
	if (rc > 0 && !last.gap)
		return now_s > last.until
			       ? extend_span(store, last.id, now_s, err)
			       : 0;
	if (rc > 0 && last.until == 0) {
		if (extend_span(store, last.id, now_s, err) < 0)
			return -1;
		last.until = now_s;
	}
	if (rc > 0)
		span.since = last.until;
	return add_span(store, &span, err);
}

int store_gap(struct store *store, const char *cluster, int64_t until_s,
	      const char *reason, struct err *err)
{
	struct last_span last = {0};
	int rc = last_span(store, cluster, &last, err);
	struct store_span span = {cluster, 0, until_s, "gap", reason};

	if (rc <= 0)
		return rc;
	if (last.gap && last.until == 0)
		return until_s ? extend_span(store, last.id, until_s, err) : 0;
	span.since = last.until;
	return add_span(store, &span, err);
}

int store_spans(struct store *store, const char *cluster, int64_t since_s,
		int64_t until_s, store_span_fn *fn, void *arg, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store->stmts[QUERY_SPANS];
	int rc;

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":since", since_s);
	store_bind_int(stmt, ":until", until_s);
	while ((rc = store_step(store, stmt, err)) > 0) {
		struct store_span span = {
			.cluster = (const char *)sqlite3_column_text(stmt, 0),
			.since = sqlite3_column_int64(stmt, 1),
			.until = sqlite3_column_int64(stmt, 2),
			.how = (const char *)sqlite3_column_text(stmt, 3),
			.reason = (const char *)sqlite3_column_text(stmt, 4),
		};

		if (fn(&span, arg))
			return 0;
	}
	return rc;
}
