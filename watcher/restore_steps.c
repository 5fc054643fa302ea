/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words, steps and notes that a plan is made of. */
#include "lib/mem.h"
#include "watcher/restore_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Where Slurm's own commands look, so that it need not be named. */
#define DEFAULT_SLURM_CONF "/etc/slurm/slurm.conf"

void restore_argv_add(struct restore_argv *argv, const char *word)
{
	argv->words = mem_grow(argv->words, &argv->cap, argv->n + 2,
			       sizeof(*argv->words));
	argv->words[argv->n++] = mem_strdup(word);
	argv->words[argv->n] = NULL;
}

void restore_argv_addf(struct restore_argv *argv, const char *fmt, ...)
{
	autofree char *word = NULL;
	va_list ap;

	va_start(ap, fmt);
	word = mem_vprintf(fmt, ap);
	va_end(ap);
	restore_argv_add(argv, word);
}

static bool is_set(const char *text)
{
	return text && text[0];
}

/* An sbatch that is to be the user's starts from an empty environment: root's
 * would be the job's, and its SBATCH_* would be options. */
void restore_argv_slurm(struct restore_argv *argv,
			const struct restore_facts *facts, const char *command)
{
	bool is_clean = strcmp(command, "sbatch") == 0;
	bool names_conf = is_set(facts->slurm_conf) &&
			  strcmp(facts->slurm_conf, DEFAULT_SLURM_CONF) != 0;

	if (is_clean || names_conf)
		restore_argv_add(argv, "env");
	if (is_clean)
		restore_argv_add(argv, "-i");
	if (names_conf)
		restore_argv_addf(argv, "SLURM_CONF=%s", facts->slurm_conf);
	if (is_set(facts->commands))
		restore_argv_addf(argv, "%s/%s", facts->commands, command);
	else
		restore_argv_add(argv, command);
	if (is_set(facts->clusters))
		restore_argv_addf(argv, "--clusters=%s", facts->clusters);
}

struct restore_step *restore_add_step(struct restore_plan *plan,
				      struct restore_argv *argv,
				      const char *user)
{
	struct restore_step *step;

	plan->steps = mem_grow(plan->steps, &plan->cap_steps, plan->n_steps + 1,
			       sizeof(*plan->steps));
	step = &plan->steps[plan->n_steps++];
	*step = (struct restore_step){.argv = argv->words, .user = user};
	*argv = (struct restore_argv){0};
	return step;
}

void restore_notef(struct restore_plan *plan, const char *fmt, ...)
{
	autofree char *note = NULL;
	va_list ap;

	va_start(ap, fmt);
	note = mem_vprintf(fmt, ap);
	va_end(ap);
	text_list_add(&plan->notes, note);
}
