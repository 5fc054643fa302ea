/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which jobs that squeue shows are protected. */
#ifndef GUARD_QUEUE_H
#define GUARD_QUEUE_H

#include "guard/guard_conf.h"
#include "guard/request.h"

/* Asks squeue, within the time limit. Adds a line for each protected job of the
 * request: "12_[1-5] PENDING partition critical", the user's bytes escaped. -1
 * (ERR_RETRY): squeue gave no answer. */
int queue_protected(const struct guard_conf *conf,
		    const struct request *request, struct text_list *jobs,
		    struct err *err);

/* The same from a line of squeue's: the job's line, freed by the caller; NULL
 * if it is not protected, not meant, or no such line. partition: the request's.
 */
char *queue_job(const struct guard_conf *conf, const char *partition,
		const char *line);

/* Of which form squeue's lines are to be. */
extern const char queue_format[];

#endif
