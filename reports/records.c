/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/records.h"

#include "reports/columns.h"

#include <assert.h>

void records_begin(struct records *records, enum format format, FILE *out,
		   bool raw)
{
	int wanted = format == FORMAT_CSV ? COLUMN_CSV : COLUMN_JSON;
	size_t i;

	assert(columns_n <= RECORDS_MAX);
	*records = (struct records){
		.format = format,
		.csv = {.out = out, .raw = raw},
		.json = {.out = out},
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

static void add_json(json_t *object, const struct incident *incident,
		     const struct incident_field *field)
{
	switch (field->type) {
	case INCIDENT_TEXT:
		json_put_text(object, field->name, text_of(incident, field));
		break;
	case INCIDENT_TIME:
		json_put_time(object, field->name,
			      incident_int(incident, field));
		break;
	case INCIDENT_INT:
		json_put_int(object, field->name,
			     incident_int(incident, field));
		break;
	case INCIDENT_BOOL:
		json_put(object, field->name,
			 json_boolean(incident_int(incident, field)));
		break;
	}
}

void records_add(struct records *records, const struct incident *incident)
{
	json_t *object;
	size_t i;

	if (records->format == FORMAT_CSV) {
		for (i = 0; i < records->n_fields; i++)
			add_csv(&records->csv, incident, records->fields[i]);
		csv_end(&records->csv);
		return;
	}
	object = json_object();
	for (i = 0; i < records->n_fields; i++)
		add_json(object, incident, records->fields[i]);
	json_stream_add(&records->json, object);
}

void records_end(struct records *records)
{
	if (records->format == FORMAT_JSON)
		json_stream_end(&records->json);
}
