/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watcher-guard.conf: what scancel-guard knows of a site, in a small file that
 * every user can read, as watcher.conf may not be. */
#ifndef GUARD_GUARD_CONF_H
#define GUARD_GUARD_CONF_H

#include "conf/conf.h"

#define GUARD_CONF_DEFAULT_PATH "/etc/slurm/watcher-guard.conf"

struct guard_conf {
	struct text_list partitions; /* names and globs, as in [protect] */
	struct text_list qos;
	struct text_list accounts;
	struct text_list reservations;
	char *policy;
	char *contact;     /* "": nobody is named */
	char *scancel;     /* "": the next one in PATH */
	int64_t timeout_s; /* for squeue */
};

/* Its keys, of which a test holds the sample and the manual against. */
extern const struct conf_key guard_conf_keys[];
extern const size_t guard_conf_n_keys;

/* Reads the file; no file is one in which nothing is protected. -1 (ERR_USAGE)
 * names file, line and key of the first thing that is wrong, and *conf has what
 * stands before it. Ends with guard_conf_finish() either way. */
int guard_conf_read(const char *path, struct guard_conf *conf, struct err *err);
void guard_conf_finish(struct guard_conf *conf);

#endif
