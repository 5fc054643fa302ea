/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/filter.h"
#include "reports/hints.h"
#include "reports/output.h"
#include "reports/records.h"
#include "reports/report.h"

/* What tells a spreadsheet that the text is UTF-8. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static int read_format(const struct options *options, enum format *format,
		       struct err *err)
{
	static const enum format formats[] = {FORMAT_CSV, FORMAT_JSON,
					      FORMAT_JSONL, FORMAT_N};

	if (options_format(options, formats, format, err) < 0)
		return -1;
	if (options->spreadsheet && (options->raw || *format != FORMAT_CSV))
		return err_set(err, ERR_USAGE,
			       "--spreadsheet is for CSV, and not for --raw");
	return 0;
}

static void begin(struct records *records, enum format format, FILE *out,
		  const struct options *options)
{
	if (options->spreadsheet)
		fputs(BYTE_ORDER_MARK, out);
	records_begin(records, format, out, options->raw);
	records->csv.spreadsheet = options->spreadsheet;
}

int export_run(const struct report *report, struct err *err)
{
	const struct options *options = report->options;
	autooutput struct output out = {0};
	struct records records;
	struct store_filter filter;
	enum format format;

	if (read_format(options, &format, err) < 0 ||
	    filter_read(options, report->now_s, &filter, err) < 0 ||
	    output_open(&out, options->output, err) < 0)
		return -1;
	begin(&records, format, out.file, options);
	if (records_add_all(&records, &out, report->store, filter, err) < 0)
		return -1;
	records_end(&records);
	if (output_close(&out, err) < 0 ||
	    hints_tell_pruned(report, &filter, err) < 0)
		return -1;
	return REPORT_FINE;
}
