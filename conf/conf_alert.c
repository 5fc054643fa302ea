/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conf/conf_alert.h"

#include "conf/conf_keys.h"
#include "lib/mem.h"

#include <string.h>

#define NAME_MAX_LEN 32

/* The channel that syslog = yes in [alert] is. */
#define SYSLOG "syslog"

static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "0123456789_-";

const struct conf_channel *conf_channel(const struct conf *conf,
					const char *name)
{
	size_t i;

	for (i = 0; i < conf->n_channels; i++)
		if (strcmp(conf->channels[i].name, name) == 0)
			return &conf->channels[i];
	return NULL;
}

/* "none" names no channel. */
static bool names(const struct text_list *list, const char *channel)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->items[i], "all") == 0 ||
		    strcmp(list->items[i], channel) == 0)
			return true;
	return false;
}

bool conf_alerts(const struct conf *conf, const char *section,
		 const struct conf_channel *channel)
{
	size_t i;

	for (i = 0; i < conf->n_protect; i++)
		if (strcmp(conf->protect[i].name, section) == 0)
			return names(&conf->protect[i].alert, channel->name);
	return true;
}

static struct conf_channel *add(struct conf *conf, const char *name, int line)
{
	struct conf_channel *channel;

	conf->channels =
		mem_grow(conf->channels, &conf->cap_channels,
			 conf->n_channels + 1, sizeof(*conf->channels));
	channel = &conf->channels[conf->n_channels++];
	*channel = (struct conf_channel){
		.name = mem_strdup(name),
		.line = line,
		.lines = mem_alloc(conf_n_keys, sizeof(int)),
	};
	return channel;
}

int conf_alert_open(struct conf *conf, const char *name, int line,
		    struct err *err)
{
	const struct conf_channel *known = conf_channel(conf, name);

	if (name[strspn(name, letters)] || strlen(name) > NAME_MAX_LEN ||
	    strcmp(name, "all") == 0 || strcmp(name, "none") == 0) {
		err_set(err, ERR_USAGE, "[alert %.60s] is no name of a channel",
			name);
		return err_hint(err,
				"up to %d letters, digits, _ and -, and "
				"neither all nor none",
				NAME_MAX_LEN);
	}
	if (known) {
		err_set(err, ERR_USAGE,
			"this [alert %s] section is already on line %d", name,
			known->line);
		return err_hint(err, "give each a name of its own");
	}
	add(conf, name, line);
	return 0;
}

int conf_alert_adopt(struct conf *conf, struct err *err)
{
	const struct conf_channel *known = conf_channel(conf, SYSLOG);
	const struct conf_key *type = conf_keys_find("alert NAME", "type");
	struct conf_channel *channel;

	if (!conf->alert.syslog)
		return 0;
	if (known) {
		err_set(err, ERR_USAGE,
			"%s:%d: syslog = yes is a channel of that name, which "
			"line %d has, too",
			conf->path, conf_line(conf, "alert", "syslog"),
			known->line);
		return err_hint(err, "give [alert %s] another name", SYSLOG);
	}
	channel = add(conf, SYSLOG, 0);
	channel->type = mem_strdup(SYSLOG);
	/* It is set. */
	channel->lines[type - conf_keys] = conf_line(conf, "alert", "syslog");
	return 0;
}

/* The error's place: the key's line, or that of the section. */
static int blame(const struct conf *conf, const struct conf_channel *channel,
		 const char *key, struct err *err)
{
	int line =
		channel->lines[conf_keys_find("alert NAME", key) - conf_keys];

	return err_prefix(err, "%s:%d: ", conf->path,
			  line ? line : channel->line);
}

/* Plain ones: nothing that sendmail, or a header, would take for more. */
static bool is_address(const char *s)
{
	static const char more[] = ".@%+=/:[]";

	if (*s == '-' || *s == '@')
		return false;
	while (*s && (strchr(letters, *s) || strchr(more, *s)))
		s++;
	return !*s;
}

static int check_mail(const struct conf *conf,
		      const struct conf_channel *channel, struct err *err)
{
	const char *bad = channel->to.n ? NULL : "";
	size_t i;

	for (i = 0; i < channel->to.n && !bad; i++)
		if (!is_address(channel->to.items[i]))
			bad = channel->to.items[i];
	if (bad) {
		err_set(err, ERR_USAGE, "to = %.60s: no address", bad);
		err_hint(err, "as ops@example.org, without a name in front");
		return blame(conf, channel, "to", err);
	}
	if (!is_address(channel->from)) {
		err_set(err, ERR_USAGE, "from = %.60s: no address",
			channel->from);
		err_hint(err, "as watcher@example.org, without a name in "
			      "front");
		return blame(conf, channel, "from", err);
	}
	if (channel->sendmail[0])
		return 0;
	err_set(err, ERR_USAGE, "sendmail is empty");
	return blame(conf, channel, "sendmail", err);
}

static int check_channel(const struct conf *conf,
			 const struct conf_channel *channel, struct err *err)
{
	static const char *const lists[] = {"on", "kinds"};
	size_t i;

	for (i = 0; i < LENGTH(lists); i++) {
		const struct text_list *list =
			i ? &channel->kinds : &channel->on;

		if (list->n)
			continue;
		err_set(err, ERR_USAGE, "%s is empty: nothing would be told",
			lists[i]);
		return blame(conf, channel, lists[i], err);
	}
	if (strcmp(channel->type, "mail") == 0)
		return check_mail(conf, channel, err);
	if (strcmp(channel->type, "exec") != 0 || channel->command.n)
		return 0;
	err_set(err, ERR_USAGE, "[alert %s] runs a program, and names none",
		channel->name);
	err_hint(err, "command = /PATH ARGUMENT...");
	return blame(conf, channel, "type", err);
}

static int check_names(const struct conf *conf,
		       const struct conf_protect *protect, struct err *err)
{
	const struct conf_key *key = conf_keys_find("protect", "alert");
	const struct text_list *list = &protect->alert;
	autotext struct text known = {0};
	const char *bad = list->n ? NULL : "";
	size_t i;

	for (i = 0; i < list->n && !bad; i++) {
		const char *name = list->items[i];
		bool is_word =
			strcmp(name, "all") == 0 || strcmp(name, "none") == 0;

		if (is_word ? list->n > 1 : !conf_channel(conf, name))
			bad = name;
	}
	if (!bad)
		return 0;
	for (i = 0; i < conf->n_channels; i++)
		text_addf(&known, "%s%s", i ? ", " : "",
			  conf->channels[i].name);
	err_set(err, ERR_USAGE,
		"%s:%d: alert = %.60s: all, none, or names of [alert NAME] "
		"sections are wanted",
		conf->path, protect->lines[key - conf_keys], bad);
	return known.len ? err_hint(err, "there are %s", known.s)
			 : err_hint(err, "there is none");
}

int conf_alert_check(const struct conf *conf, struct err *err)
{
	size_t i;

	for (i = 0; i < conf->n_channels; i++)
		if (check_channel(conf, &conf->channels[i], err) < 0)
			return -1;
	for (i = 0; i < conf->n_protect; i++)
		if (check_names(conf, &conf->protect[i], err) < 0)
			return -1;
	return 0;
}
