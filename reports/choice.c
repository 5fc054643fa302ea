/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/choice.h"

#include "lib/mem.h"

#include <string.h>

static size_t find(const struct choices *choices, const struct column *column)
{
	size_t i = 0;

	while (i < choices->n && choices->items[i].column != column)
		i++;
	return i;
}

void choices_add(struct choices *choices, const struct column *column)
{
	if (find(choices, column) < choices->n)
		return;
	if (choices->n == CHOICES_MAX)
		abort();
	choices->items[choices->n++] = (struct choice){
		.column = column,
		.field = event_field(column->name),
	};
}

static void drop(struct choices *choices, const struct column *column)
{
	size_t i = find(choices, column);

	if (i == choices->n)
		return;
	choices->n--;
	memmove(&choices->items[i], &choices->items[i + 1],
		(choices->n - i) * sizeof(choices->items[0]));
}

/* The column that a word names, behind its sign if it has one. */
static const struct column *column_of(const char *option, const char *word,
				      struct err *err)
{
	const char *name = word + (*word == '+' || *word == '-');
	const struct column *column = columns_find(name);
	autotext struct text known = {0};

	if (column)
		return column;
	columns_names(&known);
	err_set(err, ERR_USAGE, "--%s: there is no column %s", option, name);
	err_hint(err, "columns are %s", known.s);
	return NULL;
}

int choices_read_columns(struct choices *choices, const char *typed,
			 struct err *err)
{
	__attribute__((cleanup(text_list_free))) struct text_list words = {0};
	size_t i;

	text_list_split(&words, typed);
	if (words.n && !strchr("+-", words.items[0][0]))
		choices->n = 0;
	for (i = 0; i < words.n; i++) {
		const struct column *column =
			column_of("columns", words.items[i], err);

		if (!column)
			return -1;
		if (words.items[i][0] == '-') {
			drop(choices, column);
			continue;
		}
		choices_add(choices, column);
		choices->items[find(choices, column)].asked = true;
	}
	if (!words.n || !choices->n)
		return err_set(err, ERR_USAGE, "--columns %s leaves none",
			       typed);
	return 0;
}

int choices_read_sort(struct choices *choices, const char *typed,
		      struct err *err)
{
	__attribute__((cleanup(text_list_free))) struct text_list words = {0};
	size_t i;

	text_list_split(&words, typed);
	if (!words.n)
		return err_set(err, ERR_USAGE, "--sort names no column");
	for (i = 0; i < words.n; i++) {
		const struct column *column =
			column_of("sort", words.items[i], err);
		bool is_new = column && find(choices, column) == choices->n;

		if (!column)
			return -1;
		choices_add(choices, column);
		if (is_new && words.items[i][0] == '-')
			choices->items[choices->n - 1].descending = true;
	}
	return 0;
}

static int compare_ints(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

int choices_compare(const struct choices *sort, const struct event *a,
		    const struct event *b)
{
	int rc;
	size_t i;

	for (i = 0; i < sort->n; i++) {
		const struct incident_field *field = sort->items[i].field;

		if (field->type == INCIDENT_TEXT)
			rc = strverscmp(event_text(a, field),
					event_text(b, field));
		else
			rc = compare_ints(event_int(a, field),
					  event_int(b, field));
		if (rc)
			return sort->items[i].descending ? -rc : rc;
	}
	rc = compare_ints(a->sum.ended, b->sum.ended);
	return rc ? rc : compare_ints(a->sum.incident_id, b->sum.incident_id);
}
