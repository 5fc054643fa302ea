/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows journals that systemd-journal-remote makes, of entries as journald
 * made them of slurmctld 22.05's with SlurmctldSyslogDebug=info. */
#include "lib/mem.h"
#include "lib/text.h"
#include "tests/scratch.h"
#include "watcher/witness_journal.h"

#include <inttypes.h>
#include <jansson.h>
#include <time.h>

#define MAKER "/lib/systemd/systemd-journal-remote"
#define KILL(job) "_slurm_rpc_kill_job: REQUEST_KILL_JOB JobId=" job " uid 1001"
#define DONE "_job_complete: JobId=99 done"
#define OPEN "_get_job_parts: invalid partition specified: x"

static struct witness_journal *journal;
static struct witness_sift *sift;
static struct witness_moment now;
static int64_t at_s; /* the next entry's time */
static struct text given;
static struct err err;

static void open_journal(void)
{
	journal = witness_journal_new("slurmctld", unit_dir);
	sift = witness_sift_new();
}

static void close_journal(void)
{
	witness_journal_free(journal);
	witness_sift_free(sift);
}

static void enter(void)
{
	scratch_enter();
	at_s = time(NULL) - 20;
	now = (struct witness_moment){(at_s + 1000) * 1000, 1000};
	open_journal();
}

static void leave(void)
{
	close_journal();
	text_free(&given);
	scratch_leave();
}

struct entry {
	const char *unit;
	const char *exe;
	const char *transport;
	const char *message;
};

#define SLURMCTLD "slurmctld.service", "/usr/sbin/slurmctld-wlm"

/* Adds entries to the journal, a second apart. */
static void append(const struct entry *entries, size_t n)
{
	static int files;
	autofree char *command =
		mem_printf(MAKER " -o f%d.journal - 2>remote.log", ++files);
	FILE *out = popen(command, "w");
	size_t i;

	ck_assert_ptr_nonnull(out);
	for (i = 0; i < n; i++) {
		uint64_t len = strlen(entries[i].message);

		fprintf(out,
			"__REALTIME_TIMESTAMP=%" PRId64 "000000\n"
			"__MONOTONIC_TIMESTAMP=%" PRId64 "\n"
			"_BOOT_ID=4239b7b817654f7cb50f49a1f52bc9f9\n"
			"_SYSTEMD_UNIT=%s\n_EXE=%s\n_TRANSPORT=%s\nMESSAGE\n",
			at_s, at_s, entries[i].unit, entries[i].exe,
			entries[i].transport);
		fwrite(&len, sizeof(len), 1, out);
		fprintf(out, "%s\n\n", entries[i].message);
		at_s++;
	}
	ck_assert_int_eq(pclose(out), 0);
}

static void append_one(const char *message)
{
	const struct entry entry = {SLURMCTLD, "syslog", message};

	append(&entry, 1);
}

static int on_line(const struct witness_line *line, const char *text, void *arg,
		   struct err *why)
{
	(void)text;
	(void)arg;
	(void)why;
	text_addf(&given, "%s%s%s", given.len ? " " : "", line->job,
		  line->doubtful ? "?" : "");
	return 0;
}

static const char *read_all(void)
{
	int rc;

	text_free(&given);
	now.ticks_ms += 100000;
	witness_sift_begin(sift, now);
	rc = witness_journal_read(journal, sift, &err);
	ck_assert_msg(rc == 0, "%s", err.msg);
	now.ticks_ms += 100000;
	witness_sift_begin(sift, now);
	ck_assert_int_eq(witness_sift_give(sift, true, on_line, NULL, &err), 0);
	return given.s ? given.s : "";
}

static void restart(void)
{
	json_t *position = witness_journal_position(journal, sift);

	ck_assert_ptr_nonnull(position);
	close_journal();
	open_journal();
	ck_assert_int_eq(witness_journal_resume(journal, sift, position, &err),
			 0);
	json_decref(position);
}

/* One entry is one message: nothing a user types is another. */
START_TEST(whose_entries)
{
	static const struct entry entries[] = {
		{SLURMCTLD, "syslog", OPEN},
		{SLURMCTLD, "syslog", KILL("1")},
		{SLURMCTLD, "syslog", OPEN "\n" KILL("2")},
		{SLURMCTLD, "syslog", KILL("3") "\n" KILL("4")},
		{"slurmctld.service", "/usr/bin/logger", "syslog", KILL("5")},
		{"slurmctld.service", "/home/alice/notslurmctld", "syslog",
		 KILL("6")},
		{"user@1001.service", "/usr/sbin/slurmctld-wlm", "syslog",
		 KILL("7")},
		{"slurmctld.service", "/usr/sbin/slurmctld", "syslog",
		 KILL("8")},
		{SLURMCTLD, "journal", KILL("9")},
	};

	append(entries, LENGTH(entries));
	ck_assert_str_eq(read_all(), "1 8 9");
}
END_TEST

/* A line on standard error is as doubtful as in a file. */
START_TEST(standard_error)
{
	static const struct entry entries[] = {
		{SLURMCTLD, "stdout", "slurmctld: " DONE},
		{SLURMCTLD, "stdout", "slurmctld: " KILL("1")},
		{SLURMCTLD, "stdout", "slurmctld: " OPEN},
		{SLURMCTLD, "stdout", KILL("2")},
	};

	append(entries, LENGTH(entries));
	ck_assert_str_eq(read_all(), "1? 2?");
	witness_sift_resume(sift, 0, false);
	at_s += 1000;
	append_one(DONE);
	append(entries, 2);
	ck_assert_str_eq(read_all(), "1");
}
END_TEST

START_TEST(a_journal_that_grows)
{
	append_one(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
	ck_assert_str_eq(read_all(), "");
	append_one(KILL("2"));
	append_one(KILL("3"));
	ck_assert_str_eq(read_all(), "2 3");
}
END_TEST

START_TEST(a_restart)
{
	append_one(KILL("1"));
	append_one(KILL("2"));
	ck_assert_str_eq(read_all(), "1 2");
	append_one(KILL("3"));
	restart();
	ck_assert_str_eq(read_all(), "3");
	restart();
	ck_assert_str_eq(read_all(), "");
}
END_TEST

/* What is left of the journal comes behind the entry that is gone. */
START_TEST(vacuumed)
{
	append_one(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
	ck_assert_int_eq(system("rm *.journal"), 0);
	append_one(KILL("2"));
	append_one(KILL("3"));
	restart();
	ck_assert_str_eq(read_all(), "2 3");
}
END_TEST

START_TEST(no_position)
{
	json_t *json = json_pack("{s:i}", "cursor", 5);

	ck_assert_int_eq(witness_journal_resume(journal, sift, json, &err), -1);
	json_decref(json);
	json = json_pack("{s:s, s:i}", "cursor", "nonsense", "given", 1);
	ck_assert_int_eq(witness_journal_resume(journal, sift, json, &err), 0);
	json_decref(json);
	append_one(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
}
END_TEST

START_TEST(no_journal)
{
	ck_assert_int_eq(witness_journal_read(journal, sift, &err), 0);
	ck_assert_ptr_null(witness_journal_position(journal, sift));
	close_journal();
	journal = witness_journal_new("slurmctld", "/nowhere");
	sift = witness_sift_new();
	ck_assert_int_eq(witness_journal_read(journal, sift, &err), -1);
	ck_assert_int_eq(err.kind, ERR_RETRY);
	ck_assert_str_eq(err.msg, "journal: No such file or directory");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("witness_journal");

	if (access(MAKER, X_OK) < 0) {
		perror(MAKER);
		return 77;
	}
	tcase_add_checked_fixture(tcase, enter, leave);
	tcase_add_test(tcase, whose_entries);
	tcase_add_test(tcase, standard_error);
	tcase_add_test(tcase, a_journal_that_grows);
	tcase_add_test(tcase, a_restart);
	tcase_add_test(tcase, vacuumed);
	tcase_add_test(tcase, no_position);
	tcase_add_test(tcase, no_journal);
	return unit_run("witness_journal", tcase);
}
