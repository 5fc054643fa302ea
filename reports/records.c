/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/records.h"

#include "reports/columns.h"
#include "reports/json.h"

#include <assert.h>

void records_begin(struct records *records, enum format format, FILE *out,
		   bool raw)
{
	int wanted = format == FORMAT_CSV ? COLUMN_CSV : COLUMN_JSON;
	size_t i;

	assert(columns_n <= RECORDS_MAX);
	*records = (struct records){
		.format = format,
		.out = out,
		.csv = {.out = out, .raw = raw},
	};
	for (i = 0; i < columns_n; i++)
		if (columns[i].where & wanted)
			records->fields[records->n_fields++] =
				incident_field(columns[i].name);
	if (format != FORMAT_CSV)
		return;
	for (i = 0; i < records->n_fields; i++)
		csv_text(&records->csv, records->fields[i]->name);
	csv_end(&records->csv);
}

/* Of confidence it is what counts now, not what was recorded. */
static const char *text_of(const struct incident *incident,
			   const struct incident_field *field)
{
	if (field->offset == offsetof(struct incident, confidence))
		return incident_confidences[incident_confidence_now(incident)];
	return incident_text(incident, field);
}

static void add_csv(struct csv *csv, const struct incident *incident,
		    const struct incident_field *field)
{
	switch (field->type) {
	case INCIDENT_TEXT:
		csv_text(csv, text_of(incident, field));
		break;
	case INCIDENT_TIME:
		csv_time(csv, incident_int(incident, field));
		break;
	case INCIDENT_INT:
	case INCIDENT_BOOL:
		csv_int(csv, incident_int(incident, field));
		break;
	}
}

static void write_json(FILE *out, const struct incident *incident,
		       const struct incident_field *field)
{
	switch (field->type) {
	case INCIDENT_TEXT:
		json_write_text(out, text_of(incident, field));
		break;
	case INCIDENT_TIME:
		json_write_time(out, incident_int(incident, field));
		break;
	case INCIDENT_INT:
		json_write_int(out, incident_int(incident, field));
		break;
	case INCIDENT_BOOL:
		fputs_unlocked(incident_int(incident, field) ? "true" : "false",
			       out);
		break;
	}
}

/* An object on one line. */
static void add_json(const struct records *records,
		     const struct incident *incident)
{
	size_t i;

	for (i = 0; i < records->n_fields; i++) {
		fputs_unlocked(i ? ",\"" : "{\"", records->out);
		fputs_unlocked(records->fields[i]->name, records->out);
		fputs_unlocked("\":", records->out);
		write_json(records->out, incident, records->fields[i]);
	}
	putc_unlocked('}', records->out);
}

void records_add(struct records *records, const struct incident *incident)
{
	size_t i;

	switch (records->format) {
	case FORMAT_JSON:
		fputs_unlocked(records->begun ? ",\n" : "[\n", records->out);
		add_json(records, incident);
		break;
	case FORMAT_JSONL:
		add_json(records, incident);
		putc_unlocked('\n', records->out);
		break;
	default:
		for (i = 0; i < records->n_fields; i++)
			add_csv(&records->csv, incident, records->fields[i]);
		csv_end(&records->csv);
	}
	records->begun = true;
}

void records_end(struct records *records)
{
	if (records->format == FORMAT_JSON)
		fputs(records->begun ? "\n]\n" : "[]\n", records->out);
}
