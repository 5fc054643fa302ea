/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slurmctld's log, which may hold anything: in whatever pieces it grows, and
 * wherever the reading is broken off and begun again, it says the same. */
#include "watcher/witness_file.h"

#include "tests/fuzz/fuzz.h"
#include "watcher/witness_job.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* This byte of an input becomes so many of a long line. */
#define LONG '\001'
#define LONG_LEN 5000

/* A day after the last stamp that inputs begin with. */
#define CLOCK_MS INT64_C(1795479073000)

/* --- A line --------------------------------------------------------------- */

static void check_line(const char *line, size_t len)
{
	struct witness_line said = {0};
	struct witness_job job;
	const char *s;

	if (!witness_line_parse(line, len, &said))
		return;
	must(said.act < WITNESS_N);
	must(witness_act(witness_acts[said.act]) == said.act);
	must(strlen(said.job) < sizeof(said.job));
	must(witness_job_parse(said.job, strlen(said.job), &job));
	must(job.id == said.id_job && job.id > 0);
	must(strlen(said.detail) < sizeof(said.detail));
	for (s = said.detail; *s; s++)
		must(*s >= ' ' && *s <= '~');
	must(said.at_s >= 0);
	must(said.uid >= 0 || said.act == WITNESS_PARTITION ||
	     said.act == WITNESS_TIME_LIMIT);
}

static void check_lines(const char *log, size_t len)
{
	const char *end;

	for (; (end = memchr(log, '\n', len)); log = end + 1) {
		check_line(log, (size_t)(end - log));
		len -= (size_t)(end - log) + 1;
	}
	check_line(log, len);
}

/* --- A reading ------------------------------------------------------------ */

struct reading {
	struct witness_file *file;
	struct witness_sift *sift;
	struct text said;
};

static int take(const struct witness_line *line, const char *text, void *arg,
		struct err *err)
{
	struct reading *reading = arg;

	(void)err;
	must(strlen(text) > 0);
	text_addf(&reading->said, "%" PRId64 " %s %s %" PRId64 " %s %d\n%s\n",
		  line->at_s, witness_acts[line->act], line->job, line->uid,
		  line->detail, line->doubtful, text);
	return 0;
}

static void open_reading(struct reading *reading, const char *path)
{
	reading->file = witness_file_new(path);
	reading->sift = witness_sift_new();
}

static void close_reading(struct reading *reading)
{
	witness_file_free(reading->file);
	witness_sift_free(reading->sift);
}

/* Reads what the file holds by now; ticks_ms: after how long. */
static void read_on(struct reading *reading, int64_t ticks_ms, bool is_last)
{
	const struct witness_moment moment = {
		.clock_ms = CLOCK_MS,
		.ticks_ms = ticks_ms,
	};
	struct err err = {0};
	int rc;

	witness_sift_begin(reading->sift, moment);
	do {
		rc = witness_file_read(reading->file, reading->sift, &err);
		must(rc >= 0);
		must(witness_sift_give(reading->sift, is_last && rc == 0, take,
				       reading, &err) == 0);
	} while (rc > 0);
}

/* Breaks it off, and begins again where it stood. */
static void restart(struct reading *reading, const char *path)
{
	json_t *position = witness_file_position(reading->file, reading->sift);
	struct err err = {0};

	close_reading(reading);
	open_reading(reading, path);
	if (position)
		must(witness_file_resume(reading->file, reading->sift, position,
					 &err) == 0);
	json_decref(position);
}

/* Reads the file as it grows by the pieces, and begins anew behind those whose
 * number is odd; from when it is empty, as of a long one that was never read
 * only the end is. What it says is for the caller to free. */
static char *read_pieces(const struct text *log, const char *pieces,
			 bool restarts)
{
	static struct fuzz_file file;
	struct reading reading = {0};
	size_t done = 0;

	fuzz_file_write(&file, "", 0);
	open_reading(&reading, file.path);
	read_on(&reading, 0, false);
	for (; *pieces && done < log->len; pieces++) {
		size_t n = (unsigned char)*pieces * 7;

		if (n > log->len - done)
			n = log->len - done;
		must(pwrite(file.fd, log->s + done, n, (off_t)done) ==
		     (ssize_t)n);
		done += n;
		read_on(&reading, 0, false);
		if (restarts && *pieces % 2)
			restart(&reading, file.path);
	}
	must(pwrite(file.fd, log->s + done, log->len - done, (off_t)done) ==
	     (ssize_t)(log->len - done));
	read_on(&reading, 0, true);
	read_on(&reading, 3600 * 1000, true);
	close_reading(&reading);
	return text_take(&reading.said);
}

/* --- Input ---------------------------------------------------------------- */

static void expand(const char *bytes, size_t size, struct text *log)
{
	size_t i, n;

	text_add(log, "");
	for (i = 0; i < size; i++)
		if (bytes[i] == LONG)
			for (n = 0; n < LONG_LEN; n++)
				text_add_char(log, '1');
		else
			text_add_char(log, bytes[i]);
}

static void set_zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

/* The lengths of the pieces, each a byte, and the log to the end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autoinputs struct fuzz_input input = fuzz_input(data, size);
	const char *pieces = fuzz_text(&input);
	autotext struct text log = {0};
	autofree char *whole = NULL;
	autofree char *grown = NULL;
	autofree char *restarted = NULL;

	set_zone("Europe/Berlin");
	expand(input.bytes + input.at, size - input.at, &log);
	check_lines(log.s, log.len);
	whole = read_pieces(&log, "", false);
	grown = read_pieces(&log, pieces, false);
	must_equal(whole, grown);
	/* In the hour that clocks show twice, what was read before tells which
	 * it is: a restart may have forgotten that. */
	set_zone("Asia/Kolkata");
	free(whole);
	whole = read_pieces(&log, "", false);
	restarted = read_pieces(&log, pieces, true);
	must_equal(whole, restarted);
	return 0;
}
