/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows that change, held against what entries say of them. */
#include "lib/mem.h"
#include "schema/chain_walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- What entries say ---------------------------------------------------- */

/* The columns of coverage_all.sql, and of not_owner_all.sql. */
static const char *const span_columns[] = {
	"id", "cluster", "since", "until", "how", "reason", "job", NULL,
};
static const char *const other_columns[] = {
	"cluster", "id_job", "submitted", "ended", "partition",
	"uid",     "tasks",  "why",       NULL,
};
/* The first of those say which job it is. */
#define OTHER_KEY 3
#define SPAN_UNTIL 3

/* Kinds of entries that tell of a span. */
static const char *const span_kinds[] = {
	"watched", "watched-ended", "gap", "gap-closed", "backfilled", "lost",
};

static bool is_span_kind(const char *kind)
{
	size_t i;

	for (i = 0; i < LENGTH(span_kinds); i++)
		if (strcmp(kind, span_kinds[i]) == 0)
			return true;
	return false;
}

/* Adds the line of a value as chain_add_column() would, were it in a row. */
static void add_json(struct text *out, const char *name, const json_t *value)
{
	char number[24];

	if (json_is_string(value)) {
		chain_add_value(out, name, 't', json_string_value(value),
				json_string_length(value));
	} else if (json_is_integer(value)) {
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		chain_add_value(out, name, 'i', number, strlen(number));
	} else {
		chain_add_value(out, name, 'n', "", 0);
	}
}

void chain_add_later(struct text *out, const char *name, const json_t *value)
{
	bool is_default =
		incident_field(name)->type == INCIDENT_TEXT
			? json_is_string(value) && !json_string_length(value)
			: json_is_integer(value) && !json_integer_value(value);

	if (value && !is_default)
		add_json(out, name, value);
}

void chain_add_later_column(struct text *out, const char *name, bool is_text,
			    sqlite3_stmt *stmt, int i)
{
	int type = sqlite3_column_type(stmt, i);
	bool is_default =
		is_text ? type == SQLITE_TEXT && !sqlite3_column_bytes(stmt, i)
			: type == SQLITE_INTEGER &&
				  !sqlite3_column_int64(stmt, i);

	if (!is_default)
		chain_add_column_as(out, name, stmt, i);
}

static void note_script(struct chain_walk *walk, const json_t *now,
			int64_t incident_id, int64_t entry_id)
{
	struct chain_line *line = chain_book_line(&walk->book, CHAIN_SCRIPT,
						  (uint64_t)incident_id);

	walk->content.len = 0;
	add_json(&walk->content, "script_sha256",
		 json_object_get(now, "script_sha256"));
	chain_digest(line->said, &walk->content);
	line->told = true;
	line->entry_id = entry_id;
}

/* An entry that has the columns of an incident as they are after it. */
static void note_later(struct chain_walk *walk, sqlite3_stmt *stmt,
		       const json_t *now)
{
	int64_t entry_id = sqlite3_column_int64(stmt, CHAIN_ENTRY_ID);
	int64_t incident_id = sqlite3_column_int64(stmt, CHAIN_INCIDENT_ID);
	struct chain_line *line;
	int i;

	if (strcmp((const char *)sqlite3_column_text(stmt, CHAIN_KIND),
		   "script") == 0)
		note_script(walk, now, incident_id, entry_id);
	walk->content.len = 0;
	for (i = CHAIN_FILLED_IN; i < CHAIN_COLUMNS; i++)
		chain_add_later(&walk->content, walk->names[i],
				json_object_get(now, walk->names[i]));
	line = chain_book_line(&walk->book, CHAIN_LATER, (uint64_t)incident_id);
	chain_digest(line->said, &walk->content);
	line->told = true;
	line->entry_id = entry_id;
}

void chain_note_incident(struct chain_walk *walk, sqlite3_stmt *stmt,
			 bool script_came_later)
{
	uint64_t id = (uint64_t)sqlite3_column_int64(stmt, CHAIN_INCIDENT_ID);
	int64_t entry_id = sqlite3_column_int64(stmt, CHAIN_ENTRY_ID);
	struct chain_line *line;
	int i;

	walk->content.len = 0;
	for (i = CHAIN_FILLED_IN; i < CHAIN_COLUMNS; i++)
		chain_add_later_column(&walk->content, walk->names[i],
				       walk->is_text[i], stmt, i);
	if (walk->content.len) {
		line = chain_book_line(&walk->book, CHAIN_LATER, id);
		chain_digest(line->is, &walk->content);
		line->found = true;
		line->entry_id = entry_id;
	}
	if (!script_came_later)
		return;
	line = chain_book_line(&walk->book, CHAIN_SCRIPT, id);
	walk->content.len = 0;
	chain_add_column(&walk->content, stmt, CHAIN_SCRIPT_OF);
	chain_digest(line->is, &walk->content);
	line->found = true;
	line->entry_id = entry_id;
}

/* What stands for the key of a row: the first bytes of its hash. */
static uint64_t key_of(const struct text *key)
{
	unsigned char digest[CHAIN_DIGEST];
	uint64_t id;

	chain_digest(digest, key);
	memcpy(&id, digest, sizeof(id));
	return id;
}

static void note_span(struct chain_walk *walk, const json_t *content,
		      const char *kind, int64_t entry_id)
{
	json_int_t id = json_integer_value(json_object_get(content, "id"));
	struct chain_line *line =
		chain_book_line(&walk->book, CHAIN_SPAN, (uint64_t)id);
	int i;

	line->runs = strcmp(kind, "watched") == 0;
	walk->content.len = 0;
	for (i = 0; span_columns[i]; i++)
		if (i != SPAN_UNTIL || !line->runs)
			add_json(&walk->content, span_columns[i],
				 json_object_get(content, span_columns[i]));
	chain_digest(line->said, &walk->content);
	line->told = true;
	line->entry_id = entry_id;
}

static void note_other(struct chain_walk *walk, const json_t *content,
		       int64_t entry_id)
{
	struct chain_line *line;
	uint64_t id = 0;
	int i;

	walk->content.len = 0;
	for (i = 0; other_columns[i]; i++) {
		if (i == OTHER_KEY)
			id = key_of(&walk->content);
		add_json(&walk->content, other_columns[i],
			 json_object_get(content, other_columns[i]));
	}
	line = chain_book_line(&walk->book, CHAIN_OTHER, id);
	chain_digest(line->said, &walk->content);
	line->told = true;
	line->entry_id = entry_id;
}

static void note_pruned(struct chain_walk *walk, const json_t *content,
			int64_t entry_id)
{
	const char *entries =
		json_string_value(json_object_get(content, "entries"));

	if (!entries ||
	    !chain_ranges_read(&walk->told_pruned, entries, entry_id))
		chain_find(walk, entry_id,
			   "it does not say which entries before it were "
			   "pruned");
}

/* What is said of no incident. */
static void note_of_none(struct chain_walk *walk, const json_t *content,
			 const char *kind, int64_t entry_id)
{
	if (is_span_kind(kind))
		note_span(walk, content, kind, entry_id);
	else if (strcmp(kind, "other") == 0)
		note_other(walk, content, entry_id);
	else if (strcmp(kind, "pruned") == 0)
		note_pruned(walk, content, entry_id);
}

/* What a bad entry would have said of its incident nobody knows. */
static void note_bad(struct chain_walk *walk, sqlite3_stmt *stmt)
{
	int64_t incident_id = sqlite3_column_int64(stmt, CHAIN_INCIDENT_ID);

	if (!incident_id)
		return;
	chain_book_line(&walk->book, CHAIN_LATER, (uint64_t)incident_id)
		->doubtful = true;
	chain_book_line(&walk->book, CHAIN_SCRIPT, (uint64_t)incident_id)
		->doubtful = true;
}

void chain_note(struct chain_walk *walk, sqlite3_stmt *stmt, bool is_good)
{
	const char *kind = (const char *)sqlite3_column_text(stmt, CHAIN_KIND);
	json_t *content;
	const json_t *now;

	if (!is_good)
		note_bad(walk, stmt);
	if (!is_good || strcmp(kind, "incident") == 0 ||
	    strcmp(kind, "changed") == 0)
		return;
	content = json_loadb(walk->content.s, walk->content.len, 0, NULL);
	now = json_object_get(content, "now");
	if (!sqlite3_column_int64(stmt, CHAIN_INCIDENT_ID))
		note_of_none(walk, content, kind,
			     sqlite3_column_int64(stmt, CHAIN_ENTRY_ID));
	else if (json_is_object(now))
		note_later(walk, stmt, now);
	json_decref(content);
}

/* --- What is there ------------------------------------------------------- */

static int check_spans(struct chain_walk *walk, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(walk->store, QUERY_COVERAGE_ALL);
	struct chain_line *line;
	int i, rc;

	while ((rc = store_step(walk->store, stmt, err)) > 0) {
		int64_t id = sqlite3_column_int64(stmt, 0);

		line = chain_book_line(&walk->book, CHAIN_SPAN, (uint64_t)id);
		line->found = true;
		if (!line->told)
			chain_find(walk, 0,
				   "no entry tells of span %" PRId64
				   " of what was watched",
				   id);
		walk->content.len = 0;
		for (i = 0; span_columns[i]; i++)
			if (i != SPAN_UNTIL || !line->runs ||
			    sqlite3_column_type(stmt, i) != SQLITE_INTEGER)
				chain_add_column(&walk->content, stmt, i);
		chain_digest(line->is, &walk->content);
	}
	return rc;
}

static int check_others(struct chain_walk *walk, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(walk->store, QUERY_NOT_OWNER_ALL);
	struct chain_line *line;
	int i, rc;

	while ((rc = store_step(walk->store, stmt, err)) > 0) {
		uint64_t id = 0;

		walk->content.len = 0;
		for (i = 0; other_columns[i]; i++) {
			if (i == OTHER_KEY)
				id = key_of(&walk->content);
			chain_add_column(&walk->content, stmt, i);
		}
		line = chain_book_line(&walk->book, CHAIN_OTHER, id);
		line->found = true;
		chain_digest(line->is, &walk->content);
		if (!line->told)
			chain_find(walk, 0,
				   "no entry tells of job %s of cluster %s, "
				   "which others are said to have cancelled",
				   (const char *)sqlite3_column_text(stmt, 1),
				   (const char *)sqlite3_column_text(stmt, 0));
	}
	return rc;
}

/* Rows of incidents that no entry begins. Looking for them takes a while. */
static int check_incidents(struct chain_walk *walk, struct err *err)
{
	autoreset sqlite3_stmt *all =
		store_stmt(walk->store, QUERY_INCIDENTS_ALL);
	autoreset sqlite3_stmt *untold =
		store_stmt(walk->store, QUERY_INCIDENTS_UNTOLD);
	int rc;

	if (store_step(walk->store, all, err) < 0)
		return -1;
	if (sqlite3_column_int64(all, 0) == walk->report->incidents)
		return 0;
	while ((rc = store_step(walk->store, untold, err)) > 0)
		chain_find(walk, 0, "no entry begins incident %lld",
			   (long long)sqlite3_column_int64(untold, 0));
	return rc;
}

static const char *what_differs(const struct chain_line *line)
{
	switch (line->subject) {
	case CHAIN_SCRIPT:
		return "the script of its incident is not the one it names";
	case CHAIN_SPAN:
		return line->found ? "its span is not what it says"
				   : "its span is gone";
	case CHAIN_OTHER:
		return line->found ? "its job is not what it says"
				   : "its job is gone";
	case CHAIN_LATER:
	default:
		return CHAIN_LATER_DIFFERS;
	}
}

static void compare(struct chain_walk *walk)
{
	size_t i;

	for (i = 0; i < walk->book.cap; i++) {
		const struct chain_line *line = &walk->book.lines[i];
		bool is_row = line->subject == CHAIN_SPAN ||
			      line->subject == CHAIN_OTHER;

		if (!line->used || line->doubtful || (is_row && !line->told))
			continue;
		if (memcmp(line->said, line->is, CHAIN_DIGEST) != 0)
			chain_find(walk, line->entry_id, "%s",
				   what_differs(line));
	}
}

int chain_check_rows(struct chain_walk *walk, struct err *err)
{
	if (check_spans(walk, err) < 0 || check_others(walk, err) < 0 ||
	    check_incidents(walk, err) < 0)
		return -1;
	compare(walk);
	return 0;
}
