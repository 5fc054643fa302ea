/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An incident's evidence: the job's row when it was found, and all that became
 * known since. */
#ifndef REPORTS_HISTORY_H
#define REPORTS_HISTORY_H

#include "reports/output.h"
#include "schema/store.h"

#include <stdio.h>

/* Prints what `row`, JSON, says in the columns that a verdict may rest on. */
void history_evidence(FILE *out, const char *row);

/* Prints the entries on the incident, in words; nothing if there are none. */
int history_entries(const struct output *out, const struct incident *incident,
		    struct store *store, struct err *err);

#endif
