/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events put in order, of which the last so many are kept. */
#ifndef REPORTS_RANKING_H
#define REPORTS_RANKING_H

#include "reports/choice.h"

#include <stddef.h>
#include <stdint.h>

struct ranking {
	const struct choices *sort;
	size_t limit; /* 0: all are kept */
	struct event *events;
	size_t n;
	size_t cap;
};

/* Takes the event over. */
void ranking_add(struct ranking *ranking, struct event *event);

/* The first of those that are kept once there are as many as there may be: what
 * comes before it will not be. NULL before. */
const struct event *ranking_first(const struct ranking *ranking);

/* Puts them in order. Nothing can be added afterwards. */
void ranking_sort(struct ranking *ranking);
void ranking_finish(struct ranking *ranking);

#endif
