/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that a compliance report tells of a period, and the forms it is written
 * in. */
#ifndef REPORTS_COMPLIANCE_H
#define REPORTS_COMPLIANCE_H

#include "conf/conf.h"
#include "lib/text.h"
#include "reports/before.h"
#include "reports/comeback.h"
#include "reports/coverage.h"
#include "reports/others.h"
#include "reports/output.h"
#include "reports/period.h"
#include "reports/reasons.h"
#include "reports/repeat.h"
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
	BY_SECTION,
	COMPLIANCE_GROUPS,
};

struct compliance_group {
	const char *name;    /* in CSV and JSON */
	const char *title;   /* for people; NULL: not shown as a table */
	const char *heading; /* of the table's first column */
};

extern const struct compliance_group compliance_groups[COMPLIANCE_GROUPS];

struct compliance {
	const struct report *report;
	const struct conf *conf;    /* NULL: none was read */
	struct store_filter filter; /* the period, and what else was asked */
	struct period period;
	struct coverage coverage;
	struct tally total; /* one row, or none; none of them exempt */
	struct tally groups[COMPLIANCE_GROUPS];
	struct repeat repeat;
	struct ran ran;
	struct comeback comeback;
	struct reasons acknowledged;
	struct reasons exempted;
	struct tally exempt;    /* by rule */
	struct tally corrected; /* by what they were corrected to: counted in
				   none of the above */
	struct others others;
	struct before before;
	bool has_head; /* of the chain; an empty store has none */
	struct store_head head;
	int64_t pruned_before_s; /* what ended then is forgotten; 0: nothing */
	int64_t late;            /* incidents that only the sweep found */
	int64_t proven; /* confirmed ones that were only suspected at first */
};

/* Counts all of it, with report, conf, filter and period set. Ends with
 * compliance_finish(), even if that is -1. */
int compliance_gather(struct compliance *compliance, struct err *err);
void compliance_finish(struct compliance *compliance);

/* Whether all of the period was watched, and nothing of it is forgotten. */
bool compliance_is_whole(const struct compliance *compliance);

/* Adds the first line of the report, which says so. */
void compliance_headline(const struct compliance *compliance,
			 struct text *text);

/* Adds what happened, in one sentence; what it cost and what became of it, or
 * nothing; and both. Nothing at all if the period has not begun. */
void compliance_lead(const struct compliance *compliance, struct text *text);
void compliance_more(const struct compliance *compliance, struct text *text);
void compliance_summary(const struct compliance *compliance, struct text *text);

/* Adds what of the period the jobs that ran are counted for, if not all. */
void compliance_counted(const struct compliance *compliance, struct text *text);

/* Adds what was left out, beside the period; nothing if nothing was. */
void compliance_restrictions(const struct compliance *compliance,
			     struct text *text);

/* Of the jobs that ran on a partition, NULL: on all, how many incidents of that
 * confidence ended. */
int64_t compliance_ended(const struct compliance *compliance,
			 const char *partition,
			 enum incident_confidence confidence);

/* A measure of the period, and of the one before. */
int64_t compliance_now(const struct compliance *compliance,
		       const struct before_measure *measure,
		       enum incident_confidence confidence);
int64_t compliance_before(const struct compliance *compliance,
			  const struct before_measure *measure,
			  enum incident_confidence confidence);

/* Adds the local time zones of the period, "CEST, then CET". */
void compliance_zones(const struct compliance *compliance, struct text *text);

/* What the total says of confirmed or suspected ones; zeros if there are
 * none. */
const struct incident_sum *
compliance_total(const struct compliance *compliance,
		 enum incident_confidence confidence);

/* How many incidents of that name the tally has, confirmed or not. */
int64_t compliance_count(const struct tally *tally, const char *name);

void compliance_text(const struct compliance *compliance,
		     const struct output *out);
void compliance_csv(const struct compliance *compliance, FILE *out, bool raw);
void compliance_json(const struct compliance *compliance, FILE *out);
void compliance_html(const struct compliance *compliance, FILE *out);

#endif
