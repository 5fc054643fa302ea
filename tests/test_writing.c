/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heads of the chain, told at a beat; syslog() is this file's. */
#include "lib/log.h"
#include "lib/mem.h"
#include "tests/unit.h"
#include "watcher/writing.h"

#include <stdarg.h>
#include <syslog.h>

static struct conf conf;
static struct store *store;
static struct err err;
static char told[512]; /* to syslog */

void syslog(int priority, const char *format, ...)
{
	va_list ap;

	ck_assert_int_eq(priority, LOG_NOTICE);
	va_start(ap, format);
	vsnprintf(told, sizeof(told), format, ap);
	va_end(ap);
}

/* What it is with _FORTIFY_SOURCE, as packages are built. */
__attribute__((format(printf, 3, 4))) void
__syslog_chk(int priority, int flag, const char *format, ...);
void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list ap;

	(void)flag;
	ck_assert_int_eq(priority, LOG_NOTICE);
	va_start(ap, format);
	vsnprintf(told, sizeof(told), format, ap);
	va_end(ap);
}

static void set_up(void)
{
	unit_make_dir();
	log_open("watcher", LOG_LEVEL_ERR);
	store = store_open(unit_path("s.db"), NULL, 1000, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
	conf.store.head_every_s = 3600;
	conf.alert.syslog = true;
}

static void tear_down(void)
{
	store_close(store);
	unit_remove_dir();
}

/* Whether the head is told at this time. */
static bool is_told(int64_t now_s)
{
	struct store_head head;
	autofree char *line = NULL;

	told[0] = '\0';
	ck_assert_msg(writing_tell_head(&conf, store, now_s, &err) == 0, "%s",
		      err.msg);
	ck_assert_int_eq(store_head(store, &head, &err), 1);
	if (!told[0])
		return false;
	line = store_head_line(&head);
	ck_assert_str_eq(told, line);
	ck_assert_int_eq(head.told_s, now_s);
	ck_assert_int_eq(head.at_s, now_s);
	return true;
}

START_TEST(at_a_beat)
{
	ck_assert(is_told(10000));
	ck_assert(!is_told(10001));
	ck_assert(!is_told(13599));
	ck_assert(is_told(13600));
	/* The beat is the store's: another process goes on with it. */
	store_close(store);
	store = store_open(unit_path("s.db"), NULL, 1000, &err);
	ck_assert(!is_told(13700));
	ck_assert(is_told(20000));
}
END_TEST

START_TEST(when_the_clock_leaps)
{
	ck_assert(is_told(10000));
	ck_assert(is_told(9000));
	ck_assert(!is_told(9001));
}
END_TEST

START_TEST(never)
{
	conf.store.head_every_s = 0;
	ck_assert(!is_told(10000));
}
END_TEST

START_TEST(not_to_syslog)
{
	conf.alert.syslog = false;
	ck_assert(!is_told(10000));
	conf.alert.syslog = true;
	/* It was told to the log. */
	ck_assert(!is_told(10001));
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("writing");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, at_a_beat);
	tcase_add_test(tcase, when_the_clock_leaps);
	tcase_add_test(tcase, never);
	tcase_add_test(tcase, not_to_syslog);
	return unit_run("writing", tcase);
}
