/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which incidents were asked for, by the options that subcommands share. */
#ifndef REPORTS_FILTER_H
#define REPORTS_FILTER_H

#include "lib/text.h"
#include "reports/options.h"
#include "schema/store.h"

#include <stdint.h>

/* What the options say; its texts are those of the options. A period that was
 * not given begins in 1970 and has no end. -1 (ERR_USAGE): a malformed time,
 * an unknown kind, an empty list, an end that is not behind the beginning. */
int filter_read(const struct options *options, int64_t now_s,
		struct store_filter *filter, struct err *err);

/* Adds what it leaves out, in words: "user alice,bob; ended since
 * 2026-11-01T00:00:00+01:00; without suspected ones". */
void filter_describe(const struct store_filter *filter, struct text *text);

/* Adds it as options that give the same again, each with a blank in front. */
void filter_options(const struct store_filter *filter, struct text *text);

#endif
