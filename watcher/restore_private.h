/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the plan share: steps that are being made, and what they
 * are made of. */
#ifndef WATCHER_RESTORE_PRIVATE_H
#define WATCHER_RESTORE_PRIVATE_H

#include "watcher/restore.h"

/* One job, or tasks of one array. */
struct restore_target {
	const struct restore_facts *facts;
	const char *tasks; /* "1,3-5"; NULL: not of an array */
	int64_t at_once;   /* of the tasks, as the array allows; 0: all */
	bool ends_now;     /* slurmctld has not done with it, or just */
	bool may_fail;     /* one of them is the array's pending rest */
};

/* All zero is an empty one. */
struct restore_argv {
	char **words; /* NULL at its end */
	size_t n;
	size_t cap;
};

/* The tasks that the facts stand for, freed by the caller; NULL: they are not
 * of an array. */
char *restore_tasks_of(const struct restore_facts *facts);
struct restore_target restore_target_of(const struct restore_facts *facts,
					const char *tasks);
/* Until when slurmctld has the job for certain; 0: not known. */
int64_t restore_possible_until(const struct restore_facts *facts);
struct restore_plan restore_plan_of(const struct restore_target *target);

void restore_argv_add(struct restore_argv *argv, const char *word);
void restore_argv_addf(struct restore_argv *argv, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Begins a command of Slurm: `env` where something has to be set, its path, the
 * cluster. */
void restore_argv_slurm(struct restore_argv *argv,
			const struct restore_facts *facts, const char *command);

/* Adds a step that takes argv over; the result is valid until the next. */
struct restore_step *restore_add_step(struct restore_plan *plan,
				      struct restore_argv *argv,
				      const char *user);
void restore_notef(struct restore_plan *plan, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds the step that waits for the end of what is being ended. */
void restore_add_wait(struct restore_plan *plan,
		      const struct restore_target *target);

/* How many tasks of the array may run at once; 0: all. */
int64_t restore_at_once(const struct restore_facts *facts);

/* The steps of each way. */
void restore_requeue_steps(struct restore_plan *plan,
			   const struct restore_target *target);
void restore_release_steps(struct restore_plan *plan,
			   const struct restore_target *target);
void restore_resubmit_steps(struct restore_plan *plan,
			    const struct restore_target *target);

/* What sbatch was asked for: its command line before its script. NULL: neither
 * names it, or they are not known. Freed by the caller. */
char *restore_asked(const struct restore_facts *facts, const char *option);
char *restore_asked_by_line(const struct restore_facts *facts,
			    const char *option);
char *restore_asked_by_script(const struct restore_facts *facts,
			      const char *option);

/* Adds --option=value. */
void restore_option(struct restore_argv *argv, const char *option,
		    const char *value);

/* Adds what makes sbatch ask for the CPUs, nodes, memory, GRES and licenses
 * that the job had. */
void restore_resources(struct restore_argv *argv, struct restore_plan *plan,
		       const struct restore_facts *facts);

/* Whether it was to begin later (--begin). The tasks behind an array's limit
 * have no time to begin at all. */
bool restore_begins_later(const struct job *job);

enum incident_kind restore_kind(const struct incident *incident);

#endif
