/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in [protect] that nothing has, which protect or exempt nothing.
 * Reservations and jobs come and go: theirs are not looked at. */
#include "lib/mem.h"
#include "watcher/check.h"

#include <string.h>

/* Names that a line shows. */
#define SHOWN 10

/* clang-format off */
static const struct {
	const char *what;
	const char *several;
	size_t offset; /* of the list in struct conf_protect */
	enum check_names names;
	enum check_finding absent;
	const char *who;
	const char *remedy;
} lists[] = {
	{"protected partition", "protected partitions",
	 offsetof(struct conf_protect, partitions), CHECK_PARTITIONS,
	 CHECK_DOUBTFUL, "slurmctld", "`sinfo -o %R` lists those it has"},
	{"protected QOS", "protected QOS",
	 offsetof(struct conf_protect, qos), CHECK_QOS,
	 CHECK_DOUBTFUL, "slurmdbd", "`sacctmgr show qos` lists those it has"},
	{"protected account", "protected accounts",
	 offsetof(struct conf_protect, accounts), CHECK_ACCOUNTS,
	 CHECK_DOUBTFUL, "slurmdbd", "`sacctmgr show account` lists those it has"},
	{"exempt account", "exempt accounts",
	 offsetof(struct conf_protect, exempt_accounts), CHECK_ACCOUNTS,
	 CHECK_NOTE, "slurmdbd", "`sacctmgr show account` lists those it has"},
	{"exempt user", "exempt users",
	 offsetof(struct conf_protect, exempt_users), CHECK_USERS,
	 CHECK_NOTE, "slurmdbd", "`sacctmgr show user` lists those it has"},
};
/* clang-format on */

static void check_glob(struct check *check, size_t i, const char *glob)
{
	const struct text_list *names = &check->names[lists[i].names];
	autotext struct text matches = {0};
	size_t found = 0;
	size_t j;

	for (j = 0; j < names->n; j++)
		if (text_glob(glob, names->items[j]) && ++found <= SHOWN)
			text_addf(&matches, "%s%s", found > 1 ? ", " : "",
				  names->items[j]);
	if (!found) {
		check_say(check, lists[i].absent, "%s %s: %s has none like it",
			  lists[i].what, glob, lists[i].who);
		check_remedy("%s", lists[i].remedy);
	} else if (strcmp(matches.s, glob) == 0) {
		check_say(check, CHECK_FINE, "%s %s: exists", lists[i].what,
			  glob);
	} else {
		if (found > SHOWN)
			text_addf(&matches, " and %zu more", found - SHOWN);
		check_say(check, CHECK_FINE, "%s %s: %s", lists[i].several,
			  glob, matches.s);
	}
}

void check_protected(struct check *check)
{
	const struct conf *conf = check->conf;
	size_t i, j, k;

	for (i = 0; i < conf->n_protect; i++)
		for (j = 0; j < LENGTH(lists); j++) {
			const struct text_list *globs =
				(const struct text_list
					 *)((const char *)&conf->protect[i] +
					    lists[j].offset);

			if (!check->names[lists[j].names].n)
				continue;
			for (k = 0; k < globs->n; k++)
				check_glob(check, j, globs->items[k]);
		}
}
