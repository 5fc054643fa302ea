/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is recorded of a job's end, and what became known of it later. */
#include "lib/mem.h"
#include "schema/chain.h"
#include "schema/store_private.h"

#include <jansson.h>
#include <string.h>

static void bind_identity(sqlite3_stmt *stmt, const char *cluster,
			  int64_t id_job, int64_t submitted)
{
	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":id_job", id_job);
	store_bind_int(stmt, ":submitted", submitted);
}

int store_incident_of(struct store *store, const char *cluster, int64_t id_job,
		      int64_t submitted, struct store_known *known,
		      struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_INCIDENT_OF_JOB);
	const char *correction;
	int rc;

	bind_identity(stmt, cluster, id_job, submitted);
	rc = store_step(store, stmt, err);
	if (rc <= 0)
		return rc;
	correction = (const char *)sqlite3_column_text(stmt, 2);
	*known = (struct store_known){
		.incident_id = sqlite3_column_int64(stmt, 0),
		.confirmed = sqlite3_column_int64(stmt, 1) != 0,
		.cancelled = sqlite3_column_int64(stmt, 3) != 0,
		.ended = sqlite3_column_int64(stmt, 4),
		.has_script = sqlite3_column_int64(stmt, 5) != 0,
		.corrected = correction && correction[0],
		.alive = correction &&
			 strcmp(correction,
				incident_corrections[CORRECTION_ALIVE]) == 0,
	};
	return 1;
}

int store_incident_before(struct store *store, const char *cluster,
			  int64_t id_job, int64_t submitted,
			  struct store_earlier *earlier, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_INCIDENT_BEFORE);
	int rc;

	bind_identity(stmt, cluster, id_job, submitted);
	rc = store_step(store, stmt, err);
	if (rc > 0)
		*earlier = (struct store_earlier){
			.incident_id = sqlite3_column_int64(stmt, 0),
			.submitted = sqlite3_column_int64(stmt, 1),
			.ended = sqlite3_column_int64(stmt, 2),
			.uid = sqlite3_column_int64(stmt, 3),
			.restored_at = sqlite3_column_int64(stmt, 4),
		};
	return rc;
}

int store_correct(struct store *store, int64_t incident_id, int64_t at_s,
		  enum incident_correction correction, const char *why,
		  struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_INCIDENT_CORRECT);
	autofree char *text = text_utf8(why, strlen(why));
	const struct chain_entry entry = {
		.incident_id = incident_id,
		.at_s = at_s,
		.kind = incident_corrections[correction],
	};

	store_bind_int(stmt, ":incident_id", incident_id);
	store_bind_int(stmt, ":at", at_s);
	store_bind_text(stmt, ":correction", incident_corrections[correction]);
	store_bind_text(stmt, ":why", text);
	return chain_change(store, stmt, entry, json_pack("{s:s}", "why", text),
			    err) < 0
		       ? -1
		       : 0;
}

int store_not_owner_add(struct store *store, const struct store_not_owner *seen,
			struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_NOT_OWNER_ADD);
	const struct chain_entry entry = {
		.at_s = chain_now(store),
		.kind = "other",
	};
	int rc = store_is_pruned(store, seen->ended, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	chain_moved(store);
	bind_identity(stmt, seen->cluster, seen->id_job, seen->submitted);
	store_bind_int(stmt, ":ended", seen->ended);
	store_bind_text(stmt, ":partition", seen->partition);
	store_bind_int(stmt, ":uid", seen->uid);
	store_bind_int(stmt, ":tasks", seen->tasks);
	store_bind_text(stmt, ":why", seen->why);
	if (store_run(store, stmt, err) < 0)
		return -1;
	if (sqlite3_changes(store->db) == 0)
		return 0;
	return chain_append_json(
		store, entry,
		json_pack("{s:s, s:I, s:I, s:I, s:s, s:I, s:I, s:s}", "cluster",
			  seen->cluster, "id_job", (json_int_t)seen->id_job,
			  "submitted", (json_int_t)seen->submitted, "ended",
			  (json_int_t)seen->ended, "partition", seen->partition,
			  "uid", (json_int_t)seen->uid, "tasks",
			  (json_int_t)seen->tasks, "why", seen->why),
		err);
}

int store_not_owner_known(struct store *store, const char *cluster,
			  int64_t id_job, int64_t submitted, int64_t *uid,
			  struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_NOT_OWNER_FIND);
	int rc;

	bind_identity(stmt, cluster, id_job, submitted);
	rc = store_step(store, stmt, err);
	if (rc > 0)
		*uid = sqlite3_column_int64(stmt, 0);
	return rc;
}

int store_gone(struct store *store, const char *cluster, int64_t since_s,
	       struct store_gone *gone, size_t max, size_t *n, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_INCIDENTS_RECENT);
	int rc;

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":since", since_s);
	store_bind_int(stmt, ":limit", (int64_t)max);
	*n = 0;
	while ((rc = store_step(store, stmt, err)) > 0)
		gone[(*n)++] = (struct store_gone){
			.incident_id = sqlite3_column_int64(stmt, 0),
			.id_job = sqlite3_column_int64(stmt, 1),
			.submitted = sqlite3_column_int64(stmt, 2),
		};
	return rc;
}

int store_not_owner_counts(struct store *store,
			   const struct store_filter *filter,
			   store_others_fn *fn, void *arg, struct err *err)
{
	autofree char *clusters = store_json_list(filter->cluster);
	autofree char *partitions = store_json_list(filter->partition);
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_NOT_OWNER_COUNTS);
	int rc;

	store_bind_int(stmt, ":since", filter->since);
	store_bind_last(stmt, filter->until);
	store_bind_text(stmt, ":clusters", clusters);
	store_bind_text(stmt, ":partitions", partitions);
	while ((rc = store_step(store, stmt, err)) > 0) {
		const struct store_others others = {
			.uid = sqlite3_column_int64(stmt, 0),
			.why = (const char *)sqlite3_column_text(stmt, 1),
			.jobs = sqlite3_column_int64(stmt, 2),
		};

		if (fn(&others, arg))
			return 0;
	}
	return rc;
}

int store_incident_script(struct store *store, int64_t incident_id,
			  const char *sha256, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_INCIDENT_SCRIPT);
	const struct chain_entry entry = {
		.incident_id = incident_id,
		.at_s = chain_now(store),
		.kind = "script",
	};

	store_bind_int(stmt, ":incident_id", incident_id);
	store_bind_text(stmt, ":sha256", sha256);
	return chain_change(store, stmt, entry,
			    json_pack("{s:s}", "script_sha256", sha256),
			    err) < 0
		       ? -1
		       : 0;
}
