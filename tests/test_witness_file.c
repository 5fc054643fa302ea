/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows logs that grow, are rotated, cut, replaced and full of garbage. */
#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"
#include "tests/scratch.h"
#include "watcher/witness.h"
#include "watcher/witness_file.h"

#include <inttypes.h>
#include <jansson.h>
#include <sys/resource.h>
#include <time.h>

#define KILL(job) "_slurm_rpc_kill_job: REQUEST_KILL_JOB JobId=" job " uid 1001"
#define DONE "_job_complete: JobId=99 done"
#define LOG "slurmctld.log"

static struct witness_file *file;
static struct witness_sift *sift;
static struct witness_moment now;
static int64_t log_s; /* the next line's time */
static struct text given;
static struct err err;

static void open_log(void)
{
	file = witness_file_new(LOG);
	sift = witness_sift_new();
}

static void close_log(void)
{
	witness_file_free(file);
	witness_sift_free(sift);
}

static void enter(void)
{
	scratch_enter();
	log_s = 1795391640;
	now = (struct witness_moment){(log_s + 100000) * 1000, 1000};
	open_log();
}

static void leave(void)
{
	close_log();
	text_free(&given);
	scratch_leave();
}

/* Adds a line, or, without its newline, a part of one, a minute later than the
 * one before: nothing that is around one matters for another. */
static void append_to(const char *name, const char *message, const char *end)
{
	FILE *out = fopen(name, "a");
	char when[WHEN_SIZE];

	ck_assert_ptr_nonnull(out);
	when_utc(log_s, when);
	when[strlen(when) - 1] = '\0';
	log_s += 100;
	fprintf(out, "[%s.000] %s%s", when, message, end);
	ck_assert_int_eq(fclose(out), 0);
}

static void append(const char *message)
{
	append_to(LOG, message, "\n");
}

static void append_bytes(const char *name, const void *bytes, size_t len)
{
	FILE *out = fopen(name, "a");

	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite(bytes, 1, len, out), len);
	ck_assert_int_eq(fclose(out), 0);
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

/* Reads to the end, long after the last reading: the jobs that were killed. */
static const char *read_all(void)
{
	int rc;

	text_free(&given);
	do {
		now.ticks_ms += 1000;
		witness_sift_begin(sift, now);
		rc = witness_file_read(file, sift, &err);
		ck_assert_msg(rc >= 0, "%s", err.msg);
		ck_assert_int_eq(
			witness_sift_give(sift, rc == 0, on_line, NULL, &err),
			0);
	} while (rc > 0);
	now.ticks_ms += 100000;
	witness_sift_begin(sift, now);
	ck_assert_int_eq(witness_sift_give(sift, true, on_line, NULL, &err), 0);
	return given.s ? given.s : "";
}

static void restart(void)
{
	json_t *position = witness_file_position(file, sift);
	char *text = json_dumps(position, JSON_COMPACT);

	close_log();
	open_log();
	json_decref(position);
	position = json_loads(text, 0, NULL);
	free(text);
	ck_assert_int_eq(witness_file_resume(file, sift, position, &err), 0);
	json_decref(position);
}

START_TEST(a_file_that_grows)
{
	append(DONE);
	append(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
	ck_assert_str_eq(read_all(), "");
	append(KILL("2"));
	append(KILL("3"));
	ck_assert_str_eq(read_all(), "2 3");
}
END_TEST

START_TEST(half_a_line)
{
	append(DONE);
	append_to(LOG, "_slurm_rpc_kill_job: REQUEST_KILL_JOB Job", "");
	ck_assert_str_eq(read_all(), "");
	append_bytes(LOG, "Id=1 uid 10", 11);
	ck_assert_str_eq(read_all(), "");
	append_bytes(LOG, "01\n", 3);
	ck_assert_str_eq(read_all(), "1");
}
END_TEST

START_TEST(renamed)
{
	append(DONE);
	append(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
	append(KILL("2"));
	ck_assert_int_eq(rename(LOG, LOG ".1"), 0);
	scratch_write(LOG, 0600, "");
	/* slurmctld has not been told yet. */
	append_to(LOG ".1", KILL("3"), "\n");
	ck_assert_str_eq(read_all(), "2 3");
	append_to(LOG ".1", KILL("4"), "\n");
	append(KILL("5"));
	ck_assert_str_eq(read_all(), "4 5");
	append(KILL("6"));
	ck_assert_str_eq(read_all(), "6");
}
END_TEST

START_TEST(renamed_and_gone)
{
	append(DONE);
	append(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
	ck_assert_int_eq(rename(LOG, LOG ".1"), 0);
	witness_sift_begin(sift, now);
	ck_assert_int_eq(witness_file_read(file, sift, &err), -1);
	ck_assert_int_eq(err.kind, ERR_RETRY);
	ck_assert_str_eq(err.msg,
			 "log slurmctld.log: No such file or directory");
	append(KILL("2"));
	ck_assert_str_eq(read_all(), "2");
}
END_TEST

START_TEST(copied_and_cut)
{
	append(DONE);
	append(KILL("1"));
	append(KILL("2"));
	ck_assert_str_eq(read_all(), "1 2");
	ck_assert_int_eq(truncate(LOG, 0), 0);
	ck_assert_str_eq(read_all(), "");
	append(DONE);
	append(KILL("3"));
	ck_assert_str_eq(read_all(), "3");
}
END_TEST

/* It is as long again when it is looked at. */
START_TEST(cut_and_grown)
{
	append(DONE);
	append(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
	ck_assert_int_eq(truncate(LOG, 0), 0);
	append(KILL("2"));
	append(KILL("3"));
	append(KILL("4"));
	ck_assert_str_eq(read_all(), "2 3 4");
}
END_TEST

START_TEST(a_restart)
{
	append(DONE);
	append(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
	restart();
	ck_assert_str_eq(read_all(), "");
	append(KILL("2"));
	restart();
	ck_assert_str_eq(read_all(), "2");
}
END_TEST

/* What was read but not certain is given after it. */
START_TEST(a_restart_before_it_was_certain)
{
	append(DONE);
	append(KILL("1"));
	now.ticks_ms += 1000;
	witness_sift_begin(sift, now);
	ck_assert_int_eq(witness_file_read(file, sift, &err), 0);
	ck_assert_int_eq(witness_sift_give(sift, true, on_line, NULL, &err), 0);
	ck_assert_ptr_null(given.s);
	restart();
	ck_assert_str_eq(read_all(), "1");
}
END_TEST

START_TEST(renamed_before_a_restart)
{
	append(DONE);
	append(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
	append(KILL("2"));
	ck_assert_int_eq(rename(LOG, LOG "-20261122"), 0);
	append(KILL("3"));
	restart();
	/* Between the two there may have been another. */
	ck_assert_str_eq(read_all(), "2? 3");
}
END_TEST

START_TEST(cut_before_a_restart)
{
	append(DONE);
	append(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
	ck_assert_int_eq(truncate(LOG, 0), 0);
	append(DONE);
	append(KILL("2"));
	append(KILL("3"));
	restart();
	ck_assert_str_eq(read_all(), "2 3");
}
END_TEST

START_TEST(no_position)
{
	static const char *const bad[] = {
		"{}",
		"[]",
		"{\"dev\":1}",
		"{\"dev\":1,\"ino\":1,\"print\":\"x\",\"print_len\":1,"
		"\"offset\":0,\"given\":0}",
		"{\"dev\":1,\"ino\":1,\"print\":\"1\",\"print_len\":999999,"
		"\"offset\":0,\"given\":0}",
		"{\"dev\":1,\"ino\":1,\"print\":\"1\",\"print_len\":1,"
		"\"offset\":-5,\"given\":0}",
	};
	size_t i;

	append(DONE);
	append(KILL("1"));
	for (i = 0; i < LENGTH(bad); i++) {
		json_t *json = json_loads(bad[i], 0, NULL);

		ck_assert_int_eq(witness_file_resume(file, sift, json, &err),
				 -1);
		ck_assert_int_eq(err.kind, ERR_STOP);
		json_decref(json);
	}
	ck_assert_str_eq(read_all(), "1");
}
END_TEST

START_TEST(begins_near_the_end)
{
	int i;

	append(KILL("1"));
	for (i = 0; i < 30000; i++)
		append_bytes(LOG, "[2026-11-22T10:00:00] " DONE "\n",
			     strlen("[2026-11-22T10:00:00] " DONE "\n"));
	append(KILL("2"));
	ck_assert_str_eq(read_all(), "2");
}
END_TEST

START_TEST(a_gigantic_line)
{
	char *bytes = mem_alloc(3000000, 1);

	memset(bytes, 'x', 3000000);
	append(DONE);
	append(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
	append_bytes(LOG, bytes, 3000000);
	ck_assert_str_eq(read_all(), "");
	append_bytes(LOG, bytes, 3000000);
	append_bytes(LOG, "\n", 1);
	log_s += 1000;
	append(KILL("2"));
	ck_assert_str_eq(read_all(), "2");
	free(bytes);
}
END_TEST

static int64_t memory_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

START_TEST(garbage)
{
	size_t n = (size_t)unit_rounds(50 * 1000 * 1000);
	unsigned char *bytes = mem_alloc(n, 1);
	clock_t begin;
	int64_t before;
	size_t i;

	srandom(1);
	for (i = 0; i < n; i++)
		bytes[i] = (unsigned char)random();
	append(DONE);
	append(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
	append_bytes(LOG, bytes, n);
	append_bytes(LOG, "\n", 1);
	log_s += 1000;
	append(KILL("2"));
	free(bytes);
	before = memory_kib();
	begin = clock();
	ck_assert_str_eq(read_all(), "2");
	ck_assert_int_lt((clock() - begin) / CLOCKS_PER_SEC, 20);
	ck_assert_int_lt(memory_kib() - before, 8192);
}
END_TEST

/* What is in the file's place is said, each time it is tried. */
static void refused(const char *why)
{
	autofree char *msg = mem_printf("log slurmctld.log: %s", why);

	witness_sift_begin(sift, now);
	ck_assert_int_eq(witness_file_read(file, sift, &err), -1);
	ck_assert_int_eq(err.kind, ERR_RETRY);
	ck_assert_str_eq(err.msg, msg);
}

START_TEST(no_file)
{
	refused("No such file or directory");
	ck_assert_ptr_null(witness_file_position(file, sift));
	ck_assert_int_eq(mkdir(LOG, 0700), 0);
	refused("is not a regular file");
	ck_assert_int_eq(rmdir(LOG), 0);
	ck_assert_int_eq(mkfifo(LOG, 0600), 0);
	refused("is not a regular file");
	ck_assert_int_eq(unlink(LOG), 0);
	ck_assert_int_eq(symlink("/dev/zero", LOG), 0);
	refused("is not a regular file");
	ck_assert_int_eq(unlink(LOG), 0);
	append(DONE);
	append(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
}
END_TEST

START_TEST(replaced_by_a_folder)
{
	append(DONE);
	append(KILL("1"));
	ck_assert_str_eq(read_all(), "1");
	ck_assert_int_eq(unlink(LOG), 0);
	ck_assert_int_eq(mkdir(LOG, 0700), 0);
	refused("is not a regular file");
	ck_assert_int_eq(rmdir(LOG), 0);
	append(KILL("2"));
	ck_assert_str_eq(read_all(), "2");
}
END_TEST

START_TEST(not_readable)
{
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	if (access(".", R_OK) == 0 && geteuid() != 65534) {
		append(DONE);
		ck_assert_int_eq(chmod(LOG, 0), 0);
	}
	refused("Permission denied");
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

/* As the watch does it, by the clock of this host. */
START_TEST(the_whole)
{
	autofree char *path = mem_printf("%s/" LOG, unit_dir);
	struct conf conf = {0};
	struct witness *witness;
	char none[] = "";
	char *position;

	conf.witness.slurmctld_log = none;
	conf.witness.journal = none;
	ck_assert_ptr_null(witness_new(&conf));
	conf.witness.slurmctld_log = path;
	log_s = time(NULL) - 1000;
	append(DONE);
	append(KILL("1"));
	append(KILL("2"));
	append(DONE);
	witness = witness_new(&conf);
	ck_assert_ptr_null(witness_position(witness));
	ck_assert_int_eq(witness_resume(witness, "{", &err), -1);
	ck_assert_int_eq(witness_read(witness, on_line, NULL, &err), 0);
	ck_assert_str_eq(given.s, "1 2");
	position = witness_position(witness);
	witness_free(witness);
	text_free(&given);

	append(KILL("3"));
	append(DONE);
	witness = witness_new(&conf);
	ck_assert_int_eq(witness_resume(witness, position, &err), 0);
	ck_assert_int_eq(witness_read(witness, on_line, NULL, &err), 0);
	ck_assert_str_eq(given.s, "3");
	witness_free(witness);
	witness = witness_new(&conf);
	ck_assert_int_eq(witness_resume(witness, "{\"journal\":{}}", &err), 0);
	witness_free(witness);
	free(position);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("witness_file");

	setenv("TZ", "UTC", 1);
	tzset();
	tcase_add_checked_fixture(tcase, enter, leave);
	tcase_add_test(tcase, a_file_that_grows);
	tcase_add_test(tcase, half_a_line);
	tcase_add_test(tcase, renamed);
	tcase_add_test(tcase, renamed_and_gone);
	tcase_add_test(tcase, copied_and_cut);
	tcase_add_test(tcase, cut_and_grown);
	tcase_add_test(tcase, a_restart);
	tcase_add_test(tcase, a_restart_before_it_was_certain);
	tcase_add_test(tcase, renamed_before_a_restart);
	tcase_add_test(tcase, cut_before_a_restart);
	tcase_add_test(tcase, no_position);
	tcase_add_test(tcase, begins_near_the_end);
	tcase_add_test(tcase, a_gigantic_line);
	tcase_add_test(tcase, garbage);
	tcase_add_test(tcase, no_file);
	tcase_add_test(tcase, replaced_by_a_folder);
	tcase_add_test(tcase, not_readable);
	tcase_add_test(tcase, the_whole);
	return unit_run("witness_file", tcase);
}
