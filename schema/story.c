/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/story.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"

#include <inttypes.h>
#include <string.h>

const char *story_status(const struct incident *incident)
{
	if (!incident_counts(incident))
		return incident->correction;
	if (incident->exempt[0])
		return "exempt";
	if (incident_is_again(incident))
		return incident_again;
	if (incident->restored_at)
		return "restored";
	if (incident->acknowledged_at)
		return "acknowledged";
	return "open";
}

static const char *phase_word(const struct incident *incident)
{
	static const char *const words[PHASE_N + 1] = {
		[PHASE_PENDING] = "waiting",
		[PHASE_RUNNING] = "running",
		[PHASE_SUSPENDED] = "suspended",
		[PHASE_N] = "former",
	};

	return words[incident_word(incident_phases, PHASE_N, incident->phase)];
}

/* "the running job 3 of alice (account acc) on the protected partition
 * critical"; article and owner only if they are not empty. */
static void add_job(struct text *text, const struct incident *incident,
		    const char *article, const char *owner)
{
	if (incident->tasks > 1)
		text_addf(text, "%" PRId64 " %s tasks of array job ",
			  incident->tasks, phase_word(incident));
	else
		text_addf(text, "%s %s job ", article, phase_word(incident));
	text_add_escaped(text, incident->job_id);
	if (owner[0]) {
		text_add(text, " of ");
		text_add_escaped(text, owner);
	}
	text_add(text, " (account ");
	text_add_escaped(text, incident->account);
	text_add(text, ") on the protected partition ");
	text_add_escaped(text, incident->partition);
}

static void add_cost(struct text *text, const struct incident *incident)
{
	char buf[WHEN_SIZE];

	if (!incident->started) {
		text_addf(text, " before %s began to run.",
			  incident->tasks > 1 ? "they" : "it");
		return;
	}
	if (!incident->elapsed_s) {
		text_add(text, " in the second in which it began to run.");
		return;
	}
	text_addf(text, " after %s of work.",
		  when_duration(incident->elapsed_s, buf));
	if (!incident_counts(incident))
		return;
	text_addf(text, " That cost %.1f CPU hours",
		  (double)incident->cpu_seconds / 3600);
	if (incident->gpu_seconds)
		text_addf(text, " and %.1f GPU hours",
			  (double)incident->gpu_seconds / 3600);
	text_add_char(text, '.');
}

/* How sure it is that it was the owner, where that is not plain. */
static void add_doubt(struct text *text, const struct incident *incident)
{
	switch (incident_word(incident_corrections, CORRECTION_N,
			      incident->correction)) {
	case CORRECTION_CONFIRMED:
		text_add(text, " At first that was only suspected.");
		return;
	case CORRECTION_CLEARED:
		text_add(text, " It turned out not to have been ");
		text_add_escaped(text, incident->user);
		text_add(text, ", and counts as no incident.");
		return;
	case CORRECTION_ALIVE:
		text_add(text, " But the job did not end, and this counts as "
			       "no incident.");
		return;
	}
	if (incident_is_confirmed(incident))
		return;
	text_add(text, " That it was ");
	text_add_escaped(text, incident->user);
	text_add(text, " is suspected, not proven.");
}

static void add_outcome(struct text *text, const struct incident *incident)
{
	const char *what = incident->tasks > 1 ? "They were" : "It was";

	if (!incident_counts(incident) && !incident->restored_at)
		return;
	if (incident->exempt[0])
		text_add(text, " By the site's rules this is no incident.");
	if (!incident->restored_at) {
		text_add(text, " No restoration is recorded");
	} else {
		text_addf(text, " %s brought back as job ", what);
		text_add_escaped(text, incident->restored_job_id);
	}
	if (incident->acknowledged_at)
		text_add(text, "; the incident is acknowledged");
	text_add_char(text, '.');
}

/* Whether the deed as such does not say that the job ended. */
static bool is_indirect(const struct incident *incident)
{
	size_t kind = incident_word(incident_kinds, KIND_N, incident->kind);

	return kind == KIND_STEP_CANCELLED || kind == KIND_LIMIT_CUT;
}

/* Who did it is the subject where it is known, else what happened. */
char *story_text(const struct incident *incident)
{
	struct text text = {0};

	if (incident_is_confirmed(incident)) {
		text_add_escaped(&text, incident->user);
		text_addf(&text, " %s ", incident_deed(incident));
		add_job(&text, incident, "the", "");
		if (is_indirect(incident))
			text_add(&text, ", and it ended");
	} else {
		add_job(&text, incident, "The", incident->user);
		text_addf(&text, " %s %s", incident->tasks > 1 ? "were" : "was",
			  incident_effect(incident));
	}
	add_cost(&text, incident);
	add_doubt(&text, incident);
	add_outcome(&text, incident);
	return text_take(&text);
}

/* Who did it comes first where that is known, else what happened. */
/* Of an event that has several, "running or pending". */
static char *phase_of(const struct incident *incident)
{
	const char *rest = incident->phase;
	struct text text = {0};
	size_t len = strcspn(rest, ",");

	text_addf(&text, "%.*s", (int)len, rest);
	while (rest[len]) {
		rest += len + 1;
		len = strcspn(rest, ",");
		text_addf(&text, " or %.*s", (int)len, rest);
	}
	return text_take(&text);
}

char *story_line(const struct incident *incident)
{
	autofree char *phase = phase_of(incident);

	if (incident_is_confirmed(incident))
		return mem_printf("%s %s job %s on %s while it was %s",
				  incident->user, incident_deed(incident),
				  incident->job_id, incident->partition, phase);
	return mem_printf("%s job %s of %s on %s was %s", phase,
			  incident->job_id, incident->user, incident->partition,
			  incident_effect(incident));
}
