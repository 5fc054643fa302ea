/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Incidents whose restoration is planned together, with all that the plan
 * needs. */
#ifndef WATCHER_TOGETHER_H
#define WATCHER_TOGETHER_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/store.h"
#include "watcher/restore.h"
#include "watcher/restore_facts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of incidents, each once, in the order they came. All zero is an empty
 * one; ids is freed with free(). */
struct together_ids {
	int64_t *ids;
	size_t n;
	size_t cap;
};

/* False: it was there. */
bool together_ids_add(struct together_ids *ids, int64_t id);

/* All zero is for finish(). */
struct together {
	struct incident *incidents;
	struct restore_gathered *gathered;
	struct restore_facts *facts;
	size_t n;
	struct restore_plan *plans;
	size_t n_plans;
};

/* Which incidents are restored with one. */
enum together_who {
	TOGETHER_ALONE,  /* none */
	TOGETHER_EVENT,  /* all of its event */
	TOGETHER_PROVEN, /* those of its event that are proven, not exempt, and
			    that nobody has dealt with */
};

int together_members(struct store *store, const struct incident *incident,
		     enum together_who who, struct together_ids *ids,
		     struct err *err);

/* Reads the incidents, gathers their facts and plans. to_apply: for being
 * carried out at once, which may take what is not to be printed. */
int together_plan(const struct conf *conf, struct store *store,
		  const struct together_ids *ids, bool to_apply,
		  struct together *together, struct err *err);
void together_finish(struct together *together);

#endif
