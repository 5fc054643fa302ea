/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a report goes: standard output, or a file that is written whole or
 * not at all. */
#ifndef REPORTS_OUTPUT_H
#define REPORTS_OUTPUT_H

#include "lib/err.h"
#include "reports/color.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct output {
	FILE *file; /* on a terminal one that escapes control characters */
	FILE *bare; /* what that writes to; NULL: file is bare itself */
	bool terminal;
	bool color;   /* colours are wanted */
	size_t width; /* columns of the terminal; for prose 80 elsewhere */
	char *path;   /* NULL: standard output */
	char *temp;   /* becomes path; NULL: path is written itself */
	int error;    /* an errno, of output_write() */
};

/* path NULL or "-": standard output. A device or pipe is written to as it
 * comes; a file is replaced by output_close(), and until then SIGINT, SIGTERM
 * and SIGHUP make output_failed() true. -1 (ERR_STOP). */
int output_open(struct output *output, const char *path, struct err *err);

/* Writes at once; output_close() tells what went wrong. */
void output_write(struct output *output, const void *bytes, size_t len);

/* Takes the escaping away, before anything is written: for text that is escaped
 * where it is made, and may have colours. */
void output_trust(struct output *output);

/* What is written from now on has the colour, if colours are wanted; plain ends
 * another. */
void output_color(const struct output *output, enum color color);

/* Whether going on makes no sense: disk full, or interrupted. */
bool output_failed(const struct output *output);

/* Ends the report: what was written is in the file, on disk, or this is -1
 * (ERR_STOP) and the file what it was before. */
int output_close(struct output *output, struct err *err);

/* Gives up what was opened and not closed; takes NULL, and all zero. */
void output_discard(struct output *output);

/* A local output that is discarded unless it was closed. */
#define autooutput __attribute__((cleanup(output_discard)))

#endif
