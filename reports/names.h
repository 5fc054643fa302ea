/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in a filter of which the store has no incident: mistyped, as a rule. */
#ifndef REPORTS_NAMES_H
#define REPORTS_NAMES_H

#include "lib/text.h"
#include "schema/store.h"

#include <stdbool.h>

struct names {
	struct name *items;
	size_t n;
	size_t cap;
};

/* Those of the filter. */
void names_read(const struct store_filter *filter, struct names *names);
void names_free(struct names *names);
#define autonames __attribute__((cleanup(names_free)))

/* The incident's are no strangers. */
void names_note(struct names *names, const struct incident *incident);

/* Adds a sentence for each that is of no incident at all, "no incident of user
 * alcie in the store"; asks the store about those that were not noted. */
int names_unknown(const struct names *names, struct store *store,
		  struct text_list *sentences, struct err *err);

#endif
