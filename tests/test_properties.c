/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds of any job's life: random ones, always the same. */
#include "tests/lives.h"
#include "watcher/judge.h"

#include <inttypes.h>

#define LIVES 3000

/* --- Looks -------------------------------------------------------------- */

static void restart(struct memory *memory)
{
	autofree char *json = memory_json(memory);
	autofree char *again = NULL;

	memory_finish(memory);
	ck_assert_int_eq(memory_from_json(json, memory), 0);
	again = memory_json(memory);
	ck_assert_str_eq(json, again);
}

static void look(struct memory *memory, const struct job *row)
{
	if (!row->time_end)
		memory_see(memory, row,
			   strcmp(row->partition, "critical") == 0);
	else
		memory_see_end(memory, row);
}

/* How often to look at a row, and whether the watcher is restarted then. */
struct looks {
	bool all;      /* at each; else at decisive ones, and at others by
			  chance */
	bool twice;    /* once more each time, and nothing must change */
	bool restarts; /* between any two looks */
};

static void look_on(const struct lives_job *life, const struct looks *looks,
		    struct memory *memory)
{
	int i;

	memory_init(memory);
	for (i = 0; i < life->n; i++) {
		if (!looks->all && !life->decisive[i] && chance(2))
			continue;
		look(memory, &life->rows[i]);
		if (looks->restarts && chance(2))
			restart(memory);
		if (looks->twice) {
			autofree char *once = memory_json(memory);
			autofree char *then = NULL;

			look(memory, &life->rows[i]);
			then = memory_json(memory);
			ck_assert_str_eq(once, then);
		}
	}
}

static char *verdict_on(const struct lives_job *life,
			const struct memory *memory, const struct job *job)
{
	const struct judge_facts facts = {
		.job = job,
		.memory = memory,
		.protection = strcmp(job->partition, "critical") == 0
				      ? PROTECTED_NOW
				      : PROTECTED_BEFORE,
		.earlier_killed = life->earlier_killed,
		.has_successor = life->has_successor,
		.asked_min = -1,
		.now_s = 1000000,
	};
	autofree char *reason = NULL;
	autofree char *missing = NULL;
	struct verdict verdict;
	int64_t n;

	judge(&facts, &verdict);
	if (verdict.outcome == JUDGE_INCIDENT)
		reason = judge_reason(&verdict, &facts, "alice");
	missing = tasks_text(&memory->newly_missing, &n);
	return mem_printf("outcome %d kind %d confidence %d phase %d tasks "
			  "%" PRId64 " uid %" PRId64 " missing %s: %s",
			  (int)verdict.outcome, (int)verdict.kind,
			  (int)verdict.confidence, (int)verdict.phase,
			  verdict.tasks, verdict.uid, missing,
			  reason ? reason : "");
}

/* What is said of the life: of its end, and of how it first ended if that was
 * overwritten. */
static char *say(struct lives_job *life, const struct looks *looks)
{
	automemory struct memory memory = {0};
	autofree char *end = NULL;
	autofree char *first = NULL;

	look_on(life, looks, &memory);
	end = verdict_on(life, &memory, last(life));
	if (memory.end.job_db_inx)
		first = verdict_on(life, &memory, &memory.end);
	return mem_printf("%s\n%s", end, first ? first : "");
}

static void same_whatever_is_seen(const struct looks *looks)
{
	static const struct looks all = {.all = true};
	uint64_t seed;

	for (seed = 1; seed <= (uint64_t)unit_rounds(LIVES); seed++) {
		struct lives_job life;
		autofree char *expected = NULL;
		autofree char *got = NULL;

		live(&life, seed);
		expected = say(&life, &all);
		got = say(&life, looks);
		ck_assert_msg(strcmp(expected, got) == 0,
			      "life %" PRIu64 ":\n%s\nbut\n%s", seed, expected,
			      got);
		bury(&life);
	}
}

START_TEST(however_often_it_is_looked_at)
{
	static const struct looks some = {0};

	same_whatever_is_seen(&some);
}
END_TEST

START_TEST(looking_twice)
{
	static const struct looks twice = {.all = true, .twice = true};

	same_whatever_is_seen(&twice);
}
END_TEST

START_TEST(restarted_at_any_time)
{
	static const struct looks restarts = {.restarts = true};

	same_whatever_is_seen(&restarts);
}
END_TEST

/* What whoever had seen every write would know of it now. */
static void check_known(const struct lives_job *life,
			const struct memory *memory)
{
	int64_t timelimit = -1, kill_requid = -1, alive = -1;
	bool was_protected = false;
	int i;

	for (i = 0; i < life->n; i++) {
		const struct job *row = &life->rows[i];

		if (!row->time_end && promise(row) > timelimit && promise(row))
			timelimit = promise(row);
		if (kill_requid < 0)
			kill_requid = row->kill_requid;
		if (is_alive(row))
			alive = row->state;
		was_protected |= !row->time_end &&
				 strcmp(row->partition, "critical") == 0;
	}
	ck_assert_int_eq(memory->timelimit, timelimit);
	ck_assert_int_eq(memory->kill_requid, kill_requid);
	ck_assert_int_eq(memory->row.state, alive);
	ck_assert_int_eq(memory->partition != NULL, was_protected);
}

/* A requester that was seen and then forgotten makes no difference. */
static void check_forgotten(struct lives_job *life, struct memory *memory)
{
	struct job named;
	autofree char *expected = NULL;
	autofree char *got = verdict_on(life, memory, last(life));

	job_copy(last(life), &named);
	named.kill_requid = memory->kill_requid;
	memory->kill_requid = -1;
	expected = verdict_on(life, memory, &named);
	ck_assert_str_eq(got, expected);
	job_finish(&named);
}

START_TEST(what_was_shown_once_is_known)
{
	static const struct looks some = {.restarts = true};
	uint64_t seed;

	for (seed = 1; seed <= (uint64_t)unit_rounds(LIVES); seed++) {
		automemory struct memory memory = {0};
		struct lives_job life;

		live(&life, seed);
		look_on(&life, &some, &memory);
		check_known(&life, &memory);
		check_forgotten(&life, &memory);
		bury(&life);
	}
}
END_TEST

/* The lives are of all kinds: else they would prove little. */
START_TEST(lives_are_of_all_kinds)
{
	static const struct looks all = {.all = true};
	static const enum incident_kind kinds[] = {
		KIND_CANCELLED,    KIND_MOVED,     KIND_REWRITTEN,
		KIND_SIGNALLED,    KIND_LIMIT_CUT, KIND_REQUEUE_CANCELLED,
		KIND_UNATTRIBUTED,
	};
	int seen[KIND_N] = {0};
	int others = 0;
	uint64_t seed;
	size_t i;

	/* Not of all kinds in a share of them. */
	if (unit_is_valgrind())
		return;
	for (seed = 1; seed <= (uint64_t)unit_rounds(LIVES); seed++) {
		struct lives_job life;
		autofree char *said = NULL;
		int outcome, kind;

		live(&life, seed);
		said = say(&life, &all);
		ck_assert_int_eq(
			sscanf(said, "outcome %d kind %d", &outcome, &kind), 2);
		if (outcome == JUDGE_INCIDENT)
			seen[kind]++;
		others += outcome == JUDGE_NOT_OWNER;
		bury(&life);
	}
	for (i = 0; i < LENGTH(kinds); i++)
		ck_assert_msg(seen[kinds[i]] > 10, "%s: %d",
			      incident_kinds[kinds[i]], seen[kinds[i]]);
	ck_assert_int_gt(others, 10);
}
END_TEST

/* --- Anything ----------------------------------------------------------- */

static int64_t any_number(void)
{
	static const int64_t edges[] = {
		0,          1,
		-1,         4,
		5,          6,
		255,        256,
		1024,       1028,
		1001,       9,
		JOB_NO_VAL, JOB_INFINITE,
		525600,     1795375300,
		127,        INT64_MAX,
		INT64_MIN,  UINT32_MAX + 1LL,
	};

	if (chance(4) == 0)
		return (int64_t)(chance(UINT64_MAX >> 12) << 12 ^ chance(4096));
	return edges[chance(LENGTH(edges))];
}

static char *any_text(void)
{
	static const char *const texts[] = {
		"",        "critical",  "open",      "critical,open", "0x7E",
		"0x",      "[1-5:2]%3", "0-4000001", "None assigned", "n1",
		"1=2,3=4", "?",
	};
	size_t len = chance(40);
	size_t i;
	char *text;

	if (chance(2))
		return mem_strdup(texts[chance(LENGTH(texts))]);
	text = mem_alloc(len + 1, 1);
	for (i = 0; i < len; i++)
		text[i] = (char)(1 + chance(255));
	return text;
}

static void any_row(struct job *job)
{
	size_t i;

	job_init(job);
	for (i = 0; i < job_n_columns; i++) {
		char *at = (char *)job + job_columns[i].offset;

		if (job_columns[i].type != JOB_TEXT) {
			*(int64_t *)(void *)at = any_number();
		} else {
			free(*(char **)(void *)at);
			*(char **)(void *)at = any_text();
		}
	}
}

static void judge_anything(const struct job *job, const struct memory *memory)
{
	const struct slurmctld_job word = {
		.known = chance(2),
		.state = any_number(),
		.submitted = chance(2) ? job->time_submit : any_number(),
		.booted = any_number(),
	};
	const struct judge_facts facts = {
		.job = job,
		.memory = chance(2) ? memory : NULL,
		.protection = (enum judge_protection)chance(3),
		.earlier_killed = chance(2),
		.has_successor = chance(2),
		.was_requeued = chance(2),
		.step_killed_s = any_number() / 4,
		.asked_min = any_number(),
		.can_ask = chance(2),
		.slurmctld = chance(2) ? &word : NULL,
		.witness = {chance(2), any_number(), false},
		.now_s = any_number() / 4,
	};
	struct verdict verdict;
	autofree char *reason = NULL;
	autofree char *withdrawn = NULL;

	judge(&facts, &verdict);
	ck_assert_int_le(verdict.outcome, JUDGE_ASK);
	if (verdict.outcome == JUDGE_INCIDENT) {
		reason = judge_reason(&verdict, &facts, "alice");
		ck_assert_int_ge(verdict.tasks, 0);
		ck_assert_int_lt(verdict.kind, KIND_N);
		ck_assert_int_eq(verdict.confidence == CONFIDENCE_CONFIRMED,
				 !verdict.causes[0]);
	}
	judge_withdrawn(&facts, &verdict);
	withdrawn = judge_reason(&verdict, &facts, "alice");
}

START_TEST(anything_at_all)
{
	int rounds = unit_rounds(3000);
	int i;

	chance_state = 0x1234567;
	while (rounds-- > 0) {
		automemory struct memory memory = {0};

		memory_init(&memory);
		for (i = 0; i < 3; i++) {
			struct job job;
			autofree char *json = NULL;

			any_row(&job);
			if (chance(2))
				memory_see(&memory, &job, chance(2));
			else
				memory_see_end(&memory, &job);
			judge_anything(&job, &memory);
			json = memory_json(&memory);
			if (chance(2)) {
				memory_finish(&memory);
				memory_from_json(json, &memory);
			}
			job_finish(&job);
		}
	}
}
END_TEST

/* Bytes that a store may hold after an accident. */
START_TEST(any_json)
{
	int rounds = unit_rounds(20000);

	chance_state = 0x7654321;
	while (rounds-- > 0) {
		automemory struct memory memory = {0};
		struct job job;
		autofree char *json = NULL;
		size_t len;

		any_row(&job);
		set_text(&job.partition, "critical");
		memory_init(&memory);
		memory_see(&memory, &job, true);
		json = memory_json(&memory);
		len = strlen(json);
		json[chance(len)] = (char)(1 + chance(255));
		if (chance(2))
			json[chance(len)] = '\0';
		memory_finish(&memory);
		memory_from_json(json, &memory);
		memory_see(&memory, &job, true);
		job_finish(&job);
	}
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("properties");

	tcase_add_test(tcase, however_often_it_is_looked_at);
	tcase_add_test(tcase, looking_twice);
	tcase_add_test(tcase, restarted_at_any_time);
	tcase_add_test(tcase, what_was_shown_once_is_known);
	tcase_add_test(tcase, lives_are_of_all_kinds);
	tcase_add_test(tcase, anything_at_all);
	tcase_add_test(tcase, any_json);
	return unit_run("properties", tcase);
}
