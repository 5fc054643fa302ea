/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An empty store for targets that write to one. */
#ifndef TESTS_FUZZ_STORE_H
#define TESTS_FUZZ_STORE_H

#include "schema/store.h"
#include "tests/fuzz/fuzz.h"

#include <ftw.h>
#include <unistd.h>

static inline int fuzz_store_remove(const char *path, const struct stat *st,
				    int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* The store's files lose their names at once: nothing is left behind, however
 * the program ends. Each input is a transaction that is taken back. */
static inline struct store *fuzz_store_open(void)
{
	char folder[] = "/dev/shm/watcher-fuzz.XXXXXX";
	autofree char *path = NULL;
	struct store *store;
	struct err err;

	must(mkdtemp(folder) != NULL);
	path = mem_printf("%s/store", folder);
	store = store_open(path, NULL, 100, &err);
	must(store != NULL);
	nftw(folder, fuzz_store_remove, 16, FTW_DEPTH | FTW_PHYS);
	return store;
}

#endif
