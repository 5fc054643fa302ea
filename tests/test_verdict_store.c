/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the store keeps of verdicts, and of what became known of them later. */
#include "lib/mem.h"
#include "schema/store.h"
#include "tests/unit.h"

static char word[] = "x";
static char empty[] = "";
static struct store *store;
static struct err err;
static int64_t by;

static void open_store(void)
{
	unit_make_dir();
	store = store_open(unit_path("s.db"), NULL, 100, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
	ck_assert_int_eq(store_begin(store, 100, &err), 0);
}

static void close_store(void)
{
	store_close(store);
	unit_remove_dir();
}

/* A job of number 3 that was submitted then; the incident's number. */
static int64_t add(int64_t submitted, enum incident_kind kind,
		   enum incident_confidence confidence, char *part)
{
	autofree char *kind_text = mem_strdup(incident_kinds[kind]);
	autofree char *confidence_text =
		mem_strdup(incident_confidences[confidence]);
	struct incident incident = {
		.cluster = word,
		.job_id = word,
		.job_db_inx = word,
		.id_job = 3,
		.root_id = 3,
		.part = part,
		.uid = 1001,
		.user = word,
		.account = word,
		.partition = word,
		.section = empty,
		.qos = word,
		.job_name = word,
		.kind = kind_text,
		.confidence = confidence_text,
		.phase = word,
		.tasks = 1,
		.submitted = submitted,
		.ended = submitted + 10,
		.detected = submitted + 11,
		.state = word,
		.reason = word,
		.causes = empty,
		.exempt = empty,
		.found = word,
		.script_sha256 = empty,
		.job = word,
	};

	ck_assert_msg(store_incident_add(store, &incident, &err) >= 0, "%s",
		      err.msg);
	return incident.incident_id;
}

static struct store_known known_of(int64_t submitted, int found)
{
	struct store_known known = {0};

	ck_assert_int_eq(
		store_incident_of(store, "x", 3, submitted, &known, &err),
		found);
	return known;
}

/* Tasks that were withdrawn from an array are incidents each, and none is the
 * array's end. */
START_TEST(parts_of_a_row)
{
	static char first[] = "1";
	static char second[] = "2-3";
	int64_t a, b, whole;

	a = add(50, KIND_TASKS_WITHDRAWN, CONFIDENCE_SUSPECTED, first);
	b = add(50, KIND_TASKS_WITHDRAWN, CONFIDENCE_SUSPECTED, second);
	ck_assert_int_ne(a, b);
	ck_assert_int_eq(
		add(50, KIND_TASKS_WITHDRAWN, CONFIDENCE_SUSPECTED, first), a);
	known_of(50, 0);
	whole = add(50, KIND_CANCELLED, CONFIDENCE_CONFIRMED, empty);
	ck_assert_int_eq(known_of(50, 1).incident_id, whole);
	ck_assert_int_eq(known_of(50, 1).cancelled, 1);
}
END_TEST

START_TEST(what_is_known_of_an_end)
{
	static const struct {
		enum incident_kind kind;
		enum incident_confidence confidence;
		bool cancelled;
	} ends[] = {
		{KIND_CANCELLED, CONFIDENCE_CONFIRMED, true},
		{KIND_CANCELLED, CONFIDENCE_SUSPECTED, true},
		{KIND_MOVED, CONFIDENCE_CONFIRMED, true},
		{KIND_REWRITTEN, CONFIDENCE_CONFIRMED, false},
		{KIND_SIGNALLED, CONFIDENCE_SUSPECTED, false},
		{KIND_LIMIT_CUT, CONFIDENCE_SUSPECTED, false},
		{KIND_REQUEUE_CANCELLED, CONFIDENCE_SUSPECTED, false},
	};
	struct store_known known;
	int64_t id;

	known_of(50, 0);
	id = add(50, ends[_i].kind, ends[_i].confidence, empty);
	known = known_of(50, 1);
	ck_assert_int_eq(known.incident_id, id);
	ck_assert_int_eq(known.confirmed,
			 ends[_i].confidence == CONFIDENCE_CONFIRMED);
	ck_assert_int_eq(known.cancelled, ends[_i].cancelled);
	ck_assert(!known.corrected);
	known_of(51, 0);
	ck_assert_int_eq(store_incident_of(store, "y", 3, 50, &known, &err), 0);
	ck_assert_int_eq(store_incident_of(store, "x", 4, 50, &known, &err), 0);
}
END_TEST

START_TEST(earlier_incarnations)
{
	static char part[] = "1";
	struct store_earlier earlier;
	int64_t second;

	ck_assert_int_eq(
		store_incident_before(store, "x", 3, 90, &earlier, &err), 0);
	add(50, KIND_CANCELLED, CONFIDENCE_CONFIRMED, empty);
	second = add(70, KIND_REWRITTEN, CONFIDENCE_CONFIRMED, empty);
	add(80, KIND_TASKS_WITHDRAWN, CONFIDENCE_SUSPECTED, part);
	add(90, KIND_CANCELLED, CONFIDENCE_SUSPECTED, empty);
	ck_assert_int_eq(
		store_incident_before(store, "x", 3, 90, &earlier, &err), 1);
	ck_assert_int_eq(earlier.incident_id, second);
	ck_assert_int_eq(earlier.submitted, 70);
	ck_assert_int_eq(earlier.ended, 80);
	ck_assert_int_eq(earlier.uid, 1001);
	ck_assert_int_eq(earlier.restored_at, 0);
	ck_assert_int_eq(
		store_incident_before(store, "x", 3, 50, &earlier, &err), 0);
}
END_TEST

struct entries {
	char text[512];
};

static int note_entry(int64_t at_s, const char *kind, const char *content,
		      void *arg)
{
	struct entries *entries = arg;
	size_t len = strlen(entries->text);

	snprintf(entries->text + len, sizeof(entries->text) - len, "%d %s %s; ",
		 (int)at_s, kind, content);
	return 0;
}

static void check_entries(int64_t id, const char *expected)
{
	struct entries entries = {""};

	ck_assert_int_eq(store_entries(store, id, note_entry, &entries, &err),
			 0);
	ck_assert_str_eq(entries.text, expected);
}

/* A correction is with the incident and a further entry on it; what was
 * recorded stays. */
START_TEST(corrections)
{
	int64_t id = add(50, KIND_SIGNALLED, CONFIDENCE_SUSPECTED, empty);
	struct incident back;

	ck_assert_int_eq(store_correct(store, id, 80, CORRECTION_CONFIRMED,
				       "the log \"says\" so", &err),
			 0);
	ck_assert(known_of(50, 1).corrected);
	ck_assert(known_of(50, 1).confirmed);
	ck_assert_int_eq(store_incident(store, id, &back, &err), 1);
	ck_assert_str_eq(back.confidence, "suspected");
	ck_assert_str_eq(back.correction, "confirmed");
	ck_assert_str_eq(back.correction_why, "the log \"says\" so");
	ck_assert_int_eq(back.corrected_at, 80);
	ck_assert_str_eq(back.job, word);
	incident_finish(&back);
	ck_assert_int_eq(
		store_correct(store, id, 90, CORRECTION_ALIVE, "it runs", &err),
		0);
	ck_assert(!known_of(50, 1).confirmed);
	check_entries(id, "80 confirmed {\"why\":\"the log \\\"says\\\" so\","
			  "\"now\":{\"correction\":\"confirmed\","
			  "\"correction_why\":\"the log \\\"says\\\" so\","
			  "\"corrected_at\":80}}; "
			  "90 alive {\"why\":\"it runs\","
			  "\"now\":{\"correction\":\"alive\","
			  "\"correction_why\":\"it runs\","
			  "\"corrected_at\":90}}; ");
}
END_TEST

static int count_one(const struct incident *incident, void *arg)
{
	(void)incident;
	(*(int *)arg)++;
	return 0;
}

static int shown(bool corrected)
{
	const struct store_filter filter = {
		.until = INT64_MAX, .suspected = true, .corrected = corrected};
	int n = 0;

	ck_assert_int_eq(store_incidents(store, &filter, count_one, &n, &err),
			 0);
	return n;
}

/* What was cleared, or lives, is shown to whoever asks for it. */
START_TEST(corrected_ones_are_apart)
{
	int64_t cleared = add(50, KIND_SIGNALLED, CONFIDENCE_SUSPECTED, empty);
	int64_t alive = add(60, KIND_CANCELLED, CONFIDENCE_CONFIRMED, empty);
	int64_t sure = add(70, KIND_SIGNALLED, CONFIDENCE_SUSPECTED, empty);

	ck_assert_int_eq(shown(false), 3);
	ck_assert_int_eq(store_correct(store, cleared, 80, CORRECTION_CLEARED,
				       "why", &err),
			 0);
	ck_assert_int_eq(
		store_correct(store, alive, 80, CORRECTION_ALIVE, "why", &err),
		0);
	ck_assert_int_eq(store_correct(store, sure, 80, CORRECTION_CONFIRMED,
				       "why", &err),
			 0);
	ck_assert_int_eq(shown(false), 1);
	ck_assert_int_eq(shown(true), 3);
}
END_TEST

static int note_doubt(const struct incident *incident, void *arg)
{
	*(int64_t *)arg = *(int64_t *)arg * 10 + incident->incident_id;
	return 0;
}

/* Suspected ones that nothing became known of, by their ends. */
START_TEST(doubts)
{
	int64_t seen = 0;

	add(30, KIND_SIGNALLED, CONFIDENCE_SUSPECTED, empty); /* 1: before */
	add(70, KIND_SIGNALLED, CONFIDENCE_SUSPECTED, empty); /* 2 */
	add(60, KIND_LIMIT_CUT, CONFIDENCE_SUSPECTED, empty); /* 3 */
	add(80, KIND_CANCELLED, CONFIDENCE_CONFIRMED, empty); /* 4 */
	add(90, KIND_SIGNALLED, CONFIDENCE_SUSPECTED, empty); /* 5 */
	ck_assert_int_eq(
		store_correct(store, 5, 99, CORRECTION_CLEARED, "why", &err),
		0);
	ck_assert_int_eq(
		store_doubtful(store, "x", 70, note_doubt, &seen, &err), 0);
	ck_assert_int_eq(seen, 32);
	seen = 0;
	ck_assert_int_eq(store_doubtful(store, "y", 0, note_doubt, &seen, &err),
			 0);
	ck_assert_int_eq(seen, 0);
}
END_TEST

static void add_other(int64_t submitted, int64_t uid, const char *why)
{
	const struct store_not_owner seen = {
		.cluster = "x",
		.id_job = 3,
		.submitted = submitted,
		.ended = submitted + 10,
		.partition = "critical",
		.uid = uid,
		.tasks = 2,
		.why = why,
	};

	ck_assert_int_eq(store_not_owner_add(store, &seen, &err), 0);
}

/* Remembered once, and of this very incarnation. */
START_TEST(others)
{
	ck_assert_int_eq(store_not_owner_known(store, "x", 3, 50, &by, &err),
			 0);
	add_other(50, 0, "first");
	add_other(50, -1, "second");
	ck_assert_int_eq(store_not_owner_known(store, "x", 3, 50, &by, &err),
			 1);
	ck_assert_int_eq(by, 0); /* the first counts */
	ck_assert_int_eq(store_not_owner_known(store, "x", 3, 51, &by, &err),
			 0);
	ck_assert_int_eq(store_not_owner_known(store, "x", 4, 50, &by, &err),
			 0);
	ck_assert_int_eq(store_not_owner_known(store, "y", 3, 50, &by, &err),
			 0);
	/* It is no incident. */
	known_of(50, 0);
	ck_assert_int_eq(shown(true), 0);
}
END_TEST

static int note_others(const struct store_others *found, void *arg)
{
	struct entries *entries = arg;
	size_t len = strlen(entries->text);

	snprintf(entries->text + len, sizeof(entries->text) - len, "%d %s %d; ",
		 (int)found->uid, found->why, (int)found->jobs);
	return 0;
}

START_TEST(others_are_counted)
{
	const struct store_filter filter = {.since = 60, .until = 100};
	struct entries entries = {""};

	add_other(40, 0, "before");
	add_other(50, 0, "named");
	add_other(60, 0, "named");
	add_other(70, -1, "itself");
	add_other(90, 0, "after");
	ck_assert_int_eq(store_not_owner_counts(store, &filter, note_others,
						&entries, &err),
			 0);
	ck_assert_ptr_nonnull(strstr(entries.text, "0 named 4; "));
	ck_assert_ptr_nonnull(strstr(entries.text, "-1 itself 2; "));
	ck_assert_ptr_null(strstr(entries.text, "before"));
	ck_assert_ptr_null(strstr(entries.text, "after"));
}
END_TEST

/* What a transaction takes back is not known. */
START_TEST(taken_back)
{
	add(50, KIND_CANCELLED, CONFIDENCE_CONFIRMED, empty);
	add_other(60, 0, "named");
	store_rollback(store);
	known_of(50, 0);
	ck_assert_int_eq(store_not_owner_known(store, "x", 3, 60, &by, &err),
			 0);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("verdict_store");

	tcase_add_checked_fixture(tcase, open_store, close_store);
	tcase_add_test(tcase, parts_of_a_row);
	tcase_add_loop_test(tcase, what_is_known_of_an_end, 0, 7);
	tcase_add_test(tcase, earlier_incarnations);
	tcase_add_test(tcase, corrections);
	tcase_add_test(tcase, corrected_ones_are_apart);
	tcase_add_test(tcase, doubts);
	tcase_add_test(tcase, others);
	tcase_add_test(tcase, others_are_counted);
	tcase_add_test(tcase, taken_back);
	return unit_run("verdict_store", tcase);
}
