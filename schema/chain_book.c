/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/chain_book.h"

#include "lib/mem.h"

#include <sodium.h>
#include <string.h>

#define FIRST_CAP 1024

/* Where the line is, or would be. */
static struct chain_line *slot(const struct chain_book *book,
			       enum chain_subject subject, uint64_t id)
{
	/* Numbers come one after the other: spread them. */
	uint64_t hash = (id * 4 + subject) * UINT64_C(0x9e3779b97f4a7c15);
	size_t i = (size_t)(hash >> 20) & (book->cap - 1);

	while (book->lines[i].used &&
	       (book->lines[i].id != id || book->lines[i].subject != subject))
		i = (i + 1) & (book->cap - 1);
	return &book->lines[i];
}

static void grow(struct chain_book *book)
{
	struct chain_book larger = {
		.cap = book->cap ? 2 * book->cap : FIRST_CAP,
		.n = book->n,
	};
	size_t i;

	larger.lines = mem_alloc(larger.cap, sizeof(*larger.lines));
	for (i = 0; i < book->cap; i++) {
		const struct chain_line *line = &book->lines[i];

		if (line->used)
			*slot(&larger, line->subject, line->id) = *line;
	}
	free(book->lines);
	*book = larger;
}

struct chain_line *chain_book_line(struct chain_book *book,
				   enum chain_subject subject, uint64_t id)
{
	struct chain_line *line;

	if (2 * (book->n + 1) > book->cap)
		grow(book);
	line = slot(book, subject, id);
	if (!line->used) {
		*line = (struct chain_line){
			.id = id, .subject = subject, .used = true};
		book->n++;
	}
	return line;
}

void chain_book_free(struct chain_book *book)
{
	free(book->lines);
	*book = (struct chain_book){0};
}

void chain_digest(unsigned char digest[CHAIN_DIGEST], const struct text *text)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	memset(digest, 0, CHAIN_DIGEST);
	if (!text->len)
		return;
	crypto_hash_sha256(hash, (const unsigned char *)text->s, text->len);
	memcpy(digest, hash, CHAIN_DIGEST);
}
