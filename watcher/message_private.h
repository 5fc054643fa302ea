/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of message share. */
#ifndef WATCHER_MESSAGE_PRIVATE_H
#define WATCHER_MESSAGE_PRIVATE_H

#include "schema/event.h"
#include "watcher/message.h"

/* Begins a message, whose object has what all have; at_s: when it happened. */
void message_begin(struct message *message, const char *what,
		   const char *channel, int64_t at_s);

/* Sets the summary, which is taken over, escaped. */
void message_summarize(struct message *message, char *summary);

/* Adds a figure, escaped; an empty one, or a time of 0, is left out. */
void message_add_row(struct message *message, const char *name,
		     const char *value);
void message_add_time(struct message *message, const char *name,
		      int64_t time_s);
void message_add_count(struct message *message, const char *name,
		       int64_t count);

/* Fills it in of an event, whose texts are there; trouble NULL: none. */
void message_of_event(struct message *message, const struct event *event,
		      enum alert_what what, const char *trouble);

/* Words by which ids of this store differ from others'; freed by the caller. */
char *message_store_id(struct store *store);

#endif
