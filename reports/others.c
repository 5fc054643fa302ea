/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/others.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "reports/table.h"
#include "reports/words.h"
#include "schema/json.h"

#include <inttypes.h>

static int add(const struct store_others *counted, void *arg)
{
	struct others *others = arg;

	others->rows = mem_grow(others->rows, &others->cap, others->n + 1,
				sizeof(*others->rows));
	others->rows[others->n++] = (struct others_row){
		.uid = counted->uid,
		.why = mem_strdup(counted->why),
		.jobs = counted->jobs,
	};
	return 0;
}

int others_read(struct others *others, struct store *store,
		const struct store_filter *filter, struct err *err)
{
	others->unknown = filter->user || filter->account || filter->kind;
	if (others->unknown)
		return 0;
	return store_not_owner_counts(store, filter, add, others, err);
}

void others_finish(struct others *others)
{
	size_t i;

	for (i = 0; i < others->n; i++)
		free(others->rows[i].why);
	free(others->rows);
	*others = (struct others){0};
}

/* "5 jobs: 3 by operators or other users, 2 by Slurm itself" */
static void print_sum(const struct others *others, FILE *out)
{
	autotext struct text text = {0};
	int64_t by_slurm = 0;
	int64_t by_users = 0;
	size_t i;

	for (i = 0; i < others->n; i++)
		if (others->rows[i].uid < 0)
			by_slurm += others->rows[i].jobs;
		else
			by_users += others->rows[i].jobs;
	words_count(&text, by_users + by_slurm, "job");
	text_addf(&text,
		  ": %" PRId64 " by operators or other users, %" PRId64
		  " by Slurm itself",
		  by_users, by_slurm);
	fprintf(out, "%s\n", text.s);
}

char *others_who(const struct others_row *row)
{
	if (row->uid < 0)
		return mem_strdup("Slurm itself");
	return mem_printf("uid %" PRId64 "%s", row->uid,
			  row->uid ? "" : " (root)");
}

static void add_row(struct table *table, const struct others_row *row)
{
	autofree char *who = others_who(row);
	autofree char *why = text_escaped(row->why);

	table_add_cell(table, who);
	table_add_int(table, row->jobs);
	table_add_cell(table, why);
}

void others_print(const struct others *others, const struct output *out)
{
	autotable struct table *table = table_new(out);
	size_t i;

	if (!others->unknown && !others->n)
		return;
	fprintf(out->file, "\nEnded by others, not counted above\n");
	if (others->unknown) {
		fprintf(out->file, "Not known by user, account or kind: these "
				   "are recorded of incidents only.\n");
		return;
	}
	print_sum(others, out->file);
	table_add_column(table, "BY", 0, 0);
	table_add_column(table, "JOBS", TABLE_RIGHT, 0);
	table_add_column(table, "BECAUSE", TABLE_WRAP, 0);
	for (i = 0; i < others->n; i++)
		add_row(table, &others->rows[i]);
	table_print(table);
}

json_t *others_array(const struct others *others)
{
	json_t *array = others->unknown ? json_null() : json_array();
	size_t i;

	for (i = 0; i < others->n; i++) {
		const struct others_row *row = &others->rows[i];
		json_t *object = json_object();

		json_put(object, "uid",
			 row->uid < 0 ? json_null() : json_integer(row->uid));
		json_put_int(object, "jobs", row->jobs);
		json_put_text(object, "reason", row->why);
		json_array_append_new(array, object);
	}
	return array;
}
