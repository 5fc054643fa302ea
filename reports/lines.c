/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/lines.h"

#include "lib/mem.h"
#include "lib/when.h"
#include "schema/json.h"

#include <inttypes.h>
#include <string.h>

/* There are many columns. */
#define CUT_WIDTH 12

static void begin_table(struct lines *lines)
{
	size_t i;

	lines->table = table_new(lines->out);
	table_cut(lines->table, CUT_WIDTH);
	for (i = 0; i < lines->choices->n; i++) {
		const struct choice *choice = &lines->choices->items[i];

		/* What was asked for by name is not left out. */
		table_add_column(lines->table, choice->column->heading,
				 choice->column->flags,
				 choice->asked ? 0 : choice->column->rank);
	}
}

static void begin_file(struct lines *lines)
{
	lines->file = open_memstream(&lines->bytes, &lines->len);
	if (!lines->file)
		abort();
}

static void add_names(struct lines *lines)
{
	size_t i;

	for (i = 0; i < lines->choices->n; i++)
		csv_text(&lines->csv, lines->choices->items[i].column->name);
	csv_end(&lines->csv);
}

void lines_begin(struct lines *lines, enum format format, struct output *out,
		 const struct choices *choices, bool raw)
{
	*lines = (struct lines){
		.format = format,
		.out = out,
		.choices = choices,
	};
	if (format == FORMAT_TEXT) {
		begin_table(lines);
		return;
	}
	begin_file(lines);
	lines->csv = (struct csv){.out = lines->file, .raw = raw};
	if (format == FORMAT_CSV)
		add_names(lines);
}

static void add_cell(struct lines *lines, const struct choice *choice,
		     const struct event *event)
{
	autofree char *text = columns_text(choice->column, event);

	table_add_cell(lines->table, text);
	table_color(lines->table, columns_color(choice->column, event));
}

static void add_csv(struct csv *csv, const struct choice *choice,
		    const struct event *event)
{
	switch (choice->field->type) {
	case INCIDENT_TEXT:
		csv_text(csv, event_text(event, choice->field));
		break;
	case INCIDENT_TIME:
		csv_time(csv, event_int(event, choice->field));
		break;
	case INCIDENT_INT:
	case INCIDENT_BOOL:
		csv_int(csv, event_int(event, choice->field));
		break;
	}
}

static void write_json(FILE *out, const struct incident_field *field,
		       const struct event *event)
{
	switch (field->type) {
	case INCIDENT_TEXT:
		json_write_text(out, event_text(event, field));
		break;
	case INCIDENT_TIME:
		json_write_time(out, event_int(event, field));
		break;
	case INCIDENT_INT:
		json_write_int(out, event_int(event, field));
		break;
	case INCIDENT_BOOL:
		fputs(event_int(event, field) ? "true" : "false", out);
		break;
	}
}

static void add_member(const struct lines *lines, size_t i,
		       const struct event *event)
{
	const struct incident_field *field = lines->choices->items[i].field;
	FILE *out = lines->file;

	fprintf(out, "%s\"%s\":", i ? "," : "", field->name);
	write_json(out, field, event);
}

/* As one word: nothing that was typed looks like another key, or ends the
 * line. */
static void add_word(struct text *line, const char *s)
{
	while (*s) {
		size_t len = strcspn(s, " \\");
		autofree char *part = mem_strndup(s, len);

		text_add_escaped(line, part);
		s += len;
		if (*s)
			text_add(line, *s++ == ' ' ? "\\x20" : "\\\\");
	}
}

static void add_pair(struct text *line, const struct choice *choice,
		     const struct event *event)
{
	const struct incident_field *field = choice->field;
	char buf[WHEN_SIZE];

	text_addf(line, "%s%s=", line->len ? " " : "", field->name);
	if (field->type == INCIDENT_TEXT)
		add_word(line, event_text(event, field));
	else if (field->type != INCIDENT_TIME)
		text_addf(line, "%" PRId64, event_int(event, field));
	else if (event_int(event, field))
		text_add(line, when_utc(event_int(event, field), buf));
}

static void add_value(struct lines *lines, size_t i, const struct event *event,
		      struct text *line)
{
	const struct choice *choice = &lines->choices->items[i];

	if (lines->format == FORMAT_TEXT)
		add_cell(lines, choice, event);
	else if (lines->format == FORMAT_CSV)
		add_csv(&lines->csv, choice, event);
	else if (lines->format == FORMAT_JSON)
		add_member(lines, i, event);
	else
		add_pair(line, choice, event);
}

void lines_add(struct lines *lines, const struct event *event)
{
	autotext struct text line = {0};
	FILE *out = lines->file;
	size_t i;

	if (lines->format == FORMAT_JSON)
		fputs(lines->begun ? ",\n{" : "[\n{", out);
	for (i = 0; i < lines->choices->n; i++)
		add_value(lines, i, event, &line);
	if (lines->format == FORMAT_CSV)
		csv_end(&lines->csv);
	else if (lines->format == FORMAT_JSON)
		fputc('}', out);
	else if (lines->format == FORMAT_ONELINE)
		fprintf(out, "%s\n", line.s);
	lines->begun = true;
}

void lines_flush(struct lines *lines)
{
	if (lines->table)
		table_flush(lines->table);
	if (!lines->file)
		return;
	if (fflush(lines->file) != 0)
		abort();
	output_write(lines->out, lines->bytes, lines->len);
	rewind(lines->file);
}

void lines_end(struct lines *lines)
{
	if (lines->format == FORMAT_TEXT)
		table_print(lines->table);
	if (lines->format == FORMAT_JSON)
		fputs(lines->begun ? "\n]\n" : "[]\n", lines->file);
	lines_flush(lines);
}

void lines_finish(struct lines *lines)
{
	table_free(lines->table);
	if (lines->file)
		fclose(lines->file);
	free(lines->bytes);
	*lines = (struct lines){0};
}
