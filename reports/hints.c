/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/hints.h"

#include "lib/when.h"
#include "schema/store_prune.h"

static void tell(const struct report *report, const char *sentence)
{
	struct err hint;

	err_set(&hint, ERR_USAGE, "%s", sentence);
	report->tell(LOG_LEVEL_INFO, &hint);
}

int hints_tell_names(const struct report *report, const struct names *names,
		     struct err *err)
{
	__attribute__((cleanup(text_list_free))) struct text_list sentences = {
		0};
	size_t i;

	if (names_unknown(names, report->store, &sentences, err) < 0)
		return -1;
	for (i = 0; i < sentences.n; i++)
		tell(report, sentences.items[i]);
	return 0;
}

int hints_pruned(const struct report *report, const struct store_filter *filter,
		 struct text *text, struct err *err)
{
	char buf[WHEN_SIZE];
	int64_t before_s;

	if (store_pruned_before(report->store, &before_s, err) < 0)
		return -1;
	if (before_s > filter->since)
		text_addf(text, "what ended before %s was pruned",
			  when_local(before_s, buf));
	return 0;
}

int hints_tell_pruned(const struct report *report,
		      const struct store_filter *filter, struct err *err)
{
	autotext struct text sentence = {0};

	if (hints_pruned(report, filter, &sentence, err) < 0)
		return -1;
	if (sentence.len)
		tell(report, sentence.s);
	return 0;
}
