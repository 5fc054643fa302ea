/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/filter.h"
#include "reports/output.h"
#include "reports/records.h"
#include "reports/report.h"

struct writer {
	const struct output *out;
	struct records records;
};

static int add(const struct incident *incident, void *arg)
{
	struct writer *writer = arg;

	records_add(&writer->records, incident);
	return output_failed(writer->out);
}

int export_run(const struct report *report, struct err *err)
{
	static const enum format formats[] = {FORMAT_CSV, FORMAT_JSON,
					      FORMAT_N};
	const struct options *options = report->options;
	autooutput struct output out = {0};
	struct writer writer = {.out = &out};
	struct store_filter filter;
	enum format format;

	if (options_format(options, formats, &format, err) < 0 ||
	    filter_read(options, report->now_s, &filter, err) < 0 ||
	    output_open(&out, options->output, err) < 0)
		return -1;
	records_begin(&writer.records, format, out.file, options->raw);
	if (store_incidents(report->store, &filter, add, &writer, err) < 0)
		return -1;
	records_end(&writer.records);
	return output_close(&out, err) < 0 ? -1 : REPORT_FINE;
}
