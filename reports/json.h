/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON by jansson, with the types that reports need. */
#ifndef REPORTS_JSON_H
#define REPORTS_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Each adds a member to an object; they cannot fail. Text that is not UTF-8
 * is read as text_utf8() reads it. */
void json_put_text(json_t *object, const char *name, const char *s);
void json_put_int(json_t *object, const char *name, int64_t value);
/* ISO 8601 in UTC; null for 0. */
void json_put_time(json_t *object, const char *name, int64_t time_s);
/* Takes over `value`. */
void json_put(json_t *object, const char *name, json_t *value);

/* An array written one object a line, with one object at a time in memory. */
struct json_stream {
	FILE *out; /* whose errors the caller looks at */
	bool begun;
};

/* Writes the object and frees it. */
void json_stream_add(struct json_stream *stream, json_t *object);
void json_stream_end(struct json_stream *stream);

#endif
