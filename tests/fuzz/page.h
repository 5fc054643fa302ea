/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small reader of HTML as reports write it: every element is one of theirs
 * and ends where it should, and nothing but these is markup. */
#ifndef TESTS_FUZZ_PAGE_H
#define TESTS_FUZZ_PAGE_H

#include "tests/fuzz/fuzz.h"

#define PAGE_DEPTH 16
#define PAGE_NAME 16

struct page {
	char open[PAGE_DEPTH][PAGE_NAME];
	size_t depth;
};

static inline bool page_is_known(const char *name)
{
	static const char known[] =
		" html head meta title style body main header section h1 h2 p "
		"dl dt dd div span strong code bdi time table caption thead "
		"tbody tr th td figure figcaption svg desc pattern rect path "
		"line text pre ";
	autofree char *word = mem_printf(" %s ", name);

	return strstr(known, word) != NULL;
}

/* Reads an element's tag behind its <; returns what is behind its >. */
static inline const char *page_tag(struct page *page, const char *at)
{
	const char *end = strchr(at, '>');
	bool closes = *at == '/';
	char name[PAGE_NAME];
	size_t len;

	must(end != NULL && !memchr(at, '<', (size_t)(end - at)));
	at += closes;
	len = strcspn(at, " />");
	must(len > 0 && len < sizeof(name));
	memcpy(name, at, len);
	name[len] = '\0';
	must(page_is_known(name));
	if (closes) {
		must(page->depth > 0);
		must_equal(page->open[--page->depth], name);
	} else if (end[-1] != '/') {
		must(page->depth < PAGE_DEPTH);
		memcpy(page->open[page->depth++], name, sizeof(name));
	}
	return end + 1;
}

static inline bool page_is_reference(const char *at)
{
	static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;",
					    "&#39;"};
	size_t i;

	for (i = 0; i < LENGTH(known); i++)
		if (strncmp(at, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

static inline void page_read(const char *text)
{
	static const char type[] = "<!DOCTYPE html>\n";
	struct page page = {.depth = 0};

	must(strncmp(text, type, strlen(type)) == 0);
	must(text_is_utf8(text, strlen(text)));
	for (text += strlen(type); *text;) {
		must((unsigned char)*text >= ' ' || *text == '\n' ||
		     *text == '\t');
		must(*text != '&' || page_is_reference(text));
		text = *text == '<' ? page_tag(&page, text + 1) : text + 1;
	}
	must(page.depth == 0);
}

#endif
