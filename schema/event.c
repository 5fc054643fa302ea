/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/event.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "schema/story.h"
#include "schema/tasks.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* So many different texts are told before "...". */
#define WORDS_MAX 5

/* More than the fields of an incident. */
#define FIELDS_MAX 64

/* What becomes of a field of several incidents. LEAST and MOST leave 0, which
 * is never, aside. */
enum rule { FIRST, SUM, LEAST, MOST, WORDS, SENTENCES, JOBS, LEFT_OUT };

/* Where that is not FIRST for a number, MOST for a time, WORDS for a text. */
static const struct {
	size_t offset;
	enum rule rule;
} rules[] = {
#define RULE(name, rule)                                                       \
	{                                                                      \
		offsetof(struct incident, name), rule                          \
	}
	RULE(tasks, SUM),
	RULE(cpu_seconds, SUM),
	RULE(gpu_seconds, SUM),
	RULE(elapsed_s, MOST),
	RULE(submitted, LEAST),
	RULE(started, LEAST),
	RULE(ended, LEAST),
	RULE(detected, LEAST),
	RULE(cluster, FIRST),
	RULE(user, FIRST),
	RULE(job_db_inx, FIRST),
	RULE(job_id, JOBS),
	RULE(restored_job_id, JOBS),
	RULE(reason, SENTENCES),
	RULE(causes, SENTENCES),
	RULE(correction_why, SENTENCES),
	RULE(acknowledged_why, SENTENCES),
	RULE(part, LEFT_OUT),
	RULE(script_sha256, LEFT_OUT),
	RULE(job, LEFT_OUT),
	RULE(late, LEFT_OUT),
#undef RULE
};

static enum rule rule_of(const struct incident_field *field)
{
	size_t i;

	for (i = 0; i < LENGTH(rules); i++)
		if (rules[i].offset == field->offset)
			return rules[i].rule;
	if (field->type == INCIDENT_TEXT)
		return WORDS;
	return field->type == INCIDENT_TIME ? MOST : FIRST;
}

/* What else an event has that columns show. */
static const struct incident_field own_fields[] = {
	{"incidents", INCIDENT_INT, offsetof(struct event, incidents), false},
	{"status", INCIDENT_TEXT, offsetof(struct event, status), false},
};

/* Different texts. */
struct words {
	char *items[WORDS_MAX];
	size_t n;
	bool more;
};

/* Job ids, of tasks of one array as a rule. */
struct jobs {
	char *first;
	struct tasks tasks; /* once there are two */
	int64_t others;     /* not of the first one's array or het job */
};

/* The words of story_status(), those first that a mixed event is named by. */
static const struct {
	const char *word;
	enum event_standing standing;
} statuses[] = {
	{"restored", EVENT_RESTORED},
	{incident_again, EVENT_AGAIN},
	{"acknowledged", EVENT_ACKNOWLEDGED},
	{"exempt", EVENT_EXEMPT},
	{"alive", EVENT_NONE},
	{"cleared", EVENT_NONE},
	{"open", EVENT_OPEN},
};
#define OPEN (LENGTH(statuses) - 1)

struct event_fold {
	struct event event;
	enum rule rules[FIELDS_MAX]; /* of incident_fields; so below */
	struct words words[FIELDS_MAX];
	struct jobs jobs[FIELDS_MAX];
	struct words kinds;
	bool unsure; /* whether any is not confirmed */
	int64_t jobs_by_status[LENGTH(statuses)];
};

struct event_fold *event_fold_new(void)
{
	struct event_fold *fold = mem_alloc(1, sizeof(*fold));
	size_t i;

	static_assert(offsetof(struct event, sum) == 0,
		      "event_text() takes fields of either");
	if (incident_n_fields > FIELDS_MAX)
		abort();
	for (i = 0; i < incident_n_fields; i++)
		fold->rules[i] = rule_of(&incident_fields[i]);
	return fold;
}

static void words_add(struct words *words, const char *word)
{
	size_t i;

	if (!word[0])
		return;
	for (i = 0; i < words->n; i++)
		if (strcmp(words->items[i], word) == 0)
			return;
	if (words->n < WORDS_MAX)
		words->items[words->n++] = mem_strdup(word);
	else
		words->more = true;
}

static void words_free(struct words *words)
{
	while (words->n)
		free(words->items[--words->n]);
}

/* "a,b"; NULL: none. Frees them. */
static char *words_join(struct words *words, const char *comma)
{
	struct text text = {0};
	size_t i;

	if (words->n == 1) {
		words->n = 0;
		return words->items[0];
	}
	for (i = 0; i < words->n; i++)
		text_addf(&text, "%s%s", i ? comma : "", words->items[i]);
	if (words->more)
		text_addf(&text, "%s...", comma);
	words_free(words);
	return text.s;
}

/* Length of the "3_" or "17+" in front of what tells jobs of an array or het
 * job apart; 0: it is not of one. */
static size_t prefix(const char *job_id)
{
	size_t digits = strspn(job_id, "0123456789");

	return digits && (job_id[digits] == '_' || job_id[digits] == '+')
		       ? digits + 1
		       : 0;
}

static bool add_tasks(struct jobs *jobs, const char *job_id)
{
	size_t len = prefix(jobs->first);

	return len && strncmp(job_id, jobs->first, len) == 0 &&
	       tasks_parse(&jobs->tasks, job_id + len);
}

static void jobs_add(struct jobs *jobs, const char *job_id)
{
	if (!job_id[0])
		return;
	if (!jobs->first) {
		jobs->first = mem_strdup(job_id);
		return;
	}
	if (strcmp(jobs->first, job_id) == 0)
		return;
	if (!jobs->tasks.top)
		add_tasks(jobs, jobs->first);
	if (!jobs->tasks.top || !add_tasks(jobs, job_id))
		jobs->others++;
}

static void jobs_free(struct jobs *jobs)
{
	free(jobs->first);
	tasks_free(&jobs->tasks);
	*jobs = (struct jobs){0};
}

/* "3_[1-2,4-6]", "5 +2": and two more; NULL: none. Frees them. */
static char *jobs_join(struct jobs *jobs)
{
	struct text text = {0};
	int64_t n = 0;

	if (jobs->tasks.top) {
		autofree char *tasks = tasks_text(&jobs->tasks, &n);

		text_add_bytes(&text, jobs->first, prefix(jobs->first));
		text_addf(&text, n > 1 ? "[%s]" : "%s", tasks);
	} else if (!jobs->others) {
		return jobs->first;
	} else {
		text_add(&text, jobs->first);
	}
	if (jobs->others)
		text_addf(&text, " +%" PRId64, jobs->others);
	jobs_free(jobs);
	return text.s;
}

static int64_t *int_at(struct incident *incident,
		       const struct incident_field *field)
{
	return (int64_t *)(void *)((char *)incident + field->offset);
}

static char **text_at(struct incident *incident,
		      const struct incident_field *field)
{
	return (char **)(void *)((char *)incident + field->offset);
}

/* Whether the value takes the place of what is known so far. */
static bool supersedes(enum rule rule, int64_t value, int64_t known)
{
	if (rule == LEAST)
		return value && (!known || value < known);
	return rule == FIRST || value > known;
}

static void add_number(enum rule rule, int64_t *sum, int64_t value)
{
	if (rule == SUM)
		incident_add(sum, value);
	else if (supersedes(rule, value, *sum))
		*sum = value;
}

static void add_text(struct event_fold *fold, size_t i, const char *text)
{
	char **first = text_at(&fold->event.sum, &incident_fields[i]);

	if (fold->rules[i] == JOBS) {
		jobs_add(&fold->jobs[i], text);
	} else if (fold->rules[i] == FIRST) {
		free(*first);
		*first = mem_strdup(text);
	} else {
		words_add(&fold->words[i], text);
	}
}

static void add_field(struct event_fold *fold, size_t i,
		      const struct incident *incident)
{
	const struct incident_field *field = &incident_fields[i];

	if (field->type == INCIDENT_TEXT)
		add_text(fold, i, incident_text(incident, field));
	else
		add_number(fold->rules[i], int_at(&fold->event.sum, field),
			   incident_int(incident, field));
}

/* Whether it is the first one of those that were added so far. */
static bool is_first(const struct event_fold *fold,
		     const struct incident *incident)
{
	const struct incident *first = &fold->event.sum;

	if (!fold->event.incidents || incident->ended < first->ended)
		return true;
	return incident->ended == first->ended &&
	       incident->incident_id < first->incident_id;
}

static void add_verdict(struct event_fold *fold,
			const struct incident *incident)
{
	words_add(&fold->kinds, incident->kind);
	if (!incident_is_confirmed(incident))
		fold->unsure = true;
	if (!incident_counts(incident))
		fold->event.corrected++;
	else if (!incident_is_confirmed(incident))
		fold->event.suspected++;
}

static void add_status(struct event_fold *fold, const struct incident *incident)
{
	const char *word = story_status(incident);
	size_t i = 0;

	while (i < OPEN && strcmp(statuses[i].word, word) != 0)
		i++;
	incident_add(&fold->jobs_by_status[i], incident->tasks);
}

void event_fold_add(struct event_fold *fold, const struct incident *incident)
{
	struct incident now = *incident;
	bool first = is_first(fold, incident);
	char confidence[16];
	size_t i;

	/* What counts now, not what was recorded. */
	snprintf(confidence, sizeof(confidence), "%s",
		 incident_confidences[incident_confidence_now(incident)]);
	now.confidence = confidence;
	for (i = 0; i < incident_n_fields; i++)
		if (fold->rules[i] != LEFT_OUT &&
		    (fold->rules[i] != FIRST || first))
			add_field(fold, i, &now);
	add_verdict(fold, incident);
	add_status(fold, incident);
	fold->event.incidents++;
}

/* What exempts it with it, in short: "exempt: users = svc-*". */
static char *exempt_status(const char *rule)
{
	static const char start[] = "exempt_";

	if (strncmp(rule, start, strlen(start)) == 0)
		rule += strlen(start);
	return mem_printf("exempt: %s", rule);
}

/* "2 of 5 restored", or where none is open, "2 restored, 3 acknowledged". */
static char *mixed_status(const int64_t jobs[LENGTH(statuses)], int64_t all)
{
	struct text text = {0};
	size_t i = 0;

	while (!jobs[i])
		i++;
	if (jobs[OPEN])
		return mem_printf("%" PRId64 " of %" PRId64 " %s", jobs[i], all,
				  statuses[i].word);
	for (; i < OPEN; i++)
		if (jobs[i])
			text_addf(&text, "%s%" PRId64 " %s",
				  text.len ? ", " : "", jobs[i],
				  statuses[i].word);
	return text_take(&text);
}

static void set_status(struct event_fold *fold)
{
	struct event *event = &fold->event;
	size_t i = 0;

	while (i < OPEN && !fold->jobs_by_status[i])
		i++;
	event->standing = statuses[i].standing;
	if (fold->jobs_by_status[i] != event->sum.tasks) {
		event->standing = EVENT_MIXED;
		event->status =
			mixed_status(fold->jobs_by_status, event->sum.tasks);
	} else if (event->sum.exempt && event->standing == EVENT_EXEMPT) {
		event->status = exempt_status(event->sum.exempt);
	} else {
		event->status = mem_strdup(statuses[i].word);
	}
}

struct event event_fold_end(struct event_fold *fold)
{
	autofree char *kinds = NULL;
	struct event event;
	size_t i;

	for (i = 0; i < incident_n_fields; i++) {
		char **text = text_at(&fold->event.sum, &incident_fields[i]);

		if (fold->rules[i] == WORDS)
			*text = words_join(&fold->words[i], ",");
		else if (fold->rules[i] == SENTENCES)
			*text = words_join(&fold->words[i], "; ");
		else if (fold->rules[i] == JOBS)
			*text = jobs_join(&fold->jobs[i]);
	}
	kinds = words_join(&fold->kinds, ",");
	fold->event.verdict =
		mem_printf("%s%s", kinds ? kinds : "", fold->unsure ? "?" : "");
	set_status(fold);
	event = fold->event;
	free(fold);
	return event;
}

void event_fold_free(struct event_fold *fold)
{
	struct event event;

	if (!fold)
		return;
	event = event_fold_end(fold);
	event_finish(&event);
}

void event_finish(struct event *event)
{
	incident_finish(&event->sum);
	free(event->verdict);
	free(event->status);
	*event = (struct event){0};
}

const struct incident_field *event_field(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH(own_fields); i++)
		if (strcmp(own_fields[i].name, name) == 0)
			return &own_fields[i];
	return incident_field(name);
}

const char *event_text(const struct event *event,
		       const struct incident_field *field)
{
	const char *text;

	memcpy(&text, (const char *)event + field->offset, sizeof(text));
	return text ? text : "";
}

int64_t event_int(const struct event *event, const struct incident_field *field)
{
	const char *at = (const char *)event + field->offset;
	int64_t value;

	if (field->type == INCIDENT_BOOL)
		return *(const bool *)at;
	memcpy(&value, at, sizeof(value));
	return value;
}
