/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The status for a person: one screen, what matters first. */
#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"
#include "watcher/status.h"

#include <inttypes.h>
#include <stdarg.h>

/* "name        what it is", and nothing of it acts on a terminal. */
__attribute__((format(printf, 3, 4))) static void
line(FILE *out, const char *name, const char *fmt, ...)
{
	autofree char *escaped = NULL;
	autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = mem_vprintf(fmt, ap);
	va_end(ap);
	escaped = text_escaped(text);
	fprintf(out, "  %-11s %s\n", name, escaped);
}

/* 3 ago, as 00:00:03. */
static char *ago(const struct status *status, int64_t then_s,
		 char buf[WHEN_SIZE])
{
	int64_t s = when_between(then_s, status->now_s);

	return when_duration(s > 0 ? s : 0, buf);
}

static char *until(const struct status *status, int64_t then_s,
		   char buf[WHEN_SIZE])
{
	int64_t s = when_between(status->now_s, then_s);

	return when_duration(s > 0 ? s : 0, buf);
}

static void print_head(const struct status *status, FILE *out)
{
	autofree char *why = text_escaped(status->why ? status->why : "");
	bool known = status->life.known && status->life.version[0];

	fprintf(out, "watcher%s%s: %s%s%s\n", known ? " " : "",
		known ? status->life.version : "", status_states[status->state],
		why[0] ? ": " : "", why);
}

static void print_process(const struct status *status, FILE *out)
{
	const struct store_life *life = &status->life;
	char since[WHEN_SIZE];
	char buf[WHEN_SIZE];

	if (!life->runs)
		return;
	if (!life->known || !life->started_s) {
		line(out, "process", "pid %" PRId64, life->pid);
		return;
	}
	line(out, "process", "pid %" PRId64 " (watcher %s), since %s, for %s",
	     life->pid, life->command, when_local(life->started_s, since),
	     ago(status, life->started_s, buf));
}

static void print_next(const struct status *status, struct text *text)
{
	const struct store_life *life = &status->life;
	int64_t left_ms = life->due_ms - status->now_ms;
	char buf[WHEN_SIZE];

	if (!life->runs)
		return;
	if (!life->due_ms)
		text_addf(text, "; one is under way for %s",
			  ago(status, life->begun_s, buf));
	else
		text_addf(
			text, "; the next in %s",
			when_duration(left_ms > 0 ? (left_ms + 999) / 1000 : 0,
				      buf));
}

static void print_pass(const struct status *status, FILE *out)
{
	const struct store_life *life = &status->life;
	autotext struct text text = {0};
	char buf[WHEN_SIZE];

	if (!life->known || !life->started_s)
		return;
	if (life->ended_s)
		text_addf(&text,
			  "%s ago, %" PRId64 " ms, %" PRId64
			  " rows; clusters: %" PRId64 " watched, %" PRId64
			  " not",
			  ago(status, life->ended_s, buf), life->took_ms,
			  life->rows, life->clusters, life->failed);
	else
		text_add(&text, "none has ended yet");
	print_next(status, &text);
	line(out, "last pass", "%s", text.s);
	if (life->trouble[0])
		line(out, "", "it failed: %s", life->trouble);
}

static void print_incidents(const struct status *status, FILE *out)
{
	int64_t restoring = 0;
	int64_t followed = 0;
	size_t i;

	line(out, "incidents",
	     "%" PRId64 " open (%" PRId64 " confirmed, %" PRId64
	     " suspected); ever recorded: %" PRId64 " (events: %" PRId64
	     "), exempt: %" PRId64,
	     status_count(status, "open", NULL, NULL),
	     status_count(status, "open", NULL, "confirmed"),
	     status_count(status, "open", NULL, "suspected"),
	     status_count(status, "incident", NULL, NULL),
	     status_count(status, "event", NULL, NULL),
	     status_count(status, "exempt", NULL, NULL));
	for (i = 0; i < status->n_clusters; i++) {
		restoring += status->clusters[i].restoring;
		followed += status->clusters[i].followed;
	}
	line(out, "restoring",
	     "%" PRId64 " due, %" PRId64 " under way, %" PRId64
	     " back and followed",
	     status->due, restoring, followed);
}

static void print_channels(const struct status *status, FILE *out)
{
	size_t i;

	for (i = 0; i < status->n_channels; i++) {
		const struct status_channel *channel = &status->channels[i];
		char buf[WHEN_SIZE];

		line(out, i ? "" : "alerts",
		     "%s%s: %" PRId64 " to tell%s%s%s, %" PRId64 " given up",
		     channel->name,
		     channel->is_gone ? " (not in watcher.conf)" : "",
		     channel->pending,
		     channel->pending ? " (the oldest for " : "",
		     channel->pending ? ago(status, channel->oldest_s, buf)
				      : "",
		     channel->pending ? ")" : "", channel->given_up);
	}
}

static void print_store(const struct status *status, FILE *out)
{
	const struct store_head *head = &status->head;
	char buf[WHEN_SIZE];
	char told[WHEN_SIZE];

	if (head->entries)
		line(out, "chain",
		     "%" PRId64 " entries, head %.16s..., sealed %s ago; %s%s",
		     head->entries, head->hash, ago(status, head->at_s, buf),
		     head->told_s ? "last told at " : "never told",
		     head->told_s ? when_local(head->told_s, told) : "");
	line(out, "store", "%s, version %" PRId64 ", %.1f MiB and %.1f in -wal",
	     status->path, status->version, (double)status->bytes / 1048576,
	     (double)status->wal_bytes / 1048576);
}

static void print_sweep(const struct status *status,
			const struct status_cluster *cluster, FILE *out)
{
	autotext struct text text = {0};
	char buf[WHEN_SIZE];

	if (cluster->backlog_s)
		text_addf(&text, "under way, with %s to go",
			  when_duration(cluster->backlog_s, buf));
	else
		text_addf(&text, "the next in %s",
			  until(status, cluster->next_sweep_s, buf));
	if (cluster->last_sweep_s)
		text_addf(&text, "; the last ended %s ago",
			  ago(status, cluster->last_sweep_s, buf));
	else
		text_add(&text, "; none has ended yet");
	line(out, "sweep", "%s", text.s);
}

static void print_coverage(const struct status *status,
			   const struct status_cluster *cluster, FILE *out)
{
	char lengths[STATUS_SPANS][WHEN_SIZE];
	char since[WHEN_SIZE];
	char buf[WHEN_SIZE];
	int i;

	line(out, "watched", "since %s",
	     cluster->since_s ? when_local(cluster->since_s, since) : "never");
	if (cluster->gap_reason)
		line(out, "", "NOT since %s, %s ago: %s",
		     when_local(cluster->gap_s, since),
		     ago(status, cluster->gap_s, buf), cluster->gap_reason);
	for (i = 0; i < STATUS_SPANS; i++)
		when_duration(cluster->gap_seconds[i], lengths[i]);
	line(out, "gaps",
	     "%" PRId64 " in a day (%s), %" PRId64 " in a week (%s)",
	     cluster->gaps[STATUS_DAY], lengths[STATUS_DAY],
	     cluster->gaps[STATUS_WEEK], lengths[STATUS_WEEK]);
}

/* A database may be new, and no job have ended in it. */
static void print_lag(const struct status *status,
		      const struct status_cluster *cluster, FILE *out)
{
	autotext struct text text = {0};
	char buf[WHEN_SIZE];

	text_add(&text, when_duration(cluster->lag_s, buf));
	if (cluster->newest_s)
		text_addf(&text, "; newest end of a job %s ago",
			  ago(status, cluster->newest_s, buf));
	else
		text_add(&text, "; no end of a job so far");
	if (cluster->heard_s)
		text_addf(&text, ", anything new %s ago",
			  ago(status, cluster->heard_s, buf));
	else
		text_add(&text, ", nothing new so far");
	line(out, "lag", "%s", text.s);
}

static void print_cluster(const struct status *status,
			  const struct status_cluster *cluster, FILE *out)
{
	autofree char *name = text_escaped(cluster->name);

	fprintf(out, "\ncluster %s: %s\n", name,
		cluster->left_out ? "not watched any more"
		: status->state == STATUS_STOPPED || cluster->why ? "behind"
								  : "in time");
	print_lag(status, cluster, out);
	line(out, "pass", "%" PRId64 " ms, %" PRId64 " rows", cluster->took_ms,
	     cluster->rows);
	line(out, "jobs", "%" PRId64 " open, %" PRId64 " of them remembered",
	     cluster->open_jobs, cluster->remembered_jobs);
	print_sweep(status, cluster, out);
	print_coverage(status, cluster, out);
}

void status_print_text(const struct status *status, FILE *out)
{
	size_t i;

	print_head(status, out);
	print_process(status, out);
	print_pass(status, out);
	print_incidents(status, out);
	print_channels(status, out);
	print_store(status, out);
	for (i = 0; i < status->n_clusters; i++)
		print_cluster(status, &status->clusters[i], out);
}
