/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "reports/events.h"
#include "reports/filter.h"
#include "reports/hints.h"
#include "reports/lines.h"
#include "reports/output.h"
#include "reports/ranking.h"
#include "reports/report.h"
#include "reports/totals.h"
#include "reports/words.h"

#include <inttypes.h>
#include <string.h>

/* How many lines are written at once. */
#define FLUSH_LINES 1000

/* What people are shown behind a line's number; programs are shown all. */
/* clang-format off */
static const char *const shown[] = {
	"ended", "cluster", "job_id", "tasks", "user", "account", "partition",
	"kind", "cpu_seconds", "gpu_seconds", "status", "job_name",
};
/* clang-format on */

struct list {
	const struct options *options;
	struct output out;
	enum format format;
	struct store_filter filter;
	struct choices columns;
	struct choices sort;
	struct names names;
	struct events events;
	struct ranking ranking;
	struct lines lines;
	struct totals totals; /* of what is shown */
	int64_t n_read;       /* events */
};

static void print_event(struct list *list, const struct event *event)
{
	lines_add(&list->lines, event);
	totals_add(&list->totals, event);
}

static int print_now(struct event *event, void *arg)
{
	struct list *list = arg;

	list->n_read++;
	print_event(list, event);
	event_finish(event);
	return 0;
}

/* A pager, or a full pipe, may make us wait. */
static int flush(void *arg)
{
	struct list *list = arg;

	lines_flush(&list->lines);
	return output_failed(&list->out);
}

static int keep(struct event *event, void *arg)
{
	struct list *list = arg;
	const struct event *first;

	list->n_read++;
	ranking_add(&list->ranking, event);
	first = ranking_first(&list->ranking);
	/* All events of which nothing was read yet come before that one. */
	if (first && !list->sort.n)
		list->events.since_s = first->sum.ended;
	return 0;
}

static void print_kept(struct list *list)
{
	const struct ranking *ranking = &list->ranking;
	bool reverse = list->options->reverse;
	size_t i;

	ranking_sort(&list->ranking);
	for (i = 0; i < ranking->n; i++) {
		print_event(list,
			    &ranking->events[reverse ? ranking->n - 1 - i : i]);
		if (i % FLUSH_LINES == 0 && flush(list))
			return;
	}
}

static int print_lines(struct list *list, struct err *err)
{
	bool limited = list->ranking.limit;

	if (!list->sort.n && !limited && !list->options->reverse)
		return events_read(&list->events, false, print_now, list, err);
	if (events_read(&list->events, limited && !list->sort.n, keep, list,
			err) < 0)
		return -1;
	print_kept(list);
	return 0;
}

/* "Not shown: 3 suspected (--suspected), 1 exempt (--exempt)", or nothing. */
static void describe_hidden(const struct list *list, struct text *text)
{
	static const char *const words[EVENTS_HIDDEN_N] = {
		[EVENTS_SUSPECTED] = "suspected",
		[EVENTS_EXEMPT] = "exempt",
		[EVENTS_CORRECTED] = "corrected",
	};
	size_t i;

	for (i = 0; i < EVENTS_HIDDEN_N; i++)
		if (list->events.hidden[i])
			text_addf(text, "%s%" PRId64 " %s (--%s)",
				  text->len ? ", " : "Not shown: ",
				  list->events.hidden[i], words[i], words[i]);
}

/* "the last 2 of 6 events, 3 incidents (1 suspected), 7 jobs, 1 user", or what
 * was looked for in vain. How many there are is known if all were read. */
static void describe_shown(const struct list *list, struct text *text)
{
	const struct totals *totals = &list->totals;
	bool unfold = list->options->unfold;
	const char *unit = unfold ? "incident" : "event";
	autotext struct text filter = {0};

	if (!totals->events) {
		filter_describe(&list->filter, &filter);
		text_addf(text, "No incidents%s%s", filter.len ? ": " : "",
			  filter.len ? filter.s : "");
		return;
	}
	if (list->events.cut)
		text_add(text, "the last ");
	else if (totals->events < list->n_read)
		text_addf(text, "the last %" PRId64 " of ", totals->events);
	if (list->events.cut && totals->events == 1)
		text_add(text, unit);
	else
		words_count(text,
			    list->events.cut ? totals->events : list->n_read,
			    unit);
	if (!unfold) {
		text_add(text, ", ");
		words_count(text, totals->incidents, "incident");
	}
	totals_describe(totals, text);
}

static void print_line(const struct list *list, const char *text)
{
	words_wrap(list->out.file, text,
		   list->out.terminal ? list->out.width : SIZE_MAX, 0);
}

static void print_aside(const struct list *list, const char *text)
{
	if (!text)
		return;
	output_color(&list->out, COLOR_ASIDE);
	print_line(list, text);
	output_color(&list->out, COLOR_PLAIN);
}

static void print_end(struct list *list, const char *pruned)
{
	autotext struct text counts = {0};
	autotext struct text hidden = {0};

	if (list->format != FORMAT_TEXT || list->totals.events)
		lines_end(&list->lines);
	if (list->format != FORMAT_TEXT)
		return;
	describe_shown(list, &counts);
	print_line(list, counts.s);
	describe_hidden(list, &hidden);
	print_aside(list, hidden.s);
	print_aside(list, pruned);
}

static int print(struct list *list, const struct report *report,
		 struct err *err)
{
	autotext struct text pruned = {0};

	if (list->format == FORMAT_TEXT &&
	    hints_pruned(report, &list->filter, &pruned, err) < 0)
		return -1;
	if (pruned.len)
		pruned.s[0] = 'W';
	list->events = (struct events){
		.store = report->store,
		.filter = &list->filter,
		.names = &list->names,
		.unfold = list->options->unfold,
		.pause = flush,
	};
	list->ranking.sort = &list->sort;
	names_read(&list->filter, &list->names);
	lines_begin(&list->lines, list->format, &list->out, &list->columns,
		    list->options->raw);
	if (print_lines(list, err) < 0)
		return -1;
	print_end(list, pruned.s);
	if (output_close(&list->out, err) < 0 ||
	    hints_tell_names(report, &list->names, err) < 0)
		return -1;
	return list->format == FORMAT_TEXT
		       ? 0
		       : hints_tell_pruned(report, &list->filter, err);
}

static int read_columns(struct list *list, struct err *err)
{
	const struct options *options = list->options;
	size_t i;

	if (list->format == FORMAT_TEXT) {
		choices_add(&list->columns,
			    columns_find(options->unfold ? "incident_id"
							 : "event_id"));
		list->columns.items[0].asked = true;
		for (i = 0; i < LENGTH(shown); i++)
			choices_add(&list->columns, columns_find(shown[i]));
	} else {
		for (i = 0; i < columns_n; i++)
			choices_add(&list->columns, &columns[i]);
	}
	if (options->columns &&
	    choices_read_columns(&list->columns, options->columns, err) < 0)
		return -1;
	if (options->sort)
		return choices_read_sort(&list->sort, options->sort, err);
	return 0;
}

static int read_options(struct list *list, const struct report *report,
			struct err *err)
{
	static const enum format formats[] = {
		FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON, FORMAT_ONELINE, FORMAT_N};
	const struct options *options = report->options;
	int64_t limit;

	list->options = options;
	if (options_format(options, formats, &list->format, err) < 0 ||
	    filter_read(options, report->now_s, &list->filter, err) < 0 ||
	    options_limit(options, &limit, err) < 0 ||
	    read_columns(list, err) < 0 ||
	    output_open(&list->out, NULL, err) < 0)
		return -1;
	list->ranking.limit = (size_t)limit;
	if (list->format == FORMAT_TEXT)
		output_trust(&list->out);
	return options_color(options, list->out.terminal, &list->out.color,
			     err);
}

int list_run(const struct report *report, struct err *err)
{
	struct list list = {0};
	int rc = read_options(&list, report, err);

	if (rc == 0)
		rc = print(&list, report, err);
	lines_finish(&list.lines);
	ranking_finish(&list.ranking);
	names_free(&list.names);
	totals_finish(&list.totals);
	output_discard(&list.out);
	return rc < 0 ? -1 : REPORT_FINE;
}
