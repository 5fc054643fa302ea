/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of the job table from an input: texts "column=value", in any order. */
#ifndef TESTS_FUZZ_ROW_H
#define TESTS_FUZZ_ROW_H

#include "schema/incident.h"
#include "schema/job.h"
#include "tests/fuzz/fuzz.h"

/* The value, if the text is of that name; NULL: it is not. */
static inline const char *row_value(const char *text, const char *name)
{
	size_t len = strlen(name);

	return strncmp(text, name, len) == 0 && text[len] == '='
		       ? text + len + 1
		       : NULL;
}

/* Sets the number where the text is of that name. */
static inline void row_number(const char *text, const char *name,
			      int64_t *number)
{
	const char *value = row_value(text, name);

	if (value)
		*number = strtoll(value, NULL, 10);
}

static inline void row_set(char **slot, const char *text)
{
	free(*slot);
	*slot = text_utf8(text, strlen(text));
}

/* Sets the column that the text names, as the database's reader does. */
static inline bool row_column(struct job *job, const char *text)
{
	size_t i;

	for (i = 0; i < job_n_columns; i++) {
		const struct job_column *column = &job_columns[i];
		const char *value = row_value(text, column->name);
		char *at = (char *)job + column->offset;

		if (!value)
			continue;
		if (column->type == JOB_TEXT)
			row_set((char **)(void *)at, value);
		else if (column->type == JOB_INT)
			*(int64_t *)(void *)at = strtoll(value, NULL, 10);
		else
			*(uint64_t *)(void *)at = strtoull(value, NULL, 10);
		return true;
	}
	return false;
}

#endif
