/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/life.h"

#include "lib/mem.h"
#include "lib/notify.h"
#include "lib/text.h"
#include "lib/ticks.h"

#include <stdio.h>
#include <time.h>

static void put(void *arg)
{
	struct life *life = arg;

	life->facts.alive_s = (int64_t)time(NULL);
	life->facts.alive_ms = ticks_ms();
	store_life_put(life->store, &life->facts);
}

void life_begin(struct life *life, struct store *store, const char *command)
{
	struct store_life *facts = &life->facts;

	*life = (struct life){.store = store};
	snprintf(facts->version, sizeof(facts->version), "%s", WATCHER_VERSION);
	snprintf(facts->command, sizeof(facts->command), "%s", command);
	facts->runs = true;
	facts->known = true;
	facts->started_s = (int64_t)time(NULL);
	put(life);
	notify_listen(put, life);
}

void life_pass_begins(struct life *life)
{
	life->facts.begun_s = (int64_t)time(NULL);
	life->facts.begun_ms = ticks_ms();
	life->facts.due_ms = 0;
	put(life);
}

void life_pass_ended(struct life *life, const struct watch_result *result,
		     const struct err *why)
{
	struct store_life *facts = &life->facts;
	autofree char *trouble = text_escaped(why ? why->msg : "");

	facts->ended_s = (int64_t)time(NULL);
	facts->took_ms = ticks_ms() - facts->begun_ms;
	facts->rows = result->rows;
	facts->passes++;
	facts->clusters = (int64_t)result->clusters;
	facts->failed = (int64_t)result->failed;
	facts->incidents += (int64_t)result->incidents;
	snprintf(facts->trouble, sizeof(facts->trouble), "%s", trouble);
	put(life);
}

void life_waits(struct life *life, int64_t due_ms)
{
	life->facts.due_ms = due_ms;
	put(life);
}

void life_end(struct life *life)
{
	notify_listen(NULL, NULL);
	life->facts.stopped_s = (int64_t)time(NULL);
	put(life);
}
