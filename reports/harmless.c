/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/harmless.h"

#include "lib/mem.h"
#include "lib/text.h"

#include <string.h>
#include <sys/types.h>

struct harmless {
	FILE *bare;
	struct text held; /* of a line that has not ended: a character may not
			     have, either */
};

/* Writes the first `len` bytes of what is held. */
static int let_go(struct harmless *harmless, size_t len)
{
	autotext struct text shown = {0};

	text_add_harmless(&shown, harmless->held.s, len);
	harmless->held.len -= len;
	memmove(harmless->held.s, harmless->held.s + len,
		harmless->held.len + 1);
	if (shown.len && fwrite(shown.s, shown.len, 1, harmless->bare) != 1)
		return -1;
	return fflush(harmless->bare);
}

static ssize_t harmless_write(void *cookie, const char *bytes, size_t len)
{
	struct harmless *harmless = cookie;
	const char *end = memrchr(bytes, '\n', len);
	size_t held = harmless->held.len;

	text_add_bytes(&harmless->held, bytes, len);
	if (end && let_go(harmless, held + (size_t)(end - bytes) + 1) < 0)
		return 0;
	return (ssize_t)len;
}

static int harmless_close(void *cookie)
{
	struct harmless *harmless = cookie;
	int rc = harmless->held.len ? let_go(harmless, harmless->held.len) : 0;

	text_free(&harmless->held);
	free(harmless);
	return rc;
}

FILE *harmless_open(FILE *bare)
{
	struct harmless *harmless = mem_alloc(1, sizeof(*harmless));
	FILE *file = fopencookie(harmless, "w",
				 (cookie_io_functions_t){
					 .write = harmless_write,
					 .close = harmless_close,
				 });

	if (!file)
		abort();
	harmless->bare = bare;
	return file;
}
