/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How slurmctld's log names jobs: 3, 3_1, 3_[1,4-6], 3_*, 17+0, 3_1(5). */
#ifndef WATCHER_WITNESS_JOB_H
#define WATCHER_WITNESS_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum witness_part {
	WITNESS_WHOLE,     /* a job, a whole array, a whole het job */
	WITNESS_TASKS,     /* of an array */
	WITNESS_REST,      /* the tasks of an array that have no record yet */
	WITNESS_COMPONENT, /* of a het job */
	WITNESS_SOME,      /* tasks, of which the text was too long to keep */
};

/* A name, taken apart; it lives as long as the text that it was made of. */
struct witness_job {
	int64_t id; /* the number in front: of the job, array or het leader */
	enum witness_part part;
	const char *tasks; /* "1,4-6", "0-8:2" */
	size_t tasks_len;
	int64_t offset; /* of the component */
	int64_t own_id; /* the number in brackets; 0: there is none */
};

/* False if the text is no such name, to its last byte. */
bool witness_job_parse(const char *text, size_t len, struct witness_job *job);

bool witness_job_has_task(const struct witness_job *job, int64_t task);

/* Whether a request that named `asked` was, among others, for the one that
 * the log calls `done`. */
bool witness_job_covers(const struct witness_job *asked,
			const struct witness_job *done);

/* Takes the next range off a list of tasks. False at its end, or where it is
 * no such list. */
bool witness_job_range(const char **list, size_t *len, int64_t *first,
		       int64_t *last, int64_t *step);

#endif
