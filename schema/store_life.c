/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the process that watches is doing: a few lines behind its pid in the lock
 * file, written in place and never synced. */
#include "lib/mem.h"
#include "schema/store_private.h"
#include "schema/store_status.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Always of this size, so that no older end is left behind it. */
#define LIFE_SIZE 1024

/* How often to read again what somebody is writing. */
#define TRIES 20

/* What is written, in this order. */
static const struct {
	const char *name;
	size_t offset;
	size_t size; /* of a text; 0: a number */
} fields[] = {
#define NUMBER(name)                                                           \
	{                                                                      \
#name, offsetof(struct store_life, name), 0                    \
	}
#define TEXT(name)                                                             \
	{                                                                      \
#name, offsetof(struct store_life, name),                      \
			sizeof(((struct store_life *)NULL)->name)              \
	}
	TEXT(version),     TEXT(command),    NUMBER(started_s),
	NUMBER(stopped_s), NUMBER(alive_s),  NUMBER(alive_ms),
	NUMBER(due_ms),    NUMBER(begun_s),  NUMBER(begun_ms),
	NUMBER(ended_s),   NUMBER(took_ms),  NUMBER(rows),
	NUMBER(passes),    NUMBER(clusters), NUMBER(failed),
	NUMBER(incidents), TEXT(trouble),
#undef NUMBER
#undef TEXT
};

/* FNV-1a: tells a whole record from one that was read while it was written. */
static uint32_t sum_of(const char *bytes, size_t len)
{
	uint32_t sum = 2166136261U;
	size_t i;

	for (i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)bytes[i]) * 16777619U;
	return sum;
}

static char *path_of(const char *store_path)
{
	return mem_printf("%s.lock", store_path);
}

void store_life_put(struct store *store, const struct store_life *life)
{
	autotext struct text text = {0};
	char bytes[LIFE_SIZE];
	size_t i;

	if (store->lock_fd < 0)
		return;
	text_addf(&text, "%ld\n", (long)getpid());
	for (i = 0; i < LENGTH(fields); i++) {
		const char *field = (const char *)life + fields[i].offset;

		if (fields[i].size)
			text_addf(&text, "%s=%s\n", fields[i].name, field);
		else
			text_addf(&text, "%s=%" PRId64 "\n", fields[i].name,
				  *(const int64_t *)field);
	}
	text_addf(&text, "sum=%08" PRIx32 "\n", sum_of(text.s, text.len));
	if (text.len > sizeof(bytes))
		abort();
	memset(bytes, '\n', sizeof(bytes));
	memcpy(bytes, text.s, text.len);
	if (pwrite(store->lock_fd, bytes, sizeof(bytes), 0) < 0)
		return; /* who asks is told that nothing is known */
}

static void set_field(struct store_life *life, const char *name,
		      const char *value)
{
	size_t i;

	for (i = 0; i < LENGTH(fields); i++) {
		char *field = (char *)life + fields[i].offset;

		if (strcmp(fields[i].name, name) != 0)
			continue;
		if (fields[i].size)
			snprintf(field, fields[i].size, "%s", value);
		else
			*(int64_t *)field = strtoll(value, NULL, 10);
	}
}

/* Takes the record apart. false: it is not whole. */
static bool parse(char *bytes, struct store_life *life)
{
	char *sum = strstr(bytes, "\nsum=");
	char *save = NULL;
	char *line;

	/* Before the first record there is but the pid. */
	line = strtok_r(bytes, "\n", &save);
	life->written_pid = line ? strtoll(line, NULL, 10) : 0;
	if (!sum)
		return save && !*save;
	while ((line = strtok_r(NULL, "\n", &save)) && line <= sum) {
		char *equals = strchr(line, '=');

		if (!equals)
			return false;
		*equals = '\0';
		set_field(life, line, equals + 1);
	}
	return true;
}

static bool is_whole(const char *bytes)
{
	const char *sum = strstr(bytes, "\nsum=");

	return !sum || strtoul(sum + strlen("\nsum="), NULL, 16) ==
			       sum_of(bytes, (size_t)(sum + 1 - bytes));
}

/* false: it never was whole. */
static bool read_record(int fd, struct store_life *life)
{
	char bytes[LIFE_SIZE + 1];
	int i;

	for (i = 0; i < TRIES; i++) {
		ssize_t n = pread(fd, bytes, sizeof(bytes) - 1, 0);

		bytes[n > 0 ? n : 0] = '\0';
		if (n > 0 && is_whole(bytes) && parse(bytes, life))
			return true;
	}
	return false;
}

void store_life_sign(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_SETLK, &lock) < 0)
		return; /* the other lock holds; only who asks is told less */
}

int store_life(const char *store_path, struct store_life *life, struct err *err)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	autofree char *path = path_of(store_path);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	*life = (struct store_life){0};
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0) {
		err_set(err, ERR_STOP, "lock %s: %s", path, strerror(errno));
		return err_hint(err, "ask an admin for read permission");
	}
	life->known = read_record(fd, life);
	if (fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) {
		life->runs = true;
		/* 0: it is in another namespace of pids. */
		life->pid = lock.l_pid > 0 ? lock.l_pid : life->written_pid;
	}
	close(fd);
	return 1;
}
