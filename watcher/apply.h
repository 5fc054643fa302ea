/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Carries out a plan that brings a job back, and keeps in the store who did it
 * and what came of it. */
#ifndef WATCHER_APPLY_H
#define WATCHER_APPLY_H

#include "lib/err.h"
#include "schema/store.h"
#include "watcher/together.h"

#include <stddef.h>

struct apply {
	struct store *store;
	const char *by;     /* who does it */
	const char *reason; /* "by hand", "auto" */
	int64_t now_s;      /* this host's clock */
	/* Called with each command before it is run; NULL: not. */
	void (*tell)(const char *const *argv);
};

/* What an attempt came to. */
struct apply_result {
	char *job_id; /* the job's number now; NULL: not known */
	char *output; /* what the last command said, escaped */
};

void apply_result_finish(struct apply_result *result);

/* Runs the steps of one of the plans, and notes it with each incident that the
 * plan is for. 0: done; -1: err says which step failed and why, or which right
 * is missing, which is noted too. Nothing is run through a shell. */
int apply_plan(const struct apply *apply, const struct together *together,
	       const struct restore_plan *plan, struct apply_result *result,
	       struct err *err);

#endif
