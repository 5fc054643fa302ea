/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files for tests to read, by bare names: the temporary folder is the current
 * one, so that messages about them are the same in each run. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include "tests/unit.h"

#include <sys/stat.h>

/* The two ends of a checked fixture. */
static inline void scratch_enter(void)
{
	unit_make_dir();
	ck_assert_int_eq(chdir(unit_dir), 0);
}

static inline void scratch_leave(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	unit_remove_dir();
}

static inline void scratch_write_bytes(const char *name, mode_t mode,
				       const void *bytes, size_t len)
{
	FILE *file = fopen(name, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(chmod(name, mode), 0);
}

static inline void scratch_write(const char *name, mode_t mode,
				 const char *text)
{
	scratch_write_bytes(name, mode, text, strlen(text));
}

#endif
