/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/log.h"
#include "lib/mem.h"
#include "tests/unit.h"
#include "watcher/alert.h"

/* What is logged goes to this file. */
static FILE *logged;

static void set_up(void)
{
	logged = tmpfile();
	ck_assert_ptr_nonnull(logged);
	ck_assert_int_ge(dup2(fileno(logged), STDERR_FILENO), 0);
	unsetenv("JOURNAL_STREAM");
	log_open("watcher", LOG_LEVEL_INFO);
}

static void tear_down(void)
{
	fclose(logged);
}

/* The text that was logged last, without what stands in front. */
static void check_logged(const char *wanted)
{
	char line[512];
	ssize_t len = pread(fileno(logged), line, sizeof(line) - 1, 0);

	ck_assert_int_gt(len, 0);
	line[len] = '\0';
	ck_assert_str_eq(strstr(line, ": ") ? strstr(line, ": ") + 2 : line,
			 wanted);
	ck_assert_int_eq(ftruncate(fileno(logged), 0), 0);
	ck_assert_int_eq(lseek(STDERR_FILENO, 0, SEEK_SET), 0);
}

static void check_alert(enum incident_kind kind,
			enum incident_confidence confidence,
			enum incident_phase phase, int64_t tasks,
			const char *wanted)
{
	struct incident incident = {
		.incident_id = 4,
		.event_id = 3,
		.tasks = tasks,
		.user = mem_strdup("alice"),
		.job_id = mem_strdup(tasks > 1 ? "3_[5-6]" : "3"),
		.partition = mem_strdup("critical"),
		.cluster = mem_strdup("lab"),
		.account = mem_strdup("acc"),
		.kind = mem_strdup(incident_kinds[kind]),
		.confidence = mem_strdup(incident_confidences[confidence]),
		.phase = mem_strdup(incident_phases[phase]),
	};

	alert(&incident);
	check_logged(wanted);
	incident_finish(&incident);
}

START_TEST(incidents)
{
	check_alert(KIND_CANCELLED, CONFIDENCE_CONFIRMED, PHASE_RUNNING, 1,
		    "incident 4 (event 3): alice cancelled job 3 on critical "
		    "while it was running (cluster lab, account acc, "
		    "confirmed)\n");
	check_alert(KIND_STEP_CANCELLED, CONFIDENCE_CONFIRMED, PHASE_RUNNING, 1,
		    "incident 4 (event 3): alice killed a step of job 3 on "
		    "critical while it was running (cluster lab, account acc, "
		    "confirmed)\n");
	check_alert(KIND_TASKS_WITHDRAWN, CONFIDENCE_SUSPECTED, PHASE_PENDING,
		    2,
		    "incident 4 (event 3): pending job 3_[5-6] of alice on "
		    "critical was withdrawn (cluster lab, account acc, "
		    "suspected)\n");
	check_alert(KIND_UNATTRIBUTED, CONFIDENCE_SUSPECTED, PHASE_RUNNING, 1,
		    "incident 4 (event 3): running job 3 of alice on critical "
		    "was cancelled (accounting does not say by whom) (cluster "
		    "lab, account acc, suspected)\n");
}
END_TEST

START_TEST(corrections)
{
	alert_correction(4, CORRECTION_CONFIRMED, "the log names alice");
	check_logged("incident 4 is confirmed: the log names alice\n");
	alert_correction(4, CORRECTION_CLEARED, "the log names root");
	check_logged("incident 4 is cleared, not the owner's: the log names "
		     "root\n");
	alert_correction(4, CORRECTION_ALIVE, "its row is open again");
	check_logged("incident 4 is none, the job did not end: its row is "
		     "open again\n");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("alert");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, incidents);
	tcase_add_test(tcase, corrections);
	return unit_run("alert", tcase);
}
