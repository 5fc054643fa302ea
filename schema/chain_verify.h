/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the store is what its chain says, and what is wrong first. */
#ifndef SCHEMA_CHAIN_VERIFY_H
#define SCHEMA_CHAIN_VERIFY_H

#include "lib/err.h"
#include "lib/sign.h"
#include "schema/store.h"

#include <stddef.h>
#include <stdint.h>

/* More than these are only counted. */
#define CHAIN_FINDINGS 10

/* The least digits of a hash that name an entry. */
#define CHAIN_KEPT_DIGITS 16

struct chain_finding {
	int64_t entry_id;    /* 0: of no entry */
	int64_t incident_id; /* 0: of none */
	int64_t at_s;        /* the entry's */
	char *kind;          /* the entry's; NULL: it is not there */
	char *what;          /* a sentence, without its stop */
};

/* A head that was kept elsewhere. */
struct chain_kept {
	const char *hash; /* its first digits, in small letters */
	int64_t entry_id; /* whose it is; 0: no entry's */
	int64_t at_s;
};

enum chain_signature {
	CHAIN_NOT_SIGNED,
	CHAIN_SIGNED, /* it was not checked, for want of a key */
	CHAIN_SIGNED_WELL,
	CHAIN_SIGNED_BADLY,
	CHAIN_SIGNATURE_N
};

struct chain_report {
	/* What is asked: */
	const struct sign_public *key; /* NULL: whose signature it is does not
					  matter */
	struct chain_kept *kept;
	size_t n_kept;

	/* and found: */
	struct store_head head;
	enum chain_signature signature;
	int64_t entries;
	int64_t since_s; /* of the first entry */
	int64_t until_s; /* of the last */
	int64_t incidents;
	int64_t pruned;                                /* entries */
	struct chain_finding findings[CHAIN_FINDINGS]; /* by entry, those of
							  none last */
	size_t n_listed;
	size_t n_findings; /* all of them; 0: it verifies */
};

/* Reads the chain once, from end to end, as it was when the call began. All
 * zero but what is asked; ended by chain_report_finish(), also after -1. */
int chain_verify(struct store *store, struct chain_report *report,
		 struct err *err);
void chain_report_finish(struct chain_report *report);

#endif
