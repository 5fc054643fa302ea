/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of an array's tasks, as slurmdbd and squeue write them. */
#ifndef SCHEMA_TASKS_H
#define SCHEMA_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is an empty set. */
struct tasks {
	char *set; /* a byte each */
	size_t cap;
	int64_t top; /* one above the highest that ever was in it */
};

/* Adds the tasks of an array_task_str, which is a hexadecimal bitmap ("0x74")
 * or a list ("2,4-6", "1-9:2", with or without brackets and a %limit). False:
 * it is neither; what came before the fault may have been added. */
bool tasks_parse(struct tasks *tasks, const char *array_task_str);

void tasks_add(struct tasks *tasks, int64_t task);
void tasks_remove(struct tasks *tasks, int64_t task);
bool tasks_has(const struct tasks *tasks, int64_t task);

/* Adds what is in `other`; takes out what is. */
void tasks_join(struct tasks *tasks, const struct tasks *other);
void tasks_subtract(struct tasks *tasks, const struct tasks *other);

int64_t tasks_count(const struct tasks *tasks);

/* The set as a list of ranges, "2,4-6", freed by the caller; their number goes
 * to *n. */
char *tasks_text(const struct tasks *tasks, int64_t *n);

void tasks_free(struct tasks *tasks);
#define autotasks __attribute__((cleanup(tasks_free)))

#endif
