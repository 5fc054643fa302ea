/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is to tell of the watching, without reading all of it. */
#include "schema/store_status.h"
#include "lib/mem.h"
#include "schema/store_private.h"

#include <string.h>
#include <sys/stat.h>

/* 0 if there is none. */
static int64_t size_of(const struct store *store, const char *suffix)
{
	autofree char *path = mem_printf("%s%s", store->path, suffix);
	struct stat st;

	return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

void store_size(struct store *store, int64_t *bytes, int64_t *wal_bytes)
{
	*bytes = size_of(store, "");
	*wal_bytes = size_of(store, "-wal");
}

int store_pass_put(struct store *store, const char *cluster,
		   const struct store_pass *pass, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_PASS_PUT);

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":rows", pass->rows);
	store_bind_int(stmt, ":took_ms", pass->took_ms);
	store_bind_int(stmt, ":swept", pass->swept);
	return store_run(store, stmt, err);
}

int store_pass_get(struct store *store, const char *cluster,
		   struct store_pass *pass, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_PASS_GET);
	int rc;

	*pass = (struct store_pass){0};
	store_bind_text(stmt, ":cluster", cluster);
	rc = store_step(store, stmt, err);
	if (rc <= 0)
		return rc;
	pass->rows = sqlite3_column_int64(stmt, 0);
	pass->took_ms = sqlite3_column_int64(stmt, 1);
	pass->swept = sqlite3_column_int64(stmt, 2);
	pass->passes = sqlite3_column_int64(stmt, 3);
	pass->all_rows = sqlite3_column_int64(stmt, 4);
	pass->all_ms = sqlite3_column_int64(stmt, 5);
	return 1;
}

/* The two numbers that a statement gives of a cluster. */
static int pair_of(struct store *store, sqlite3_stmt *stmt, int64_t *first,
		   int64_t *second, struct err *err)
{
	if (store_step(store, stmt, err) < 0)
		return -1;
	*first = sqlite3_column_int64(stmt, 0);
	*second = sqlite3_column_int64(stmt, 1);
	return 0;
}

int store_open_counts(struct store *store, const char *cluster, int64_t *open,
		      int64_t *remembered, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_OPEN_JOB_COUNTS);

	store_bind_text(stmt, ":cluster", cluster);
	return pair_of(store, stmt, open, remembered, err);
}

int store_restoring_counts(struct store *store, const char *cluster,
			   int64_t *restoring, int64_t *followed,
			   struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_INCIDENTS_RESTORING);

	store_bind_text(stmt, ":cluster", cluster);
	return pair_of(store, stmt, restoring, followed, err);
}

int store_gaps(struct store *store, const char *cluster, int64_t since_s,
	       int64_t until_s, int64_t *n, int64_t *seconds, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_COVERAGE_GAPS);

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":since", since_s);
	store_bind_int(stmt, ":until", until_s);
	return pair_of(store, stmt, n, seconds, err);
}

/* Of the cluster's last span, if it is a gap that is open. */
static int open_gap(struct store *store, const char *cluster, int64_t *gap_s,
		    char **reason, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_COVERAGE_LAST);
	const char *how;
	int rc;

	store_bind_text(stmt, ":cluster", cluster);
	rc = store_step(store, stmt, err);
	if (rc <= 0)
		return rc;
	how = (const char *)sqlite3_column_text(stmt, 3);
	if (strcmp(how, "gap") != 0 || sqlite3_column_int64(stmt, 2) != 0)
		return 1;
	*gap_s = sqlite3_column_int64(stmt, 1);
	*reason = mem_strdup((const char *)sqlite3_column_text(stmt, 4));
	return 1;
}

int store_watched_since(struct store *store, const char *cluster,
			int64_t *since_s, int64_t *gap_s, char **reason,
			struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_COVERAGE_SINCE);
	int rc;

	*since_s = 0;
	*gap_s = 0;
	*reason = NULL;
	store_bind_text(stmt, ":cluster", cluster);
	rc = store_step(store, stmt, err);
	if (rc <= 0)
		return rc;
	*since_s = sqlite3_column_int64(stmt, 0);
	return open_gap(store, cluster, gap_s, reason, err);
}

/* sign 1: it counts; -1: it does not. */
static int tally_incident(struct store *store, int64_t incident_id, int sign,
			  struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_TALLY_INCIDENT);

	store_bind_int(stmt, ":incident_id", incident_id);
	store_bind_int(stmt, ":sign", sign);
	return store_run(store, stmt, err);
}

int store_tally_out(struct store *store, int64_t incident_id, struct err *err)
{
	return tally_incident(store, incident_id, -1, err);
}

int store_tally_in(struct store *store, int64_t incident_id, struct err *err)
{
	return tally_incident(store, incident_id, 1, err);
}

int store_tally_span(struct store *store, const struct store_span *span,
		     struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_TALLY_SPAN);

	if (strcmp(span->how, "gap") != 0 && strcmp(span->how, "lost") != 0)
		return 0;
	store_bind_text(stmt, ":what", span->how);
	store_bind_text(stmt, ":cluster", span->cluster);
	return store_run(store, stmt, err);
}

int store_tallies(struct store *store, store_tally_fn *fn, void *arg,
		  struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_TALLIES);
	int rc;

	while ((rc = store_step(store, stmt, err)) > 0) {
		const struct store_tally tally = {
			.what = (const char *)sqlite3_column_text(stmt, 0),
			.cluster = (const char *)sqlite3_column_text(stmt, 1),
			.partition = (const char *)sqlite3_column_text(stmt, 2),
			.kind = (const char *)sqlite3_column_text(stmt, 3),
			.confidence =
				(const char *)sqlite3_column_text(stmt, 4),
			.n = sqlite3_column_int64(stmt, 5),
		};

		if (fn(&tally, arg))
			return 0;
	}
	return rc;
}

int store_pending(struct store *store, store_pending_fn *fn, void *arg,
		  struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ALERTS_PENDING);
	int rc;

	while ((rc = store_step(store, stmt, err)) > 0)
		if (fn((const char *)sqlite3_column_text(stmt, 0),
		       sqlite3_column_int64(stmt, 1),
		       sqlite3_column_int64(stmt, 2),
		       sqlite3_column_int64(stmt, 3), arg))
			return 0;
	return rc;
}
