/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/policy.h"

#include "lib/mem.h"
#include "lib/when.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool names(const struct text_list *globs, const char *name)
{
	return *name && text_list_match(globs, name);
}

static bool names_any(const struct text_list *globs,
		      const struct text_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (text_list_match(globs, list->items[i]))
			return true;
	return false;
}

/* several: the place's partitions if they are a list; NULL: there is one. */
static bool protects(const struct conf_protect *protect,
		     const struct policy_place *place,
		     const struct text_list *several)
{
	if (several ? names_any(&protect->partitions, several)
		    : names(&protect->partitions, place->partitions))
		return true;
	return names(&protect->qos, place->qos) ||
	       names(&protect->accounts, place->account) ||
	       names(&protect->reservations, place->reservation);
}

/* Called for each row of a pass, and of a backfill's millions: one partition
 * costs no memory. */
const struct conf_protect *policy_protection(const struct conf *conf,
					     const struct policy_place *place)
{
	const struct conf_protect *found = NULL;
	struct text_list several = {0};
	bool is_list = strchr(place->partitions, ',') != NULL;
	size_t i;

	if (is_list)
		text_list_split(&several, place->partitions);
	for (i = 0; i < conf->n_protect && !found; i++)
		if (protects(&conf->protect[i], place,
			     is_list ? &several : NULL))
			found = &conf->protect[i];
	text_list_free(&several);
	return found;
}

bool policy_names_qos(const struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->n_protect; i++)
		if (conf->protect[i].qos.n)
			return true;
	return false;
}

bool policy_names_reservations(const struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->n_protect; i++)
		if (conf->protect[i].reservations.n)
			return true;
	return false;
}

bool policy_wants(const struct conf_protect *protect, const char *kind)
{
	size_t i;

	for (i = 0; i < protect->kinds.n; i++)
		if (strcmp(protect->kinds.items[i], kind) == 0)
			return true;
	return false;
}

/* The rule, behind the section's name if it has one. */
__attribute__((format(printf, 2, 3))) static char *
rule(const struct conf_protect *protect, const char *fmt, ...)
{
	struct text text = {0};
	autofree char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	what = mem_vprintf(fmt, ap);
	va_end(ap);
	if (*protect->name)
		text_addf(&text, "[protect %s] ", protect->name);
	text_add(&text, what);
	return text_take(&text);
}

char *policy_exemption(const struct conf_protect *protect,
		       const struct job *job, const char *user)
{
	const struct {
		const char *key;
		const struct text_list *globs;
		const char *name;
	} lists[] = {
		{"exempt_users", &protect->exempt_users, user},
		{"exempt_accounts", &protect->exempt_accounts, job->account},
		{"exempt_jobs", &protect->exempt_jobs, job->job_name},
	};
	int64_t lived_s = when_between(job->time_submit, job->time_end);
	size_t i;

	for (i = 0; i < LENGTH(lists); i++) {
		const char *match =
			text_list_match(lists[i].globs, lists[i].name);

		if (match)
			return rule(protect, "%s = %s", lists[i].key, match);
	}
	/* Negative, if slurmctld's clock leapt meanwhile: that is no grace. */
	if (lived_s >= 0 && lived_s < protect->grace_s)
		return rule(protect, "grace = %" PRId64 "s", protect->grace_s);
	return NULL;
}
