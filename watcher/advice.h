/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a site could set better for watcher, by a table of rules: what is set,
 * why it matters, and the line to write. Pure: asks nobody. */
#ifndef WATCHER_ADVICE_H
#define WATCHER_ADVICE_H

#include "conf/conf.h"
#include "watcher/settings.h"

#include <stdbool.h>

/* What the rules judge. A rule on a setting that the version does not know, or
 * of a daemon that was not asked, is silent. */
struct advice_facts {
	const struct conf *conf;
	struct settings slurmctld; /* empty: it was not asked */
	struct settings slurmdbd;
	const char *host; /* this one's name, up to the first dot */
	const char *user; /* who asks */
	bool sees_all;    /* whether slurmctld shows that user all jobs */
	bool is_known;    /* whether accounting has that user */
};

/* A piece of advice; its texts live while the function runs. */
struct advice {
	const char *set;  /* "MinJobAge=60" */
	const char *why;  /* what comes of it */
	const char *file; /* "slurm.conf"; NULL: the line is a command */
	const char *line; /* "MinJobAge=300" */
};

typedef void advice_fn(const struct advice *advice, void *arg);

/* Gives fn all there is to advise, in the order of the table. */
void advise(const struct advice_facts *facts, advice_fn *fn, void *arg);

#endif
