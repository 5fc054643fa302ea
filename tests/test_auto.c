/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program that restores by itself: by which configuration it goes. */
#include "lib/mem.h"
#include "tests/unit.h"
#include "watcher/auto.h"

static struct err err;

static void write_conf(const char *text)
{
	FILE *file = fopen(unit_path("watcher.conf"), "w");

	ck_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* What the child says that is run with it. */
static char *said_with(const struct conf *conf)
{
	struct spawn *child = auto_begin(conf, &err);
	struct text said = {0};
	int rc;

	ck_assert_msg(child != NULL, "%s", err.msg);
	do
		rc = spawn_poll(child, 1000, &said, &err);
	while (rc == 0);
	ck_assert_msg(rc > 0, "%s: %s", err.msg, said.s ? said.s : "");
	spawn_free(child);
	return text_take(&said);
}

START_TEST(it_goes_by_what_was_read)
{
	static const char before[] = "\xef\xbb\xbf; as it was\n"
				     "[protect]\n"
				     "partitions = critical,\n"
				     "   open ; and more\n";
	autofree char *said = NULL;
	struct conf *conf;

	write_conf(before);
	conf = conf_read(unit_path("watcher.conf"), &err);
	ck_assert_msg(conf != NULL, "%s", err.msg);
	write_conf("[protect]\npartitions = other\n[restore]\nmode = auto\n");
	said = said_with(conf);
	ck_assert_str_eq(said, before);
	conf_free(conf);
}
END_TEST

/* In the place of the watcher that is run: says the file behind -c, if that is
 * a configuration. */
static int say_conf(char **argv)
{
	struct conf *conf;

	if (strcmp(argv[1], "-c") != 0 || strcmp(argv[3], "restore") != 0 ||
	    strcmp(argv[4], "--auto") != 0)
		return 1;
	conf = conf_read(argv[2], &err);
	fputs(conf ? conf->text.s : err.msg, stderr);
	conf_free(conf);
	return 0;
}

int main(int argc, char **argv)
{
	TCase *tcase;

	if (argc == 5)
		return say_conf(argv);
	tcase = tcase_create("auto");
	tcase_add_checked_fixture(tcase, unit_make_dir, unit_remove_dir);
	/* Below valgrind, /proc/self/exe is not this program. */
	if (!unit_is_valgrind())
		tcase_add_test(tcase, it_goes_by_what_was_read);
	return unit_run("auto", tcase);
}
