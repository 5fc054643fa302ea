/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each metric is, and how it is written. */
#include "lib/mem.h"
#include "lib/text.h"
#include "watcher/metrics.h"

#include <inttypes.h>
#include <string.h>

/* What a metric is of: each is read in its own manner. */
enum of {
	OF_BUILD,
	OF_STATUS,  /* a field of struct status */
	OF_CLUSTER, /* one of struct status_cluster, for each */
	OF_CHANNEL, /* one of struct status_channel, for each */
	OF_TALLY,   /* a running count, by its names */
};

enum label {
	LABEL_CLUSTER = 1 << 0,
	LABEL_PARTITION = 1 << 1,
	LABEL_KIND = 1 << 2,
	LABEL_CONFIDENCE = 1 << 3,
	LABEL_CORRECTION = 1 << 4, /* stands where confidence does */
};

#define LABELS_ALL                                                             \
	(LABEL_CLUSTER | LABEL_PARTITION | LABEL_KIND | LABEL_CONFIDENCE)

struct metric {
	const char *name;
	const char *type;
	const char *help;
	const char *what; /* of a tally */
	size_t offset;
	enum of of;
	unsigned labels;
	unsigned scale;  /* 1000: the field is in milliseconds; else 0 */
	bool zero_is_no; /* 0 stands for none there is */
};

#define STATUS(field) .of = OF_STATUS, .offset = offsetof(struct status, field)
#define CLUSTER(field)                                                         \
	.of = OF_CLUSTER, .offset = offsetof(struct status_cluster, field)
#define CHANNEL(field)                                                         \
	.of = OF_CHANNEL, .offset = offsetof(struct status_channel, field)
#define TALLY(name, label_set)                                                 \
	.of = OF_TALLY, .what = (name), .labels = LABEL_CLUSTER | (label_set)

/* clang-format off */
static const struct metric metrics[] = {
	{"watcher_build_info", "gauge",
	 "A 1, by the version that writes this.", .of = OF_BUILD},
	{"watcher_start_timestamp_seconds", "gauge",
	 "When the process that watches was started.",
	 STATUS(life.started_s), .zero_is_no = true},
	{"watcher_last_pass_timestamp_seconds", "gauge",
	 "When its last pass ended, whatever came of it.",
	 STATUS(life.ended_s), .zero_is_no = true},
	{"watcher_last_pass_duration_seconds", "gauge",
	 "How long its last pass took.", STATUS(life.took_ms), .scale = 1000},
	{"watcher_last_pass_failed_clusters", "gauge",
	 "Clusters that its last pass could not watch.", STATUS(life.failed)},
	{"watcher_poll_interval_seconds", "gauge",
	 "The time between two passes, as configured.", STATUS(poll_s)},
	{"watcher_store_size_bytes", "gauge",
	 "Size of the store's file.", STATUS(bytes)},
	{"watcher_store_wal_size_bytes", "gauge",
	 "Size of the -wal file beside it.", STATUS(wal_bytes)},
	{"watcher_store_schema_version", "gauge",
	 "Version of the store.", STATUS(version)},
	{"watcher_chain_entries", "gauge",
	 "Entries of the store's chain.", STATUS(head.entries)},
	{"watcher_chain_sealed_timestamp_seconds", "gauge",
	 "When the chain's head was sealed.",
	 STATUS(head.at_s), .zero_is_no = true},
	{"watcher_chain_told_timestamp_seconds", "gauge",
	 "When the chain's head was last told to the log.",
	 STATUS(head.told_s), .zero_is_no = true},
	{"watcher_restorations_due", "gauge",
	 "Incidents whose jobs are to be brought back by themselves now.",
	 STATUS(due)},

	{"watcher_cluster_watched", "gauge",
	 "Whether the cluster is watched: 0 while a gap is open.",
	 CLUSTER(watched)},
	{"watcher_cluster_watched_since_timestamp_seconds", "gauge",
	 "Since when the cluster is watched, gaps or not.",
	 CLUSTER(since_s), .zero_is_no = true},
	{"watcher_cluster_last_pass_timestamp_seconds", "gauge",
	 "When the last good pass over the cluster was, by the database's "
	 "clock.", CLUSTER(last_pass_s), .zero_is_no = true},
	{"watcher_cluster_last_pass_duration_seconds", "gauge",
	 "How long that pass took.", CLUSTER(took_ms), .scale = 1000},
	{"watcher_cluster_last_pass_rows", "gauge",
	 "Rows that the database gave in that pass.", CLUSTER(rows)},
	{"watcher_cluster_passes_total", "counter",
	 "Good passes over the cluster.", CLUSTER(passes)},
	{"watcher_cluster_rows_read_total", "counter",
	 "Rows that the database gave in good passes.", CLUSTER(all_rows)},
	{"watcher_cluster_pass_duration_seconds_total", "counter",
	 "Time that good passes over the cluster took.",
	 CLUSTER(all_ms), .scale = 1000},
	{"watcher_cluster_newest_end_timestamp_seconds", "gauge",
	 "The last end of a job that was seen, by slurmctld's clock.",
	 CLUSTER(newest_s), .zero_is_no = true},
	{"watcher_cluster_heard_timestamp_seconds", "gauge",
	 "The last pass that saw anything new, by the database's clock.",
	 CLUSTER(heard_s), .zero_is_no = true},
	{"watcher_cluster_next_sweep_timestamp_seconds", "gauge",
	 "When the next look far back is due, by the database's clock.",
	 CLUSTER(next_sweep_s), .zero_is_no = true},
	{"watcher_cluster_last_sweep_timestamp_seconds", "gauge",
	 "When the last look far back ended, by the database's clock.",
	 CLUSTER(last_sweep_s), .zero_is_no = true},
	{"watcher_cluster_sweep_backlog_seconds", "gauge",
	 "What a look far back that is under way has before it.",
	 CLUSTER(backlog_s)},
	{"watcher_cluster_open_jobs", "gauge",
	 "Rows of jobs that had not ended at the last pass.",
	 CLUSTER(open_jobs)},
	{"watcher_cluster_remembered_jobs", "gauge",
	 "Rows of these that are remembered, as they matter.",
	 CLUSTER(remembered_jobs)},
	{"watcher_cluster_restoring_jobs", "gauge",
	 "Incidents whose jobs somebody is bringing back.",
	 CLUSTER(restoring)},
	{"watcher_cluster_followed_jobs", "gauge",
	 "Jobs that are back and have not ended.", CLUSTER(followed)},
	{"watcher_restored_jobs_total", "counter",
	 "Incidents whose jobs are back.", CLUSTER(restored)},
	{"watcher_coverage_gaps_total", "counter",
	 "Times in which the cluster was not watched.", CLUSTER(all_gaps)},
	{"watcher_lost_jobs_total", "counter",
	 "Jobs that were remembered and gone from the table.",
	 CLUSTER(lost_jobs)},

	{"watcher_incidents_total", "counter",
	 "Incidents that were recorded, without the exempt ones, by the first "
	 "verdict.", TALLY("incident", LABELS_ALL)},
	{"watcher_incident_events_total", "counter",
	 "Events that they belong to: one scancel of an array is one.",
	 TALLY("event", LABELS_ALL)},
	{"watcher_incident_jobs_total", "counter",
	 "Jobs that they stand for.", TALLY("job", LABELS_ALL)},
	{"watcher_exempt_incidents_total", "counter",
	 "Incidents that a rule exempts.", TALLY("exempt", LABEL_KIND)},
	{"watcher_open_incidents", "gauge",
	 "Incidents that count, neither restored nor acknowledged, by the "
	 "verdict of now.", TALLY("open", LABEL_CONFIDENCE)},
	{"watcher_corrected_incidents", "gauge",
	 "Incidents of whose verdict more became known.",
	 TALLY("corrected", LABEL_KIND | LABEL_CORRECTION)},
	{"watcher_alerts_pending", "gauge",
	 "Alerts that a channel has still to tell.", CHANNEL(pending)},
	{"watcher_alerts_oldest_timestamp_seconds", "gauge",
	 "Since when the oldest of these waits.",
	 CHANNEL(oldest_s), .zero_is_no = true},
	{"watcher_alerts_given_up", "gauge",
	 "Alerts that a channel gave up, as far as they were not pruned.",
	 CHANNEL(given_up)},
};
/* clang-format on */

/* As the format has it: a backslash, a quote and a line feed. */
static void add_label(struct text *labels, const char *name, const char *value)
{
	autofree char *utf8 = text_replaced(value, false);
	const char *c;

	text_addf(labels, "%s%s=\"", labels->len ? "," : "", name);
	for (c = utf8; *c; c++) {
		if (*c == '\n') {
			text_add(labels, "\\n");
			continue;
		}
		if (*c == '\\' || *c == '"')
			text_add_char(labels, '\\');
		text_add_char(labels, *c);
	}
	text_add_char(labels, '"');
}

static void print_value(const struct metric *metric, const char *labels,
			int64_t value, FILE *out)
{
	bool has = labels && labels[0];

	if (metric->zero_is_no && !value)
		return;
	fprintf(out, "%s%s%s%s ", metric->name, has ? "{" : "",
		has ? labels : "", has ? "}" : "");
	if (metric->scale)
		fprintf(out, "%.3f\n", (double)value / metric->scale);
	else
		fprintf(out, "%" PRId64 "\n", value);
}

static int64_t field_of(const void *base, const struct metric *metric)
{
	return *(const int64_t *)((const char *)base + metric->offset);
}

static void print_clusters(const struct metric *metric,
			   const struct status *status, FILE *out)
{
	size_t i;

	for (i = 0; i < status->n_clusters; i++) {
		const struct status_cluster *cluster = &status->clusters[i];
		autotext struct text labels = {0};

		if (cluster->left_out)
			continue;
		add_label(&labels, "cluster", cluster->name);
		print_value(metric, labels.s, field_of(cluster, metric), out);
	}
}

static void print_channels(const struct metric *metric,
			   const struct status *status, FILE *out)
{
	size_t i;

	for (i = 0; i < status->n_channels; i++) {
		const struct status_channel *channel = &status->channels[i];
		autotext struct text labels = {0};

		add_label(&labels, "channel", channel->name);
		print_value(metric, labels.s, field_of(channel, metric), out);
	}
}

static void print_tallies(const struct metric *metric,
			  const struct status *status, FILE *out)
{
	size_t i;

	for (i = 0; i < status->n_tallies; i++) {
		const struct status_tally *tally = &status->tallies[i];
		autotext struct text labels = {0};

		if (strcmp(tally->what, metric->what) != 0)
			continue;
		add_label(&labels, "cluster", tally->cluster);
		if (metric->labels & LABEL_PARTITION)
			add_label(&labels, "partition", tally->partition);
		if (metric->labels & LABEL_KIND)
			add_label(&labels, "kind", tally->kind);
		if (metric->labels & LABEL_CONFIDENCE)
			add_label(&labels, "confidence", tally->confidence);
		if (metric->labels & LABEL_CORRECTION)
			add_label(&labels, "correction", tally->confidence);
		print_value(metric, labels.s, tally->n, out);
	}
}

static void print_metric(const struct metric *metric,
			 const struct status *status, FILE *out)
{
	autotext struct text labels = {0};

	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help,
		metric->name, metric->type);
	switch (metric->of) {
	case OF_BUILD:
		add_label(&labels, "version", WATCHER_VERSION);
		print_value(metric, labels.s, 1, out);
		break;
	case OF_STATUS:
		print_value(metric, NULL, field_of(status, metric), out);
		break;
	case OF_CLUSTER:
		print_clusters(metric, status, out);
		break;
	case OF_CHANNEL:
		print_channels(metric, status, out);
		break;
	case OF_TALLY:
		print_tallies(metric, status, out);
		break;
	}
}

void metrics_print(const struct status *status, FILE *out)
{
	size_t i;

	for (i = 0; i < LENGTH(metrics); i++)
		print_metric(&metrics[i], status, out);
}
