/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/status.h"

#include "lib/mem.h"
#include "lib/when.h"
#include "watcher/auto.h"

#include <inttypes.h>
#include <string.h>

/* What a pass may take longer than the servers that it waits for. */
#define SLACK_S 10

#define DAY_S 86400

const char *const status_states[STATUS_N] = {
	[STATUS_IN_TIME] = "in time",
	[STATUS_BEHIND] = "behind",
	[STATUS_HUNG] = "hung",
	[STATUS_STOPPED] = "not running",
};

/* What one status is read of. */
struct reading {
	struct status *status;
	const struct conf *conf;
	struct store *store;
};

/* A sign of life comes with each answer of a server. */
static int64_t patience_s(const struct conf *conf)
{
	return SLACK_S + conf->slurmdbd.timeout_s + conf->slurm.timeout_s;
}

static int64_t ago(int64_t now_s, int64_t then_s)
{
	int64_t s = when_between(then_s, now_s);

	return s > 0 ? s : 0;
}

/* --- Each cluster --------------------------------------------------------- */

static bool is_configured(const struct conf *conf, const char *cluster)
{
	const struct text_list *names = &conf->slurmdbd.clusters;
	size_t i;

	for (i = 0; i < names->n; i++)
		if (strcmp(names->items[i], "all") == 0 ||
		    strcmp(names->items[i], cluster) == 0)
			return true;
	return false;
}

/* A pass that failed nowhere, and not over this cluster: slurmdbd does not know
 * it any more. */
static bool is_left_out(const struct reading *reading,
			const struct status_cluster *cluster)
{
	const struct store_life *life = &reading->status->life;

	if (!is_configured(reading->conf, cluster->name))
		return true;
	return life->runs && life->known && life->passes && !life->failed &&
	       !life->trouble[0] &&
	       cluster->last_pass_s < life->ended_s - life->took_ms / 1000 -
					      patience_s(reading->conf);
}

static char *why_behind(const struct reading *reading,
			const struct status_cluster *cluster,
			const struct store_cluster *at)
{
	const struct conf *conf = reading->conf;
	int64_t behind_s = at->last_end - conf->watch.overlap_s - at->position;
	char buf[WHEN_SIZE];

	if (cluster->gap_reason)
		return mem_printf("not watched: %s", cluster->gap_reason);
	if (cluster->lag_s > conf->watch.poll_s + patience_s(conf))
		return mem_printf("the last pass was %s ago",
				  when_duration(cluster->lag_s, buf));
	if (behind_s > 0)
		return mem_printf("catching up, with %s to go",
				  when_duration(behind_s, buf));
	return NULL;
}

static int read_pass(const struct reading *reading,
		     struct status_cluster *cluster,
		     const struct store_cluster *at, struct err *err)
{
	struct store_pass pass;

	if (store_pass_get(reading->store, cluster->name, &pass, err) < 0)
		return -1;
	cluster->last_pass_s = at->last_pass;
	cluster->lag_s = ago(reading->status->now_s, at->last_pass);
	cluster->heard_s = at->heard;
	cluster->newest_s = at->last_end;
	cluster->next_sweep_s = at->sweep_next;
	cluster->last_sweep_s = pass.swept;
	if (at->sweep_at)
		cluster->backlog_s = ago(at->position, at->sweep_at);
	cluster->rows = pass.rows;
	cluster->took_ms = pass.took_ms;
	cluster->passes = pass.passes;
	cluster->all_rows = pass.all_rows;
	cluster->all_ms = pass.all_ms;
	return 0;
}

static int read_gaps(const struct reading *reading,
		     struct status_cluster *cluster, struct err *err)
{
	static const int64_t spans_s[STATUS_SPANS] = {
		[STATUS_DAY] = DAY_S,
		[STATUS_WEEK] = 7 * (int64_t)DAY_S,
	};
	int64_t now_s = reading->status->now_s;
	int i;

	if (store_watched_since(reading->store, cluster->name,
				&cluster->since_s, &cluster->gap_s,
				&cluster->gap_reason, err) < 0)
		return -1;
	cluster->watched = cluster->since_s && !cluster->gap_reason;
	cluster->all_gaps =
		status_count(reading->status, "gap", cluster->name, NULL);
	cluster->lost_jobs =
		status_count(reading->status, "lost", cluster->name, NULL);
	for (i = 0; i < STATUS_SPANS; i++)
		if (store_gaps(reading->store, cluster->name,
			       now_s - spans_s[i], now_s, &cluster->gaps[i],
			       &cluster->gap_seconds[i], err) < 0)
			return -1;
	return 0;
}

static int read_cluster(const struct reading *reading, const char *name,
			struct err *err)
{
	struct status *status = reading->status;
	struct status_cluster *cluster;
	struct store_cluster at;

	status->clusters =
		mem_grow(status->clusters, &status->cap_clusters,
			 status->n_clusters + 1, sizeof(*status->clusters));
	cluster = &status->clusters[status->n_clusters++];
	*cluster = (struct status_cluster){.name = mem_strdup(name)};
	if (store_cluster_get(reading->store, name, &at, err) < 0 ||
	    read_pass(reading, cluster, &at, err) < 0 ||
	    read_gaps(reading, cluster, err) < 0 ||
	    store_open_counts(reading->store, name, &cluster->open_jobs,
			      &cluster->remembered_jobs, err) < 0 ||
	    store_restoring_counts(reading->store, name, &cluster->restoring,
				   &cluster->followed, err) < 0)
		return -1;
	cluster->restored = status_count(status, "restored", name, NULL);
	cluster->left_out = is_left_out(reading, cluster);
	if (!cluster->left_out)
		cluster->why = why_behind(reading, cluster, &at);
	return 0;
}

static int read_clusters(const struct reading *reading, struct err *err)
{
	struct text_list names = {0};
	int rc = store_clusters(reading->store, &names, err);
	size_t i;

	for (i = 0; rc == 0 && i < names.n; i++)
		rc = read_cluster(reading, names.items[i], err);
	text_list_free(&names);
	return rc;
}

/* --- Each channel --------------------------------------------------------- */

static struct status_channel *channel_of(struct status *status,
					 const char *name)
{
	struct status_channel *channel;
	size_t i;

	for (i = 0; i < status->n_channels; i++)
		if (strcmp(status->channels[i].name, name) == 0)
			return &status->channels[i];
	status->channels =
		mem_grow(status->channels, &status->cap_channels,
			 status->n_channels + 1, sizeof(*status->channels));
	channel = &status->channels[status->n_channels++];
	*channel = (struct status_channel){
		.name = mem_strdup(name),
		.is_gone = true,
	};
	return channel;
}

static int take_pending(const char *name, int64_t n, int64_t oldest_s,
			int64_t given_up, void *arg)
{
	struct status_channel *channel = channel_of(arg, name);

	channel->pending += n;
	channel->given_up += given_up;
	if (n)
		channel->oldest_s = oldest_s;
	return 0;
}

/* Those that are configured first; then any that has something to tell still,
 * or gave up. */
static int read_channels(const struct reading *reading, struct err *err)
{
	struct status *status = reading->status;
	size_t i;

	for (i = 0; i < reading->conf->n_channels; i++)
		channel_of(status, reading->conf->channels[i].name)->is_gone =
			false;
	return store_pending(reading->store, take_pending, status, err);
}

/* --- All of it ------------------------------------------------------------ */

static int take_tally(const struct store_tally *tally, void *arg)
{
	struct status *status = arg;

	status->tallies =
		mem_grow(status->tallies, &status->cap_tallies,
			 status->n_tallies + 1, sizeof(*status->tallies));
	status->tallies[status->n_tallies++] = (struct status_tally){
		.what = mem_strdup(tally->what),
		.cluster = mem_strdup(tally->cluster),
		.partition = mem_strdup(tally->partition),
		.kind = mem_strdup(tally->kind),
		.confidence = mem_strdup(tally->confidence),
		.n = tally->n,
	};
	return 0;
}

static int read_store(const struct reading *reading, struct err *err)
{
	struct status *status = reading->status;

	store_size(reading->store, &status->bytes, &status->wal_bytes);
	status->version = store_version();
	if (store_head(reading->store, &status->head, err) < 0 ||
	    store_tallies(reading->store, take_tally, status, err) < 0)
		return -1;
	status->due =
		auto_count(reading->conf, reading->store, status->now_s, err);
	return status->due < 0 ? -1 : 0;
}

/* Of a process that has the lock: for how long it gave no sign of life; 0: not
 * for longer than it should. */
static int64_t silent_s(const struct status *status, const struct conf *conf)
{
	const struct store_life *life = &status->life;
	int64_t due_ms =
		life->due_ms > life->alive_ms ? life->due_ms : life->alive_ms;

	if (!life->known || status->now_ms - due_ms < patience_s(conf) * 1000)
		return 0;
	return (status->now_ms - life->alive_ms) / 1000;
}

static char *why_stopped(const struct status *status)
{
	const struct store_life *life = &status->life;
	char buf[WHEN_SIZE];

	if (!life->started_s)
		return mem_strdup("nobody ever watched");
	if (life->stopped_s)
		return mem_printf("`watcher %s` ended at %s", life->command,
				  when_local(life->stopped_s, buf));
	return mem_printf("`watcher %s` (pid %" PRId64
			  ") ended without a word, after %s",
			  life->command, life->written_pid,
			  when_local(life->alive_s, buf));
}

/* Of the clusters that are to be watched, why the first that is not is not. */
static char *why_not_in_time(const struct status *status)
{
	bool any = false;
	size_t i;

	for (i = 0; i < status->n_clusters; i++) {
		const struct status_cluster *cluster = &status->clusters[i];

		if (cluster->why)
			return mem_printf("cluster %s: %s", cluster->name,
					  cluster->why);
		any |= !cluster->left_out;
	}
	if (any)
		return NULL;
	return status->life.trouble[0] ? mem_strdup(status->life.trouble)
				       : mem_strdup("no cluster is watched");
}

static void judge(struct status *status, const struct conf *conf)
{
	int64_t silence_s = silent_s(status, conf);
	char buf[WHEN_SIZE];

	if (!status->life.runs) {
		status->state = STATUS_STOPPED;
		status->why = why_stopped(status);
		return;
	}
	if (silence_s) {
		status->state = STATUS_HUNG;
		status->why = mem_printf("no sign of life for %s",
					 when_duration(silence_s, buf));
		return;
	}
	status->why = why_not_in_time(status);
	status->state = status->why ? STATUS_BEHIND : STATUS_IN_TIME;
}

int status_read(struct status *status, const struct conf *conf,
		struct store *store, const struct store_life *life,
		int64_t now_s, int64_t now_ms, struct err *err)
{
	const struct reading reading = {status, conf, store};

	*status = (struct status){
		.now_s = now_s,
		.now_ms = now_ms,
		.poll_s = conf->watch.poll_s,
		.life = *life,
		.path = mem_strdup(conf->store.path),
	};
	if (read_store(&reading, err) < 0 || read_channels(&reading, err) < 0 ||
	    read_clusters(&reading, err) < 0)
		return -1;
	judge(status, conf);
	return 0;
}

void status_finish(struct status *status)
{
	size_t i;

	for (i = 0; i < status->n_clusters; i++) {
		free(status->clusters[i].name);
		free(status->clusters[i].why);
		free(status->clusters[i].gap_reason);
	}
	for (i = 0; i < status->n_tallies; i++) {
		free(status->tallies[i].what);
		free(status->tallies[i].cluster);
		free(status->tallies[i].partition);
		free(status->tallies[i].kind);
		free(status->tallies[i].confidence);
	}
	for (i = 0; i < status->n_channels; i++)
		free(status->channels[i].name);
	free(status->channels);
	free(status->clusters);
	free(status->tallies);
	free(status->path);
	free(status->why);
	*status = (struct status){0};
}

int64_t status_count(const struct status *status, const char *what,
		     const char *cluster, const char *confidence)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < status->n_tallies; i++) {
		const struct status_tally *tally = &status->tallies[i];

		if (strcmp(tally->what, what) == 0 &&
		    (!cluster || strcmp(tally->cluster, cluster) == 0) &&
		    (!confidence || strcmp(tally->confidence, confidence) == 0))
			n += tally->n;
	}
	return n;
}

int status_exit_code(const struct status *status)
{
	static const int codes[STATUS_N] = {
		[STATUS_IN_TIME] = 0,
		[STATUS_BEHIND] = 4,
		[STATUS_HUNG] = 4,
		[STATUS_STOPPED] = 3,
	};

	return codes[status->state];
}
