/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/repeat.h"

#include "lib/mem.h"

#include <string.h>

static size_t *first_of(struct repeat *repeat, size_t user)
{
	size_t cap = repeat->cap_first;

	if (user >= cap) {
		repeat->first = mem_grow(repeat->first, &repeat->cap_first,
					 user + 1, sizeof(*repeat->first));
		memset(repeat->first + cap, 0,
		       (repeat->cap_first - cap) * sizeof(*repeat->first));
	}
	return &repeat->first[user];
}

void repeat_add(struct repeat *repeat, size_t user,
		const struct incident *incident)
{
	size_t *first = first_of(repeat, user);
	size_t i;

	for (i = *first; i; i = repeat->owners[i - 1].next)
		if (repeat->owners[i - 1].uid == incident->uid &&
		    strcmp(repeat->owners[i - 1].cluster, incident->cluster) ==
			    0)
			return;
	repeat->owners =
		mem_grow(repeat->owners, &repeat->cap_owners,
			 repeat->n_owners + 1, sizeof(*repeat->owners));
	repeat->owners[repeat->n_owners++] = (struct repeat_owner){
		.cluster = mem_strdup(incident->cluster),
		.uid = incident->uid,
		.next = *first,
	};
	*first = repeat->n_owners;
}

/* What the store is asked: the row of whom, and who that is. */
struct question {
	struct repeat *repeat;
	struct store_owner *owners;
	size_t n;
	size_t cap;
};

static void ask_for(struct question *question, const struct tally_row *user,
		    size_t i)
{
	struct repeat *repeat = question->repeat;
	int64_t events = user->sums[CONFIDENCE_CONFIRMED].events;

	if (events < 2)
		return;
	repeat->rows = mem_grow(repeat->rows, &repeat->cap, repeat->n + 1,
				sizeof(*repeat->rows));
	repeat->rows[repeat->n] =
		(struct repeat_row){user->name, events, .periods = 1};
	for (i = *first_of(repeat, i); i; i = repeat->owners[i - 1].next) {
		const struct repeat_owner *owner = &repeat->owners[i - 1];

		question->owners =
			mem_grow(question->owners, &question->cap,
				 question->n + 1, sizeof(*question->owners));
		question->owners[question->n++] = (struct store_owner){
			(int64_t)repeat->n, owner->cluster, owner->uid};
	}
	repeat->n++;
}

static int take(int64_t number, int64_t n, void *arg)
{
	struct repeat *repeat = arg;

	repeat->rows[number].periods += n;
	return 0;
}

static int by_events(const void *a, const void *b)
{
	const struct repeat_row *left = a;
	const struct repeat_row *right = b;

	if (left->events != right->events)
		return left->events > right->events ? -1 : 1;
	if (left->periods != right->periods)
		return left->periods > right->periods ? -1 : 1;
	return strcmp(left->user, right->user);
}

int repeat_read(struct repeat *repeat, const struct tally *users,
		const struct period *period, const struct store_filter *filter,
		struct store *store, struct err *err)
{
	struct store_stretch stretches[REPEAT_PERIODS - 1];
	struct question question = {.repeat = repeat};
	size_t i;
	int rc;

	for (i = 0; i < users->n; i++)
		ask_for(&question, &users->rows[i], i);
	if (!repeat->n)
		return 0;
	for (i = 0; i < LENGTH(stretches); i++) {
		struct period before = period_before(period, (int)i + 1);

		stretches[i] =
			(struct store_stretch){before.since_s, before.until_s};
	}
	rc = store_repeated(store, filter, question.owners, question.n,
			    stretches, LENGTH(stretches), take, repeat, err);
	free(question.owners);
	qsort(repeat->rows, repeat->n, sizeof(*repeat->rows), by_events);
	return rc;
}

void repeat_finish(struct repeat *repeat)
{
	size_t i;

	for (i = 0; i < repeat->n_owners; i++)
		free(repeat->owners[i].cluster);
	free(repeat->owners);
	free(repeat->first);
	free(repeat->rows);
	*repeat = (struct repeat){0};
}
