/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of keys, held against the sample and the man page. */
#include "conf/conf.h"
#include "lib/mem.h"
#include "tests/scratch.h"

static char source_root[PATH_MAX];

/* A file of the source tree, opened. */
static FILE *open_source(const char *name)
{
	char *path = mem_printf("%s/%s", source_root, name);
	FILE *file = fopen(path, "r");

	ck_assert_msg(file, "%s: set WATCHER_SOURCE_ROOT", path);
	free(path);
	return file;
}

static size_t index_of(const char *section, const char *key)
{
	size_t i;

	for (i = 0; i < conf_n_keys; i++)
		if (strcmp(conf_keys[i].section, section) == 0 &&
		    strcmp(conf_keys[i].key, key) == 0)
			return i;
	ck_abort_msg("[%s] %s is no key", section, key);
	return 0;
}

static void assert_all_seen(const int *seen)
{
	size_t i;

	for (i = 0; i < conf_n_keys; i++)
		ck_assert_msg(seen[i] == 1, "[%s] %s is there %d times",
			      conf_keys[i].section, conf_keys[i].key, seen[i]);
}

/* Every key is in the sample once, commented out, with its default. */
START_TEST(sample_has_keys)
{
	int *seen = mem_alloc(conf_n_keys, sizeof(int));
	FILE *file = open_source("conf/watcher.conf");
	char section[64] = "";
	char key[64];
	char value[192];
	char line[256];

	while (fgets(line, sizeof(line), file)) {
		size_t i;

		value[0] = '\0';
		/* A section of its own kind, commented out as well. */
		if (strncmp(line, ";[alert ", 8) == 0) {
			snprintf(section, sizeof(section), "alert NAME");
			continue;
		}
		if (sscanf(line, "[%63[^]]]", section) == 1 ||
		    sscanf(line, ";%63s = %191[^\n]", key, value) < 1)
			continue;
		i = index_of(section, key);
		seen[i]++;
		if (strcmp(key, "partitions") != 0)
			ck_assert_str_eq(value, conf_keys[i].fallback);
	}
	fclose(file);
	assert_all_seen(seen);
	free(seen);
}
END_TEST

/* With every ; taken off, it is a watcher.conf that changes nothing. */
START_TEST(sample_is_good)
{
	autotext struct text text = {0};
	FILE *file = open_source("conf/watcher.conf");
	struct conf *conf;
	struct err err;
	char line[256];

	while (fgets(line, sizeof(line), file))
		text_add(&text, line + (line[0] == ';'));
	fclose(file);
	scratch_write("watcher.conf", 0644, text.s);
	conf = conf_read("watcher.conf", &err);
	ck_assert_msg(conf, "%s", conf ? "" : err.msg);
	ck_assert_uint_eq(conf->protect[0].partitions.n, 2);
	ck_assert_int_gt(conf_line(conf, "alert", "syslog"), 0);
	ck_assert_uint_eq(conf->n_channels, 1);
	conf_free(conf);
}
END_TEST

/* A default that begins in the line just read, and may go on in the next
 * ones. */
static void assert_default(const char *begin, FILE *file, const char *expected)
{
	autotext struct text text = {0};
	char line[256];

	text_add(&text, begin);
	while (strlen(text.s) < strlen(expected) &&
	       fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		text_addf(&text, " %s", line);
	}
	ck_assert_str_eq(text.s, expected);
}

/* Every key is in the man page once, in its section, and with its default. */
START_TEST(manual_has_keys)
{
	int *seen = mem_alloc(conf_n_keys, sizeof(int));
	FILE *file = open_source("doc/watcher.conf.5");
	const struct conf_key *last = NULL;
	char section[64] = "";
	char word[128];
	char line[256];
	size_t n_defaults = 0;

	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, ".Ss The %63[^\n]", section) == 1) {
			last = NULL;
			section[strlen(section) - strlen(" section")] = '\0';
		}
		if (sscanf(line, ".It Ic %127s = ", word) == 1) {
			last = &conf_keys[index_of(section, word)];
			seen[last - conf_keys]++;
		}
		if (sscanf(line, "Default: %127[^\n]", word) != 1)
			continue;
		ck_assert_ptr_nonnull(last);
		n_defaults++;
		if (*last->fallback)
			assert_default(word, file, last->fallback);
		else
			ck_assert_int_eq(strncmp(word, "empty", 5), 0);
	}
	fclose(file);
	assert_all_seen(seen);
	free(seen);
	ck_assert_uint_eq(n_defaults, conf_n_keys);
}
END_TEST

int main(void)
{
	const char *root = getenv("WATCHER_SOURCE_ROOT");
	TCase *tcase = tcase_create("conf_keys");

	/* The tests run in folders of their own. */
	if (!realpath(root ? root : ".", source_root))
		return EXIT_FAILURE;
	tcase_add_checked_fixture(tcase, scratch_enter, scratch_leave);
	tcase_add_test(tcase, sample_has_keys);
	tcase_add_test(tcase, sample_is_good);
	tcase_add_test(tcase, manual_has_keys);
	return unit_run("conf_keys", tcase);
}
