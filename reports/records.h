/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Incidents one after another, for programs: CSV with a header, an array in
 * JSON, or JSON lines. */
#ifndef REPORTS_RECORDS_H
#define REPORTS_RECORDS_H

#include "reports/csv.h"
#include "reports/options.h"
#include "schema/incident.h"

#define RECORDS_MAX 64

struct records {
	enum format format;
	FILE *out;
	struct csv csv;
	bool begun; /* one was added */
	const struct incident_field *fields[RECORDS_MAX];
	size_t n_fields;
};

/* Begins a file in the format, FORMAT_CSV, FORMAT_JSON or FORMAT_JSONL. The
 * caller looks at out's errors. */
void records_begin(struct records *records, enum format format, FILE *out,
		   bool raw);
void records_add(struct records *records, const struct incident *incident);
void records_end(struct records *records);

#endif
