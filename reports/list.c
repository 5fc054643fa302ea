/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "reports/columns.h"
#include "reports/filter.h"
#include "reports/output.h"
#include "reports/records.h"
#include "reports/report.h"
#include "reports/table.h"
#include "reports/words.h"

#include <inttypes.h>

struct list {
	struct output out;
	enum format format;
	struct store_filter filter;
	struct table *table;    /* FORMAT_TEXT */
	struct records records; /* any other */
};

static void add_line(struct list *list, const struct incident *incident)
{
	size_t i;

	for (i = 0; columns_of_list[i]; i++) {
		autofree char *text = columns_text(
			columns_find(columns_of_list[i]), incident);

		table_add_cell(list->table, text);
	}
}

static int add(const struct incident *incident, void *arg)
{
	struct list *list = arg;

	if (list->format == FORMAT_TEXT)
		add_line(list, incident);
	else
		records_add(&list->records, incident);
	return output_failed(&list->out);
}

static void begin(struct list *list, bool raw)
{
	size_t i;

	if (list->format != FORMAT_TEXT) {
		records_begin(&list->records, list->format, list->out.file,
			      raw);
		return;
	}
	list->table = table_new(&list->out);
	for (i = 0; columns_of_list[i]; i++) {
		const struct column *column = columns_find(columns_of_list[i]);

		table_add_column(list->table, column->heading, column->flags,
				 column->rank);
	}
}

/* " (1 suspected, 2 corrected)" */
static void add_doubtful(struct text *text, const struct store_counts *counts)
{
	const char *comma = counts->suspected ? ", " : "";

	if (!counts->suspected && !counts->corrected)
		return;
	text_add(text, " (");
	if (counts->suspected)
		text_addf(text, "%" PRId64 " suspected", counts->suspected);
	if (counts->corrected)
		text_addf(text, "%s%" PRId64 " corrected", comma,
			  counts->corrected);
	text_add_char(text, ')');
}

/* "the last 2 of 5 incidents (1 suspected), 1 user, 2 events", or what was
 * looked for in vain. */
static void print_counts(const struct list *list,
			 const struct store_counts *counts)
{
	autotext struct text text = {0};

	if (!counts->incidents) {
		filter_describe(&list->filter, &text);
		fprintf(list->out.file, "No incidents%s%s\n",
			text.len ? ": " : "", text.len ? text.s : "");
		return;
	}
	if (list->filter.limit && list->filter.limit < counts->incidents)
		text_addf(&text, "the last %" PRId64 " of ",
			  list->filter.limit);
	words_count(&text, counts->incidents, "incident");
	add_doubtful(&text, counts);
	text_add(&text, ", ");
	words_count(&text, counts->users, "user");
	text_add(&text, ", ");
	words_count(&text, counts->events, "event");
	fprintf(list->out.file, "%s\n", text.s);
}

static int end(struct list *list, struct store *store, struct err *err)
{
	struct store_counts counts;

	if (list->format != FORMAT_TEXT) {
		records_end(&list->records);
		return 0;
	}
	if (store_count(store, &list->filter, &counts, err) < 0)
		return -1;
	if (counts.incidents)
		table_print(list->table);
	print_counts(list, &counts);
	return 0;
}

static int print(struct list *list, const struct report *report,
		 struct err *err)
{
	begin(list, report->options->raw);
	if (store_incidents(report->store, &list->filter, add, list, err) < 0 ||
	    end(list, report->store, err) < 0)
		return -1;
	return output_close(&list->out, err);
}

int list_run(const struct report *report, struct err *err)
{
	static const enum format formats[] = {FORMAT_TEXT, FORMAT_CSV,
					      FORMAT_JSON, FORMAT_N};
	const struct options *options = report->options;
	struct list list = {0};
	int rc;

	if (options_format(options, formats, &list.format, err) < 0 ||
	    filter_read(options, report->now_s, &list.filter, err) < 0 ||
	    options_limit(options, &list.filter.limit, err) < 0 ||
	    output_open(&list.out, NULL, err) < 0)
		return -1;
	rc = print(&list, report, err);
	table_free(list.table);
	output_discard(&list.out);
	return rc < 0 ? -1 : REPORT_FINE;
}
