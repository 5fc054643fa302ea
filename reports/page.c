/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/page.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"
#include "reports/words.h"

#include <stdarg.h>
#include <stdlib.h>

/* Longer lines are hard to read. */
#define WIDTH_MAX 100

size_t page_width(const struct output *out)
{
	return out->width < WIDTH_MAX ? out->width : WIDTH_MAX;
}

void page_heading(const struct output *out, const char *text)
{
	fputc('\n', out->file);
	output_color(out, COLOR_HEADING);
	fputs(text, out->file);
	output_color(out, COLOR_PLAIN);
	fputc('\n', out->file);
}

void page_line(const struct output *out, const char *label, const char *fmt,
	       ...)
{
	autofree char *value = NULL;
	autofree char *safe = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&value, fmt, ap) < 0)
		abort();
	va_end(ap);
	safe = text_escaped(value);
	fprintf(out->file, "  %-*s %s\n", PAGE_LABEL, label, safe);
}

void page_prose(const struct output *out, const char *label, const char *text)
{
	autofree char *safe = text_escaped(text);

	fprintf(out->file, "  %-*s ", PAGE_LABEL, label);
	words_wrap(out->file, safe, page_width(out), PAGE_LABEL + 3);
}

void page_moment(const struct output *out, const char *label, int64_t time_s,
		 int64_t earlier_s, const char *what)
{
	char when[WHEN_SIZE], after[WHEN_SIZE];

	if (!time_s)
		page_line(out, label, "never");
	else if (earlier_s && time_s >= earlier_s)
		page_line(out, label, "%s  (%s after it %s)",
			  when_local(time_s, when),
			  when_duration(when_between(earlier_s, time_s), after),
			  what);
	else
		page_line(out, label, "%s", when_local(time_s, when));
}
