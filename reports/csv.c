/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/csv.h"

#include "lib/mem.h"
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

static void separate(struct csv *csv)
{
	if (csv->in_row)
		putc_unlocked(',', csv->out);
	csv->in_row = true;
}

void csv_text(struct csv *csv, const char *s)
{
	bool defuse = !csv->raw && is_formula(s);
	bool quote = s[strcspn(s, "\",\r\n")];

	separate(csv);
	if (quote)
		putc_unlocked('"', csv->out);
	if (defuse)
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
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char digits[24];
	char *at = digits + sizeof(digits);

	*--at = '\0';
	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (value < 0)
		*--at = '-';
	separate(csv);
	fputs_unlocked(at, csv->out);
}

void csv_time(struct csv *csv, int64_t time_s)
{
	char buf[WHEN_SIZE];

	separate(csv);
	if (time_s)
		fputs_unlocked(when_utc(time_s, buf), csv->out);
}

void csv_end(struct csv *csv)
{
	fputs_unlocked("\r\n", csv->out);
	csv->in_row = false;
}
