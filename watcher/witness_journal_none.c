/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where there is no libsystemd; conf.c refuses the key, too. */
#include "watcher/witness_journal.h"

#include <stddef.h>

struct witness_journal *witness_journal_new(const char *unit,
					    const char *folder)
{
	(void)unit;
	(void)folder;
	return NULL;
}

void witness_journal_free(struct witness_journal *journal)
{
	(void)journal;
}

int witness_journal_resume(struct witness_journal *journal,
			   struct witness_sift *sift, json_t *position,
			   struct err *err)
{
	(void)position;
	return witness_journal_read(journal, sift, err);
}

int witness_journal_read(struct witness_journal *journal,
			 struct witness_sift *sift, struct err *err)
{
	(void)journal;
	(void)sift;
	return err_set(err, ERR_STOP, "journal: built without libsystemd");
}

json_t *witness_journal_position(const struct witness_journal *journal,
				 const struct witness_sift *sift)
{
	(void)journal;
	(void)sift;
	return NULL;
}
