/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/reasons.h"

#include "lib/mem.h"

static struct reasons_row *row_of(struct reasons *reasons, const char *who,
				  const char *why, int64_t at_s,
				  const struct incident *incident)
{
	/* A login name has no line break. */
	autofree char *key = mem_printf("%s\n%s", who, why);
	size_t row = tally_add(&reasons->tally, key, incident);

	if (row < reasons->n)
		return &reasons->rows[row];
	reasons->rows = mem_grow(reasons->rows, &reasons->cap, reasons->n + 1,
				 sizeof(*reasons->rows));
	reasons->rows[reasons->n++] = (struct reasons_row){
		.who = mem_strdup(who),
		.why = mem_strdup(why),
		.first_s = at_s,
		.last_s = at_s,
	};
	return &reasons->rows[row];
}

void reasons_add(struct reasons *reasons, const char *who, const char *why,
		 int64_t at_s, const struct incident *incident)
{
	struct reasons_row *row = row_of(reasons, who, why, at_s, incident);

	row->incidents++;
	incident_add(&row->jobs, incident->tasks);
	if (at_s < row->first_s)
		row->first_s = at_s;
	if (at_s > row->last_s)
		row->last_s = at_s;
}

void reasons_finish(struct reasons *reasons)
{
	size_t i;

	for (i = 0; i < reasons->n; i++) {
		free(reasons->rows[i].who);
		free(reasons->rows[i].why);
	}
	free(reasons->rows);
	tally_finish(&reasons->tally);
	*reasons = (struct reasons){0};
}
