/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What else happened around an incident: the rest of its event, and the same
 * user's other events. */
#ifndef REPORTS_NEIGHBOURS_H
#define REPORTS_NEIGHBOURS_H

#include "schema/event.h"
#include "schema/store.h"

#include <stddef.h>
#include <stdint.h>

/* So many of the nearest events are told. */
#define NEIGHBOURS_NEAREST 5

/* Events; those that are only suspected are counted with them. */
struct neighbours_count {
	int64_t events;
	int64_t suspected;
};

struct neighbours {
	struct event event; /* the incident's own, all of it */
	int64_t *ids;       /* of its incidents */
	size_t n_ids;
	size_t cap;
	struct neighbours_count month; /* the 30 days before the incident */
	struct neighbours_count year;  /* the 365 days */
	struct event nearest[NEIGHBOURS_NEAREST]; /* oldest first */
	size_t n_nearest;
};

/* For neighbours_finish(), also on failure. */
int neighbours_read(struct store *store, const struct incident *incident,
		    struct neighbours *neighbours, struct err *err);
void neighbours_finish(struct neighbours *neighbours);
#define autoneighbours __attribute__((cleanup(neighbours_finish)))

#endif
