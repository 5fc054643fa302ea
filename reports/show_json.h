/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that is known of an incident, for programs. */
#ifndef REPORTS_SHOW_JSON_H
#define REPORTS_SHOW_JSON_H

#include "schema/store.h"

#include <stdio.h>

/* Writes one object, with the row, the entries and the neighbours. The caller
 * looks at out's errors. */
int show_json(FILE *out, const struct incident *incident, struct store *store,
	      struct err *err);

#endif
