/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/records.h"

#include "reports/columns.h"
#include "schema/json.h"

#include <assert.h>

/* Incidents of a piece: some hundred KiB each thousand. */
#define PIECE 4096

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

static void set_out(struct records *records, FILE *out)
{
	records->out = out;
	records->csv.out = out;
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

/* What is read at once, in memory. */
struct piece {
	struct records *records;
	struct store_filter filter; /* begins where the last piece ended */
	size_t n;
	FILE *file;
	char *bytes;
	size_t len;
};

static int add_to_piece(const struct incident *incident, void *arg)
{
	struct piece *piece = arg;

	records_add(piece->records, incident);
	piece->filter.since = incident->ended;
	piece->filter.after = incident->incident_id;
	return ++piece->n == PIECE;
}

/* 1: there may be more, 0, -1. */
static int write_piece(struct piece *piece, struct output *out,
		       struct store *store, struct err *err)
{
	rewind(piece->file);
	piece->n = 0;
	if (store_incidents(store, &piece->filter, add_to_piece, piece, err) <
	    0)
		return -1;
	if (fflush(piece->file) != 0)
		abort();
	output_write(out, piece->bytes, piece->len);
	return piece->n == PIECE && !output_failed(out);
}

int records_add_all(struct records *records, struct output *out,
		    struct store *store, struct store_filter filter,
		    struct err *err)
{
	struct piece piece = {.records = records, .filter = filter};
	int rc;

	if (store_newest(store, &piece.filter.newest, err) < 0)
		return -1;
	piece.file = open_memstream(&piece.bytes, &piece.len);
	if (!piece.file)
		abort();
	set_out(records, piece.file);
	while ((rc = write_piece(&piece, out, store, err)) > 0)
		;
	set_out(records, out->file);
	fclose(piece.file);
	free(piece.bytes);
	return rc;
}
