/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/shares.h"

#include "lib/mem.h"
#include "schema/json.h"

#include <inttypes.h>

char *shares_text(const struct coverage_cluster *cluster, enum coverage_how how)
{
	int64_t share = coverage_share(cluster, how);

	return mem_printf("%" PRId64 ".%02" PRId64 " %%", share / 100,
			  share % 100);
}

void shares_put(json_t *object, const struct coverage_cluster *cluster,
		enum coverage_how how)
{
	autofree char *seconds = mem_printf("%s_seconds", coverage_hows[how]);
	autofree char *percent = mem_printf("%s_percent", coverage_hows[how]);
	int64_t share = coverage_share(cluster, how);

	json_put_int(object, seconds, cluster->sums[how]);
	json_put(object, percent, json_real((double)share / 100));
}
