/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A value of several lines has its length in front, 64 bits, little end
 * first. */
static void add_length(struct text *entry, uint64_t length)
{
	int i;

	for (i = 0; i < 8; i++)
		text_add_char(entry, (char)(length >> 8 * i & 0xff));
}

void journal_add(struct text *entry, const char *name, const char *value)
{
	text_add(entry, name);
	if (strchr(value, '\n')) {
		text_add_char(entry, '\n');
		add_length(entry, strlen(value));
	} else {
		text_add_char(entry, '=');
	}
	text_add(entry, value);
	text_add_char(entry, '\n');
}

bool journal_send(const char *path, const struct text *entry)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	ssize_t sent;
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return false;
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	sent = sendto(fd, entry->s, entry->len, MSG_DONTWAIT | MSG_NOSIGNAL,
		      (struct sockaddr *)&address, sizeof(address));
	close(fd);
	return sent == (ssize_t)entry->len;
}
