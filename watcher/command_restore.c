/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `watcher restore`: prints the commands that bring jobs back, or runs them.
 * Its output is a shell script: what is not a command is a comment. */
#include "lib/log.h"
#include "lib/login.h"
#include "lib/mem.h"
#include "lib/text.h"
#include "schema/store.h"
#include "watcher/apply.h"
#include "watcher/auto.h"
#include "watcher/commands.h"
#include "watcher/restore.h"
#include "watcher/restore_facts.h"
#include "watcher/together.h"
#include "watcher/writing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum mode { PRINT, DRY_RUN, APPLY, AUTO };

/* What was asked for. */
struct order {
	const struct conf *conf;
	struct store *store;
	enum mode mode;
	bool event; /* each with the rest of its event */
};

static void print_title(const struct incident *incident)
{
	autofree char *line = mem_printf(
		"incident %" PRId64 ": job %s of %s on %s, cluster %s",
		incident->incident_id, incident->job_id, incident->user,
		incident->partition, incident->cluster);
	autofree char *title = text_escaped(line);

	printf("# %s\n", title);
}

static void print_comment(const char *word, const char *comment)
{
	autofree char *shown = text_escaped(comment);

	if (shown[0])
		printf("# %s: %s\n", word, shown);
}

static void print_possible_until(const struct restore_plan *plan)
{
	time_t until = (time_t)plan->possible_until_s;
	struct tm tm;
	char text[32] = "";

	if (plan->possible_until_s > 0 && localtime_r(&until, &tm) &&
	    strftime(text, sizeof(text), "%H:%M:%S", &tm) > 0)
		printf("# possible until %s (MinJobAge)\n", text);
}

/* The titles of what it is for were printed. */
static void print_plan(const struct job *job, const struct restore_plan *plan,
		       bool with_command)
{
	autofree char *command = restore_command(plan);
	size_t i;

	printf("# %s: %s\n", restore_ways[plan->way], plan->why);
	if (plan->way == RESTORE_ALREADY)
		return;
	printf("# brings back: %s\n", restore_fidelities[plan->fidelity]);
	print_possible_until(plan);
	for (i = 0; i < plan->notes.n; i++)
		print_comment("note", plan->notes.items[i]);
	if (plan->remedy)
		print_comment("what to do", plan->remedy);
	if (plan->way == RESTORE_RESUBMIT || plan->way == RESTORE_BY_HAND)
		print_comment("submit line", job->submit_line);
	if (command && with_command)
		printf("%s\n", command);
}

static void print_members(const struct together *together,
			  const struct restore_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_members; i++)
		print_title(&together->incidents[plan->members[i]]);
}

/* A command as a comment. */
static void print_argv(const char *const *argv)
{
	autotext struct text line = {0};

	for (; *argv; argv++) {
		text_add(&line, " ");
		text_add_shell_word(&line, *argv);
	}
	printf("#%s\n", line.s ? line.s : "");
	fflush(stdout);
}

/* Carries out what was planned, and says what came of it. */
static int apply_one(const struct order *order, const struct together *together,
		     const struct restore_plan *plan, struct err *err)
{
	autofree char *by = login_name();
	const struct apply apply = {
		.store = order->store,
		.by = by,
		.reason = "by hand",
		.now_s = (int64_t)time(NULL),
		.tell = print_argv,
	};
	struct apply_result result;
	int rc = apply_plan(&apply, together, plan, &result, err);

	if (rc == 0 && result.job_id && plan->way == RESTORE_RESUBMIT)
		printf("# done: job %s\n", result.job_id);
	else if (rc == 0)
		printf("# done\n");
	apply_result_finish(&result);
	return rc;
}

/* What apply would run, a command a line. */
static void print_steps(const struct restore_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_steps; i++) {
		printf("# would run, as %s:\n", plan->steps[i].user);
		print_argv((const char *const *)plan->steps[i].argv);
	}
}

static int carry_out(const struct order *order, const struct together *together,
		     struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < together->n_plans; i++) {
		const struct restore_plan *plan = &together->plans[i];
		const struct job *job =
			&together->gathered[plan->members[0]].job;

		print_members(together, plan);
		print_plan(job, plan, order->mode == PRINT);
		if (order->mode == DRY_RUN)
			print_steps(plan);
		else if (order->mode == APPLY && plan->n_steps)
			rc = apply_one(order, together, plan, err);
		else if (order->mode == APPLY && plan->way == RESTORE_BY_HAND)
			rc = err_set(err, ERR_STOP,
				     "incident %" PRId64
				     " can only be restored by hand",
				     together->incidents[plan->members[0]]
					     .incident_id);
	}
	return rc;
}

/* What was dealt with before is in `done`, and not dealt with again. */
static int restore_one(const struct order *order, int64_t id,
		       struct together_ids *done, struct err *err)
{
	struct incident incident = {0};
	struct together together = {0};
	struct together_ids ids = {0};
	int rc = store_incident(order->store, id, &incident, err);
	size_t i;

	if (rc == 0) {
		err_set(err, ERR_USAGE, "there is no incident %" PRId64, id);
		return err_hint(err, "watcher-report list shows them");
	}
	if (rc > 0)
		rc = together_members(order->store, &incident,
				      order->event ? TOGETHER_EVENT
						   : TOGETHER_ALONE,
				      &ids, err);
	if (rc == 0 && together_ids_add(done, id)) {
		for (i = 0; i < ids.n; i++)
			together_ids_add(done, ids.ids[i]);
		rc = together_plan(order->conf, order->store, &ids,
				   order->mode == APPLY, &together, err);
		if (rc == 0)
			rc = carry_out(order, &together, err);
	}
	together_finish(&together);
	free(ids.ids);
	incident_finish(&incident);
	return rc;
}

static int restore_all(const struct order *order, char **args)
{
	struct together_ids done = {0};
	struct err err;
	int64_t id;
	int code = 0;

	for (; *args; args++) {
		if (incident_read_id(*args, &id, &err) == 0 &&
		    restore_one(order, id, &done, &err) == 0)
			continue;
		fflush(stdout);
		log_err(LOG_LEVEL_ERR, &err);
		code = err_exit_code(&err);
	}
	free(done.ids);
	return code;
}

static void log_round(const char *line, void *arg)
{
	(void)arg;
	log_info("%s", line);
}

/* What is due without being asked for. */
static int restore_due(const struct order *order)
{
	struct err err;
	size_t n;

	if (!auto_is_wanted(order->conf)) {
		log_line(LOG_LEVEL_ERR,
			 "%s: no section wants it (mode = auto or timer under "
			 "[restore], or restore = auto under [protect])",
			 order->conf->path);
		return 2;
	}
	if (auto_round(order->conf, order->store, (int64_t)time(NULL),
		       log_round, NULL, &n, &err) == 0)
		return 0;
	log_err(LOG_LEVEL_ERR, &err);
	return err_exit_code(&err);
}

/* One way of dealing with them excludes another. */
static bool choose(struct order *order, enum mode mode)
{
	if (order->mode != PRINT)
		return false;
	order->mode = mode;
	return true;
}

static bool take_option(const char *word, struct order *order)
{
	if (strcmp(word, "--event") == 0)
		return order->event = true;
	if (strcmp(word, "--dry-run") == 0)
		return choose(order, DRY_RUN);
	if (strcmp(word, "--apply") == 0)
		return choose(order, APPLY);
	return strcmp(word, "--auto") == 0 && choose(order, AUTO);
}

/* Takes the options off the front; NULL: one is not known, or excludes
 * another. */
static char **take_options(char **args, struct order *order)
{
	for (; *args && strncmp(*args, "--", 2) == 0; args++)
		if (!take_option(*args, order))
			return NULL;
	return order->mode == AUTO && order->event ? NULL : args;
}

static int carry_out_order(struct order *order, char **args)
{
	int code;

	if (order->mode == AUTO)
		code = restore_due(order);
	else
		code = restore_all(order, args);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_line(LOG_LEVEL_ERR, "writing the output: %s",
			 strerror(errno));
		return 3;
	}
	return code;
}

int command_restore(struct conf **conf, char **args)
{
	struct order order = {.conf = *conf};
	struct err err;
	int code;

	args = take_options(args, &order);
	if (!args || (!args[0]) != (order.mode == AUTO)) {
		log_line(LOG_LEVEL_ERR,
			 "restore takes [--event] [--apply | --dry-run] and "
			 "the numbers of incidents (watcher-report list), or "
			 "--auto alone");
		return 2;
	}
	order.store = order.mode == PRINT || order.mode == DRY_RUN
			      ? store_open_read((*conf)->store.path, &err)
			      : writing_open(*conf, &err);
	if (!order.store) {
		log_err(LOG_LEVEL_ERR, &err);
		return err_exit_code(&err);
	}
	code = carry_out_order(&order, args);
	store_close(order.store);
	return code;
}
