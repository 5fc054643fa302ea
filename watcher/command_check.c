/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `watcher check`: everything that would stop it from working, each with its
 * remedy. */
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/text.h"
#include "schema/store.h"
#include "watcher/commands.h"
#include "watcher/place.h"
#include "watcher/slurmctld.h"
#include "watcher/slurmdbd.h"
#include "watcher/writing.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What an admin needs to requeue a job, once it was found. */
#define REQUEUE_S 120

/* Clocks that differ by more than this make times in reports doubtful. */
#define SKEW_S 5

enum finding { FINE, DOUBTFUL, WRONG };

struct check {
	const struct conf *conf;
	size_t counts[3];
};

__attribute__((format(printf, 3, 4))) static void
say(struct check *check, enum finding finding, const char *fmt, ...)
{
	static const char *const words[] = {"ok     ", "warning", "ERROR  "};
	autofree char *escaped = NULL;
	autofree char *line = NULL;
	va_list ap;

	va_start(ap, fmt);
	line = mem_vprintf(fmt, ap);
	va_end(ap);
	escaped = text_escaped(line);
	printf("%s  %s\n", words[finding], escaped);
	check->counts[finding]++;
}

static void say_err(struct check *check, enum finding finding,
		    const struct err *err)
{
	say(check, finding, "%s", err->msg);
	if (err->hint[0])
		printf("         -> %s\n", err->hint);
}

static void remedy(const char *text)
{
	printf("         -> %s\n", text);
}

static void check_store(struct check *check)
{
	const char *path = check->conf->store.path;
	struct store *store;
	struct err err;

	store = writing_open(check->conf, &err);
	if (!store) {
		say_err(check, WRONG, &err);
		return;
	}
	say(check, FINE, "store %s: can be written%s", path,
	    check->conf->store.sign_key[0] ? ", and signed" : "");
	store_close(store);
}

static void compare_clocks(struct check *check, const char *a, int64_t a_s,
			   const char *b, int64_t b_s)
{
	int64_t skew_s = a_s - b_s;

	if (llabs(skew_s) <= SKEW_S) {
		say(check, FINE, "the clocks of %s and %s agree", a, b);
		return;
	}
	say(check, DOUBTFUL, "the clocks of %s and %s differ by %" PRId64 " s",
	    a, b, (int64_t)llabs(skew_s));
	remedy("synchronize them (chrony); times in reports are slurmctld's");
}

static void check_account(struct check *check, struct slurmdbd *db)
{
	autofree char *grant = NULL;
	struct err err;

	if (slurmdbd_write_grant(db, &grant, &err) < 0) {
		say_err(check, WRONG, &err);
	} else if (grant) {
		say(check, DOUBTFUL, "the database account can write: %s",
		    grant);
		remedy("make one of its own that only reads: conf/grants.sql");
	} else {
		say(check, FINE, "the database account can only read");
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
		say_err(check, WRONG, &err);
	job_finish(&job);
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
		say_err(check, WRONG, &err);
	} else {
		say(check, FINE, "cluster %s: %zu jobs have not ended", name,
		    n);
		check_names(check, cluster);
		if (!slurmdbd_keeps_scripts(cluster)) {
			say(check, DOUBTFUL,
			    "cluster %s: its slurmdbd stores no job scripts "
			    "(before 21.08)",
			    name);
			remedy("jobs come back only while slurmctld has them");
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
		say_err(check, WRONG, &err);
	else if (!names.n)
		say(check, WRONG, "slurmdbd's database knows no cluster");
	for (i = 0; i < names.n; i++) {
		if (contains(&known, names.items[i])) {
			check_cluster(check, db, names.items[i]);
			continue;
		}
		say(check, WRONG, "cluster %s: slurmdbd does not know it",
		    names.items[i]);
		remedy("`sacctmgr show cluster` lists those it knows");
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
		say_err(check, WRONG, &err);
		return;
	}
	db = slurmdbd_open(&database, &err);
	conf_database_finish(&database);
	if (!db || slurmdbd_clock(db, &now_s, &err) < 0) {
		say_err(check, WRONG, &err);
	} else {
		say(check, FINE, "the database answers");
		check_account(check, db);
		compare_clocks(check, "the database", now_s, "this host",
			       time(NULL));
		check_clusters(check, db);
	}
	slurmdbd_close(db);
}

/* A name that no partition of slurmctld's has, or a glob that none matches,
 * protects nothing. */
static void check_partition(struct check *check, const char *glob,
			    const struct text_list *partitions)
{
	autotext struct text matches = {0};
	size_t i;

	for (i = 0; i < partitions->n; i++)
		if (text_glob(glob, partitions->items[i]))
			text_addf(&matches, "%s%s", matches.len ? ", " : "",
				  partitions->items[i]);
	if (!matches.len) {
		say(check, DOUBTFUL,
		    "protected partition %s: slurmctld has none like it", glob);
		remedy("`sinfo -o %R` lists those it has");
	} else if (strcmp(matches.s, glob) == 0) {
		say(check, FINE, "protected partition %s: exists", glob);
	} else {
		say(check, FINE, "protected partitions %s: %s", glob,
		    matches.s);
	}
}

static void check_partitions(struct check *check,
			     const struct text_list *partitions)
{
	const struct conf *conf = check->conf;
	size_t i, j;

	for (i = 0; i < conf->n_protect; i++)
		for (j = 0; j < conf->protect[i].partitions.n; j++)
			check_partition(check,
					conf->protect[i].partitions.items[j],
					partitions);
}

static void check_min_job_age(struct check *check, int64_t min_job_age_s)
{
	int64_t needed_s = check->conf->watch.poll_s + REQUEUE_S;

	if (min_job_age_s >= needed_s) {
		say(check, FINE,
		    "MinJobAge=%" PRId64 " s leaves time to requeue a job",
		    min_job_age_s);
		return;
	}
	say(check, DOUBTFUL,
	    "MinJobAge=%" PRId64 " s: with this poll, slurmctld forgets a "
	    "cancelled job before it can be requeued under its number",
	    min_job_age_s);
	remedy("slurm.conf: MinJobAge=300 or more; watcher.conf: a shorter "
	       "poll");
}

static void check_slurmctld(struct check *check)
{
	const struct slurmctld slurmctld = {
		.conf = check->conf->slurm.conf,
		.timeout_ms = (int)check->conf->slurm.timeout_s * 1000,
	};
	struct slurmctld_site site;
	struct err err;

	if (!slurmctld.conf[0]) {
		say(check, DOUBTFUL,
		    "slurmctld is not asked: [slurm] conf is "
		    "empty");
		remedy("name slurm.conf there, so that jobs can be requeued");
		return;
	}
	if (slurmctld_site(&slurmctld, &site, &err) < 0) {
		say_err(check, err.kind == ERR_USAGE ? WRONG : DOUBTFUL, &err);
		return;
	}
	say(check, FINE, "slurmctld %s of cluster %s answers", site.version,
	    site.cluster);
	if (site.now)
		compare_clocks(check, "slurmctld", site.now, "this host",
			       time(NULL));
	check_partitions(check, &site.partitions);
	check_min_job_age(check, site.min_job_age_s);
	if (site.keeps_scripts) {
		say(check, FINE, "job scripts are stored");
	} else if (site.may_keep_scripts) {
		say(check, DOUBTFUL,
		    "job scripts are not stored: a job that "
		    "slurmctld forgot cannot be brought back");
		remedy("slurm.conf: AccountingStoreFlags=job_script,job_env,"
		       "job_comment");
	}
	slurmctld_site_finish(&site);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

int command_check(struct conf **conf, char **args)
{
	struct check check = {.conf = *conf};

	(void)args;
	say(&check, FINE, "configuration %s: %zu protected group%s",
	    (*conf)->path, (*conf)->n_protect, plural((*conf)->n_protect));
	check_store(&check);
	check_database(&check);
	check_slurmctld(&check);
	printf("%zu ok, %zu warning%s, %zu error%s\n", check.counts[FINE],
	       check.counts[DOUBTFUL], plural(check.counts[DOUBTFUL]),
	       check.counts[WRONG], plural(check.counts[WRONG]));
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_line(LOG_LEVEL_ERR, "writing the output failed");
		return 3;
	}
	return check.counts[WRONG] ? 3 : 0;
}
