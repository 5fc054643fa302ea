/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores that were altered in every way there is, at random places: none
 * verifies. WATCHER_TEST_SEED and WATCHER_TEST_ROUNDS choose others. */
#include "lib/mem.h"
#include "schema/chain_verify.h"
#include "tests/tamper.h"
#include "tests/unit.h"

static struct way {
	const char *what;
	bool (*alter)(sqlite3 *db);
	unsigned weight;
	bool whole; /* what it leaves is a chain: only a head that was kept
		       elsewhere tells */
	unsigned rounds;
	unsigned noticed;
	unsigned without_head;
} ways[] = {
	{.what = "a byte changed", .alter = alter_byte, .weight = 40},
	{.what = "a type changed", .alter = alter_type, .weight = 15},
	{.what = "values swapped", .alter = swap_values, .weight = 10},
	{.what = "a row removed", .alter = remove_row, .weight = 8},
	{.what = "a row added", .alter = add_row, .weight = 8},
	{.what = "entries swapped", .alter = swap_entries, .weight = 5},
	{.what = "an entry cut out", .alter = close_up, .weight = 4},
	{.what = "an entry rehashed", .alter = rehash_one, .weight = 4},
	{.what = "history rewritten",
	 .alter = rewrite_history,
	 .weight = 2,
	 .whole = true},
	{.what = "rewritten, gone on", .alter = rewrite_unsealed, .weight = 4},
	{.what = "cut off, gone on", .alter = cut_off, .weight = 4},
	{.what = "the tail cut off",
	 .alter = go_back,
	 .weight = 2,
	 .whole = true},
	{.what = "the store swapped",
	 .alter = swap_store,
	 .weight = 2,
	 .whole = true},
};

/* How often chain-check is asked as well, which takes a while to start. */
#define CHECKER_EACH 20

static char head[65];

/* Findings of the copy before it is altered: what its schema is like. */
static size_t found_before;
static size_t n_loose;

/* How many findings there are; a store that cannot be read at all is one. */
static size_t verify(const char *path, bool with_head)
{
	struct chain_kept kept = {.hash = head};
	struct chain_report report = {.kept = &kept, .n_kept = with_head};
	struct store *store = store_open_read(path, &err);
	size_t n = 1;

	if (store && chain_verify(store, &report, &err) == 0)
		n = report.n_findings;
	chain_report_finish(&report);
	store_close(store);
	return n < found_before ? n : n - found_before;
}

/* Whether the one that was written from the manual alone finds anything. */
static bool checker_finds(const char *path)
{
	autofree char *command =
		mem_printf("%s/tests/chain-check %s >/dev/null 2>&1",
			   getenv("WATCHER_SOURCE_ROOT"), path);

	return system(command) != 0;
}

static struct way *choose_way(void)
{
	unsigned all = 0, chosen;
	size_t i;

	for (i = 0; i < LENGTH(ways); i++)
		all += ways[i].weight;
	chosen = (unsigned)rng(all);
	for (i = 0; chosen >= ways[i].weight; i++)
		chosen -= ways[i].weight;
	return &ways[i];
}

/* Half of them with a schema that keeps nothing out. */
static void make_copy(const char *path)
{
	autofree char *wal = mem_printf("%s-wal", path);
	bool is_loose;

	unlink(wal);
	is_loose = rng(2) == 0;
	found_before = is_loose ? n_loose : 0;
	copy_file(unit_path(is_loose ? "loose.db" : "s.db"), path);
}

static void one_round(int round)
{
	struct way *way = choose_way();
	autofree char *path = mem_strdup(unit_path("copy.db"));
	bool changed = false;
	sqlite3 *db;

	while (!changed) {
		make_copy(path);
		db = open_db(path);
		run(db, "PRAGMA ignore_check_constraints = 1;"
			"PRAGMA synchronous = OFF");
		changed = way->alter(db);
		sqlite3_close(db);
		if (changed && !way->whole && verify(path, false) == 0)
			ck_abort_msg("round %d: %s, not noticed (%s)", round,
				     way->what, done);
	}
	if (round % CHECKER_EACH == 0)
		ck_assert_msg(checker_finds(path) != way->whole,
			      "round %d: %s (%s): chain-check says otherwise",
			      round, way->what, done);
	way->rounds++;
	way->noticed += verify(path, true) > 0;
	way->without_head += verify(path, false) > 0;
}

static void make_store(const char *path, bool with_copies)
{
	struct store *store = store_open(path, NULL, 1700000000, &err);
	struct store_head last;
	int i;

	ck_assert_msg(store != NULL, "%s", err.msg);
	for (i = 0; i < WRITES; i++) {
		autofree char *before = mem_printf("%s/before-%d", unit_dir, i);

		chain_store_write(store, i);
		if (!with_copies)
			continue;
		store_close(store);
		flush(path);
		copy_file(path, before);
		store = store_open(path, NULL, 1700000000, &err);
		ck_assert_msg(store != NULL, "%s", err.msg);
	}
	ck_assert_int_eq(store_head(store, &last, &err), 1);
	if (with_copies)
		memcpy(head, last.hash, sizeof(head));
	store_close(store);
	flush(path);
}

/* The same store, whose columns take any type, and NULL. */
static void make_loose(void)
{
	sqlite3 *db;

	copy_file(unit_path("s.db"), unit_path("loose.db"));
	db = open_db(unit_path("loose.db"));
	ck_assert(run(db, "PRAGMA writable_schema = ON"));
	ck_assert(run(db, "UPDATE sqlite_master SET sql = replace(replace("
			  "replace(sql, ' INTEGER NOT NULL', ''),"
			  " ' TEXT NOT NULL', ''), ' BLOB NOT NULL', '')"
			  " WHERE type = 'table' AND sql LIKE '%%NOT NULL%%'"));
	ck_assert(run(db, "PRAGMA writable_schema = OFF"));
	sqlite3_close(db);
}

static uint64_t from_env(const char *name, uint64_t fallback)
{
	const char *value = getenv(name);

	return value ? strtoull(value, NULL, 10) : fallback;
}

START_TEST(none_goes_unnoticed)
{
	uint64_t seed = from_env("WATCHER_TEST_SEED", 1);
	int rounds = (int)from_env("WATCHER_TEST_ROUNDS", 1000);
	unsigned all = 0;
	size_t i;
	int round;

	rng_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	make_store(unit_path("s.db"), true);
	make_store(unit_path("other.db"), false);
	make_loose();
	found_before = 0;
	ck_assert_uint_eq(verify(unit_path("s.db"), true), 0);
	n_loose = verify(unit_path("loose.db"), true);
	ck_assert_uint_gt(n_loose, 5);
	ck_assert(!checker_finds(unit_path("s.db")));
	for (round = 0; round < rounds; round++)
		one_round(round);
	printf("seed %llu\n", (unsigned long long)seed);
	for (i = 0; i < LENGTH(ways); i++) {
		printf("%-18s %4u rounds, %4u noticed%s\n", ways[i].what,
		       ways[i].rounds, ways[i].noticed,
		       ways[i].whole ? " with a head kept elsewhere" : "");
		all += ways[i].noticed;
		ck_assert_uint_eq(ways[i].noticed, ways[i].rounds);
		/* Nobody can tell from the store alone. */
		if (ways[i].whole)
			ck_assert_uint_eq(ways[i].without_head, 0);
	}
	printf("%u of %d noticed\n", all, rounds);
	found_before = 0;
	ck_assert_uint_eq(verify(unit_path("s.db"), true), 0);
	ck_assert_uint_eq(verify(unit_path("loose.db"), true), n_loose);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("tamper");

	tcase_add_checked_fixture(tcase, unit_make_dir, unit_remove_dir);
	tcase_add_test(tcase, none_goes_unnoticed);
	return unit_run("tamper", tcase);
}
