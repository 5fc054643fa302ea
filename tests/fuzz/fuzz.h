/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every fuzz target needs: its entry, a way to fail, and ways to take an
 * input apart that keep a corpus readable. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "lib/mem.h"
#include "lib/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A target is one file with this function, which libFuzzer calls with inputs it
 * makes up, and replay.c with those of the corpus. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program where a property does not hold, so that the input is
 * kept. */
static inline void must_hold(bool truth, const char *what, const char *file,
			     int line)
{
	if (truth)
		return;
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}
#define must(truth) must_hold((truth), #truth, __FILE__, __LINE__)

/* Both texts are shown where they differ. */
static inline void must_be_same(const char *a, const char *b, const char *file,
				int line)
{
	if (strcmp(a, b) == 0)
		return;
	fprintf(stderr, "%s:%d: differ:\n%s\n---\n%s\n", file, line, a, b);
	abort();
}
#define must_equal(a, b) must_be_same((a), (b), __FILE__, __LINE__)

/* What is left of an input, as texts that each end in a NUL. */
struct fuzz_input {
	char *bytes; /* a copy with a NUL behind it */
	size_t size;
	size_t at;
};

static inline struct fuzz_input fuzz_input(const uint8_t *data, size_t size)
{
	return (struct fuzz_input){
		.bytes = mem_strndup(size ? (const char *)data : "", size),
		.size = size,
	};
}

static inline void fuzz_input_finish(struct fuzz_input *input)
{
	free(input->bytes);
}
#define autoinputs __attribute__((cleanup(fuzz_input_finish)))

/* Whether anything is left. */
static inline bool fuzz_more(const struct fuzz_input *input)
{
	return input->at < input->size;
}

/* The next text; "" at the end. Lives as long as the input. */
static inline char *fuzz_text(struct fuzz_input *input)
{
	char *text = input->bytes + input->at;

	input->at += strlen(text) + 1;
	if (input->at > input->size)
		input->at = input->size;
	return text;
}

/* The next text as a number; 0 where it is none. */
static inline int64_t fuzz_number(struct fuzz_input *input)
{
	return strtoll(fuzz_text(input), NULL, 10);
}

/* A memory file that is written whole, and its path. */
struct fuzz_file {
	int fd;
	char path[32];
};

void fuzz_file_write(struct fuzz_file *file, const void *bytes, size_t size);

#endif
