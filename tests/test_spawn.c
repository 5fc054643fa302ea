/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/spawn.h"
#include "tests/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>

static int say_hello(int fd, const void *arg)
{
	return dprintf(fd, "hello %s", (const char *)arg) < 0;
}

static int hang(int fd, const void *arg)
{
	(void)fd;
	(void)arg;
	for (;;)
		pause();
	return 0;
}

/* Closes the pipe, as one that has answered, and stays. */
static int answer_and_hang(int fd, const void *arg)
{
	say_hello(fd, "there");
	close(fd);
	return hang(fd, arg);
}

static int call_exit(int fd, const void *arg)
{
	(void)arg;
	say_hello(fd, "before");
	exit(1);
}

static int say_much(int fd, const void *arg)
{
	char block[4096];
	int i;

	(void)arg;
	memset(block, 'x', sizeof(block));
	for (i = 0; i < 1024; i++)
		if (write(fd, block, sizeof(block)) != sizeof(block))
			return 1;
	return 0;
}

static int count_descriptors(int fd, const void *arg)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	(void)arg;
	while (readdir(dir))
		n++;
	closedir(dir);
	return dprintf(fd, "%d", n) < 0;
}

START_TEST(answers)
{
	autotext struct text out = {0};
	struct err err;

	ck_assert_int_eq(
		spawn_call("test", say_hello, "world", 5000, &out, &err), 0);
	ck_assert_str_eq(out.s, "hello world");
}
END_TEST

START_TEST(long_answer)
{
	autotext struct text out = {0};
	struct err err;

	ck_assert_int_eq(spawn_call("test", say_much, NULL, 5000, &out, &err),
			 0);
	ck_assert_uint_eq(out.len, 4096 * 1024);
}
END_TEST

static void times_out(spawn_fn *fn)
{
	autotext struct text out = {0};
	time_t begun = time(NULL);
	struct err err;

	ck_assert_int_eq(spawn_call("asking", fn, NULL, 200, &out, &err), -1);
	ck_assert_int_eq(err.kind, ERR_RETRY);
	ck_assert_str_eq(err.msg, "asking: no answer within 0.2 s");
	ck_assert_int_lt(time(NULL) - begun, 60);
	/* Killed and reaped: no child is left. */
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}

START_TEST(hanging_child)
{
	times_out(hang);
}
END_TEST

START_TEST(child_that_answers_and_hangs)
{
	times_out(answer_and_hang);
}
END_TEST

START_TEST(child_that_exits)
{
	autotext struct text out = {0};
	struct err err;

	ck_assert_int_eq(
		spawn_call("asking", call_exit, NULL, 5000, &out, &err), -1);
	ck_assert_str_eq(err.msg, "asking: ended with status 1");
}
END_TEST

START_TEST(descriptors_stay_home)
{
	autotext struct text out = {0};
	struct err err;
	int i;

	for (i = 0; i < 20; i++)
		ck_assert_int_ge(open("/dev/null", O_RDONLY), 0);
	ck_assert_int_eq(
		spawn_call("test", count_descriptors, NULL, 5000, &out, &err),
		0);
	/* 0, 1, 2, the pipe, the folder itself, `.` and `..`. */
	ck_assert_str_eq(out.s, "7");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("spawn");

	tcase_add_test(tcase, answers);
	tcase_add_test(tcase, long_answer);
	tcase_add_test(tcase, hanging_child);
	tcase_add_test(tcase, child_that_answers_and_hangs);
	tcase_add_test(tcase, child_that_exits);
	tcase_add_test(tcase, descriptors_stay_home);
	return unit_run("spawn", tcase);
}
