/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/witness.h"

#include "lib/mem.h"
#include "lib/ticks.h"
#include "watcher/witness_file.h"
#include "watcher/witness_journal.h"

#include <jansson.h>
#include <time.h>

/* One of file and journal is NULL. */
struct witness {
	struct witness_file *file;
	struct witness_journal *journal;
	struct witness_sift *sift;
};

struct witness *witness_new(const struct conf *conf)
{
	struct witness *witness;

	if (!*conf->witness.slurmctld_log && !*conf->witness.journal)
		return NULL;
	witness = mem_alloc(1, sizeof(*witness));
	witness->sift = witness_sift_new();
	if (*conf->witness.slurmctld_log)
		witness->file = witness_file_new(conf->witness.slurmctld_log);
	else
		witness->journal =
			witness_journal_new(conf->witness.journal, NULL);
	return witness;
}

void witness_free(struct witness *witness)
{
	if (!witness)
		return;
	witness_file_free(witness->file);
	witness_journal_free(witness->journal);
	witness_sift_free(witness->sift);
	free(witness);
}

int witness_resume(struct witness *witness, const char *position,
		   struct err *err)
{
	json_t *json = json_loads(position, 0, NULL);
	json_t *part;
	int rc = 0;

	if (!json)
		return err_set(err, ERR_STOP,
			       "log: what is stored of it is no position");
	/* Of the other kind: the configuration was changed since. */
	part = json_object_get(json, witness->file ? "file" : "journal");
	if (part && witness->file)
		rc = witness_file_resume(witness->file, witness->sift, part,
					 err);
	else if (part)
		rc = witness_journal_resume(witness->journal, witness->sift,
					    part, err);
	json_decref(json);
	return rc;
}

static struct witness_moment now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (struct witness_moment){
		.clock_ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000,
		.ticks_ms = ticks_ms(),
	};
}

int witness_read(struct witness *witness, witness_fn *fn, void *arg,
		 struct err *err)
{
	int rc;

	witness_sift_begin(witness->sift, now());
	rc = witness->file
		     ? witness_file_read(witness->file, witness->sift, err)
		     : witness_journal_read(witness->journal, witness->sift,
					    err);
	if (rc < 0)
		return -1;
	if (witness_sift_give(witness->sift, rc == 0, fn, arg, err) < 0)
		return -1;
	return rc;
}

char *witness_position(const struct witness *witness)
{
	json_t *part =
		witness->file
			? witness_file_position(witness->file, witness->sift)
			: witness_journal_position(witness->journal,
						   witness->sift);
	json_t *json;
	autofree char *text = NULL;

	if (!part)
		return NULL;
	json = json_pack("{s:o}", witness->file ? "file" : "journal", part);
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return text ? mem_strdup(text) : NULL;
}
