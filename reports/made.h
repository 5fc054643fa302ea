/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report was made of, and how it is made again. */
#ifndef REPORTS_MADE_H
#define REPORTS_MADE_H

#include "conf/conf.h"
#include "reports/period.h"
#include "reports/report.h"
#include "reports/tally.h"

/* The commands for it, freed by the caller: `compliance` with its period and
 * filters, and `list` of the incidents that are open. */
char *made_compliance(const struct report *report, const struct period *period,
		      const struct store_filter *filter);
char *made_open(const struct report *report, const struct store_filter *filter,
		bool suspected);

/* And `verify`, against this head. */
char *made_verify(const struct report *report, const struct store_head *head);

/* The store's path. */
const char *made_store(const struct report *report);

/* What is said of the configuration where none was read: the sections that the
 * incidents name; freed by the caller. */
char *made_sections_seen(const struct tally *sections);

/* "[protect campaign]" of "campaign"; freed by the caller. */
char *made_section(const char *name);

#endif
