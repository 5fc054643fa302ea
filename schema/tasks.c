/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/tasks.h"

#include "lib/mem.h"
#include "lib/text.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* MaxArraySize's own upper bound (slurm.conf(5)): a larger number in an
 * array_task_str is not a task. */
#define TASK_MAX 4000001

/* Adds the tasks from first to last, if there are such. */
static void add_range(struct tasks *tasks, int64_t first, int64_t last)
{
	size_t old = tasks->cap;

	if (first < 0 || last < first || last > TASK_MAX)
		return;
	tasks->set = mem_grow(tasks->set, &tasks->cap, (size_t)last + 1, 1);
	memset(tasks->set + old, 0, tasks->cap - old);
	memset(tasks->set + first, 1, (size_t)(last - first) + 1);
	if (last >= tasks->top)
		tasks->top = last + 1;
}

void tasks_add(struct tasks *tasks, int64_t task)
{
	add_range(tasks, task, task);
}

bool tasks_has(const struct tasks *tasks, int64_t task)
{
	return task >= 0 && task < tasks->top && tasks->set[task];
}

void tasks_remove(struct tasks *tasks, int64_t task)
{
	if (tasks_has(tasks, task))
		tasks->set[task] = 0;
}

void tasks_join(struct tasks *tasks, const struct tasks *other)
{
	int64_t task;

	for (task = 0; task < other->top; task++)
		if (other->set[task])
			tasks_add(tasks, task);
}

void tasks_subtract(struct tasks *tasks, const struct tasks *other)
{
	int64_t task;

	for (task = 0; task < other->top; task++)
		if (other->set[task])
			tasks_remove(tasks, task);
}

int64_t tasks_count(const struct tasks *tasks)
{
	int64_t task, n = 0;

	for (task = 0; task < tasks->top; task++)
		n += tasks->set[task];
	return n;
}

void tasks_free(struct tasks *tasks)
{
	free(tasks->set);
	*tasks = (struct tasks){0};
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* "74" (behind the 0x): task 0 is the last digit's lowest bit. */
static bool parse_bitmap(const char *hex, size_t len, struct tasks *tasks)
{
	int64_t task = 0;
	size_t i;
	int bit;

	if (!len || len > TASK_MAX / 4 + 1)
		return false;
	for (i = len; i-- > 0; task += 4) {
		int digit = hex_digit(hex[i]);

		if (digit < 0)
			return false;
		for (bit = 0; bit < 4; bit++)
			if (digit & 1 << bit)
				tasks_add(tasks, task + bit);
	}
	return true;
}

static bool parse_number(const char **s, int64_t *value)
{
	char *end;

	if (**s < '0' || **s > '9')
		return false;
	errno = 0;
	*value = strtoll(*s, &end, 10);
	*s = end;
	return !errno && *value <= TASK_MAX;
}

/* "2,4-6,10-20:5", up to `end`. A list that names more tasks than there are
 * names some again and again: it is none of Slurm's, and would take long. */
static bool parse_list(const char *s, const char *end, struct tasks *tasks)
{
	int64_t first, last, step, task;
	int64_t left = TASK_MAX + 1;

	while (s < end) {
		step = 1;
		if (!parse_number(&s, &first))
			return false;
		last = first;
		if (*s == '-' && (s++, !parse_number(&s, &last)))
			return false;
		if (*s == ':' && (s++, !parse_number(&s, &step)))
			return false;
		if (step < 1)
			return false;
		left -= last < first ? 0 : (last - first) / step + 1;
		if (left < 0)
			return false;
		if (step == 1)
			add_range(tasks, first, last);
		for (task = first; step > 1 && task <= last; task += step)
			tasks_add(tasks, task);
		if (s < end && *s++ != ',')
			return false;
	}
	return s == end && tasks->top > 0;
}

bool tasks_parse(struct tasks *tasks, const char *array_task_str)
{
	const char *s = array_task_str;
	size_t len;

	if (*s == '[')
		s++;
	len = strcspn(s, "]%");
	if (len > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		return parse_bitmap(s + 2, len - 2, tasks);
	return parse_list(s, s + len, tasks);
}

char *tasks_text(const struct tasks *tasks, int64_t *n)
{
	struct text out = {0};
	int64_t task, last;

	*n = 0;
	for (task = 0; task < tasks->top; task = last + 1) {
		last = task;
		if (!tasks->set[task])
			continue;
		while (last + 1 < tasks->top && tasks->set[last + 1])
			last++;
		*n += last - task + 1;
		text_addf(&out, "%s%" PRId64, out.len ? "," : "", task);
		if (last > task)
			text_addf(&out, "-%" PRId64, last);
	}
	return text_take(&out);
}
