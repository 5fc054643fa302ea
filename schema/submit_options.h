/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of sbatch, srun and salloc, as far as it takes to tell an option
 * from a value. */
#ifndef SCHEMA_SUBMIT_OPTIONS_H
#define SCHEMA_SUBMIT_OPTIONS_H

#include <stddef.h>

/* Bits: an option may be of several. */
enum submit_program {
	SUBMIT_SBATCH = 1,
	SUBMIT_SRUN = 2,
	SUBMIT_SALLOC = 4,
};

enum submit_value {
	SUBMIT_NONE,
	SUBMIT_NEEDED,   /* behind a =, or else the next word */
	SUBMIT_OPTIONAL, /* behind a = only */
};

struct submit_option {
	const char *name;
	char letter; /* 0: has none */
	unsigned programs;
	enum submit_value value;
};

/* The program's option whose name these bytes are, or begin as no other does
 * (getopt_long(3)); NULL: none, or several. */
const struct submit_option *submit_option_long(enum submit_program program,
					       const char *name, size_t len);

/* The program's option of that letter; NULL: none. */
const struct submit_option *submit_option_short(enum submit_program program,
						char letter);

#endif
