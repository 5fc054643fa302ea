/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A site's program may do anything: it is fed, heard and ended all the same. */
#include "lib/hook.h"
#include "lib/journal.h"
#include "lib/mem.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define LONG_MS 60000

static struct hook_result result;
static struct err err;

static void tear_down(void)
{
	text_free(&result.output);
	unit_remove_dir();
}

/* Runs a line of shell on so many bytes. */
static int run(const char *line, size_t input_len, int timeout_ms)
{
	char sh[] = "/bin/sh", c[] = "-c", path[] = "PATH=/usr/bin:/bin";
	autofree char *own = mem_strdup(line);
	autofree char *input = mem_alloc(input_len + 1, 1);
	autofree char *dir = mem_printf("DIR=%s", unit_dir);
	char *const argv[] = {sh, c, own, NULL};
	char *const envp[] = {path, dir, NULL};
	const struct hook hook = {argv, envp, input, input_len, timeout_ms};

	memset(input, 'x', input_len);
	return hook_run(&hook, &result, &err);
}

static void check(const char *line, size_t input_len, int status,
		  const char *said)
{
	ck_assert_msg(run(line, input_len, LONG_MS) == 0, "%s", err.msg);
	ck_assert_int_eq(result.status, status);
	ck_assert_str_eq(result.output.s ? result.output.s : "", said);
}

START_TEST(reads_all_of_its_input)
{
	check("wc -c", 10000000, 0, "10000000\n");
}
END_TEST

START_TEST(reads_none_of_it)
{
	check("exec <&-; echo deaf; exit 7", 10000000, 7, "deaf\n");
}
END_TEST

START_TEST(has_no_input)
{
	check("wc -c >&2", 0, 0, "0\n");
}
END_TEST

/* What this process has open is none of its business. */
START_TEST(has_nothing_else_open)
{
	int fd = open("/", O_RDONLY);

	ck_assert(fd >= 3 && fd <= 9);
	check("for n in 3 4 5 6 7 8 9; do"
	      " [ ! -e /proc/$$/fd/$n ] || echo $n; done",
	      0, 0, "");
	close(fd);
}
END_TEST

START_TEST(crashes)
{
	check("kill -SEGV $$", 10, 128 + SIGSEGV, "");
}
END_TEST

/* Only its beginning is kept, and it is not kept waiting. */
START_TEST(says_a_lot)
{
	ck_assert_int_eq(run("cat >/dev/null; yes | head -c 5000000; exit 3",
			     100000, LONG_MS),
			 0);
	ck_assert_int_eq(result.status, 3);
	ck_assert_uint_eq(result.output.len, 4096);
}
END_TEST

/* The number in a file. */
static pid_t pid_in(const char *name)
{
	FILE *file = fopen(unit_path(name), "r");
	int pid = 0;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%d", &pid), 1);
	fclose(file);
	return pid;
}

/* Nobody reaps what was left behind: a zombie is dead. */
static bool is_alive(pid_t pid)
{
	autofree char *path = mem_printf("/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "r");
	char state = 'Z';

	if (!file)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(file);
	return state != 'Z';
}

/* What holds its pipes open is not waited for. */
START_TEST(leaves_a_daemon_behind)
{
	pid_t pid;

	check("sleep 600 & echo $! >$DIR/pid; echo left", 10, 0, "left\n");
	pid = pid_in("pid");
	ck_assert(is_alive(pid));
	kill(pid, SIGKILL);
}
END_TEST

START_TEST(hangs)
{
	int tries = 1000;

	ck_assert_int_eq(run("trap '' TERM; (trap '' TERM; echo x; sleep 600) "
			     "& echo $! >$DIR/pid; wait; sleep 600",
			     10, 500),
			 -1);
	ck_assert_int_eq(err.kind, ERR_RETRY);
	ck_assert_ptr_nonnull(strstr(err.msg, "did not end within"));
	ck_assert_int_eq(result.status, -1);
	/* With all that it had started. */
	while (is_alive(pid_in("pid")) && tries--)
		usleep(10000);
	ck_assert(!is_alive(pid_in("pid")));
}
END_TEST

START_TEST(ends_when_it_is_asked_to)
{
	ck_assert_int_eq(run("trap 'echo bye; exit' TERM; echo hello; "
			     "sleep 600 & wait",
			     10, 500),
			 -1);
	ck_assert_str_eq(result.output.s, "hello\nbye\n");
}
END_TEST

START_TEST(is_not_there)
{
	char path[] = "/nonexistent/hook";
	char *const argv[] = {path, NULL};
	char *const envp[] = {NULL};
	const struct hook hook = {argv, envp, "", 0, LONG_MS};

	ck_assert_int_eq(hook_run(&hook, &result, &err), -1);
	ck_assert_int_eq(err.kind, ERR_STOP);
	ck_assert_str_eq(err.msg,
			 "/nonexistent/hook: No such file or directory");
}
END_TEST

/* --- The journal --------------------------------------------------------- */

START_TEST(an_entry_has_its_fields)
{
	static const char expected[] = "MESSAGE=a=b\nNOTE\n\3\0\0\0\0\0\0\0"
				       "c\nd\nEMPTY=\n";
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	autotext struct text entry = {0};
	char got[256];

	snprintf(address.sun_path, sizeof(address.sun_path), "%s",
		 unit_path("socket"));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	journal_add(&entry, "MESSAGE", "a=b");
	journal_add(&entry, "NOTE", "c\nd");
	journal_add(&entry, "EMPTY", "");
	ck_assert(journal_send(unit_path("socket"), &entry));
	ck_assert_int_eq(recv(fd, got, sizeof(got), 0), sizeof(expected) - 1);
	ck_assert_int_eq(memcmp(got, expected, sizeof(expected) - 1), 0);
	close(fd);
	ck_assert(!journal_send(unit_path("socket"), &entry));
	ck_assert(!journal_send(unit_path("nothing"), &entry));
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("hook");

	tcase_add_checked_fixture(tcase, unit_make_dir, tear_down);
	tcase_add_test(tcase, reads_all_of_its_input);
	tcase_add_test(tcase, reads_none_of_it);
	tcase_add_test(tcase, has_no_input);
	tcase_add_test(tcase, has_nothing_else_open);
	tcase_add_test(tcase, crashes);
	tcase_add_test(tcase, says_a_lot);
	tcase_add_test(tcase, leaves_a_daemon_behind);
	tcase_add_test(tcase, hangs);
	tcase_add_test(tcase, ends_when_it_is_asked_to);
	tcase_add_test(tcase, is_not_there);
	tcase_add_test(tcase, an_entry_has_its_fields);
	return unit_run("hook", tcase);
}
