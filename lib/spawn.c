/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "spawn.h"

#include "mem.h"
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

void spawn_close_others(int keep)
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
	spawn_close_others(fd);
	_exit(fn(fd, arg));
}

struct spawn {
	char *what;
	pid_t pid; /* 0: reaped */
	int fd;    /* -1: the child closed it */
	int timeout_ms;
	int64_t deadline_ms;
	struct text answer;
};

/* Reads what is there, waiting for it up to wait_ms: 0, or errno; EAGAIN if the
 * child is not done. */
static int read_answer(struct spawn *spawn, int wait_ms)
{
	struct pollfd pfd = {.fd = spawn->fd, .events = POLLIN};
	char buf[65536];
	ssize_t n;

	if (poll(&pfd, 1, wait_ms) < 0)
		return errno == EINTR ? EAGAIN : errno;
	if (!pfd.revents)
		return EAGAIN;
	n = read(spawn->fd, buf, sizeof(buf));
	if (n < 0)
		return errno == EINTR ? EAGAIN : errno;
	if (n == 0)
		return 0;
	text_add_bytes(&spawn->answer, buf, (size_t)n);
	return spawn->answer.len > ANSWER_MAX ? EMSGSIZE : EAGAIN;
}

/* Whether a child that closed its pipe has ended: 0 and its wait status,
 * EAGAIN. It is not trusted to end. */
static int reap(struct spawn *spawn, int *status)
{
	const struct timespec nap = {.tv_nsec = 2000000};
	pid_t got = waitpid(spawn->pid, status, WNOHANG);

	if (got == spawn->pid) {
		spawn->pid = 0;
		return 0;
	}
	if (got < 0 && errno != EINTR)
		return errno;
	nanosleep(&nap, NULL);
	return EAGAIN;
}

/* One step towards the answer: as read_answer(). */
static int step(struct spawn *spawn, int wait_ms, int *status)
{
	int failure;

	if (spawn->fd >= 0) {
		failure = read_answer(spawn, wait_ms);
		if (failure)
			return failure;
		close(spawn->fd);
		spawn->fd = -1;
	}
	return reap(spawn, status);
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

void spawn_free(struct spawn *spawn)
{
	if (!spawn)
		return;
	if (spawn->pid > 0) {
		kill(spawn->pid, SIGKILL);
		waitpid(spawn->pid, NULL, 0);
	}
	if (spawn->fd >= 0)
		close(spawn->fd);
	text_free(&spawn->answer);
	free(spawn->what);
	free(spawn);
}

struct spawn *spawn_begin(const char *what, spawn_fn *fn, const void *arg,
			  int timeout_ms, struct err *err)
{
	struct spawn *spawn;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0) {
		err_set(err, ERR_RETRY, "%s: %s", what, strerror(errno));
		return NULL;
	}
	spawn = mem_alloc(1, sizeof(*spawn));
	spawn->what = mem_strdup(what);
	spawn->timeout_ms = timeout_ms;
	spawn->deadline_ms = ticks_ms() + timeout_ms;
	spawn->fd = fds[0];
	fflush(NULL);
	spawn->pid = fork();
	if (spawn->pid == 0)
		run_child(fn, arg, fds[1]);
	close(fds[1]);
	if (spawn->pid < 0) {
		err_set(err, ERR_RETRY, "%s: %s", what, strerror(errno));
		spawn_free(spawn);
		return NULL;
	}
	return spawn;
}

int spawn_poll(struct spawn *spawn, int wait_ms, struct text *out,
	       struct err *err)
{
	int64_t until_ms = ticks_ms() + wait_ms;
	int failure = EAGAIN;
	int status = 0;

	while (failure == EAGAIN) {
		int64_t now_ms = ticks_ms();
		int64_t left_ms = until_ms < spawn->deadline_ms
					  ? until_ms - now_ms
					  : spawn->deadline_ms - now_ms;

		failure = step(spawn, left_ms > 0 ? (int)left_ms : 0, &status);
		if (failure != EAGAIN)
			break;
		if (ticks_ms() >= spawn->deadline_ms)
			failure = ETIMEDOUT;
		else if (ticks_ms() >= until_ms)
			return 0;
	}
	text_free(out);
	*out = spawn->answer;
	spawn->answer = (struct text){0};
	if (failure || status != 0)
		return explain(spawn->what, failure, status, spawn->timeout_ms,
			       err);
	return 1;
}

int spawn_call(const char *what, spawn_fn *fn, const void *arg, int timeout_ms,
	       struct text *out, struct err *err)
{
	struct spawn *spawn = spawn_begin(what, fn, arg, timeout_ms, err);
	int rc = -1;

	if (spawn)
		rc = spawn_poll(spawn, timeout_ms + 1, out, err);
	spawn_free(spawn);
	return rc > 0 ? 0 : -1;
}
