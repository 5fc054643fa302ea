/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs other programs: never through a shell, and under a time limit. */
#ifndef LIB_PROGRAM_H
#define LIB_PROGRAM_H

#include "err.h"
#include "text.h"

struct program {
	char *const *argv; /* NULL-terminated; argv[0] is looked up in PATH */
	const char *input; /* file for its standard input; NULL: /dev/null */
	const char *extra; /* file for its descriptor 3; NULL: none */
	int timeout_ms;
};

struct program_result {
	int status;         /* exit status; 128 + signal if it died of one */
	struct text output; /* what it said, stdout and stderr, up to 64 KiB */
};

/* Runs it to its end. 0 whatever its status; -1 if it could not be started
 * (ERR_STOP) or did not end in time (ERR_RETRY) and was killed, with all it had
 * started. The caller frees result->output either way. */
int program_run(const struct program *program, struct program_result *result,
		struct err *err);

#endif
