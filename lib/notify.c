/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "notify.h"

#include "mem.h"
#include "ticks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* How often who listens is told. */
#define LISTENER_MS 1000

static struct {
	notify_alive_fn *fn;
	void *arg;
	int64_t told_ms;
} listener;

void notify(const char *fmt, ...)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	autofree char *lines = NULL;
	socklen_t len;
	va_list ap;
	int fd;

	if (!path || (*path != '/' && *path != '@') ||
	    strlen(path) >= sizeof(address.sun_path))
		return;
	/* An abstract name begins with a NUL, and its length says where it
	 * ends. */
	memcpy(address.sun_path, path, strlen(path));
	if (*path == '@')
		address.sun_path[0] = '\0';
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
			  strlen(path));
	va_start(ap, fmt);
	lines = mem_vprintf(fmt, ap);
	va_end(ap);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	sendto(fd, lines, strlen(lines), MSG_DONTWAIT | MSG_NOSIGNAL,
	       (struct sockaddr *)&address, len);
	close(fd);
}

/* How long the watchdog waits, microseconds; 0: none watches this process,
 * which may be a child of the one that it does. */
static int64_t watchdog_us(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");

	if (!usec || (pid && strtoll(pid, NULL, 10) != getpid()))
		return 0;
	return strtoll(usec, NULL, 10);
}

void notify_listen(notify_alive_fn *fn, void *arg)
{
	listener.fn = fn;
	listener.arg = arg;
	listener.told_ms = 0;
}

void notify_alive(int64_t *told_ms)
{
	int64_t us = watchdog_us();
	int64_t now_ms = ticks_ms();

	if (listener.fn && now_ms - listener.told_ms >= LISTENER_MS) {
		listener.told_ms = now_ms;
		listener.fn(listener.arg);
	}
	if (us <= 0 || (*told_ms && now_ms - *told_ms < us / 4000))
		return;
	notify("WATCHDOG=1\nEXTEND_TIMEOUT_USEC=%lld", (long long)us);
	*told_ms = now_ms;
}

int64_t notify_nap_ms(int64_t wait_ms)
{
	int64_t us = watchdog_us();

	return us > 0 && us / 4000 < wait_ms ? us / 4000 + 1 : wait_ms;
}
