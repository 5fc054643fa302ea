/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An incident's evidence: the job's row when it was found, and all that became
 * known since. */
#ifndef REPORTS_HISTORY_H
#define REPORTS_HISTORY_H

#include "reports/output.h"
#include "schema/store.h"

#include <stdint.h>

/* How many nodes `row`, JSON, says that the job had; -1: it does not say. */
int64_t history_nodes(const char *row);

/* Prints what `row`, JSON, says in the columns that a verdict may rest on. */
void history_evidence(const struct output *out, const char *row);

/* Prints the entries on the incident, in words; nothing if there are none. */
int history_entries(const struct output *out, const struct incident *incident,
		    struct store *store, struct err *err);

#endif
