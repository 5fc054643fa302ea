/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lines of slurmctld's log say, which are believed, and what they testify.
 * Plays tests/witness.cases. */
#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"
#include "tests/unit.h"
#include "watcher/testimony.h"
#include "watcher/witness_job.h"
#include "watcher/witness_sift.h"

#include <inttypes.h>
#include <time.h>

#define START_MS INT64_C(1795391640000) /* 2026-11-22T23:54:00Z */

struct a_case {
	char *line;
	size_t len;
	char *says;
	int number;
};

static struct a_case cases[1000];
static int n_cases;

/* --- One line ----------------------------------------------------------- */

START_TEST(a_line)
{
	const struct a_case *a_case = &cases[_i];
	struct witness_line line = {0};
	struct witness_stamp stamp;
	autofree char *says = NULL;
	char when[WHEN_SIZE];

	if (!witness_line_stamp(a_case->line, a_case->len, &stamp)) {
		says = mem_strdup("no stamp");
	} else if (witness_line_parse(a_case->line, a_case->len, &line)) {
		says = mem_printf("%s %s %s %" PRId64 " %" PRId64 "%s%s",
				  when_utc(line.at_s, when),
				  witness_acts[line.act], line.job, line.id_job,
				  line.uid, line.detail[0] ? " " : "",
				  line.detail);
	} else {
		bool closed = witness_line_message(a_case->line + stamp.len,
						   a_case->len - stamp.len,
						   &line) == WITNESS_CLOSED;

		says = mem_strdup(closed ? "closed" : "open");
	}
	ck_assert_msg(strcmp(says, a_case->says) == 0,
		      "witness.cases:%d: expected '%s', got '%s'",
		      a_case->number, a_case->says, says);
}
END_TEST

/* Any byte of any line may be missing or another: nothing is read behind it,
 * which the sanitizers tell. */
START_TEST(a_broken_line)
{
	const struct a_case *a_case = &cases[_i];
	struct witness_line line;
	size_t i;

	for (i = 0; i < a_case->len; i++) {
		char *cut = mem_alloc(a_case->len, 1);

		memcpy(cut, a_case->line, a_case->len);
		witness_line_parse(cut, i, &line);
		cut[i] = (char)(cut[i] ^ 0x80);
		ck_assert(!witness_line_parse(cut, a_case->len, &line));
		free(cut);
	}
}
END_TEST

START_TEST(a_long_range_is_cut)
{
	autotext struct text text = {0};
	struct witness_line line;
	struct witness_job job;
	int i;

	text_add(&text, "[2026-11-22T23:54:17.057] _slurm_rpc_kill_job: "
			"REQUEST_KILL_JOB JobId=3_[0");
	for (i = 2; i < 4000; i += 2)
		text_addf(&text, ",%d", i);
	text_add(&text, "] uid 1001");
	ck_assert(witness_line_parse(text.s, text.len, &line));
	ck_assert_str_eq(line.job, "3_?");
	ck_assert(witness_job_parse("3_?", 3, &job));
	ck_assert_int_eq(job.part, WITNESS_SOME);
}
END_TEST

/* In the night of 25 October 2026, 02:30 comes twice in Berlin. */
START_TEST(an_hour_that_comes_twice)
{
	static const char text[] = "[2026-10-25T02:30:00.000] ";
	struct witness_stamp stamp;

	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	ck_assert(witness_line_stamp(text, strlen(text), &stamp));
	ck_assert_int_eq(stamp.at_ms / 1000, 1792888200);
	ck_assert_int_eq(witness_line_later_ms(stamp.at_ms) / 1000, 1792891800);
	ck_assert_int_eq(witness_line_later_ms(stamp.at_ms + 3600000),
			 stamp.at_ms + 3600000);
	ck_assert_int_eq(witness_line_later_ms(stamp.at_ms - 7200000),
			 stamp.at_ms - 7200000);
	setenv("TZ", "UTC", 1);
	tzset();
}
END_TEST

/* --- Lines among others ------------------------------------------------- */

/* A log, written in seconds behind START_MS, a line each: "SECONDS MESSAGE";
 * without seconds the line is as it stands. */
static struct witness_sift *sift;
static struct witness_moment now;
static int64_t place;
static struct text given;
static struct err err;

static int on_line(const struct witness_line *line, const char *text, void *arg,
		   struct err *why)
{
	(void)arg;
	(void)why;
	ck_assert(strstr(text, "JobId=") != NULL);
	text_addf(&given, "%s%s %s %" PRId64 "%s%s%s", given.len ? "; " : "",
		  witness_acts[line->act], line->job, line->uid,
		  line->detail[0] ? " " : "", line->detail,
		  line->doubtful ? " doubtful" : "");
	return 0;
}

static void log_line(const char *line)
{
	autofree char *text = mem_strdup(line);
	char *end;
	double seconds = strtod(line, &end);
	char when[WHEN_SIZE];

	if (end > line && *end == ' ') {
		int64_t at_ms = START_MS + (int64_t)(seconds * 1000 + 0.5);

		when_utc(at_ms / 1000, when);
		when[strlen(when) - 1] = '\0';
		free(text);
		text = mem_printf("[%s.%03d] %s", when, (int)(at_ms % 1000),
				  end + 1);
	}
	witness_sift_line(sift, text, strlen(text), place);
	place += (int64_t)strlen(text) + 1;
}

/* Reads a log that is minutes old by now, to its end. */
static const char *sift_log(const char *const *lines)
{
	text_free(&given);
	sift = witness_sift_new();
	witness_sift_resume(sift, 0, false);
	place = 0;
	now = (struct witness_moment){START_MS + 120000, 5000000};
	witness_sift_begin(sift, now);
	for (; *lines; lines++)
		log_line(*lines);
	ck_assert_int_eq(witness_sift_give(sift, true, on_line, NULL, &err), 0);
	now.ticks_ms += 61000;
	witness_sift_begin(sift, now);
	ck_assert_int_eq(witness_sift_give(sift, true, on_line, NULL, &err), 0);
	witness_sift_free(sift);
	return given.s ? given.s : "";
}

#define KILL(job, uid)                                                         \
	"_slurm_rpc_kill_job: REQUEST_KILL_JOB JobId=" job " uid " uid
#define DONE "_job_complete: JobId=99 done"
#define OPEN "_get_job_parts: invalid partition specified: x"

static const struct {
	const char *name;
	const char *log[8];
	const char *given;
} logs[] = {
	{"alone", {"1 " KILL("3", "1001")}, "kill 3 1001"},
	{"among slurmctld's words",
	 {"1 " DONE, "1 " KILL("3", "1001"), "2 " DONE},
	 "kill 3 1001"},
	{"behind a user's text",
	 {"1 " OPEN, "1 " KILL("3", "0"), "1 " DONE},
	 "kill 3 0 doubtful"},
	{"behind a user's text and much that is not",
	 {"1 " OPEN, "20 " DONE, "40 " KILL("3", "0"), "50 " DONE},
	 "kill 3 0 doubtful"},
	{"long behind a user's text",
	 {"1 " OPEN, "62 " KILL("3", "0")},
	 "kill 3 0"},
	{"before a user's text",
	 {"1 " KILL("3", "0"), "20 " OPEN},
	 "kill 3 0 doubtful"},
	{"before half a line",
	 {"1 " KILL("3", "0"), "FORGED: Invalid user id", "2 " DONE},
	 "kill 3 0 doubtful"},
	{"long before a user's text",
	 {"1 " KILL("3", "0"), "62 " OPEN},
	 "kill 3 0"},
	{"stamp that goes back",
	 {"5 " DONE, "4.999 " KILL("3", "0"), "5 " DONE},
	 "kill 3 0 doubtful"},
	{"before a stamp that goes back",
	 {"5 " KILL("3", "0"), "4.999 " DONE},
	 "kill 3 0 doubtful"},
	{"stamp ahead of the clock", {"1 " DONE, "130 " KILL("3", "0")}, ""},
	{"it does not spoil what comes later",
	 {"1 " DONE, "130 " KILL("3", "0"), "70 " KILL("4", "0")},
	 "kill 4 0"},
	{"JobId= with lines in it, of another uid than its user's",
	 {"1 " KILL("99", "1001"), "1 " KILL("3", "0"),
	  "1 " KILL("99", "1001")},
	 "kill 99 1001 doubtful; kill 3 0 doubtful; kill 99 1001"},
	{"the same, of the user's own uid",
	 {"1 " KILL("99", "1001"), "1 " KILL("3", "1001")},
	 "kill 99 1001; kill 3 1001"},
	{"another uid long behind",
	 {"1 " KILL("3", "0"), "62 " KILL("99", "1001")},
	 "kill 3 0; kill 99 1001"},
	{"an update behind it, of another uid",
	 {"1 " KILL("3", "0"),
	  "1 _slurm_rpc_update_job: complete JobId=9 uid=1001 usec=9"},
	 "kill 3 0 doubtful"},
	{"a refusal before it, of another uid",
	 {"1 " KILL("9", "1001"),
	  "1 _slurm_rpc_kill_job: job_str_signal() uid=1001 JobId=9 sig=9 "
	  "returned: Invalid job id specified",
	  "2 " KILL("3", "0")},
	 "kill 9 1001 doubtful; kill-refused 9 1001 Invalid job id specified "
	 "doubtful; kill 3 0 doubtful"},
	{"a refused one",
	 {"1 " KILL("3", "1002"),
	  "1 error: Security violation, REQUEST_KILL_JOB RPC for "
	  "JobId=3_3(3) from uid 1002",
	  "1 _slurm_rpc_kill_job: job_str_signal() uid=1002 JobId=3 sig=9 "
	  "returned: Access/permission denied"},
	 "kill 3 1002; kill-refused 3_3(3) 1002; kill-refused 3 1002 "
	 "Access/permission denied"},
	{"settings get their uid",
	 {"1 _update_job: setting partition to open for JobId=13",
	  "1 sched: _update_job: setting time_limit to 9 for JobId=13",
	  "1 _update_job: updating accounting",
	  "1 _slurm_rpc_update_job: complete JobId=13 uid=1001 usec=332"},
	 "partition 13 1001 open; time-limit 13 1001 9"},
	{"of an array, too",
	 {"1 sched: _update_job: setting time_limit to 5 for JobId=3_3(3)",
	  "1 sched: _update_job: setting time_limit to 5 for JobId=3_4(6)",
	  "1 _slurm_rpc_update_job: complete JobId=3 uid=1001 usec=332"},
	 "time-limit 3_3(3) 1001 5; time-limit 3_4(6) 1001 5"},
	{"the rest of an array gets its tasks",
	 {"1 _update_job: setting partition to open for JobId=65_*",
	  "1 _slurm_rpc_update_job: complete JobId=65_2-3 uid=1001 usec=3"},
	 "partition 65_2-3 1001 open"},
	{"an update that failed half-way",
	 {"1 _update_job: setting partition to open for JobId=70",
	  "1 _slurm_rpc_update_job: JobId=70 uid=1001: Job dependency problem"},
	 "partition 70 1001 open"},
	{"not from another job's update",
	 {"1 _update_job: setting partition to open for JobId=13",
	  "1 _slurm_rpc_update_job: complete JobId=14 uid=1001 usec=332"},
	 ""},
	{"nor from one of other tasks",
	 {"1 _update_job: setting partition to open for JobId=3_4(6)",
	  "1 _slurm_rpc_update_job: complete JobId=3_[1-3] uid=1001 usec=3"},
	 ""},
	{"updates of two users at once",
	 {"1 _update_job: setting partition to open for JobId=13",
	  "1 _slurm_rpc_update_job: complete JobId=13 uid=0 usec=332",
	  "2 _slurm_rpc_update_job: complete JobId=13 uid=1001 usec=332"},
	 "partition 13 0 open doubtful"},
	{"an update that ends when what it set is settled",
	 {"1 _update_job: setting partition to open for JobId=13", "62 " DONE,
	  "62 _slurm_rpc_update_job: complete JobId=13 uid=1001 usec=332"},
	 ""},
	{"held",
	 {"1 sched: _hold_job_rec: hold on JobId=9 by uid 1001"},
	 "hold 9 1001"},
};

START_TEST(a_log)
{
	const char *got = sift_log(logs[_i].log);

	ck_assert_msg(strcmp(got, logs[_i].given) == 0,
		      "%s: expected '%s', got '%s'", logs[_i].name,
		      logs[_i].given, got);
}
END_TEST

static struct witness_sift *begin_anew(int64_t from, bool blind)
{
	witness_sift_free(sift);
	sift = witness_sift_new();
	witness_sift_resume(sift, from, blind);
	witness_sift_begin(sift, now);
	return sift;
}

/* What was in doubt as nobody knew what was before it is so when the log is
 * begun again, and no more once it is far enough behind. */
START_TEST(begun_blind)
{
	bool blind = false;

	text_free(&given);
	sift = witness_sift_new();
	now = (struct witness_moment){START_MS + 240000, 5000000};
	witness_sift_begin(sift, now);
	place = 0;
	log_line("1 " KILL("3", "0"));
	ck_assert_int_eq(witness_sift_restart(sift, place, &blind), 0);
	ck_assert(blind);
	begin_anew(0, blind);
	place = 0;
	log_line("1 " KILL("3", "0"));
	ck_assert_int_eq(witness_sift_restart(sift, place, &blind), 0);
	ck_assert(blind);
	log_line("62 " KILL("4", "0"));
	log_line("123 " DONE);
	ck_assert_int_eq(witness_sift_give(sift, true, on_line, NULL, &err), 0);
	ck_assert_str_eq(given.s, "kill 3 0 doubtful; kill 4 0");
	ck_assert_int_gt(witness_sift_restart(sift, place, &blind), 0);
	ck_assert(!blind);
	witness_sift_free(sift);
	text_free(&given);
}
END_TEST

/* A line is held as long as a minute, in which more places are noted than there
 * is room for; the place to begin again is a minute before it all the same. */
START_TEST(begun_long_before)
{
	bool blind = true;
	int i;

	sift = witness_sift_new();
	now = (struct witness_moment){START_MS + 240000, 5000000};
	begin_anew(0, false);
	place = 0;
	for (i = 0; i < 180; i++) {
		autofree char *line = mem_printf(
			"%d %s", i, i == 120 ? KILL("3", "0") : DONE);

		log_line(line);
	}
	ck_assert_int_gt(witness_sift_given(sift, place), 0);
	ck_assert_int_lt(witness_sift_restart(sift, place, &blind),
			 witness_sift_given(sift, place) / 2 + 100);
	ck_assert(!blind);
	witness_sift_free(sift);
}
END_TEST

/* An entry of a journal that is one message needs nothing around it; one that
 * is a line on standard error does. */
START_TEST(whole_entries)
{
	static const char kill_[] = KILL("3", "1001");
	static const char forged[] = KILL("9", "1001\n[x] " KILL("3", "0"));
	static const char open[] = OPEN;

	text_free(&given);
	sift = witness_sift_new();
	now = (struct witness_moment){START_MS, 5000000};
	witness_sift_begin(sift, now);
	witness_sift_entry(sift, START_MS, open, strlen(open), true, 0);
	witness_sift_entry(sift, START_MS, kill_, strlen(kill_), true, 1);
	witness_sift_entry(sift, START_MS, forged, strlen(forged), true, 2);
	witness_sift_entry(sift, START_MS, open, strlen(open), false, 3);
	witness_sift_entry(sift, START_MS, kill_, strlen(kill_), false, 4);
	now.ticks_ms += 61000;
	witness_sift_begin(sift, now);
	ck_assert_int_eq(witness_sift_give(sift, true, on_line, NULL, &err), 0);
	ck_assert_str_eq(given.s, "kill 3 1001; kill 3 1001 doubtful");
	witness_sift_free(sift);
	text_free(&given);
}
END_TEST

static int64_t emitted;

static int count_line(const struct witness_line *line, const char *text,
		      void *arg, struct err *why)
{
	(void)line;
	(void)text;
	(void)arg;
	(void)why;
	emitted++;
	return 0;
}

/* Whatever a user floods the log with takes neither memory nor time. */
START_TEST(a_flood)
{
	static const char *const lines[] = {
		"1 " KILL("3", "1001"),
		"1 _update_job: setting partition to open for JobId=13_1",
		"1 _slurm_rpc_update_job: complete JobId=13_2 uid=0 usec=332",
		"1 _slurm_rpc_kill_job: REQUEST_KILL_JOB JobId=3_[[[[[[[[[[[[[",
	};
	clock_t begin = clock();
	int n = unit_rounds(80000);
	int i;

	sift = witness_sift_new();
	now = (struct witness_moment){START_MS + 120000, 5000000};
	witness_sift_begin(sift, now);
	for (i = 0; i < n; i++)
		log_line(lines[i % 4]);
	now.ticks_ms += 61000;
	witness_sift_begin(sift, now);
	emitted = 0;
	ck_assert_int_eq(witness_sift_give(sift, true, count_line, NULL, &err),
			 0);
	witness_sift_free(sift);
	ck_assert_int_gt(emitted, n / 8);
	ck_assert_int_le(emitted, 32768);
	ck_assert_msg((clock() - begin) / CLOCKS_PER_SEC < 20, "too slow");
}
END_TEST

/* --- Testimony ---------------------------------------------------------- */

#define T 1000 /* when the job ended */

/* "SECONDS ACT JOB UID [DETAIL] [doubtful]"; an underscore in DETAIL is a
 * blank. */
static struct witness_line make_line(const char *text)
{
	struct witness_line line = {0};
	char act[20];
	char detail[128] = "";
	char doubtful[20] = "";
	char *at;

	ck_assert_int_ge(
		sscanf(text, "%" SCNd64 " %19s %255s %" SCNd64 " %127s %19s",
		       &line.at_s, act, line.job, &line.uid, detail, doubtful),
		4);
	line.at_s += T;
	if (strcmp(detail, "doubtful") == 0) {
		line.doubtful = true;
		detail[0] = '\0';
	}
	line.doubtful |= doubtful[0] != '\0';
	for (at = detail; (at = strchr(at, '_')) != NULL;)
		*at = ' ';
	memcpy(line.detail, detail, sizeof(detail));
	line.id_job = strtoll(line.job, NULL, 10);
	line.act = witness_act(act);
	ck_assert_int_lt(line.act, WITNESS_N);
	return line;
}

/* A job 5 of uid 1001; task 3 of array 4; component 1 of het job 4; tasks of
 * array 4 that were pending. */
#define JOB                                                                    \
	{                                                                      \
		.id_job = 5, .root_id = 5, .het_offset = -1, .uid = 1001,      \
		.submitted = T - 500, .ended = T, .before_s = 10,              \
	}
#define TASK                                                                   \
	{                                                                      \
		.id_job = 5, .root_id = 4, .tasks = "3", .het_offset = -1,     \
		.uid = 1001, .submitted = T - 500, .ended = T, .before_s = 10, \
	}
#define TASKS                                                                  \
	{                                                                      \
		.id_job = 4, .root_id = 4, .tasks = "2,4-6", .het_offset = -1, \
		.uid = 1001, .submitted = T - 500, .ended = T, .before_s = 10, \
	}
#define COMPONENT                                                              \
	{                                                                      \
		.id_job = 5, .root_id = 4, .het_offset = 1, .uid = 1001,       \
		.submitted = T - 500, .ended = T, .before_s = 10,              \
	}
#define MOVED                                                                  \
	{                                                                      \
		.act = WITNESS_PARTITION, .id_job = 5, .root_id = 5,           \
		.het_offset = -1, .uid = 1001, .submitted = T - 500,           \
		.ended = T, .to = "open",                                      \
	}

static const struct {
	const char *name;
	struct testimony_ask ask;
	const char *lines[6];
	enum testimony says;
	size_t which;
} asks[] = {
	{"nothing", JOB, {NULL}, TESTIMONY_NONE, 0},
	{"the owner", JOB, {"0 kill 5 1001"}, TESTIMONY_OWNER, 0},
	{"another", JOB, {"0 kill 5 0"}, TESTIMONY_OTHER, 0},
	{"another job", JOB, {"0 kill 6 1001"}, TESTIMONY_NONE, 0},
	{"too early", JOB, {"-11 kill 5 1001"}, TESTIMONY_NONE, 0},
	{"early", JOB, {"-10 kill 5 1001"}, TESTIMONY_OWNER, 0},
	{"late", JOB, {"2 kill 5 1001"}, TESTIMONY_OWNER, 0},
	{"too late", JOB, {"3 kill 5 1001"}, TESTIMONY_NONE, 0},
	{"before submission",
	 {.id_job = 5,
	  .root_id = 5,
	  .het_offset = -1,
	  .uid = 1001,
	  .submitted = T - 1,
	  .ended = T,
	  .before_s = 10},
	 {"-2 kill 5 1001"},
	 TESTIMONY_NONE,
	 0},
	{"doubtful", JOB, {"0 kill 5 1001 doubtful"}, TESTIMONY_NONE, 0},
	{"doubtful, and certain",
	 JOB,
	 {"-1 kill 5 1001 doubtful", "0 kill 5 1001"},
	 TESTIMONY_OWNER,
	 1},
	{"a doubtful one of another",
	 JOB,
	 {"-1 kill 5 0 doubtful", "0 kill 5 1001"},
	 TESTIMONY_NONE,
	 0},
	{"both", JOB, {"-1 kill 5 1001", "0 kill 5 0"}, TESTIMONY_NONE, 0},
	{"refused",
	 JOB,
	 {"0 kill 5 1002", "0 kill-refused 5 1002"},
	 TESTIMONY_NONE,
	 0},
	{"another was refused",
	 JOB,
	 {"-1 kill 5 1002", "-1 kill-refused 5 1002",
	  "-1 kill-refused 5 1002 Access/permission_denied", "0 kill 5 1001"},
	 TESTIMONY_OWNER,
	 3},
	{"a refusal that is doubtful takes nothing back",
	 JOB,
	 {"-1 kill 5 0", "-1 kill-refused 5 0 doubtful", "0 kill 5 1001"},
	 TESTIMONY_NONE,
	 0},
	{"refused, then not",
	 JOB,
	 {"-1 kill 5 1001", "-1 kill-refused 5 1001", "0 kill 5 1001"},
	 TESTIMONY_OWNER,
	 2},
	{"an array, where the uid may not",
	 TASK,
	 {"0 kill 4 1002", "0 kill-refused 4_3(5) 1002"},
	 TESTIMONY_NONE,
	 0},
	{"refused in part",
	 TASK,
	 {"0 kill 4_[2-3] 1001",
	  "0 kill-refused 4_[2-3] 1001 Invalid_job_id_specified"},
	 TESTIMONY_NONE,
	 0},
	{"refused in part, to another",
	 TASK,
	 {"-1 kill 4_[2-3] 0",
	  "-1 kill-refused 4_[2-3] 0 Invalid_job_id_specified",
	  "0 kill 4_3 1001"},
	 TESTIMONY_NONE,
	 0},
	{"a task", TASK, {"0 kill 4_3 1001"}, TESTIMONY_OWNER, 0},
	{"by its own number", TASK, {"0 kill 5 1001"}, TESTIMONY_OWNER, 0},
	{"in a range", TASK, {"0 kill 4_[1-9] 1001"}, TESTIMONY_OWNER, 0},
	{"in steps", TASK, {"0 kill 4_[1-9:2] 1001"}, TESTIMONY_OWNER, 0},
	{"between steps", TASK, {"0 kill 4_[2-9:2] 1001"}, TESTIMONY_NONE, 0},
	{"the array", TASK, {"0 kill 4 1001"}, TESTIMONY_OWNER, 0},
	{"another task", TASK, {"0 kill 4_4 1001"}, TESTIMONY_NONE, 0},
	{"another array's", TASK, {"0 kill 3_3 1001"}, TESTIMONY_NONE, 0},
	{"a range too long to keep",
	 TASK,
	 {"0 kill 4_? 1001"},
	 TESTIMONY_NONE,
	 0},
	{"all the tasks", TASKS, {"0 kill 4_[2,4-6] 1001"}, TESTIMONY_OWNER, 0},
	{"one by one",
	 TASKS,
	 {"-2 kill 4_2 1001", "-1 kill 4_[4,5] 1001", "0 kill 4_6 1001"},
	 TESTIMONY_OWNER,
	 2},
	{"not all", TASKS, {"0 kill 4_[2,4-5] 1001"}, TESTIMONY_NONE, 0},
	{"some by another",
	 TASKS,
	 {"-2 kill 4_2 0", "0 kill 4_[4-6] 1001"},
	 TESTIMONY_NONE,
	 0},
	{"a het job", COMPONENT, {"0 kill 4 1001"}, TESTIMONY_OWNER, 0},
	{"its leader", COMPONENT, {"0 kill 4+0 1001"}, TESTIMONY_OWNER, 0},
	{"the component", COMPONENT, {"0 kill 4+1 1001"}, TESTIMONY_OWNER, 0},
	{"another component",
	 COMPONENT,
	 {"0 kill 4+2 1001"},
	 TESTIMONY_NONE,
	 0},
	{"moved", MOVED, {"-400 partition 5 1001 open"}, TESTIMONY_OWNER, 0},
	{"a signal is no move", MOVED, {"0 kill 5 1001"}, TESTIMONY_NONE, 0},
	{"moved elsewhere",
	 MOVED,
	 {"-4 partition 5 1001 other"},
	 TESTIMONY_NONE,
	 0},
	{"moved twice",
	 MOVED,
	 {"-40 partition 5 1001 open", "-30 partition 5 0 open"},
	 TESTIMONY_OTHER,
	 1},
	{"moved, then perhaps by another",
	 MOVED,
	 {"-40 partition 5 1001 open", "-30 partition 5 0 open doubtful"},
	 TESTIMONY_NONE,
	 0},
	{"perhaps by another, then moved",
	 MOVED,
	 {"-40 partition 5 0 open doubtful", "-30 partition 5 1001 open"},
	 TESTIMONY_OWNER,
	 1},
	{"uid not known",
	 MOVED,
	 {"-40 partition 5 -1 open"},
	 TESTIMONY_NONE,
	 0},
};

START_TEST(a_testimony)
{
	struct witness_line lines[6];
	enum testimony says;
	size_t which = 99;
	size_t n = 0;

	for (; n < 6 && asks[_i].lines[n]; n++)
		lines[n] = make_line(asks[_i].lines[n]);
	says = testimony(lines, n, &asks[_i].ask, &which);
	ck_assert_msg(says == asks[_i].says, "%s: expected %d, got %d",
		      asks[_i].name, asks[_i].says, says);
	if (says != TESTIMONY_NONE)
		ck_assert_msg(which == asks[_i].which,
			      "%s: expected line %zu, got %zu", asks[_i].name,
			      asks[_i].which, which);
}
END_TEST

/* A user who asks for much does not keep the judge from its work. */
START_TEST(much_is_not_asked)
{
	struct testimony_ask ask = TASKS;
	struct witness_line *lines = mem_alloc(6000, sizeof(*lines));
	size_t which, i;

	ask.tasks = "0-4000000";
	for (i = 0; i < 6000; i++)
		lines[i] = make_line(i % 2 ? "0 kill 4_[0-4000000] 1001"
					   : "0 kill-refused 4_9 1001");
	ck_assert_int_eq(testimony(lines, 6000, &ask, &which), TESTIMONY_NONE);
	ck_assert_int_eq(testimony(lines, 4000, &ask, &which), TESTIMONY_NONE);
	ask.tasks = "7";
	ck_assert_int_eq(testimony(lines, 4000, &ask, &which), TESTIMONY_OWNER);
	free(lines);
}
END_TEST

/* --- The cases ---------------------------------------------------------- */

/* Undoes \n, \\ and \xNN. Returns the length. */
static size_t unescape(char *s)
{
	char *out = s;
	char *begin = s;
	unsigned byte;

	for (; *s; s++) {
		if (*s != '\\') {
			*out++ = *s;
		} else if (s[1] == 'x' && sscanf(s + 2, "%2x", &byte) == 1) {
			*out++ = (char)byte;
			s += 3;
		} else {
			*out++ = *++s == 'n' ? '\n' : *s;
		}
	}
	return (size_t)(out - begin);
}

static void read_cases(void)
{
	autofree char *path = mem_printf("%s/tests/witness.cases",
					 getenv("WATCHER_SOURCE_ROOT"));
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t cap = 0;
	int number = 0;

	if (!file) {
		perror(path);
		exit(2);
	}
	while (getline(&text, &cap, file) > 0) {
		struct a_case *a_case = &cases[n_cases];
		char *arrow = strstr(text, " => ");

		number++;
		text[strcspn(text, "\n")] = '\0';
		if (!text[0] || text[0] == '#')
			continue;
		if (!arrow || n_cases == (int)LENGTH(cases)) {
			fprintf(stderr, "%s:%d: not a case\n", path, number);
			exit(2);
		}
		*arrow = '\0';
		a_case->says = mem_strdup(arrow + 4);
		a_case->line = mem_strdup(text);
		a_case->len = unescape(a_case->line);
		a_case->number = number;
		n_cases++;
	}
	free(text);
	fclose(file);
}

int main(void)
{
	TCase *tcase = tcase_create("witness");
	int code;

	setenv("TZ", "UTC", 1);
	tzset();
	read_cases();
	tcase_add_loop_test(tcase, a_line, 0, n_cases);
	tcase_add_loop_test(tcase, a_broken_line, 0, n_cases);
	tcase_add_test(tcase, a_long_range_is_cut);
	tcase_add_test(tcase, an_hour_that_comes_twice);
	tcase_add_loop_test(tcase, a_log, 0, (int)LENGTH(logs));
	tcase_add_test(tcase, begun_blind);
	tcase_add_test(tcase, begun_long_before);
	tcase_add_test(tcase, whole_entries);
	tcase_add_test(tcase, a_flood);
	tcase_add_loop_test(tcase, a_testimony, 0, (int)LENGTH(asks));
	tcase_add_test(tcase, much_is_not_asked);
	code = unit_run("witness", tcase);
	for (; n_cases; n_cases--) {
		free(cases[n_cases - 1].line);
		free(cases[n_cases - 1].says);
	}
	text_free(&given);
	return code;
}
