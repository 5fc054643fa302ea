/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/json.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"

#include <string.h>

void json_put(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, value) < 0)
		abort();
}

void json_put_text(json_t *object, const char *name, const char *s)
{
	autofree char *utf8 = text_replaced(s, false);

	json_put(object, name, json_string_nocheck(utf8));
}

void json_put_int(json_t *object, const char *name, int64_t value)
{
	json_put(object, name, json_integer(value));
}

void json_put_time(json_t *object, const char *name, int64_t time_s)
{
	char buf[WHEN_SIZE];

	json_put(object, name,
		 time_s ? json_string(when_utc(time_s, buf)) : json_null());
}

static void write_escape(FILE *out, char c)
{
	static const char named[] = "\"\\\b\f\n\r\t";
	static const char names[] = "\"\\bfnrt";
	const char *found = strchr(named, c);

	if (found)
		fprintf(out, "\\%c", names[found - named]);
	else
		fprintf(out, "\\u%04X", (unsigned char)c);
}

/* How many bytes stand for themselves. */
static size_t plain_span(const char *s)
{
	size_t n = 0;

	while ((unsigned char)s[n] >= ' ' && s[n] != '"' && s[n] != '\\')
		n++;
	return n;
}

void json_write_text(FILE *out, const char *s)
{
	autofree char *utf8 = NULL;
	size_t n;

	if (!text_is_utf8(s, strlen(s))) {
		utf8 = text_replaced(s, false);
		s = utf8;
	}
	putc_unlocked('"', out);
	for (;; s++) {
		n = plain_span(s);
		fwrite_unlocked(s, 1, n, out);
		s += n;
		if (!*s)
			break;
		write_escape(out, *s);
	}
	putc_unlocked('"', out);
}

void json_write_int(FILE *out, int64_t value)
{
	char buf[TEXT_INT_SIZE];

	fputs_unlocked(text_int(value, buf), out);
}

void json_write_time(FILE *out, int64_t time_s)
{
	char buf[WHEN_SIZE];

	if (!time_s) {
		fputs_unlocked("null", out);
		return;
	}
	putc_unlocked('"', out);
	fputs_unlocked(when_utc(time_s, buf), out);
	putc_unlocked('"', out);
}
