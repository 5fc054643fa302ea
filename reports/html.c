/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/html.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"
#include "reports/words.h"
#include "style.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>

/* The style sheet's hash, as a policy names it. */
static char *style_hash(void)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char base64[sodium_base64_ENCODED_LEN(sizeof(hash),
					      sodium_base64_VARIANT_ORIGINAL)];
	crypto_hash_sha256_state state;
	size_t i;

	crypto_hash_sha256_init(&state);
	for (i = 0; i < LENGTH(style_lines); i++)
		crypto_hash_sha256_update(&state,
					  (const unsigned char *)style_lines[i],
					  strlen(style_lines[i]));
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2base64(base64, sizeof(base64), hash, sizeof(hash),
			  sodium_base64_VARIANT_ORIGINAL);
	return mem_strdup(base64);
}

static void add_meta(struct html *html, const char *name, const char *content)
{
	fprintf(html->out, "<meta name=\"%s\" content=\"%s\"/>\n", name,
		content);
}

void html_begin(struct html *html, FILE *out, const char *title)
{
	autofree char *hash = style_hash();
	size_t i;

	*html = (struct html){.out = out};
	fputs("<!DOCTYPE html>\n", out);
	html_open(html, "html", "lang", "en");
	html_open(html, "head");
	fputs("<meta charset=\"utf-8\"/>\n", out);
	fprintf(out,
		"<meta http-equiv=\"Content-Security-Policy\" "
		"content=\"default-src 'none'; style-src 'sha256-%s'; "
		"base-uri 'none'; form-action 'none'\"/>\n",
		hash);
	add_meta(html, "viewport", "width=device-width, initial-scale=1");
	add_meta(html, "color-scheme", "light dark");
	add_meta(html, "generator", "watcher-report " WATCHER_VERSION);
	html_element(html, "title", NULL, title);
	fputs("<style>", out);
	for (i = 0; i < LENGTH(style_lines); i++)
		fputs(style_lines[i], out);
	fputs("</style>\n", out);
	html_close(html);
	html_open(html, "body");
	html_open(html, "main");
}

void html_end(struct html *html)
{
	while (html->depth)
		html_close(html);
}

void html_text(struct html *html, const char *s)
{
	autotext struct text text = {0};

	text_add_html(&text, s);
	if (text.s)
		fputs(text.s, html->out);
}

/* Elements that stand in a line of text. */
static bool is_inline(const char *tag)
{
	static const char *const tags[] = {
		"bdi", "code", "em", "span", "strong",
		"td",  "text", "th", "time",
	};
	size_t i;

	for (i = 0; i < LENGTH(tags); i++)
		if (strcmp(tags[i], tag) == 0)
			return true;
	return false;
}

void html_open_words(struct html *html, const char *const *words)
{
	const char *tag = *words++;

	if (html->depth == HTML_DEPTH)
		abort();
	html->open[html->depth++] = tag;
	fprintf(html->out, "<%s", tag);
	for (; *words; words += 2) {
		fprintf(html->out, " %s=\"", words[0]);
		html_text(html, words[1]);
		putc('"', html->out);
	}
	fputs(is_inline(tag) ? ">" : ">\n", html->out);
}

void html_close(struct html *html)
{
	const char *tag = html->open[--html->depth];

	fprintf(html->out, "</%s>%s", tag, is_inline(tag) ? "" : "\n");
}

void html_element(struct html *html, const char *tag, const char *class,
		  const char *text)
{
	fprintf(html->out, "<%s", tag);
	if (class)
		fprintf(html->out, " class=\"%s\"", class);
	putc('>', html->out);
	html_text(html, text);
	fprintf(html->out, "</%s>%s", tag, is_inline(tag) ? "" : "\n");
}

void html_name(struct html *html, const char *name)
{
	html_element(html, "bdi", NULL, name);
}

void html_time(struct html *html, int64_t time_s)
{
	char when[WHEN_SIZE];
	char *t;

	html_open(html, "time", "datetime", when_local(time_s, when));
	t = strchr(when, 'T');
	if (t)
		*t = ' ';
	html_text(html, when);
	html_close(html);
}

/* --- Tables ------------------------------------------------------------- */

static const char *const classes[] = {
	[HTML_WORD] = "word",   [HTML_NAME] = "name",
	[HTML_PROSE] = "prose", [HTML_NUMBER] = "number",
	[HTML_TIME] = "moment",
};

/* Those with few columns need not be as wide as the page. */
#define NARROW 4

void html_table_begin(struct html *html, const char *caption,
		      const struct html_column *columns, size_t n)
{
	size_t i;

	html->columns = columns;
	html->n_columns = n;
	html->next = 0;
	html_open(html, "div", "class",
		  n <= NARROW ? "scroll narrow" : "scroll", "role", "region",
		  "aria-label", caption, "tabindex", "0");
	html_open(html, "table");
	html_element(html, "caption", NULL, caption);
	html_open(html, "thead");
	html_open(html, "tr");
	for (i = 0; i < n; i++) {
		html_open(html, "th", "scope", "col", "class",
			  classes[columns[i].type]);
		html_text(html, columns[i].heading);
		html_close(html);
	}
	fputc('\n', html->out);
	html_close(html);
	html_close(html);
	html_open(html, "tbody");
}

static void cell_begin(struct html *html, const char *class)
{
	if (html->next) {
		html_open(html, "td", "class", class);
		return;
	}
	html_open(html, "tr");
	html_open(html, "th", "scope", "row", "class", class);
}

static void cell_end(struct html *html)
{
	html_close(html);
	html->next = (html->next + 1) % html->n_columns;
	if (html->next)
		return;
	fputc('\n', html->out);
	html_close(html);
}

/* Nothing is not to be louder than something. */
static bool is_zero(const char *number)
{
	return strspn(number, "0.:-") == strlen(number) ||
	       strcmp(number, "0.00 %") == 0 || strcmp(number, "0.0 %") == 0;
}

void html_cell(struct html *html, const char *text)
{
	enum html_type type = html->columns[html->next].type;

	cell_begin(html, type == HTML_NUMBER && is_zero(text) ? "number zero"
							      : classes[type]);
	if (type == HTML_NAME || type == HTML_PROSE)
		html_name(html, text);
	else
		html_text(html, text);
	cell_end(html);
}

void html_cell_int(struct html *html, int64_t value)
{
	autofree char *digits = mem_printf("%" PRId64, value);
	autofree char *grouped = words_grouped(digits);

	html_cell(html, grouped);
}

void html_cell_time(struct html *html, int64_t time_s)
{
	cell_begin(html, classes[HTML_TIME]);
	html_time(html, time_s);
	cell_end(html);
}

void html_table_end(struct html *html)
{
	int i;

	/* tbody, table, and what it scrolls in */
	for (i = 0; i < 3; i++)
		html_close(html);
}
