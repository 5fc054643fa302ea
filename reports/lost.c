/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/lost.h"

#include "lib/mem.h"
#include "lib/when.h"
#include "reports/table.h"
#include "schema/job.h"
#include "schema/json.h"

#include <inttypes.h>

void lost_read(struct lost *lost, const struct coverage_span *span)
{
	struct job job;

	*lost = (struct lost){
		.known = job_from_json(span->job, &job) == 0 && job.id_job,
	};
	lost->job_id = lost->known ? job_id_text(&job) : mem_strdup("");
	lost->partition = mem_strdup(job.partition);
	lost->job_name = mem_strdup(job.job_name);
	lost->uid = job.id_user;
	lost->submitted = job.time_submit;
	job_finish(&job);
}

void lost_finish(struct lost *lost)
{
	free(lost->job_id);
	free(lost->partition);
	free(lost->job_name);
	*lost = (struct lost){0};
}

static void add_text(struct table *table, const char *s)
{
	autofree char *safe = text_escaped(s);

	table_add_cell(table, safe[0] ? safe : "-");
}

static void add_lost(struct table *table, const char *cluster,
		     const struct coverage_span *span)
{
	autolost struct lost lost;
	char buf[WHEN_SIZE];

	lost_read(&lost, span);
	add_text(table, cluster);
	table_add_cell(table, when_local(span->since_s, buf));
	add_text(table, lost.job_id);
	if (lost.known)
		table_add_int(table, lost.uid);
	else
		table_add_cell(table, "-");
	add_text(table, lost.partition);
	table_add_cell(table,
		       lost.submitted ? when_local(lost.submitted, buf) : "-");
	add_text(table, lost.job_name);
}

void lost_print(const struct coverage *coverage, const struct output *out)
{
	autotable struct table *table = table_new(out);
	size_t i, j;

	if (!coverage_count(coverage, COVERAGE_LOST))
		return;
	fprintf(out->file, "\nJobs that were gone from accounting before they "
			   "were seen to end\n");
	table_add_column(table, "CLUSTER", TABLE_TRUNC, 0);
	table_add_column(table, "MISSED", 0, 0);
	table_add_column(table, "JOB", TABLE_TRUNC, 0);
	table_add_column(table, "UID", TABLE_RIGHT, 0);
	table_add_column(table, "PARTITION", TABLE_TRUNC, 0);
	table_add_column(table, "SUBMITTED", 0, 2);
	table_add_column(table, "NAME", TABLE_TRUNC, 1);
	for (i = 0; i < coverage->n; i++) {
		const struct coverage_cluster *cluster = &coverage->clusters[i];

		for (j = 0; j < cluster->spans.n; j++)
			if (cluster->spans.spans[j].how == COVERAGE_LOST)
				add_lost(table, cluster->name,
					 &cluster->spans.spans[j]);
	}
	table_print(table);
}

static json_t *lost_object(const struct coverage_span *span)
{
	autolost struct lost lost;
	json_t *object = json_object();
	json_t *row = json_loads(span->job, 0, NULL);

	lost_read(&lost, span);
	json_put_time(object, "missed", span->since_s);
	json_put_text(object, "reason", span->reason);
	json_put(object, "job_id",
		 lost.known ? json_string(lost.job_id) : json_null());
	json_put(object, "uid",
		 lost.known ? json_integer(lost.uid) : json_null());
	json_put_text(object, "partition", lost.partition);
	json_put_text(object, "job_name", lost.job_name);
	json_put_time(object, "submitted", lost.submitted);
	json_put(object, "remembered", row ? row : json_null());
	return object;
}

json_t *lost_array(const struct coverage_cluster *cluster)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < cluster->spans.n; i++)
		if (cluster->spans.spans[i].how == COVERAGE_LOST)
			json_array_append_new(
				array, lost_object(&cluster->spans.spans[i]));
	return array;
}
