/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of tasks: against bitmaps that are filled without any wit, and against
 * the other reader of such lists, the witness's. */
#include "schema/tasks.h"

#include "schema/job.h"
#include "tests/fuzz/fuzz.h"
#include "watcher/witness_job.h"

#include <inttypes.h>

/* Inputs name tasks below this; what is above is for the parser alone. */
#define TASKS 4096

/* A set as anybody would write it. */
struct naive {
	bool has[TASKS];
	int64_t n;
	int64_t top;
};

static struct naive naive_of(const struct tasks *tasks)
{
	struct naive naive = {0};
	int64_t task;

	for (task = 0; task < TASKS; task++) {
		naive.has[task] = tasks_has(tasks, task);
		naive.n += naive.has[task];
		if (naive.has[task])
			naive.top = task + 1;
	}
	return naive;
}

static void must_be(const struct tasks *tasks, const struct naive *naive)
{
	int64_t task;
	int64_t n = 0;

	for (task = 0; task < TASKS; task++) {
		must(tasks_has(tasks, task) == naive->has[task]);
		n += naive->has[task];
	}
	must(tasks_count(tasks) == n);
}

/* Reads "1,3-5" into a bitmap by the book; false where it is no such list,
 * ascending and without neighbours. */
static bool read_plain(const char *list, bool has[TASKS])
{
	int64_t before = -2;
	int used = 0;
	int64_t first, last, task;

	for (; *list; list += used + (list[used] == ',')) {
		if (sscanf(list, "%" SCNd64 "-%" SCNd64 "%n", &first, &last,
			   &used) != 2) {
			if (sscanf(list, "%" SCNd64 "%n", &first, &used) != 1)
				return false;
			last = first;
		}
		if (first <= before + 1 || last < first || last >= TASKS)
			return false;
		for (task = first; task <= last; task++)
			has[task] = true;
		before = last;
	}
	return true;
}

/* What is printed is a canonical list of just those tasks, and is read back. */
static void check_text(const struct tasks *tasks, const struct naive *naive)
{
	struct naive printed = {0};
	autotasks struct tasks again = {0};
	autofree char *second = NULL;
	int64_t n, m;
	autofree char *first = tasks_text(tasks, &n);

	must(n == naive->n);
	must(read_plain(first, printed.has));
	must(memcmp(printed.has, naive->has, sizeof(naive->has)) == 0);
	must(tasks_parse(&again, first) == (n > 0));
	second = tasks_text(&again, &m);
	must(m == n);
	must_equal(first, second);
}

/* The witness believes such a list, and of the same tasks. */
static void check_witness(const struct naive *naive, const char *list)
{
	autofree char *text = mem_printf("3_[%s]", list);
	struct witness_job job;
	int64_t task;

	if (!naive->n)
		return;
	must(witness_job_parse(text, strlen(text), &job));
	for (task = 0; task < naive->top + 2 && task < TASKS; task++)
		must(witness_job_has_task(&job, task) == naive->has[task]);
}

static void check_algebra(struct tasks *a, const struct tasks *b)
{
	struct naive in_a = naive_of(a);
	const struct naive in_b = naive_of(b);
	autofree int64_t *list = mem_alloc(TASKS, sizeof(*list));
	int64_t task, n = 0;

	tasks_join(a, b);
	for (task = 0; task < TASKS; task++) {
		in_a.has[task] |= in_b.has[task];
		if (in_b.has[task])
			list[n++] = task;
	}
	must_be(a, &in_a);
	tasks_subtract(a, b);
	for (task = 0; task < n; task++) {
		in_a.has[list[task]] = false;
		tasks_remove(a, list[task]);
	}
	must_be(a, &in_a);
	for (task = 0; task < n; task++) {
		in_a.has[list[task]] = true;
		tasks_add(a, list[task]);
	}
	must_be(a, &in_a);
}

/* As the rest of an array is completed. */
static void check_rest(const char *text, const struct naive *naive)
{
	const int64_t one = naive->top - 1;
	struct job job;
	int64_t n;

	job_init(&job);
	job.id_array_job = 3;
	free(job.array_task_str);
	job.array_task_str = mem_strdup(text);
	must(job_count(&job) == naive->n);
	job_remove_tasks(&job, &one, 1);
	free(job_tasks_text(job.array_task_str, &n));
	must(naive->n == 1 || n == naive->n - 1);
	free(job_id_text(&job));
	job_finish(&job);
}

static void check_one(const char *text, const struct tasks *tasks)
{
	const struct naive naive = naive_of(tasks);
	autofree char *list = NULL;
	int64_t n;

	check_text(tasks, &naive);
	list = tasks_text(tasks, &n);
	check_witness(&naive, list);
	if (n)
		check_rest(text, &naive);
}

/* Two sets, each in a text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autoinputs struct fuzz_input input = fuzz_input(data, size);
	autotasks struct tasks a = {0};
	autotasks struct tasks b = {0};
	const char *text = fuzz_text(&input);
	const char *other = fuzz_text(&input);

	if (tasks_parse(&a, text) && a.top <= TASKS)
		check_one(text, &a);
	tasks_parse(&b, other);
	if (a.top <= TASKS && b.top <= TASKS)
		check_algebra(&a, &b);
	return 0;
}
