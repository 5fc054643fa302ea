/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/columns.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"
#include "reports/table.h"
#include "reports/words.h"

#include <inttypes.h>
#include <string.h>

static char *verdict(const struct incident *incident)
{
	return mem_printf("%s%s", incident->kind,
			  incident_is_confirmed(incident) ? "" : "?");
}

static char *confidence(const struct incident *incident)
{
	return mem_strdup(
		incident_confidences[incident_confidence_now(incident)]);
}

/* What exempts it with it, in short: "exempt: users = svc-*". */
static char *status(const struct incident *incident)
{
	static const char prefix[] = "exempt_";
	const char *status = words_status(incident);
	const char *rule = incident->exempt;
	autofree char *escaped = NULL;

	if (strcmp(status, "exempt") != 0)
		return mem_strdup(status);
	if (strncmp(rule, prefix, strlen(prefix)) == 0)
		rule += strlen(prefix);
	escaped = text_escaped(rule);
	return mem_printf("%s: %s", status, escaped);
}

static char *elapsed(const struct incident *incident)
{
	char buf[WHEN_SIZE];

	return mem_strdup(when_duration(incident->elapsed_s, buf));
}

static char *cpu_hours(const struct incident *incident)
{
	return words_hours(incident->cpu_seconds);
}

static char *gpu_hours(const struct incident *incident)
{
	return words_hours(incident->gpu_seconds);
}

#define BOTH (COLUMN_CSV | COLUMN_JSON)
#define RIGHT TABLE_RIGHT
#define TRUNC TABLE_TRUNC

/* The order of those in CSV is for good: auditors' files depend on it. New
 * ones go behind the last. */
/* clang-format off */
const struct column columns[] = {
	{"incident_id",     "ID",              BOTH, RIGHT, 0, NULL},
	{"event_id",        "EVENT",           BOTH, RIGHT, 9, NULL},
	{"cluster",         "CLUSTER",         BOTH, TRUNC, 4, NULL},
	{"job_id",          "JOB",             BOTH, TRUNC, 0, NULL},
	{"job_db_inx",      "DB INX",          BOTH, RIGHT, 9, NULL},
	{"user",            "USER",            BOTH, TRUNC, 0, NULL},
	{"uid",             "UID",             BOTH, RIGHT, 9, NULL},
	{"account",         "ACCOUNT",         BOTH, TRUNC, 3, NULL},
	{"partition",       "PARTITION",       BOTH, TRUNC, 1, NULL},
	{"qos",             "QOS",             BOTH, TRUNC, 8, NULL},
	{"job_name",        "NAME",            BOTH, TRUNC, 2, NULL},
	{"kind",            "KIND",            BOTH, 0,     0, verdict},
	{"confidence",      "CONFIDENCE",      BOTH, 0,     9, confidence},
	{"phase",           "PHASE",           BOTH, 0,     6, NULL},
	{"tasks",           "JOBS",            BOTH, RIGHT, 7, NULL},
	{"submitted",       "SUBMITTED",       BOTH, 0,     8, NULL},
	{"started",         "STARTED",         BOTH, 0,     8, NULL},
	{"ended",           "ENDED",           BOTH, 0,     0, NULL},
	{"detected",        "DETECTED",        BOTH, 0,     8, NULL},
	{"elapsed_s",       "ELAPSED",         BOTH, RIGHT, 6, elapsed},
	{"cpu_seconds",     "CPU HOURS",       BOTH, RIGHT, 5, cpu_hours},
	{"gpu_seconds",     "GPU HOURS",       BOTH, RIGHT, 8, gpu_hours},
	{"state",           "STATE",           BOTH, 0,     8, NULL},
	{"restoration",     "RESTORATION",     BOTH, TRUNC, 8, NULL},
	{"restored_job_id", "RESTORED AS",     BOTH, TRUNC, 8, NULL},
	{"restored_at",     "RESTORED",        BOTH, 0,     8, NULL},
	{"acknowledged_by", "ACKNOWLEDGED BY", BOTH, TRUNC, 8, NULL},
	{"acknowledged_at", "ACKNOWLEDGED",    BOTH, 0,     8, NULL},
	{"reason",          "REASON",          BOTH, TRUNC, 9, NULL},
	{"exempt",          "EXEMPT BY",       BOTH, TRUNC, 8, NULL},
	{"section",         "SECTION",         BOTH, TRUNC, 8, NULL},
	{"causes",          "COULD ALSO BE",   BOTH, TRUNC, 9, NULL},
	{"correction",      "CORRECTION",      BOTH, 0,     8, NULL},
	{"corrected_at",    "CORRECTED",       BOTH, 0,     8, NULL},
	{"correction_why",  "CORRECTED AS",    BOTH, TRUNC, 9, NULL},
	{"restored_state",   "NOW",            BOTH, TRUNC, 8, NULL},
	{"restored_started", "RAN AGAIN",      BOTH, 0,     8, NULL},
	{"restored_ended",   "ENDED AGAIN",    BOTH, 0,     8, NULL},
	{"status",          "STATUS",          0,    TRUNC, 0, status},
};
/* clang-format on */
const size_t columns_n = LENGTH(columns);

const char *const columns_of_list[] = {
	"incident_id", "ended", "cluster",     "job_id", "user",     "account",
	"partition",   "kind",  "cpu_seconds", "status", "job_name", NULL,
};

const struct column *columns_find(const char *name)
{
	size_t i;

	for (i = 0; i < columns_n; i++)
		if (strcmp(columns[i].name, name) == 0)
			return &columns[i];
	return NULL;
}

static char *field_text(const struct incident_field *field,
			const struct incident *incident)
{
	char buf[WHEN_SIZE];
	int64_t value;

	if (field->type == INCIDENT_TEXT)
		return text_escaped(incident_text(incident, field));
	value = incident_int(incident, field);
	if (field->type == INCIDENT_TIME)
		return mem_strdup(value ? when_local(value, buf) : "");
	if (field->type == INCIDENT_BOOL)
		return mem_strdup(value ? "yes" : "no");
	return mem_printf("%" PRId64, value);
}

char *columns_text(const struct column *column, const struct incident *incident)
{
	autofree char *text =
		column->text
			? column->text(incident)
			: field_text(incident_field(column->name), incident);

	return mem_strdup(text[0] ? text : "-");
}
