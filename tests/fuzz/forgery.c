/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A user who types a job's name, of any bytes, into slurmctld's log: no line
 * that came of it is ever believed, and none of slurmctld's own is believed to
 * be something else. */
#include "tests/fuzz/fuzz.h"
#include "watcher/witness_sift.h"

#include <time.h>

/* The log is read at these times, in seconds since FIRST_S; the user's text is
 * written at TYPED_S, and the last line before LAST_S. */
#define FIRST_S 1795375200
#define TYPED_S 65
#define LAST_S 200
static const int read_s[] = {60, 70, 80, 90, 200, 290};

struct log {
	struct text bytes;
	size_t read; /* of these */
	struct witness_sift *sift;
	struct text_list own; /* slurmctld's lines that say who asked */
	size_t n_believed;
};

static void add_stamp(struct text *text, int64_t at_s)
{
	time_t t = (time_t)(FIRST_S + at_s);
	struct tm tm;
	char stamp[40];

	gmtime_r(&t, &tm);
	strftime(stamp, sizeof(stamp), "[%Y-%m-%dT%H:%M:%S.000] ", &tm);
	text_add(text, stamp);
}

/* What slurmctld logs in a second: its own words, and who asked for what, which
 * is user 1001. */
static void add_second(struct log *log, int64_t at_s, const char *typed)
{
	autotext struct text line = {0};

	if (at_s == TYPED_S) {
		add_stamp(&log->bytes, at_s);
		text_addf(&log->bytes, "error: job name %s is too long\n",
			  typed);
	}
	add_stamp(&line, at_s);
	if (at_s % 5)
		text_addf(&line, "_job_complete: JobId=%d done", (int)at_s + 1);
	else
		text_addf(&line,
			  "_slurm_rpc_kill_job: REQUEST_KILL_JOB JobId=%d uid "
			  "1001",
			  (int)at_s + 1);
	if (at_s % 5 == 0)
		text_list_add(&log->own, line.s);
	text_addf(&log->bytes, "%s\n", line.s);
}

/* Whatever is believed is slurmctld's. */
static int check(const struct witness_line *line, const char *text, void *arg,
		 struct err *err)
{
	struct log *log = arg;
	size_t i = 0;

	(void)err;
	if (line->doubtful)
		return 0;
	while (i < log->own.n && strcmp(log->own.items[i], text) != 0)
		i++;
	if (i == log->own.n)
		fprintf(stderr, "believed: %s\n", text);
	must(i < log->own.n);
	must(line->act == WITNESS_KILL && line->uid == 1001);
	/* No more often than it was logged. */
	log->own.items[i][0] = '\0';
	log->n_believed++;
	return 0;
}

static void read_on(struct log *log, int64_t at_s)
{
	const struct witness_moment moment = {
		.clock_ms = (FIRST_S + at_s) * 1000,
		.ticks_ms = at_s * 1000,
	};
	struct err err = {0};
	const char *line = log->bytes.s + log->read;
	const char *end;

	witness_sift_begin(log->sift, moment);
	while ((end = strchr(line, '\n'))) {
		witness_sift_line(log->sift, line, (size_t)(end - line),
				  line - log->bytes.s);
		line = end + 1;
	}
	log->read = log->bytes.len;
	must(witness_sift_give(log->sift, true, check, log, &err) == 0);
}

/* What the user typed, up to a NUL. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autoinputs struct fuzz_input input = fuzz_input(data, size);
	const char *typed = fuzz_text(&input);
	struct log log = {.sift = witness_sift_new()};
	int64_t at_s = 0;
	size_t i;

	setenv("TZ", "UTC0", 1);
	for (i = 0; i < LENGTH(read_s); i++) {
		for (; at_s < read_s[i] && at_s < LAST_S; at_s++)
			add_second(&log, at_s, typed);
		read_on(&log, read_s[i]);
	}
	/* From long before and after it. */
	must(log.n_believed >= 10);
	witness_sift_free(log.sift);
	text_list_free(&log.own);
	text_free(&log.bytes);
	return 0;
}
