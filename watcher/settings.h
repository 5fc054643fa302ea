/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What slurmctld or slurmdbd runs with, as `scontrol show config` and `sacctmgr
 * show config` write it: a KEY = VALUE a line. */
#ifndef WATCHER_SETTINGS_H
#define WATCHER_SETTINGS_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct settings {
	struct setting *items;
	size_t n;
	size_t cap;
};

/* The settings behind the line `heading`, or all if that is NULL. Ends with
 * settings_finish(). */
void settings_parse(struct settings *settings, const char *text,
		    const char *heading);
void settings_finish(struct settings *settings);

/* The value: "" where it is not set, NULL where that version has no such key.
 * What Slurm numbers, as SlurmctldHost[0], is found by the bare key, the first
 * one. */
const char *settings_get(const struct settings *settings, const char *key);

/* The number that the value begins with; -1: there is none. */
int64_t settings_int(const struct settings *settings, const char *key);

/* Whether the word is one of the value's, a comma list, in any letter case. */
bool settings_has(const struct settings *settings, const char *key,
		  const char *word);

/* How old a row is at least, in seconds, when slurmdbd purges it: the value is
 * such as "12 months" or, where it is archived before, "30 days*". -1: never,
 * or that version has no such key. Slurm's month begins with the calendar's:
 * it is counted as 28 days. */
int64_t settings_purge_s(const struct settings *settings, const char *key);

/* Asks the slurmdbd of that slurm.conf, by sacctmgr, under a time limit. -1
 * (ERR_RETRY, ERR_STOP). */
int settings_of_slurmdbd(struct settings *settings, const char *slurm_conf,
			 int timeout_ms, struct err *err);

#endif
