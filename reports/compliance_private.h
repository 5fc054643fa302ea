/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of a compliance report's forms share: text has two, HTML
 * three. */
#ifndef REPORTS_COMPLIANCE_PRIVATE_H
#define REPORTS_COMPLIANCE_PRIVATE_H

#include "reports/compliance.h"
#include "reports/html.h"

/* What it cost, what became of the jobs, what was acknowledged or exempted, how
 * it compares, and what the report was made of. */
void compliance_text_outcome(const struct compliance *compliance,
			     const struct output *out);
void compliance_html_head(struct html *html,
			  const struct compliance *compliance,
			  const char *title);
void compliance_html_coverage(struct html *html,
			      const struct compliance *compliance);
void compliance_html_outcome(struct html *html,
			     const struct compliance *compliance);

/* Rows of a table in HTML; what is beyond them is in the other forms. */
#define COMPLIANCE_HTML_ROWS 50

/* Says how many of the rows were left out, if any. */
void compliance_html_more(struct html *html, size_t rows);

/* Begins a section of the page with its heading; html_close() ends it. */
void compliance_html_begin(struct html *html, const char *id,
			   const char *heading);

/* A name and what it stands for, in a <dl>. */
void compliance_html_fact(struct html *html, const char *name,
			  const char *value);

/* "+1,234", a change with its sign; freed by the caller. */
char *compliance_html_signed(const struct before_measure *measure,
			     int64_t change);

/* "1,234.5", of seconds; freed by the caller. */
char *compliance_html_hours(int64_t seconds);

#endif
