/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is there or the program ends: the store is transactional, so
 * abort() loses nothing that was reported. */
#ifndef LIB_MEM_H
#define LIB_MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

/* As malloc's family, but never NULL. mem_grow() gives room for at least
 * `want` elements of `size` bytes, doubling `*cap`. */
void *mem_alloc(size_t n, size_t size) __attribute__((malloc));
void *mem_grow(void *old, size_t *cap, size_t want, size_t size);
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t len);
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *mem_vprintf(const char *fmt, va_list ap)
	__attribute__((format(printf, 1, 0)));

static inline void mem_free_slot(void *slot)
{
	free(*(void **)slot);
}

/* A local that is freed when it goes out of scope. */
#define autofree __attribute__((cleanup(mem_free_slot)))

/* Number of elements of an array whose size is known. */
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
