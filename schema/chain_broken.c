/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the chain ends as it was sealed, before anything is appended to it:
 * the end is sealed anew then, and nothing else would tell. End and seal are
 * committed together, so a crash cannot part them. */
#include "lib/mem.h"
#include "schema/chain_walk.h"

#include <inttypes.h>
#include <string.h>

static char *in_words(const struct chain_report *report)
{
	struct text what = {0};
	size_t i;

	for (i = 0; i < report->n_listed; i++) {
		const struct chain_finding *finding = &report->findings[i];

		if (i)
			text_add(&what, "; ");
		if (finding->entry_id)
			text_addf(&what, "entry %" PRId64 ": ",
				  finding->entry_id);
		text_add(&what, finding->what);
	}
	return text_take(&what);
}

/* Appends what was expected and what was found. */
static int append_broken(struct store *store, const struct store_head *sealed,
			 const char *what, struct err *err)
{
	const struct chain_entry entry = {
		.at_s = chain_now(store),
		.kind = "broken",
	};
	char hash[CHAIN_HEX];

	sodium_bin2hex(hash, sizeof(hash), store->chain.hash, CHAIN_HASH);
	return chain_append_json(
		store, entry,
		json_pack("{s:s, s:{s:I, s:s, s:I}, s:{s:I, s:s}}", "what",
			  what, "sealed", "entry_id",
			  (json_int_t)sealed->entries, "hash", sealed->hash,
			  "at", (json_int_t)sealed->at_s, "found", "entry_id",
			  (json_int_t)store->chain.entry_id, "hash", hash),
		err);
}

static int go_on(struct store *store, const struct chain_report *report,
		 struct err *err)
{
	char *what = in_words(report);

	if (append_broken(store, &report->head, what, err) < 0) {
		free(what);
		return -1;
	}
	free(store->broken.what);
	store->broken.what = what;
	store->broken.entry_id = store->chain.entry_id;
	store->broken.at_s = chain_now(store);
	return 0;
}

int chain_check_end(struct store *store, struct err *err)
{
	struct chain_report report = {0};
	struct chain_walk walk = {.store = store, .report = &report};
	int rc = -1;

	if (chain_find_head(store, err) < 0 ||
	    store_head(store, &report.head, err) < 0)
		return -1;
	walk.last_id = store->chain.entry_id;
	memcpy(walk.hash, store->chain.hash, CHAIN_HASH);
	if (chain_check_seal(&walk, err) == 0)
		rc = report.n_findings ? go_on(store, &report, err) : 0;
	chain_report_finish(&report);
	return rc;
}

void store_on_broken(struct store *store, store_broken_fn *fn, void *arg)
{
	store->broken.fn = fn;
	store->broken.arg = arg;
}

int chain_tell_broken(struct store *store, struct err *err)
{
	const struct store_broken broken = {
		.path = store->path,
		.entry_id = store->broken.entry_id,
		.at_s = store->broken.at_s,
		.what = store->broken.what,
	};

	if (!broken.what || !store->broken.fn)
		return 0;
	store->broken.told =
		store->broken.fn(store, &broken, store->broken.arg, err) == 0;
	return store->broken.told ? 0 : -1;
}

void chain_committed(struct store *store)
{
	if (!store->broken.told)
		return;
	free(store->broken.what);
	store->broken.what = NULL;
	store->broken.told = false;
}
