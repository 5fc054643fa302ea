/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An incident as JSON: the same names wherever it is written. */
#ifndef SCHEMA_INCIDENT_JSON_H
#define SCHEMA_INCIDENT_JSON_H

#include "schema/incident.h"

#include <jansson.h>

/* Its fields but job, the row, with confidence as it counts now, and status and
 * story. */
json_t *incident_json(const struct incident *incident);

#endif
