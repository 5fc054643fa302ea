/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Charts as inline SVG that fits any width: places are percentages, so that
 * bars stretch and letters do not. */
#ifndef REPORTS_CHART_H
#define REPORTS_CHART_H

#include "reports/bins.h"
#include "reports/coverage.h"
#include "reports/html.h"
#include "reports/tally.h"

/* Bars of confirmed incidents, and suspected ones behind them, of what has the
 * most: `what` in the plural. `id` is that of the chart alone. */
void chart_bars(struct html *html, const char *id, const char *title,
		const char *what, const struct tally *tally);

/* Columns in time, with what was not watched behind them. */
void chart_time(struct html *html, const char *id, const char *title,
		const struct bins *bins, const struct coverage *coverage);

/* What became of all incidents, a bar for confirmed and one for suspected
 * ones. */
void chart_outcome(struct html *html, const char *id, const char *title,
		   const struct incident_sum sums[CONFIDENCE_N]);

#endif
