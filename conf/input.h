/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text file that a person wrote, read line by line with the numbers that
 * messages about it need. */
#ifndef CONF_INPUT_H
#define CONF_INPUT_H

#include "lib/err.h"
#include "lib/text.h"

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct input {
	const char *path; /* the caller's, as the operator wrote it */
	FILE *file;
	char *text; /* the line, without its newline; "" before the first */
	size_t cap;
	int line; /* its number, from 1 */
	mode_t mode;
};

/* Opens a regular file for reading; anything else is refused without waiting
 * for it, as a FIFO would have one do. -1 is ERR_USAGE and names the path and
 * the cause. */
int input_open(struct input *input, const char *path, struct err *err);

/* Takes NULL, and what was never opened if it is all zero. */
void input_close(struct input *input);

/* Reads the next line: 1, 0 at the end, -1 (ERR_USAGE) where it cannot be read
 * or holds a NUL byte. */
int input_next(struct input *input, struct err *err);

/* -1 (ERR_USAGE) with the remedy if others may write the file, or read it.
 * secret: what it holds, "password". */
int input_check_unwritable(const struct input *input, struct err *err);
int input_check_secret(const struct input *input, const char *secret,
		       struct err *err);

/* Reads all that is left, up to 64 KiB of it, line by line. */
int input_text(struct input *input, struct text *text, struct err *err);

/* Puts "PATH:LINE: " in front of an error. Returns -1. */
int input_at(const struct input *input, struct err *err);

/* A local input that closes itself. */
#define autoinput __attribute__((cleanup(input_close)))

#endif
