/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a program of the site's on something that it is fed, whatever it does.
 */
#ifndef LIB_HOOK_H
#define LIB_HOOK_H

#include "err.h"
#include "text.h"

#include <stddef.h>

struct hook {
	char *const *argv; /* NULL-terminated; argv[0] is its path */
	char *const *envp; /* all of its environment */
	const char *input; /* bytes for its standard input */
	size_t input_len;
	int timeout_ms;
};

struct hook_result {
	int status;         /* exit status; 128 + signal; -1: it never ended,
			       or never began */
	struct text output; /* what it said, stdout and stderr, the first
			       4 KiB */
};

/* Runs it to its end, and waits for nothing that it leaves behind. It need not
 * read its input. 0 whatever its status; -1 if it could not be started
 * (ERR_STOP), or did not end in time (ERR_RETRY): it is then asked to, with all
 * it had started, and killed two seconds later. It dies with this process. The
 * caller frees result->output either way. */
int hook_run(const struct hook *hook, struct hook_result *result,
	     struct err *err);

#endif
