/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An incident's evidence: the job's row when it was found, and all that became
 * known since. */
#ifndef REPORTS_HISTORY_H
#define REPORTS_HISTORY_H

#include "reports/output.h"
#include "schema/store.h"

#include <stdbool.h>
#include <stdint.h>

/* How many nodes the incident's row says that the job had, and that times the
 * seconds it ran; false: it does not say. */
bool history_nodes(const struct incident *incident, int64_t *nodes,
		   int64_t *node_seconds);

/* Prints what `row`, JSON, says in the columns that a verdict may rest on. */
void history_evidence(const struct output *out, const char *row);

/* Prints the entries on the incident, in words; nothing if there are none. */
int history_entries(const struct output *out, const struct incident *incident,
		    struct store *store, struct err *err);

#endif
