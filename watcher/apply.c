/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/apply.h"

#include "lib/mem.h"
#include "lib/program.h"
#include "lib/text.h"
#include "lib/ticks.h"
#include "schema/json.h"
#include "schema/store_restoration.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How long one command may take. */
#define STEP_MS 60000

/* Words for what the watcher does itself, by the plan's way. */
static const char *const doings[RESTORE_N] = {
	[RESTORE_REQUEUE] = "requeued",
	[RESTORE_RESUBMIT] = "submitted again",
	[RESTORE_RELEASE] = "released",
};

void apply_result_finish(struct apply_result *result)
{
	free(result->job_id);
	free(result->output);
	*result = (struct apply_result){0};
}

static void nap(int64_t seconds)
{
	const struct timespec time = {.tv_sec = seconds};

	nanosleep(&time, NULL);
}

static int run_step(const struct restore_step *step,
		    struct program_result *done, struct err *err)
{
	const struct program program = {
		.argv = step->argv,
		.input = step->input,
		.extra = step->environment,
		.timeout_ms = STEP_MS,
	};

	return program_run(&program, done, err);
}

/* Runs it each second until it has nothing to say. */
static int wait_step(const struct restore_step *step, struct err *err)
{
	int64_t until_ms = ticks_ms() + step->wait_s * 1000;
	struct program_result done;
	bool quiet;
	int rc;

	do {
		rc = run_step(step, &done, err);
		quiet = done.output.len == 0;
		text_free(&done.output);
		if (rc < 0)
			return -1;
		if (!quiet)
			nap(1);
	} while (!quiet && ticks_ms() < until_ms);
	nap(RESTORE_PAUSE_S);
	return 0;
}

/* Whether this process may do what only `user` may. */
static int check_right(const struct restore_step *step, struct err *err)
{
	if (strcmp(step->user, "root") != 0 || geteuid() == 0)
		return 0;
	err_set(err, ERR_STOP, "submitting a job as its user takes root");
	return err_hint(err, "sudo watcher restore --apply ...");
}

static int step_failed(const struct restore_step *step,
		       const struct program_result *done, struct err *err)
{
	autofree char *said =
		text_escaped(done->output.s ? done->output.s : "");

	said[strcspn(said, "\\")] = '\0';
	err_set(err, ERR_STOP, "%s ended with status %d: %.400s", step->argv[0],
		done->status, said);
	if (strstr(said, "ermission denied") || strstr(said, "Access"))
		err_hint(err, "requeue and update take Slurm's operator right "
			      "(sacctmgr add user NAME account=root "
			      "adminlevel=operator; modify user NAME set, "
			      "where accounting has that user), or root");
	return -1;
}

/* The number that sbatch --parsable prints, or that ends "Submitted batch job
 * N". */
static char *number_in(const char *output)
{
	const char *s = output;
	size_t len;

	while (*s && !isdigit((unsigned char)*s))
		s++;
	len = strspn(s, "0123456789");
	return len ? mem_strndup(s, len) : NULL;
}

static int run_one(const struct apply *apply, const struct restore_step *step,
		   struct apply_result *result, struct err *err)
{
	struct program_result done;
	int rc;

	if (check_right(step, err) < 0)
		return -1;
	if (apply->tell)
		apply->tell((const char *const *)(char *const *)step->argv);
	if (step->wait_s > 0)
		return wait_step(step, err);
	rc = run_step(step, &done, err);
	if (rc == 0 && done.status != 0 && !step->may_fail)
		rc = step_failed(step, &done, err);
	while (done.output.len && done.output.s[done.output.len - 1] == '\n')
		done.output.s[--done.output.len] = '\0';
	free(result->output);
	result->output = text_escaped(done.output.s ? done.output.s : "");
	if (rc == 0 && !result->job_id)
		result->job_id = number_in(done.output.s ? done.output.s : "");
	text_free(&done.output);
	return rc;
}

static int run_steps(const struct apply *apply, const struct restore_plan *plan,
		     struct apply_result *result, struct err *err)
{
	size_t i;

	for (i = 0; i < plan->n_steps; i++)
		if (run_one(apply, &plan->steps[i], result, err) < 0)
			return -1;
	return 0;
}

/* The incidents that a plan is for. */
struct members {
	const struct together *together;
	const struct restore_plan *plan;
};

/* An entry on each of them, in one transaction. */
struct note {
	bool claims; /* before anything is run */
	const char *how;
	json_t *content;
	const struct store_return *back; /* the job is back so; NULL: not */
};

static int note_one(const struct apply *apply, const struct incident *incident,
		    const struct note *note, const char *content,
		    struct err *err)
{
	struct store_return back;

	if (note->claims)
		return store_claim(apply->store, incident->incident_id,
				   apply->now_s, note->how, content, err);
	if (store_restoring(apply->store, incident->incident_id, apply->now_s,
			    note->how, content, err) < 0)
		return -1;
	if (!note->back)
		return 0;
	back = *note->back;
	if (!back.id_job) {
		back.job_id = incident->job_id;
		back.id_job = incident->id_job;
	}
	return store_restored(apply->store, incident->incident_id, apply->now_s,
			      &back, err) < 0
		       ? -1
		       : 0;
}

static int note_all(const struct apply *apply, const struct members *members,
		    const struct note *note, struct err *err)
{
	const struct incident *incidents = members->together->incidents;
	const struct restore_plan *plan = members->plan;
	autofree char *content = json_dumps(note->content, JSON_COMPACT);
	size_t i;
	int rc = store_begin(apply->store, apply->now_s, err);

	json_decref(note->content);
	for (i = 0; rc == 0 && i < plan->n_members; i++)
		rc = note_one(apply, &incidents[plan->members[i]], note,
			      content, err);
	if (rc == 0)
		rc = store_commit(apply->store, err);
	if (rc < 0)
		store_rollback(apply->store);
	return rc;
}

/* What an entry has in any case. A program's words that were cut may end within
 * a character. */
static json_t *begin_content(const struct apply *apply)
{
	json_t *content = json_object();

	json_put_text(content, "by", apply->by);
	return content;
}

/* Before anything is run, so that the watch knows whose doing it is. */
static int note_begin(const struct apply *apply, const struct members *members,
		      const char *how, struct err *err)
{
	autofree char *command = restore_command(members->plan);
	const struct note note = {
		.claims = true,
		.how = how,
		.content = begin_content(apply),
	};

	json_put_text(note.content, "reason", apply->reason);
	json_put_text(note.content, "way", restore_ways[members->plan->way]);
	json_put_text(note.content, "command", command ? command : "");
	return note_all(apply, members, &note, err);
}

/* Whether Slurm may have done it though nobody said so. */
static bool is_open(const struct apply_result *result,
		    const struct err *failure)
{
	return failure->kind == ERR_RETRY ||
	       (result->output && strstr(result->output, "timed out"));
}

/* What may have worked stays the watcher's doing: the row will tell. */
static int note_failure(const struct apply *apply,
			const struct members *members, const char *how,
			const struct apply_result *result,
			const struct err *failure)
{
	const struct note note = {
		.how = is_open(result, failure) ? how : "",
		.content = begin_content(apply),
	};
	struct err ignored;

	json_put_text(note.content, "failed", failure->msg);
	json_put_text(note.content, "output",
		      result->output ? result->output : "");
	return note_all(apply, members, &note, &ignored);
}

static int note_success(const struct apply *apply,
			const struct members *members, const char *how,
			const struct apply_result *result, struct err *err)
{
	bool new_number =
		members->plan->way == RESTORE_RESUBMIT && result->job_id;
	const struct store_return back = {
		.how = how,
		.job_id = new_number ? result->job_id : "",
		.id_job = new_number ? strtoll(result->job_id, NULL, 10) : 0,
	};
	const struct note note = {
		.how = how,
		.content = begin_content(apply),
		.back = &back,
	};

	json_put_int(note.content, "exit", 0);
	json_put_text(note.content, "output",
		      result->output ? result->output : "");
	json_put_text(note.content, "job_id", new_number ? result->job_id : "");
	return note_all(apply, members, &note, err);
}

int apply_plan(const struct apply *apply, const struct together *together,
	       const struct restore_plan *plan, struct apply_result *result,
	       struct err *err)
{
	const struct members members = {together, plan};
	autofree char *how = NULL;

	*result = (struct apply_result){0};
	if (!plan->n_steps)
		return err_set(err, ERR_STOP, "nothing can be run: %s",
			       plan->why);
	how = mem_printf("%s by watcher", doings[plan->way]);
	if (note_begin(apply, &members, how, err) < 0)
		return -1;
	if (run_steps(apply, plan, result, err) < 0) {
		note_failure(apply, &members, how, result, err);
		return -1;
	}
	return note_success(apply, &members, how, result, err);
}
