/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From when to when each cluster was watched, so that "no incidents" can be
 * told from "nobody looked". */
#include "schema/store_private.h"

#include <string.h>

struct last_span {
	int64_t id;
	int64_t since;
	int64_t until;
	bool gap;
};

/* 1 and the cluster's last span of watching or gap, 0 if it has none, -1. */
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
	span->since = sqlite3_column_int64(stmt, 1);
	span->until = sqlite3_column_int64(stmt, 2);
	span->gap =
		strcmp((const char *)sqlite3_column_text(stmt, 3), "gap") == 0;
	return 1;
}

int store_span_add(struct store *store, const struct store_span *span,
		   struct err *err)
{
	autoreset sqlite3_stmt *stmt = store->stmts[QUERY_COVERAGE_ADD];

	store_bind_text(stmt, ":cluster", span->cluster);
	store_bind_int(stmt, ":since", span->since);
	store_bind_int(stmt, ":until", span->until);
	store_bind_text(stmt, ":how", span->how);
	store_bind_text(stmt, ":reason", span->reason ? span->reason : "");
	store_bind_text(stmt, ":job", span->job ? span->job : "");
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

static int note_span(struct store *store, int64_t id, const char *note,
		     struct err *err)
{
	autoreset sqlite3_stmt *stmt = store->stmts[QUERY_COVERAGE_NOTE];

	store_bind_int(stmt, ":id", id);
	store_bind_text(stmt, ":note", note);
	return store_run(store, stmt, err);
}

/* The gap ended at now_s, with a pass that caught up so much. */
static int close_gap(struct store *store, struct last_span *last, int64_t now_s,
		     const char *caught_up, struct err *err)
{
	if (last->until == 0) {
		if (extend_span(store, last->id, now_s, err) < 0)
			return -1;
		last->until = now_s;
	}
	return note_span(store, last->id, caught_up, err);
}

int store_watched(struct store *store, const char *cluster, int64_t since_s,
		  int64_t now_s, const char *caught_up, struct err *err)
{
	struct last_span last = {0};
	int rc = last_span(store, cluster, &last, err);
	struct store_span span = {
		.cluster = cluster,
		.since = since_s,
		.until = now_s,
		.how = "watched",
	};

	if (rc < 0)
		return -1;
	if (rc > 0 && !last.gap)
		return now_s > last.until
			       ? extend_span(store, last.id, now_s, err)
			       : 0;
	if (rc > 0) {
		if (close_gap(store, &last, now_s, caught_up, err) < 0)
			return -1;
		span.since = last.until;
	}
	return store_span_add(store, &span, err);
}

int store_gap(struct store *store, const char *cluster, int64_t since_s,
	      int64_t until_s, const char *reason, struct err *err)
{
	struct last_span last = {0};
	int rc = last_span(store, cluster, &last, err);
	struct store_span span = {
		.cluster = cluster,
		.since = since_s,
		.until = until_s,
		.how = "gap",
		.reason = reason,
	};

	if (rc <= 0)
		return rc;
	if (last.gap && last.until == 0)
		return until_s ? extend_span(store, last.id, until_s, err) : 0;
	if (!since_s || since_s > last.until || last.gap)
		span.since = last.until;
	else if (since_s < last.since)
		span.since = last.since;
	if (!last.gap && span.since < last.until &&
	    extend_span(store, last.id, span.since, err) < 0)
		return -1;
	return store_span_add(store, &span, err);
}

int store_lost(struct store *store, const char *cluster, int64_t now_s,
	       const char *reason, const char *job, struct err *err)
{
	const struct store_span span = {
		.cluster = cluster,
		.since = now_s,
		.until = now_s,
		.how = "lost",
		.reason = reason,
		.job = job,
	};

	return store_span_add(store, &span, err);
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
			.job = (const char *)sqlite3_column_text(stmt, 5),
		};

		if (fn(&span, arg))
			return 0;
	}
	return rc;
}
