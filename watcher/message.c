/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/message.h"

#include "lib/mem.h"
#include "lib/when.h"
#include "schema/json.h"
#include "watcher/message_private.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* The members that are fields of the environment and of the journal. */
static const char *const fields[] = {
	"what",        "channel",         "summary",  "alert_id", "event_id",
	"incident_id", "cluster",         "user",     "uid",      "account",
	"partition",   "section",         "qos",      "job_id",   "job_name",
	"kind",        "confidence",      "phase",    "tasks",    "submitted",
	"started",     "ended",           "detected", "state",    "status",
	"reason",      "restored_job_id", "trouble",  "since",    "until",
	"alerts",
};

/* So much of a value is given to programs and the journal. */
#define FIELD_MAX 4096

void message_begin(struct message *message, const char *what,
		   const char *channel, int64_t at_s)
{
	*message = (struct message){
		.what = what,
		.story = mem_strdup(""),
		.more = mem_strdup(""),
		.thread = mem_strdup(""),
		.json = json_object(),
	};
	json_put_text(message->json, "what", what);
	json_put_text(message->json, "channel", channel);
	json_put(message->json, "test", json_false());
	json_put_time(message->json, "at", at_s);
}

void message_summarize(struct message *message, char *summary)
{
	message->summary = text_escaped(summary);
	json_put_text(message->json, "summary", message->summary);
	free(summary);
}

void message_add_row(struct message *message, const char *name,
		     const char *value)
{
	if (!value || !*value)
		return;
	if (message->n_rows == MESSAGE_ROWS)
		abort();
	message->rows[message->n_rows++] = (struct message_row){
		.name = name,
		.value = text_escaped(value),
	};
}

void message_add_time(struct message *message, const char *name, int64_t time_s)
{
	char buf[WHEN_SIZE];

	if (time_s)
		message_add_row(message, name, when_local(time_s, buf));
}

void message_add_count(struct message *message, const char *name, int64_t count)
{
	char buf[TEXT_INT_SIZE];

	message_add_row(message, name, text_int(count, buf));
}

char *message_store_id(struct store *store)
{
	struct store_head head;
	struct err ignored;

	if (store_head(store, &head, &ignored) < 0)
		return mem_strdup("0");
	return mem_strndup(head.store_id, 12);
}

void message_finish(struct message *message)
{
	while (message->n_rows)
		free(message->rows[--message->n_rows].value);
	json_decref(message->json);
	free(message->summary);
	free(message->story);
	free(message->more);
	free(message->id);
	free(message->thread);
	*message = (struct message){0};
}

char *message_text(const struct message *message)
{
	struct text text = {0};
	size_t width = 0;
	size_t i;

	for (i = 0; i < message->n_rows; i++)
		if (strlen(message->rows[i].name) > width)
			width = strlen(message->rows[i].name);
	if (message->is_test)
		text_add(&text, "This is a test.\n\n");
	text_addf(&text, "%s\n", message->summary);
	if (message->story[0])
		text_addf(&text, "\n%s\n", message->story);
	text_add(&text, message->n_rows ? "\n" : "");
	for (i = 0; i < message->n_rows; i++)
		text_addf(&text, "%s:%*s %s\n", message->rows[i].name,
			  (int)(width - strlen(message->rows[i].name)), "",
			  message->rows[i].value);
	if (message->more[0])
		text_addf(&text, "\nMore: %s\n", message->more);
	return text_take(&text);
}

/* As one line, not longer than a field may be; freed by the caller. */
static char *value_of(const json_t *value)
{
	const char *s = json_string_value(value);
	autofree char *escaped = NULL;
	size_t len;

	if (json_is_integer(value))
		return mem_printf("%" PRId64,
				  (int64_t)json_integer_value(value));
	if (!s)
		return NULL;
	escaped = text_escaped(s);
	len = strlen(escaped);
	if (len > FIELD_MAX) {
		len = FIELD_MAX;
		/* Not within a character. */
		while (len && ((unsigned char)escaped[len] & 0xc0) == 0x80)
			len--;
	}
	return mem_strndup(escaped, len);
}

void message_fields(const struct message *message, message_field_fn *fn,
		    void *arg)
{
	size_t i;

	for (i = 0; i < LENGTH(fields); i++) {
		autofree char *value =
			value_of(json_object_get(message->json, fields[i]));
		autofree char *name = mem_printf("WATCHER_%s", fields[i]);
		char *s;

		for (s = name; *s; s++)
			*s = (char)toupper((unsigned char)*s);
		if (value)
			fn(name, value, arg);
	}
	fn("WATCHER_TEST", message->is_test ? "1" : "0", arg);
}
