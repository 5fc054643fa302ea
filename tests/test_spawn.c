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

/* Answers when there is such a file. */
static int say_when_told(int fd, const void *arg)
{
	const struct timespec nap = {.tv_nsec = 1000000};

	while (access(arg, F_OK) < 0)
		nanosleep(&nap, NULL);
	return say_hello(fd, "you");
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

/* Done between two looks, as a watcher between two passes has it. */
START_TEST(polled)
{
	autotext struct text out = {0};
	struct err err;
	struct spawn *spawn;
	FILE *told;

	unit_make_dir();
	spawn = spawn_begin("asking", say_when_told, unit_path("told"), 60000,
			    &err);
	ck_assert_ptr_nonnull(spawn);
	ck_assert_int_eq(spawn_poll(spawn, 0, &out, &err), 0);
	ck_assert_int_eq(spawn_poll(spawn, 20, &out, &err), 0);
	ck_assert_uint_eq(out.len, 0);
	told = fopen(unit_path("told"), "w");
	ck_assert_int_eq(fclose(told), 0);
	ck_assert_int_eq(spawn_poll(spawn, 50000, &out, &err), 1);
	ck_assert_str_eq(out.s, "hello you");
	spawn_free(spawn);
	unit_remove_dir();
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

/* Whoever never waits sees the end of the time limit. */
START_TEST(polled_to_its_time_limit)
{
	const struct timespec nap = {.tv_nsec = 1000000};
	autotext struct text out = {0};
	struct err err;
	struct spawn *spawn = spawn_begin("asking", hang, NULL, 100, &err);
	int polls = 0;
	int rc;

	while ((rc = spawn_poll(spawn, 0, &out, &err)) == 0) {
		polls++;
		nanosleep(&nap, NULL);
	}
	ck_assert_int_eq(rc, -1);
	ck_assert_int_gt(polls, 5);
	ck_assert_int_eq(err.kind, ERR_RETRY);
	ck_assert_str_eq(err.msg, "asking: no answer within 0.1 s");
	spawn_free(spawn);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(polled_until_it_fails)
{
	autotext struct text out = {0};
	struct err err;
	struct spawn *spawn =
		spawn_begin("asking", call_exit, NULL, 60000, &err);
	int rc;

	while ((rc = spawn_poll(spawn, 10, &out, &err)) == 0)
		;
	ck_assert_int_eq(rc, -1);
	ck_assert_str_eq(err.msg, "asking: ended with status 1");
	spawn_free(spawn);
}
END_TEST

/* A long answer comes in pieces; one that is given up leaves no child. */
START_TEST(polled_in_pieces)
{
	autotext struct text out = {0};
	struct err err;
	struct spawn *spawn =
		spawn_begin("asking", say_much, NULL, 60000, &err);
	int rc;

	while ((rc = spawn_poll(spawn, 1, &out, &err)) == 0)
		;
	ck_assert_int_eq(rc, 1);
	ck_assert_uint_eq(out.len, 4096 * 1024);
	spawn_free(spawn);
	spawn = spawn_begin("asking", hang, NULL, 60000, &err);
	spawn_free(spawn);
	spawn_free(NULL);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
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
	tcase_add_test(tcase, polled);
	tcase_add_test(tcase, polled_to_its_time_limit);
	tcase_add_test(tcase, polled_until_it_fails);
	tcase_add_test(tcase, polled_in_pieces);
	return unit_run("spawn", tcase);
}
