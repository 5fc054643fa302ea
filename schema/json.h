/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON by jansson, with the types that incidents have. */
#ifndef SCHEMA_JSON_H
#define SCHEMA_JSON_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* Each adds a member to an object; they cannot fail. Bytes that are not UTF-8
 * become U+FFFD. */
void json_put_text(json_t *object, const char *name, const char *s);
void json_put_int(json_t *object, const char *name, int64_t value);
/* ISO 8601 in UTC; null for 0. */
void json_put_time(json_t *object, const char *name, int64_t time_s);
/* Takes over `value`. */
void json_put(json_t *object, const char *name, json_t *value);

/* Each writes a value at once, as jansson would: to make objects of millions of
 * them takes several times as long. The caller looks at out's errors. */
void json_write_text(FILE *out, const char *s);
void json_write_int(FILE *out, int64_t value);
void json_write_time(FILE *out, int64_t time_s);

#endif
