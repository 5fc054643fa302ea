/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scancel-guard: asks on a terminal before scancel ends a protected job. All
 * that goes wrong on the way to that question is no reason to ask it. */
#include "guard/guard_conf.h"
#include "guard/queue.h"
#include "guard/request.h"
#include "lib/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How many jobs are named. */
#define SHOWN 10

/* Whether the path is an executable file, and not this one by another name. */
static bool is_other_program(const char *path)
{
	struct stat self, other;

	return stat(path, &other) == 0 && S_ISREG(other.st_mode) &&
	       access(path, X_OK) == 0 &&
	       (stat("/proc/self/exe", &self) < 0 ||
		self.st_dev != other.st_dev || self.st_ino != other.st_ino);
}

/* The next scancel in PATH, freed by the caller; NULL. */
static char *next_scancel(void)
{
	const char *env = getenv("PATH");
	autofree char *copy = mem_strdup(env ? env : "/usr/bin:/bin");
	char *rest = copy;
	const char *folder;

	while ((folder = strsep(&rest, ":"))) {
		char *path = mem_printf("%s/scancel", *folder ? folder : ".");

		if (is_other_program(path))
			return path;
		free(path);
	}
	return NULL;
}

/* Whether there is somebody to ask: not where this runs in the background, in a
 * pipe or without a terminal. */
static bool is_at_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO) &&
	       tcgetpgrp(STDIN_FILENO) == getpgrp();
}

static void show(const struct guard_conf *conf, const struct text_list *jobs)
{
	size_t i;

	fprintf(stderr, "%s protected:\n",
		jobs->n == 1 ? "This job of yours is"
			     : "These jobs of yours are");
	for (i = 0; i < jobs->n && i < SHOWN; i++)
		fprintf(stderr, "  %s\n", jobs->items[i]);
	if (jobs->n > SHOWN)
		fprintf(stderr, "  and %zu more\n", jobs->n - SHOWN);
	if (*conf->policy)
		fprintf(stderr, "%s\n", conf->policy);
	if (*conf->contact)
		fprintf(stderr, "Questions: %s\n", conf->contact);
}

/* True for y and yes alone. */
static bool confirm(const char *question)
{
	autofree char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	fprintf(stderr, "%s [y/N] ", question);
	len = getline(&line, &cap, stdin);
	if (len < 0)
		fputc('\n', stderr);
	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		line[--len] = '\0';
	return len > 0 &&
	       (strcasecmp(line, "y") == 0 || strcasecmp(line, "yes") == 0);
}

/* Whether scancel may go on. */
static bool is_wanted(const struct guard_conf *conf, int argc,
		      char *const *argv)
{
	struct text_list jobs = {0};
	struct request request;
	struct err err;
	bool wanted = true;

	if (request_read(&request, argc, argv, getuid()) &&
	    queue_protected(conf, &request, &jobs, &err) == 0 && jobs.n) {
		show(conf, &jobs);
		wanted = request.interactive ||
			 confirm(jobs.n == 1 ? "Cancel it all the same?"
					     : "Cancel them all the same?");
	}
	request_finish(&request);
	text_list_free(&jobs);
	return wanted;
}

/* Becomes scancel. Returns only if that fails. */
static int run_scancel(const struct guard_conf *conf, char **argv)
{
	autofree char *path =
		*conf->scancel ? mem_strdup(conf->scancel) : next_scancel();

	if (!path || (*conf->scancel && access(path, X_OK) == 0 &&
		      !is_other_program(path))) {
		fprintf(stderr,
			"scancel-guard: there is no scancel behind this one: "
			"scancel = PATH, in %s, names it\n",
			GUARD_CONF_DEFAULT_PATH);
		return 127;
	}
	argv[0] = mem_strdup("scancel");
	execv(path, argv);
	fprintf(stderr, "scancel-guard: %s: %s\n", path, strerror(errno));
	return errno == ENOENT ? 127 : 126;
}

int main(int argc, char **argv)
{
	const char *path = getenv("WATCHER_GUARD_CONF");
	struct guard_conf conf;
	struct err err;
	int code = 1;

	if (guard_conf_read(path ? path : GUARD_CONF_DEFAULT_PATH, &conf,
			    &err) < 0 &&
	    is_at_terminal())
		fprintf(stderr, "scancel-guard: %s\n", err.msg);
	if (!is_at_terminal() || is_wanted(&conf, argc, argv))
		code = run_scancel(&conf, argv);
	else
		fputs("scancel-guard: nothing was cancelled\n", stderr);
	guard_conf_finish(&conf);
	return code;
}
