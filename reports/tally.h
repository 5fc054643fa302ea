/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Incidents counted by one of their properties. */
#ifndef REPORTS_TALLY_H
#define REPORTS_TALLY_H

#include "schema/incident.h"

#include <stddef.h>
#include <stdint.h>

struct tally_row {
	char *name; /* what its incidents have in common */
	struct incident_sum sums[CONFIDENCE_N];
};

/* All zero is an empty one. */
struct tally {
	struct tally_row *rows;
	size_t n;
	size_t cap;
	uint32_t *index; /* of rows by hash, plus 1 */
	size_t index_size;
	struct tally_event *events; /* that a row has counted, by hash */
	size_t n_events;
	size_t events_size;
};

/* Counts the incident in the row of that name, and returns its number. */
size_t tally_add(struct tally *tally, const char *name,
		 const struct incident *incident);
void tally_finish(struct tally *tally);

/* Sorts the rows: most events first, confirmed ones before suspected; or by
 * name. Nothing can be added afterwards. */
void tally_sort_by_events(struct tally *tally);
void tally_sort_by_name(struct tally *tally);

#endif
