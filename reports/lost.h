/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs that were gone from the table before they were seen to end, and what is
 * remembered of them. */
#ifndef REPORTS_LOST_H
#define REPORTS_LOST_H

#include "reports/coverage.h"
#include "reports/output.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct lost {
	bool known; /* something is remembered; else the others are empty */
	char *job_id;
	int64_t uid;
	char *partition;
	char *job_name;
	int64_t submitted; /* 0: not known */
};

/* What a span of COVERAGE_LOST tells, for lost_finish(). */
void lost_read(struct lost *lost, const struct coverage_span *span);
void lost_finish(struct lost *lost);
#define autolost __attribute__((cleanup(lost_finish)))

/* Prints them as a table under a title; nothing if there are none. */
void lost_print(const struct coverage *coverage, const struct output *out);

/* The cluster's ones as an array, with all that is remembered. */
json_t *lost_array(const struct coverage_cluster *cluster);

#endif
