/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small readers of CSV and of shell words, by their standards alone: what the
 * writers write is held against them. */
#ifndef TESTS_FUZZ_QUOTING_H
#define TESTS_FUZZ_QUOTING_H

#include "tests/fuzz/fuzz.h"

/* --- CSV: RFC 4180 ------------------------------------------------------- */

struct quoting_csv {
	const char *at;
	const char *end;
	bool row_ended; /* behind the last cell that was read */
};

/* Reads what ends a cell. */
static inline void quoting_csv_end(struct quoting_csv *csv)
{
	csv->row_ended = *csv->at != ',';
	if (csv->row_ended)
		must(csv->end - csv->at >= 2 &&
		     memcmp(csv->at, "\r\n", 2) == 0);
	csv->at += csv->row_ended ? 2 : 1;
}

/* The next cell, freed by the caller. */
static inline char *quoting_csv_cell(struct quoting_csv *csv)
{
	struct text cell = {0};
	bool quoted;

	must(csv->at < csv->end);
	quoted = *csv->at == '"';
	for (csv->at += quoted; csv->at < csv->end; csv->at++) {
		if (quoted && *csv->at == '"') {
			if (csv->at[1] != '"')
				break;
			csv->at++;
		} else if (!quoted && strchr(",\r", *csv->at)) {
			break;
		} else {
			must(quoted || !strchr("\"\n", *csv->at));
		}
		text_add_char(&cell, *csv->at);
	}
	must(csv->at < csv->end);
	csv->at += quoted;
	quoting_csv_end(csv);
	return text_take(&cell);
}

/* --- Shell: POSIX.1-2017, XCU 2.2 to 2.6 ---------------------------------- */

/* Reads 'text'. */
static inline void quoting_single(const char **at, struct text *word)
{
	for (++*at; **at != '\''; ++*at) {
		must(**at != '\0');
		text_add_char(word, **at);
	}
	++*at;
}

/* Reads $(printf '\ooo...'), the only command there may be. What it prints
 * loses its newlines at the end. */
static inline void quoting_command(const char **at, struct text *word)
{
	static const char begin[] = "$(printf '";
	autotext struct text printed = {0};
	int i, byte;

	must(strncmp(*at, begin, strlen(begin)) == 0);
	for (*at += strlen(begin); **at == '\\'; *at += 4) {
		byte = 0;
		for (i = 1; i < 4; i++) {
			must((*at)[i] >= '0' && (*at)[i] <= '7');
			byte = 8 * byte + (*at)[i] - '0';
		}
		must(byte > 0 && byte < 256);
		text_add_char(&printed, (char)byte);
	}
	must(strncmp(*at, "')", 2) == 0);
	*at += 2;
	while (printed.len && printed.s[printed.len - 1] == '\n')
		printed.s[--printed.len] = '\0';
	text_add(word, printed.len ? printed.s : "");
}

/* Reads "...": an expansion, or text in which \ keeps its meaning but before
 * few characters. */
static inline void quoting_double(const char **at, struct text *word)
{
	static const char newline[] = "${IFS#??}"; /* of blank, tab, newline */

	for (++*at; **at != '"';) {
		must(**at != '\0' && **at != '`');
		if (strncmp(*at, newline, strlen(newline)) == 0) {
			text_add_char(word, '\n');
			*at += strlen(newline);
		} else if (**at == '$') {
			quoting_command(at, word);
		} else {
			*at += **at == '\\' && strchr("$`\"\\", (*at)[1]);
			text_add_char(word, *(*at)++);
		}
	}
	++*at;
}

/* The word at *at, up to the blank, the semicolon or the end behind it; freed
 * by the caller. */
static inline char *quoting_shell_word(const char **at)
{
	const char *begin = *at;
	struct text word = {0};

	while (**at && !strchr(" \t\n;", **at)) {
		if (**at == '\'') {
			quoting_single(at, &word);
		} else if (**at == '"') {
			quoting_double(at, &word);
		} else {
			/* Nothing bare that a shell would not take as it is. */
			must(!strchr("|&;<>()$`*?[]{}!^#~", **at) ||
			     (**at == '#' && *at > begin));
			*at += **at == '\\';
			must(**at != '\0' && **at != '\n');
			text_add_char(&word, *(*at)++);
		}
	}
	must(*at > begin);
	return text_take(&word);
}

#endif
