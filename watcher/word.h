/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slurmctld's word on jobs, asked for in a child while passes go on: a
 * slurmctld that hangs delays no pass. */
#ifndef WATCHER_WORD_H
#define WATCHER_WORD_H

#include "conf/conf.h"
#include "watcher/slurmctld.h"

#include <stdbool.h>
#include <stdint.h>

struct word;

/* NULL where the configuration names no slurm.conf; the other calls take
 * that. conf must outlive it. */
struct word *word_new(const struct conf *conf);
void word_free(struct word *word);

/* Whether there can be an answer at all on jobs of that cluster: slurm.conf is
 * that of one, which is known from its first answer on. */
bool word_can_ask(const struct word *word, const char *cluster);

/* What slurmctld said of the job since the last pass; NULL: nothing, and then
 * it will be asked. */
const struct slurmctld_job *word_ask(struct word *word, const char *cluster,
				     int64_t id_job);

/* To be called before each pass, to take in what was answered, and after it, to
 * forget that and to ask what is to be asked. */
void word_before(struct word *word);
void word_after(struct word *word);

/* Waits, after a pass, for what was asked, as long as an answer may take.
 * False: nothing was asked, or there was no answer. */
bool word_wait(struct word *word);

#endif
