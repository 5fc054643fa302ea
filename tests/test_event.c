/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "reports/columns.h"
#include "reports/events.h"
#include "tests/unit.h"

/* An incident of an event, in short. */
struct member {
	int64_t id;
	int64_t ended;
	const char *job_id;
	int64_t tasks;
	const char *kind;
	bool suspected;
	const char *correction;
	const char *exempt;
	int64_t restored_at;
	int64_t acknowledged_at;
};

#define OPEN(id, ended, job_id, tasks)                                         \
	{                                                                      \
		id, ended, job_id, tasks, "cancelled", false, "", "", 0, 0     \
	}

/* clang-format off */
static const struct {
	struct member members[4];
	int64_t first; /* the incident */
	int64_t ended;
	const char *job_id;
	int64_t tasks;
	const char *verdict;
	const char *status;
	enum event_standing standing;
} cases[] = {
	{{OPEN(7, 50, "3", 1)}, 7, 50, "3", 1, "cancelled", "open", EVENT_OPEN},
	/* Jobs of one array, in any order; of a het job; and of neither. */
	{{OPEN(2, 50, "3_[4-6,2]", 4), OPEN(1, 50, "3_1", 1)},
	 1, 50, "3_[1-2,4-6]", 5, "cancelled", "open", EVENT_OPEN},
	{{OPEN(1, 51, "3_1", 1), OPEN(2, 50, "3_2", 1)},
	 2, 50, "3_[1-2]", 2, "cancelled", "open", EVENT_OPEN},
	{{OPEN(1, 50, "3_[1,1000-1002]", 4), OPEN(2, 50, "3_[2]", 1)},
	 1, 50, "3_[1-2,1000-1002]", 5, "cancelled", "open", EVENT_OPEN},
	{{OPEN(1, 50, "17+0", 1), OPEN(2, 50, "17+2", 1)},
	 1, 50, "17+[0,2]", 2, "cancelled", "open", EVENT_OPEN},
	{{OPEN(1, 50, "3_1", 1), OPEN(2, 50, "3_1", 1)},
	 1, 50, "3_1", 2, "cancelled", "open", EVENT_OPEN},
	{{OPEN(1, 50, "5", 1), OPEN(2, 50, "6", 1), OPEN(3, 50, "7", 1)},
	 1, 50, "5 +2", 3, "cancelled", "open", EVENT_OPEN},
	{{OPEN(1, 50, "3_1", 1), OPEN(2, 50, "30_2", 1)},
	 1, 50, "3_1 +1", 2, "cancelled", "open", EVENT_OPEN},
	{{OPEN(1, 50, "3_[?]", 1), OPEN(2, 50, "3_2", 1)},
	 1, 50, "3_[?] +1", 2, "cancelled", "open", EVENT_OPEN},
	/* What was dealt with, by jobs. */
	{{OPEN(1, 50, "3_[1-3]", 3),
	  {2, 50, "3_4", 2, "cancelled", false, "", "", 9, 0}},
	 1, 50, "3_[1-4]", 5, "cancelled", "2 of 5 restored", EVENT_MIXED},
	{{{1, 50, "3_1", 1, "cancelled", false, "", "", 9, 9},
	  {2, 50, "3_2", 1, "cancelled", false, "", "", 9, 0}},
	 1, 50, "3_[1-2]", 2, "cancelled", "restored", EVENT_RESTORED},
	{{{1, 50, "3_1", 1, "cancelled", false, "", "", 0, 9},
	  {2, 50, "3_2", 1, "cancelled", false, "", "", 9, 0}},
	 1, 50, "3_[1-2]", 2, "cancelled", "1 restored, 1 acknowledged",
	 EVENT_MIXED},
	{{OPEN(1, 50, "3_1", 1),
	  {2, 50, "3_2", 1, "cancelled", false, "", "", 0, 9}},
	 1, 50, "3_[1-2]", 2, "cancelled", "1 of 2 acknowledged", EVENT_MIXED},
	{{{1, 50, "3_1", 1, "cancelled", false, "", "", 0, 9},
	  {2, 50, "3_2", 1, "cancelled", false, "", "", 0, 9}},
	 1, 50, "3_[1-2]", 2, "cancelled", "acknowledged", EVENT_ACKNOWLEDGED},
	{{{1, 50, "3", 1, "cancelled", false, "", "exempt_users = svc", 9, 0}},
	 1, 50, "3", 1, "cancelled", "exempt: users = svc", EVENT_EXEMPT},
	/* How sure it is. */
	{{{1, 50, "3", 1, "moved", true, "", "", 0, 0}},
	 1, 50, "3", 1, "moved?", "open", EVENT_OPEN},
	{{OPEN(1, 50, "3", 1), {2, 50, "3", 1, "moved", true, "", "", 0, 0}},
	 1, 50, "3", 2, "cancelled,moved?", "open", EVENT_OPEN},
	{{{1, 50, "3", 1, "moved", true, "confirmed", "", 0, 0}},
	 1, 50, "3", 1, "moved", "open", EVENT_OPEN},
	{{{1, 50, "3", 1, "moved", true, "alive", "", 0, 0}},
	 1, 50, "3", 1, "moved?", "alive", EVENT_NONE},
};
/* clang-format on */

static char *copy(const char *s)
{
	return mem_strdup(s ? s : "");
}

static struct incident incident_of(const struct member *member)
{
	return (struct incident){
		.incident_id = member->id,
		.event_id = 1,
		.cluster = copy("x"),
		.job_id = copy(member->job_id),
		.root_id = 3,
		.user = copy("alice"),
		.account = copy("acc"),
		.partition = copy(member->tasks > 3 ? "p" : "q"),
		.reason = copy(member->tasks > 3 ? "one, two" : "three"),
		.kind = copy(member->kind),
		.confidence = copy(
			incident_confidences[member->suspected
						     ? CONFIDENCE_SUSPECTED
						     : CONFIDENCE_CONFIRMED]),
		.tasks = member->tasks,
		.started = member->tasks > 3 ? 0 : member->ended - member->id,
		.ended = member->ended,
		.elapsed_s = member->id,
		.cpu_seconds = 100 * member->id,
		.gpu_seconds = member->id,
		.exempt = copy(member->exempt),
		.job = copy("{}"),
		.correction = copy(member->correction),
		.restored_at = member->restored_at,
		.restored_state = copy(""),
		.acknowledged_at = member->acknowledged_at,
	};
}

static struct event fold(const struct member *members, size_t n)
{
	struct event_fold *folded = event_fold_new();
	size_t i;

	for (i = 0; i < n && members[i].id; i++) {
		struct incident incident = incident_of(&members[i]);

		event_fold_add(folded, &incident);
		incident_finish(&incident);
	}
	return event_fold_end(folded);
}

START_TEST(folding)
{
	struct event event = fold(cases[_i].members, 4);

	ck_assert_int_eq(event.sum.incident_id, cases[_i].first);
	ck_assert_int_eq(event.sum.ended, cases[_i].ended);
	ck_assert_str_eq(event.sum.job_id, cases[_i].job_id);
	ck_assert_int_eq(event.sum.tasks, cases[_i].tasks);
	ck_assert_str_eq(event.verdict, cases[_i].verdict);
	ck_assert_str_eq(event.status, cases[_i].status);
	ck_assert_int_eq(event.standing, cases[_i].standing);
	event_finish(&event);
}
END_TEST

START_TEST(sums)
{
	const struct member members[] = {
		OPEN(5, 60, "3_5", 1),
		OPEN(2, 50, "3_[7-10]", 4),
		OPEN(9, 61, "3_9", 1),
	};
	struct event event = fold(members, LENGTH(members));

	ck_assert_int_eq(event.incidents, 3);
	ck_assert_int_eq(event.sum.incident_id, 2);
	ck_assert_int_eq(event.sum.cpu_seconds, 1600);
	ck_assert_int_eq(event.sum.gpu_seconds, 16);
	ck_assert_int_eq(event.sum.elapsed_s, 9);
	ck_assert_int_eq(event.sum.started, 52); /* never is no beginning */
	ck_assert_int_eq(event.sum.acknowledged_at, 0);
	ck_assert_str_eq(event.sum.partition, "q,p");
	ck_assert_str_eq(event.sum.reason, "three; one, two");
	ck_assert_str_eq(event_text(&event, event_field("account")), "acc");
	ck_assert_str_eq(event_text(&event, event_field("exempt")), "");
	ck_assert_str_eq(event_text(&event, event_field("status")), "open");
	ck_assert_int_eq(event_int(&event, event_field("incidents")), 3);
	event_finish(&event);
}
END_TEST

/* As far as numbers go, where rows hold nonsense. */
START_TEST(great_numbers)
{
	const struct member member = {
		.id = INT64_MAX / 100,
		.ended = 50,
		.job_id = "3",
		.tasks = INT64_MAX,
		.kind = "cancelled",
	};
	const struct member members[] = {member, member};
	struct event event = fold(members, LENGTH(members));

	ck_assert_int_eq(event.sum.tasks, INT64_MAX);
	ck_assert_int_eq(event.sum.cpu_seconds, INT64_MAX);
	ck_assert_str_eq(event.status, "open");
	event_finish(&event);
}
END_TEST

/* A job that was restored, and then cancelled again. */
START_TEST(cancelled_again)
{
	const struct member member = {
		.id = 1,
		.ended = 50,
		.job_id = "3",
		.tasks = 1,
		.kind = "cancelled",
		.restored_at = 60,
	};
	struct incident incident = incident_of(&member);
	struct event_fold *folded = event_fold_new();
	struct event event;

	free(incident.restored_state);
	incident.restored_state = copy(incident_again);
	event_fold_add(folded, &incident);
	incident_finish(&incident);
	event = event_fold_end(folded);
	ck_assert_str_eq(event.status, "cancelled again");
	ck_assert_int_eq(event.standing, EVENT_AGAIN);
	event_finish(&event);
}
END_TEST

/* A hundred thousand names are not told. */
START_TEST(many_names)
{
	struct event_fold *folded = event_fold_new();
	struct event event;
	int i;

	for (i = 0; i < 100000; i++) {
		const struct member member = OPEN(i + 1, 50 + i / 10000, "", 1);
		struct incident incident = incident_of(&member);

		free(incident.job_id);
		free(incident.account);
		incident.job_id = mem_printf("3_%d", i);
		incident.account = mem_printf("a%d", i);
		event_fold_add(folded, &incident);
		incident_finish(&incident);
	}
	event = event_fold_end(folded);
	ck_assert_str_eq(event.sum.account, "a0,a1,a2,a3,a4,...");
	ck_assert_str_eq(event.sum.job_id, "3_[0-99999]");
	ck_assert_int_eq(event.sum.tasks, 100000);
	event_finish(&event);
}
END_TEST

/* Each column can be told of an event. */
START_TEST(columns_of_events)
{
	struct event event = fold(cases[1].members, 4);
	size_t i;

	for (i = 0; i < columns_n; i++) {
		autofree char *text = columns_text(&columns[i], &event);

		ck_assert_ptr_nonnull(event_field(columns[i].name));
		ck_assert_str_ne(text, "");
	}
	event_finish(&event);
}
END_TEST

/* --- Read from a store ---------------------------------------------------- */

static struct store *store;
static struct err err;

/* What ends second by second, of eight events that overlap: of user U at N. */
static void add(int64_t root_id, int64_t ended, int64_t tasks, bool suspected,
		const char *exempt, bool cleared)
{
	static int64_t id_job;
	const struct member member = {
		.id = 1,
		.ended = ended,
		.job_id = "3",
		.tasks = tasks,
		.kind = "cancelled",
		.suspected = suspected,
		.exempt = exempt,
	};
	struct incident incident = incident_of(&member);

	incident.event_id = 0;
	incident.incident_id = 0;
	incident.id_job = ++id_job;
	incident.root_id = root_id;
	incident.uid = 1001;
	incident.submitted = 1;
	incident.detected = ended;
	incident.part = copy("");
	incident.qos = copy("q");
	incident.section = copy("");
	incident.job_name = copy("n");
	incident.phase = copy("running");
	incident.job_db_inx = copy("1");
	incident.state = copy("CANCELLED");
	incident.causes = copy("");
	incident.found = copy("open");
	incident.script_sha256 = copy("");
	ck_assert_msg(store_incident_add(store, &incident, &err) == 1, "%s",
		      err.msg);
	if (cleared)
		ck_assert_int_eq(store_correct(store, incident.incident_id,
					       ended, CORRECTION_CLEARED, "w",
					       &err),
				 0);
	incident_finish(&incident);
}

static void open_store(void)
{
	int64_t i;

	unit_make_dir();
	store = store_open(unit_path("s.db"), NULL, 1, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
	ck_assert_int_eq(store_begin(store, 1, &err), 0);
	for (i = 0; i < 400; i++)
		add(3 + i * i % 7, 100 + i / 6, 1 + i % 3, i % 5 == 0,
		    i % 11 == 0 ? "rule" : "", i % 13 == 0);
	ck_assert_int_eq(store_commit(store, &err), 0);
}

static void close_store(void)
{
	store_close(store);
	unit_remove_dir();
}

struct seen {
	int64_t events;
	int64_t incidents;
	int64_t jobs;
	int64_t last; /* when the one before began, or ended */
	bool in_order;
};

static int see_event(struct event *event, void *arg)
{
	struct seen *seen = arg;

	seen->in_order = seen->in_order && seen->last <= event->sum.ended;
	seen->last = event->sum.ended;
	seen->events++;
	seen->incidents += event->incidents;
	seen->jobs += event->sum.tasks;
	event_finish(event);
	return 0;
}

static int see_incident(const struct incident *incident, void *arg)
{
	struct seen *seen = arg;

	seen->incidents++;
	seen->jobs += incident->tasks;
	return 0;
}

/* Whatever a filter lets through is in one event, once, and the rest counted,
 * from either end. */
START_TEST(every_incident_once)
{
	const struct store_filter all = {
		.until = INT64_MAX,
		.suspected = true,
		.exempt = true,
		.corrected = true,
	};
	const struct store_filter filter = {
		.since = _i & 8 ? 130 : 0,
		.until = _i & 16 ? 150 : INT64_MAX,
		.suspected = _i & 1,
		.exempt = _i & 2,
		.corrected = _i & 4,
	};
	struct seen in_filter = {0};
	struct seen in_period = {0};
	struct store_filter period = all;
	int direction, unfold;

	period.since = filter.since;
	period.until = filter.until;
	ck_assert_int_eq(
		store_incidents(store, &filter, see_incident, &in_filter, &err),
		0);
	ck_assert_int_eq(
		store_incidents(store, &period, see_incident, &in_period, &err),
		0);
	for (direction = 0; direction < 2; direction++) {
		for (unfold = 0; unfold < 2; unfold++) {
			struct events events = {
				.store = store,
				.filter = &filter,
				.unfold = unfold,
			};
			struct seen seen = {.in_order = true};

			ck_assert_int_eq(events_read(&events, direction,
						     see_event, &seen, &err),
					 0);
			ck_assert_int_eq(seen.incidents, in_filter.incidents);
			ck_assert_int_eq(seen.jobs, in_filter.jobs);
			ck_assert_int_eq(
				seen.incidents +
					events.hidden[EVENTS_SUSPECTED] +
					events.hidden[EVENTS_EXEMPT] +
					events.hidden[EVENTS_CORRECTED],
				in_period.incidents);
			ck_assert(direction || seen.in_order);
			ck_assert(unfold ? seen.events == seen.incidents
					 : seen.events < seen.incidents);
			ck_assert(!events.cut);
		}
	}
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("event");

	tcase_add_unchecked_fixture(tcase, open_store, close_store);
	tcase_add_loop_test(tcase, folding, 0, LENGTH(cases));
	tcase_add_test(tcase, sums);
	tcase_add_test(tcase, great_numbers);
	tcase_add_test(tcase, cancelled_again);
	tcase_add_test(tcase, many_names);
	tcase_add_test(tcase, columns_of_events);
	tcase_add_loop_test(tcase, every_incident_once, 0, 32);
	return unit_run("event", tcase);
}
