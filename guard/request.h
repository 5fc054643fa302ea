/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the caller's jobs a scancel command line may end. */
#ifndef GUARD_REQUEST_H
#define GUARD_REQUEST_H

#include "lib/text.h"

#include <stdbool.h>
#include <sys/types.h>

struct request {
	bool interactive;         /* scancel itself asks about each job */
	char *partition;          /* all of a job's, as one text; NULL: any */
	struct text_list filters; /* options of squeue */
};

/* Reads the command line, and the environment that scancel reads, as scancel
 * does; argv stays as it is. The filters select at least the jobs of user `uid`
 * that it would end. False where it ends none of them, or is nothing that
 * scancel would take: help, other signals than those that end programs, another
 * user's jobs, an option that is not known. Ends with request_finish() either
 * way. */
bool request_read(struct request *request, int argc, char *const *argv,
		  uid_t uid);
void request_finish(struct request *request);

#endif
