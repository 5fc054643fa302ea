/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people are to be told, in the store: which channel of what, and what
 * came of that. Ids and no texts; times are this host's clock. */
#ifndef SCHEMA_STORE_ALERT_H
#define SCHEMA_STORE_ALERT_H

#include "lib/err.h"
#include "lib/text.h"
#include "schema/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum alert_what {
	ALERT_INCIDENT,
	ALERT_CONFIRMED, /* from here on, more of an event that was told of */
	ALERT_CLEARED,   /* not the owner's, or the job did not end */
	ALERT_RESTORED,
	ALERT_RESTORATION_FAILED, /* or left to people */
	ALERT_CANCELLED_AGAIN,    /* to here */
	ALERT_GAP,
	ALERT_GAP_CLOSED,
	ALERT_CHAIN_BROKEN,
	ALERT_N
};

extern const char *const alert_whats[ALERT_N];

/* Whether it is something more of an event. */
bool alert_is_follow_up(enum alert_what what);

/* --- Counting ------------------------------------------------------------ */

/* How a channel does. */
struct store_alert_count {
	const char *channel; /* as it is, or was, named in watcher.conf */
	int64_t pending;     /* to be told, or told again */
	int64_t pending_s;   /* since when the oldest of these is; 0: none */
	int64_t delivered;   /* since the store began, what was pruned aside */
	int64_t given_up;    /* the same */
	int64_t delivered_s; /* when the last one was; 0: never */
	int64_t given_up_s;  /* the same */
	const char *trouble; /* what failed last of what is pending, a
				sentence; "": nothing did */
};

/* The texts live as long as the call. */
typedef int store_alert_count_fn(const struct store_alert_count *count,
				 void *arg);
/* Calls fn for each channel that ever had anything to tell, by name, also those
 * that watcher.conf has no more; fn returns non-zero to stop. */
int store_alert_counts(struct store *store, store_alert_count_fn *fn, void *arg,
		       struct err *err);

/* --- Queueing, in the transaction of what happened ------------------------ */

/* Something that the chain tells since it was last looked at. */
struct store_news {
	enum alert_what what;
	int64_t entry_id;
	int64_t event_id;    /* 0: of none */
	const char *section; /* of [protect NAME] */
	const char *kind;
	bool confirmed; /* the incident, as it is now */
	int64_t span;   /* which gap; 0: none */
	int64_t since_s;
	int64_t until_s; /* of the gap; 0: it goes on */
};

/* Calls fn with each piece of news, in the chain's order, which lives as long
 * as the call, and never again: for a transaction, in which fn may write. What
 * was backfilled, and exempt incidents, are none. fn returns -1 (err) to fail.
 */
typedef int store_news_fn(const struct store_news *news, void *arg,
			  struct err *err);
int store_alert_news(struct store *store, store_news_fn *fn, void *arg,
		     struct err *err);

/* What the chain tells up to now is no news. */
int store_alert_looked(struct store *store, struct err *err);

/* A channel is to be told of something, from next_s on. about: which, of those
 * that an event may have several of; else 0. 1: it is new, 0: it is known,
 * -1. */
struct store_alert {
	int64_t alert_id;
	enum alert_what what;
	int64_t event_id;
	int64_t about;
	int64_t at_s;
	int64_t next_s;
	int64_t tries;
};
int store_alert_add(struct store *store, const char *channel,
		    const struct store_alert *alert, struct err *err);

/* Whether the channel was told that of the event, or will be: 1, 0, -1. */
int store_alert_known(struct store *store, const char *channel,
		      enum alert_what what, int64_t event_id, struct err *err);

/* Takes back what is of no event and was not told yet. 1: it was not, 0: it
 * was, or is not known, -1. */
int store_alert_withdraw(struct store *store, const char *channel,
			 enum alert_what what, int64_t about, struct err *err);

/* --- Telling, each call a transaction of its own ---------------------------
 */

/* The channels that have something to tell now; the caller frees them. */
int store_alert_channels_due(struct store *store, int64_t now_s,
			     struct text_list *channels, struct err *err);

/* Up to `max` of what a channel has to tell now, oldest first. *n: how many. */
int store_alerts_due(struct store *store, const char *channel, int64_t now_s,
		     struct store_alert *alerts, size_t max, size_t *n,
		     struct err *err);

/* Takes them up, at now_s: each is due again at its next_s, whatever becomes of
 * this process. Those that another has taken up are taken out; *n: how many are
 * left. */
int store_alert_try(struct store *store, struct store_alert *alerts, size_t *n,
		    int64_t now_s, struct err *err);

/* What came of that. */
struct store_alert_tried {
	bool delivered;
	/* Where it is not: those from before then are given up, the others
	 * tried again at their next_s. */
	int64_t give_up_before_s;
	int64_t status;      /* a program's exit status; -1: there was none */
	const char *trouble; /* "": none */
};
int store_alert_tried(struct store *store, const struct store_alert *alerts,
		      size_t n, int64_t now_s,
		      const struct store_alert_tried *tried, struct err *err);

/* Gives up what is from before before_s and of channels that are not among
 * these. *n: how many. */
int store_alert_give_up(struct store *store, const struct text_list *channels,
			int64_t now_s, int64_t before_s, int64_t *n,
			struct err *err);

/* Makes due now what was to wait until after far_s. *n: how many. */
int store_alert_hurry(struct store *store, int64_t now_s, int64_t far_s,
		      int64_t *n, struct err *err);

#endif
