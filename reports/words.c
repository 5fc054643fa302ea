/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/words.h"

#include "lib/mem.h"
#include "lib/when.h"

#include <inttypes.h>
#include <limits.h>
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

char *words_grouped(const char *digits)
{
	size_t len = strspn(digits, "-0123456789");
	struct text text = {0};

	for (; len; len--) {
		text_add_char(&text, *digits++);
		if (len > 1 && len % 3 == 1 && digits[-1] != '-')
			text_add_char(&text, ',');
	}
	text_add(&text, digits);
	return text_take(&text);
}

int64_t words_hundredths(int64_t part, int64_t whole)
{
	/* A row may hold nonsense. */
	if (part > INT64_MAX / 10000) {
		part /= 10000;
		whole /= 10000;
	}
	return whole ? part * 10000 / whole : 0;
}

char *words_share(int64_t part, int64_t whole)
{
	int64_t share = words_hundredths(part, whole);

	if (!whole)
		return mem_strdup("-");
	return mem_printf("%" PRId64 ".%02" PRId64 " %%", share / 100,
			  share % 100);
}

const char *words_status(const struct incident *incident)
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
	text_addf(text, " after %s of work.",
		  when_duration(incident->elapsed_s, buf));
	if (!incident_counts(incident))
		return;
	text_addf(text, " That cost %s CPU hours", cpu);
	if (incident->gpu_seconds)
		text_addf(text, " and %s GPU hours", gpu);
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
char *words_story(const struct incident *incident)
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

/* Columns of the first character, whose bytes go to *len. */
static size_t char_width(const char *s, size_t *len)
{
	mbstate_t state = {0};
	wchar_t wc;
	int columns;

	*len = mbrtowc(&wc, s, strnlen(s, MB_LEN_MAX), &state);
	if (*len == (size_t)-1 || *len == (size_t)-2) {
		*len = 1;
		return 1;
	}
	columns = wcwidth(wc);
	return columns > 0 ? (size_t)columns : 0;
}

size_t words_width(const char *s)
{
	size_t width = 0;
	size_t len;

	for (; *s; s += len)
		width += char_width(s, &len);
	return width;
}

char *words_cut(const char *s, size_t width)
{
	static const char sign[] = "\u2026";
	size_t taken = 0;
	size_t at = 0;
	size_t len;

	if (words_width(s) <= width)
		return mem_strdup(s);
	while (s[at]) {
		taken += char_width(s + at, &len);
		if (taken + 1 > width)
			break;
		at += len;
	}
	return mem_printf("%.*s%s", (int)at, s, width ? sign : "");
}

void words_wrap(FILE *out, const char *s, size_t width, size_t indent)
{
	size_t column = indent;

	while (*s) {
		size_t len = strcspn(s, " ");
		autofree char *word = mem_strndup(s, len);
		size_t needs = words_width(word);

		if (column > indent && column + 1 + needs > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		}
		fprintf(out, "%s%s", column > indent ? " " : "", word);
		column += needs + (column > indent ? 1 : 0);
		s += len;
		s += strspn(s, " ");
	}
	fputc('\n', out);
}
