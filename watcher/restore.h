/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The best way to bring a job back right now: a pure function of what is known,
 * whose result is data that can be printed or carried out. */
#ifndef WATCHER_RESTORE_H
#define WATCHER_RESTORE_H

#include "lib/text.h"
#include "schema/incident.h"
#include "schema/job.h"
#include "watcher/slurmctld.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum restore_way {
	RESTORE_REQUEUE,  /* scontrol requeue: same number, everything */
	RESTORE_RESUBMIT, /* sbatch as the user, with the stored script */
	RESTORE_RELEASE,  /* it did not end: scontrol release or resume */
	RESTORE_BY_HAND,  /* no command brings it back */
	RESTORE_ALREADY,  /* it is back */
	RESTORE_N
};

/* What comes back of a job. */
enum restore_fidelity {
	RESTORE_EXACT,
	RESTORE_SCRIPT_OPTIONS_ENVIRONMENT,
	RESTORE_SCRIPT_OPTIONS,
	RESTORE_NOTHING,
	RESTORE_FIDELITY_N
};

extern const char *const restore_ways[RESTORE_N]; /* a word or two */
extern const char *const restore_fidelities[RESTORE_FIDELITY_N]; /* half a
								    sentence */

/* A name of tres_table: "gres/gpu", "license/matlab". */
struct restore_tres {
	int64_t id;
	const char *name;
};

/* All zero but incident and job is "nothing else is known". Texts may be NULL
 * where that says so, else they are not. */
struct restore_facts {
	const struct incident *incident;
	const struct job *job;                 /* its row at detection */
	const struct slurmctld_job *slurmctld; /* NULL: no answer */
	bool was_requeued;                     /* its row says so since */
	bool user_gone;        /* no account of that name has that uid */
	bool partition_gone;   /* slurmctld does not know it any more */
	int64_t now_s;         /* slurmctld's clock; 0: not known */
	int64_t min_job_age_s; /* 0: not known, or for ever */

	/* The time limit it had before it was cut, minutes (JOB_INFINITE: no
	 * limit); 0: not known. */
	int64_t first_timelimit_min;
	const char *reservation; /* the name of id_resv; NULL: not known */
	const struct restore_tres *tres;
	size_t n_tres;

	const char *script;      /* path; NULL: none was stored */
	const char *script_text; /* its bytes; NULL: they cannot be read */
	size_t script_len;
	const char *environment_file; /* path of NAME=VALUE, each ended by a
					 NUL; NULL: none was stored */
	const char *environment; /* else: NIL or NONE, for sbatch --export */

	const char *slurm_conf; /* NULL or "": the default one */
	const char *commands;   /* the folder of scontrol and sbatch; NULL:
				   where everybody finds them */
	const char *clusters;   /* the job's cluster, where slurm_conf is of
				   another; NULL: it is not */
};

/* A program to run: never a shell. */
struct restore_step {
	char **argv;       /* NULL at its end */
	char *input;       /* a file for its stdin; NULL: /dev/null */
	char *environment; /* a file for its descriptor 3, which argv names;
			      NULL: none. The user it becomes may not open
			      either: whoever starts it does. */
	const char *user;  /* who may: "operator" (Slurm's) or "root" */
	bool may_fail;     /* its exit status says nothing */
	/* Above 0: it changes nothing, and is run again every second, for so
	 * long at most, until it prints nothing; then comes a pause of
	 * RESTORE_PAUSE_S. Its exit status says nothing. */
	int64_t wait_s;
};

/* A job that starts in the second in which it was killed is killed again
 * (doc/slurm-facts.md). */
#define RESTORE_PAUSE_S 2

/* The descriptor of a step's environment. */
#define RESTORE_ENVIRONMENT_FD 3

struct restore_plan {
	enum restore_way way;
	enum restore_fidelity fidelity;
	const char *why;        /* this way and no better one */
	const char *remedy;     /* RESTORE_BY_HAND: what to do; else NULL */
	struct text_list notes; /* what does not come back, what to look at */
	struct restore_step *steps; /* each only if those before it succeeded */
	size_t n_steps;
	size_t cap_steps;
	/* slurmctld's clock: until then it has the job for certain. 0: not
	 * known, or not requeued. */
	int64_t possible_until_s;
	/* The array's tasks that come back, "1,3-5"; NULL: not of an array. */
	char *tasks;
	/* restore_plan_event(): which of its facts the plan is for. */
	size_t *members;
	size_t n_members;
	size_t cap_members;
};

struct restore_plan restore_plan(const struct restore_facts *facts);
void restore_plan_finish(struct restore_plan *plan);

/* Plans for the incidents of one event: what Slurm takes together, the tasks of
 * an array or the components of a het job, becomes one plan. Every fact is a
 * member of exactly one. *plans has *n, freed with restore_plans_free(). */
void restore_plan_event(const struct restore_facts *facts, size_t n_facts,
			struct restore_plan **plans, size_t *n);
void restore_plans_free(struct restore_plan *plans, size_t n);

/* One line for a POSIX shell that does what the steps do; freed by the caller.
 * NULL: there are none. It has no byte that a terminal would act on. */
char *restore_command(const struct restore_plan *plan);

#endif
