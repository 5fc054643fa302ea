/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `watcher run` and `watcher once`. */
#include "lib/log.h"
#include "schema/store.h"
#include "watcher/commands.h"
#include "watcher/courier.h"
#include "watcher/life.h"
#include "watcher/metrics.h"
#include "watcher/run.h"
#include "watcher/watch.h"
#include "watcher/writing.h"

#include <stdio.h>
#include <time.h>

/* How long one pass may wait for people to be told. */
#define TELLING_MS 60000

static struct store *open_and_lock(const struct conf *conf, struct err *err)
{
	struct store *store = writing_open(conf, err);

	if (store && store_lock(store, err) < 0) {
		store_close(store);
		return NULL;
	}
	return store;
}

int command_run(struct conf **conf, char **args)
{
	struct store *store;
	struct err err;
	int rc;

	(void)args;
	run_block_signals();
	store = open_and_lock(*conf, &err);
	rc = store ? run_watch(conf, store, &err) : -1;
	store_close(store);
	if (rc == 0)
		return 0;
	log_err(LOG_LEVEL_ERR, &err);
	return err_exit_code(&err);
}

/* Passes until nothing is left behind, and once more where slurmctld's word
 * came. */
static int pass_once(struct watch *watch, struct life *life,
		     struct watch_result *total, struct err *err)
{
	struct watch_result result;
	bool asked = false;
	int rc;

	for (;;) {
		life_pass_begins(life);
		rc = watch_pass(watch, &result, err);
		life_pass_ended(life, &result, rc < 0 ? err : NULL);
		total->incidents += result.incidents;
		total->exempt += result.exempt;
		total->clusters = result.clusters;
		total->failed = result.failed;
		if (rc < 0 || result.failed)
			return rc;
		if (result.behind)
			continue;
		if (asked || !watch_wait_for_word(watch))
			return 0;
		asked = true;
	}
}

/* What is not told by then is told by the next pass, which need not wait for
 * this one: the lock is free. */
static void tell_people(const struct conf *conf, struct store *store)
{
	struct courier *courier = courier_new("run");

	courier_wait(courier, conf, store, TELLING_MS);
	courier_free(courier);
}

int command_once(struct conf **conf, char **args)
{
	struct watch_result result = {0};
	struct store *store;
	struct watch *watch;
	struct metrics metrics = {0};
	struct err err, head_err;
	struct life life;
	int rc;

	(void)args;
	store = open_and_lock(*conf, &err);
	if (!store) {
		log_err(LOG_LEVEL_ERR, &err);
		return err_exit_code(&err);
	}
	watch = watch_new(*conf, store);
	life_begin(&life, store, "once");
	rc = pass_once(watch, &life, &result, &err);
	if (rc == 0 &&
	    writing_tell_head(*conf, store, (int64_t)time(NULL), &head_err) < 0)
		log_err(LOG_LEVEL_ERR, &head_err);
	watch_free(watch);
	life_end(&life);
	store_unlock(store);
	tell_people(*conf, store);
	metrics_tell(&metrics, *conf, store, &life.facts);
	metrics_finish(&metrics);
	store_close(store);
	if (rc < 0)
		return err_exit_code(&err);
	log_info("%zu new incident%s, %zu exempt; %zu cluster%s watched, "
		 "%zu not",
		 result.incidents, result.incidents == 1 ? "" : "s",
		 result.exempt, result.clusters,
		 result.clusters == 1 ? "" : "s", result.failed);
	return result.failed ? 3 : 0;
}
