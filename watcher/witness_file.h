/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows a log file that grows, is renamed, and is cut. */
#ifndef WATCHER_WITNESS_FILE_H
#define WATCHER_WITNESS_FILE_H

#include "lib/err.h"
#include "watcher/witness_sift.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct witness_file;

/* Nothing is opened yet: it begins at most 1 MiB before the file's end. */
struct witness_file *witness_file_new(const char *path);
void witness_file_free(struct witness_file *file);

/* Begins again where position() said. What was renamed since is looked for in
 * its folder. -1 (ERR_STOP): no such position; nothing changed. */
int witness_file_resume(struct witness_file *file, struct witness_sift *sift,
			json_t *position, struct err *err);

/* Hands lines that are complete to the sifter, some MiB at most: 0, up to the
 * end; 1, there is more. -1 (ERR_RETRY): the file is not there, may not be
 * read, or is no file. */
int witness_file_read(struct witness_file *file, struct witness_sift *sift,
		      struct err *err);

/* Where to begin again. A new reference. */
json_t *witness_file_position(const struct witness_file *file,
			      const struct witness_sift *sift);

#endif
