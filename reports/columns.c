/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/columns.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"
#include "reports/table.h"
#include "reports/words.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

static char *verdict(const struct event *event)
{
	return text_escaped(event->verdict);
}

static enum color verdict_color(const struct event *event)
{
	return event->suspected ? COLOR_DOUBTFUL : COLOR_PLAIN;
}

static enum color status_color(const struct event *event)
{
	static const enum color colors[] = {
		[EVENT_OPEN] = COLOR_OPEN,
		[EVENT_MIXED] = COLOR_DOUBTFUL,
		[EVENT_RESTORED] = COLOR_RESTORED,
		[EVENT_AGAIN] = COLOR_DOUBTFUL,
		[EVENT_ACKNOWLEDGED] = COLOR_PLAIN,
		[EVENT_EXEMPT] = COLOR_ASIDE,
		[EVENT_NONE] = COLOR_ASIDE,
	};

	return colors[event->standing];
}

static char *elapsed(const struct event *event)
{
	char buf[WHEN_SIZE];

	return mem_strdup(when_duration(event->sum.elapsed_s, buf));
}

static char *cpu_hours(const struct event *event)
{
	return words_hours(event->sum.cpu_seconds);
}

static char *gpu_hours(const struct event *event)
{
	return words_hours(event->sum.gpu_seconds);
}

#define BOTH (COLUMN_CSV | COLUMN_JSON)
#define RIGHT TABLE_RIGHT
#define TRUNC TABLE_TRUNC
#define TIME TABLE_TIME

/* The order of those in CSV is for good: auditors' files depend on it. New
 * ones go behind the last. */
/* clang-format off */
const struct column columns[] = {
	{"incident_id",     "ID",              BOTH, RIGHT, 0, NULL},
	{"event_id",        "EVENT",           BOTH, RIGHT, 9, NULL},
	{"cluster",         "CLUSTER",         BOTH, TRUNC, 7, NULL},
	{"job_id",          "JOB",             BOTH, TRUNC, 0, NULL},
	{"job_db_inx",      "DB INX",          BOTH, RIGHT, 9, NULL},
	{"user",            "USER",            BOTH, TRUNC, 1, NULL},
	{"uid",             "UID",             BOTH, RIGHT, 9, NULL},
	{"account",         "ACCOUNT",         BOTH, TRUNC, 5, NULL},
	{"partition",       "PARTITION",       BOTH, TRUNC, 3, NULL},
	{"qos",             "QOS",             BOTH, TRUNC, 8, NULL},
	{"job_name",        "NAME",            BOTH, TRUNC, 4, NULL},
	{"kind",            "KIND",            BOTH, TRUNC, 2, verdict},
	{"confidence",      "CONFIDENCE",      BOTH, 0,     9, NULL},
	{"phase",           "PHASE",           BOTH, 0,     6, NULL},
	{"tasks",           "JOBS",            BOTH, RIGHT, 8, NULL},
	{"submitted",       "SUBMITTED",       BOTH, TIME,  8, NULL},
	{"started",         "STARTED",         BOTH, TIME,  8, NULL},
	{"ended",           "ENDED",           BOTH, TIME,  0, NULL},
	{"detected",        "DETECTED",        BOTH, TIME,  8, NULL},
	{"elapsed_s",       "ELAPSED",         BOTH, RIGHT, 6, elapsed},
	{"cpu_seconds",     "CPU H",           BOTH, RIGHT, 6, cpu_hours},
	{"gpu_seconds",     "GPU H",           BOTH, RIGHT, 9, gpu_hours},
	{"state",           "STATE",           BOTH, 0,     8, NULL},
	{"restoration",     "RESTORATION",     BOTH, TRUNC, 8, NULL},
	{"restored_job_id", "RESTORED AS",     BOTH, TRUNC, 8, NULL},
	{"restored_at",     "RESTORED",        BOTH, TIME,  8, NULL},
	{"acknowledged_by", "ACKNOWLEDGED BY", BOTH, TRUNC, 8, NULL},
	{"acknowledged_at", "ACKNOWLEDGED",    BOTH, TIME,  8, NULL},
	{"reason",          "REASON",          BOTH, TRUNC, 9, NULL},
	{"exempt",          "EXEMPT BY",       BOTH, TRUNC, 8, NULL},
	{"section",         "SECTION",         BOTH, TRUNC, 8, NULL},
	{"causes",          "COULD ALSO BE",   BOTH, TRUNC, 9, NULL},
	{"correction",      "CORRECTION",      BOTH, 0,     8, NULL},
	{"corrected_at",    "CORRECTED",       BOTH, TIME,  8, NULL},
	{"correction_why",  "CORRECTED AS",    BOTH, TRUNC, 9, NULL},
	{"restored_state",   "NOW",            BOTH, TRUNC, 8, NULL},
	{"restored_started", "RAN AGAIN",      BOTH, TIME,  8, NULL},
	{"restored_ended",   "ENDED AGAIN",    BOTH, TIME,  8, NULL},
	{"acknowledged_why", "BECAUSE",        BOTH, TRUNC, 9, NULL},
	{"incidents",       "INCIDENTS",       0,    RIGHT, 9, NULL},
	{"status",          "STATUS",          0,    TRUNC, 0, NULL},
};
/* clang-format on */
const size_t columns_n = LENGTH(columns);

const struct column *columns_find(const char *name)
{
	size_t i;

	for (i = 0; i < columns_n; i++)
		if (strcasecmp(columns[i].name, name) == 0)
			return &columns[i];
	return NULL;
}

void columns_names(struct text *text)
{
	size_t i;

	for (i = 0; i < columns_n; i++)
		text_addf(text, "%s%s", i ? ", " : "", columns[i].name);
}

static char *field_text(const struct incident_field *field,
			const struct event *event)
{
	char buf[WHEN_SIZE];
	int64_t value;

	if (field->type == INCIDENT_TEXT)
		return text_escaped(event_text(event, field));
	value = event_int(event, field);
	if (field->type == INCIDENT_TIME)
		return mem_strdup(value ? when_local(value, buf) : "");
	if (field->type == INCIDENT_BOOL)
		return mem_strdup(value ? "yes" : "no");
	return mem_printf("%" PRId64, value);
}

char *columns_text(const struct column *column, const struct event *event)
{
	autofree char *text =
		column->text ? column->text(event)
			     : field_text(event_field(column->name), event);

	return mem_strdup(text[0] ? text : "-");
}

enum color columns_color(const struct column *column, const struct event *event)
{
	static const struct {
		const char *name;
		enum color (*color)(const struct event *event);
	} colors[] = {
		{"kind", verdict_color},
		{"status", status_color},
	};
	size_t i;

	for (i = 0; i < LENGTH(colors); i++)
		if (strcmp(colors[i].name, column->name) == 0)
			return colors[i].color(event);
	return COLOR_PLAIN;
}
