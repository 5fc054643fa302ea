/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/compliance.h"

#include "lib/mem.h"
#include "reports/filter.h"
#include "reports/hints.h"

#include <string.h>

static int print(const struct compliance *compliance, enum format format,
		 struct err *err)
{
	const struct options *options = compliance->report->options;
	autooutput struct output out = {0};

	if (output_open(&out, options->output, err) < 0)
		return -1;
	if (format == FORMAT_CSV)
		compliance_csv(compliance, out.file, options->raw);
	else if (format == FORMAT_JSON)
		compliance_json(compliance, out.file);
	else if (format == FORMAT_HTML)
		compliance_html(compliance, out.file);
	else
		compliance_text(compliance, &out);
	return output_close(&out, err);
}

/* Names that were mistyped, as a rule. Of a cluster the report tells anyway
 * whether it was watched. */
static int tell_names(const struct compliance *compliance, struct err *err)
{
	autonames struct names names = {0};
	struct store_filter filter = compliance->filter;

	filter.cluster = NULL;
	names_read(&filter, &names);
	return hints_tell_names(compliance->report, &names, err);
}

static int run(struct compliance *compliance, enum format format,
	       struct err *err)
{
	const struct options *options = compliance->report->options;
	int64_t incidents;
	bool whole;

	if (compliance_gather(compliance, err) < 0)
		return -1;
	whole = compliance_is_whole(compliance);
	if (!(options->quiet_if_clean && whole && !compliance->total.n) &&
	    (print(compliance, format, err) < 0 ||
	     tell_names(compliance, err) < 0))
		return -1;
	incidents =
		compliance_total(compliance, CONFIDENCE_CONFIRMED)->incidents;
	if (options->suspected)
		incidents += compliance_total(compliance, CONFIDENCE_SUSPECTED)
				     ->incidents;
	if (options->check && incidents)
		return REPORT_INCIDENTS;
	if (options->check && !whole)
		return REPORT_GAP;
	return REPORT_FINE;
}

static int set_period(struct compliance *compliance, struct err *err)
{
	const struct report *report = compliance->report;
	const struct options *options = report->options;
	struct store_filter *filter = &compliance->filter;

	if (filter_read(options, report->now_s, filter, err) < 0)
		return -1;
	if (!options->period && !options->since) {
		err_set(err, ERR_USAGE, "compliance needs a period");
		return err_hint(err, "--period last-month, or --since TIME");
	}
	if (filter->until == INT64_MAX && filter->since >= report->now_s)
		return err_set(err, ERR_USAGE,
			       "--since %s has not come yet: the period would "
			       "end before it begins",
			       options->since);
	if (filter->until == INT64_MAX)
		filter->until = report->now_s;
	compliance->period = period_of(options->period, report->now_s,
				       filter->since, filter->until);
	return 0;
}

int compliance_run(const struct report *report, struct err *err)
{
	static const enum format formats[] = {
		FORMAT_TEXT, FORMAT_HTML, FORMAT_CSV, FORMAT_JSON, FORMAT_N};
	struct compliance compliance = {.report = report, .conf = report->conf};
	struct conf *conf = NULL;
	enum format format;
	int code;

	if (options_format(report->options, formats, &format, err) < 0 ||
	    set_period(&compliance, err) < 0)
		return -1;
	/* Beside -s it says what is protected. */
	if (!report->conf && report->options->config) {
		conf = conf_read(report->options->config, err);
		if (!conf)
			return -1;
		compliance.conf = conf;
	}
	code = run(&compliance, format, err);
	compliance_finish(&compliance);
	conf_free(conf);
	return code;
}
