/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conf/conf_check.h"

#include "conf/conf_alert.h"
#include "conf/conf_keys.h"

#include <string.h>

/* An error about a key, with the line that sets it. */
static int blame(const struct conf *conf, const char *section, const char *key,
		 struct err *err)
{
	return err_prefix(err, "%s:%d: ", conf->path,
			  conf_line(conf, section, key));
}

/* A section that protects no job, or records nothing of them, is none that
 * anybody meant. */
static int check_section(const struct conf *conf, const struct conf_protect *p,
			 struct err *err)
{
	const struct conf_key *kinds = conf_keys_find("protect", "kinds");

	if (!p->partitions.n && !p->qos.n && !p->accounts.n &&
	    !p->reservations.n) {
		err_set(err, ERR_USAGE,
			"%s:%d: this [protect] section names nothing to "
			"protect",
			conf->path, p->line);
		return err_hint(err, "partitions = NAME, ... with names or "
				     "globs; or qos, accounts, reservations");
	}
	if (p->kinds.n)
		return 0;
	err_set(err, ERR_USAGE, "%s:%d: kinds is empty", conf->path,
		p->lines[kinds - conf_keys]);
	return err_hint(err, "without this line, all but stalled are recorded");
}

static int check_protect(const struct conf *conf, struct err *err)
{
	size_t i;

	for (i = 0; i < conf->n_protect; i++)
		if (check_section(conf, &conf->protect[i], err) < 0)
			return -1;
	if (conf->n_protect)
		return 0;
	err_set(err, ERR_USAGE,
		"%s: has no [protect] section: nothing is protected",
		conf->path);
	return err_hint(err, "[protect] and, below it, partitions = NAME, ...");
}

/* The first that is no cluster's name, or an "all" beside others; NULL if all
 * are well. Only these letters may stand in the name of a table. */
static const char *bad_cluster(const struct text_list *clusters)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	size_t i;

	for (i = 0; i < clusters->n; i++) {
		const char *name = clusters->items[i];

		if (name[strspn(name, letters)] ||
		    (clusters->n > 1 && strcmp(name, "all") == 0))
			return name;
	}
	return clusters->n ? NULL : "";
}

static int check_slurmdbd(const struct conf *conf, struct err *err)
{
	const struct conf_slurmdbd *s = &conf->slurmdbd;
	const char *cluster = bad_cluster(&s->clusters);

	if (*s->host && *s->socket) {
		err_set(err, ERR_USAGE, "socket and host are both set");
		err_hint(err, "socket is for a database on this host");
		return blame(conf, "slurmdbd", "socket", err);
	}
	if (!*s->database) {
		err_set(err, ERR_USAGE, "database is empty");
		return blame(conf, "slurmdbd", "database", err);
	}
	if (cluster) {
		err_set(err, ERR_USAGE,
			"clusters = %.60s: all, or names, are wanted", cluster);
		err_hint(err, "sacctmgr list cluster shows the names");
		return blame(conf, "slurmdbd", "clusters", err);
	}
	return 0;
}

static int check_watch(const struct conf *conf, struct err *err)
{
	if (conf->watch.overlap_s < conf->watch.poll_s) {
		err_set(err, ERR_USAGE,
			"overlap is shorter than poll: what ends between two "
			"passes would be missed");
		return blame(conf, "watch",
			     conf_line(conf, "watch", "overlap") ? "overlap"
								 : "poll",
			     err);
	}
	if (conf->watch.sweep_window_s < conf->watch.overlap_s) {
		err_set(err, ERR_USAGE, "sweep_window is shorter than overlap");
		return blame(conf, "watch", "sweep_window", err);
	}
	return 0;
}

static bool watches(const struct conf *conf, const char *cluster)
{
	const struct text_list *clusters = &conf->slurmdbd.clusters;
	size_t i;

	for (i = 0; i < clusters->n; i++)
		if (strcmp(clusters->items[i], "all") == 0 ||
		    strcmp(clusters->items[i], cluster) == 0)
			return true;
	return false;
}

static int check_witness(const struct conf *conf, struct err *err)
{
	const char *cluster = conf->witness.cluster;
	bool has_log = *conf->witness.slurmctld_log;

	if (has_log && *conf->witness.journal) {
		err_set(err, ERR_USAGE,
			"slurmctld_log and journal are both "
			"set");
		return blame(conf, "witness", "journal", err);
	}
#ifndef HAVE_SYSTEMD
	if (*conf->witness.journal) {
		err_set(err, ERR_USAGE,
			"journal = %.60s: this watcher was "
			"built without libsystemd",
			conf->witness.journal);
		err_hint(err, "slurmctld_log names a file");
		return blame(conf, "witness", "journal", err);
	}
#endif
	if (*cluster && !watches(conf, cluster)) {
		err_set(err, ERR_USAGE, "cluster = %.60s: is not watched",
			cluster);
		err_hint(err, "clusters, in [slurmdbd], names those that are");
		return blame(conf, "witness", "cluster", err);
	}
	if ((has_log || *conf->witness.journal) && !*cluster &&
	    conf->slurmdbd.clusters.n > 1) {
		err_set(err, ERR_USAGE, "of which cluster is this log?");
		err_hint(err, "cluster = NAME, in [witness], says it");
		return blame(conf, "witness",
			     has_log ? "slurmctld_log" : "journal", err);
	}
	return 0;
}

/* A file of metrics takes the place of what is there. */
static int check_textfile(const struct conf *conf, struct err *err)
{
	if (!*conf->metrics.textfile ||
	    strcmp(conf->metrics.textfile, conf->store.path) != 0)
		return 0;
	err_set(err, ERR_USAGE, "textfile is the store");
	return blame(conf, "metrics", "textfile", err);
}

int conf_check(const struct conf *conf, struct err *err)
{
	if (check_slurmdbd(conf, err) < 0 || check_protect(conf, err) < 0 ||
	    check_watch(conf, err) < 0 || check_witness(conf, err) < 0 ||
	    conf_alert_check(conf, err) < 0)
		return -1;
	if (!*conf->store.path) {
		err_set(err, ERR_USAGE, "path is empty");
		return blame(conf, "store", "path", err);
	}
	return check_textfile(conf, err);
}
