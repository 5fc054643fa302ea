/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How SQLite goes about each statement, on a store that nobody has analyzed: no
 * more is read than is asked for. */
#include "lib/mem.h"
#include "lib/text.h"
#include "query.h"
#include "schema/store.h"
#include "tests/unit.h"

#include <sqlite3.h>

/* What may read all of a table, or all of a cluster's incidents. */
static const struct {
	const char *name;
	const char *why;
} exceptions[] = {
	{"clusters", "a row for each cluster"},
	{"coverage_running", "a row for each time that watching began"},
	{"spans", "a row for each gap; one may have begun long before"},
	{"entry_last", "backwards, and only the last"},
	{"incidents_followed", "the index has only those"},
	{"incidents_restoring", "the same, of two indexes"},
	{"alerts_pending", "the index has only those"},
	{"tallies", "a row for each thing that is counted"},
	{"prunes", "the index has only those"},
	{"policies", "the same"},
	{"prune_lost", "once a year or so"},
	{"prune_witness", "the same"},
	{"scripts", "the same"},
	{"chain_walk", "verify reads all there is"},
	{"coverage_all", "the same"},
	{"not_owner_all", "the same"},
	{"incidents_all", "the same"},
	{"incidents_untold", "the same, where some were found"},
	{"seal_get", "it has one row"},
	{"alert_counts", "who asks how things are wants all of it"},
	{"alert_channels_due", "the index has only what is pending"},
	{"alert_give_up", "the same"},
	{"alert_hurry", "the same"},
	{"entry_version", "the same, where another was found"},
	{"name_known", "for a name that is mistyped, as a rule"},
};

/* By what reports find incidents, and what else stays out of the plan. */
static const struct {
	const char *name;
	const char *search;
	const char *absent;
} plans[] = {
	{"incidents", "incident_ended (ended>? AND ended<?)", "B-TREE"},
	{"incidents_walk", "incident_ended (ended>? AND ended<?)", "B-TREE"},
	{"incidents_walk_back", "incident_ended (ended>? AND ended<?)",
	 "B-TREE"},
	{"event_incidents",
	 "incident_event (cluster=? AND root_id=? AND uid=? AND ended>",
	 "B-TREE"},
	{"event_neighbours", "incident_owner (cluster=? AND uid=? AND ended>?",
	 NULL},
	{"event_next", "incident_owner (cluster=? AND uid=? AND ended>?", NULL},
	{"incidents_sums", "incident_ended (ended>? AND ended<?)", NULL},
	{"incidents_repeated",
	 "incident_owner (cluster=? AND uid=? AND ended>? AND ended<?)", NULL},
	{"incidents_recent", "incident_ended (ended>?)", "B-TREE"},
	{"incidents_due", "incident_ended (ended>?)", "B-TREE"},
	{"incidents_doubtful", "incident_doubtful (cluster=? AND ended>?)",
	 "B-TREE"},
	{"incident_get", "INTEGER PRIMARY KEY", "B-TREE"},
	{"incident_newest", "SEARCH", "B-TREE"},
	{"entries", "entry_incident (incident_id=?)", "B-TREE"},
	{"alert_news", "INTEGER PRIMARY KEY (rowid>?)", "B-TREE"},
	{"alerts_due", "alert_pending (channel=? AND next<?)", NULL},
	{"alert_channels_due", "alert_pending", "B-TREE"},
	{"alert_known", "(channel=? AND event_id=? AND what=?)", NULL},
	{"not_owner_counts", "not_owner_ended (ended>? AND ended<?)", NULL},
	{"coverage_gaps", "coverage_cluster (cluster=? AND since<?)", "B-TREE"},
	{"open_job_counts", "PRIMARY KEY (cluster=?)", NULL},
	{"incidents_restoring", "incident_restoring (cluster=?)", NULL},
	{"alerts_pending", "alert_pending", "B-TREE"},
	{"ran", "PRIMARY KEY (since>? AND since<?)", NULL},
};

static sqlite3 *db;

static void open_store(void)
{
	struct err err;
	struct store *store;

	unit_make_dir();
	store = store_open(unit_path("s.db"), NULL, 0, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
	store_close(store);
	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
}

static void close_store(void)
{
	sqlite3_close(db);
	unit_remove_dir();
}

/* The first column of what the SQL gives, a line each. */
static char *lines_of(const char *sql, int column)
{
	struct text lines = {0};
	sqlite3_stmt *stmt;

	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK,
		      "%s: %s", sql, sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		text_addf(&lines, "%s\n", sqlite3_column_text(stmt, column));
	ck_assert_int_eq(sqlite3_finalize(stmt), SQLITE_OK);
	return text_take(&lines);
}

static char *plan_of(size_t i)
{
	autofree char *sql =
		mem_printf("EXPLAIN QUERY PLAN %s", query_table[i].text);

	return lines_of(sql, 3);
}

/* "SCAN incident", of SQLite before 3.36 "SCAN TABLE incident"; a search by
 * the cluster alone is not much better. */
static bool reads_all(const char *plan, const struct text_list *tables)
{
	static const char *const verbs[] = {"SCAN", "SCAN TABLE"};
	size_t i, j;

	if (strstr(plan, " incident USING INDEX") &&
	    strstr(plan, "(cluster=?)"))
		return true;
	for (i = 0; i < tables->n; i++)
		for (j = 0; j < LENGTH(verbs); j++) {
			autofree char *scan =
				mem_printf("%s %s", verbs[j], tables->items[i]);
			const char *at = strstr(plan, scan);

			if (at && strchr(" \n", at[strlen(scan)]))
				return true;
		}
	return false;
}

static bool is_exception(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH(exceptions); i++)
		if (strcmp(exceptions[i].name, name) == 0)
			return true;
	return false;
}

START_TEST(no_statement_reads_all_of_a_table)
{
	autofree char *names = lines_of(
		"SELECT name FROM sqlite_master WHERE type = 'table'", 0);
	struct text_list tables = {0};
	size_t i, n_exceptions = 0;

	text_list_split(&tables, names);
	ck_assert_uint_gt(tables.n, 5);
	for (i = 0; i < QUERY_N; i++) {
		autofree char *plan = plan_of(i);
		bool expected = is_exception(query_table[i].name);

		n_exceptions += expected;
		ck_assert_msg(reads_all(plan, &tables) == expected,
			      "%s, %s exception:\n%s", query_table[i].name,
			      expected ? "an" : "no", plan);
	}
	ck_assert_uint_eq(n_exceptions, LENGTH(exceptions));
	text_list_free(&tables);
}
END_TEST

START_TEST(incidents_are_found_by_an_index)
{
	size_t i = 0;
	autofree char *plan = NULL;

	while (i < QUERY_N && strcmp(query_table[i].name, plans[_i].name) != 0)
		i++;
	ck_assert_msg(i < QUERY_N, "there is no %s.sql", plans[_i].name);
	plan = plan_of(i);
	ck_assert_msg(strstr(plan, plans[_i].search), "%s:\n%s", plans[_i].name,
		      plan);
	ck_assert_msg(!plans[_i].absent || !strstr(plan, plans[_i].absent),
		      "%s:\n%s", plans[_i].name, plan);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("plans");

	tcase_add_checked_fixture(tcase, open_store, close_store);
	tcase_add_test(tcase, no_statement_reads_all_of_a_table);
	tcase_add_loop_test(tcase, incidents_are_found_by_an_index, 0,
			    LENGTH(plans));
	return unit_run("plans", tcase);
}
