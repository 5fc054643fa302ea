/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text.h"

#include "mem.h"

#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What the bytes 0x80-0x9f mean in cp1252. The five that it leaves open are
 * taken as the C1 control characters, as MariaDB's latin1 does. */
static const uint16_t cp1252_high[32] = {
	0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d, 0x017d, 0x008f,
	0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178,
};

void text_free(struct text *text)
{
	if (!text)
		return;
	free(text->s);
	*text = (struct text){0};
}

void text_add_bytes(struct text *text, const void *bytes, size_t len)
{
	text->s = mem_grow(text->s, &text->cap, text->len + len + 1, 1);
	if (len)
		memcpy(text->s + text->len, bytes, len);
	text->len += len;
	text->s[text->len] = '\0';
}

void text_add(struct text *text, const char *s)
{
	text_add_bytes(text, s, strlen(s));
}

void text_add_char(struct text *text, char c)
{
	text_add_bytes(text, &c, 1);
}

void text_addf(struct text *text, const char *fmt, ...)
{
	autofree char *s = NULL;
	va_list ap;

	va_start(ap, fmt);
	s = mem_vprintf(fmt, ap);
	va_end(ap);
	text_add(text, s);
}

char *text_take(struct text *text)
{
	char *s = text->s ? text->s : mem_strdup("");

	*text = (struct text){0};
	return s;
}

/* Length of the well-formed UTF-8 sequence at `s`, 0 if there is none; its
 * code point goes to `*cp`. */
static size_t decode(const char *bytes, size_t len, uint32_t *cp)
{
	const unsigned char *s = (const unsigned char *)bytes;
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n, i;

	if (!len)
		return 0;
	n = s[0] < 0x80             ? 1
	    : (s[0] & 0xe0) == 0xc0 ? 2
	    : (s[0] & 0xf0) == 0xe0 ? 3
	    : (s[0] & 0xf8) == 0xf0 ? 4
				    : 0;
	if (!n || n > len)
		return 0;
	*cp = n == 1 ? s[0] : s[0] & (0xffU >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (s[i] & 0x3fU);
	}
	if (*cp < least[n] || *cp > 0x10ffff ||
	    (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return n;
}

static void add_code_point(struct text *text, uint32_t cp)
{
	char out[4];
	size_t n = 0;

	if (cp < 0x80) {
		out[n++] = (char)cp;
	} else if (cp < 0x800) {
		out[n++] = (char)(0xc0 | cp >> 6);
		out[n++] = (char)(0x80 | (cp & 0x3f));
	} else {
		out[n++] = (char)(0xe0 | cp >> 12);
		out[n++] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[n++] = (char)(0x80 | (cp & 0x3f));
	}
	text_add_bytes(text, out, n);
}

/* Whether the eight bytes are ASCII, as nearly all are. */
static bool is_ascii8(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return !(word & 0x8080808080808080);
}

bool text_is_utf8(const char *bytes, size_t len)
{
	uint32_t cp;
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = 8;
		if (len - i >= n && is_ascii8(bytes + i))
			continue;
		n = 1;
		if ((unsigned char)bytes[i] < 0x80)
			continue;
		n = decode(bytes + i, len - i, &cp);
		if (!n)
			return false;
	}
	return true;
}

char *text_utf8(const char *bytes, size_t len)
{
	struct text out = {0};
	bool utf8 = text_is_utf8(bytes, len);
	size_t i;

	if (utf8 && !memchr(bytes, '\0', len))
		return mem_strndup(bytes, len);
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (!c)
			add_code_point(&out, 0xfffd);
		else if (utf8 || c < 0x80)
			text_add_char(&out, bytes[i]);
		else if (c < 0xa0)
			add_code_point(&out, cp1252_high[c - 0x80]);
		else
			add_code_point(&out, c);
	}
	return text_take(&out);
}

char *text_replaced(const char *s, bool hex)
{
	struct text out = {0};
	size_t len = strlen(s);
	uint32_t cp;
	size_t i, n;

	for (i = 0; i < len; i += n ? n : 1) {
		n = decode(s + i, len - i, &cp);
		if (n)
			text_add_bytes(&out, s + i, n);
		else if (hex)
			text_addf(&out, "\\x%02x", (unsigned char)s[i]);
		else
			add_code_point(&out, 0xfffd);
	}
	return text_take(&out);
}

const char *text_int(int64_t value, char buf[TEXT_INT_SIZE])
{
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
	size_t at = TEXT_INT_SIZE - 1;

	buf[at] = '\0';
	do {
		buf[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (value < 0)
		buf[--at] = '-';
	return buf + at;
}

/* Whether a terminal would act on the code point rather than show it: control
 * characters, line separators, and the marks that reorder text; or what is none
 * at all, which a page must not have. */
static bool is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) ||
	       (cp >= 0x200b && cp <= 0x200f) ||
	       (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || cp == 0x61c ||
	       (cp >= 0xfdd0 && cp <= 0xfdef) || (cp & 0xfffe) == 0xfffe ||
	       (cp >= 0xe0000 && cp <= 0xe007f);
}

void text_add_escaped(struct text *text, const char *s)
{
	size_t len = strlen(s);
	uint32_t cp;
	size_t i, n;

	for (i = 0; i < len; i += n ? n : 1) {
		n = decode(s + i, len - i, &cp);
		if (!n)
			text_addf(text, "\\x%02x", (unsigned char)s[i]);
		else if (cp == '\n')
			text_add(text, "\\n");
		else if (cp == '\t')
			text_add(text, "\\t");
		else if (is_control(cp) && cp < 0x80)
			text_addf(text, "\\x%02x", cp);
		else if (is_control(cp))
			text_addf(text, "\\u{%x}", cp);
		else
			text_add_bytes(text, s + i, n);
	}
}

char *text_escaped(const char *s)
{
	struct text out = {0};

	text_add_escaped(&out, s);
	return text_take(&out);
}

void text_add_html(struct text *text, const char *s)
{
	char *shown = text_escaped(s);
	const char *at;

	for (at = shown; *at; at++) {
		switch (*at) {
		case '&':
			text_add(text, "&amp;");
			break;
		case '<':
			text_add(text, "&lt;");
			break;
		case '>':
			text_add(text, "&gt;");
			break;
		case '"':
			text_add(text, "&quot;");
			break;
		case '\'':
			text_add(text, "&#39;");
			break;
		default:
			text_add_char(text, *at);
		}
	}
	free(shown);
}

void text_add_harmless(struct text *text, const char *bytes, size_t len)
{
	uint32_t cp;
	size_t i, n;

	for (i = 0; i < len; i += n ? n : 1) {
		bool ends =
			bytes[i] == '\r' && i + 1 < len && bytes[i + 1] == '\n';

		n = decode(bytes + i, len - i, &cp);
		if (!n)
			text_addf(text, "\\x%02x", (unsigned char)bytes[i]);
		else if (!is_control(cp) || cp == '\t' || cp == '\n' || ends)
			text_add_bytes(text, bytes + i, n);
		else if (cp < 0x10000)
			text_addf(text, "\\u%04x", cp);
		else
			text_addf(text, "\\u%04x\\u%04x", 0xd7c0 + (cp >> 10),
				  0xdc00 + (cp & 0x3ff));
	}
}

static bool is_bare(const char *s)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_-+=:,./@%";

	/* zsh looks up a command for a word that begins with `=`. */
	return *s && *s != '=' && strspn(s, safe) == strlen(s);
}

/* Bytes of the character at `s` if a terminal shows it as it is, else 0. */
static size_t shown_span(const char *s)
{
	uint32_t cp;
	size_t n = decode(s, strnlen(s, 4), &cp);

	return n && !is_control(cp) ? n : 0;
}

/* Bytes at `s` up to the first that a terminal shows as it is. */
static size_t hidden_span(const char *s)
{
	uint32_t cp;
	size_t i = 0;

	while (s[i] && !shown_span(s + i)) {
		size_t n = decode(s + i, strnlen(s + i, 4), &cp);

		i += n ? n : 1;
	}
	return i;
}

/* Adds the `n` hidden bytes at `s` as a command substitution. It drops
 * newlines at its end, so the byte after them goes in as well; at the end of
 * the word IFS, whose third character is a newline in every POSIX shell,
 * gives them. Returns the bytes it used. */
static size_t add_hidden(struct text *text, const char *s, size_t n)
{
	size_t newlines = 0;
	size_t i;

	if (s[n - 1] == '\n' && s[n])
		n++;
	while (newlines < n && s[n - newlines - 1] == '\n')
		newlines++;
	if (n > newlines)
		text_add(text, "\"$(printf '");
	for (i = 0; i < n - newlines; i++)
		text_addf(text, "\\%03o", (unsigned char)s[i]);
	if (n > newlines)
		text_add(text, "')\"");
	for (i = 0; i < newlines; i++)
		text_add(text, "\"${IFS#??}\"");
	return n;
}

void text_add_shell_word(struct text *text, const char *s)
{
	size_t hidden, shown;

	if (is_bare(s)) {
		text_add(text, s);
		return;
	}
	text_add_char(text, '\'');
	while (*s) {
		hidden = hidden_span(s);
		if (hidden) {
			text_add_char(text, '\'');
			s += add_hidden(text, s, hidden);
			text_add_char(text, '\'');
		} else if (*s == '\'') {
			text_add(text, "'\\''");
			s++;
		} else {
			shown = shown_span(s);
			text_add_bytes(text, s, shown);
			s += shown;
		}
	}
	text_add_char(text, '\'');
}

bool text_glob(const char *glob, const char *name)
{
	return fnmatch(glob, name, 0) == 0;
}

void text_list_add(struct text_list *list, const char *item)
{
	list->items = mem_grow(list->items, &list->cap, list->n + 1,
			       sizeof(*list->items));
	list->items[list->n++] = mem_strdup(item);
}

void text_list_split(struct text_list *list, const char *csv)
{
	static const char separators[] = ", \t\r\n";
	const char *s = csv;

	while (*(s += strspn(s, separators))) {
		size_t len = strcspn(s, separators);
		autofree char *item = mem_strndup(s, len);

		text_list_add(list, item);
		s += len;
	}
}

void text_list_free(struct text_list *list)
{
	size_t i;

	if (!list)
		return;
	for (i = 0; i < list->n; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct text_list){0};
}

const char *text_list_match(const struct text_list *globs, const char *name)
{
	size_t i;

	for (i = 0; i < globs->n; i++)
		if (text_glob(globs->items[i], name))
			return globs->items[i];
	return NULL;
}
