/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/store_alert.h"

#include "lib/mem.h"
#include "schema/store_private.h"

#include <jansson.h>
#include <string.h>

const char *const alert_whats[ALERT_N] = {
	[ALERT_INCIDENT] = "incident",
	[ALERT_CONFIRMED] = "confirmed",
	[ALERT_CLEARED] = "cleared",
	[ALERT_RESTORED] = "restored",
	[ALERT_RESTORATION_FAILED] = "restoration-failed",
	[ALERT_CANCELLED_AGAIN] = "cancelled-again",
	[ALERT_GAP] = "gap",
	[ALERT_GAP_CLOSED] = "gap-closed",
	[ALERT_CHAIN_BROKEN] = "chain-broken",
};

/* What the chain calls it, where that alone says what it is. */
static const struct {
	const char *kind;
	enum alert_what what;
} kinds[] = {
	{"incident", ALERT_INCIDENT},
	{"confirmed", ALERT_CONFIRMED},
	{"cleared", ALERT_CLEARED},
	{"alive", ALERT_CLEARED},
	{"restored", ALERT_RESTORED},
	{"withheld", ALERT_RESTORATION_FAILED},
	{"gap", ALERT_GAP},
	{"gap-closed", ALERT_GAP_CLOSED},
	{"broken", ALERT_CHAIN_BROKEN},
};

bool alert_is_follow_up(enum alert_what what)
{
	return what > ALERT_INCIDENT && what < ALERT_GAP;
}

/* --- Counting ------------------------------------------------------------ */

/* The trouble lives until the statement is reset. */
static int read_trouble(struct store *store, sqlite3_stmt *stmt,
			struct store_alert_count *count, struct err *err)
{
	int rc;

	store_bind_text(stmt, ":channel", count->channel);
	rc = store_step(store, stmt, err);
	count->trouble =
		rc > 0 ? (const char *)sqlite3_column_text(stmt, 0) : "";
	return rc < 0 ? -1 : 0;
}

int store_alert_counts(struct store *store, store_alert_count_fn *fn, void *arg,
		       struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ALERT_COUNTS);
	int rc;

	while ((rc = store_step(store, stmt, err)) > 0) {
		autoreset sqlite3_stmt *trouble =
			store_stmt(store, QUERY_ALERT_TROUBLE);
		struct store_alert_count count = {
			.channel = (const char *)sqlite3_column_text(stmt, 0),
			.pending = sqlite3_column_int64(stmt, 1),
			.pending_s = sqlite3_column_int64(stmt, 2),
			.delivered = sqlite3_column_int64(stmt, 3),
			.given_up = sqlite3_column_int64(stmt, 4),
			.delivered_s = sqlite3_column_int64(stmt, 5),
			.given_up_s = sqlite3_column_int64(stmt, 6),
		};

		if (read_trouble(store, trouble, &count, err) < 0)
			return -1;
		if (fn(&count, arg))
			return 0;
	}
	return rc;
}

/* --- Queueing ------------------------------------------------------------ */

static int64_t number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

/* Whether the entry is news, and which: some say so in their content. */
static bool is_news(const char *kind, const json_t *content,
		    struct store_news *news)
{
	const char *state =
		json_string_value(json_object_get(content, "state"));
	size_t i;

	for (i = 0; i < LENGTH(kinds); i++) {
		if (strcmp(kinds[i].kind, kind) == 0) {
			news->what = kinds[i].what;
			return true;
		}
	}
	if (strcmp(kind, "restoration") == 0) {
		news->what = ALERT_RESTORATION_FAILED;
		return json_object_get(content, "failed") != NULL;
	}
	news->what = ALERT_CANCELLED_AGAIN;
	return strcmp(kind, "followed") == 0 && number(content, "ended") &&
	       state && strcmp(state, incident_again) == 0;
}

static int take_news(sqlite3_stmt *stmt, store_news_fn *fn, void *arg,
		     struct err *err)
{
	const char *text = (const char *)sqlite3_column_text(stmt, 2);
	json_t *content = text ? json_loads(text, 0, NULL) : NULL;
	struct store_news news = {
		.entry_id = sqlite3_column_int64(stmt, 0),
		.event_id = sqlite3_column_int64(stmt, 3),
		.section = (const char *)sqlite3_column_text(stmt, 4),
		.kind = (const char *)sqlite3_column_text(stmt, 5),
		.confirmed = sqlite3_column_int64(stmt, 6) != 0,
		.since_s = number(content, "since"),
		.until_s = number(content, "until"),
	};
	int rc = 0;

	if (is_news((const char *)sqlite3_column_text(stmt, 1), content,
		    &news)) {
		if (!news.event_id)
			news.span = number(content, "id");
		rc = fn(&news, arg, err);
	}
	json_decref(content);
	return rc;
}

int store_alert_looked(struct store *store, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_ALERT_LOOKED_PUT);

	return store_run(store, stmt, err);
}

int store_alert_news(struct store *store, store_news_fn *fn, void *arg,
		     struct err *err)
{
	autoreset sqlite3_stmt *looked =
		store_stmt(store, QUERY_ALERT_LOOKED_GET);
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ALERT_NEWS);
	int rc = store_step(store, looked, err);
	int64_t after;

	if (rc < 0)
		return -1;
	after = rc ? sqlite3_column_int64(looked, 0) : 0;
	/* Where somebody cut the chain off, what this transaction adds is news
	 * all the same. */
	if (store->chain.entry_id >= 0 && after > store->chain.found_id)
		after = store->chain.found_id;
	store_bind_int(stmt, ":after", after);
	while ((rc = store_step(store, stmt, err)) > 0)
		if (take_news(stmt, fn, arg, err) < 0)
			return -1;
	return rc < 0 ? -1 : store_alert_looked(store, err);
}

int store_alert_add(struct store *store, const char *channel,
		    const struct store_alert *alert, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ALERT_ADD);

	store_bind_text(stmt, ":channel", channel);
	store_bind_text(stmt, ":what", alert_whats[alert->what]);
	store_bind_int(stmt, ":event_id", alert->event_id);
	store_bind_int(stmt, ":about", alert->about);
	store_bind_int(stmt, ":at", alert->at_s);
	store_bind_int(stmt, ":next", alert->next_s);
	if (store_run(store, stmt, err) < 0)
		return -1;
	return sqlite3_changes(store->db) > 0;
}

int store_alert_known(struct store *store, const char *channel,
		      enum alert_what what, int64_t event_id, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ALERT_KNOWN);

	store_bind_text(stmt, ":channel", channel);
	store_bind_text(stmt, ":what", alert_whats[what]);
	store_bind_int(stmt, ":event_id", event_id);
	return store_step(store, stmt, err);
}

int store_alert_withdraw(struct store *store, const char *channel,
			 enum alert_what what, int64_t about, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ALERT_WITHDRAW);

	store_bind_text(stmt, ":channel", channel);
	store_bind_text(stmt, ":what", alert_whats[what]);
	store_bind_int(stmt, ":about", about);
	if (store_run(store, stmt, err) < 0)
		return -1;
	return sqlite3_changes(store->db) > 0;
}

/* --- Telling ------------------------------------------------------------- */

int store_alert_channels_due(struct store *store, int64_t now_s,
			     struct text_list *channels, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_ALERT_CHANNELS_DUE);
	int rc;

	store_bind_int(stmt, ":now", now_s);
	while ((rc = store_step(store, stmt, err)) > 0)
		text_list_add(channels,
			      (const char *)sqlite3_column_text(stmt, 0));
	return rc;
}

int store_alerts_due(struct store *store, const char *channel, int64_t now_s,
		     struct store_alert *alerts, size_t max, size_t *n,
		     struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ALERTS_DUE);
	int rc;

	store_bind_text(stmt, ":channel", channel);
	store_bind_int(stmt, ":now", now_s);
	store_bind_int(stmt, ":limit", (int64_t)max);
	*n = 0;
	while ((rc = store_step(store, stmt, err)) > 0) {
		const char *what = (const char *)sqlite3_column_text(stmt, 1);
		size_t word = incident_word(alert_whats, ALERT_N, what);

		/* A newer watcher's word is left to that. */
		if (word == ALERT_N)
			continue;
		alerts[(*n)++] = (struct store_alert){
			.alert_id = sqlite3_column_int64(stmt, 0),
			.what = (enum alert_what)word,
			.event_id = sqlite3_column_int64(stmt, 2),
			.about = sqlite3_column_int64(stmt, 3),
			.at_s = sqlite3_column_int64(stmt, 4),
			.tries = sqlite3_column_int64(stmt, 5),
		};
	}
	return rc;
}

/* Whether it could be had: 1, 0, -1. */
static int try_one(struct store *store, const struct store_alert *alert,
		   int64_t now_s, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ALERT_TRY);

	store_bind_int(stmt, ":alert_id", alert->alert_id);
	store_bind_int(stmt, ":now", now_s);
	store_bind_int(stmt, ":next", alert->next_s);
	if (store_run(store, stmt, err) < 0)
		return -1;
	return sqlite3_changes(store->db) > 0;
}

int store_alert_try(struct store *store, struct store_alert *alerts, size_t *n,
		    int64_t now_s, struct err *err)
{
	size_t i, left = 0;
	int rc = store_begin(store, now_s, err);

	for (i = 0; rc >= 0 && i < *n; i++) {
		rc = try_one(store, &alerts[i], now_s, err);
		if (rc > 0)
			alerts[left++] = alerts[i];
	}
	if (rc >= 0)
		rc = store_commit(store, err);
	if (rc < 0) {
		store_rollback(store);
		return -1;
	}
	*n = left;
	return 0;
}

static int tried_one(struct store *store, const struct store_alert *alert,
		     const struct store_alert_tried *tried, const char *trouble,
		     struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ALERT_TRIED);
	bool given_up = alert->at_s < tried->give_up_before_s;

	store_bind_int(stmt, ":alert_id", alert->alert_id);
	store_bind_text(stmt, ":state",
			tried->delivered ? "delivered"
			: given_up       ? "given-up"
					 : "pending");
	store_bind_int(stmt, ":next", alert->next_s);
	if (tried->status >= 0)
		store_bind_int(stmt, ":status", tried->status);
	store_bind_text(stmt, ":trouble", trouble);
	return store_run(store, stmt, err);
}

int store_alert_tried(struct store *store, const struct store_alert *alerts,
		      size_t n, int64_t now_s,
		      const struct store_alert_tried *tried, struct err *err)
{
	autofree char *trouble =
		text_utf8(tried->trouble, strlen(tried->trouble));
	size_t i;
	int rc = store_begin(store, now_s, err);

	for (i = 0; rc == 0 && i < n; i++)
		rc = tried_one(store, &alerts[i], tried, trouble, err);
	if (rc == 0)
		rc = store_commit(store, err);
	if (rc < 0)
		store_rollback(store);
	return rc;
}

/* Runs a bound statement in a transaction. *n: how many rows it changed. */
static int run_alone(struct store *store, sqlite3_stmt *stmt, int64_t now_s,
		     int64_t *n, struct err *err)
{
	if (store_begin(store, now_s, err) < 0)
		return -1;
	if (store_run(store, stmt, err) == 0) {
		*n = sqlite3_changes(store->db);
		if (store_commit(store, err) == 0)
			return 0;
	}
	store_rollback(store);
	return -1;
}

int store_alert_give_up(struct store *store, const struct text_list *channels,
			int64_t now_s, int64_t before_s, int64_t *n,
			struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ALERT_GIVE_UP);
	json_t *array = json_array();
	autofree char *names = NULL;
	size_t i;

	for (i = 0; i < channels->n; i++)
		json_array_append_new(array, json_string(channels->items[i]));
	names = json_dumps(array, JSON_COMPACT);
	json_decref(array);
	store_bind_text(stmt, ":channels", names);
	store_bind_int(stmt, ":before", before_s);
	return run_alone(store, stmt, now_s, n, err);
}

int store_alert_hurry(struct store *store, int64_t now_s, int64_t far_s,
		      int64_t *n, struct err *err)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, QUERY_ALERT_HURRY);

	store_bind_int(stmt, ":now", now_s);
	store_bind_int(stmt, ":far", far_s);
	return run_alone(store, stmt, now_s, n, err);
}
