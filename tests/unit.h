/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every Check test needs: to run one suite, and a folder to work in. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <check.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether valgrind runs the test, as meson.build tells it: it is slow. */
static inline bool unit_is_valgrind(void)
{
	return getenv("WATCHER_TEST_VALGRIND") != NULL;
}

/* How often a test does what it does many times, or how large it makes what it
 * makes large: n, or a hundredth under valgrind. */
static inline int unit_rounds(int n)
{
	return unit_is_valgrind() ? n / 100 + 1 : n;
}

/* Runs the test case as a suite of its name: the exit code for main(). */
static inline int unit_run(const char *name, TCase *tcase)
{
	Suite *suite = suite_create(name);
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 120);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static inline int unit_remove_one(const char *path, const struct stat *st,
				  int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* A fresh folder, and its end. Use them as a checked fixture. */
static char unit_dir[PATH_MAX];

static inline void unit_make_dir(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(unit_dir, sizeof(unit_dir), "%s/watcher-test.XXXXXX",
		 tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(unit_dir));
}

static inline void unit_remove_dir(void)
{
	nftw(unit_dir, unit_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path in the folder; valid until the next call but three. */
static inline const char *unit_path(const char *name)
{
	static char paths[4][PATH_MAX + 64];
	static int next;

	next = (next + 1) % 4;
	snprintf(paths[next], sizeof(paths[next]), "%s/%s", unit_dir, name);
	return paths[next];
}

#endif
