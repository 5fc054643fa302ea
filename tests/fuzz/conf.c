/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watcher.conf: what is refused is refused with a reason; what is taken means
 * the same when it is written out again from what was understood. */
#include "conf/conf.h"

#include "conf/conf_keys.h"
#include "conf/conf_value.h"
#include "tests/fuzz/fuzz.h"

#include <inttypes.h>

/* More is not one line for inih. */
#define LINE_MOST 150

/* A value as one would write it; false: it is none that fits into a line, or
 * could be told from a comment. */
static bool add_value(struct text *out, const struct conf_key *key,
		      const void *field)
{
	const struct text_list *list = field;
	autofree char *command = NULL;
	size_t begun = out->len;
	size_t i;

	switch (key->type) {
	case CONF_TEXT:
	case CONF_PATH:
	case CONF_CHOICE:
		text_add(out, *(char *const *)field);
		break;
	case CONF_INT:
		text_addf(out, "%" PRId64, *(const int64_t *)field);
		break;
	case CONF_DURATION:
		text_addf(out, "%" PRId64 "s", *(const int64_t *)field);
		break;
	case CONF_BOOL:
		text_add(out, *(const bool *)field ? "yes" : "no");
		break;
	case CONF_LIST:
	case CONF_WORDS:
		for (i = 0; i < list->n; i++)
			text_addf(out, "%s%s", i ? "," : "", list->items[i]);
		break;
	case CONF_ARGV:
		command = conf_value_text(key, field);
		text_add(out, command);
	}
	text_add_char(out, '\n');
	return out->len - begun < LINE_MOST && !strpbrk(out->s + begun, ";#");
}

/* A section with all of its keys. */
static bool add_section(struct text *out, const char *section, const void *base)
{
	bool good = true;
	size_t i;

	for (i = 0; i < conf_n_keys; i++) {
		const struct conf_key *key = &conf_keys[i];

		if (strcmp(key->section, section) != 0)
			continue;
		text_addf(out, "%s = ", key->key);
		good &= add_value(out, key, (const char *)base + key->offset);
	}
	return good;
}

/* The whole file anew. */
static bool add_conf(struct text *out, const struct conf *conf)
{
	const char *last = "";
	bool good = true;
	size_t i;

	for (i = 0; i < conf_n_keys; i++) {
		const char *section = conf_keys[i].section;

		if (strcmp(section, last) == 0 ||
		    conf_keys_home(&conf_keys[i]) != CONF_IN_CONF)
			continue;
		text_addf(out, "[%s]\n", section);
		good &= add_section(out, section, conf);
		last = section;
	}
	for (i = 0; i < conf->n_protect; i++) {
		text_addf(out, "[protect %s]\n", conf->protect[i].name);
		good &= strlen(conf->protect[i].name) < LINE_MOST;
		good &= add_section(out, "protect", &conf->protect[i]);
	}
	for (i = 0; i < conf->n_channels; i++) {
		/* That of syslog = yes. */
		if (!conf->channels[i].line)
			continue;
		text_addf(out, "[alert %s]\n", conf->channels[i].name);
		good &= add_section(out, "alert NAME", &conf->channels[i]);
	}
	return good;
}

static void check_error(const struct err *err, const char *path)
{
	must(err->kind == ERR_USAGE);
	must(strncmp(err->msg, path, strlen(path)) == 0);
	must(strlen(err->msg) < sizeof(err->msg));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file file;
	autotext struct text once = {0};
	autotext struct text twice = {0};
	struct err err = {0};
	struct conf *conf;
	bool good;

	fuzz_file_write(&file, data, size);
	conf = conf_read(file.path, &err);
	if (!conf) {
		check_error(&err, file.path);
		return 0;
	}
	good = add_conf(&once, conf);
	conf_free(conf);
	if (!good)
		return 0;
	fuzz_file_write(&file, once.s, once.len);
	conf = conf_read(file.path, &err);
	if (!conf)
		fprintf(stderr, "%s\n%s", err.msg, once.s);
	must(conf != NULL);
	add_conf(&twice, conf);
	conf_free(conf);
	must_equal(once.s, twice.s);
	return 0;
}
