/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/filter.h"

#include "lib/mem.h"
#include "lib/when.h"

#include <string.h>

/* The lists: one row for reading, describing and repeating each. */
static const struct {
	const char *name; /* of its option and in words */
	size_t option;
	size_t filter;
} lists[] = {
#define LIST(name)                                                             \
	{                                                                      \
#name, offsetof(struct options, name),                         \
			offsetof(struct store_filter, name)                    \
	}
	LIST(cluster), LIST(user), LIST(account), LIST(partition), LIST(kind),
#undef LIST
};

static const char *typed(const struct options *options, size_t i)
{
	const char *at = (const char *)options + lists[i].option;

	return *(char *const *)(const void *)at;
}

static const char **slot(struct store_filter *filter, size_t i)
{
	return (const char **)(void *)((char *)filter + lists[i].filter);
}

static const char *value(const struct store_filter *filter, size_t i)
{
	const char *at = (const char *)filter + lists[i].filter;

	return *(const char *const *)(const void *)at;
}

static int read_lists(const struct options *options,
		      struct store_filter *filter, struct err *err)
{
	size_t i;

	for (i = 0; i < LENGTH(lists); i++) {
		const char *list = typed(options, i);

		if (list && !list[strspn(list, ", \t\r\n")])
			return err_set(err, ERR_USAGE, "--%s names nothing",
				       lists[i].name);
		*slot(filter, i) = list;
	}
	return 0;
}

static int check_kinds(const char *list, struct err *err)
{
	__attribute__((cleanup(text_list_free))) struct text_list words = {0};
	autotext struct text known = {0};
	size_t i;

	if (list)
		text_list_split(&words, list);
	for (i = 0; i < KIND_N; i++)
		text_addf(&known, "%s%s", i ? ", " : "", incident_kinds[i]);
	for (i = 0; i < words.n; i++) {
		if (incident_word(incident_kinds, KIND_N, words.items[i]) <
		    KIND_N)
			continue;
		err_set(err, ERR_USAGE, "--kind %s is unknown", words.items[i]);
		return err_hint(err, "kinds are %s", known.s);
	}
	return 0;
}

static int read_period(const struct options *options, int64_t now_s,
		       struct store_filter *filter, struct err *err)
{
	struct when_period period;

	filter->since = 0;
	filter->until = INT64_MAX;
	if (options->period) {
		if (options->since || options->until)
			return err_set(err, ERR_USAGE,
				       "--period and --since or --until "
				       "exclude each other");
		if (when_period(options->period, now_s, &period, err) < 0)
			return err_prefix(err, "--period: ");
		filter->since = period.since_s;
		filter->until = period.until_s;
	}
	if (options->since &&
	    when_time(options->since, now_s, &filter->since, err) < 0)
		return err_prefix(err, "--since: ");
	if (options->until &&
	    when_time(options->until, now_s, &filter->until, err) < 0)
		return err_prefix(err, "--until: ");
	/* A zone may have left out the day of a period. */
	if (filter->until <= filter->since && !options->period)
		return err_set(err, ERR_USAGE, "--until %s is not after %s",
			       options->until,
			       options->since ? options->since : "1970");
	return 0;
}

int filter_read(const struct options *options, int64_t now_s,
		struct store_filter *filter, struct err *err)
{
	*filter = (struct store_filter){
		.suspected = options->suspected,
		.exempt = options->exempt,
		.corrected = options->corrected,
		.open = options->open,
	};
	if (read_lists(options, filter, err) < 0 ||
	    check_kinds(filter->kind, err) < 0)
		return -1;
	return read_period(options, now_s, filter, err);
}

static void add(struct text *text, const char *name, const char *what)
{
	if (text->len)
		text_add(text, "; ");
	text_add(text, name);
	if (what) {
		text_add_char(text, ' ');
		text_add_escaped(text, what);
	}
}

void filter_describe(const struct store_filter *filter, struct text *text)
{
	char buf[WHEN_SIZE];
	size_t i;

	for (i = 0; i < LENGTH(lists); i++)
		if (value(filter, i))
			add(text, lists[i].name, value(filter, i));
	if (filter->since)
		add(text, "ended since", when_local(filter->since, buf));
	if (filter->until != INT64_MAX)
		add(text, "ended before", when_local(filter->until, buf));
	if (filter->open)
		add(text, "neither restored nor acknowledged", NULL);
	if (!filter->suspected)
		add(text, "without suspected ones", NULL);
	if (!filter->exempt)
		add(text, "without exempt ones", NULL);
}

static void repeat(struct text *text, const char *name, const char *what)
{
	text_addf(text, " --%s", name);
	if (what) {
		text_add_char(text, ' ');
		text_add_shell_word(text, what);
	}
}

void filter_options(const struct store_filter *filter, struct text *text)
{
	char buf[WHEN_SIZE];
	size_t i;

	for (i = 0; i < LENGTH(lists); i++)
		if (value(filter, i))
			repeat(text, lists[i].name, value(filter, i));
	if (filter->since)
		repeat(text, "since", when_local(filter->since, buf));
	if (filter->until != INT64_MAX)
		repeat(text, "until", when_local(filter->until, buf));
	if (filter->open)
		repeat(text, "open", NULL);
	if (filter->suspected)
		repeat(text, "suspected", NULL);
	if (filter->exempt)
		repeat(text, "exempt", NULL);
	if (filter->corrected)
		repeat(text, "corrected", NULL);
}
