/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/witness_job.h"

#include <string.h>

/* Slurm's numbers of jobs and tasks have 32 bits. */
#define MOST_DIGITS 10

/* Takes a number as Slurm prints it, without zeros in front; a user may type
 * one otherwise ("014"), and then it is not believed. */
static bool take_number(const char **s, size_t *len, int64_t *number)
{
	size_t n = 0;

	*number = 0;
	while (n < *len && (*s)[n] >= '0' && (*s)[n] <= '9' && n <= MOST_DIGITS)
		*number = *number * 10 + ((*s)[n++] - '0');
	if (n == 0 || n > MOST_DIGITS || (n > 1 && **s == '0'))
		return false;
	*s += n;
	*len -= n;
	return true;
}

static bool take_char(const char **s, size_t *len, char c)
{
	if (!*len || **s != c)
		return false;
	++*s;
	--*len;
	return true;
}

bool witness_job_range(const char **list, size_t *len, int64_t *first,
		       int64_t *last, int64_t *step)
{
	*step = 1;
	if (!take_number(list, len, first))
		return false;
	*last = *first;
	if (take_char(list, len, '-') && !take_number(list, len, last))
		return false;
	if (take_char(list, len, ':') && !take_number(list, len, step))
		return false;
	if (*last < *first || *step < 1)
		return false;
	/* A comma at the end is one too many. */
	return !*len || (take_char(list, len, ',') && *len);
}

static bool is_list(const char *list, size_t len)
{
	int64_t first, last, step;

	while (len)
		if (!witness_job_range(&list, &len, &first, &last, &step))
			return false;
	return true;
}

/* "1", "[1,4-6]", "1,4-6", "*", behind the underscore. */
static bool take_tasks(const char **s, size_t *len, struct witness_job *job)
{
	bool bracket = take_char(s, len, '[');
	const char *end;

	if (!bracket && take_char(s, len, '*')) {
		job->part = WITNESS_REST;
		return true;
	}
	if (!bracket && take_char(s, len, '?')) {
		job->part = WITNESS_SOME;
		return true;
	}
	job->part = WITNESS_TASKS;
	job->tasks = *s;
	end = memchr(*s, bracket ? ']' : '(', *len);
	job->tasks_len = end ? (size_t)(end - *s) : *len;
	*s += job->tasks_len;
	*len -= job->tasks_len;
	if (bracket && !take_char(s, len, ']'))
		return false;
	return job->tasks_len && is_list(job->tasks, job->tasks_len);
}

bool witness_job_parse(const char *text, size_t len, struct witness_job *job)
{
	*job = (struct witness_job){.part = WITNESS_WHOLE};
	if (!take_number(&text, &len, &job->id) || job->id == 0)
		return false;
	if (take_char(&text, &len, '_')) {
		if (!take_tasks(&text, &len, job))
			return false;
	} else if (take_char(&text, &len, '+')) {
		job->part = WITNESS_COMPONENT;
		if (!take_number(&text, &len, &job->offset))
			return false;
	}
	if (take_char(&text, &len, '(') &&
	    (!take_number(&text, &len, &job->own_id) ||
	     !take_char(&text, &len, ')')))
		return false;
	return len == 0;
}

bool witness_job_has_task(const struct witness_job *job, int64_t task)
{
	const char *list = job->tasks;
	size_t len = job->part == WITNESS_TASKS ? job->tasks_len : 0;
	int64_t first, last, step;

	while (len) {
		if (!witness_job_range(&list, &len, &first, &last, &step))
			return false;
		if (task >= first && task <= last && (task - first) % step == 0)
			return true;
	}
	return false;
}

bool witness_job_covers(const struct witness_job *asked,
			const struct witness_job *done)
{
	const char *list = done->tasks;
	size_t len = done->tasks_len;
	int64_t first, last, step;

	if (asked->part == WITNESS_WHOLE)
		return asked->id == done->id ||
		       (done->own_id && asked->id == done->own_id);
	if (asked->id != done->id)
		return false;
	if (asked->part == WITNESS_COMPONENT)
		return done->part == WITNESS_COMPONENT &&
		       done->offset == asked->offset;
	if (done->part == WITNESS_REST)
		return true;
	/* The log speaks of one task at a time. */
	return done->part == WITNESS_TASKS &&
	       witness_job_range(&list, &len, &first, &last, &step) &&
	       first == last && witness_job_has_task(asked, first);
}
