/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The status for programs. */
#include "schema/json.h"
#include "watcher/status.h"

/* null for NULL. */
static void put_why(json_t *object, const char *name, const char *text)
{
	if (text)
		json_put_text(object, name, text);
	else
		json_put(object, name, json_null());
}

static json_t *process_object(const struct status *status)
{
	const struct store_life *life = &status->life;
	json_t *object = json_object();

	json_put(object, "runs", json_boolean(life->runs));
	json_put(object, "pid",
		 life->runs ? json_integer(life->pid) : json_null());
	json_put_text(object, "version", life->version);
	json_put_text(object, "command", life->command);
	json_put_time(object, "started", life->started_s);
	json_put_time(object, "stopped", life->runs ? 0 : life->stopped_s);
	json_put_time(object, "alive", life->alive_s);
	json_put_int(object, "incidents", life->incidents);
	json_put_int(object, "passes", life->passes);
	return object;
}

static json_t *pass_object(const struct status *status)
{
	const struct store_life *life = &status->life;
	int64_t left_ms = life->due_ms - status->now_ms;
	json_t *object = json_object();

	json_put_time(object, "begun", life->begun_s);
	json_put_time(object, "ended", life->ended_s);
	json_put_int(object, "took_ms", life->took_ms);
	json_put_int(object, "rows", life->rows);
	json_put_int(object, "clusters", life->clusters);
	json_put_int(object, "failed", life->failed);
	put_why(object, "trouble", life->trouble[0] ? life->trouble : NULL);
	json_put(object, "next_ms",
		 life->runs && life->due_ms
			 ? json_integer(left_ms > 0 ? left_ms : 0)
			 : json_null());
	return object;
}

static json_t *incidents_object(const struct status *status,
				const char *cluster)
{
	json_t *object = json_object();

	json_put_int(object, "open",
		     status_count(status, "open", cluster, NULL));
	json_put_int(object, "open_confirmed",
		     status_count(status, "open", cluster, "confirmed"));
	json_put_int(object, "open_suspected",
		     status_count(status, "open", cluster, "suspected"));
	json_put_int(object, "recorded",
		     status_count(status, "incident", cluster, NULL));
	json_put_int(object, "events",
		     status_count(status, "event", cluster, NULL));
	json_put_int(object, "jobs",
		     status_count(status, "job", cluster, NULL));
	json_put_int(object, "exempt",
		     status_count(status, "exempt", cluster, NULL));
	json_put_int(object, "restored",
		     status_count(status, "restored", cluster, NULL));
	return object;
}

static json_t *chain_object(const struct status *status)
{
	const struct store_head *head = &status->head;
	json_t *object = json_object();

	json_put_int(object, "entries", head->entries);
	json_put_text(object, "hash", head->hash);
	json_put_time(object, "sealed", head->at_s);
	json_put_time(object, "told", head->told_s);
	json_put(object, "signed", json_boolean(head->signature[0] != '\0'));
	return object;
}

static json_t *store_object(const struct status *status)
{
	json_t *object = json_object();

	json_put_text(object, "path", status->path);
	json_put_int(object, "version", status->version);
	json_put_int(object, "bytes", status->bytes);
	json_put_int(object, "wal_bytes", status->wal_bytes);
	return object;
}

static json_t *sweep_object(const struct status_cluster *cluster)
{
	json_t *object = json_object();

	json_put_time(object, "next", cluster->next_sweep_s);
	json_put_time(object, "last", cluster->last_sweep_s);
	json_put_int(object, "backlog_s", cluster->backlog_s);
	return object;
}

static json_t *coverage_object(const struct status_cluster *cluster)
{
	json_t *object = json_object();

	json_put_time(object, "since", cluster->since_s);
	json_put(object, "watched_now", json_boolean(cluster->watched));
	json_put_time(object, "gap_since", cluster->gap_s);
	put_why(object, "gap_reason", cluster->gap_reason);
	json_put_int(object, "gaps_day", cluster->gaps[STATUS_DAY]);
	json_put_int(object, "gap_seconds_day",
		     cluster->gap_seconds[STATUS_DAY]);
	json_put_int(object, "gaps_week", cluster->gaps[STATUS_WEEK]);
	json_put_int(object, "gap_seconds_week",
		     cluster->gap_seconds[STATUS_WEEK]);
	return object;
}

static json_t *channel_object(const struct status_channel *channel)
{
	json_t *object = json_object();

	json_put_text(object, "channel", channel->name);
	json_put(object, "in_conf", json_boolean(!channel->is_gone));
	json_put_int(object, "pending", channel->pending);
	json_put_time(object, "oldest", channel->oldest_s);
	json_put_int(object, "given_up", channel->given_up);
	return object;
}

static json_t *cluster_object(const struct status *status,
			      const struct status_cluster *cluster)
{
	json_t *object = json_object();

	json_put_text(object, "cluster", cluster->name);
	json_put(object, "left_out", json_boolean(cluster->left_out));
	put_why(object, "why", cluster->why);
	json_put_int(object, "lag_s", cluster->lag_s);
	json_put_time(object, "last_pass", cluster->last_pass_s);
	json_put_time(object, "heard", cluster->heard_s);
	json_put_time(object, "newest_end", cluster->newest_s);
	json_put_int(object, "took_ms", cluster->took_ms);
	json_put_int(object, "rows", cluster->rows);
	json_put_int(object, "open_jobs", cluster->open_jobs);
	json_put_int(object, "remembered_jobs", cluster->remembered_jobs);
	json_put_int(object, "restoring", cluster->restoring);
	json_put_int(object, "followed", cluster->followed);
	json_put_int(object, "lost_jobs", cluster->lost_jobs);
	json_put(object, "sweep", sweep_object(cluster));
	json_put(object, "coverage", coverage_object(cluster));
	json_put(object, "incidents", incidents_object(status, cluster->name));
	return object;
}

void status_print_json(const struct status *status, FILE *out)
{
	json_t *object = json_object();
	json_t *channels = json_array();
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < status->n_clusters; i++)
		json_array_append_new(
			array, cluster_object(status, &status->clusters[i]));
	for (i = 0; i < status->n_channels; i++)
		json_array_append_new(channels,
				      channel_object(&status->channels[i]));
	json_put_text(object, "state", status_states[status->state]);
	put_why(object, "why", status->why);
	json_put_text(object, "made_by", "watcher " WATCHER_VERSION);
	json_put_time(object, "made", status->now_s);
	json_put(object, "process", process_object(status));
	json_put(object, "pass", pass_object(status));
	json_put(object, "incidents", incidents_object(status, NULL));
	json_put_int(object, "due", status->due);
	json_put(object, "chain", chain_object(status));
	json_put(object, "store", store_object(status));
	json_put(object, "channels", channels);
	json_put(object, "clusters", array);
	json_dumpf(object, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(object);
}
