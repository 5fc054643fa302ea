/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes that users typed, made safe for each place they are shown in. */
#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A string that grows. All zero is an empty one; text_free() takes NULL and
 * leaves it empty. `s` is NUL-terminated, or NULL while nothing was added. */
struct text {
	char *s;
	size_t len;
	size_t cap;
};

void text_free(struct text *text);
void text_add(struct text *text, const char *s);
void text_add_bytes(struct text *text, const void *bytes, size_t len);
void text_add_char(struct text *text, char c);
void text_addf(struct text *text, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The string, to be freed by the caller; never NULL. Leaves `text` empty. */
char *text_take(struct text *text);

/* A local text that frees itself. */
#define autotext __attribute__((cleanup(text_free)))

/* Bytes as a Slurm database stores them, as UTF-8, to be freed by the caller:
 * valid UTF-8 stays as it is, anything else is read as cp1252, which is what
 * MariaDB calls latin1. NUL bytes become U+FFFD. */
char *text_utf8(const char *bytes, size_t len);

/* Whether the bytes are well-formed UTF-8 without overlong forms. */
bool text_is_utf8(const char *bytes, size_t len);

/* `s` as UTF-8, to be freed by the caller: a byte that is no part of it becomes
 * U+FFFD, or, with `hex`, four characters such as \xe9. */
char *text_replaced(const char *s, bool hex);

/* The number in decimal, somewhere in buf: printf() is slow where millions are
 * written. */
#define TEXT_INT_SIZE 24
const char *text_int(int64_t value, char buf[TEXT_INT_SIZE]);

/* Adds `s` for a terminal or a log: control characters (C0, DEL, C1, and the
 * ones that change the direction of text) and malformed bytes as \n, \t,
 * \x1b, \u{202e}; a backslash as itself. */
void text_add_escaped(struct text *text, const char *s);
char *text_escaped(const char *s);

/* Adds `s` as HTML: escaped as for a terminal, and what is markup there, too.
 */
void text_add_html(struct text *text, const char *s);

/* Adds `len` bytes of a file for programs, CSV or JSON, for a terminal: as they
 * are, but each control character as JSON writes it, \u001b, so that JSON means
 * what it meant. Tabs and the ends of lines, \n and \r\n, stay; malformed
 * bytes are \xff. */
void text_add_harmless(struct text *text, const char *bytes, size_t len);

/* Adds `s` as one word of a POSIX shell, on one line and without a byte that a
 * terminal would act on: bare where that is safe, 'quoted' otherwise, hidden
 * bytes as "$(printf '\ooo')". dash and bash read back the bytes of `s`. */
void text_add_shell_word(struct text *text, const char *s);

/* Whether `name` matches the shell glob (fnmatch without flags). */
bool text_glob(const char *glob, const char *name);

/* A list "a, b,c" split at commas and white space. n items, freed with
 * text_list_free(). */
struct text_list {
	char **items;
	size_t n;
	size_t cap;
};

void text_list_add(struct text_list *list, const char *item);
void text_list_split(struct text_list *list, const char *csv);
void text_list_free(struct text_list *list);

/* The first item of the list (each a glob) that matches name; NULL if none. */
const char *text_list_match(const struct text_list *globs, const char *name);

#endif
