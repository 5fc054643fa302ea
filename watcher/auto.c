/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/auto.h"

#include "lib/login.h"
#include "lib/mem.h"
#include "schema/json.h"
#include "schema/store_restoration.h"
#include "watcher/apply.h"
#include "watcher/child.h"
#include "watcher/together.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What was not restored within a day is left to people. */
#define DAY_S 86400

/* How long a round may take: each command a minute at most. */
#define ROUND_MS 1800000

/* Incidents taken up in one round. */
#define DUE_MAX 100

struct round {
	const struct conf *conf;
	struct store *store;
	int64_t now_s;
	auto_fn *tell;
	void *arg;
	struct together_ids done;
	size_t n;
};

bool auto_is_wanted(const struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->n_protect; i++)
		if (conf_restores(conf, &conf->protect[i]))
			return true;
	return false;
}

/* Only a file that is not there lets it go on: one that cannot be seen may be
 * there. */
static bool is_stopped(const struct conf *conf)
{
	return conf->restore.stop_file[0] &&
	       (access(conf->restore.stop_file, F_OK) == 0 || errno != ENOENT);
}

__attribute__((format(printf, 2, 3))) static void
tell(const struct round *round, const char *fmt, ...)
{
	autofree char *line = NULL;
	autofree char *escaped = NULL;
	va_list ap;

	va_start(ap, fmt);
	line = mem_vprintf(fmt, ap);
	va_end(ap);
	escaped = text_escaped(line);
	round->tell(escaped, round->arg);
}

/* Leaves an incident alone for good, and says why, once. */
static int withhold(const struct round *round, const struct incident *incident,
		    const char *why, struct err *err)
{
	json_t *object = json_object();
	autofree char *content = NULL;

	json_put_text(object, "why", why);
	content = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	tell(round, "incident %" PRId64 ": job %s of %s is not restored: %s",
	     incident->incident_id, incident->job_id, incident->user, why);
	if (store_begin(round->store, round->now_s, err) < 0)
		return -1;
	if (store_entry_add(round->store, incident->incident_id, round->now_s,
			    "withheld", content, err) < 0 ||
	    store_commit(round->store, err) < 0) {
		store_rollback(round->store);
		return -1;
	}
	return 0;
}

/* Whether the limits let it be restored; *why if not, freed by the caller. */
static int check_limits(const struct round *round,
			const struct incident *incident, char **why,
			struct err *err)
{
	int64_t of_job, of_user;

	if (store_restorations(round->store, incident, round->now_s - DAY_S,
			       &of_job, &of_user, err) < 0)
		return -1;
	if (of_job >= round->conf->restore.max_per_job)
		*why = mem_printf("it was restored %" PRId64
				  " times within a day, and cancelled again "
				  "(max_per_job)",
				  of_job);
	else if (of_user >= round->conf->restore.max_per_user_per_day)
		*why = mem_printf("%" PRId64 " restorations for its owner "
				  "within a day (max_per_user_per_day)",
				  of_user);
	return 0;
}

/* What no command brings back is left to people. */
static int withhold_all(const struct round *round,
			const struct together *together,
			const struct restore_plan *plan, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < plan->n_members; i++)
		rc = withhold(round, &together->incidents[plan->members[i]],
			      plan->why, err);
	return rc;
}

/* One that fails keeps the others from nothing. */
static void apply_one(struct round *round, const struct together *together,
		      const struct restore_plan *plan)
{
	const struct incident *first = &together->incidents[plan->members[0]];
	autofree char *by = login_name();
	const struct apply apply = {
		.store = round->store,
		.by = by,
		.reason = "auto",
		.now_s = round->now_s,
	};
	struct apply_result result;
	struct err failure;
	int rc = apply_plan(&apply, together, plan, &result, &failure);

	tell(round, "incident %" PRId64 ": job %s of %s: %s%s",
	     first->incident_id, first->job_id, first->user,
	     rc < 0 ? "restoration failed: " : restore_ways[plan->way],
	     rc < 0 ? failure.msg : "");
	round->n += rc == 0;
	apply_result_finish(&result);
}

static int carry_out(struct round *round, const struct together *together,
		     struct err *err)
{
	size_t i;

	for (i = 0; i < together->n_plans; i++) {
		const struct restore_plan *plan = &together->plans[i];

		if (plan->n_steps)
			apply_one(round, together, plan);
		else if (withhold_all(round, together, plan, err) < 0)
			return -1;
	}
	return 0;
}

/* Whether slurmctld is to be asked and gave no answer: it may have the job, and
 * a better way then. */
static bool is_unanswered(const struct round *round,
			  const struct together *together)
{
	size_t i;

	for (i = 0; round->conf->slurm.conf[0] && i < together->n; i++)
		if (!together->facts[i].slurmctld &&
		    !together->facts[i].clusters)
			return true;
	return false;
}

/* Takes up an incident with the rest of its event. */
static int take_up(struct round *round, int64_t id, struct err *err)
{
	struct incident incident = {0};
	struct together together = {0};
	struct together_ids ids = {0};
	autofree char *why = NULL;
	size_t i;
	int rc;

	if (!together_ids_add(&round->done, id) || is_stopped(round->conf))
		return 0;
	rc = store_incident(round->store, id, &incident, err);
	if (rc > 0)
		rc = check_limits(round, &incident, &why, err);
	if (rc == 0 && why) {
		rc = withhold(round, &incident, why, err);
		goto out;
	}
	if (rc == 0)
		rc = together_members(round->store, &incident, TOGETHER_PROVEN,
				      &ids, err);
	if (rc == 0)
		rc = together_plan(round->conf, round->store, &ids, true,
				   &together, err);
	for (i = 0; i < ids.n; i++)
		together_ids_add(&round->done, ids.ids[i]);
	if (rc == 0 && !is_unanswered(round, &together))
		rc = carry_out(round, &together, err);
out:
	together_finish(&together);
	free(ids.ids);
	incident_finish(&incident);
	return rc < 0 ? -1 : 0;
}

static int round_of_section(struct round *round, const char *section,
			    struct err *err)
{
	int64_t ids[DUE_MAX];
	size_t i, n;

	if (store_due(round->store, section, round->now_s - DAY_S,
		      round->now_s - round->conf->restore.delay_s, ids, DUE_MAX,
		      &n, err) < 0)
		return -1;
	for (i = 0; i < n; i++)
		if (take_up(round, ids[i], err) < 0)
			return -1;
	return 0;
}

int auto_round(const struct conf *conf, struct store *store, int64_t now_s,
	       auto_fn *fn, void *arg, size_t *n, struct err *err)
{
	struct round round = {.conf = conf,
			      .store = store,
			      .now_s = now_s,
			      .tell = fn,
			      .arg = arg};
	size_t i;
	int rc = 0;

	*n = 0;
	if (is_stopped(conf))
		return 0;
	for (i = 0; rc == 0 && i < conf->n_protect; i++)
		if (conf_restores(conf, &conf->protect[i]))
			rc = round_of_section(&round, conf->protect[i].name,
					      err);
	free(round.done.ids);
	*n = round.n;
	return rc;
}

bool auto_is_due(const struct conf *conf, struct store *store, int64_t now_s)
{
	struct err ignored;
	int64_t id;
	size_t i, n;

	if (conf_restores_by_timer(conf) || is_stopped(conf))
		return false;
	for (i = 0; i < conf->n_protect; i++)
		if (conf_restores(conf, &conf->protect[i]) &&
		    store_due(store, conf->protect[i].name, now_s - DAY_S,
			      now_s - conf->restore.delay_s, &id, 1, &n,
			      &ignored) == 0 &&
		    n > 0)
			return true;
	return false;
}

int64_t auto_count(const struct conf *conf, struct store *store, int64_t now_s,
		   struct err *err)
{
	int64_t ids[DUE_MAX];
	int64_t count = 0;
	size_t i, n;

	if (is_stopped(conf))
		return 0;
	for (i = 0; i < conf->n_protect; i++) {
		if (!conf_restores(conf, &conf->protect[i]))
			continue;
		if (store_due(store, conf->protect[i].name, now_s - DAY_S,
			      now_s - conf->restore.delay_s, ids, DUE_MAX, &n,
			      err) < 0)
			return -1;
		count += (int64_t)n;
	}
	return count;
}

static int run_round(int fd, const void *arg)
{
	static const char *const args[] = {"restore", "--auto", NULL};

	return child_become(fd, arg, args);
}

struct spawn *auto_begin(const struct conf *conf, struct err *err)
{
	return spawn_begin("restoring jobs", run_round, conf, ROUND_MS, err);
}
