/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the chain costs: bench_chain STORE N makes a store of N incidents, in
 * turn as watcher records them and with the same statements and no hash, and
 * prints the microseconds of each; then it verifies the store. Both as time of
 * the processor, so that other work does not count; verifying also by the clock
 * on the wall. */
#include "schema/chain.h"
#include "lib/mem.h"
#include "schema/chain_verify.h"
#include "schema/store_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Incidents that are recorded in one go. */
#define BATCH 1000

/* About what a row of slurmdbd's takes. */
#define ROW_LEN 1300

static double clock_s(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void must(bool ok, const struct err *err)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n", err->msg);
	exit(1);
}

static void set_texts(struct incident *incident, const char *text)
{
	size_t i;

	for (i = 0; i < incident_n_fields; i++)
		if (incident_fields[i].type == INCIDENT_TEXT &&
		    incident_fields[i].recorded)
			*(char **)(void *)((char *)incident +
					   incident_fields[i].offset) =
				mem_strdup(text);
}

static struct incident an_incident(void)
{
	static const char confirmed[] = "confirmed";
	struct incident incident = {.uid = 1001, .tasks = 1, .submitted = 1000};

	set_texts(&incident, "some text");
	free(incident.confidence);
	incident.confidence = mem_strdup(confirmed);
	free(incident.job);
	incident.job = mem_alloc(ROW_LEN + 1, 1);
	memset(incident.job, 'x', ROW_LEN);
	return incident;
}

/* One that is of no other's event. */
static void renumber(struct incident *incident, int64_t n)
{
	incident->incident_id = 0;
	incident->event_id = 0;
	incident->id_job = n;
	incident->root_id = n;
	incident->ended = 1700000000 + n;
	incident->detected = incident->ended + 1;
}

static void bind(sqlite3_stmt *stmt, const struct incident *incident)
{
	int i;

	for (i = 1; i <= sqlite3_bind_parameter_count(stmt); i++) {
		const char *name = sqlite3_bind_parameter_name(stmt, i);
		const struct incident_field *field = incident_field(name + 1);

		if (field->type == INCIDENT_TEXT)
			store_bind_text(stmt, name,
					incident_text(incident, field));
		else
			store_bind_int(stmt, name,
				       incident_int(incident, field));
	}
}

static void run(struct store *store, enum query query,
		const struct incident *incident)
{
	autoreset sqlite3_stmt *stmt = store_stmt(store, query);
	struct err err;

	bind(stmt, incident);
	must(store_step(store, stmt, &err) >= 0, &err);
}

/* What store_incident_add() runs, and an entry of the same size. */
static void record_without_hash(struct store *store, struct incident *incident)
{
	static const unsigned char zeros[CHAIN_HASH];
	autoreset sqlite3_stmt *last = store_stmt(store, QUERY_ENTRY_LAST);
	autoreset sqlite3_stmt *entry = store_stmt(store, QUERY_ENTRY_ADD);
	struct err err;

	run(store, QUERY_INCIDENT_FIND, incident);
	run(store, QUERY_EVENT_FIND, incident);
	run(store, QUERY_INCIDENT_ADD, incident);
	incident->incident_id = sqlite3_last_insert_rowid(store->db);
	run(store, QUERY_INCIDENT_OWN_EVENT, incident);
	must(store_step(store, last, &err) >= 0, &err);
	store_bind_int(entry, ":entry_id", sqlite3_column_int64(last, 0) + 1);
	store_bind_int(entry, ":incident_id", incident->incident_id);
	store_bind_int(entry, ":at", incident->detected);
	store_bind_text(entry, ":kind", "incident");
	store_bind_text(entry, ":content", "");
	store_bind_blob(entry, ":salt", zeros, CHAIN_SALT);
	store_bind_blob(entry, ":content_sha256", zeros, CHAIN_HASH);
	store_bind_blob(entry, ":hash", zeros, CHAIN_HASH);
	must(store_run(store, entry, &err) == 0, &err);
}

/* Seconds of the processor for one batch, without its commit. */
static double batch(struct store *store, struct incident *incident,
		    int64_t from, bool with_hash)
{
	struct err err;
	double begun;
	int64_t i;

	must(store_begin(store, 1700000000, &err) == 0, &err);
	begun = clock_s(CLOCK_PROCESS_CPUTIME_ID);
	for (i = from; i < from + BATCH; i++) {
		renumber(incident, i);
		if (with_hash)
			must(store_incident_add(store, incident, &err) == 1,
			     &err);
		else
			record_without_hash(store, incident);
	}
	begun = clock_s(CLOCK_PROCESS_CPUTIME_ID) - begun;
	must(store_commit(store, &err) == 0, &err);
	return begun;
}

/* In turn, so that both meet the same machine; the second store is only for
 * this. */
static void measure_append(struct store *store, const char *path, int64_t n)
{
	autofree char *other = mem_printf("%s.plain", path);
	struct err err;
	struct store *plain = store_open(other, NULL, 1700000000, &err);
	struct incident incident = an_incident();
	double with = 0, without = 0;
	int64_t i;

	must(plain != NULL, &err);
	for (i = 0; i < n; i += BATCH) {
		without += batch(plain, &incident, i, false);
		with += batch(store, &incident, i, true);
	}
	printf("append %.2f %.2f\n", 1e6 * with / (double)n,
	       1e6 * without / (double)n);
	fflush(stdout);
	store_close(plain);
	incident_finish(&incident);
}

static void measure_verify(const char *path)
{
	struct err err;
	struct store *store = store_open_read(path, &err);
	struct chain_report report = {0};
	double wall = clock_s(CLOCK_MONOTONIC);
	double cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID);

	must(store != NULL, &err);
	must(chain_verify(store, &report, &err) == 0, &err);
	printf("verify %.2f %.2f %" PRId64 " %zu\n",
	       clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu,
	       clock_s(CLOCK_MONOTONIC) - wall, report.entries,
	       report.n_findings);
	chain_report_finish(&report);
	store_close(store);
}

int main(int argc, char **argv)
{
	struct store *store;
	struct err err;

	if (argc != 3)
		return 2;
	store = store_open(argv[1], NULL, 1700000000, &err);
	must(store != NULL, &err);
	measure_append(store, argv[1], strtoll(argv[2], NULL, 10));
	store_close(store);
	measure_verify(argv[1]);
	return 0;
}
