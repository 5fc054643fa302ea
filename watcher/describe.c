/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/describe.h"

#include "lib/mem.h"
#include "lib/spawn.h"
#include "lib/when.h"

#include <inttypes.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

/* The TRES that counts CPUs, the same everywhere (slurmdb.h, TRES_CPU). */
#define TRES_CPU 1

/* Name services may hang; a name is not worth a delay. */
#define NAME_MS 2000

static int write_user_name(int fd, const void *arg)
{
	const struct passwd *pw = getpwuid(*(const uid_t *)arg);
	size_t len = pw ? strlen(pw->pw_name) : 0;

	return write(fd, pw ? pw->pw_name : "", len) < 0;
}

/* The name this host knows for a uid, else the number. */
static char *local_user(int64_t id_user)
{
	autotext struct text name = {0};
	uid_t uid = (uid_t)id_user;
	struct err ignored;

	if (spawn_call("looking up a user", write_user_name, &uid, NAME_MS,
		       &name, &ignored) == 0 &&
	    name.len)
		return text_utf8(name.s, name.len);
	return mem_printf("%" PRId64, id_user);
}

void describe_cache_finish(struct describe_cache *cache)
{
	free(cache->user);
	free(cache->qos);
	*cache = (struct describe_cache){0};
}

/* The name slurmdbd has for the job's association; jobs without one (the
 * site does not enforce them) have only a uid. */
static int user_of(struct describe_cache *cache,
		   struct slurmdbd_cluster *cluster, const struct job *job,
		   struct err *err)
{
	char *user;

	if (cache->user && cache->id_assoc == job->id_assoc &&
	    cache->id_user == job->id_user)
		return 0;
	if (slurmdbd_user(cluster, job->id_assoc, &user, err) < 0)
		return -1;
	if (!user[0]) {
		free(user);
		user = local_user(job->id_user);
	}
	free(cache->user);
	cache->user = user;
	cache->id_assoc = job->id_assoc;
	cache->id_user = job->id_user;
	return 0;
}

static int qos_of(struct describe_cache *cache,
		  struct slurmdbd_cluster *cluster, const struct job *job,
		  struct err *err)
{
	const char *qos;

	if (cache->qos && cache->id_qos == job->id_qos)
		return 0;
	if (slurmdbd_qos(cluster, job->id_qos, &qos, err) < 0)
		return -1;
	free(cache->qos);
	cache->qos = mem_strdup(qos);
	cache->id_qos = job->id_qos;
	return 0;
}

/* Seconds that it ran. A suspended job's time_end is that of the suspension
 * (doc/slurm-facts.md). */
static int64_t elapsed_s(const struct job *job, const struct verdict *verdict)
{
	if (verdict->phase == PHASE_PENDING || !job->time_start ||
	    job->time_end < job->time_start)
		return 0;
	return when_between(job->time_start, job->time_end);
}

/* Seconds of so many, up to the most that can be: a row may hold nonsense. */
static int64_t cost_s(int64_t elapsed_s, int64_t n)
{
	int64_t s;

	if (n <= 0)
		return 0;
	return __builtin_mul_overflow(elapsed_s, n, &s) ? INT64_MAX : s;
}

static void add_cost(struct slurmdbd_cluster *cluster, const struct job *job,
		     const struct verdict *verdict, struct incident *incident)
{
	int64_t cpus = job_tres_count(job->tres_alloc, TRES_CPU);

	incident->elapsed_s = elapsed_s(job, verdict);
	incident->cpu_seconds = cost_s(incident->elapsed_s, cpus);
	incident->gpu_seconds = cost_s(incident->elapsed_s,
				       slurmdbd_gpus(cluster, job->tres_alloc));
}

/* Keeps the script before slurmdbd purges it. */
static int keep_script(struct describe_cache *cache,
		       struct slurmdbd_cluster *cluster, struct store *store,
		       const struct job *job, struct err *err)
{
	autotext struct text script = {0};
	char sha256[65] = "";

	if (cache->script_hash_inx == job->script_hash_inx)
		return 0;
	if (slurmdbd_script(cluster, job->script_hash_inx, &script, err) < 0)
		return -1;
	if (script.len &&
	    store_script_put(store, script.s, script.len, sha256, err) < 0)
		return -1;
	memcpy(cache->sha256, sha256, sizeof(sha256));
	cache->script_hash_inx = job->script_hash_inx;
	return 0;
}

int describe_script(struct describe_cache *cache,
		    struct slurmdbd_cluster *cluster, struct store *store,
		    const struct job *job, const char **sha256, struct err *err)
{
	if (keep_script(cache, cluster, store, job, err) < 0)
		return -1;
	*sha256 = cache->sha256;
	return 0;
}

int describe(struct describe_cache *cache, struct slurmdbd_cluster *cluster,
	     struct store *store, const struct judge_facts *facts,
	     const struct verdict *verdict, struct incident *incident,
	     struct err *err)
{
	const struct job *job = facts->job;

	if (user_of(cache, cluster, job, err) < 0 ||
	    qos_of(cache, cluster, job, err) < 0 ||
	    keep_script(cache, cluster, store, job, err) < 0)
		return -1;
	incident->user = mem_strdup(cache->user);
	incident->qos = mem_strdup(cache->qos);
	incident->script_sha256 = mem_strdup(cache->sha256);
	incident->job_id = job_id_text(job);
	incident->job_db_inx = mem_printf("%" PRIu64, job->job_db_inx);
	incident->id_job = job->id_job;
	incident->root_id = job_root_id(job);
	incident->uid = job->id_user;
	incident->account = mem_strdup(job->account);
	incident->partition = mem_strdup(job->partition);
	incident->job_name = mem_strdup(job->job_name);
	incident->kind = mem_strdup(incident_kinds[verdict->kind]);
	incident->confidence =
		mem_strdup(incident_confidences[verdict->confidence]);
	incident->phase = mem_strdup(incident_phases[verdict->phase]);
	incident->tasks = verdict->tasks;
	incident->submitted = job->time_submit;
	incident->started =
		verdict->phase == PHASE_PENDING ? 0 : job->time_start;
	incident->ended = job->time_end;
	incident->state = mem_strdup(job_state_name(job->state));
	incident->reason = judge_reason(verdict, facts, incident->user);
	incident->causes = mem_strdup(verdict->causes);
	incident->job = job_json(job);
	add_cost(cluster, job, verdict, incident);
	return 0;
}
