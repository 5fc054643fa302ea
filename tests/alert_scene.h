/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store and a watcher.conf with channels, and incidents to tell of. */
#ifndef TESTS_ALERT_SCENE_H
#define TESTS_ALERT_SCENE_H

#include "conf/conf.h"
#include "lib/mem.h"
#include "schema/store_alert.h"
#include "schema/store_restoration.h"
#include "tests/unit.h"
#include "watcher/outbox.h"
#include "watcher/writing.h"

#include <sqlite3.h>
#include <time.h>

#define SCENE_NOW_S 1700000000

static struct conf *scene_conf;
static struct store *scene_store;
static struct err scene_err;

static inline void scene_must(bool ok)
{
	ck_assert_msg(ok, "%s", scene_err.msg);
}

static inline void scene_write(const char *name, int mode, const char *text)
{
	FILE *file = fopen(unit_path(name), "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	ck_assert_int_eq(fchmod(fileno(file), (mode_t)mode), 0);
	ck_assert_int_eq(fclose(file), 0);
}

/* Reads watcher.conf with these lines; $ stands for the folder. */
static inline struct conf *scene_read(const char *lines)
{
	struct text text = {0};
	struct conf *conf;

	text_addf(&text,
		  "[protect]\npartitions = critical\n[store]\npath = %s/s.db\n",
		  unit_dir);
	for (; *lines; lines++)
		if (*lines == '$')
			text_add(&text, unit_dir);
		else
			text_add_char(&text, *lines);
	scene_write("watcher.conf", 0644, text.s);
	text_free(&text);
	conf = conf_read(unit_path("watcher.conf"), &scene_err);
	scene_must(conf != NULL);
	return conf;
}

static inline void scene_open(const char *lines)
{
	scene_conf = scene_read(lines);
	scene_store = writing_open(scene_conf, &scene_err);
	scene_must(scene_store != NULL);
}

static inline void scene_close(void)
{
	store_close(scene_store);
	conf_free(scene_conf);
	scene_store = NULL;
	scene_conf = NULL;
}

static inline void scene_begin(void)
{
	scene_must(store_begin(scene_store, SCENE_NOW_S, &scene_err) == 0);
}

static inline void scene_commit(void)
{
	scene_must(store_commit(scene_store, &scene_err) == 0);
}

/* What an incident is; what is left out is made up. */
struct scene_incident {
	int64_t id_job;
	int64_t root_id; /* 0: the same */
	const char *user;
	const char *name;
	const char *kind;
	const char *confidence;
	const char *section;
	const char *exempt;
	const char *found;
	const char *phase;
};

/* Records it in the transaction; its number. */
static inline int64_t scene_record(struct scene_incident of)
{
	const char *const texts[] = {
		of.user ? of.user : "alice",
		of.name ? of.name : "job",
		of.kind ? of.kind : "cancelled",
		of.confidence ? of.confidence : "confirmed",
		of.section ? of.section : "",
		of.exempt ? of.exempt : "",
		of.found ? of.found : "recent",
		"alpha",
		"critical",
		of.phase ? of.phase : "running",
		"CANCELLED",
		"",
	};
	char *own[LENGTH(texts)];
	autofree char *job_id =
		of.root_id ? mem_printf("%lld_%lld", (long long)of.root_id,
					(long long)of.id_job)
			   : mem_printf("%lld", (long long)of.id_job);
	struct incident incident;
	size_t i;

	for (i = 0; i < LENGTH(texts); i++)
		own[i] = mem_strdup(texts[i]);
	incident = (struct incident){
		.cluster = own[7],
		.job_id = job_id,
		.job_db_inx = own[11],
		.id_job = of.id_job,
		.root_id = of.root_id ? of.root_id : of.id_job,
		.part = own[11],
		.user = own[0],
		.uid = 1001,
		.account = own[7],
		.partition = own[8],
		.section = own[4],
		.qos = own[11],
		.job_name = own[1],
		.kind = own[2],
		.confidence = own[3],
		.phase = own[9],
		.tasks = 1,
		.submitted = 1000,
		.started = 2000,
		.ended = SCENE_NOW_S - 10,
		.detected = SCENE_NOW_S,
		.elapsed_s = 100,
		.cpu_seconds = 3600,
		.state = own[10],
		.reason = own[11],
		.causes = own[11],
		.exempt = own[5],
		.found = own[6],
		.script_sha256 = own[11],
		.job = own[11],
	};
	scene_must(store_incident_add(scene_store, &incident, &scene_err) >= 0);
	for (i = 0; i < LENGTH(texts); i++)
		free(own[i]);
	return incident.incident_id;
}

/* In a transaction of its own. */
static inline int64_t scene_incident(struct scene_incident of)
{
	int64_t id;

	scene_begin();
	id = scene_record(of);
	scene_commit();
	return id;
}

static inline void scene_correct(int64_t id, enum incident_correction how)
{
	scene_begin();
	scene_must(store_correct(scene_store, id, SCENE_NOW_S, how, "the log",
				 &scene_err) == 0);
	scene_commit();
}

static inline void scene_enter(int64_t id, const char *kind,
			       const char *content)
{
	scene_begin();
	scene_must(store_entry_add(scene_store, id, SCENE_NOW_S, kind, content,
				   &scene_err) == 0);
	scene_commit();
}

static inline void scene_restored(int64_t id)
{
	const struct store_return back = {"requeued by watcher", "77", 77, 0};

	scene_begin();
	scene_must(store_restored(scene_store, id, SCENE_NOW_S, &back,
				  &scene_err) == 1);
	scene_commit();
}

/* The rows that a statement of one column gives, each with a ';'; freed by the
 * caller. */
static inline char *scene_rows(const char *sql)
{
	struct text rows = {0};
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;

	ck_assert_int_eq(sqlite3_open(unit_path("s.db"), &db), SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK,
		      "%s", sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		text_addf(&rows, "%s;",
			  (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return text_take(&rows);
}

static inline void scene_check_rows(const char *sql, const char *expected)
{
	autofree char *found = scene_rows(sql);

	ck_assert_str_eq(found, expected);
}

#endif
