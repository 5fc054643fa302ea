/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store whose chain has entries of every kind, written as watcher writes. */
#ifndef TESTS_CHAIN_STORE_H
#define TESTS_CHAIN_STORE_H

#include "lib/mem.h"
#include "schema/store.h"
#include "schema/store_restoration.h"

#include <stdio.h>
#include <string.h>

#define CHAIN_STORE_SCRIPT                                                     \
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

/* Ends the test, or the program, if something could not be written. */
static inline void chain_store_must(bool ok, const struct err *err)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n", err->msg);
	abort();
}

static inline int64_t chain_store_incident(struct store *store, int64_t id_job,
					   int64_t ended, const char *script)
{
	autofree char *cluster = mem_strdup(id_job % 2 ? "alpha" : "beta");
	autofree char *job_id = mem_printf("%lld", (long long)id_job);
	autofree char *name = mem_strdup("na\xc3\xafve \"x\"\n=1+1");
	autofree char *suspected = mem_strdup("suspected");
	autofree char *word = mem_strdup("x");
	autofree char *kind = mem_strdup("signalled");
	autofree char *row = mem_printf("{\"id_job\":%s}", job_id);
	autofree char *sha256 = mem_strdup(script);
	autofree char *empty = mem_strdup("");
	struct incident incident = {
		.cluster = cluster,
		.job_id = job_id,
		.job_db_inx = job_id,
		.id_job = id_job,
		.root_id = id_job / 3,
		.part = empty,
		.user = word,
		.uid = 1001,
		.account = word,
		.partition = word,
		.section = empty,
		.qos = word,
		.job_name = name,
		.kind = kind,
		.confidence = suspected,
		.phase = word,
		.tasks = 1,
		.submitted = 1000,
		.ended = ended,
		.detected = ended + 1,
		.state = word,
		.reason = word,
		.causes = word,
		.exempt = id_job % 5 ? empty : word,
		.found = word,
		.late = id_job % 7 == 0,
		.script_sha256 = sha256,
		.job = row,
	};
	struct err err;

	chain_store_must(store_incident_add(store, &incident, &err) == 1, &err);
	return incident.incident_id;
}

/* What becomes of incident `id`, by its number: something, or nothing. */
static inline void chain_store_follow_up(struct store *store, int64_t id,
					 int64_t at_s)
{
	const struct store_return back = {"requeued", "3", 3, 0};
	const struct store_followed followed = {
		.incident_id = id,
		.submitted = 7,
		.state = "running",
		.started = at_s,
	};
	struct err err;
	int rc = 0;

	switch (id % 6) {
	case 1:
		rc = store_correct(store, id, at_s, CORRECTION_CONFIRMED,
				   "the log \"says\" so", &err);
		break;
	case 2:
		rc = store_incident_script(store, id, CHAIN_STORE_SCRIPT, &err);
		break;
	case 3:
		rc = store_claim(store, id, at_s, "requeued by watcher",
				 "{\"by\":\"root\"}", &err);
		if (rc == 0)
			rc = store_restoring(store, id, at_s,
					     "requeued by watcher",
					     "{\"exit\":0}", &err);
		break;
	case 4:
		rc = store_restored(store, id, at_s, &back, &err);
		if (rc > 0)
			rc = store_follow(store, &followed, at_s + 1, &err);
		break;
	case 5:
		rc = store_acknowledge(store, id, at_s, "anna", "known", &err);
		if (rc > 0 && id % 4 == 1)
			rc = store_unacknowledge(store, id, at_s, "anna",
						 "oops", &err);
		break;
	default:
		rc = store_entry_add(store, id, at_s, "changed",
				     "{\"state\":1024}", &err);
	}
	chain_store_must(rc >= 0, &err);
}

static inline void chain_store_other(struct store *store, int64_t id_job)
{
	const struct store_not_owner seen = {
		.cluster = "alpha",
		.id_job = id_job,
		.submitted = 1000,
		.ended = 2000,
		.partition = "critical",
		.uid = id_job % 2 ? 0 : -1,
		.tasks = 1,
		.why = "kill_requid is another's",
	};
	struct err err;

	chain_store_must(store_not_owner_add(store, &seen, &err) == 0, &err);
}

/* Coverage of two clusters, one of which was away for a while. */
static inline void chain_store_spans(struct store *store, int64_t n,
				     int64_t now_s)
{
	const struct store_backfill backfill = {100, 200, false, 1};
	struct err err;
	int rc = store_watched(store, "alpha", now_s - 600, now_s, "", &err);

	if (rc == 0 && n % 3 != 1)
		rc = store_watched(store, "beta", now_s - 600, now_s,
				   "; caught up", &err);
	else if (rc == 0)
		rc = store_gap(store, "beta", 0, 0, "Lost connection", &err);
	if (rc == 0 && n % 4 == 0)
		rc = store_lost(store, "alpha", now_s, "gone", "{\"id\":1}",
				&err);
	if (rc == 0 && n % 4 == 1)
		rc = store_backfill_end(store, "alpha", &backfill, &err);
	chain_store_must(rc == 0, &err);
}

/* One transaction, the n-th: three incidents and what is written beside. */
static inline void chain_store_write(struct store *store, int64_t n)
{
	int64_t now_s = 1700000000 + n * 100;
	struct err err;
	int64_t id;
	int i;

	chain_store_must(store_begin(store, now_s, &err) == 0, &err);
	for (i = 0; i < 3; i++) {
		id = chain_store_incident(store, 3 * n + i, now_s - 10,
					  i == 0 ? CHAIN_STORE_SCRIPT : "");
		if (n > 0)
			chain_store_follow_up(store, id - 3, now_s);
	}
	chain_store_other(store, n);
	chain_store_spans(store, n, now_s);
	if (n % 3 == 0)
		store_tell(store);
	chain_store_must(store_commit(store, &err) == 0, &err);
}

#endif
