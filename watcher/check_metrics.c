/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether metrics can be written where node_exporter reads them. */
#include "lib/mem.h"
#include "watcher/check.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The folder of an absolute path. */
static char *folder_of(const char *path)
{
	size_t len = (size_t)(strrchr(path, '/') - path);

	return mem_printf("%.*s", len ? (int)len : 1, path);
}

static bool ends_in(const char *s, const char *end)
{
	size_t len = strlen(s);
	size_t n = strlen(end);

	return len >= n && strcmp(s + len - n, end) == 0;
}

void check_metrics(struct check *check)
{
	const char *path = check->conf->metrics.textfile;
	autofree char *folder = NULL;

	if (!path[0])
		return;
	folder = folder_of(path);
	if (access(folder, W_OK | X_OK) < 0) {
		check_say(check, CHECK_DOUBTFUL, "metrics %s: folder %s: %s",
			  path, folder, strerror(errno));
		check_remedy("let this user write there, and the unit, by "
			     "ReadWritePaths=%s in a drop-in",
			     folder);
	} else if (!ends_in(path, ".prom")) {
		check_say(check, CHECK_DOUBTFUL,
			  "metrics %s: node_exporter reads only what ends in "
			  ".prom",
			  path);
		check_remedy("give it such a name");
	} else {
		check_say(check, CHECK_FINE, "metrics %s: can be written",
			  path);
	}
}
