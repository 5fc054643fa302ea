/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes on their way to a terminal, a page and a JSON reader: nothing is acted
 * on, nothing is lost. */
#include "reports/page.h"
#include "reports/words.h"
#include "schema/json.h"
#include "tests/fuzz/fuzz.h"

#include <locale.h>
#include <wchar.h>
#include <wctype.h>

/* Whether a terminal might act on any character of it, as the C library sees
 * that, newlines in between apart. */
static bool acts(const char *s)
{
	mbstate_t state = {0};
	wchar_t wc;
	size_t len;

	for (; *s; s += len) {
		len = mbrtowc(&wc, s, strlen(s), &state);
		if (len == (size_t)-1 || len == (size_t)-2)
			return true;
		if (wc != '\n' && iswcntrl((wint_t)wc))
			return true;
		/* These it takes for harmless: they turn text around. */
		if ((wc >= 0x202a && wc <= 0x202e) ||
		    (wc >= 0x2066 && wc <= 0x2069))
			return true;
	}
	return false;
}

/* As the database may hold them. */
static void check_utf8(const uint8_t *data, size_t size)
{
	const char *bytes = size ? (const char *)data : "";
	autofree char *utf8 = text_utf8(bytes, size);
	autofree char *again = text_utf8(utf8, strlen(utf8));

	must(text_is_utf8(utf8, strlen(utf8)));
	must(mbstowcs(NULL, utf8, 0) != (size_t)-1);
	must_equal(utf8, again);
	if (text_is_utf8(bytes, size) && !memchr(bytes, '\0', size))
		must(strlen(utf8) == size && memcmp(utf8, bytes, size) == 0);
}

/* What is no UTF-8 is replaced, whatever is around it stays. */
static void check_replaced(const char *text)
{
	autofree char *plain = text_replaced(text, false);
	autofree char *hex = text_replaced(text, true);

	must(text_is_utf8(plain, strlen(plain)));
	must(text_is_utf8(hex, strlen(hex)));
	if (text_is_utf8(text, strlen(text))) {
		must_equal(plain, text);
		must_equal(hex, text);
	}
}

static void check_escaped(const char *text)
{
	autofree char *escaped = text_escaped(text);
	autofree char *again = text_escaped(escaped);

	must(!acts(escaped) && !strchr(escaped, '\n'));
	must_equal(escaped, again);
	must(words_width(escaped) <= strlen(escaped));
	/* What is escaped beyond that is malformed or not to be seen. */
	if (!acts(text) && !strchr(text, '\n') &&
	    text_is_utf8(text, strlen(text)) && strcmp(text, escaped) != 0)
		must(strstr(escaped, "\\u{") != NULL);
}

/* Words, in lines of that width, are the same words. */
static void check_wrapped(const char *text, size_t width)
{
	autofree char *escaped = text_escaped(text);
	autofree char *wrapped = NULL;
	const char *from = escaped;
	const char *to;
	size_t len;
	FILE *out = open_memstream(&wrapped, &len);

	words_wrap(out, escaped, width, 3);
	fclose(out);
	for (to = wrapped; *from || *to;) {
		from += strspn(from, " ");
		to += strspn(to, " \n");
		for (; *from && *from != ' '; from++, to++)
			must(*from == *to);
	}
}

static void check_page(const char *text)
{
	autofree char *page = NULL;
	size_t len;
	FILE *file = open_memstream(&page, &len);
	const struct output out = {.file = file, .width = 40};

	page_line(&out, "label", "%s", text);
	page_prose(&out, "label", text);
	fclose(file);
	must(!acts(page));
}

/* As much of it as there is room for, on one line. */
static void check_cut(const char *text, size_t width)
{
	autofree char *escaped = text_escaped(text);
	autofree char *cut = words_cut(escaped, width);

	must(!acts(cut) && words_width(cut) <= width);
	if (words_width(escaped) <= width)
		must_equal(cut, escaped);
}

/* On a terminal JSON means what it meant. */
static void check_harmless(const char *dumped, const json_t *object)
{
	autotext struct text shown = {0};
	json_t *again;

	text_add_harmless(&shown, dumped, strlen(dumped));
	must(!acts(shown.s));
	again = json_loads(shown.s, 0, NULL);
	must(json_equal(again, object));
	json_decref(again);
}

/* The text in JSON as it is written at once, read back; freed by the caller. */
static char *written(const char *text)
{
	autofree char *bytes = NULL;
	size_t len;
	FILE *out = open_memstream(&bytes, &len);
	json_t *value;
	char *read_back;

	json_write_text(out, text);
	fclose(out);
	value = json_loads(bytes, JSON_DECODE_ANY, NULL);
	must(json_is_string(value));
	read_back = mem_strdup(json_string_value(value));
	json_decref(value);
	return read_back;
}

static void check_json(const char *text)
{
	json_t *object = json_object();
	autofree char *utf8 = text_replaced(text, false);
	autofree char *at_once = written(text);
	autofree char *dumped = NULL;
	json_t *again;

	json_put_text(object, "text", text);
	dumped = json_dumps(object, JSON_COMPACT);
	must(dumped != NULL);
	again = json_loads(dumped, 0, NULL);
	must(again != NULL);
	must_equal(json_string_value(json_object_get(again, "text")), utf8);
	must_equal(at_once, utf8);
	check_harmless(dumped, object);
	json_decref(object);
	json_decref(again);
}

/* A width, and a text to the end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autoinputs struct fuzz_input input = fuzz_input(data, size);
	size_t width = size ? data[0] : 0;
	const char *text = input.bytes + (size > 0);

	setlocale(LC_ALL, "C.UTF-8");
	check_utf8(data, size);
	check_replaced(text);
	check_escaped(text);
	check_wrapped(text, width);
	check_cut(text, width);
	check_page(text);
	check_json(text);
	return 0;
}
