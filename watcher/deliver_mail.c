/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Channels that are mail, by the host's sendmail. */
#include "lib/mem.h"
#include "watcher/deliver.h"

#include <ctype.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Of a subject, before it is encoded. */
#define SUBJECT_MAX 250

/* Of an encoded word, so that it is no longer than a header may have it. */
#define WORD_BYTES 39

/* Of a line of base64: 76 columns. */
#define LINE_BYTES 57

static void add_base64(struct text *mail, const char *bytes, size_t len)
{
	char base64[sodium_base64_ENCODED_LEN(LINE_BYTES,
					      sodium_base64_VARIANT_ORIGINAL)];

	sodium_bin2base64(base64, sizeof(base64), (const unsigned char *)bytes,
			  len, sodium_base64_VARIANT_ORIGINAL);
	text_add(mail, base64);
}

/* --- Headers ------------------------------------------------------------- */

/* The most bytes that are not more than `max` and end with a character. */
static size_t whole_chars(const char *s, size_t max)
{
	size_t len = strlen(s);

	if (len <= max)
		return len;
	while (max && ((unsigned char)s[max] & 0xc0) == 0x80)
		max--;
	return max;
}

static bool is_plain(const char *s)
{
	const char *at;

	for (at = s; *at; at++)
		if (*at < ' ' || *at > '~')
			return false;
	return !strstr(s, "=?");
}

/* A header of text that others may have a part in: nothing in it ends it, or
 * begins another one. Words of RFC 2047 where it is not plain. */
static void add_text_header(struct text *mail, const char *name, const char *s)
{
	autofree char *cut = mem_strndup(s, whole_chars(s, SUBJECT_MAX));
	const char *at = cut;

	text_addf(mail, "%s: ", name);
	if (is_plain(cut)) {
		text_addf(mail, "%s\n", cut);
		return;
	}
	while (*at) {
		size_t len = whole_chars(at, WORD_BYTES);

		text_addf(mail, "%s=?UTF-8?B?", at > cut ? "\n " : "");
		add_base64(mail, at, len);
		text_add(mail, "?=");
		at += len;
	}
	text_add_char(mail, '\n');
}

/* This host, as a message's id has it. */
static void host_name(char host[256])
{
	char *s;

	if (gethostname(host, 255) < 0 || !host[0])
		snprintf(host, 256, "localhost");
	host[255] = '\0';
	for (s = host; *s; s++)
		if (!isalnum((unsigned char)*s) && *s != '.' && *s != '-')
			*s = '-';
}

static void add_addresses(struct text *mail, const struct text_list *to)
{
	size_t i;

	text_add(mail, "To: ");
	for (i = 0; i < to->n; i++)
		text_addf(mail, "%s%s", i ? ",\n " : "", to->items[i]);
	text_add_char(mail, '\n');
}

static void add_date(struct text *mail, int64_t at_s)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed",
					   "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
					     "May", "Jun", "Jul", "Aug",
					     "Sep", "Oct", "Nov", "Dec"};
	time_t at = (time_t)at_s;
	struct tm tm = {0};

	gmtime_r(&at, &tm);
	text_addf(mail, "Date: %s, %d %s %d %02d:%02d:%02d +0000\n",
		  days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
		  tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* By its id a message that is sent twice is known to be one; what follows on
 * another names that. */
static void add_ids(struct text *mail, const struct conf_channel *channel,
		    const struct message *message)
{
	char host[256];

	host_name(host);
	text_addf(mail, "Message-ID: <%s.%s.watcher@%s>\n", message->id,
		  channel->name, host);
	if (!message->thread[0])
		return;
	text_addf(mail, "In-Reply-To: <%s.%s.watcher@%s>\n", message->thread,
		  channel->name, host);
	text_addf(mail, "References: <%s.%s.watcher@%s>\n", message->thread,
		  channel->name, host);
}

static void add_headers(struct text *mail, const struct conf_channel *channel,
			const struct message *message, int64_t at_s)
{
	autofree char *subject = mem_printf("[watcher] %s", message->summary);

	if (channel->from[0])
		text_addf(mail, "From: %s\n", channel->from);
	add_addresses(mail, &channel->to);
	add_text_header(mail, "Subject", subject);
	add_date(mail, at_s);
	add_ids(mail, channel, message);
	text_add(mail, "Auto-Submitted: auto-generated\n");
	text_addf(mail, "X-Watcher-What: %s\n", message->what);
	if (message->event_id)
		text_addf(mail, "X-Watcher-Event: %" PRId64 "\n",
			  message->event_id);
	text_add(mail, "MIME-Version: 1.0\n");
}

/* --- Parts --------------------------------------------------------------- */

/* The lines of a text end as mail has it. */
static char *with_crlf(const char *s)
{
	struct text text = {0};

	for (; *s; s++) {
		if (*s == '\n')
			text_add_char(&text, '\r');
		text_add_char(&text, *s);
	}
	return text_take(&text);
}

static void add_part(struct text *mail, const char *boundary, const char *type,
		     const char *content)
{
	autofree char *lines = with_crlf(content);
	size_t len = strlen(lines);
	size_t at;

	text_addf(mail,
		  "--%s\nContent-Type: %s; charset=utf-8\n"
		  "Content-Transfer-Encoding: base64\n\n",
		  boundary, type);
	for (at = 0; at < len; at += LINE_BYTES) {
		add_base64(mail, lines + at,
			   len - at < LINE_BYTES ? len - at : LINE_BYTES);
		text_add_char(mail, '\n');
	}
}

static void add_element(struct text *page, const char *tag, const char *s)
{
	text_addf(page, "<%s>", tag);
	text_add_html(page, s);
	text_addf(page, "</%s>\n", tag);
}

static char *page_of(const struct message *message)
{
	struct text page = {0};
	size_t i;

	text_add(&page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
			"<meta charset=\"utf-8\"/>\n");
	add_element(&page, "title", message->summary);
	text_add(&page, "</head>\n<body>\n");
	if (message->is_test)
		add_element(&page, "p", "This is a test.");
	add_element(&page, "h2", message->summary);
	if (message->story[0])
		add_element(&page, "p", message->story);
	text_add(&page, message->n_rows ? "<table>\n" : "");
	for (i = 0; i < message->n_rows; i++) {
		text_add(&page, "<tr>");
		add_element(&page, "th", message->rows[i].name);
		add_element(&page, "td", message->rows[i].value);
		text_add(&page, "</tr>\n");
	}
	text_add(&page, message->n_rows ? "</table>\n" : "");
	if (message->more[0])
		add_element(&page, "pre", message->more);
	text_add(&page, "</body>\n</html>\n");
	return text_take(&page);
}

char *deliver_mail_text(const struct conf_channel *channel,
			const struct message *message, int64_t at_s)
{
	autofree char *text = message_text(message);
	autofree char *page = page_of(message);
	autofree char *boundary =
		mem_printf("=_watcher_%08x%08x", randombytes_random(),
			   randombytes_random());
	struct text mail = {0};

	add_headers(&mail, channel, message, at_s);
	text_addf(&mail,
		  "Content-Type: multipart/alternative;\n boundary=\"%s\"\n\n"
		  "This is a message of several parts, in the format of MIME."
		  "\n",
		  boundary);
	add_part(&mail, boundary, "text/plain", text);
	add_part(&mail, boundary, "text/html", page);
	text_addf(&mail, "--%s--\n", boundary);
	return text_take(&mail);
}

int deliver_mail(const struct conf_channel *channel,
		 const struct message *message, int *status, struct err *err)
{
	char ignore_dots[] = "-oi", headers_say[] = "-t";
	char *const argv[] = {channel->sendmail, headers_say, ignore_dots,
			      NULL};
	autofree char *mail = NULL;

	if (sodium_init() < 0)
		abort();
	mail = deliver_mail_text(channel, message, (int64_t)time(NULL));
	return deliver_run(channel, argv, environ, mail, status, err);
}
