/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people are told of one thing that happened, or of many: made of the
 * store when it is told. */
#ifndef WATCHER_MESSAGE_H
#define WATCHER_MESSAGE_H

#include "lib/err.h"
#include "lib/text.h"
#include "schema/store_alert.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define MESSAGE_ROWS 24

/* A figure for people. */
struct message_row {
	const char *name;
	char *value; /* escaped, one line */
};

struct message {
	const char *what; /* a word of alert_whats, or "digest" */
	bool is_test;
	bool is_calm;  /* nothing that anybody has to hurry for */
	char *summary; /* one line, escaped */
	char *story;   /* some sentences, escaped; "": none */
	struct message_row rows[MESSAGE_ROWS];
	size_t n_rows;
	char *more;       /* the command that tells more; "": none */
	json_t *json;     /* all of it for programs */
	int64_t event_id; /* 0: of none */
	/* By which mails are found to belong together: words of letters,
	 * digits, points and hyphens. */
	char *id;
	char *thread; /* the id of the one it follows on; "": none */
};

/* Makes the message of an alert for a channel. 1; 0: what it is of was pruned;
 * -1. Ends with message_finish(). */
int message_make(struct store *store, const char *channel,
		 const struct store_alert *alert, struct message *message,
		 struct err *err);

/* One message of several alerts, with what they come to. */
int message_digest(struct store *store, const char *channel,
		   const struct store_alert *alerts, size_t n,
		   struct message *message, struct err *err);

/* A sample at now_s that says that it is one. */
void message_sample(const char *channel, int64_t now_s,
		    struct message *message);

void message_finish(struct message *message);

/* All of it as plain text, for people; freed by the caller. */
char *message_text(const struct message *message);

/* Calls fn for each of the main members of the JSON object that is there, by a
 * name in capital letters, WATCHER_EVENT_ID, and its value as one escaped
 * line. */
typedef void message_field_fn(const char *name, const char *value, void *arg);
void message_fields(const struct message *message, message_field_fn *fn,
		    void *arg);

#endif
