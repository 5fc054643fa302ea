/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows what a unit logs to systemd's journal. */
#ifndef WATCHER_WITNESS_JOURNAL_H
#define WATCHER_WITNESS_JOURNAL_H

#include "lib/err.h"
#include "watcher/witness_sift.h"

#include <jansson.h>

struct witness_journal;

/* Nothing is opened yet: it begins with the entries of the last minute. folder:
 * of journal files, instead of this host's journal; NULL for that. */
struct witness_journal *witness_journal_new(const char *unit,
					    const char *folder);
void witness_journal_free(struct witness_journal *journal);

/* As those of witness_file.h. */
int witness_journal_resume(struct witness_journal *journal,
			   struct witness_sift *sift, json_t *position,
			   struct err *err);
int witness_journal_read(struct witness_journal *journal,
			 struct witness_sift *sift, struct err *err);
json_t *witness_journal_position(const struct witness_journal *journal,
				 const struct witness_sift *sift);

#endif
