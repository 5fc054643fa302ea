/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/totals.h"

#include "lib/mem.h"
#include "reports/tally.h"
#include "reports/words.h"

#include <inttypes.h>
#include <search.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void add_user(struct totals *totals, const char *user)
{
	if (tfind(user, &totals->names, compare))
		return;
	if (!tsearch(mem_strdup(user), &totals->names, compare))
		abort();
	totals->users++;
}

void totals_add(struct totals *totals, const struct event *event)
{
	totals->events++;
	totals->incidents += event->incidents;
	totals->suspected += event->suspected;
	totals->corrected += event->corrected;
	incident_add(&totals->jobs, event->sum.tasks);
	add_user(totals, event->sum.user);
}

void totals_finish(struct totals *totals)
{
	tdestroy(totals->names, free);
	*totals = (struct totals){0};
}

/* " (1 suspected, 2 corrected)" */
static void add_doubtful(const struct totals *totals, struct text *text)
{
	const char *comma = totals->suspected ? ", " : "";

	if (!totals->suspected && !totals->corrected)
		return;
	text_add(text, " (");
	if (totals->suspected)
		text_addf(text, "%" PRId64 " suspected", totals->suspected);
	if (totals->corrected)
		text_addf(text, "%s%" PRId64 " corrected", comma,
			  totals->corrected);
	text_add_char(text, ')');
}

void totals_describe(const struct totals *totals, struct text *text)
{
	add_doubtful(totals, text);
	text_add(text, ", ");
	words_count(text, totals->jobs, "job");
	text_add(text, ", ");
	words_count(text, totals->users, "user");
}
