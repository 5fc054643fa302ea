/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/made.h"

#include "lib/mem.h"
#include "reports/filter.h"

#include <string.h>

/* Adds an option that names a file, unless it was not given. */
static void add_file(struct text *text, const char *option, const char *file)
{
	if (!file)
		return;
	text_addf(text, " %s ", option);
	text_add_shell_word(text, file);
}

static void begin(struct text *text, const struct options *options,
		  const char *command)
{
	text_add(text, "watcher-report");
	add_file(text, "-s", options->store);
	add_file(text, "-c", options->config);
	text_addf(text, " %s", command);
}

char *made_compliance(const struct report *report, const struct period *period,
		      const struct store_filter *filter)
{
	const struct options *options = report->options;
	struct store_filter timeless = *filter;
	struct text text = {0};

	timeless.since = 0;
	timeless.until = INT64_MAX;
	begin(&text, options, "compliance");
	period_options(period, &text);
	filter_options(&timeless, &text);
	if (options->format)
		text_addf(&text, " --format %s", options->format);
	if (options->raw)
		text_add(&text, " --raw");
	return text_take(&text);
}

char *made_open(const struct report *report, const struct store_filter *filter,
		bool suspected)
{
	struct store_filter open = *filter;
	struct text text = {0};

	open.open = true;
	open.suspected = suspected;
	begin(&text, report->options, "list --unfold");
	filter_options(&open, &text);
	return text_take(&text);
}

char *made_verify(const struct report *report, const struct store_head *head)
{
	struct text text = {0};

	begin(&text, report->options, "verify");
	text_addf(&text, " --head %s", head->hash);
	return text_take(&text);
}

const char *made_store(const struct report *report)
{
	return report->options->store ? report->options->store
				      : report->conf->store.path;
}

char *made_section(const char *name)
{
	return mem_printf("[protect%s%s]", name[0] ? " " : "", name);
}

char *made_sections_seen(const struct tally *sections)
{
	struct text text = {0};
	size_t i;

	text_add(&text, "not known, none was read");
	for (i = 0; i < sections->n; i++) {
		autofree char *section = made_section(sections->rows[i].name);

		text_addf(&text, "%s%s", i ? ", " : "; incidents by ", section);
	}
	return text_take(&text);
}
