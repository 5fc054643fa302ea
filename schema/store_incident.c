/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Incidents in the store: recorded once, read by number or by filter. */
#include "lib/mem.h"
#include "schema/chain.h"
#include "schema/store_private.h"

#include <jansson.h>
#include <string.h>

/* More than the columns of an incident. */
#define COLUMNS_MAX 64

/* Binds each parameter of the statement to the field of its name. */
static void bind_incident(sqlite3_stmt *stmt, const struct incident *incident)
{
	int i, n = sqlite3_bind_parameter_count(stmt);

	for (i = 1; i <= n; i++) {
		const char *name = sqlite3_bind_parameter_name(stmt, i);
		const struct incident_field *field = incident_field(name + 1);

		if (!field)
			abort();
		if (field->type == INCIDENT_TEXT)
			store_bind_text(stmt, name,
					incident_text(incident, field));
		else
			store_bind_int(stmt, name,
				       incident_int(incident, field));
	}
}

/* 1 and the ids in column 0 and 1 of what `query` finds, 0, -1. */
static int find_ids(struct store *store, enum query query,
		    const struct incident *incident, int64_t ids[2],
		    struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, query);
	int rc;

	bind_incident(stmt, incident);
	rc = store_step(store, stmt, err);
	if (rc > 0) {
		ids[0] = sqlite3_column_int64(stmt, 0);
		ids[1] = sqlite3_column_int64(stmt, 1);
	}
	return rc;
}

static int run_with(struct store *store, enum query query,
		    const struct incident *incident, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, query);

	bind_incident(stmt, incident);
	return store_run(store, stmt, err);
}

char *store_last_row(struct store *store, int64_t incident_id, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_INCIDENT_LAST_ROW);
	const char *row = NULL;

	store_bind_int(stmt, ":incident_id", incident_id);
	if (store_step(store, stmt, err) < 0)
		return NULL;
	row = (const char *)sqlite3_column_text(stmt, 0);
	return mem_strdup(row ? row : "");
}

int store_entry_add(struct store *store, int64_t incident_id, int64_t at_s,
		    const char *kind, const char *content, struct err *err)
{
	const struct chain_entry entry = {incident_id, at_s, kind, content};

	return chain_append(store, &entry, err);
}

int store_entries(struct store *store, int64_t incident_id, store_entry_fn *fn,
		  void *arg, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ENTRIES);
	int rc;

	store_bind_int(stmt, ":incident_id", incident_id);
	while ((rc = store_step(store, stmt, err)) > 0)
		if (fn(sqlite3_column_int64(stmt, 0),
		       (const char *)sqlite3_column_text(stmt, 1),
		       (const char *)sqlite3_column_text(stmt, 2), arg))
			return 0;
	return rc;
}

char *store_entry_content(struct store *store, int64_t entry_id)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ENTRY_GET);
	const char *content;
	struct err ignored;

	store_bind_int(stmt, ":entry_id", entry_id);
	if (store_step(store, stmt, &ignored) <= 0)
		return NULL;
	content = (const char *)sqlite3_column_text(stmt, 3);
	return mem_strdup(content ? content : "");
}

/* Inserts what is not known, and gives it its number. */
static int insert(struct store *store, struct incident *incident,
		  struct err *err)
{
	enum query tally =
		incident->exempt[0] ? QUERY_TALLY_EXEMPT : QUERY_TALLY_NEW;

	if (run_with(store, QUERY_INCIDENT_ADD, incident, err) < 0)
		return -1;
	incident->incident_id = sqlite3_last_insert_rowid(store->db);
	if (run_with(store, tally, incident, err) < 0)
		return -1;
	if (incident->event_id)
		return 0;
	incident->event_id = incident->incident_id;
	return run_with(store, QUERY_INCIDENT_OWN_EVENT, incident, err);
}

int store_incident_add(struct store *store, struct incident *incident,
		       struct err *err)
{
	int64_t ids[2] = {0};
	int rc = store_is_pruned(store, incident->ended, err);

	if (rc == 0)
		rc = find_ids(store, QUERY_INCIDENT_FIND, incident, ids, err);
	if (rc != 0) {
		incident->incident_id = ids[0];
		incident->event_id = ids[1];
		return rc < 0 ? -1 : 0;
	}
	if (find_ids(store, QUERY_EVENT_FIND, incident, ids, err) < 0)
		return -1;
	incident->event_id = ids[0];
	if (insert(store, incident, err) < 0 ||
	    chain_append_incident(store, incident, err) < 0)
		return -1;
	return 1;
}

/* Which field each column of a statement is; NULL: none. */
struct columns {
	const struct incident_field *fields[COLUMNS_MAX];
	int n;
};

/* They mostly come in the order of incident_fields: looking up each would take
 * longer than a short read. */
static struct columns columns_of(sqlite3_stmt *stmt)
{
	const struct incident_field *end = incident_fields + incident_n_fields;
	const struct incident_field *next = incident_fields;
	struct columns columns = {.n = sqlite3_column_count(stmt)};
	int i;

	if (columns.n > COLUMNS_MAX)
		abort();
	for (i = 0; i < columns.n; i++) {
		const char *name = sqlite3_column_name(stmt, i);

		if (next == end || strcmp(next->name, name) != 0)
			next = incident_field(name);
		columns.fields[i] = next;
		next = next ? next + 1 : incident_fields;
	}
	return columns;
}

/* Sets the field from column i; text is borrowed from the statement. */
static void read_field(sqlite3_stmt *stmt, int i,
		       const struct incident_field *field,
		       struct incident *incident)
{
	char *at = (char *)incident + field->offset;
	const unsigned char *text;

	switch (field->type) {
	case INCIDENT_TEXT:
		text = sqlite3_column_text(stmt, i);
		memcpy(at, &text, sizeof(text));
		break;
	case INCIDENT_BOOL:
		*(bool *)at = sqlite3_column_int64(stmt, i) != 0;
		break;
	case INCIDENT_INT:
	case INCIDENT_TIME:
		*(int64_t *)(void *)at = sqlite3_column_int64(stmt, i);
		break;
	}
}

static void read_incident(sqlite3_stmt *stmt, const struct columns *columns,
			  struct incident *incident)
{
	int i;

	*incident = (struct incident){0};
	for (i = 0; i < columns->n; i++)
		if (columns->fields[i])
			read_field(stmt, i, columns->fields[i], incident);
}

/* Makes the borrowed texts the incident's own. */
static void own_texts(struct incident *incident)
{
	size_t i;

	for (i = 0; i < incident_n_fields; i++) {
		const struct incident_field *field = &incident_fields[i];
		char *at = (char *)incident + field->offset;

		if (field->type == INCIDENT_TEXT)
			*(char **)(void *)at =
				mem_strdup(incident_text(incident, field));
	}
}

int store_incident(struct store *store, int64_t incident_id,
		   struct incident *incident, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_INCIDENT_GET);
	int rc;

	store_bind_int(stmt, ":incident_id", incident_id);
	rc = store_step(store, stmt, err);
	if (rc > 0) {
		const struct columns columns = columns_of(stmt);

		read_incident(stmt, &columns, incident);
		own_texts(incident);
	}
	return rc;
}

char *store_json_list(const char *csv)
{
	struct text_list list = {0};
	json_t *array;
	char *dumped;
	size_t i;

	if (!csv)
		return NULL;
	text_list_split(&list, csv);
	array = json_array();
	for (i = 0; i < list.n; i++)
		json_array_append_new(array, json_string(list.items[i]));
	dumped = json_dumps(array, JSON_COMPACT);
	json_decref(array);
	text_list_free(&list);
	return dumped;
}

/* What the parameters of a filter's lists are bound to. */
struct lists {
	char *clusters;
	char *users;
	char *accounts;
	char *partitions;
	char *kinds;
};

static void lists_free(struct lists *lists)
{
	free(lists->clusters);
	free(lists->users);
	free(lists->accounts);
	free(lists->partitions);
	free(lists->kinds);
}

#define autolists __attribute__((cleanup(lists_free)))

/* The lists live until the statement is reset. */
static void bind_filter(sqlite3_stmt *stmt, const struct store_filter *filter,
			struct lists *lists)
{
	*lists = (struct lists){
		.clusters = store_json_list(filter->cluster),
		.users = store_json_list(filter->user),
		.accounts = store_json_list(filter->account),
		.partitions = store_json_list(filter->partition),
		.kinds = store_json_list(filter->kind),
	};
	store_bind_int(stmt, ":since", filter->since);
	store_bind_last(stmt, filter->until);
	store_bind_int(stmt, ":after", filter->after);
	store_bind_int(stmt, ":newest",
		       filter->newest ? filter->newest : INT64_MAX);
	store_bind_int(stmt, ":suspected", filter->suspected);
	store_bind_int(stmt, ":exempt", filter->exempt);
	store_bind_int(stmt, ":corrected", filter->corrected);
	store_bind_int(stmt, ":open", filter->open);
	store_bind_text(stmt, ":clusters", lists->clusters);
	store_bind_text(stmt, ":users", lists->users);
	store_bind_text(stmt, ":accounts", lists->accounts);
	store_bind_text(stmt, ":partitions", lists->partitions);
	store_bind_text(stmt, ":kinds", lists->kinds);
}

/* Calls fn with what a bound statement finds, until it returns non-zero. */
static int each(struct store *store, sqlite3_stmt *stmt, store_incident_fn *fn,
		void *arg, struct err *err)
{
	const struct columns columns = columns_of(stmt);
	struct incident incident;
	int rc;

	while ((rc = store_step(store, stmt, err)) > 0) {
		read_incident(stmt, &columns, &incident);
		if (fn(&incident, arg))
			return 0;
	}
	return rc;
}

int store_incidents(struct store *store, const struct store_filter *filter,
		    store_incident_fn *fn, void *arg, struct err *err)
{
	autolists struct lists lists = {0};
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_INCIDENTS);

	bind_filter(stmt, filter, &lists);
	return each(store, stmt, fn, arg, err);
}

int store_walk(struct store *store, const struct store_filter *filter,
	       bool newest_first, store_incident_fn *fn, void *arg,
	       struct err *err)
{
	autolists struct lists lists = {0};
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, newest_first ? QUERY_INCIDENTS_WALK_BACK
					       : QUERY_INCIDENTS_WALK);
	struct store_filter all = *filter;

	all.suspected = all.exempt = all.corrected = true;
	bind_filter(stmt, &all, &lists);
	return each(store, stmt, fn, arg, err);
}

int store_event(struct store *store, const struct incident *incident,
		const struct store_filter *filter, store_incident_fn *fn,
		void *arg, struct err *err)
{
	autolists struct lists lists = {0};
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_EVENT_INCIDENTS);

	bind_filter(stmt, filter, &lists);
	store_bind_text(stmt, ":cluster", incident->cluster);
	store_bind_int(stmt, ":root_id", incident->root_id);
	store_bind_int(stmt, ":uid", incident->uid);
	store_bind_int(stmt, ":event_id", incident->event_id);
	return each(store, stmt, fn, arg, err);
}

int store_neighbours(struct store *store, const struct incident *incident,
		     store_incident_fn *fn, void *arg, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_EVENT_NEIGHBOURS);

	bind_incident(stmt, incident);
	return each(store, stmt, fn, arg, err);
}

int store_next(struct store *store, const struct incident *incident,
	       store_incident_fn *fn, void *arg, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_EVENT_NEXT);

	bind_incident(stmt, incident);
	return each(store, stmt, fn, arg, err);
}

int store_knows(struct store *store, const char *filter, const char *name,
		struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_NAME_KNOWN);

	store_bind_text(stmt, ":filter", filter);
	store_bind_text(stmt, ":name", name);
	return store_step(store, stmt, err);
}

int store_doubtful(struct store *store, const char *cluster, int64_t since_s,
		   store_incident_fn *fn, void *arg, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_INCIDENTS_DOUBTFUL);

	store_bind_text(stmt, ":cluster", cluster);
	store_bind_int(stmt, ":since", since_s);
	return each(store, stmt, fn, arg, err);
}

int store_newest(struct store *store, int64_t *incident_id, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_INCIDENT_NEWEST);

	if (store_step(store, stmt, err) < 0)
		return -1;
	*incident_id = sqlite3_column_int64(stmt, 0);
	return 0;
}

int store_sums(struct store *store, const struct store_filter *filter,
	       struct incident_sum sums[CONFIDENCE_N], struct err *err)
{
	autolists struct lists lists = {0};
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_INCIDENTS_SUMS);
	int rc;

	memset(sums, 0, CONFIDENCE_N * sizeof(*sums));
	bind_filter(stmt, filter, &lists);
	while ((rc = store_step(store, stmt, err)) > 0)
		sums[sqlite3_column_int64(stmt, 0) ? CONFIDENCE_CONFIRMED
						   : CONFIDENCE_SUSPECTED] =
			(struct incident_sum){
				.incidents = sqlite3_column_int64(stmt, 1),
				.events = sqlite3_column_int64(stmt, 2),
				.jobs = sqlite3_column_int64(stmt, 3),
				.ran = sqlite3_column_int64(stmt, 4),
				.cpu_seconds = sqlite3_column_int64(stmt, 5),
				.gpu_seconds = sqlite3_column_int64(stmt, 6),
				.restored = sqlite3_column_int64(stmt, 7),
				.again = sqlite3_column_int64(stmt, 8),
				.acknowledged = sqlite3_column_int64(stmt, 9),
				.open = sqlite3_column_int64(stmt, 10),
			};
	return rc;
}
