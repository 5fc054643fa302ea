/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What slurmctld's log testifies of an incident: a pure function. */
#ifndef WATCHER_TESTIMONY_H
#define WATCHER_TESTIMONY_H

#include "watcher/witness_line.h"

#include <stddef.h>
#include <stdint.h>

enum testimony {
	TESTIMONY_NONE,  /* nothing, or nothing certain */
	TESTIMONY_OWNER, /* the owner asked for it */
	TESTIMONY_OTHER, /* another user did, and the owner did not */
};

/* What is asked of the log. */
struct testimony_ask {
	/* How it was done: WITNESS_KILL, WITNESS_PARTITION, WITNESS_TIME_LIMIT
	 * or WITNESS_HOLD. */
	enum witness_act act;
	int64_t id_job;
	int64_t root_id;    /* job_root_id() */
	const char *tasks;  /* of the array, as job_tasks_text() has them; "" or
			       NULL: not of an array */
	int64_t het_offset; /* of the component; -1: not of a het job */
	int64_t uid;        /* the owner's */
	int64_t submitted;
	int64_t ended;
	int64_t before_s; /* how long before its end a signal may have been
			     sent: 10, or more if it outlived SIGTERM
			     (KillWait) */
	const char *to;   /* the partition, or the minutes, it was set to; NULL:
			     any */
};

/* Asks the lines whose id_job is one of ask's two, in the order of the log.
 * Who asked for a signal is known, but not for which: so all that were asked
 * for in [ended - before_s, ended + 2] must be of the owner, or none. Of what
 * was set from submission to end, the last counts. Lines that are doubtful, or
 * whose request was refused in part, only take the certainty from others.
 * *which: the line that says it. */
enum testimony testimony(const struct witness_line *lines, size_t n,
			 const struct testimony_ask *ask, size_t *which);

#endif
