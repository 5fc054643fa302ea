/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "program.h"

#include "ticks.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT_MAX 65536

/* Starts it with both of its outputs on fd: 0, or errno. */
static int start(const struct program *program, int fd, pid_t *pid)
{
	const char *input = program->input ? program->input : "/dev/null";
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	int failure;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, fd, 1);
	posix_spawn_file_actions_adddup2(&actions, fd, 2);
	if (program->extra)
		posix_spawn_file_actions_addopen(&actions, 3, program->extra,
						 O_RDONLY, 0);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	/* A group of its own, so that all of it can be killed. */
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETPGROUP);
	failure = posix_spawnp(pid, program->argv[0], &actions, &attr,
			       program->argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return failure;
}

/* Takes what it says until nobody can say more, or time is up. */
static void listen_to(int fd, int64_t deadline_ms, struct text *output)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	char buf[4096];
	int64_t left_ms;
	ssize_t n;

	while ((left_ms = deadline_ms - ticks_ms()) > 0) {
		if (poll(&pfd, 1, (int)left_ms) <= 0)
			continue;
		n = read(fd, buf, sizeof(buf));
		if (n == 0 || (n < 0 && errno != EINTR))
			return;
		if (n > 0 && output->len < OUTPUT_MAX)
			text_add_bytes(output, buf, (size_t)n);
	}
}

/* Waits for its end: whether it came in time. */
static int reap(pid_t pid, int64_t deadline_ms, int *status)
{
	const struct timespec nap = {.tv_nsec = 5000000};

	while (waitpid(pid, status, WNOHANG) == 0) {
		if (ticks_ms() > deadline_ms) {
			kill(-pid, SIGKILL);
			waitpid(pid, status, 0);
			return 0;
		}
		nanosleep(&nap, NULL);
	}
	return 1;
}

int program_run(const struct program *program, struct program_result *result,
		struct err *err)
{
	int64_t deadline_ms = ticks_ms() + program->timeout_ms;
	int failure, status = 0;
	int fds[2];
	pid_t pid;

	*result = (struct program_result){0};
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set(err, ERR_RETRY, "%s: %s", program->argv[0],
			       strerror(errno));
	failure = start(program, fds[1], &pid);
	close(fds[1]);
	if (failure) {
		close(fds[0]);
		return err_set(err, ERR_STOP, "%s: %s", program->argv[0],
			       strerror(failure));
	}
	listen_to(fds[0], deadline_ms, &result->output);
	close(fds[0]);
	if (!reap(pid, deadline_ms, &status))
		return err_set(err, ERR_RETRY, "%s: did not end within %d s",
			       program->argv[0], program->timeout_ms / 1000);
	result->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
					     : WEXITSTATUS(status);
	return 0;
}
