/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/watch.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/ticks.h"
#include "watcher/alert.h"
#include "watcher/evidence.h"
#include "watcher/follow.h"
#include "watcher/hearing.h"
#include "watcher/moves.h"
#include "watcher/policy_history.h"
#include "watcher/ran.h"
#include "watcher/record.h"
#include "watcher/revise.h"
#include "watcher/slurmdbd.h"
#include "watcher/tail.h"
#include "watcher/word.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

/* A cluster that is watched. */
struct cluster {
	char *name;
	struct slurmdbd_cluster *tables; /* NULL: to be opened anew */
	struct tail *tail;               /* NULL: to be read from the store */
	struct record_cache cache;
	int64_t alive_s;    /* when incidents are to be looked at again, */
	int64_t doubtful_s; /* for either reason */
	int64_t follow_s;   /* and restored jobs */
	char *trouble;      /* what the last pass failed of; NULL: nothing */
	char *unnoted;      /* and why that could not be noted */
	bool seen;          /* named by the database or the configuration */
};

struct watch {
	const struct conf *conf;
	struct store *store;
	struct slurmdbd *db;
	struct word *word;              /* NULL: slurmctld is never asked */
	struct hearing *hearing;        /* NULL: there is no witness */
	struct policy_history *history; /* NULL: to be read */
	char *trouble;                  /* with the database as a whole */
	struct cluster *clusters;
	size_t n_clusters;
	size_t cap;
};

/* What one pass over one cluster carries from look to look. */
struct pass {
	struct watch *watch;
	struct cluster *cluster;
	struct record record;
	size_t lost; /* jobs that are gone from the table */
	int64_t begun_ms;
	int64_t rows; /* that its tables had given before */
};

static void forget_cluster(struct cluster *cluster)
{
	slurmdbd_cluster_close(cluster->tables);
	cluster->tables = NULL;
	tail_free(cluster->tail);
	cluster->tail = NULL;
	record_cache_free(&cluster->cache);
}

static void disconnect(struct watch *watch)
{
	size_t i;

	for (i = 0; i < watch->n_clusters; i++)
		forget_cluster(&watch->clusters[i]);
	slurmdbd_close(watch->db);
	watch->db = NULL;
}

struct watch *watch_new(const struct conf *conf, struct store *store)
{
	struct watch *watch = mem_alloc(1, sizeof(*watch));

	watch->conf = conf;
	watch->store = store;
	watch->word = word_new(conf);
	watch->hearing = hearing_new(conf, store);
	return watch;
}

void watch_free(struct watch *watch)
{
	size_t i;

	if (!watch)
		return;
	disconnect(watch);
	for (i = 0; i < watch->n_clusters; i++) {
		free(watch->clusters[i].name);
		free(watch->clusters[i].trouble);
		free(watch->clusters[i].unnoted);
	}
	word_free(watch->word);
	hearing_free(watch->hearing);
	policy_history_free(watch->history);
	free(watch->clusters);
	free(watch->trouble);
	free(watch);
}

/* Whatever look found it, it is judged alike. */
static int on_ended(struct job *job, enum tail_look look, const char *memory,
		    char **again, void *arg, struct err *err)
{
	struct pass *pass = arg;

	return record_ended(&pass->record, job, look, memory, again, err);
}

static int on_open(const struct job *job, const char *before, char **memory,
		   bool *again, void *arg, struct err *err)
{
	struct pass *pass = arg;

	return record_open(&pass->record, job, before, memory, again, err);
}

/* A whole array may have been cancelled: a way to the database for each of its
 * rows would take seconds. */
static int on_ahead(const struct job_list *jobs, void *arg, struct err *err)
{
	struct pass *pass = arg;

	return evidence_ahead(pass->record.conf, pass->record.tables, jobs,
			      true, err);
}

static int on_lost(const char *memory, void *arg, struct err *err)
{
	struct pass *pass = arg;

	pass->lost++;
	return record_lost(&pass->record, memory, err);
}

static struct tail *tail_from_store(const struct watch *watch, const char *name,
				    struct err *err)
{
	const struct tail_limits limits = {
		.overlap_s = watch->conf->watch.overlap_s,
		.sweep_s = watch->conf->watch.sweep_s,
		.sweep_window_s = watch->conf->watch.sweep_window_s,
		.rows_per_pass = watch->conf->watch.max_rows_per_pass,
	};
	struct store_cluster state;
	struct store_open_job *jobs;
	size_t n;

	if (store_cluster_get(watch->store, name, &state, err) < 0 ||
	    store_open_jobs(watch->store, name, &jobs, &n, err) < 0)
		return NULL;
	return tail_new(&limits, &state, jobs, n);
}

/* Opens what a pass needs and the last one did not leave open. */
static int open_cluster(struct watch *watch, struct cluster *cluster,
			struct err *err)
{
	if (!cluster->tables)
		cluster->tables =
			slurmdbd_cluster_open(watch->db, cluster->name, err);
	if (cluster->tables && !cluster->tail)
		cluster->tail = tail_from_store(watch, cluster->name, err);
	return cluster->tail ? 0 : -1;
}

/* Once, with a clock: this configuration is in force from its first pass on. */
static int read_history(struct pass *pass, struct err *err)
{
	struct watch *watch = pass->watch;

	if (!watch->history)
		watch->history = policy_history_read(watch->conf, watch->store,
						     pass->record.now_s, err);
	pass->record.history = watch->history;
	return watch->history ? 0 : -1;
}

/* Writes what the pass moved, and what it cost. */
static int store_moves(struct pass *pass, struct err *err)
{
	const struct cluster *cluster = pass->cluster;
	const struct moves moves = {
		.conf = pass->watch->conf,
		.store = pass->watch->store,
		.cluster = cluster->name,
		.tail = cluster->tail,
		.now_s = pass->record.now_s,
		.incidents = pass->record.n,
		.lost = pass->lost,
		.rows = slurmdbd_rows(cluster->tables) - pass->rows,
		.took_ms = ticks_ms() - pass->begun_ms,
	};

	return moves_store(&moves, err);
}

/* Hears the witness, if the log is that of this cluster. */
static int hear(struct pass *pass, struct err *err)
{
	struct watch *watch = pass->watch;

	if (!hearing_is_of(watch->hearing, pass->cluster->name,
			   watch->n_clusters == 1))
		return 0;
	pass->record.hearing = watch->hearing;
	if (record_begin(&pass->record, err) < 0)
		return -1;
	return hearing_read(watch->hearing, pass->cluster->name,
			    pass->record.now_s, err);
}

/* Looks, judges and commits: incidents, what is open and the position move in
 * one transaction. */
static int look_and_commit(struct pass *pass, struct err *err)
{
	const struct tail_calls calls = {on_ended, on_open, on_lost, pass,
					 on_ahead};
	struct cluster *cluster = pass->cluster;
	int rc;

	if (open_cluster(pass->watch, cluster, err) < 0 ||
	    read_history(pass, err) < 0)
		return -1;
	pass->record.tables = cluster->tables;
	pass->rows = slurmdbd_rows(cluster->tables);
	pass->record.cache = &cluster->cache;
	pass->record.word = pass->watch->word;
	if (hear(pass, err) < 0)
		return -1;
	rc = tail_pass(cluster->tail, cluster->tables, pass->record.now_s,
		       &calls, err);
	slurmdbd_ahead_free(cluster->tables);
	if (rc < 0)
		return -1;
	/* What changed after it was recorded tells of a slurmctld that started
	 * anew. */
	if (pass->record.changes)
		cluster->alive_s = 0;
	if (revise_alive(&pass->record, &cluster->alive_s, err) < 0 ||
	    revise_doubtful(&pass->record, &cluster->doubtful_s, err) < 0 ||
	    follow_restored(&pass->record, &cluster->follow_s, err) < 0 ||
	    ran_count(&pass->record, err) < 0 ||
	    record_begin(&pass->record, err) < 0 ||
	    store_moves(pass, err) < 0 ||
	    store_commit(pass->watch->store, err) < 0)
		return -1;
	tail_commit(cluster->tail);
	return 0;
}

/* Begins a gap, as far as the store can be written. */
static void note_gap(struct watch *watch, struct cluster *cluster,
		     const struct err *why)
{
	struct store *store = watch->store;
	struct err err;
	bool noted =
		store_begin(store, (int64_t)time(NULL), &err) == 0 &&
		store_gap(store, cluster->name, 0, 0, why->msg, &err) == 0 &&
		store_commit(store, &err) == 0;

	if (!noted)
		store_rollback(store);
	/* As often as it is tried, it is one trouble. */
	log_trouble(LOG_LEVEL_ERR, &cluster->unnoted, noted ? NULL : &err,
		    cluster->name, "gaps noted");
}

static void tell(struct pass *pass, struct watch_result *result)
{
	size_t i;

	for (i = 0; i < pass->record.n; i++) {
		if (pass->record.incidents[i].exempt[0]) {
			result->exempt++;
			continue;
		}
		result->incidents++;
		alert(&pass->record.incidents[i]);
	}
	for (i = 0; i < pass->record.n_corrections; i++)
		alert_correction(pass->record.corrections[i].incident_id,
				 pass->record.corrections[i].correction,
				 pass->record.corrections[i].why);
}

static void log_pass(const struct pass *pass)
{
	const struct tail *tail = pass->cluster->tail;
	size_t remembered;
	size_t open = tail_open(tail, &remembered);

	log_debug("cluster %s: pass of %" PRId64 " ms, %zu rows open, %zu of "
		  "them remembered, %zu incidents, %zu changes",
		  pass->cluster->name, ticks_ms() - pass->begun_ms, open,
		  remembered, pass->record.n, pass->record.changes);
	if (tail_is_behind(tail))
		log_info("cluster %s: catching up, at jobs that ended %" PRId64
			 " s ago",
			 pass->cluster->name,
			 pass->record.now_s - tail_state(tail)->position);
}

static int pass_cluster(struct watch *watch, struct cluster *cluster,
			struct watch_result *result, struct err *err)
{
	struct pass pass = {
		.watch = watch,
		.cluster = cluster,
		.record = {.conf = watch->conf, .store = watch->store},
		.begun_ms = ticks_ms(),
	};
	int rc = -1;

	if (slurmdbd_clock(watch->db, &pass.record.now_s, err) == 0)
		rc = look_and_commit(&pass, err);
	if (rc == 0) {
		log_trouble(LOG_LEVEL_ERR, &cluster->trouble, NULL,
			    cluster->name, "watched");
		tell(&pass, result);
		log_pass(&pass);
		result->clusters++;
		result->rows += slurmdbd_rows(cluster->tables) - pass.rows;
		result->behind |= tail_is_behind(cluster->tail);
	} else {
		store_rollback(watch->store);
		/* With what it took for seen and was rolled back. */
		forget_cluster(cluster);
		log_trouble(LOG_LEVEL_ERR, &cluster->trouble, err,
			    cluster->name, "watched");
		note_gap(watch, cluster, err);
		result->failed++;
	}
	record_finish(&pass.record);
	return rc;
}

static void see_cluster(struct watch *watch, const char *name)
{
	size_t i;

	for (i = 0; i < watch->n_clusters; i++) {
		if (strcmp(watch->clusters[i].name, name) == 0) {
			watch->clusters[i].seen = true;
			return;
		}
	}
	watch->clusters =
		mem_grow(watch->clusters, &watch->cap, watch->n_clusters + 1,
			 sizeof(*watch->clusters));
	watch->clusters[watch->n_clusters++] =
		(struct cluster){.name = mem_strdup(name), .seen = true};
}

/* Finds the clusters to watch: those that are named, or all that slurmdbd
 * keeps, also one that was added a moment ago. */
static int see_clusters(struct watch *watch, struct err *err)
{
	struct text_list names = {0};
	int rc = slurmdbd_to_watch(watch->db, watch->conf, &names, err);
	size_t i;

	for (i = 0; rc == 0 && i < watch->n_clusters; i++)
		watch->clusters[i].seen = false;
	for (i = 0; rc == 0 && i < names.n; i++)
		see_cluster(watch, names.items[i]);
	text_list_free(&names);
	if (rc < 0)
		return -1;
	if (!watch->n_clusters) {
		err_set(err, ERR_STOP, "the database knows no cluster");
		return err_hint(err, "sacctmgr add cluster NAME");
	}
	return 0;
}

/* The clusters that the store knows are watched, until the database says
 * otherwise: if it is out of reach they have a gap. */
static int see_stored_clusters(struct watch *watch, struct err *err)
{
	struct text_list names = {0};
	size_t i;

	if (watch->n_clusters)
		return 0;
	if (store_clusters(watch->store, &names, err) < 0)
		return -1;
	for (i = 0; i < names.n; i++)
		see_cluster(watch, names.items[i]);
	text_list_free(&names);
	return 0;
}

static int connect_db(struct watch *watch, struct err *err)
{
	struct conf_database database;

	if (watch->db)
		return 0;
	if (conf_database(watch->conf, &database, err) < 0)
		return -1;
	watch->db = slurmdbd_open(&database, err);
	conf_database_finish(&database);
	return watch->db ? 0 : -1;
}

/* Connects if need be, and anew if the server closed a connection that was
 * idle for long. */
static int connect_and_see(struct watch *watch, struct err *err)
{
	bool old = watch->db != NULL;

	if (connect_db(watch, err) == 0 && see_clusters(watch, err) == 0)
		return 0;
	disconnect(watch);
	if (!old || connect_db(watch, err) < 0)
		return -1;
	return see_clusters(watch, err);
}

/* Nothing can be watched: a gap for every cluster. */
static int fail_all(struct watch *watch, const struct err *err)
{
	size_t i;

	log_trouble(LOG_LEVEL_ERR, &watch->trouble, err, "database", "watched");
	disconnect(watch);
	for (i = 0; i < watch->n_clusters; i++)
		if (watch->clusters[i].seen)
			note_gap(watch, &watch->clusters[i], err);
	return -1;
}

int watch_pass(struct watch *watch, struct watch_result *result,
	       struct err *err)
{
	struct err ignored;
	int64_t now_s;
	size_t i;

	*result = (struct watch_result){0};
	word_before(watch->word);
	if (see_stored_clusters(watch, err) < 0 ||
	    connect_and_see(watch, err) < 0)
		return fail_all(watch, err);
	log_trouble(LOG_LEVEL_ERR, &watch->trouble, NULL, "database",
		    "watched");
	for (i = 0; i < watch->n_clusters; i++)
		if (watch->clusters[i].seen)
			pass_cluster(watch, &watch->clusters[i], result, err);
	/* Was it a table that failed, or the connection? */
	if (result->failed && slurmdbd_clock(watch->db, &now_s, &ignored) < 0)
		disconnect(watch);
	word_after(watch->word);
	return result->clusters ? 0 : -1;
}

bool watch_wait_for_word(struct watch *watch)
{
	return word_wait(watch->word);
}

void watch_reconfigure(struct watch *watch, const struct conf *conf)
{
	disconnect(watch);
	word_free(watch->word);
	watch->word = word_new(conf);
	hearing_free(watch->hearing);
	watch->hearing = hearing_new(conf, watch->store);
	policy_history_free(watch->history);
	watch->history = NULL;
	watch->conf = conf;
}
