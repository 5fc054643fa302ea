/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Logs: one line an event, at its level, and no byte that anything acts on. */
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/text.h"
#include "tests/unit.h"

#include <fcntl.h>

static int saved;
static char *said;

/* What goes to standard error from here on. */
static void listen_in(void)
{
	int fd = open(unit_path("log"), O_RDWR | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	saved = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
}

/* And what that was, until the next call. */
static const char *heard(void)
{
	char buf[4096];
	ssize_t n;

	n = pread(STDERR_FILENO, buf, sizeof(buf) - 1, 0);
	dup2(saved, STDERR_FILENO);
	close(saved);
	free(said);
	said = mem_strndup(buf, n > 0 ? (size_t)n : 0);
	return said;
}

static void set_up(void)
{
	unit_make_dir();
	unsetenv("JOURNAL_STREAM");
	log_open("watcher", LOG_LEVEL_INFO);
}

static void tear_down(void)
{
	free(said);
	said = NULL;
	unit_remove_dir();
}

START_TEST(one_line_an_event)
{
	struct err err;

	listen_in();
	log_info("job %s",
		 "a\nwatcher: error: \x1b[31mred\xc2\x9b\xe2\x80\xae");
	log_warn("%s", "\xff\t\r");
	err_set(&err, ERR_STOP, "%s", "two\nlines");
	err_hint(&err, "%s", "and\x07 more");
	log_err(LOG_LEVEL_ERR, &err);
	log_debug("not shown");
	ck_assert_str_eq(heard(),
			 "watcher: job a\\nwatcher: error: \\x1b[31mred\\u{9b}"
			 "\\u{202e}\n"
			 "watcher: warning: \\xff\\t\\x0d\n"
			 "watcher: error: two\\nlines (and\\x07 more)\n");
}
END_TEST

START_TEST(with_priorities_for_the_journal)
{
	setenv("JOURNAL_STREAM", "1:2", 1);
	log_open("watcher", LOG_LEVEL_DEBUG);
	listen_in();
	log_line(LOG_LEVEL_ERR, "a\n<0>b");
	log_warn("c");
	log_info("d");
	log_debug("e");
	ck_assert_str_eq(heard(), "<3>a\\n<0>b\n<4>c\n<6>d\n<7>e\n");
}
END_TEST

/* Once as it begins or changes, and once as it is over. */
START_TEST(of_a_trouble_that_lasts)
{
	char *trouble = NULL;
	struct err err;

	listen_in();
	log_trouble(LOG_LEVEL_ERR, &trouble, NULL, "x", "read");
	err_set(&err, ERR_RETRY, "away");
	log_trouble(LOG_LEVEL_ERR, &trouble, &err, "x", "read");
	log_trouble(LOG_LEVEL_ERR, &trouble, &err, "x", "read");
	err_set(&err, ERR_RETRY, "refused");
	log_trouble(LOG_LEVEL_ERR, &trouble, &err, "x", "read");
	log_trouble(LOG_LEVEL_ERR, &trouble, NULL, "x", "read");
	log_trouble(LOG_LEVEL_ERR, &trouble, NULL, "x", "read");
	ck_assert_str_eq(heard(), "watcher: error: away\n"
				  "watcher: error: refused\n"
				  "watcher: x: read again\n");
	ck_assert_ptr_null(trouble);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("log");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, one_line_an_event);
	tcase_add_test(tcase, with_priorities_for_the_journal);
	tcase_add_test(tcase, of_a_trouble_that_lasts);
	return unit_run("log", tcase);
}
