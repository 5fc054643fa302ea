/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `watcher check`: everything that would stop it from working, each with its
 * remedy. */
#include "lib/log.h"
#include "lib/mem.h"
#include "schema/store.h"
#include "watcher/check.h"
#include "watcher/commands.h"
#include "watcher/place.h"
#include "watcher/slurmdbd.h"
#include "watcher/writing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void check_store(struct check *check)
{
	const char *path = check->conf->store.path;
	struct store *store;
	struct err err;

	store = writing_open(check->conf, &err);
	if (!store) {
		check_err(check, CHECK_WRONG, &err);
		return;
	}
	check_say(check, CHECK_FINE, "store %s: can be written%s", path,
		  check->conf->store.sign_key[0] ? ", and signed" : "");
	store_close(store);
}

static void check_account(struct check *check, struct slurmdbd *db)
{
	autofree char *grant = NULL;
	struct err err;

	if (slurmdbd_write_grant(db, &grant, &err) < 0) {
		check_err(check, CHECK_WRONG, &err);
	} else if (grant) {
		check_say(check, CHECK_DOUBTFUL,
			  "the database account can write: %s", grant);
		check_remedy(
			"make one of its own that only reads: conf/grants.sql");
	} else {
		check_say(check, CHECK_FINE,
			  "the database account can only read");
	}
}

/* The names that a section needs must be readable: they are asked for when a
 * job has them, not before. */
static void check_names(struct check *check, struct slurmdbd_cluster *cluster)
{
	struct policy_place place;
	struct err err;
	struct job job;

	job_init(&job);
	job.id_qos = 1;
	job.id_resv = 1;
	if (place_of(check->conf, cluster, &job, &place, &err) < 0)
		check_err(check, CHECK_WRONG, &err);
	job_finish(&job);
}

static void read_names(struct check *check, struct slurmdbd_cluster *cluster)
{
	static const enum slurmdbd_names of[] = {
		[CHECK_QOS] = SLURMDBD_QOS,
		[CHECK_ACCOUNTS] = SLURMDBD_ACCOUNTS,
		[CHECK_USERS] = SLURMDBD_USERS,
	};
	struct err err;
	size_t i;

	for (i = CHECK_QOS; i < LENGTH(of); i++)
		if (slurmdbd_names(cluster, of[i], &check->names[i], &err) < 0)
			check_err(check, CHECK_NOTE, &err);
}

static void check_cluster(struct check *check, struct slurmdbd *db,
			  const char *name)
{
	struct slurmdbd_cluster *cluster;
	uint64_t *ids = NULL;
	struct err err;
	size_t n;

	cluster = slurmdbd_cluster_open(db, name, &err);
	if (!cluster || slurmdbd_open_ids(cluster, &ids, &n, &err) < 0) {
		check_err(check, CHECK_WRONG, &err);
	} else {
		check_say(check, CHECK_FINE,
			  "cluster %s: %zu jobs have not ended", name, n);
		check_names(check, cluster);
		read_names(check, cluster);
		if (!slurmdbd_keeps_scripts(cluster)) {
			check_say(check, CHECK_DOUBTFUL,
				  "cluster %s: its slurmdbd stores no job "
				  "scripts "
				  "(before 21.08)",
				  name);
			check_remedy(
				"jobs come back only while slurmctld has them");
		}
	}
	free(ids);
	slurmdbd_cluster_close(cluster);
}

static bool contains(const struct text_list *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->items[i], name) == 0)
			return true;
	return false;
}

static void check_clusters(struct check *check, struct slurmdbd *db)
{
	struct text_list known = {0};
	struct text_list names = {0};
	struct err err;
	size_t i;

	if (slurmdbd_clusters(db, &known, &err) < 0 ||
	    slurmdbd_to_watch(db, check->conf, &names, &err) < 0)
		check_err(check, CHECK_WRONG, &err);
	else if (!names.n)
		check_say(check, CHECK_WRONG,
			  "slurmdbd's database knows no cluster");
	for (i = 0; i < names.n; i++) {
		if (contains(&known, names.items[i])) {
			check_cluster(check, db, names.items[i]);
			continue;
		}
		check_say(check, CHECK_WRONG,
			  "cluster %s: slurmdbd does not know it",
			  names.items[i]);
		check_remedy("`sacctmgr show cluster` lists those it knows");
	}
	text_list_free(&names);
	text_list_free(&known);
}

static void check_database(struct check *check)
{
	struct conf_database database;
	struct slurmdbd *db = NULL;
	struct err err;
	int64_t now_s;

	if (conf_database(check->conf, &database, &err) < 0) {
		check_err(check, CHECK_WRONG, &err);
		return;
	}
	db = slurmdbd_open(&database, &err);
	conf_database_finish(&database);
	if (!db || slurmdbd_clock(db, &now_s, &err) < 0) {
		check_err(check, CHECK_WRONG, &err);
	} else {
		check_say(check, CHECK_FINE, "the database answers");
		check_account(check, db);
		check_clocks(check, "the database", now_s, "this host",
			     time(NULL));
		check_clusters(check, db);
	}
	slurmdbd_close(db);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

int command_check(struct conf **conf, char **args)
{
	struct check check = {.conf = *conf};
	size_t i;

	(void)args;
	check_say(&check, CHECK_FINE, "configuration %s: %zu protected group%s",
		  (*conf)->path, (*conf)->n_protect,
		  plural((*conf)->n_protect));
	check_store(&check);
	check_database(&check);
	check_slurm(&check);
	check_protected(&check);
	check_channels(&check);
	check_metrics(&check);
	for (i = 0; i < CHECK_NAMES_N; i++)
		text_list_free(&check.names[i]);
	printf("%zu ok, %zu note%s, %zu warning%s, %zu error%s\n",
	       check.counts[CHECK_FINE], check.counts[CHECK_NOTE],
	       plural(check.counts[CHECK_NOTE]), check.counts[CHECK_DOUBTFUL],
	       plural(check.counts[CHECK_DOUBTFUL]), check.counts[CHECK_WRONG],
	       plural(check.counts[CHECK_WRONG]));
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_line(LOG_LEVEL_ERR, "writing the output failed");
		return 3;
	}
	return check.counts[CHECK_WRONG] ? 3 : 0;
}
