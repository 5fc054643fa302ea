/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "spawn.h"

#include "ticks.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Answers larger than this are a fault of the child, not an answer. */
#define ANSWER_MAX (256U << 20)

/* Closes every descriptor above standard error but `keep`: the child must not
 * hold the store, its lock or the database's connection. */
static void close_others(int keep)
{
	long max = sysconf(_SC_OPEN_MAX);
	int fd;

#ifdef SYS_close_range
	if ((keep <= 3 ||
	     syscall(SYS_close_range, 3U, (unsigned)keep - 1, 0U) == 0) &&
	    syscall(SYS_close_range, (unsigned)keep + 1, ~0U, 0U) == 0)
		return;
#endif
	for (fd = 3; fd < (max > 0 ? max : 1024); fd++)
		if (fd != keep)
			close(fd);
}

static void run_child(spawn_fn *fn, const void *arg, int fd)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	if (null >= 0) {
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
	}
	close_others(fd);
	_exit(fn(fd, arg));
}

/* Reads until the child closes the pipe or time is up: 0, or errno. */
static int read_answer(int fd, int64_t deadline_ms, struct text *out)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	char buf[65536];
	int64_t left;
	ssize_t n;

	for (;;) {
		left = deadline_ms - ticks_ms();
		if (left <= 0)
			return ETIMEDOUT;
		if (poll(&pfd, 1, (int)left) < 0 && errno != EINTR)
			return errno;
		if (!pfd.revents)
			continue;
		n = read(fd, buf, sizeof(buf));
		if (n < 0 && errno != EINTR)
			return errno;
		if (n == 0)
			return 0;
		if (n > 0)
			text_add_bytes(out, buf, (size_t)n);
		if (out->len > ANSWER_MAX)
			return EMSGSIZE;
	}
}

/* Waits for the end of a child that closed its pipe, without trusting it to
 * end: 0 and its wait status, or ETIMEDOUT. */
static int reap(pid_t pid, int64_t deadline_ms, int *status)
{
	const struct timespec nap = {.tv_nsec = 2000000};
	pid_t got;

	while ((got = waitpid(pid, status, WNOHANG)) == 0 ||
	       (got < 0 && errno == EINTR)) {
		if (ticks_ms() > deadline_ms)
			return ETIMEDOUT;
		nanosleep(&nap, NULL);
	}
	return got < 0 ? errno : 0;
}

static int explain(const char *what, int failure, int status, int timeout_ms,
		   struct err *err)
{
	if (failure == ETIMEDOUT)
		return err_set(err, ERR_RETRY, "%s: no answer within %.1f s",
			       what, timeout_ms / 1000.0);
	if (failure)
		return err_set(err, ERR_RETRY, "%s: %s", what,
			       strerror(failure));
	if (WIFSIGNALED(status))
		return err_set(err, ERR_RETRY, "%s: ended by signal %d", what,
			       WTERMSIG(status));
	return err_set(err, ERR_RETRY, "%s: ended with status %d", what,
		       WEXITSTATUS(status));
}

int spawn_call(const char *what, spawn_fn *fn, const void *arg, int timeout_ms,
	       struct text *out, struct err *err)
{
	int64_t deadline_ms = ticks_ms() + timeout_ms;
	int status = 0;
	int failure;
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set(err, ERR_RETRY, "%s: %s", what, strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		run_child(fn, arg, fds[1]);
	close(fds[1]);
	if (pid < 0) {
		failure = errno;
		close(fds[0]);
		return explain(what, failure, 0, timeout_ms, err);
	}
	failure = read_answer(fds[0], deadline_ms, out);
	close(fds[0]);
	if (!failure)
		failure = reap(pid, deadline_ms, &status);
	if (failure) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	if (failure || status != 0)
		return explain(what, failure, status, timeout_ms, err);
	return 0;
}
