/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/policy.h"

#include "lib/mem.h"

#include <inttypes.h>
#include <string.h>

static bool protects(const struct conf_protect *protect,
		     const struct text_list *partitions)
{
	size_t i;

	for (i = 0; i < partitions->n; i++)
		if (text_list_match(&protect->partitions, partitions->items[i]))
			return true;
	return false;
}

const struct conf_protect *policy_protection(const struct conf *conf,
					     const char *partitions)
{
	const struct conf_protect *found = NULL;
	struct text_list list = {0};
	size_t i;

	text_list_split(&list, partitions);
	for (i = 0; i < conf->n_protect && !found; i++)
		if (protects(&conf->protect[i], &list))
			found = &conf->protect[i];
	text_list_free(&list);
	return found;
}

bool policy_wants(const struct conf_protect *protect, const char *kind)
{
	(void)protect;
	return strcmp(kind, "stalled") != 0;
}

char *policy_exemption(const struct conf_protect *protect,
		       const struct job *job, const char *user)
{
	const char *match = text_list_match(&protect->exempt_users, user);
	int64_t lived_s = job->time_end - job->time_submit;

	if (match)
		return mem_printf("exempt_users = %s", match);
	match = text_list_match(&protect->exempt_accounts, job->account);
	if (match)
		return mem_printf("exempt_accounts = %s", match);
	/* Negative, if slurmctld's clock leapt meanwhile: that is no grace. */
	if (lived_s >= 0 && lived_s < protect->grace_s)
		return mem_printf("grace = %" PRId64 "s", protect->grace_s);
	return NULL;
}
