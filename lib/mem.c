/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void *or_abort(void *p)
{
	if (!p) {
		fputs("out of memory\n", stderr);
		abort();
	}
	return p;
}

void *mem_alloc(size_t n, size_t size)
{
	return or_abort(calloc(n ? n : 1, size ? size : 1));
}

void *mem_grow(void *old, size_t *cap, size_t want, size_t size)
{
	size_t n = *cap ? *cap : 16;

	if (want <= *cap)
		return old;
	while (n < want)
		n *= 2;
	if (n > SIZE_MAX / size)
		return or_abort(NULL);
	*cap = n;
	return or_abort(realloc(old, n * size));
}

char *mem_strdup(const char *s)
{
	return or_abort(strdup(s));
}

char *mem_strndup(const char *s, size_t len)
{
	char *copy = mem_alloc(len + 1, 1);

	memcpy(copy, s, len);
	return copy;
}

char *mem_vprintf(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		abort();
	return s;
}

char *mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = mem_vprintf(fmt, ap);
	va_end(ap);
	return s;
}
