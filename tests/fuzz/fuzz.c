/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A number that inputs can name: "/proc/self/fd/100". */
#define FIRST_FD 100

static void open_file(struct fuzz_file *file)
{
	static int next = FIRST_FD;
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	file->fd = next++;
	must(dup2(fd, file->fd) == file->fd);
	close(fd);
	must(fchmod(file->fd, 0600) == 0);
	snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->fd);
}

void fuzz_file_write(struct fuzz_file *file, const void *bytes, size_t size)
{
	if (!file->fd)
		open_file(file);
	must(ftruncate(file->fd, 0) == 0);
	must(pwrite(file->fd, bytes, size, 0) == (ssize_t)size);
}
