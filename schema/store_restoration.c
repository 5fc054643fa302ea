/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/store_restoration.h"

#include "lib/mem.h"
#include "schema/chain.h"
#include "schema/store_private.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* The object that the text is; an empty one if it is none. */
static json_t *object_of(const char *content)
{
	json_t *object = json_loads(content, 0, NULL);

	if (json_is_object(object))
		return object;
	json_decref(object);
	return json_object();
}

int store_restored(struct store *store, int64_t incident_id, int64_t at_s,
		   const struct store_return *back, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_INCIDENT_RESTORED);
	const struct chain_entry entry = {
		.incident_id = incident_id,
		.at_s = at_s,
		.kind = "restored",
	};

	store_bind_int(stmt, ":incident_id", incident_id);
	store_bind_int(stmt, ":at", at_s);
	store_bind_text(stmt, ":how", back->how);
	store_bind_text(stmt, ":job_id", back->job_id);
	store_bind_int(stmt, ":id_job", back->id_job);
	store_bind_int(stmt, ":submitted", back->submitted);
	return chain_change(store, stmt, entry,
			    json_pack("{s:s, s:s}", "how", back->how, "job_id",
				      back->job_id),
			    err);
}

int store_claim(struct store *store, int64_t incident_id, int64_t at_s,
		const char *how, const char *content, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_INCIDENT_CLAIM);
	const struct chain_entry entry = {
		.incident_id = incident_id,
		.at_s = at_s,
		.kind = "restoring",
	};
	int rc;

	store_bind_int(stmt, ":incident_id", incident_id);
	store_bind_int(stmt, ":at", at_s);
	store_bind_text(stmt, ":how", how);
	rc = chain_change(store, stmt, entry, object_of(content), err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	err_set(err, ERR_STOP, "incident %lld is being restored, or is back",
		(long long)incident_id);
	return err_hint(err, "watcher-report show %lld says by whom",
			(long long)incident_id);
}

int store_restoring(struct store *store, int64_t incident_id, int64_t at_s,
		    const char *how, const char *content, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_INCIDENT_RESTORING);
	const struct chain_entry entry = {incident_id, at_s, "restoration",
					  content};
	int rc;

	store_bind_int(stmt, ":incident_id", incident_id);
	store_bind_text(stmt, ":how", how);
	rc = chain_change(store, stmt, entry, object_of(content), err);
	/* What came of it is told also where the job is back already. */
	return rc == 0 ? chain_append(store, &entry, err) : rc < 0 ? -1 : 0;
}

int store_followed(struct store *store, const char *cluster,
		   struct store_followed *followed, size_t max, size_t *n,
		   struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_INCIDENTS_FOLLOWED);
	int rc;

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":limit", (int64_t)max);
	*n = 0;
	while ((rc = store_step(store, stmt, err)) > 0) {
		struct store_followed *to = &followed[(*n)++];
		const unsigned char *state = sqlite3_column_text(stmt, 6);

		*to = (struct store_followed){
			.incident_id = sqlite3_column_int64(stmt, 0),
			.uid = sqlite3_column_int64(stmt, 1),
			.ended = sqlite3_column_int64(stmt, 2),
			.restored_at = sqlite3_column_int64(stmt, 3),
			.id_job = sqlite3_column_int64(stmt, 4),
			.submitted = sqlite3_column_int64(stmt, 5),
			.started = sqlite3_column_int64(stmt, 7),
		};
		snprintf(to->state, sizeof(to->state), "%s",
			 state ? (const char *)state : "");
	}
	return rc;
}

int store_follow(struct store *store, const struct store_followed *followed,
		 int64_t at_s, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_INCIDENT_FOLLOW);
	const struct chain_entry entry = {
		.incident_id = followed->incident_id,
		.at_s = at_s,
		.kind = "followed",
	};

	store_bind_int(stmt, ":incident_id", followed->incident_id);
	store_bind_int(stmt, ":submitted", followed->submitted);
	store_bind_text(stmt, ":state", followed->state);
	store_bind_int(stmt, ":started", followed->started);
	store_bind_int(stmt, ":ended", followed->done);
	return chain_change(store, stmt, entry,
			    json_pack("{s:s, s:I, s:I}", "state",
				      followed->state, "started",
				      (json_int_t)followed->started, "ended",
				      (json_int_t)followed->done),
			    err) < 0
		       ? -1
		       : 0;
}

int store_alike(struct store *store, const char *cluster, int64_t uid,
		const char *job_name, int64_t submitted, store_alike_fn *fn,
		void *arg, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_INCIDENTS_ALIKE);
	int rc;

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":uid", uid);
	store_bind_text(stmt, ":job_name", job_name);
	store_bind_int(stmt, ":submitted", submitted);
	while ((rc = store_step(store, stmt, err)) > 0)
		if (fn(sqlite3_column_int64(stmt, 0),
		       (const char *)sqlite3_column_text(stmt, 1), arg))
			return 0;
	return rc;
}

int store_due(struct store *store, const char *section, int64_t since_s,
	      int64_t until_s, int64_t *ids, size_t max, size_t *n,
	      struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_INCIDENTS_DUE);
	int rc;

	store_bind_text(stmt, ":section", section);
	store_bind_int(stmt, ":since", since_s);
	store_bind_int(stmt, ":until", until_s);
	*n = 0;
	while ((rc = store_step(store, stmt, err)) > 0 && *n < max)
		ids[(*n)++] = sqlite3_column_int64(stmt, 0);
	return rc < 0 ? -1 : 0;
}

int store_restorations(struct store *store, const struct incident *incident,
		       int64_t since_s, int64_t *of_job, int64_t *of_user,
		       struct err *err)
{
	autoreset sqlite3_stmt *job =
		store_stmt(store, QUERY_RESTORATIONS_OF_JOB);
	autoreset sqlite3_stmt *user =
		store_stmt(store, QUERY_RESTORATIONS_OF_USER);

	store_bind_text(job, ":cluster", incident->cluster);
	store_bind_int(job, ":uid", incident->uid);
	store_bind_int(job, ":since", since_s);
	store_bind_int(job, ":id_job", incident->id_job);
	store_bind_text(user, ":cluster", incident->cluster);
	store_bind_int(user, ":uid", incident->uid);
	store_bind_int(user, ":since", since_s);
	if (store_step(store, job, err) < 0 || store_step(store, user, err) < 0)
		return -1;
	*of_job = sqlite3_column_int64(job, 0);
	*of_user = sqlite3_column_int64(user, 0);
	return 0;
}
