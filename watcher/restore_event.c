/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans for incidents of one event. */
#include "lib/mem.h"
#include "schema/tasks.h"
#include "watcher/restore_private.h"

#include <string.h>

/* In place of the tasks, where two plans are compared without them. */
#define ANY_TASK "0"

/* What the plan would be for any task, when nothing has to be waited for: plans
 * of the same shape are one plan. Freed by the caller. */
static char *shape_of(const struct restore_facts *facts)
{
	struct restore_target target = restore_target_of(facts, NULL);
	struct restore_plan plan;
	autofree char *command = NULL;
	char *shape;

	if (facts->job->id_array_job > 0)
		target.tasks = ANY_TASK;
	target.at_once = 0;
	target.ends_now = false;
	target.may_fail = false;
	plan = restore_plan_of(&target);
	command = restore_command(&plan);
	shape = mem_printf("%s\n%s", plan.why, command ? command : "");
	restore_plan_finish(&plan);
	return shape;
}

static bool same_root(const struct restore_facts *a,
		      const struct restore_facts *b)
{
	return strcmp(a->incident->cluster, b->incident->cluster) == 0 &&
	       a->job->id_array_job == b->job->id_array_job &&
	       a->job->het_job_id == b->job->het_job_id &&
	       (a->job->id_array_job > 0 || a->job->het_job_id > 0);
}

static void add_member(struct restore_plan *plan, size_t member)
{
	plan->members = mem_grow(plan->members, &plan->cap_members,
				 plan->n_members + 1, sizeof(*plan->members));
	plan->members[plan->n_members++] = member;
}

/* The earlier of two times of which 0 is none. */
static int64_t earlier(int64_t a, int64_t b)
{
	return !a || (b && b < a) ? b : a;
}

/* Makes the plan for its members. */
static void plan_members(struct restore_plan *plan,
			 const struct restore_facts *facts)
{
	struct restore_target target =
		restore_target_of(&facts[plan->members[0]], NULL);
	autotasks struct tasks all = {0};
	autofree char *text = NULL;
	struct restore_plan made;
	int64_t n, until = 0;
	size_t i;

	for (i = 0; i < plan->n_members; i++) {
		const struct restore_facts *one = &facts[plan->members[i]];
		autofree char *tasks = restore_tasks_of(one);
		struct restore_target its = restore_target_of(one, tasks);

		if (its.at_once > target.at_once)
			target.at_once = its.at_once;
		target.ends_now |= its.ends_now;
		target.may_fail |= its.may_fail;
		until = earlier(until, restore_possible_until(one));
		if (tasks)
			tasks_parse(&all, tasks);
	}
	text = tasks_text(&all, &n);
	if (n > 0)
		target.tasks = text;
	made = restore_plan_of(&target);
	if (made.way == RESTORE_REQUEUE)
		made.possible_until_s = until;
	made.members = plan->members;
	made.n_members = plan->n_members;
	made.cap_members = plan->cap_members;
	*plan = made;
}

/* The plan among n that another fact fits into; n: none. */
static size_t find(const struct restore_plan *plans, size_t n,
		   char *const *shapes, const struct restore_facts *facts,
		   size_t member)
{
	size_t i;

	for (i = 0; i < n; i++) {
		size_t first = plans[i].members[0];

		if (same_root(&facts[first], &facts[member]) &&
		    strcmp(shapes[first], shapes[member]) == 0)
			break;
	}
	return i;
}

void restore_plan_event(const struct restore_facts *facts, size_t n_facts,
			struct restore_plan **plans, size_t *n)
{
	char **shapes = mem_alloc(n_facts + 1, sizeof(*shapes));
	size_t i;

	*plans = mem_alloc(n_facts + 1, sizeof(**plans));
	*n = 0;
	for (i = 0; i < n_facts; i++) {
		size_t at;

		shapes[i] = shape_of(&facts[i]);
		at = find(*plans, *n, shapes, facts, i);
		add_member(&(*plans)[at], i);
		*n += at == *n;
	}
	for (i = 0; i < *n; i++)
		plan_members(&(*plans)[i], facts);
	for (i = 0; i < n_facts; i++)
		free(shapes[i]);
	free(shapes);
}

void restore_plans_free(struct restore_plan *plans, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		restore_plan_finish(&plans[i]);
	free(plans);
}
