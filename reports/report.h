/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every subcommand of watcher-report is given. */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

#include "conf/conf.h"
#include "lib/err.h"
#include "lib/log.h"
#include "reports/options.h"
#include "schema/store.h"

#include <stdint.h>

struct report {
	const struct options *options;
	struct store *store;
	int64_t now_s; /* nobody else asks the clock */
	/* Says on standard error what is no part of the report, and does not
	 * end it. */
	void (*tell)(enum log_level level, const struct err *err);
	const struct conf *conf; /* that named the store; NULL: -s did */
};

/* The manual's exit codes; usage and store are err_exit_code()'s. */
enum {
	REPORT_FINE = 0,
	REPORT_INCIDENTS = 1,
	REPORT_GAP = 4,
	REPORT_ALTERED = 5,
};

/* Each writes its report and returns the exit code, or -1. */
int list_run(const struct report *report, struct err *err);
int show_run(const struct report *report, struct err *err);
int export_run(const struct report *report, struct err *err);
int compliance_run(const struct report *report, struct err *err);
int coverage_run(const struct report *report, struct err *err);
int verify_run(const struct report *report, struct err *err);

#endif
