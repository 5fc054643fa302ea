/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan's steps as one line for a POSIX shell. */
#include "lib/mem.h"
#include "lib/text.h"
#include "watcher/restore.h"

#include <inttypes.h>

static void add_words(struct text *out, char *const *argv)
{
	for (; *argv; argv++) {
		text_add_shell_word(out, *argv);
		if (argv[1])
			text_add_char(out, ' ');
	}
}

static void add_file(struct text *out, const char *redirection,
		     const char *path)
{
	if (!path)
		return;
	text_add(out, redirection);
	text_add_shell_word(out, path);
}

static void add_step(struct text *out, const struct restore_step *step)
{
	autofree char *descriptor = mem_printf(" %d< ", RESTORE_ENVIRONMENT_FD);

	add_words(out, step->argv);
	add_file(out, " < ", step->input);
	add_file(out, descriptor, step->environment);
}

static void add_wait(struct text *out, const struct restore_step *step)
{
	text_add(out, "n=0; while ");
	add_step(out, step);
	text_addf(out,
		  " | grep -q . && [ \"$n\" -lt %" PRId64
		  " ]; do n=$((n + 1)); sleep 1; done; sleep %d; ",
		  step->wait_s, RESTORE_PAUSE_S);
}

char *restore_command(const struct restore_plan *plan)
{
	bool is_first = true; /* nothing so far could fail the others */
	struct text out = {0};
	size_t i;

	for (i = 0; i < plan->n_steps; i++) {
		const struct restore_step *step = &plan->steps[i];
		bool is_last = i + 1 == plan->n_steps;

		if (step->wait_s > 0) {
			add_wait(&out, step);
		} else if (!step->may_fail || is_last) {
			add_step(&out, step);
			text_add(&out, is_last ? "" : " && ");
			is_first = false;
		} else if (is_first) {
			add_step(&out, step);
			text_add(&out, "; ");
		} else {
			text_add(&out, "{ ");
			add_step(&out, step);
			text_add(&out, " || :; } && ");
		}
	}
	return plan->n_steps ? text_take(&out) : NULL;
}
