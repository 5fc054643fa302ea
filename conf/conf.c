/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conf/conf.h"

#include "conf/conf_alert.h"
#include "conf/conf_check.h"
#include "conf/conf_keys.h"
#include "conf/conf_value.h"
#include "conf/input.h"
#include "lib/mem.h"

#include <ctype.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#ifndef SAMPLE_PATH
#define SAMPLE_PATH "/etc/slurm/watcher.conf.example"
#endif

/* The reading of one file. inih splits keys from values and knows comments and
 * continuation lines, but neither tells the number of a line (Debian builds it
 * without) nor calls back for a section without keys: both are done here, on
 * the line that inih is given. */
struct reading {
	struct conf *conf;
	struct input input;
	const char *section;        /* of conf_keys; NULL before the first */
	const struct conf_key *key; /* the section's last so far, or NULL */
	struct err *err;
	bool failed; /* err is set, and the current line is to blame */
};

static void *field_of(struct conf *conf, const struct conf_key *key)
{
	char *base = (char *)conf;

	if (conf_keys_home(key) == CONF_IN_PROTECT)
		base = (char *)&conf->protect[conf->n_protect - 1];
	else if (conf_keys_home(key) == CONF_IN_CHANNEL)
		base = (char *)&conf->channels[conf->n_channels - 1];
	return base + key->offset;
}

/* Where the key is set, in the section that is being read; 0 where it is
 * not. */
static int *line_of(struct conf *conf, const struct conf_key *key)
{
	int *lines = conf->lines;

	if (conf_keys_home(key) == CONF_IN_PROTECT)
		lines = conf->protect[conf->n_protect - 1].lines;
	else if (conf_keys_home(key) == CONF_IN_CHANNEL)
		lines = conf->channels[conf->n_channels - 1].lines;
	return &lines[key - conf_keys];
}

static int open_protect(struct reading *r, const char *name)
{
	struct conf *conf = r->conf;
	struct conf_protect *protect;
	size_t i;

	for (i = 0; i < conf->n_protect; i++) {
		if (strcmp(conf->protect[i].name, name) != 0)
			continue;
		err_set(r->err, ERR_USAGE,
			"this [protect] section is already on line %d",
			conf->protect[i].line);
		return err_hint(r->err, "give each a name: [protect NAME]");
	}
	conf->protect = mem_grow(conf->protect, &conf->cap_protect,
				 conf->n_protect + 1, sizeof(*conf->protect));
	protect = &conf->protect[conf->n_protect++];
	*protect = (struct conf_protect){
		.name = mem_strdup(name),
		.line = r->input.line,
		.lines = mem_alloc(conf_n_keys, sizeof(int)),
	};
	return 0;
}

/* What [protect NAME] calls itself, for "protect", and "" for [protect]; NULL
 * for another section. */
static const char *name_behind(const char *word, const char *name)
{
	size_t len = strlen(word);

	if (strncmp(name, word, len) != 0 ||
	    (name[len] && !isspace((unsigned char)name[len])))
		return NULL;
	name += len;
	while (isspace((unsigned char)*name))
		name++;
	return name;
}

/* Takes a header's line from its [ on. */
static int open_section(struct reading *r, const char *header)
{
	size_t len = strcspn(header, "]");
	autofree char *name = NULL;
	const char *rest = header + len;
	const char *given;

	if (!*rest)
		return err_set(r->err, ERR_USAGE, "a [ without its ]");
	rest += 1 + strspn(rest + 1, " \t\r");
	if (*rest && !strchr(";#", *rest))
		return err_set(r->err, ERR_USAGE,
			       "more follows the ] of a section");
	name = mem_strndup(header + 1, len - 1);
	r->key = NULL;
	r->section = conf_keys_section(name);
	given = name_behind("protect", name);
	if (given) {
		r->section = conf_keys_section("protect");
		return open_protect(r, given);
	}
	given = name_behind("alert", name);
	if (given && *given) {
		r->section = conf_keys_section("alert NAME");
		return conf_alert_open(r->conf, given, r->input.line, r->err);
	}
	if (!r->section) {
		err_set(r->err, ERR_USAGE, "unknown section [%.60s]", name);
		return conf_keys_hint_section(name, r->err);
	}
	return 0;
}

/* Whether inih takes the line as more of the key before it. */
static bool is_continuation(const struct reading *r)
{
	return r->key && isspace((unsigned char)r->input.text[0]);
}

/* Copies the line into inih's buffer. */
static int give_line(struct reading *r, const char *line, char *buf, int size)
{
	size_t len = strlen(line);

	/* One byte for the newline, without which inih would ask for the rest
	 * of the line, and one for the end. */
	if (len + 2 > (size_t)size) {
		err_set(r->err, ERR_USAGE,
			"the line has %zu bytes, and %d are the most", len,
			size - 2);
		return err_hint(r->err, "a list may go on in the next line, "
					"which then begins with a blank");
	}
	snprintf(buf, (size_t)size, "%s\n", line);
	return 0;
}

/* Stands in for fgets: NULL ends inih's reading. */
static char *on_line(char *buf, int size, void *arg)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct reading *r = arg;
	const char *line;
	const char *start;
	int got;

	if (r->failed)
		return NULL;
	got = input_next(&r->input, r->err);
	if (got <= 0) {
		r->failed = got < 0;
		return NULL;
	}
	line = r->input.text;
	text_addf(&r->conf->text, "%s\n", line);
	if (r->input.line == 1 && strncmp(line, bom, strlen(bom)) == 0)
		line += strlen(bom);
	start = line + strspn(line, " \t\r\v\f");
	r->failed = (*start == '[' && !is_continuation(r) &&
		     open_section(r, start) < 0) ||
		    give_line(r, line, buf, size) < 0;
	if (r->failed)
		input_at(&r->input, r->err);
	return r->failed ? NULL : buf;
}

static bool is_list(const struct conf_key *key)
{
	return key->type == CONF_LIST || key->type == CONF_WORDS;
}

/* inih takes the comment off the line of a key, not off those that go on. */
static char *without_comment(const char *value)
{
	size_t len = strcspn(value, ";");

	while (value[len] && len && !isspace((unsigned char)value[len - 1]))
		len += 1 + strcspn(value + len + 1, ";");
	return mem_strndup(value, len);
}

/* A line that begins with white space goes on with the list before it. */
static int add_more(struct reading *r, const char *line)
{
	autofree char *value = without_comment(line);
	const struct conf_key *key = r->key;

	if (!is_list(key) || *value == '[' || strpbrk(value, "=:")) {
		err_set(r->err, ERR_USAGE,
			"begins with white space, so it goes on with %s of "
			"line %d",
			key->key, *line_of(r->conf, key));
		return err_hint(r->err, "a key or [section] begins at the "
					"start of its line");
	}
	return conf_value_set(key, field_of(r->conf, key), value, r->err);
}

static int set_key(struct reading *r, const char *name, const char *value)
{
	const struct conf_key *key;
	int *line;

	if (!r->section)
		return err_set(r->err, ERR_USAGE,
			       "%.60s stands before the first [section]", name);
	key = conf_keys_find(r->section, name);
	if (!key) {
		err_set(r->err, ERR_USAGE, "unknown key %.60s in [%s]", name,
			r->section);
		return conf_keys_hint_key(r->section, name, r->err);
	}
	line = line_of(r->conf, key);
	if (*line)
		return err_set(r->err, ERR_USAGE,
			       "%s is already set on line %d", key->key, *line);
	if (conf_value_set(key, field_of(r->conf, key), value, r->err) < 0)
		return -1;
	*line = r->input.line;
	r->key = key;
	return 0;
}

/* inih's handler: 1 to go on, 0 to stop. */
static int on_key(void *arg, const char *section, const char *name,
		  const char *value)
{
	struct reading *r = arg;
	int rc;

	/* inih cuts long names short; on_line() knows the whole one. */
	(void)section;
	if (r->failed)
		return 0;
	rc = is_continuation(r) ? add_more(r, value) : set_key(r, name, value);
	if (rc < 0) {
		r->failed = true;
		input_at(&r->input, r->err);
	}
	return rc == 0;
}

static int parse(struct reading *r)
{
	int line = ini_parse_stream(on_line, r, on_key, r);

	if (line < 0)
		return err_set(r->err, ERR_USAGE, "%s: inih cannot read it",
			       r->conf->path);
	/* inih goes on behind a line that it cannot read: what else is wrong
	 * there comes second. */
	if (line > 0 && (!r->failed || line < r->input.line))
		return err_set(r->err, ERR_USAGE,
			       "%s:%d: is neither [section] nor key = value "
			       "nor a comment",
			       r->conf->path, line);
	return r->failed ? -1 : 0;
}

static void set_default(const struct conf_key *key, void *base,
			const int *lines)
{
	struct err err;

	if (lines[key - conf_keys])
		return;
	if (conf_value_set(key, (char *)base + key->offset, key->fallback,
			   &err) < 0)
		abort();
}

/* Gives every key that is not set its default. */
static void set_defaults(struct conf *conf)
{
	size_t i, k;

	for (k = 0; k < conf_n_keys; k++) {
		const struct conf_key *key = &conf_keys[k];

		switch (conf_keys_home(key)) {
		case CONF_IN_CONF:
			set_default(key, conf, conf->lines);
			break;
		case CONF_IN_PROTECT:
			for (i = 0; i < conf->n_protect; i++)
				set_default(key, &conf->protect[i],
					    conf->protect[i].lines);
			break;
		case CONF_IN_CHANNEL:
			for (i = 0; i < conf->n_channels; i++)
				set_default(key, &conf->channels[i],
					    conf->channels[i].lines);
		}
	}
}

struct conf *conf_read(const char *path, struct err *err)
{
	struct conf *conf = mem_alloc(1, sizeof(*conf));
	struct reading r = {.conf = conf, .err = err};
	int rc;

	conf->path = mem_strdup(path);
	conf->lines = mem_alloc(conf_n_keys, sizeof(int));
	if (input_open(&r.input, conf->path, err) < 0) {
		err_hint(err, "-c FILE names another; %s is a sample",
			 SAMPLE_PATH);
		goto fail;
	}
	rc = parse(&r);
	input_close(&r.input);
	if (rc < 0 || conf_alert_adopt(conf, err) < 0)
		goto fail;
	set_defaults(conf);
	if (conf_check(conf, err) < 0)
		goto fail;
	return conf;

fail:
	conf_free(conf);
	return NULL;
}

/* Frees what the keys of a section, or of all others, hold. */
static void free_fields(void *base, enum conf_home home)
{
	size_t i;

	for (i = 0; i < conf_n_keys; i++) {
		const struct conf_key *key = &conf_keys[i];
		void *field = (char *)base + key->offset;

		if (conf_keys_home(key) != home)
			continue;
		if (is_list(key) || key->type == CONF_ARGV)
			text_list_free(field);
		if (key->type == CONF_TEXT || key->type == CONF_PATH ||
		    key->type == CONF_CHOICE)
			mem_free_slot(field);
	}
}

void conf_free(struct conf *conf)
{
	size_t i;

	if (!conf)
		return;
	for (i = 0; i < conf->n_protect; i++) {
		free_fields(&conf->protect[i], CONF_IN_PROTECT);
		free(conf->protect[i].name);
		free(conf->protect[i].lines);
	}
	for (i = 0; i < conf->n_channels; i++) {
		free_fields(&conf->channels[i], CONF_IN_CHANNEL);
		free(conf->channels[i].name);
		free(conf->channels[i].lines);
	}
	free_fields(conf, CONF_IN_CONF);
	free(conf->protect);
	free(conf->channels);
	free(conf->lines);
	text_free(&conf->text);
	free(conf->path);
	free(conf);
}

bool conf_restores(const struct conf *conf, const struct conf_protect *protect)
{
	const char *mode = protect->restore;

	if (strcmp(mode, "inherit") == 0)
		mode = conf->restore.mode;
	return strcmp(mode, "print") != 0;
}

bool conf_restores_by_timer(const struct conf *conf)
{
	return strcmp(conf->restore.mode, "timer") == 0;
}

char *conf_protect_text(const struct conf_protect *protect)
{
	struct text text = {0};
	size_t i;

	for (i = 0; i < conf_n_keys; i++) {
		const struct conf_key *key = &conf_keys[i];
		autofree char *value = NULL;

		if (conf_keys_home(key) != CONF_IN_PROTECT ||
		    !protect->lines[i])
			continue;
		value = conf_value_text(key,
					(const char *)protect + key->offset);
		text_addf(&text, "%s%s = %s", text.len ? "; " : "", key->key,
			  value);
	}
	return text_take(&text);
}

int conf_line(const struct conf *conf, const char *section, const char *key)
{
	const struct conf_key *found = conf_keys_find(section, key);

	return found ? conf->lines[found - conf_keys] : 0;
}
