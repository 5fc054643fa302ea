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
	size_t len = strlen(s);
	autofree char *utf8 = NULL;

	if (!text_is_utf8(s, len))
		utf8 = text_utf8(s, len);
	json_put(object, name, json_string_nocheck(utf8 ? utf8 : s));
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
	/* json_dumpf() calls fwrite() for each quote and comma. */
	autofree char *dumped = json_dumps(object, JSON_COMPACT);

	if (!dumped)
		abort();
	fputs(stream->begun ? ",\n" : "[\n", stream->out);
	fputs(dumped, stream->out);
	stream->begun = true;
	json_decref(object);
}

void json_stream_end(struct json_stream *stream)
{
	fputs(stream->begun ? "\n]\n" : "[]\n", stream->out);
}
