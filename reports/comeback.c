/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/comeback.h"

#include "lib/mem.h"

static void add_time(struct comeback_times *times,
		     const struct incident *incident)
{
	/* Two clocks: slurmctld's and the watcher's. */
	int64_t took_s = incident->restored_at > incident->ended
				 ? incident->restored_at - incident->ended
				 : 0;

	if (!times->n || took_s > times->worst_s) {
		times->worst_s = took_s;
		times->worst_id = incident->incident_id;
	}
	times->seconds = mem_grow(times->seconds, &times->cap, times->n + 1,
				  sizeof(*times->seconds));
	times->seconds[times->n++] = took_s;
}

static void add_open(struct comeback *comeback, const struct incident *incident)
{
	if (comeback->n_open == COMEBACK_OPEN_MAX)
		return;
	comeback->open[comeback->n_open++] = (struct comeback_open){
		.incident_id = incident->incident_id,
		.ended = incident->ended,
		.confirmed = incident_is_confirmed(incident),
		.cluster = mem_strdup(incident->cluster),
		.job_id = mem_strdup(incident->job_id),
		.user = mem_strdup(incident->user),
		.partition = mem_strdup(incident->partition),
		.kind = mem_strdup(incident->kind),
	};
}

void comeback_add(struct comeback *comeback, const struct incident *incident)
{
	const char *state = incident->restored_state;

	if (incident->restored_at) {
		add_time(&comeback->times[incident_confidence_now(incident)],
			 incident);
		tally_add(&comeback->states, state[0] ? state : "not seen yet",
			  incident);
	} else if (!incident->acknowledged_at) {
		add_open(comeback, incident);
	}
}

static int by_value(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

void comeback_sort(struct comeback *comeback)
{
	size_t i;

	for (i = 0; i < CONFIDENCE_N; i++)
		if (comeback->times[i].n)
			qsort(comeback->times[i].seconds, comeback->times[i].n,
			      sizeof(*comeback->times[i].seconds), by_value);
	tally_sort_by_events(&comeback->states);
}

int64_t comeback_median(const struct comeback_times *times)
{
	size_t middle = times->n / 2;

	if (!times->n)
		return 0;
	if (times->n % 2)
		return times->seconds[middle];
	return times->seconds[middle - 1] +
	       (times->seconds[middle] - times->seconds[middle - 1]) / 2;
}

void comeback_finish(struct comeback *comeback)
{
	size_t i;

	for (i = 0; i < CONFIDENCE_N; i++)
		free(comeback->times[i].seconds);
	for (i = 0; i < comeback->n_open; i++) {
		free(comeback->open[i].cluster);
		free(comeback->open[i].job_id);
		free(comeback->open[i].user);
		free(comeback->open[i].partition);
		free(comeback->open[i].kind);
	}
	tally_finish(&comeback->states);
	*comeback = (struct comeback){0};
}
