/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "reports/columns.h"
#include "reports/filter.h"
#include "reports/output.h"
#include "reports/records.h"
#include "reports/report.h"
#include "reports/table.h"
#include "reports/tally.h"
#include "reports/words.h"

#include <inttypes.h>
#include <string.h>

struct list {
	struct output out;
	enum format format;
	struct store_filter filter;
	int64_t limit; /* 0: none */
	int64_t found;
	int64_t skip; /* the oldest ones, beyond the limit */

	struct table *table; /* FORMAT_TEXT */
	struct tally users;
	struct tally events;
	int64_t suspected;
	struct records records; /* any other */
};

static int count(const struct incident *incident, void *arg)
{
	struct list *list = arg;

	(void)incident;
	list->found++;
	return 0;
}

static void add_line(struct list *list, const struct incident *incident)
{
	autofree char *event = mem_printf("%" PRId64, incident->event_id);
	size_t i;

	tally_add(&list->users, incident->user, incident);
	tally_add(&list->events, event, incident);
	if (strcmp(incident->confidence,
		   incident_confidences[CONFIDENCE_SUSPECTED]) == 0)
		list->suspected++;
	for (i = 0; columns_of_list[i]; i++) {
		autofree char *text = columns_text(
			columns_find(columns_of_list[i]), incident);

		table_add_cell(list->table, text);
	}
}

static int add(const struct incident *incident, void *arg)
{
	struct list *list = arg;

	if (list->skip) {
		list->skip--;
		return 0;
	}
	if (!list->limit)
		list->found++;
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

/* "2 of 5 incidents (1 suspected), 1 user, 2 events", or what was looked for
 * in vain. */
static void print_counts(const struct list *list)
{
	autotext struct text text = {0};

	if (!list->found) {
		filter_describe(&list->filter, &text);
		fprintf(list->out.file, "No incidents%s%s\n",
			text.len ? ": " : "", text.len ? text.s : "");
		return;
	}
	if (list->limit && list->limit < list->found)
		text_addf(&text, "%" PRId64 " of ", list->limit);
	words_count(&text, list->found, "incident");
	if (list->suspected)
		text_addf(&text, " (%" PRId64 " suspected)", list->suspected);
	text_add(&text, ", ");
	words_count(&text, (int64_t)list->users.n, "user");
	text_add(&text, ", ");
	words_count(&text, (int64_t)list->events.n, "event");
	fprintf(list->out.file, "%s\n", text.s);
}

static void end(struct list *list)
{
	if (list->format != FORMAT_TEXT) {
		records_end(&list->records);
		return;
	}
	if (list->found)
		table_print(list->table);
	print_counts(list);
}

static int print(struct list *list, const struct report *report,
		 struct err *err)
{
	/* The newest N are the last N: how many come before them? */
	if (list->limit &&
	    store_incidents(report->store, &list->filter, count, list, err) < 0)
		return -1;
	if (list->limit && list->found > list->limit)
		list->skip = list->found - list->limit;
	begin(list, report->options->raw);
	if (store_incidents(report->store, &list->filter, add, list, err) < 0)
		return -1;
	end(list);
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
	    options_limit(options, &list.limit, err) < 0 ||
	    filter_read(options, report->now_s, &list.filter, err) < 0 ||
	    output_open(&list.out, NULL, err) < 0)
		return -1;
	rc = print(&list, report, err);
	table_free(list.table);
	tally_finish(&list.users);
	tally_finish(&list.events);
	output_discard(&list.out);
	return rc < 0 ? -1 : REPORT_FINE;
}
