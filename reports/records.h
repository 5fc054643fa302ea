/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Incidents one after another, for programs: CSV with a header, an array in
 * JSON, or JSON lines. */
#ifndef REPORTS_RECORDS_H
#define REPORTS_RECORDS_H

#include "reports/csv.h"
#include "reports/options.h"
#include "reports/output.h"
#include "schema/store.h"

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

/* Adds all that the filter lets through of what is recorded by now, in pieces:
 * while `out`, a pager or a pipe, makes us wait, nothing is being read, since
 * the store's -wal file grows as long as anybody reads. Each incident is as it
 * is when its piece is read. */
int records_add_all(struct records *records, struct output *out,
		    struct store *store, struct store_filter filter,
		    struct err *err);

#endif
