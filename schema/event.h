/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event in a line: what its incidents have in common, and their sums. */
#ifndef SCHEMA_EVENT_H
#define SCHEMA_EVENT_H

#include "schema/incident.h"

#include <stdint.h>

/* How much of an event is dealt with. */
enum event_standing {
	EVENT_OPEN,
	EVENT_MIXED, /* its jobs are not all alike */
	EVENT_RESTORED,
	EVENT_AGAIN, /* and then cancelled again */
	EVENT_ACKNOWLEDGED,
	EVENT_EXEMPT,
	EVENT_NONE, /* counts no more */
};

struct event {
	/* As if it were one incident: jobs and hours are sums, elapsed_s the
	 * longest, beginnings the first, what became known later the last,
	 * job_id that of all jobs ("3_[1-2,4-6]"), other texts what occurs,
	 * joined by commas. NULL is an empty text. The numbers are those of the
	 * first incident; job, part, late and script are not there. */
	struct incident sum;
	int64_t incidents;
	int64_t suspected; /* of these, and not corrected */
	int64_t corrected; /* of these: cleared, or the job lives */
	char *verdict;     /* the kinds; a ? behind: not all are confirmed */
	char *status;      /* "open", "2 of 5 restored" */
	enum event_standing standing;
};

void event_finish(struct event *event);

/* The value of a column by that name, of one incident or more: a field's, or
 * of status or incidents; NULL: there is none. */
const struct incident_field *event_field(const char *name);
const char *event_text(const struct event *event,
		       const struct incident_field *field);
int64_t event_int(const struct event *event,
		  const struct incident_field *field);

/* Sums up incidents of one event, added in any order. */
struct event_fold;
struct event_fold *event_fold_new(void);
void event_fold_add(struct event_fold *fold, const struct incident *incident);
/* What was added, for event_finish(). Frees the fold. */
struct event event_fold_end(struct event_fold *fold);
void event_fold_free(struct event_fold *fold);

#endif
