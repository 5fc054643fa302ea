/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of `watcher check` share: what was found, and how it is
 * said. */
#ifndef WATCHER_CHECK_H
#define WATCHER_CHECK_H

#include "conf/conf.h"
#include "lib/err.h"
#include "lib/text.h"

#include <stddef.h>
#include <stdint.h>

enum check_finding {
	CHECK_FINE,
	CHECK_NOTE,     /* it works, and could work better */
	CHECK_DOUBTFUL, /* a warning */
	CHECK_WRONG,    /* an error: the exit code says so, too */
	CHECK_N
};

/* What names there are, of the kinds that a [protect] section may have. */
enum check_names {
	CHECK_PARTITIONS,
	CHECK_QOS,
	CHECK_ACCOUNTS,
	CHECK_USERS,
	CHECK_NAMES_N
};

struct check {
	const struct conf *conf;
	size_t counts[CHECK_N];
	struct text_list names[CHECK_NAMES_N]; /* empty: could not be read */
};

/* A line, escaped for a terminal. */
void check_say(struct check *check, enum check_finding finding, const char *fmt,
	       ...) __attribute__((format(printf, 3, 4)));

/* The same, of an error; its hint is the remedy. */
void check_err(struct check *check, enum check_finding finding,
	       const struct err *err);

/* What to do about the line before. */
void check_remedy(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Whether two clocks agree, as it matters to reports. */
void check_clocks(struct check *check, const char *a, int64_t a_s,
		  const char *b, int64_t b_s);

/* slurmctld, slurmdbd's settings, the log of [witness], and what to advise. */
void check_slurm(struct check *check);

/* Whether people can be told, and were. */
void check_channels(struct check *check);

/* Whether metrics can be written. */
void check_metrics(struct check *check);

/* Whether there is what [protect] sections name. */
void check_protected(struct check *check);

#endif
