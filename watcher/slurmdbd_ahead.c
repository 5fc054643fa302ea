/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What would be asked of the database job by job, read for many at once: in
 * history the way there and back costs more than the answer. */
#include "lib/mem.h"
#include "watcher/slurmdbd_private.h"

#include <string.h>

void slurmdbd_ahead_free(struct slurmdbd_cluster *cluster)
{
	struct ahead *ahead = &cluster->ahead;

	free(ahead->id_jobs);
	job_list_free(&ahead->rows);
	free(ahead->steps_of);
	free(ahead->steps);
	*ahead = (struct ahead){0};
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* A copy that is ascending and names each once; *n: how many are left. */
static uint64_t *sorted(const uint64_t *ids, size_t *n)
{
	uint64_t *copy = mem_alloc(*n + 1, sizeof(*copy));
	size_t from, to = 0;

	if (*n)
		memcpy(copy, ids, *n * sizeof(*copy));
	qsort(copy, *n, sizeof(*copy), by_value);
	for (from = 0; from < *n; from++)
		if (!to || copy[to - 1] != copy[from])
			copy[to++] = copy[from];
	*n = to;
	return copy;
}

static bool has(const uint64_t *ids, size_t n, uint64_t id)
{
	return n && bsearch(&id, ids, n, sizeof(*ids), by_value);
}

int slurmdbd_ahead_rows(struct slurmdbd_cluster *cluster,
			const uint64_t *id_jobs, size_t n, struct err *err)
{
	struct ahead *ahead = &cluster->ahead;

	free(ahead->id_jobs);
	job_list_free(&ahead->rows);
	ahead->rows = (struct job_list){0};
	ahead->n_id_jobs = 0;
	ahead->id_jobs = sorted(id_jobs, &n);
	if (slurmdbd_incarnations_of(cluster, ahead->id_jobs, n, job_list_take,
				     &ahead->rows, err) < 0)
		return -1;
	ahead->n_id_jobs = n;
	return 0;
}

/* The first row of that number, or where it would be. */
static size_t first_row(const struct job_list *rows, int64_t id_job)
{
	size_t low = 0;
	size_t high = rows->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rows->jobs[middle].id_job < id_job)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool slurmdbd_ahead_give(const struct slurmdbd_cluster *cluster, int64_t id_job,
			 slurmdbd_job_fn *fn, void *arg)
{
	const struct ahead *ahead = &cluster->ahead;
	const struct job_list *rows = &ahead->rows;
	struct job copy;
	size_t i;

	if (!has(ahead->id_jobs, ahead->n_id_jobs, (uint64_t)id_job))
		return false;
	for (i = first_row(rows, id_job);
	     i < rows->n && rows->jobs[i].id_job == id_job; i++) {
		job_copy(&rows->jobs[i], &copy);
		fn(&copy, arg);
	}
	return true;
}

static int read_steps(struct slurmdbd_cluster *cluster, const uint64_t *ids,
		      struct err *err)
{
	struct ahead *ahead = &cluster->ahead;
	struct dbstmt *stmt = slurmdbd_ask(cluster, SLURMDBD_SQL_STEPS_KILLED,
					   ids, IDS_AT_ONCE, err);
	int rc = -1;

	while (stmt && (rc = dbstmt_fetch(stmt, err)) > 0) {
		ahead->steps =
			mem_grow(ahead->steps, &ahead->cap_steps,
				 ahead->n_steps + 1, sizeof(*ahead->steps));
		ahead->steps[ahead->n_steps++] = (struct step_killed){
			(uint64_t)dbstmt_int(stmt, 0, 0),
			(uint64_t)dbstmt_int(stmt, 1, 0),
			dbstmt_int(stmt, 2, 0),
		};
	}
	return rc < 0 ? slurmdbd_failed(cluster, "reading steps of its jobs",
					err)
		      : 0;
}

int slurmdbd_ahead_steps(struct slurmdbd_cluster *cluster, const uint64_t *ids,
			 size_t n, struct err *err)
{
	struct ahead *ahead = &cluster->ahead;
	uint64_t params[IDS_AT_ONCE];
	size_t done, i;

	free(ahead->steps_of);
	ahead->n_steps_of = 0;
	ahead->n_steps = 0;
	ahead->steps_of = sorted(ids, &n);
	for (done = 0; done < n; done += IDS_AT_ONCE) {
		/* The last id fills what is left of the places. */
		for (i = 0; i < IDS_AT_ONCE; i++)
			params[i] = ahead->steps_of[done + i < n ? done + i
								 : n - 1];
		if (read_steps(cluster, params, err) < 0)
			return -1;
	}
	ahead->n_steps_of = n;
	return 0;
}

/* The first of the job's steps, or where it would be: they are few, and in the
 * order of their jobs. */
static size_t first_step(const struct ahead *ahead, uint64_t job_db_inx)
{
	size_t i;

	for (i = 0; i < ahead->n_steps; i++)
		if (ahead->steps[i].job_db_inx >= job_db_inx)
			break;
	return i;
}

bool slurmdbd_ahead_stepped(const struct slurmdbd_cluster *cluster,
			    uint64_t job_db_inx)
{
	const struct ahead *ahead = &cluster->ahead;
	size_t i = first_step(ahead, job_db_inx);

	return i < ahead->n_steps && ahead->steps[i].job_db_inx == job_db_inx;
}

bool slurmdbd_ahead_step(const struct slurmdbd_cluster *cluster,
			 uint64_t job_db_inx, uint64_t uid, int64_t *ended_s)
{
	const struct ahead *ahead = &cluster->ahead;
	size_t i;

	if (!has(ahead->steps_of, ahead->n_steps_of, job_db_inx))
		return false;
	*ended_s = 0;
	for (i = first_step(ahead, job_db_inx);
	     i < ahead->n_steps && ahead->steps[i].job_db_inx == job_db_inx;
	     i++)
		if (ahead->steps[i].uid == uid &&
		    ahead->steps[i].ended_s > *ended_s)
			*ended_s = ahead->steps[i].ended_s;
	return true;
}
