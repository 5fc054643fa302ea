/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/testimony.h"

#include "lib/mem.h"
#include "watcher/witness_job.h"

#include <stdbool.h>
#include <string.h>

/* slurmctld may log a request this long after the end that it wrote. */
#define AFTER_S 2

/* How long slurmctld may take to refuse what was asked for. */
#define REFUSES_S 60

/* More lines of one job, and lines times tasks, than an honest user makes:
 * beyond, it is not asked, as it would take long. */
#define MOST_LINES 5000
#define MOST_ASKED 50000

/* Refusals of one user among which that of a line is looked for. */
#define MOST_REFUSALS 100

#define NO_TASK (-1)

/* How far a line is to be believed of a job, or of one task. */
enum weight {
	NOTHING,   /* it does not speak of it */
	UNCERTAIN, /* it may speak of it, or may not be true */
	CERTAIN,
};

/* What is asked, and of whom. */
struct matter {
	const struct witness_line *lines;
	size_t n;
	const struct testimony_ask *ask;
	signed char *refused; /* each line's weight_of_refusal(), which is the
				 same for all tasks; -1: not looked for */
};

static enum weight weight_of_name(const char *text,
				  const struct testimony_ask *ask, int64_t task)
{
	struct witness_job job;

	if (!witness_job_parse(text, strlen(text), &job))
		return NOTHING;
	if (job.own_id && job.own_id == ask->id_job && task == NO_TASK)
		return CERTAIN;
	if (job.part == WITNESS_WHOLE)
		return job.id == ask->root_id || job.id == ask->id_job
			       ? CERTAIN
			       : NOTHING;
	if (job.id != ask->root_id)
		return NOTHING;
	if (job.part == WITNESS_COMPONENT) {
		if (ask->het_offset < 0)
			return NOTHING;
		/* A signal for the leader is for all. */
		if (ask->act == WITNESS_KILL && job.offset == 0)
			return CERTAIN;
		return job.offset == ask->het_offset ? CERTAIN : NOTHING;
	}
	if (task == NO_TASK)
		return NOTHING;
	if (job.part == WITNESS_TASKS)
		return witness_job_has_task(&job, task) ? CERTAIN : NOTHING;
	return UNCERTAIN;
}

/* Whether the log refused what the line asked for: wholly, or, of one that
 * named several, in part. */
static enum weight weight_of_refusal(const struct matter *matter, size_t asked)
{
	const struct witness_line *line = &matter->lines[asked];
	enum weight weight = NOTHING;
	struct witness_job job, refused;
	int looked_at = 0;
	size_t i;

	if (!witness_job_parse(line->job, strlen(line->job), &job))
		return NOTHING;
	for (i = asked + 1; i < matter->n; i++) {
		const struct witness_line *later = &matter->lines[i];

		if (later->at_s > line->at_s + REFUSES_S ||
		    (later->act == WITNESS_KILL && later->uid == line->uid &&
		     strcmp(later->job, line->job) == 0))
			break;
		if (later->act != WITNESS_KILL_REFUSED ||
		    later->uid != line->uid)
			continue;
		if (++looked_at > MOST_REFUSALS)
			return UNCERTAIN;
		if (!witness_job_parse(later->job, strlen(later->job),
				       &refused))
			continue;
		if (strcmp(later->job, line->job) != 0 &&
		    !witness_job_covers(&job, &refused))
			continue;
		/* Who has no right to one task has none to any. */
		if (!later->doubtful &&
		    (!later->detail[0] ||
		     strcmp(later->detail, "Access/permission denied") == 0))
			return CERTAIN;
		weight = UNCERTAIN;
	}
	return weight;
}

static bool is_in_time(const struct witness_line *line,
		       const struct testimony_ask *ask)
{
	int64_t from_s = ask->submitted;

	if (ask->act == WITNESS_KILL && ask->ended - ask->before_s > from_s)
		from_s = ask->ended - ask->before_s;
	return line->at_s >= from_s && line->at_s <= ask->ended + AFTER_S;
}

static enum weight refusal_of(const struct matter *matter, size_t i)
{
	if (matter->refused[i] < 0)
		matter->refused[i] = (signed char)weight_of_refusal(matter, i);
	return (enum weight)matter->refused[i];
}

static enum weight weigh(const struct matter *matter, size_t i, int64_t task)
{
	const struct testimony_ask *ask = matter->ask;
	const struct witness_line *line = &matter->lines[i];
	enum weight weight;

	if (line->act != ask->act || line->uid < 0 || !is_in_time(line, ask) ||
	    (ask->to && strcmp(line->detail, ask->to) != 0))
		return NOTHING;
	weight = weight_of_name(line->job, ask, task);
	if (weight == NOTHING || ask->act != WITNESS_KILL)
		return weight && line->doubtful ? UNCERTAIN : weight;
	switch (refusal_of(matter, i)) {
	case CERTAIN:
		return NOTHING;
	case UNCERTAIN:
		return UNCERTAIN;
	case NOTHING:
		break;
	}
	return line->doubtful ? UNCERTAIN : weight;
}

static bool is_owners(const struct matter *matter, size_t i)
{
	return matter->lines[i].uid == matter->ask->uid;
}

/* What was asked for by several counts as asked for by none. */
static enum testimony of_signals(const struct matter *matter, int64_t task,
				 size_t *which)
{
	enum testimony found = TESTIMONY_NONE;
	bool owner = false;
	bool other = false;
	size_t i;

	for (i = 0; i < matter->n; i++) {
		enum weight weight = weigh(matter, i, task);

		if (weight == NOTHING)
			continue;
		owner |= is_owners(matter, i);
		other |= !is_owners(matter, i);
		if (weight != CERTAIN || found)
			continue;
		found = is_owners(matter, i) ? TESTIMONY_OWNER
					     : TESTIMONY_OTHER;
		*which = i;
	}
	return owner && other ? TESTIMONY_NONE : found;
}

/* The last counts, unless another one may come behind it. */
static enum testimony of_settings(const struct matter *matter, int64_t task,
				  size_t *which)
{
	enum testimony found = TESTIMONY_NONE;
	size_t i;

	for (i = 0; i < matter->n; i++) {
		enum weight weight = weigh(matter, i, task);
		enum testimony says = is_owners(matter, i) ? TESTIMONY_OWNER
							   : TESTIMONY_OTHER;

		if (weight == CERTAIN) {
			found = says;
			*which = i;
		} else if (weight == UNCERTAIN && found != says) {
			found = TESTIMONY_NONE;
		}
	}
	return found;
}

static enum testimony of_one(const struct matter *matter, int64_t task,
			     size_t *which)
{
	return matter->ask->act == WITNESS_KILL
		       ? of_signals(matter, task, which)
		       : of_settings(matter, task, which);
}

/* All of the tasks, or it is not certain. */
static enum testimony of_tasks(const struct matter *matter, size_t *which)
{
	const char *list = matter->ask->tasks;
	size_t len = strlen(list);
	enum testimony found = TESTIMONY_NONE;
	int64_t first, last, step, task;
	size_t asked = 0;

	while (len) {
		if (!witness_job_range(&list, &len, &first, &last, &step))
			return TESTIMONY_NONE;
		for (task = first; task <= last; task += step) {
			enum testimony says;

			asked += matter->n + 1;
			if (asked > MOST_ASKED)
				return TESTIMONY_NONE;
			says = of_one(matter, task, which);
			if (!says || (found && says != found))
				return TESTIMONY_NONE;
			found = says;
		}
	}
	return found;
}

enum testimony testimony(const struct witness_line *lines, size_t n,
			 const struct testimony_ask *ask, size_t *which)
{
	const struct matter matter = {lines, n, ask, mem_alloc(n, 1)};
	enum testimony found = TESTIMONY_NONE;

	memset(matter.refused, -1, n);
	if (n <= MOST_LINES)
		found = ask->tasks && ask->tasks[0]
				? of_tasks(&matter, which)
				: of_one(&matter, NO_TASK, which);
	free(matter.refused);
	return found;
}
