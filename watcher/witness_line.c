/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/witness_line.h"

#include "lib/mem.h"
#include "lib/when.h"
#include "watcher/witness_job.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DIGITS "0123456789"

const char *const witness_acts[WITNESS_N] = {
	[WITNESS_KILL] = "kill",
	[WITNESS_KILL_REFUSED] = "kill-refused",
	[WITNESS_PARTITION] = "partition",
	[WITNESS_TIME_LIMIT] = "time-limit",
	[WITNESS_COMPLETE] = "complete",
	[WITNESS_HOLD] = "hold",
};

enum witness_act witness_act(const char *word)
{
	size_t i;

	for (i = 0; i < WITNESS_N; i++)
		if (strcmp(witness_acts[i], word) == 0)
			break;
	return (enum witness_act)i;
}

/* --- The stamp ---------------------------------------------------------- */

/* Whether the text begins as `shape`, in which 9 is any digit. */
static bool has_shape(const char *s, size_t len, const char *shape)
{
	size_t i;

	if (len < strlen(shape))
		return false;
	for (i = 0; shape[i]; i++)
		if (shape[i] == '9' ? s[i] < '0' || s[i] > '9'
				    : s[i] != shape[i])
			return false;
	return true;
}

/* Length of a zone, Z or +01:00; 0 if there is none. */
static size_t zone_len(const char *s, size_t len)
{
	if (has_shape(s, len, "Z"))
		return 1;
	if (has_shape(s, len, "+99:99") || has_shape(s, len, "-99:99"))
		return strlen("+99:99");
	return 0;
}

bool witness_line_stamp(const char *line, size_t len,
			struct witness_stamp *stamp)
{
	static const char shape[] = "[9999-99-99T99:99:99";
	size_t time_len = strlen(shape) - 1;
	size_t at = strlen(shape);
	char text[40];
	struct err err;
	int64_t ms = 0;
	size_t zone;

	if (!has_shape(line, len, shape))
		return false;
	if (has_shape(line + at, len - at, ".999")) {
		ms = (line[at + 1] - '0') * 100 + (line[at + 2] - '0') * 10 +
		     (line[at + 3] - '0');
		at += strlen(".999");
	}
	zone = zone_len(line + at, len - at);
	if (!has_shape(line + at + zone, len - at - zone, "] "))
		return false;
	snprintf(text, sizeof(text), "%.*s%.*s", (int)time_len, line + 1,
		 (int)zone, line + at);
	if (when_time(text, 0, &stamp->at_ms, &err) < 0)
		return false;
	stamp->at_ms = stamp->at_ms * 1000 + ms;
	stamp->len = at + zone + strlen("] ");
	stamp->local = zone == 0;
	return true;
}

int64_t witness_line_later_ms(int64_t at_ms)
{
	time_t at = (time_t)(at_ms / 1000);
	time_t later = at;
	struct tm before = {0};
	struct tm after = {0};

	localtime_r(&at, &before);
	later += 24 * 3600;
	localtime_r(&later, &after);
	if (after.tm_gmtoff >= before.tm_gmtoff)
		return at_ms;
	later = at + (time_t)(before.tm_gmtoff - after.tm_gmtoff);
	localtime_r(&later, &after);
	if (after.tm_hour != before.tm_hour || after.tm_min != before.tm_min)
		return at_ms;
	return at_ms + (int64_t)(later - at) * 1000;
}

/* --- The message -------------------------------------------------------- */

/* What slurmctld writes, in which %j is a job, %u a uid, %n a number, %w a
 * word, and what goes to detail is %d a number, %p a word, %s the rest. Only
 * what holds no text that a user typed may be CLOSED: not even a word of it,
 * as any text may hold a newline and go on with a line of the user's making
 * (measured on 22.05: names of jobs, partitions, reservations, licenses,
 * features, folders and more are logged as they were typed). What SAYS who
 * asked may hold a user's text in JobId=, and witness_sift.c knows. */
static const struct {
	enum witness_act act; /* WITNESS_N: CLOSED */
	const char *pattern;
} patterns[] = {
	{WITNESS_KILL, "_slurm_rpc_kill_job: REQUEST_KILL_JOB JobId=%j uid %u"},
	{WITNESS_KILL_REFUSED, "error: Security violation, REQUEST_KILL_JOB "
			       "RPC for JobId=%j from uid %u"},
	{WITNESS_KILL_REFUSED, "_slurm_rpc_kill_job: job_str_signal() uid=%u "
			       "JobId=%j sig=%n returned: %s"},
	{WITNESS_PARTITION,
	 "_update_job: setting partition to %p for JobId=%j"},
	{WITNESS_PARTITION,
	 "sched: _update_job: setting partition to %p for JobId=%j"},
	{WITNESS_TIME_LIMIT,
	 "sched: _update_job: setting time_limit to %d for JobId=%j"},
	{WITNESS_TIME_LIMIT,
	 "_update_job: setting time_limit to %d for JobId=%j"},
	{WITNESS_COMPLETE,
	 "_slurm_rpc_update_job: complete JobId=%j uid=%u usec=%n"},
	/* What was set before the error stays set. */
	{WITNESS_COMPLETE, "_slurm_rpc_update_job: JobId=%j uid=%u: %s"},
	{WITNESS_HOLD, "sched: _hold_job_rec: hold on JobId=%j by uid %u"},
	{WITNESS_HOLD, "_hold_job_rec: hold on JobId=%j by uid %u"},

	{WITNESS_N, "_update_job: updating accounting"},
	{WITNESS_N, "sched: _update_job: set priority to %n for JobId=%j"},
	{WITNESS_N,
	 "sched: _release_job_rec: release hold on JobId=%j by uid %u"},
	{WITNESS_N,
	 "_slurm_rpc_submit_batch_job: JobId=%j InitPrio=%n usec=%n"},
	{WITNESS_N, "_slurm_rpc_submit_batch_het_job: JobId=%j usec=%n"},
	{WITNESS_N, "sched: Allocate JobId=%j NodeList=%w #CPUs=%n "
		    "Partition=%w"},
	{WITNESS_N, "sched/backfill: _start_job: Started JobId=%j in %w on %w"},
	{WITNESS_N, "sched: _slurm_rpc_allocate_resources JobId=%j NodeList=%w "
		    "usec=%n"},
	{WITNESS_N, "_job_complete: JobId=%j WEXITSTATUS %n"},
	{WITNESS_N, "_job_complete: JobId=%j WTERMSIG %n"},
	{WITNESS_N, "_job_complete: JobId=%j OOM failure"},
	{WITNESS_N, "_job_complete: JobId=%j done"},
	{WITNESS_N, "_slurm_rpc_complete_job_allocation: JobId=%j done"},
	{WITNESS_N, "Requeuing JobId=%j"},
	{WITNESS_N, "Time limit exhausted for JobId=%j"},
	{WITNESS_N,
	 "cleanup_completing: JobId=%j completion process took %n seconds"},
	{WITNESS_N, "Resending TERMINATE_JOB request JobId=%j Nodelist=%w"},
	{WITNESS_N, "error: Security violation, JOB_UPDATE RPC from uid %u"},
	{WITNESS_N, "Node %w now responding"},
	{WITNESS_N, "node %w returned to service"},
};

/* What is left of a message. */
struct rest {
	const char *s;
	size_t len;
};

static void skip(struct rest *rest, size_t n)
{
	rest->s += n;
	rest->len -= n;
}

/* How many of the first bytes are among those, or, NULL, are visible. */
static size_t span(const struct rest *rest, const char *among)
{
	size_t n = 0;

	while (n < rest->len && (among ? strchr(among, rest->s[n]) != NULL
				       : rest->s[n] > ' ' && rest->s[n] <= '~'))
		/* strchr() finds the NUL behind its string, too. */
		if (!rest->s[n++])
			return n - 1;
	return n;
}

static bool take_number(struct rest *rest, int64_t *number)
{
	size_t n = span(rest, DIGITS);
	size_t i;

	*number = 0;
	for (i = 0; i < n && i < 18; i++)
		*number = *number * 10 + (rest->s[i] - '0');
	skip(rest, n);
	return n > 0 && n <= 18;
}

static bool take_job(struct rest *rest, struct witness_line *out)
{
	size_t n = span(rest, DIGITS "_+,-:[]()*");
	struct witness_job job;

	if (!witness_job_parse(rest->s, n, &job))
		return false;
	if (n < sizeof(out->job))
		snprintf(out->job, sizeof(out->job), "%.*s", (int)n, rest->s);
	else
		snprintf(out->job, sizeof(out->job), "%lld_?",
			 (long long)job.id);
	out->id_job = job.id;
	skip(rest, n);
	return true;
}

/* Takes n bytes, none of them one that a terminal would act on. */
static bool take_detail(struct rest *rest, size_t n, struct witness_line *out)
{
	size_t i;

	if (!n || n >= sizeof(out->detail))
		return false;
	for (i = 0; i < n; i++)
		if (rest->s[i] < ' ' || rest->s[i] > '~')
			return false;
	memcpy(out->detail, rest->s, n);
	out->detail[n] = '\0';
	skip(rest, n);
	return true;
}

static bool take_field(struct rest *rest, char field, struct witness_line *out)
{
	size_t n = span(rest, NULL);
	int64_t number;

	switch (field) {
	case 'j':
		return take_job(rest, out);
	case 'u':
		return take_number(rest, &out->uid);
	case 'n':
		return take_number(rest, &number);
	case 'd':
		return take_detail(rest, span(rest, DIGITS), out);
	case 'p':
		return take_detail(rest, n, out);
	case 's':
		return take_detail(rest, rest->len, out);
	case 'w':
		skip(rest, n);
		return n > 0;
	}
	return false;
}

static bool is_like(const char *pattern, const char *message, size_t len,
		    struct witness_line *out)
{
	struct rest rest = {message, len};

	for (; *pattern; pattern++) {
		if (*pattern == '%') {
			if (!take_field(&rest, *++pattern, out))
				return false;
			continue;
		}
		if (!rest.len || *rest.s != *pattern)
			return false;
		skip(&rest, 1);
	}
	return rest.len == 0;
}

enum witness_sort witness_line_message(const char *message, size_t len,
				       struct witness_line *out)
{
	struct witness_line line;
	size_t i;

	for (i = 0; i < LENGTH(patterns); i++) {
		line = (struct witness_line){.act = patterns[i].act, .uid = -1};
		if (!is_like(patterns[i].pattern, message, len, &line))
			continue;
		if (line.act == WITNESS_N)
			return WITNESS_CLOSED;
		*out = line;
		return WITNESS_SAYS;
	}
	return WITNESS_OPEN;
}

bool witness_line_parse(const char *line, size_t len, struct witness_line *out)
{
	struct witness_stamp stamp;

	if (!witness_line_stamp(line, len, &stamp) ||
	    witness_line_message(line + stamp.len, len - stamp.len, out) !=
		    WITNESS_SAYS)
		return false;
	out->at_s = stamp.at_ms / 1000;
	return true;
}
