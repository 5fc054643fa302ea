/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the owner of a job ended it: a pure function of what was seen. */
#ifndef WATCHER_JUDGE_H
#define WATCHER_JUDGE_H

#include "schema/incident.h"
#include "schema/job.h"

#include <stdbool.h>
#include <stdint.h>

struct verdict {
	enum incident_kind kind;
	enum incident_confidence confidence;
	enum incident_phase phase;
	int64_t tasks; /* jobs the row stands for: 1, or an array's pending */
};

/* Judges a settled row of a job of a protected partition. Returns false if it
 * is not an incident. The first rule that matches decides. */
bool judge(const struct job *job, struct verdict *verdict);

/* How many jobs the row stands for. */
int64_t judge_tasks(const struct job *job);

/* The sentence that explains the verdict; freed by the caller. */
char *judge_reason(const struct verdict *verdict, const struct job *job,
		   const char *user);

#endif
