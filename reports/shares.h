/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which part of a period was watched, and which backfilled, in text and
 * JSON. */
#ifndef REPORTS_SHARES_H
#define REPORTS_SHARES_H

#include "reports/coverage.h"

#include <jansson.h>

/* For jansson, of 99.98. */
#define SHARES_DIGITS 5

/* "99.98 %", rounded down; freed by the caller. */
char *shares_text(const struct coverage_cluster *cluster,
		  enum coverage_how how);

/* Adds HOW_seconds and HOW_percent to an object. */
void shares_put(json_t *object, const struct coverage_cluster *cluster,
		enum coverage_how how);

#endif
