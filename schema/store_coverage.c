/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From when to when each cluster was watched, so that "no incidents" can be
 * told from "nobody looked". */
#include "lib/mem.h"
#include "schema/chain.h"
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
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_COVERAGE_LAST);
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

/* The entry that a span is as it is now. */
static int tell_span(struct store *store, int64_t id, const char *kind,
		     struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_COVERAGE_GET);
	const struct chain_entry entry = {
		.at_s = chain_now(store),
		.kind = kind,
	};
	json_t *row;

	store_bind_int(stmt, ":id", id);
	if (store_step(store, stmt, err) < 0)
		return -1;
	row = chain_row(store, stmt, err);
	return row ? chain_append_json(store, entry, row, err) : -1;
}

/* Reasons are words of servers. */
static char *utf8(const char *text)
{
	return text_utf8(text ? text : "", text ? strlen(text) : 0);
}

int store_span_add(struct store *store, const struct store_span *span,
		   struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_COVERAGE_ADD);
	autofree char *reason = utf8(span->reason);
	int64_t id;

	chain_moved(store);
	store_bind_text(stmt, ":cluster", span->cluster);
	store_bind_int(stmt, ":since", span->since);
	store_bind_int(stmt, ":until", span->until);
	store_bind_text(stmt, ":how", span->how);
	store_bind_text(stmt, ":reason", reason);
	store_bind_text(stmt, ":job", span->job ? span->job : "");
	if (store_run(store, stmt, err) < 0)
		return -1;
	id = sqlite3_last_insert_rowid(store->db);
	if (store_tally_span(store, span, err) < 0)
		return -1;
	return tell_span(store, id, span->how, err);
}

static int extend_span(struct store *store, int64_t id, int64_t until,
		       struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_COVERAGE_EXTEND);

	chain_moved(store);
	store_bind_int(stmt, ":id", id);
	store_bind_int(stmt, ":until", until);
	return store_run(store, stmt, err);
}

static int note_span(struct store *store, int64_t id, const char *note,
		     struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_COVERAGE_NOTE);
	autofree char *text = utf8(note);

	store_bind_int(stmt, ":id", id);
	store_bind_text(stmt, ":note", text);
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
	if (note_span(store, last->id, caught_up, err) < 0)
		return -1;
	return tell_span(store, last->id, "gap-closed", err);
}

/* What was watched ended then. */
static int end_watched(struct store *store, const struct last_span *last,
		       int64_t until_s, struct err *err)
{
	if (until_s < last->until &&
	    extend_span(store, last->id, until_s, err) < 0)
		return -1;
	return tell_span(store, last->id, "watched-ended", err);
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
	if (last.gap && last.until == 0 && !until_s)
		return 0;
	if (last.gap && last.until == 0)
		return extend_span(store, last.id, until_s, err) < 0
			       ? -1
			       : tell_span(store, last.id, "gap-closed", err);
	if (!since_s || since_s > last.until || last.gap)
		span.since = last.until;
	else if (since_s < last.since)
		span.since = last.since;
	if (!last.gap && end_watched(store, &last, span.since, err) < 0)
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
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_SPANS);
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

int store_span(struct store *store, int64_t id, store_span_fn *fn, void *arg,
	       struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_COVERAGE_GET);
	int rc;

	store_bind_int(stmt, ":id", id);
	rc = store_step(store, stmt, err);
	if (rc <= 0)
		return rc;
	fn(
		&(struct store_span){
			.cluster = (const char *)sqlite3_column_text(stmt, 1),
			.since = sqlite3_column_int64(stmt, 2),
			.until = sqlite3_column_int64(stmt, 3),
			.how = (const char *)sqlite3_column_text(stmt, 4),
			.reason = (const char *)sqlite3_column_text(stmt, 5),
			.job = (const char *)sqlite3_column_text(stmt, 6),
		},
		arg);
	return 0;
}
