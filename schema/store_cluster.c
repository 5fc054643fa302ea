/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the watcher stands with each cluster: its position, its open rows, the
 * backfill under way. */
#include "lib/mem.h"
#include "schema/store_private.h"

int store_clusters(struct store *store, struct text_list *names,
		   struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_CLUSTERS);
	int rc;

	while ((rc = store_step(store, stmt, err)) > 0)
		text_list_add(names,
			      (const char *)sqlite3_column_text(stmt, 0));
	return rc;
}

int store_cluster_get(struct store *store, const char *cluster,
		      struct store_cluster *state, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_CLUSTER_GET);
	int rc;

	*state = (struct store_cluster){0};
	store_bind_text(stmt, ":cluster", cluster);
	rc = store_step(store, stmt, err);
	if (rc <= 0)
		return rc;
	state->position = sqlite3_column_int64(stmt, 0);
	state->last_end = sqlite3_column_int64(stmt, 1);
	state->last_pass = sqlite3_column_int64(stmt, 2);
	state->heard = sqlite3_column_int64(stmt, 3);
	state->sweep_next = sqlite3_column_int64(stmt, 4);
	state->sweep_at = sqlite3_column_int64(stmt, 5);
	return 1;
}

int store_cluster_put(struct store *store, const char *cluster,
		      const struct store_cluster *state, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_CLUSTER_PUT);

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":position", state->position);
	store_bind_int(stmt, ":last_end", state->last_end);
	store_bind_int(stmt, ":last_pass", state->last_pass);
	store_bind_int(stmt, ":heard", state->heard);
	store_bind_int(stmt, ":sweep_next", state->sweep_next);
	store_bind_int(stmt, ":sweep_at", state->sweep_at);
	return store_run(store, stmt, err);
}

static int by_inx(const void *a, const void *b)
{
	const struct store_open_job *x = a;
	const struct store_open_job *y = b;

	return (x->job_db_inx > y->job_db_inx) -
	       (x->job_db_inx < y->job_db_inx);
}

int store_open_jobs(struct store *store, const char *cluster,
		    struct store_open_job **jobs, size_t *n, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_OPEN_JOBS);
	size_t cap = 0;
	int rc;

	*jobs = NULL;
	*n = 0;
	store_bind_text(stmt, ":cluster", cluster);
	while ((rc = store_step(store, stmt, err)) > 0) {
		const char *job = (const char *)sqlite3_column_text(stmt, 1);

		*jobs = mem_grow(*jobs, &cap, *n + 1, sizeof(**jobs));
		(*jobs)[(*n)++] = (struct store_open_job){
			.job_db_inx = (uint64_t)sqlite3_column_int64(stmt, 0),
			.job = job && job[0] ? mem_strdup(job) : NULL,
		};
	}
	/* The store's order is that of signed numbers. */
	if (*n)
		qsort(*jobs, *n, sizeof(**jobs), by_inx);
	return rc;
}

int store_open_job_put(struct store *store, const char *cluster,
		       const struct store_open_job *job, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_OPEN_JOB_PUT);

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":job_db_inx", (int64_t)job->job_db_inx);
	store_bind_text(stmt, ":job", job->job ? job->job : "");
	return store_run(store, stmt, err);
}

int store_open_job_remove(struct store *store, const char *cluster, uint64_t id,
			  struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_OPEN_JOB_REMOVE);

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":job_db_inx", (int64_t)id);
	return store_run(store, stmt, err);
}

int store_backfill_get(struct store *store, const char *cluster,
		       struct store_backfill *backfill, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_BACKFILL_GET);
	int rc;

	store_bind_text(stmt, ":cluster", cluster);
	rc = store_step(store, stmt, err);
	if (rc <= 0)
		return rc;
	backfill->since = sqlite3_column_int64(stmt, 0);
	backfill->until = sqlite3_column_int64(stmt, 1);
	backfill->by_end = sqlite3_column_int64(stmt, 2) != 0;
	backfill->at = (uint64_t)sqlite3_column_int64(stmt, 3);
	return 1;
}

int store_backfill_put(struct store *store, const char *cluster,
		       const struct store_backfill *backfill, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_BACKFILL_PUT);

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":since", backfill->since);
	store_bind_int(stmt, ":until", backfill->until);
	store_bind_int(stmt, ":by_end", backfill->by_end);
	store_bind_int(stmt, ":at", (int64_t)backfill->at);
	return store_run(store, stmt, err);
}

int store_backfill_end(struct store *store, const char *cluster,
		       const struct store_backfill *backfill, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_BACKFILL_END);
	const struct store_span span = {
		.cluster = cluster,
		.since = backfill->since,
		.until = backfill->until,
		.how = "backfilled",
	};

	store_bind_text(stmt, ":cluster", cluster);
	if (store_run(store, stmt, err) < 0)
		return -1;
	return store_span_add(store, &span, err);
}
