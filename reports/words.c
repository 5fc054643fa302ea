/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/words.h"

#include "lib/mem.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <wchar.h>

void words_count(struct text *text, int64_t n, const char *noun)
{
	text_addf(text, "%" PRId64 " %s%s", n, noun, n == 1 ? "" : "s");
}

char *words_hours(int64_t seconds)
{
	return mem_printf("%.1f", (double)seconds / 3600);
}

char *words_grouped(const char *digits)
{
	size_t len = strspn(digits, "-0123456789");
	struct text text = {0};

	for (; len; len--) {
		text_add_char(&text, *digits++);
		if (len > 1 && len % 3 == 1 && digits[-1] != '-')
			text_add_char(&text, ',');
	}
	text_add(&text, digits);
	return text_take(&text);
}

int64_t words_hundredths(int64_t part, int64_t whole)
{
	/* A row may hold nonsense. */
	if (part > INT64_MAX / 10000) {
		part /= 10000;
		whole /= 10000;
	}
	return whole ? part * 10000 / whole : 0;
}

char *words_share(int64_t part, int64_t whole)
{
	int64_t share = words_hundredths(part, whole);

	if (!whole)
		return mem_strdup("-");
	return mem_printf("%" PRId64 ".%02" PRId64 " %%", share / 100,
			  share % 100);
}

/* Columns of the first character, whose bytes go to *len. */
static size_t char_width(const char *s, size_t *len)
{
	mbstate_t state = {0};
	wchar_t wc;
	int columns;

	*len = mbrtowc(&wc, s, strnlen(s, MB_LEN_MAX), &state);
	if (*len == (size_t)-1 || *len == (size_t)-2) {
		*len = 1;
		return 1;
	}
	columns = wcwidth(wc);
	return columns > 0 ? (size_t)columns : 0;
}

size_t words_width(const char *s)
{
	size_t width = 0;
	size_t len;

	for (; *s; s += len)
		width += char_width(s, &len);
	return width;
}

char *words_cut(const char *s, size_t width)
{
	static const char sign[] = "\u2026";
	size_t taken = 0;
	size_t at = 0;
	size_t len;

	if (words_width(s) <= width)
		return mem_strdup(s);
	while (s[at]) {
		taken += char_width(s + at, &len);
		if (taken + 1 > width)
			break;
		at += len;
	}
	return mem_printf("%.*s%s", (int)at, s, width ? sign : "");
}

void words_wrap(FILE *out, const char *s, size_t width, size_t indent)
{
	size_t column = indent;

	while (*s) {
		size_t len = strcspn(s, " ");
		autofree char *word = mem_strndup(s, len);
		size_t needs = words_width(word);

		if (column > indent && column + 1 + needs > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		}
		fprintf(out, "%s%s", column > indent ? " " : "", word);
		column += needs + (column > indent ? 1 : 0);
		s += len;
		s += strspn(s, " ");
	}
	fputc('\n', out);
}
