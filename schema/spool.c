/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripts beside the store, by the SHA-256 of their bytes. */
#include "lib/mem.h"
#include "schema/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder "spool" beside the store, as an absolute path where the store's
 * can be made one. */
static const char *spool_path(struct store *store)
{
	autofree char *real = NULL;
	autofree char *copy = NULL;

	if (!store->spool) {
		real = realpath(store->path, NULL);
		copy = mem_strdup(real ? real : store->path);
		store->spool = mem_printf("%s/spool", dirname(copy));
	}
	return store->spool;
}

char *store_script_path(struct store *store, const char *sha256)
{
	return mem_printf("%s/%s", spool_path(store), sha256);
}

static int write_all(int fd, const char *bytes, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Once for all files of a transaction. */
int store_spool_sync(struct store *store, struct err *err)
{
	int fd, rc;

	if (!store->spool_unsynced)
		return 0;
	fd = open(spool_path(store), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = fd < 0 ? -1 : fsync(fd);
	if (rc < 0)
		err_set(err, ERR_RETRY, "keeping scripts in %s: %s",
			spool_path(store), strerror(errno));

	if (fd >= 0) {
		store_adopt(store, fd);
		close(fd);
	}
	store->spool_unsynced = rc < 0;
	return rc;
}

/* Writes under a name of its own and renames, so that a file in the spool is
 * whole or not there. */
static int write_synced(struct store *store, const char *path,
			const void *bytes, size_t len)
{
	autofree char *temp = mem_printf("%s.new", path);
	int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int rc = -1;

	if (fd < 0)
		return -1;
	store_adopt(store, fd);
	if (write_all(fd, bytes, len) == 0 && fsync(fd) == 0)
		rc = 0;
	if (close(fd) < 0 || rc < 0 || rename(temp, path) < 0) {
		int saved = errno;

		unlink(temp);
		errno = saved;
		return -1;
	}
	store->spool_unsynced = true;
	return 0;
}

int store_script_put(struct store *store, const void *bytes, size_t len,
		     char sha256[65], struct err *err)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	const char *dir = spool_path(store);
	autofree char *path = NULL;

	crypto_hash_sha256(hash, bytes, len);
	sodium_bin2hex(sha256, 65, hash, sizeof(hash));
	path = mem_printf("%s/%s", dir, sha256);
	if (access(path, F_OK) == 0)
		return 0;
	if ((mkdir(dir, 0700) < 0 && errno != EEXIST) ||
	    write_synced(store, path, bytes, len) < 0)
		return err_set(err, ERR_RETRY, "keeping a script as %s: %s",
			       path, strerror(errno));
	return 0;
}
