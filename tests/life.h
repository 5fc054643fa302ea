/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs that a test lets live in a private MariaDB, at times that it chooses,
 * under passes of the watcher. */
#ifndef TESTS_LIFE_H
#define TESTS_LIFE_H

#include "schema/store.h"
#include "tests/database.h"
#include "watcher/watch.h"

#include <inttypes.h>

/* The database's clock when a test begins. */
#define LIFE_T 2000000000

struct life {
	MYSQL *admin;
	struct conf *conf;
	struct store *store;
	struct watch *watch;
	const char *version;
};

static inline void life_conf(struct life *life, const char *more)
{
	FILE *file = fopen(unit_path("watcher.conf"), "w");
	struct err err;

	fprintf(file,
		"[slurmdbd]\nsocket = %s\nuser = reader\ndatabase = lab_life\n"
		"[protect]\npartitions = critical\n%s"
		"[store]\npath = %s\n",
		getenv("LAB_SOCKET"), more, unit_path("s.db"));
	fclose(file);
	life->conf = conf_read(unit_path("watcher.conf"), &err);
	ck_assert_msg(life->conf != NULL, "%s", err.msg);
}

/* Slurm's tables of that version, empty, and a watcher of partition critical;
 * more: lines of the [protect] section, and further sections. */
static inline void life_begin(struct life *life, const char *version,
			      const char *more)
{
	struct err err;

	unit_make_dir();
	database_load("lab_life", version, false);
	life->version = version;
	life->admin = database_connect("lab_life");
	/* Columns that a test does not name get what they may. */
	database_do(life->admin, "SET sql_mode = ''");
	database_do(life->admin, "CREATE OR REPLACE USER reader@localhost");
	database_do(life->admin, "GRANT SELECT ON lab_life.* TO"
				 " reader@localhost");
	database_do(life->admin,
		    "INSERT IGNORE INTO cluster_table (creation_time, name,"
		    " federation, features, fed_id, fed_state) VALUES"
		    " (0, 'lab', '', '', 0, 0)");
	life_conf(life, more);
	life->store = store_open(life->conf->store.path, NULL, 100, &err);
	ck_assert_msg(life->store != NULL, "%s", err.msg);
	life->watch = watch_new(life->conf, life->store);
}

static inline void life_end(struct life *life)
{
	watch_free(life->watch);
	store_close(life->store);
	conf_free(life->conf);
	database_do(life->admin, "SET GLOBAL init_connect = ''");
	mysql_close(life->admin);
	unit_remove_dir();
}

/* A pass when the database's clock says LIFE_T + at_s: it says so to whoever
 * connects from now on. Of the passes before, the watcher has what is in its
 * store. */
static inline void life_pass(struct life *life, int64_t at_s)
{
	struct watch_result result;
	struct err err;

	database_do(life->admin,
		    "SET GLOBAL init_connect = 'SET timestamp = %" PRId64 "'",
		    LIFE_T + at_s);
	watch_reconfigure(life->watch, life->conf);
	ck_assert_msg(watch_pass(life->watch, &result, &err) == 0, "%s",
		      err.msg);
}

/* The row of a job of alice that waits on critical, as slurmdbd first writes
 * it. Times of rows are seconds after LIFE_T. */
static inline void life_add(struct life *life, int inx, int id_job,
			    int64_t submit_s)
{
	database_do(
		life->admin,
		"INSERT INTO lab_job_table SET job_db_inx = %d, id_job = %d,"
		" time_submit = %d + %" PRId64 ", mod_time = time_submit,"
		" account = 'acc', cpus_req = 1, job_name = 'j', id_user = "
		"1001,"
		" id_group = 1001, id_array_task = 4294967294,"
		" het_job_offset = 4294967294, nodelist = 'None assigned',"
		" `partition` = 'critical', priority = 1, state = 0,"
		" timelimit = 60, time_start = 0, time_end = 0,"
		" kill_requid = %s, tres_alloc = '', tres_req = ''",
		inx, id_job, LIFE_T, submit_s,
		strcmp(life->version, "20.11") == 0 ? "-1" : "NULL");
}

/* Writes columns of a row at that time. */
__attribute__((format(printf, 4, 5))) static inline void
life_set(struct life *life, int inx, int64_t at_s, const char *fmt, ...)
{
	autofree char *set = NULL;
	va_list ap;

	va_start(ap, fmt);
	ck_assert_int_ge(vasprintf(&set, fmt, ap), 0);
	va_end(ap);
	database_do(life->admin,
		    "UPDATE lab_job_table SET mod_time = %" PRId64
		    ", %s WHERE job_db_inx = %d",
		    LIFE_T + at_s, set, inx);
}

static inline void life_start(struct life *life, int inx, int64_t at_s)
{
	life_set(life, inx, at_s,
		 "state = 1, nodelist = 'n1', time_start = %" PRId64,
		 LIFE_T + at_s);
}

/* Makes it the pending rest of array 20, its tasks the bits of a bitmap. */
static inline void life_set_rest(struct life *life, int inx, int64_t at_s,
				 const char *bitmap)
{
	life_set(life, inx, at_s,
		 "id_array_job = 20, id_array_task = 4294967294,"
		 " array_task_str = '%s'",
		 bitmap);
}

/* by: who ended it, a uid or "" for nobody's request. */
static inline void life_stop(struct life *life, int inx, int64_t at_s,
			     int state, const char *by)
{
	life_set(life, inx, at_s, "state = %d, time_end = %" PRId64 "%s%s",
		 state, LIFE_T + at_s, by[0] ? ", kill_requid = " : "", by);
}

/* As a restart of slurmctld does. */
static inline void life_forget_requester(struct life *life, int inx,
					 int64_t at_s)
{
	life_set(life, inx, at_s, "kill_requid = %s",
		 strcmp(life->version, "20.11") == 0 ? "-1" : "NULL");
}

static inline int life_add_one(const struct incident *incident, void *arg)
{
	struct text *out = arg;

	text_addf(out, "%s%s %s %s %s %" PRId64, out->len ? "; " : "",
		  incident->job_id, incident->kind, incident->confidence,
		  incident->phase, incident->tasks);
	if (incident->exempt[0])
		text_add(out, " exempt");
	if (incident->correction[0])
		text_addf(out, " %s", incident->correction);
	if (incident->restored_at)
		text_add(out, " restored");
	return 0;
}

/* What is recorded: "JOB KIND CONFIDENCE PHASE TASKS [exempt] [CORRECTION]
 * [restored]; ..." in the order of their ends; freed by the caller. */
static inline char *life_recorded(struct life *life)
{
	const struct store_filter all = {.until = INT64_MAX,
					 .suspected = true,
					 .exempt = true,
					 .corrected = true};
	struct text out = {0};
	struct err err;

	ck_assert_int_eq(
		store_incidents(life->store, &all, life_add_one, &out, &err),
		0);
	return text_take(&out);
}

static inline void life_check(struct life *life, const char *expected)
{
	autofree char *recorded = life_recorded(life);

	ck_assert_str_eq(recorded, expected);
}

#endif
