/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a store for tests of the command line: make_chain STORE N. */
#include "tests/chain_store.h"

int main(int argc, char **argv)
{
	struct store *store;
	struct err err;
	int64_t i;

	if (argc != 3)
		return 2;
	store = store_open(argv[1], NULL, 1700000000, &err);
	chain_store_must(store != NULL, &err);
	for (i = 0; i < strtoll(argv[2], NULL, 10); i++)
		chain_store_write(store, i);
	store_close(store);
	return 0;
}
