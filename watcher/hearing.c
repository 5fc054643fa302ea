/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/hearing.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "schema/store_witness.h"
#include "watcher/testimony.h"
#include "watcher/witness.h"

#include <stdio.h>
#include <string.h>

/* Lines are kept as long as a suspected incident may be looked at again. */
#define KEPT_S (2 * 86400)
#define PRUNE_EVERY_S 3600

/* testimony() takes no more lines as certain. */
#define LINES_MAX 5001

/* A signal ends a job within this time, or did not end it. */
#define SIGNAL_S 10

/* A job that was requeued may be cancelled while it is COMPLETING, for about
 * this long (KillWait is 30 s by default). */
#define COMPLETING_S 40

/* Tasks that were withdrawn are missed this much later at most. */
#define MISSED_S 60

struct hearing {
	const struct conf *conf;
	struct store *store;
	struct witness *witness;
	bool resumed;
	int64_t prune_s; /* when to prune next */
	char *trouble;   /* of the last reading; NULL: none */
};

struct hearing *hearing_new(const struct conf *conf, struct store *store)
{
	struct witness *witness = witness_new(conf);
	struct hearing *hearing;

	if (!witness)
		return NULL;
	hearing = mem_alloc(1, sizeof(*hearing));
	hearing->conf = conf;
	hearing->store = store;
	hearing->witness = witness;
	return hearing;
}

void hearing_free(struct hearing *hearing)
{
	if (!hearing)
		return;
	witness_free(hearing->witness);
	free(hearing->trouble);
	free(hearing);
}

bool hearing_is_of(const struct hearing *hearing, const char *cluster,
		   bool only)
{
	if (!hearing)
		return false;
	if (hearing->conf->witness.cluster[0])
		return strcmp(hearing->conf->witness.cluster, cluster) == 0;
	return only;
}

/* What a line is kept for. */
struct keeping {
	struct hearing *hearing;
	const char *cluster;
};

static int keep_line(const struct witness_line *line, const char *text,
		     void *arg, struct err *err)
{
	const struct keeping *keeping = arg;
	autofree char *escaped = text_escaped(text);
	const struct store_witness_line kept = {
		.at_s = line->at_s,
		.act = witness_acts[line->act],
		.job = line->job,
		.id_job = line->id_job,
		.uid = line->uid,
		.detail = line->detail,
		.doubtful = line->doubtful,
		.line = escaped,
	};

	if (line->act == WITNESS_COMPLETE)
		return 0;
	return store_witness_line_add(keeping->hearing->store, keeping->cluster,
				      &kept, err);
}

static int resume(struct hearing *hearing, const char *cluster, struct err *err)
{
	autofree char *position = NULL;
	struct err ignored;
	int rc = store_witness_get(hearing->store, cluster, &position, err);

	if (rc < 0)
		return -1;
	if (rc > 0 && witness_resume(hearing->witness, position, &ignored) < 0)
		log_err(LOG_LEVEL_WARN, &ignored);
	hearing->resumed = true;
	return 0;
}

static int prune(struct hearing *hearing, const char *cluster, int64_t now_s,
		 struct err *err)
{
	if (now_s < hearing->prune_s)
		return 0;
	hearing->prune_s = now_s + PRUNE_EVERY_S;
	return store_witness_prune(hearing->store, cluster, now_s - KEPT_S,
				   err);
}

int hearing_read(struct hearing *hearing, const char *cluster, int64_t now_s,
		 struct err *err)
{
	struct keeping keeping = {hearing, cluster};
	autofree char *position = NULL;
	struct err trouble = {0};
	int rc;

	if (!hearing->resumed && resume(hearing, cluster, err) < 0)
		return -1;
	rc = witness_read(hearing->witness, keep_line, &keeping, &trouble);
	log_trouble(LOG_LEVEL_WARN, &hearing->trouble, rc < 0 ? &trouble : NULL,
		    "witness", "read");
	position = witness_position(hearing->witness);
	if (position &&
	    store_witness_put(hearing->store, cluster, position, err) < 0)
		return -1;
	return prune(hearing, cluster, now_s, err);
}

/* The lines of one job. */
struct lines {
	struct witness_line *lines;
	size_t n;
	size_t cap;
};

static int take_line(const struct store_witness_line *line, void *arg)
{
	struct lines *lines = arg;
	struct witness_line *to;

	lines->lines = mem_grow(lines->lines, &lines->cap, lines->n + 1,
				sizeof(*lines->lines));
	to = &lines->lines[lines->n++];
	*to = (struct witness_line){
		.at_s = line->at_s,
		.act = witness_act(line->act),
		.id_job = line->id_job,
		.uid = line->uid,
		.doubtful = line->doubtful,
	};
	snprintf(to->job, sizeof(to->job), "%s", line->job);
	snprintf(to->detail, sizeof(to->detail), "%s", line->detail);
	return 0;
}

/* The time in which the request lies. */
static void set_window(struct testimony_ask *ask, enum incident_kind kind)
{
	ask->before_s = SIGNAL_S;
	if (kind == KIND_TASKS_WITHDRAWN)
		ask->before_s = MISSED_S;
	if (kind == KIND_REQUEUE_CANCELLED) {
		ask->ended += COMPLETING_S;
		ask->before_s = COMPLETING_S;
	}
}

static enum witness_act act_of(enum incident_kind kind)
{
	if (kind == KIND_LIMIT_CUT)
		return WITNESS_TIME_LIMIT;
	if (kind == KIND_STALLED)
		return WITNESS_HOLD;
	if (kind == KIND_MOVED)
		return WITNESS_PARTITION;
	return WITNESS_KILL;
}

/* The tasks that the row stands for; NULL: it is of no array. */
static char *tasks_of(const struct job *job)
{
	int64_t n;

	if (job_is_array_rest(job))
		return job_tasks_text(job->array_task_str, &n);
	if (job->id_array_job > 0)
		return mem_printf("%lld", (long long)job->id_array_task);
	return NULL;
}

int hearing_of(struct hearing *hearing, const char *cluster,
	       const struct job *job, enum incident_kind kind,
	       struct judge_witness *witness, struct err *err)
{
	autofree char *tasks = tasks_of(job);
	struct lines lines = {0};
	struct testimony_ask ask = {
		.act = act_of(kind),
		.id_job = job->id_job,
		.root_id = job_root_id(job),
		.tasks = tasks,
		.het_offset = job->het_job_id > 0 ? job->het_job_offset : -1,
		.uid = job->id_user,
		.submitted = job->time_submit,
		.ended = job->time_end,
	};
	enum testimony said;
	size_t which = 0;

	*witness = (struct judge_witness){0};
	set_window(&ask, kind);
	if (store_witness_lines(hearing->store, cluster, job->id_job,
				job_root_id(job), job->time_submit,
				ask.ended + HEARING_SETTLES_S, LINES_MAX,
				take_line, &lines, err) < 0)
		return -1;
	said = testimony(lines.lines, lines.n, &ask, &which);
	if (said != TESTIMONY_NONE) {
		witness->heard = true;
		witness->uid = lines.lines[which].uid;
	}
	free(lines.lines);
	return 0;
}
