/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/child.h"

#include "lib/log.h"
#include "lib/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGS_MAX 7

/* Puts watcher.conf as this process has read it into a file without a name, for
 * a program that is run. The path; NULL and errno. */
static char *put_conf(const struct conf *conf)
{
	int fd = memfd_create("watcher.conf", 0);
	size_t done = 0;

	if (fd < 0 || fchmod(fd, 0400) < 0)
		return NULL;
	while (done < conf->text.len) {
		ssize_t n =
			write(fd, conf->text.s + done, conf->text.len - done);

		if (n < 0)
			return NULL;
		done += (size_t)n;
	}
	return mem_printf("/proc/self/fd/%d", fd);
}

int child_become(int fd, const struct conf *conf, const char *const *args)
{
	const char *argv[3 + ARGS_MAX + 1] = {"watcher", "-c"};
	size_t i;

	dup2(fd, 2);
	argv[2] = put_conf(conf);
	if (!argv[2]) {
		dprintf(2, "watcher.conf cannot be handed on: %s\n",
			strerror(errno));
		return 3;
	}
	for (i = 0; i < ARGS_MAX && args[i]; i++)
		argv[3 + i] = args[i];
	/* What it says is for us, not for the journal. */
	unsetenv("JOURNAL_STREAM");
	execv("/proc/self/exe", (char *const *)(void *)argv);
	return 127;
}

/* At the level that it was said at. */
static void log_said(const char *line)
{
	static const struct {
		const char *prefix;
		enum log_level level;
	} prefixes[] = {
		{"watcher: error: ", LOG_LEVEL_ERR},
		{"watcher: warning: ", LOG_LEVEL_WARN},
		{"watcher: debug: ", LOG_LEVEL_DEBUG},
		{"watcher: ", LOG_LEVEL_INFO},
		{"", LOG_LEVEL_INFO},
	};
	size_t i = 0;

	while (strncmp(line, prefixes[i].prefix, strlen(prefixes[i].prefix)) !=
	       0)
		i++;
	log_line(prefixes[i].level, "%s", line + strlen(prefixes[i].prefix));
}

bool child_collect(struct spawn **child, bool *failed)
{
	autotext struct text said = {0};
	char *save = NULL;
	struct err err;
	char *line;
	int rc;

	if (!*child)
		return false;
	rc = spawn_poll(*child, 0, &said, &err);
	if (rc == 0)
		return false;
	for (line = said.s ? strtok_r(said.s, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		log_said(line);
	if (rc < 0)
		log_err(LOG_LEVEL_ERR, &err);
	if (failed)
		*failed = rc < 0;
	spawn_free(*child);
	*child = NULL;
	return true;
}
