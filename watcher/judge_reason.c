/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sentence that explains a verdict. */
#include "lib/mem.h"
#include "lib/text.h"
#include "watcher/judge_private.h"

#include <inttypes.h>

/* The figures behind the half sentence. */
static void add_figures(struct text *out, const struct verdict *verdict,
			const struct judge_facts *facts)
{
	const struct memory *memory = facts->memory;

	if (verdict->kind == KIND_MOVED && memory && memory->partition)
		text_addf(out, " (first %s, then %s)", memory->partition,
			  facts->job->partition);
	if (verdict->kind == KIND_LIMIT_CUT) {
		if (judge_promised_min(facts) >= JOB_NO_VAL)
			text_addf(out, " (none before, %" PRId64 " min then)",
				  facts->job->timelimit);
		else
			text_addf(out,
				  " (%" PRId64 " min before, %" PRId64
				  " min then)",
				  judge_promised_min(facts),
				  facts->job->timelimit);
	}
	if (verdict->kind == KIND_SIGNALLED)
		text_addf(out, " (signal %" PRId64 ")", judge_signal(facts));
	if (verdict->by_witness)
		text_add(out, "; slurmctld's log names the owner");
}

char *judge_reason(const struct verdict *verdict,
		   const struct judge_facts *facts, const char *user)
{
	autofree char *id = job_id_text(facts->job);
	const char *phase = incident_phases[verdict->phase];
	struct text out = {0};

	if (verdict->confidence == CONFIDENCE_CONFIRMED)
		text_addf(&out,
			  "%s (uid %" PRId64 ") ended job %s while it was %s: ",
			  user, facts->job->id_user, id, phase);
	else
		text_addf(&out,
			  "job %s of %s (uid %" PRId64 ") was %s when it was "
			  "ended: ",
			  id, user, facts->job->id_user, phase);
	text_add(&out, verdict->why);
	add_figures(&out, verdict, facts);
	text_add_char(&out, '.');
	return text_take(&out);
}
