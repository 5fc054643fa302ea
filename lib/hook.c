/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hook.h"

#include "spawn.h"
#include "ticks.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX 4096

/* How often it is looked at whether it has ended. */
#define NAP_MS 10

/* How long it may take to end when it is asked to. */
#define GRACE_MS 2000

/* One that is under way. */
struct running {
	const struct hook *hook;
	struct hook_result *result;
	pid_t pid;
	int in;  /* where its input goes; -1: it has all, or wants none */
	int out; /* where what it says comes from; -1: nobody says more */
	size_t fed;
	int status;
};

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Becomes the program; says on `fail` why not. */
static void become(const struct hook *hook, pid_t parent, int in, int out,
		   int fail)
{
	sigset_t none;
	int failure;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
	spawn_close_others(fail);
	execve(hook->argv[0], hook->argv, hook->envp);
	failure = errno;
	if (write(fail, &failure, sizeof(failure)) < 0)
		_exit(126);
	_exit(127);
}

/* Forks it off: 0, or errno, also of what it could not become. */
static int fork_off(struct running *running, const int in[2], const int out[2],
		    int fail[2])
{
	pid_t parent = getpid();
	int failure = 0;

	running->pid = fork();
	if (running->pid == 0)
		become(running->hook, parent, in[0], out[1], fail[1]);
	if (running->pid < 0)
		return errno;
	/* Both do it, so that it is done for whoever comes first. */
	setpgid(running->pid, running->pid);
	close(fail[1]);
	fail[1] = -1;
	if (read(fail[0], &failure, sizeof(failure)) <= 0)
		return 0;
	waitpid(running->pid, NULL, 0);
	return failure;
}

/* 0, or errno. */
static int start(struct running *running)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1}, fail[2] = {-1, -1};
	int failure = 0;

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 ||
	    pipe2(fail, O_CLOEXEC) < 0)
		failure = errno;
	else
		failure = fork_off(running, in, out, fail);
	shut(&in[0]);
	shut(&out[1]);
	shut(&fail[0]);
	shut(&fail[1]);
	running->in = in[1];
	running->out = out[0];
	if (failure)
		return failure;
	fcntl(running->in, F_SETFL, O_NONBLOCK);
	fcntl(running->out, F_SETFL, O_NONBLOCK);
	return 0;
}

static void feed(struct running *running)
{
	size_t left = running->hook->input_len - running->fed;
	ssize_t n = 0;

	if (left)
		n = write(running->in, running->hook->input + running->fed,
			  left);
	if (n > 0)
		running->fed += (size_t)n;
	/* Who does not read it does not want it. */
	if ((n < 0 && errno != EAGAIN && errno != EINTR) ||
	    running->fed == running->hook->input_len)
		shut(&running->in);
}

/* Reads what is there: whether there may be more. */
static bool listen_to(struct running *running)
{
	struct text *output = &running->result->output;
	char buf[4096];
	ssize_t n = read(running->out, buf, sizeof(buf));
	size_t room = OUTPUT_MAX - output->len;

	if (n > 0)
		text_add_bytes(output, buf,
			       (size_t)n < room ? (size_t)n : room);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		shut(&running->out);
	return n > 0;
}

/* Feeds and hears it until it has ended, or time is up: whether it has. */
static bool attend(struct running *running, int64_t deadline_ms)
{
	do {
		struct pollfd fds[] = {{.fd = running->in, .events = POLLOUT},
				       {.fd = running->out, .events = POLLIN}};

		poll(fds, 2, NAP_MS);
		if (fds[0].revents)
			feed(running);
		if (fds[1].revents)
			listen_to(running);
		if (waitpid(running->pid, &running->status, WNOHANG) ==
		    running->pid)
			return true;
	} while (ticks_ms() < deadline_ms);
	return false;
}

/* Ends it with all that it had started. */
static void end(struct running *running)
{
	bool ended;

	kill(-running->pid, SIGTERM);
	ended = attend(running, ticks_ms() + GRACE_MS);
	kill(-running->pid, SIGKILL);
	if (!ended)
		waitpid(running->pid, NULL, 0);
}

/* What it said last is still there to be read; of one that left others behind
 * that go on, not more than there is room for. */
static void hear_out(struct running *running)
{
	while (running->out >= 0 && running->result->output.len < OUTPUT_MAX &&
	       listen_to(running))
		;
}

static int run(struct running *running, struct err *err)
{
	const struct hook *hook = running->hook;
	int failure = start(running);

	if (failure)
		return err_set(err, ERR_STOP, "%s: %s", hook->argv[0],
			       strerror(failure));
	if (!attend(running, ticks_ms() + hook->timeout_ms)) {
		end(running);
		return err_set(err, ERR_RETRY, "%s: did not end within %d s",
			       hook->argv[0], hook->timeout_ms / 1000);
	}
	hear_out(running);
	running->result->status = WIFSIGNALED(running->status)
					  ? 128 + WTERMSIG(running->status)
					  : WEXITSTATUS(running->status);
	return 0;
}

int hook_run(const struct hook *hook, struct hook_result *result,
	     struct err *err)
{
	struct running running = {
		.hook = hook, .result = result, .in = -1, .out = -1};
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);
	int rc;

	*result = (struct hook_result){.status = -1};
	rc = run(&running, err);
	shut(&running.in);
	shut(&running.out);
	signal(SIGPIPE, before);
	return rc;
}
