/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The second half of a compliance report in text. */
#ifndef REPORTS_COMPLIANCE_PRIVATE_H
#define REPORTS_COMPLIANCE_PRIVATE_H

#include "reports/compliance.h"

/* What it cost, what became of the jobs, what was acknowledged or exempted, how
 * it compares, and what the report was made of. */
void compliance_text_outcome(const struct compliance *compliance,
			     const struct output *out);

#endif
