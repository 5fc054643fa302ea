/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/json.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"

#include <string.h>

void json_put(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, value) < 0)
		abort();
}

void json_put_text(json_t *object, const char *name, const char *s)
{
	autofree char *utf8 = text_utf8(s, strlen(s));

	json_put(object, name, json_string(utf8));
}

void json_put_int(json_t *object, const char *name, int64_t value)
{
	json_put(object, name, json_integer(value));
}

void json_put_time(json_t *object, const char *name, int64_t time_s)
{
	char buf[WHEN_SIZE];

	json_put(object, name,
		 time_s ? json_string(when_utc(time_s, buf)) : json_null());
}

void json_stream_add(struct json_stream *stream, json_t *object)
{
	fputs(stream->begun ? ",\n" : "[\n", stream->out);
	stream->begun = true;
	json_dumpf(object, stream->out, JSON_COMPACT);
	json_decref(object);
}

void json_stream_end(struct json_stream *stream)
{
	fputs(stream->begun ? "\n]\n" : "[]\n", stream->out);
}
