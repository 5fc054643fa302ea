/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a fuzz target over its corpus, without libFuzzer: the corpus is a
 * regression test for every compiler. Takes files and folders of them. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <fts.h>

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* From memory of just its size, so that reading beyond is found out. */
static void replay(const char *path)
{
	FILE *file = fopen(path, "r");
	uint8_t *data = NULL;
	autotext struct text bytes = {0};
	char chunk[4096];
	size_t n;

	if (!file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(EXIT_FAILURE);
	}
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		text_add_bytes(&bytes, chunk, n);
	fclose(file);
	data = mem_alloc(bytes.len, 1);
	if (bytes.len)
		memcpy(data, bytes.s, bytes.len);
	/* Where it fails, this is the last line. */
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, bytes.len);
	free(data);
}

int main(int argc, char **argv)
{
	int options = FTS_LOGICAL | FTS_NOCHDIR;
	FTS *tree = argc > 1 ? fts_open(argv + 1, options, by_name) : NULL;
	FTSENT *entry;
	size_t n = 0;

	while (tree && (entry = fts_read(tree))) {
		if (entry->fts_info == FTS_F) {
			replay(entry->fts_accpath);
			n++;
		}
	}
	if (tree)
		fts_close(tree);
	printf("%zu inputs\n", n);
	return n ? EXIT_SUCCESS : EXIT_FAILURE;
}
