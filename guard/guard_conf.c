/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guard/guard_conf.h"

#include "conf/conf_value.h"
#include "conf/input.h"
#include "lib/mem.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define GUARD(field) offsetof(struct guard_conf, field)

/* clang-format off */
const struct conf_key guard_conf_keys[] = {
	{"", "partitions", CONF_LIST, GUARD(partitions),
	 "", 0, 0, "partitions whose jobs are protected; names and globs"},
	{"", "qos", CONF_LIST, GUARD(qos),
	 "", 0, 0, "QOS whose jobs are protected"},
	{"", "accounts", CONF_LIST, GUARD(accounts),
	 "", 0, 0, "accounts whose jobs are protected"},
	{"", "reservations", CONF_LIST, GUARD(reservations),
	 "", 0, 0, "reservations whose jobs are protected"},
	{"", "policy", CONF_TEXT, GUARD(policy),
	 "A cancellation by the owner is recorded, and the job may be brought "
	 "back.", 0, 0, "what is said of the policy"},
	{"", "contact", CONF_TEXT, GUARD(contact),
	 "", 0, 0, "whom to ask"},
	{"", "scancel", CONF_PATH, GUARD(scancel),
	 "", 0, 0, "the real scancel; the next one in PATH if empty"},
	{"", "timeout", CONF_DURATION, GUARD(timeout_s),
	 "5s", 1, 60, "longest wait for squeue"},
};
/* clang-format on */
const size_t guard_conf_n_keys = LENGTH(guard_conf_keys);

static char *trim(char *s)
{
	char *end = s + strlen(s);

	while (isspace((unsigned char)*s))
		s++;
	while (end > s && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return s;
}

static int set_key(struct guard_conf *conf, const char *name, const char *value,
		   struct err *err)
{
	size_t i;

	for (i = 0; i < guard_conf_n_keys; i++) {
		const struct conf_key *key = &guard_conf_keys[i];

		if (strcmp(key->key, name) == 0)
			return conf_value_set(key, (char *)conf + key->offset,
					      value, err);
	}
	return err_set(err, ERR_USAGE, "unknown key %.60s", name);
}

static int read_line(struct guard_conf *conf, struct input *input,
		     struct err *err)
{
	char *line = trim(input->text);
	char *value = strchr(line, '=');

	if (!*line || *line == '#' || *line == ';')
		return 0;
	if (!value) {
		err_set(err, ERR_USAGE, "is neither key = value nor a comment");
		return input_at(input, err);
	}
	*value++ = '\0';
	if (set_key(conf, trim(line), trim(value), err) < 0)
		return input_at(input, err);
	return 0;
}

static void set_defaults(struct guard_conf *conf)
{
	struct err err;
	size_t i;

	for (i = 0; i < guard_conf_n_keys; i++) {
		const struct conf_key *key = &guard_conf_keys[i];

		if (conf_value_set(key, (char *)conf + key->offset,
				   key->fallback, &err) < 0)
			abort();
	}
}

int guard_conf_read(const char *path, struct guard_conf *conf, struct err *err)
{
	autoinput struct input input = {0};
	int got;

	*conf = (struct guard_conf){0};
	set_defaults(conf);
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return 0;
	if (input_open(&input, path, err) < 0)
		return -1;
	while ((got = input_next(&input, err)) > 0)
		if (read_line(conf, &input, err) < 0)
			return -1;
	return got;
}

void guard_conf_finish(struct guard_conf *conf)
{
	if (!conf)
		return;
	text_list_free(&conf->partitions);
	text_list_free(&conf->qos);
	text_list_free(&conf->accounts);
	text_list_free(&conf->reservations);
	free(conf->policy);
	free(conf->contact);
	free(conf->scancel);
	*conf = (struct guard_conf){0};
}
