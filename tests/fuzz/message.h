/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people are told of what is in a store: whatever it is, no byte of it
 * acts where it is told. */
#ifndef TESTS_FUZZ_MESSAGE_H
#define TESTS_FUZZ_MESSAGE_H

#include "tests/fuzz/fuzz.h"
#include "watcher/deliver.h"
#include "watcher/message.h"
#include "watcher/outbox.h"

static void message_is_line(const char *s)
{
	autofree char *escaped = text_escaped(s);

	must_equal(s, escaped);
}

static void message_field(const char *name, const char *value, void *arg)
{
	(void)arg;
	must(!name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_")]);
	message_is_line(value);
	must(text_is_utf8(value, strlen(value)));
}

/* Of its headers, each known one is there once, and nothing else is. */
static void message_headers(const char *mail)
{
	static const char *const known[] = {
		"To: ",
		"Subject: ",
		"Date: ",
		"Message-ID: ",
		"In-Reply-To: ",
		"References: ",
		"Auto-Submitted: ",
		"X-Watcher-",
		"MIME-Version: ",
		"Content-Type: ",
	};
	const char *line = mail;
	size_t i;

	for (; *line != '\n'; line = strchr(line, '\n') + 1) {
		for (i = 0; i < LENGTH(known); i++)
			if (strncmp(line, known[i], strlen(known[i])) == 0)
				break;
		must(i < LENGTH(known) || *line == ' ');
	}
	for (; *mail; mail++)
		must(*mail == '\n' || (*mail >= ' ' && *mail <= '~'));
}

static void message_read(const struct conf_channel *channel,
			 const struct message *message)
{
	autofree char *dumped = json_dumps(message->json, JSON_COMPACT);
	autofree char *mail =
		deliver_mail_text(channel, message, message->event_id);
	json_t *again = json_loads(dumped, 0, NULL);
	size_t i;

	must(again && json_equal(again, message->json));
	must(!strchr(dumped, '\n'));
	json_decref(again);
	message_is_line(message->summary);
	for (i = 0; i < message->n_rows; i++)
		message_is_line(message->rows[i].value);
	message_fields(message, message_field, NULL);
	message_headers(mail);
}

/* In a transaction, whose news are queued. */
static inline void message_fuzz(struct store *store, const struct conf *conf)
{
	const struct conf_channel *channel = &conf->channels[0];
	struct store_alert alerts[64];
	struct message message;
	struct err err;
	size_t i, n;

	must(outbox_fill(store, conf, &err) == 0);
	must(store_alerts_due(store, channel->name, INT64_MAX, alerts,
			      LENGTH(alerts), &n, &err) == 0);
	for (i = 0; i < n; i++) {
		must(message_make(store, channel->name, &alerts[i], &message,
				  &err) == 1);
		message_read(channel, &message);
		message_finish(&message);
	}
	if (!n)
		return;
	must(message_digest(store, channel->name, alerts, n, &message, &err) ==
	     0);
	message_read(channel, &message);
	message_finish(&message);
}

#endif
