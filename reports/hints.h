/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said beside a report, so that nobody takes it for more than it is. */
#ifndef REPORTS_HINTS_H
#define REPORTS_HINTS_H

#include "lib/text.h"
#include "reports/names.h"
#include "reports/report.h"

/* Tells of names of which the store has no incident at all. */
int hints_tell_names(const struct report *report, const struct names *names,
		     struct err *err);

/* Adds that of the filter's period something was pruned; nothing if nothing
 * was. */
int hints_pruned(const struct report *report, const struct store_filter *filter,
		 struct text *text, struct err *err);

/* Tells that. */
int hints_tell_pruned(const struct report *report,
		      const struct store_filter *filter, struct err *err);

#endif
