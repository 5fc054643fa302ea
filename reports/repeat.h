/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users with more than one event in a period, and in how many of the last
 * periods they had any. */
#ifndef REPORTS_REPEAT_H
#define REPORTS_REPEAT_H

#include "reports/period.h"
#include "reports/tally.h"
#include "schema/store.h"

#include <stddef.h>
#include <stdint.h>

/* How many periods are looked at, the one that is reported on with them. */
#define REPEAT_PERIODS 6

struct repeat_row {
	const char *user; /* of the tally */
	int64_t events;   /* confirmed ones */
	int64_t periods;  /* with confirmed incidents; this one is one */
};

/* Who a user was on a cluster. */
struct repeat_owner {
	char *cluster;
	int64_t uid;
	size_t next; /* of the same user, plus 1 */
};

/* All zero is an empty one. */
struct repeat {
	struct repeat_row *rows; /* most events first */
	size_t n;
	size_t cap;
	struct repeat_owner *owners;
	size_t n_owners;
	size_t cap_owners;
	size_t *first; /* of each row of the tally, plus 1 */
	size_t cap_first;
};

/* Takes note of the owner of an incident that row `user` of the tally by user
 * counts. */
void repeat_add(struct repeat *repeat, size_t user,
		const struct incident *incident);

/* Finds the repeat offenders in the tally, which is not sorted yet, and asks
 * for their earlier incidents. Their names are the tally's. */
int repeat_read(struct repeat *repeat, const struct tally *users,
		const struct period *period, const struct store_filter *filter,
		struct store *store, struct err *err);
void repeat_finish(struct repeat *repeat);

#endif
