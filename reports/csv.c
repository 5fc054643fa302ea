/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/csv.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"

#include <string.h>

static bool is_plain_number(const char *s)
{
	static const char digits[] = "0123456789";
	size_t whole, part;

	s += *s == '+' || *s == '-';
	whole = strspn(s, digits);
	s += whole;
	if (*s != '.')
		return whole && !*s;
	part = strspn(++s, digits);
	return whole && part && !s[part];
}

static bool is_formula(const char *s)
{
	static const char *const wide[] = {
		"\xef\xbc\x9d", /* = */
		"\xef\xbc\x8b", /* + */
		"\xef\xbc\x8d", /* - */
		"\xef\xbc\xa0", /* @ */
	};
	size_t i;

	if (*s && strchr("=+-@\t\r\n", *s))
		return !is_plain_number(s);
	for (i = 0; *s == *wide[0] && i < LENGTH(wide); i++)
		if (strncmp(s, wide[i], strlen(wide[i])) == 0)
			return true;
	return false;
}

/* Whether a spreadsheet would show another text than this: 12 for 0012, a date
 * for 1-2, no more than 15 digits of a number. */
static bool is_misread(const char *s)
{
	static const char digits[] = "0123456789";
	size_t len = strlen(s);

	if (*s == '+')
		return true;
	if (!s[strcspn(s, digits)] || s[strspn(s, "0123456789-.,:/%eE ")])
		return false;
	return s[strspn(s, digits)] || len > 15 || (*s == '0' && len > 1);
}

static bool needs_mark(const struct csv *csv, const char *s)
{
	if (csv->raw)
		return false;
	return is_formula(s) || (csv->spreadsheet && is_misread(s));
}

static void separate(struct csv *csv)
{
	if (csv->in_row)
		putc_unlocked(',', csv->out);
	csv->in_row = true;
}

void csv_text(struct csv *csv, const char *s)
{
	autofree char *utf8 = NULL;
	bool quote = s[strcspn(s, "\",\r\n")];

	if (!text_is_utf8(s, strlen(s))) {
		utf8 = text_replaced(s, csv->raw);
		s = utf8;
	}
	separate(csv);
	if (quote)
		putc_unlocked('"', csv->out);
	if (needs_mark(csv, s))
		putc_unlocked('\'', csv->out);
	for (; quote && *s; s++) {
		if (*s == '"')
			putc_unlocked('"', csv->out);
		putc_unlocked(*s, csv->out);
	}
	fputs_unlocked(s, csv->out);
	if (quote)
		putc_unlocked('"', csv->out);
}

void csv_int(struct csv *csv, int64_t value)
{
	char buf[TEXT_INT_SIZE];

	separate(csv);
	fputs_unlocked(text_int(value, buf), csv->out);
}

void csv_time(struct csv *csv, int64_t time_s)
{
	char buf[WHEN_SIZE];

	separate(csv);
	if (!time_s)
		return;
	when_utc(time_s, buf);
	if (csv->spreadsheet)
		buf[strcspn(buf, "Z")] = '\0';
	fputs_unlocked(buf, csv->out);
}

void csv_end(struct csv *csv)
{
	fputs_unlocked("\r\n", csv->out);
	csv->in_row = false;
}
