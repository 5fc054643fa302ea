/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/witness_file.h"

#include "lib/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a log that was never read is begun, before its end. */
#define BEGIN_BYTES (1024 * 1024)

/* What one call reads at most. */
#define MOST_BYTES (4 * 1024 * 1024)

/* No line of slurmctld's that matters is longer. */
#define MOST_LINE (16 * 1024)

#define CHUNK (64 * 1024)

/* By so many of its first bytes a file is known to be the same still: the
 * stamp of its first line. */
#define PRINT_BYTES 64

/* Files that lines which are held back may be of. */
#define MOST_PARTS 8

/* A file, or what it held until it was cut. Places count bytes of them all. */
struct part {
	uint64_t dev;
	uint64_t ino;
	uint64_t print; /* of its first print_len bytes */
	int64_t print_len;
	int64_t place;  /* of its first byte */
	int64_t offset; /* where the next line begins */
};

struct witness_file {
	char *path;
	int fd; /* -1: none is open */
	struct part parts[MOST_PARTS];
	size_t n_parts; /* the last is the one that is read */
	char *rest;     /* a line that has no end yet */
	size_t rest_len;
	bool renamed;  /* a file of another name: between it and the one of
			  the path there may be more */
	bool skipping; /* to the end of one that is too long, or was begun
			 in the middle */
};

struct witness_file *witness_file_new(const char *path)
{
	struct witness_file *file = mem_alloc(1, sizeof(*file));

	file->path = mem_strdup(path);
	file->rest = mem_alloc(MOST_LINE + CHUNK, 1);
	file->fd = -1;
	return file;
}

void witness_file_free(struct witness_file *file)
{
	if (!file)
		return;
	if (file->fd >= 0)
		close(file->fd);
	free(file->rest);
	free(file->path);
	free(file);
}

/* --- Which file it is --------------------------------------------------- */

static struct part *part_of(struct witness_file *file)
{
	return &file->parts[file->n_parts - 1];
}

/* The place where the reading stands. */
static int64_t end_of(const struct witness_file *file)
{
	const struct part *part;

	if (!file->n_parts)
		return 0;
	part = &file->parts[file->n_parts - 1];
	return part->place + part->offset;
}

/* A number for the file's first bytes; -1: they cannot be read. */
static int64_t take_print(int fd, int64_t len, uint64_t *print)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES] = {0};
	unsigned char bytes[PRINT_BYTES];
	ssize_t n = pread(fd, bytes, (size_t)len, 0);

	*print = 0;
	if (n >= 0)
		crypto_shorthash((unsigned char *)print, bytes,
				 (unsigned long long)n, key);
	return n;
}

static bool has_print(int fd, const struct part *part)
{
	uint64_t print;

	return part->print_len == 0 ||
	       (take_print(fd, part->print_len, &print) == part->print_len &&
		print == part->print);
}

/* A log that is begun anew is another one, if in the same file. */
static void add_part(struct witness_file *file, const struct stat *st,
		     int64_t offset)
{
	struct part part = {
		.dev = st->st_dev,
		.ino = st->st_ino,
		.place = end_of(file),
		.offset = offset,
	};

	part.place -= file->n_parts ? 0 : offset;
	if (file->n_parts == MOST_PARTS) {
		file->n_parts--;
		memmove(file->parts, file->parts + 1,
			file->n_parts * sizeof(*file->parts));
	}
	file->parts[file->n_parts++] = part;
	file->rest_len = 0;
	file->skipping = offset > 0;
}

/* Opens a file to be read, without waiting for a writer of a FIFO. */
static int open_log(const char *path, struct stat *st, struct err *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0) {
		err_set(err, ERR_RETRY, "log %s: %s", path, strerror(errno));
		return -1;
	}
	if (fstat(fd, st) < 0)
		err_set(err, ERR_RETRY, "log %s: %s", path, strerror(errno));
	else if (!S_ISREG(st->st_mode))
		err_set(err, ERR_RETRY, "log %s: is not a regular file", path);
	else
		return fd;
	close(fd);
	return -1;
}

static int open_first(struct witness_file *file, struct err *err)
{
	struct stat st;

	file->fd = open_log(file->path, &st, err);
	if (file->fd < 0)
		return -1;
	add_part(file, &st,
		 st.st_size > BEGIN_BYTES ? st.st_size - BEGIN_BYTES : 0);
	return 0;
}

/* --- Lines -------------------------------------------------------------- */

/* Hands on the lines that end in the bytes which were added to the rest. */
static void give_lines(struct witness_file *file, struct witness_sift *sift)
{
	struct part *part = part_of(file);
	char *at = file->rest;
	size_t left = file->rest_len;
	char *end;

	while ((end = memchr(at, '\n', left)) != NULL) {
		size_t len = (size_t)(end - at);

		if (file->skipping || len > MOST_LINE)
			witness_sift_gap(sift);
		else
			witness_sift_line(sift, at, len,
					  part->place + part->offset);
		file->skipping = false;
		part->offset += (int64_t)len + 1;
		left -= len + 1;
		at = end + 1;
	}
	if (left > MOST_LINE) {
		file->skipping = true;
		part->offset += (int64_t)left;
		left = 0;
	}
	memmove(file->rest, at, left);
	file->rest_len = left;
}

/* Reads on in the file that is open: 0, to its end; 1, there is more. */
static int read_part(struct witness_file *file, struct witness_sift *sift,
		     int64_t *budget, struct err *err)
{
	struct part *part = part_of(file);

	while (*budget > 0) {
		ssize_t n = pread(file->fd, file->rest + file->rest_len, CHUNK,
				  part->offset + (int64_t)file->rest_len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, ERR_RETRY, "log %s: %s", file->path,
				       strerror(errno));
		if (n == 0)
			return 0;
		*budget -= n;
		file->rest_len += (size_t)n;
		give_lines(file, sift);
	}
	return 1;
}

/* Whether what was read of the file is not in it any more: it was copied, and
 * cut. */
static bool was_cut(const struct witness_file *file, const struct stat *st)
{
	const struct part *part = &file->parts[file->n_parts - 1];

	return st->st_size < part->offset + (int64_t)file->rest_len ||
	       !has_print(file->fd, part);
}

static int look_for_cut(struct witness_file *file, struct witness_sift *sift,
			struct err *err)
{
	struct part *part = part_of(file);
	struct stat st;

	if (fstat(file->fd, &st) < 0)
		return err_set(err, ERR_RETRY, "log %s: %s", file->path,
			       strerror(errno));
	if (was_cut(file, &st)) {
		witness_sift_gap(sift);
		add_part(file, &st, 0);
		part = part_of(file);
	}
	if (part->print_len < PRINT_BYTES)
		part->print_len =
			take_print(file->fd, PRINT_BYTES, &part->print);
	if (part->print_len < 0)
		return err_set(err, ERR_RETRY, "log %s: %s", file->path,
			       strerror(errno));
	return 0;
}

/* Opens what has taken the file's place, once there is something in it: until
 * then slurmctld may write to the old one. 1: *fd is open; 0: nothing has. */
static int open_next(const struct witness_file *file, struct stat *st, int *fd,
		     struct err *err)
{
	const struct part *part = &file->parts[file->n_parts - 1];

	if (stat(file->path, st) < 0)
		return err_set(err, ERR_RETRY, "log %s: %s", file->path,
			       strerror(errno));
	if (S_ISREG(st->st_mode) && st->st_dev == part->dev &&
	    st->st_ino == part->ino)
		return 0;
	*fd = open_log(file->path, st, err);
	if (*fd < 0)
		return -1;
	if (st->st_size > 0)
		return 1;
	close(*fd);
	return 0;
}

/* Goes on with the new file, where there is one, once the old one is read to
 * its end. */
static int change_file(struct witness_file *file, struct witness_sift *sift,
		       int64_t *budget, struct err *err)
{
	struct stat st;
	int fd = -1;
	int rc = open_next(file, &st, &fd, err);

	if (rc <= 0)
		return rc;
	rc = read_part(file, sift, budget, err);
	if (rc != 0) {
		close(fd);
		return rc;
	}
	if (file->rest_len || file->skipping || file->renamed)
		witness_sift_gap(sift);
	file->renamed = false;
	close(file->fd);
	file->fd = fd;
	part_of(file)->offset += (int64_t)file->rest_len;
	add_part(file, &st, 0);
	if (look_for_cut(file, sift, err) < 0)
		return -1;
	return read_part(file, sift, budget, err);
}

int witness_file_read(struct witness_file *file, struct witness_sift *sift,
		      struct err *err)
{
	int64_t budget = MOST_BYTES;
	int rc;

	if (file->fd < 0 && open_first(file, err) < 0)
		return -1;
	if (look_for_cut(file, sift, err) < 0)
		return -1;
	rc = read_part(file, sift, &budget, err);
	if (rc != 0)
		return rc;
	return change_file(file, sift, &budget, err);
}

/* --- Where to begin again ----------------------------------------------- */

json_t *witness_file_position(const struct witness_file *file,
			      const struct witness_sift *sift)
{
	int64_t end = end_of(file);
	bool blind;
	int64_t restart = witness_sift_restart(sift, end, &blind);
	int64_t given = witness_sift_given(sift, end);
	size_t i = file->n_parts;
	const struct part *part;
	char print[24];

	if (!file->n_parts)
		return NULL;
	while (i > 1 && file->parts[i - 1].place > restart)
		i--;
	part = &file->parts[i - 1];
	if (restart < part->place) {
		restart = part->place;
		blind = true;
	}
	snprintf(print, sizeof(print), "%" PRIx64, part->print);
	return json_pack("{s:I, s:I, s:s, s:I, s:I, s:I, s:b}", "dev",
			 (json_int_t)part->dev, "ino", (json_int_t)part->ino,
			 "print", print, "print_len",
			 (json_int_t)part->print_len, "offset",
			 (json_int_t)(restart - part->place), "given",
			 (json_int_t)(given - restart), "blind", blind);
}

static bool read_position(json_t *position, struct part *part, int64_t *given,
			  bool *blind)
{
	int is_blind = false;
	json_int_t dev, ino, print_len, offset, behind;
	const char *print;
	char *end;

	if (json_unpack(position, "{s:I, s:I, s:s, s:I, s:I, s:I, s?b}", "dev",
			&dev, "ino", &ino, "print", &print, "print_len",
			&print_len, "offset", &offset, "given", &behind,
			"blind", &is_blind) < 0)
		return false;
	*part = (struct part){
		.dev = (uint64_t)dev,
		.ino = (uint64_t)ino,
		.print = strtoull(print, &end, 16),
		.print_len = print_len,
		.offset = offset,
	};
	*given = behind;
	*blind = is_blind;
	return !*end && print_len >= 0 && print_len <= PRINT_BYTES &&
	       offset >= 0 && behind >= 0 && behind <= INT64_MAX - offset;
}

/* Opens the file if it is that part of the log. -1: it is not. */
static int open_part(const char *path, const struct part *part)
{
	struct stat st;
	struct err err;
	int fd = open_log(path, &st, &err);

	if (fd < 0)
		return -1;
	if (st.st_dev == part->dev && st.st_ino == part->ino &&
	    st.st_size >= part->offset && has_print(fd, part))
		return fd;
	close(fd);
	return -1;
}

/* Looks for that part of the log under the names that it may have got: they
 * begin as its own. */
static int find_renamed(const char *path, const struct part *part)
{
	autofree char *for_dirname = mem_strdup(path);
	autofree char *for_basename = mem_strdup(path);
	const char *folder = dirname(for_dirname);
	const char *name = basename(for_basename);
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int fd = -1;

	while (fd < 0 && dir && (entry = readdir(dir))) {
		autofree char *other = NULL;

		if (strncmp(entry->d_name, name, strlen(name)) != 0)
			continue;
		other = mem_printf("%s/%s", folder, entry->d_name);
		fd = open_part(other, part);
	}
	if (dir)
		closedir(dir);
	return fd;
}

int witness_file_resume(struct witness_file *file, struct witness_sift *sift,
			json_t *position, struct err *err)
{
	struct part part;
	struct stat st;
	int64_t given;
	bool blind;

	if (!read_position(position, &part, &given, &blind))
		return err_set(err, ERR_STOP,
			       "log %s: what is stored of it is no position",
			       file->path);
	file->fd = open_part(file->path, &part);
	if (file->fd < 0) {
		file->fd = find_renamed(file->path, &part);
		file->renamed = true;
	}
	if (file->fd >= 0) {
		file->parts[0] = part;
		file->n_parts = 1;
		witness_sift_resume(sift, part.offset + given, blind);
		return 0;
	}
	/* It is gone, or was cut: what is there is all new. */
	file->renamed = false;
	file->fd = open_log(file->path, &st, err);
	if (file->fd >= 0)
		add_part(file, &st, 0);
	return 0;
}
