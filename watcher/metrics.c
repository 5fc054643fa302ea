/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/metrics.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/ticks.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What errno says. */
static int failed(const char *path, struct err *err)
{
	int why = errno;

	err_set(err, ERR_RETRY, "metrics %s: %s", path, strerror(why));
	if (why == EACCES || why == EPERM || why == EROFS || why == ENOENT)
		err_hint(err, "its folder must be one that the user of "
			      "watcher, and its unit, may write to");
	return -1;
}

/* A file of our own that nobody else has made or linked there. The name does
 * not end in .prom: node_exporter leaves it alone. */
static FILE *make_file(const char *path, struct err *err)
{
	FILE *file;
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		  0644);
	if (fd < 0) {
		failed(path, err);
		return NULL;
	}
	file = fdopen(fd, "w");
	if (!file)
		abort();
	return file;
}

/* Not synced: after a crash there is a new one soon. */
static int fill(FILE *file, const struct status *status)
{
	int rc = 0;

	metrics_print(status, file);
	/* Prometheus is another user; the umask of the unit is not for it. */
	if (fflush(file) != 0 || ferror(file) || fchmod(fileno(file), 0644) < 0)
		rc = -1;
	return fclose(file) != 0 ? -1 : rc;
}

/* A rename takes the place of whatever is there: as root, of /dev/null, too. */
static bool is_taken(const char *path)
{
	struct stat there;

	return lstat(path, &there) == 0 && !S_ISREG(there.st_mode) &&
	       !S_ISLNK(there.st_mode);
}

int metrics_write(const char *path, const struct status *status,
		  struct err *err)
{
	autofree char *fresh = mem_printf("%s.new", path);
	FILE *file;

	if (is_taken(path))
		return err_set(err, ERR_RETRY,
			       "metrics %s: what is there is no file", path);
	file = make_file(fresh, err);
	if (!file)
		return -1;
	if (fill(file, status) == 0 && rename(fresh, path) == 0)
		return 0;
	failed(path, err);
	unlink(fresh);
	return -1;
}

static int write_now(const struct conf *conf, struct store *store,
		     const struct store_life *life, struct err *err)
{
	struct store_life self = *life;
	struct status status = {0};
	int rc;

	self.pid = getpid();
	rc = status_read(&status, conf, store, &self, (int64_t)time(NULL),
			 ticks_ms(), err);
	if (rc == 0)
		rc = metrics_write(conf->metrics.textfile, &status, err);
	status_finish(&status);
	return rc;
}

void metrics_tell(struct metrics *metrics, const struct conf *conf,
		  struct store *store, const struct store_life *life)
{
	int64_t now_ms = ticks_ms();
	struct err err;
	int rc;

	if (!conf->metrics.textfile[0] ||
	    (metrics->written_ms &&
	     now_ms - metrics->written_ms < conf->metrics.every_s * 1000))
		return;
	metrics->written_ms = now_ms;
	rc = write_now(conf, store, life, &err);
	log_trouble(LOG_LEVEL_WARN, &metrics->trouble, rc < 0 ? &err : NULL,
		    "metrics", "written");
}

void metrics_finish(struct metrics *metrics)
{
	free(metrics->trouble);
	*metrics = (struct metrics){0};
}
