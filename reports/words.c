/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/words.h"

#include "lib/mem.h"
#include "lib/when.h"

#include <inttypes.h>
#include <string.h>
#include <wchar.h>

void words_count(struct text *text, int64_t n, const char *noun)
{
	text_addf(text, "%" PRId64 " %s%s", n, noun, n == 1 ? "" : "s");
}

char *words_hours(int64_t seconds)
{
	return mem_printf("%.1f", (double)seconds / 3600);
}

const char *words_status(const struct incident *incident)
{
	if (incident->exempt[0])
		return "exempt";
	if (incident->restored_at)
		return "restored";
	if (incident->acknowledged_at)
		return "acknowledged";
	return "open";
}

/* What the owner did, by the kind of the verdict. */
static const char *deed(const char *kind)
{
	static const char *const deeds[KIND_N] = {
		[KIND_CANCELLED] = "cancelled",
	};
	size_t i;

	for (i = 0; i < KIND_N; i++)
		if (strcmp(kind, incident_kinds[i]) == 0)
			return deeds[i];
	return "ended";
}

static void add_job(struct text *text, const struct incident *incident)
{
	bool pending =
		strcmp(incident->phase, incident_phases[PHASE_PENDING]) == 0;

	if (incident->tasks > 1)
		text_addf(text, "%" PRId64 " %s tasks of array job ",
			  incident->tasks, pending ? "waiting" : "running");
	else
		text_addf(text, "the %s job ", pending ? "waiting" : "running");
	text_add_escaped(text, incident->job_id);
	text_add(text, " (account ");
	text_add_escaped(text, incident->account);
	text_add(text, ") on the protected partition ");
	text_add_escaped(text, incident->partition);
}

static void add_cost(struct text *text, const struct incident *incident)
{
	autofree char *cpu = words_hours(incident->cpu_seconds);
	autofree char *gpu = words_hours(incident->gpu_seconds);
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
	text_addf(text, " after %s of work. That cost %s CPU hours",
		  when_duration(incident->elapsed_s, buf), cpu);
	if (incident->gpu_seconds)
		text_addf(text, " and %s GPU hours", gpu);
	text_add_char(text, '.');
}

static void add_outcome(struct text *text, const struct incident *incident)
{
	const char *what = incident->tasks > 1 ? "They were" : "It was";

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

char *words_story(const struct incident *incident)
{
	struct text text = {0};

	text_add_escaped(&text, incident->user);
	if (strcmp(incident->confidence,
		   incident_confidences[CONFIDENCE_SUSPECTED]) == 0)
		text_add(&text, " seems to have");
	text_addf(&text, " %s ", deed(incident->kind));
	add_job(&text, incident);
	add_cost(&text, incident);
	add_outcome(&text, incident);
	return text_take(&text);
}

size_t words_width(const char *s)
{
	mbstate_t state = {0};
	size_t width = 0;
	wchar_t wc;
	size_t len;
	int columns;

	for (; *s; s += len) {
		len = mbrtowc(&wc, s, strlen(s), &state);
		if (len == (size_t)-1 || len == (size_t)-2) {
			state = (mbstate_t){0};
			len = 1;
			columns = 1;
		} else {
			columns = wcwidth(wc);
		}
		width += columns > 0 ? (size_t)columns : 0;
	}
	return width;
}

void words_wrap(FILE *out, const char *s, size_t width)
{
	size_t column = 0;

	while (*s) {
		size_t len = strcspn(s, " ");
		autofree char *word = mem_strndup(s, len);
		size_t needs = words_width(word);

		if (column && column + 1 + needs > width) {
			fputc('\n', out);
			column = 0;
		}
		fprintf(out, "%s%s", column ? " " : "", word);
		column += needs + (column ? 1 : 0);
		s += len;
		s += strspn(s, " ");
	}
	fputc('\n', out);
}
