/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small reader of mail, by its standards alone: RFC 5322, 2045 and 2047. */
#ifndef TESTS_FUZZ_MAIL_H
#define TESTS_FUZZ_MAIL_H

#include "tests/fuzz/fuzz.h"

#include <sodium.h>

/* The most bytes of a line, an encoded word, a line of base64. */
#define MAIL_LINE 998
#define MAIL_WORD 75
#define MAIL_BASE64 76

/* The next line, which *at is put behind; freed by the caller. */
static inline char *mail_line(const char **at)
{
	const char *end = strchr(*at, '\n');
	const char *start = *at;
	const char *s;

	must(end != NULL && end - start <= MAIL_LINE);
	for (s = start; s < end; s++)
		must(*s >= ' ' && *s <= '~');
	*at = end + 1;
	return mem_strndup(start, (size_t)(end - start));
}

static inline void mail_add_decoded(struct text *out, const char *base64,
				    size_t len)
{
	unsigned char bytes[MAIL_BASE64];
	size_t got;

	must(sodium_base642bin(bytes, sizeof(bytes), base64, len, NULL, &got,
			       NULL, sodium_base64_VARIANT_ORIGINAL) == 0);
	text_add_bytes(out, (const char *)bytes, got);
}

/* A subject's words as text, each of whole characters; freed by the caller. */
static inline char *mail_subject(const char *subject)
{
	static const char start[] = "=?UTF-8?B?";
	struct text out = {0};
	size_t len;

	if (!strstr(subject, "=?"))
		return mem_strdup(subject);
	for (; *subject; subject += len + (subject[len] == ' ')) {
		autotext struct text word = {0};

		len = strcspn(subject, " ");
		must(strncmp(subject, start, strlen(start)) == 0);
		must(len <= MAIL_WORD && len > strlen(start) + 2);
		must(strncmp(subject + len - 2, "?=", 2) == 0);
		mail_add_decoded(&word, subject + strlen(start),
				 len - strlen(start) - 2);
		must(text_is_utf8(word.s, word.len));
		text_add(&out, word.s);
	}
	return text_take(&out);
}

/* Its lines end as mail has it; freed by the caller, with newlines. */
static inline char *mail_without_cr(const char *s)
{
	struct text out = {0};

	text_add(&out, "");
	for (; *s; s++) {
		must((*s == '\r') == (s[1] == '\n'));
		if (*s != '\r')
			text_add_char(&out, *s);
	}
	return text_take(&out);
}

/* A part behind the line that begins it; freed by the caller. */
static inline char *mail_part(const char **at, const char *type)
{
	autofree char *first = mem_printf("Content-Type: %s; charset=utf-8\n"
					  "Content-Transfer-Encoding: base64\n"
					  "\n",
					  type);
	autotext struct text out = {0};

	must(strncmp(*at, first, strlen(first)) == 0);
	*at += strlen(first);
	text_add(&out, "");
	while (**at != '-') {
		autofree char *line = mail_line(at);

		must(strlen(line) <= MAIL_BASE64);
		mail_add_decoded(&out, line, strlen(line));
	}
	must(strlen(out.s) == out.len && text_is_utf8(out.s, out.len));
	return mail_without_cr(out.s);
}

#endif
