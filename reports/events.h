/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events one after another, of the incidents that a filter lets through. */
#ifndef REPORTS_EVENTS_H
#define REPORTS_EVENTS_H

#include "reports/names.h"
#include "schema/event.h"
#include "schema/store.h"

#include <stdbool.h>
#include <stddef.h>

/* Why a filter does not let an incident through that else it would. */
enum events_hidden {
	EVENTS_SUSPECTED,
	EVENTS_EXEMPT,
	EVENTS_CORRECTED,
	EVENTS_HIDDEN_N /* it does */
};

struct events {
	struct store *store;
	const struct store_filter *filter;
	struct names *names; /* are told whose incidents pass by */
	bool unfold;         /* each incident is one */
	int64_t since_s;     /* what ended before is not read; the one who is
				called may set it */
	bool cut;            /* some was not read for that */
	int64_t hidden[EVENTS_HIDDEN_N]; /* incidents that passed by */
	/* Called now and then while nothing is being read, for what may take
	 * long; NULL: all is read in one go. Returns non-zero to stop. */
	int (*pause)(void *arg);
};

/* Takes the event over; returns non-zero to stop. */
typedef int events_fn(struct event *event, void *arg);

/* Calls fn for each event, with the sums of those of its incidents that the
 * filter lets through: by the first that ended, oldest first, or by the last
 * that ended, newest first, in one go. No more is read than that takes, nothing
 * that is recorded meanwhile. */
int events_read(struct events *events, bool newest_first, events_fn *fn,
		void *arg, struct err *err);

#endif
