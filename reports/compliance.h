/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that a compliance report tells of a period, and the forms it is written
 * in. */
#ifndef REPORTS_COMPLIANCE_H
#define REPORTS_COMPLIANCE_H

#include "lib/text.h"
#include "reports/coverage.h"
#include "reports/others.h"
#include "reports/output.h"
#include "reports/report.h"
#include "reports/tally.h"

#include <stdio.h>

/* What incidents are grouped by: one row for counting and for every form. */
enum {
	BY_KIND,
	BY_CLUSTER,
	BY_PARTITION,
	BY_ACCOUNT,
	BY_USER,
	BY_DAY,
	COMPLIANCE_GROUPS,
};

struct compliance_group {
	const char *name;    /* in CSV and JSON */
	const char *title;   /* in text */
	const char *heading; /* of the table's first column */
};

extern const struct compliance_group compliance_groups[COMPLIANCE_GROUPS];

struct compliance {
	const struct report *report;
	struct store_filter filter; /* the period, and what else was asked */
	struct coverage coverage;
	struct tally total; /* one row, or none; none of them exempt */
	struct tally groups[COMPLIANCE_GROUPS];
	struct tally exempt;    /* by rule */
	struct tally corrected; /* by what they were corrected to: counted in
				   none of the above */
	struct others others;
	int64_t late;   /* incidents that only the sweep found */
	int64_t proven; /* confirmed ones that were only suspected at first */
};

/* Adds the first line of the report: whether all of the period was watched. */
void compliance_headline(const struct compliance *compliance,
			 struct text *text);

/* Adds what was left out, beside the period; nothing if nothing was. */
void compliance_restrictions(const struct compliance *compliance,
			     struct text *text);

/* What the total says of confirmed or suspected ones; zeros if there are
 * none. */
const struct incident_sum *
compliance_total(const struct compliance *compliance,
		 enum incident_confidence confidence);

void compliance_text(const struct compliance *compliance,
		     const struct output *out);
void compliance_csv(const struct compliance *compliance, FILE *out, bool raw);
void compliance_json(const struct compliance *compliance, FILE *out);

#endif
