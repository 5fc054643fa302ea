/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/check.h"

#include "lib/mem.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Clocks that differ by more than this make times in reports doubtful. */
#define SKEW_S 5

static void print_escaped(const char *before, char *line)
{
	autofree char *escaped = text_escaped(line);

	printf("%s%s\n", before, escaped);
	free(line);
}

void check_say(struct check *check, enum check_finding finding, const char *fmt,
	       ...)
{
	static const char *const words[] = {
		[CHECK_FINE] = "ok       ",
		[CHECK_NOTE] = "note     ",
		[CHECK_DOUBTFUL] = "warning  ",
		[CHECK_WRONG] = "ERROR    ",
	};
	va_list ap;

	va_start(ap, fmt);
	print_escaped(words[finding], mem_vprintf(fmt, ap));
	va_end(ap);
	check->counts[finding]++;
}

void check_err(struct check *check, enum check_finding finding,
	       const struct err *err)
{
	check_say(check, finding, "%s", err->msg);
	if (err->hint[0])
		check_remedy("%s", err->hint);
}

void check_remedy(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_escaped("         -> ", mem_vprintf(fmt, ap));
	va_end(ap);
}

void check_clocks(struct check *check, const char *a, int64_t a_s,
		  const char *b, int64_t b_s)
{
	int64_t skew_s = a_s - b_s;

	if (llabs(skew_s) <= SKEW_S) {
		check_say(check, CHECK_FINE, "the clocks of %s and %s agree", a,
			  b);
		return;
	}
	check_say(check, CHECK_DOUBTFUL,
		  "the clocks of %s and %s differ by %" PRId64 " s", a, b,
		  (int64_t)llabs(skew_s));
	check_remedy("synchronize them (chrony); times in reports are "
		     "slurmctld's");
}
