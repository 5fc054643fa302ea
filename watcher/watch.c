/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/watch.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "watcher/alert.h"
#include "watcher/describe.h"
#include "watcher/judge.h"
#include "watcher/policy.h"
#include "watcher/slurmdbd.h"
#include "watcher/tail.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <time.h>

/* A cluster that is watched. */
struct cluster {
	char *name;
	struct slurmdbd_cluster *tables; /* NULL: to be opened anew */
	struct tail *tail;               /* NULL: to be read from the store */
	char *trouble; /* what the last pass failed of; NULL: nothing */
	bool seen;     /* named by the database or the configuration */
};

struct watch {
	const struct conf *conf;
	struct store *store;
	struct slurmdbd *db;
	char *trouble; /* with the database as a whole */
	struct cluster *clusters;
	size_t n_clusters;
	size_t cap;
};

/* What one pass over one cluster carries from look to look. */
struct pass {
	struct watch *watch;
	struct cluster *cluster;
	int64_t now_s;              /* the database's clock */
	bool begun;                 /* a transaction on the store */
	struct incident *incidents; /* new ones, to be told once committed */
	size_t n;
	size_t cap;
};

static void forget_cluster(struct cluster *cluster)
{
	slurmdbd_cluster_close(cluster->tables);
	cluster->tables = NULL;
	tail_free(cluster->tail);
	cluster->tail = NULL;
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
	}
	free(watch->clusters);
	free(watch->trouble);
	free(watch);
}

static int begin_once(struct pass *pass, struct err *err)
{
	if (pass->begun)
		return 0;
	if (store_begin(pass->watch->store, err) < 0)
		return -1;
	pass->begun = true;
	return 0;
}

/* Keeps the incident until it may be told. */
static void remember(struct pass *pass, struct incident *incident)
{
	pass->incidents = mem_grow(pass->incidents, &pass->cap, pass->n + 1,
				   sizeof(*pass->incidents));
	pass->incidents[pass->n++] = *incident;
	*incident = (struct incident){0};
}

/* Takes the tasks that have rows of their own out of an array's pending
 * rest. */
static int complete(struct pass *pass, struct job *job, struct err *err)
{
	int64_t *tasks;
	size_t n;

	if (!job_is_array_rest(job))
		return 0;
	if (slurmdbd_array_tasks(pass->cluster->tables, job->id_array_job,
				 job->time_submit, &tasks, &n, err) < 0)
		return -1;
	job_remove_tasks(job, tasks, n);
	free(tasks);
	return 0;
}

/* Records what was judged an incident, unless it is known. */
static int record(struct pass *pass, const struct conf_protect *protect,
		  struct job *job, struct verdict *verdict, enum tail_look look,
		  struct err *err)
{
	struct store *store = pass->watch->store;
	const char *name = pass->cluster->name;
	struct incident incident = {0};
	int rc =
		store_incident_known(store, name, job->id_job, job->time_submit,
				     incident_kinds[verdict->kind], err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = -1;
	if (complete(pass, job, err) < 0)
		goto out;
	verdict->tasks = judge_tasks(job);
	if (describe(pass->cluster->tables, store, job, verdict, &incident,
		     err) < 0)
		goto out;
	incident.cluster = mem_strdup(name);
	incident.exempt = policy_exemption(protect, job, incident.user);
	incident.found = mem_strdup(tail_looks[look]);
	incident.late = look == TAIL_SWEEP;
	incident.detected = pass->now_s;
	if (begin_once(pass, err) < 0)
		goto out;
	rc = store_incident_add(store, &incident, err);
	if (rc > 0)
		remember(pass, &incident);
out:
	incident_finish(&incident);
	return rc < 0 ? -1 : 0;
}

/* A settled row that ended: whatever look found it, it is judged alike. */
static int look(struct job *job, enum tail_look found, void *arg,
		struct err *err)
{
	struct pass *pass = arg;
	const struct conf_protect *protect =
		policy_protection(pass->watch->conf, job->partition);
	struct verdict verdict;

	if (!protect || !judge(job, &verdict))
		return 0;
	return record(pass, protect, job, &verdict, found, err);
}

/* Writes what the tail moved: which rows are open, and how far it read. */
static int store_moves(struct pass *pass, struct err *err)
{
	struct store *store = pass->watch->store;
	const char *name = pass->cluster->name;
	const struct tail *tail = pass->cluster->tail;
	const uint64_t *ids;
	size_t i, n;

	ids = tail_appeared(tail, &n);
	for (i = 0; i < n; i++)
		if (store_open_job_add(store, name, ids[i], err) < 0)
			return -1;
	ids = tail_left(tail, &n);
	for (i = 0; i < n; i++)
		if (store_open_job_remove(store, name, ids[i], err) < 0)
			return -1;
	return store_cluster_put(store, name, tail_state(tail), err);
}

/* Notes that the cluster was watched until now; the time since the last pass
 * was not if it is longer than what a pass looks back. */
static int store_coverage(struct pass *pass, int64_t last_pass_s,
			  struct err *err)
{
	struct store *store = pass->watch->store;
	const char *name = pass->cluster->name;
	int64_t overlap_s = pass->watch->conf->watch.overlap_s;

	if (last_pass_s && pass->now_s - last_pass_s > overlap_s &&
	    store_gap(store, name, pass->now_s, "watcher was not running",
		      err) < 0)
		return -1;
	return store_watched(store, name, pass->now_s - overlap_s, pass->now_s,
			     err);
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
	uint64_t *ids = NULL;
	size_t n;

	if (store_cluster_get(watch->store, name, &state, err) < 0 ||
	    store_open_jobs(watch->store, name, &ids, &n, err) < 0)
		return NULL;
	return tail_new(&limits, &state, ids, n);
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

/* Looks, judges and commits: incidents, what is open and the position move in
 * one transaction. */
static int look_and_commit(struct pass *pass, struct err *err)
{
	struct cluster *cluster = pass->cluster;
	int64_t last_pass_s;

	if (open_cluster(pass->watch, cluster, err) < 0)
		return -1;
	last_pass_s = tail_last_pass(cluster->tail);
	if (tail_pass(cluster->tail, cluster->tables, pass->now_s, look, pass,
		      err) < 0)
		return -1;
	if (begin_once(pass, err) < 0 || store_moves(pass, err) < 0 ||
	    store_coverage(pass, last_pass_s, err) < 0 ||
	    store_commit(pass->watch->store, err) < 0)
		return -1;
	tail_commit(cluster->tail);
	return 0;
}

/* Logs a trouble when it begins or changes, not at every pass; err NULL: it is
 * over. */
static void note_trouble(char **trouble, const char *who, const struct err *err)
{
	if (err && (!*trouble || strcmp(*trouble, err->msg) != 0))
		log_err(LOG_LEVEL_ERR, err);
	if (!err && *trouble)
		log_info("%s: watched again", who);
	free(*trouble);
	*trouble = err ? mem_strdup(err->msg) : NULL;
}

/* Begins a gap, as far as the store can be written. */
static void note_gap(struct watch *watch, const struct cluster *cluster,
		     const struct err *why)
{
	struct err err;

	if (store_gap(watch->store, cluster->name, 0, why->msg, &err) < 0)
		log_err(LOG_LEVEL_ERR, &err);
}

static void tell(struct pass *pass, struct watch_result *result)
{
	size_t i;

	for (i = 0; i < pass->n; i++) {
		if (pass->incidents[i].exempt && pass->incidents[i].exempt[0]) {
			result->exempt++;
			continue;
		}
		result->incidents++;
		alert(pass->watch->conf, &pass->incidents[i]);
	}
}

static void pass_finish(struct pass *pass)
{
	size_t i;

	for (i = 0; i < pass->n; i++)
		incident_finish(&pass->incidents[i]);
	free(pass->incidents);
}

static int pass_cluster(struct watch *watch, struct cluster *cluster,
			struct watch_result *result, struct err *err)
{
	struct pass pass = {.watch = watch, .cluster = cluster};
	int rc = -1;

	if (slurmdbd_clock(watch->db, &pass.now_s, err) == 0)
		rc = look_and_commit(&pass, err);
	if (rc == 0) {
		note_trouble(&cluster->trouble, cluster->name, NULL);
		tell(&pass, result);
		result->clusters++;
		result->behind |= tail_is_behind(cluster->tail);
	} else {
		store_rollback(watch->store);
		forget_cluster(cluster);
		note_trouble(&cluster->trouble, cluster->name, err);
		note_gap(watch, cluster, err);
		result->failed++;
	}
	pass_finish(&pass);
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
	const struct text_list *named = &watch->conf->slurmdbd.clusters;
	struct text_list found = {0};
	size_t i;

	if (named->n == 1 && strcmp(named->items[0], "all") == 0) {
		if (slurmdbd_clusters(watch->db, &found, err) < 0) {
			text_list_free(&found);
			return -1;
		}
		named = &found;
	}
	for (i = 0; i < watch->n_clusters; i++)
		watch->clusters[i].seen = false;
	for (i = 0; i < named->n; i++)
		see_cluster(watch, named->items[i]);
	text_list_free(&found);
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

	note_trouble(&watch->trouble, "database", err);
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
	if (see_stored_clusters(watch, err) < 0 ||
	    connect_and_see(watch, err) < 0)
		return fail_all(watch, err);
	note_trouble(&watch->trouble, "database", NULL);
	for (i = 0; i < watch->n_clusters; i++)
		if (watch->clusters[i].seen)
			pass_cluster(watch, &watch->clusters[i], result, err);
	/* Was it a table that failed, or the connection? */
	if (result->failed && slurmdbd_clock(watch->db, &now_s, &ignored) < 0)
		disconnect(watch);
	return result->clusters ? 0 : -1;
}

/* Takes up a configuration that was read anew: whom to connect to, what to
 * look at. */
static void reconfigure(struct watch *watch, struct conf **conf)
{
	struct err err;
	struct conf *fresh = conf_read((*conf)->path, &err);

	if (!fresh) {
		log_err(LOG_LEVEL_ERR, &err);
		log_warn("going on with the configuration as it was");
		return;
	}
	if (strcmp(fresh->store.path, (*conf)->store.path) != 0)
		log_warn("%s: another [store] path takes a restart",
			 fresh->path);
	disconnect(watch);
	watch->conf = fresh;
	conf_free(*conf);
	*conf = fresh;
	log_info("%s: read again", fresh->path);
}

/* Sleeps until the next pass is due or a signal says otherwise: false to
 * stop. */
static bool wait_for_next(struct watch *watch, struct conf **conf,
			  const sigset_t *signals, int64_t wait_s)
{
	struct timespec wait = {.tv_sec = wait_s};

	switch (sigtimedwait(signals, NULL, &wait)) {
	case SIGTERM:
	case SIGINT:
		return false;
	case SIGHUP:
		reconfigure(watch, conf);
		return true;
	default:
		return true;
	}
}

void watch_run(struct conf **conf, struct store *store)
{
	struct watch *watch = watch_new(*conf, store);
	struct watch_result result;
	struct err err;
	sigset_t signals;

	/* Blocked, they wait for the end of a pass; the child that asks
	 * slurmctld unblocks them. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGUSR1);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	log_info("watching, a pass every %" PRId64 " s", (*conf)->watch.poll_s);
	do {
		if (watch_pass(watch, &result, &err) < 0)
			result.behind = false;
	} while (wait_for_next(watch, conf, &signals,
			       result.behind ? 0 : (*conf)->watch.poll_s));
	log_info("stopped");
	watch_free(watch);
}
