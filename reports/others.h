/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs of protected partitions that were cancelled, and not by their owners,
 * as a compliance report counts them. */
#ifndef REPORTS_OTHERS_H
#define REPORTS_OTHERS_H

#include "reports/output.h"
#include "schema/store.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct others_row {
	int64_t uid; /* -1: Slurm itself */
	char *why;
	int64_t jobs;
};

/* All zero is an empty one. */
struct others {
	bool unknown; /* the filter asks what is not recorded of these jobs */
	struct others_row *rows;
	size_t n;
	size_t cap;
};

/* Counts what is in the filter's period, and on its clusters and partitions. */
int others_read(struct others *others, struct store *store,
		const struct store_filter *filter, struct err *err);
void others_finish(struct others *others);

/* A section of text; nothing if there are none. */
void others_print(const struct others *others, const struct output *out);

/* Who it was: "uid 0 (root)"; freed by the caller. */
char *others_who(const struct others_row *row);

/* An array of objects; null if it is not known. */
json_t *others_array(const struct others *others);

#endif
