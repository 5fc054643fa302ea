/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/openset.h"

#include "lib/mem.h"

void ids_add(struct ids *ids, uint64_t id)
{
	ids->ids = mem_grow(ids->ids, &ids->cap, ids->n + 1, sizeof(*ids->ids));
	ids->ids[ids->n++] = id;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void ids_sort(struct ids *ids)
{
	if (ids->n)
		qsort(ids->ids, ids->n, sizeof(*ids->ids), by_value);
}

void ids_free(struct ids *ids)
{
	free(ids->ids);
	*ids = (struct ids){0};
}

void openset_add(struct openset *set, uint64_t id, char *json, uint64_t hash)
{
	set->jobs =
		mem_grow(set->jobs, &set->cap, set->n + 1, sizeof(*set->jobs));
	set->jobs[set->n++] = (struct store_open_job){id, json, hash};
}

static int by_inx(const void *a, const void *b)
{
	uint64_t x = ((const struct store_open_job *)a)->job_db_inx;
	uint64_t y = ((const struct store_open_job *)b)->job_db_inx;

	return (x > y) - (x < y);
}

void openset_sort(struct openset *set)
{
	if (set->n)
		qsort(set->jobs, set->n, sizeof(*set->jobs), by_inx);
}

void openset_free(struct openset *set)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		free(set->jobs[i].job);
	free(set->jobs);
	*set = (struct openset){0};
}

struct store_open_job *openset_find(const struct openset *set, uint64_t id)
{
	const struct store_open_job key = {.job_db_inx = id};

	return set->n ? bsearch(&key, set->jobs, set->n, sizeof(key), by_inx)
		      : NULL;
}

size_t openset_remembered(const struct openset *set)
{
	size_t i, n = 0;

	for (i = 0; i < set->n; i++)
		n += set->jobs[i].job != NULL;
	return n;
}

void openset_compare(const struct openset *set, const uint64_t *now,
		     size_t n_now, struct ids *appeared, struct ids *gone,
		     struct ids *remembered)
{
	size_t i = 0;
	size_t j = 0;

	while (i < set->n || j < n_now) {
		const struct store_open_job *job =
			i < set->n ? &set->jobs[i] : NULL;

		if (job && (j == n_now || job->job_db_inx < now[j])) {
			ids_add(gone, job->job_db_inx);
			i++;
		} else if (!job || now[j] < job->job_db_inx) {
			ids_add(appeared, now[j++]);
		} else {
			if (job->job)
				ids_add(remembered, job->job_db_inx);
			i++;
			j++;
		}
	}
}

static bool holds(const struct ids *ids, uint64_t id)
{
	return ids->n &&
	       bsearch(&id, ids->ids, ids->n, sizeof(id), by_value) != NULL;
}

void openset_merge(struct openset *set, struct openset *put,
		   const struct ids *removed)
{
	struct openset merged = {0};
	size_t i, j = 0;

	for (i = 0; i < set->n; i++) {
		struct store_open_job *old = &set->jobs[i];

		for (; j < put->n && put->jobs[j].job_db_inx < old->job_db_inx;
		     j++)
			openset_add(&merged, put->jobs[j].job_db_inx,
				    put->jobs[j].job, put->jobs[j].hash);
		if (holds(removed, old->job_db_inx) ||
		    (j < put->n && put->jobs[j].job_db_inx == old->job_db_inx))
			free(old->job);
		else
			openset_add(&merged, old->job_db_inx, old->job,
				    old->hash);
	}
	for (; j < put->n; j++)
		openset_add(&merged, put->jobs[j].job_db_inx, put->jobs[j].job,
			    put->jobs[j].hash);
	/* The texts have moved. */
	free(set->jobs);
	free(put->jobs);
	*put = (struct openset){0};
	*set = merged;
}
