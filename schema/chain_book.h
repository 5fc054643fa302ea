/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What entries say of rows that change, held against the rows themselves. */
#ifndef SCHEMA_CHAIN_BOOK_H
#define SCHEMA_CHAIN_BOOK_H

#include "lib/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a line is about. */
enum chain_subject {
	CHAIN_LATER,  /* the columns of an incident that are filled in later */
	CHAIN_SCRIPT, /* its script, where that came later */
	CHAIN_SPAN,   /* a span of coverage */
	CHAIN_OTHER,  /* a job that its owner did not cancel */
};

#define CHAIN_DIGEST 16

struct chain_line {
	uint64_t id;      /* of the row; of CHAIN_OTHER a hash of its key */
	int64_t entry_id; /* the last that tells of it */
	unsigned char said[CHAIN_DIGEST]; /* all zero: that it is empty */
	unsigned char is[CHAIN_DIGEST];
	enum chain_subject subject;
	bool used;
	bool told;
	bool found;
	bool runs;     /* a span that is being watched */
	bool doubtful; /* the entry that tells of it is bad itself */
};

struct chain_book {
	struct chain_line *lines; /* cap of them; those in use are `used` */
	size_t cap;
	size_t n;
};

/* The line, made if there is none; it stays until the next call. */
struct chain_line *chain_book_line(struct chain_book *book,
				   enum chain_subject subject, uint64_t id);
void chain_book_free(struct chain_book *book);

/* Of the bytes; all zero of none. */
void chain_digest(unsigned char digest[CHAIN_DIGEST], const struct text *text);

#endif
