/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `watcher prune`: forgets what a site may keep no longer. */
#include "lib/log.h"
#include "lib/login.h"
#include "lib/mem.h"
#include "lib/when.h"
#include "schema/store.h"
#include "schema/store_prune.h"
#include "watcher/commands.h"
#include "watcher/writing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct order {
	int64_t before_s;
	bool dry_run;
};

static int parse_args(char **args, const struct conf *conf, int64_t now_s,
		      struct order *order, struct err *err)
{
	char window[WHEN_SIZE];

	for (; *args; args++) {
		if (strcmp(*args, "--dry-run") == 0) {
			order->dry_run = true;
			continue;
		}
		if (strcmp(*args, "--before") != 0)
			return err_set(err, ERR_USAGE,
				       "prune: unknown argument '%s'", *args);
		if (!*++args)
			return err_set(err, ERR_USAGE,
				       "prune: --before takes a time");
		if (order->before_s)
			return err_set(err, ERR_USAGE,
				       "prune: --before is there twice");
		if (when_time(*args, now_s, &order->before_s, err) < 0)
			return err_prefix(err, "prune: --before: ");
	}
	if (!order->before_s) {
		err_set(err, ERR_USAGE, "prune takes --before TIME");
		return err_hint(err, "for example --before now-730days");
	}
	if (order->before_s <= now_s - conf->watch.sweep_window_s)
		return 0;
	err_set(err, ERR_USAGE,
		"prune: --before must be earlier: what ended in the last %s "
		"may still arrive",
		when_duration(conf->watch.sweep_window_s, window));
	return err_hint(err, "that is sweep_window under [watch]");
}

static void print_result(const struct store_prune *prune, bool dry_run)
{
	char before[WHEN_SIZE];

	printf("%s of before %s: %" PRId64 " incidents, %" PRId64
	       " jobs that others cancelled, %" PRId64 " lost jobs\n",
	       dry_run ? "would be pruned" : "pruned",
	       when_local(prune->before_s, before), prune->incidents,
	       prune->others, prune->lost);
}

/* In a transaction of its own: what it finds must stay as it is. */
static int prune_scripts(struct store *store, int64_t now_s, struct err *err)
{
	size_t n;

	if (store_begin(store, now_s, err) < 0 ||
	    store_prune_scripts(store, &n, err) < 0 ||
	    store_commit(store, err) < 0)
		return -1;
	printf("scripts removed: %zu\n", n);
	return 0;
}

static int prune(struct store *store, const struct order *order, int64_t now_s,
		 struct err *err)
{
	autofree char *by = login_name();
	struct store_prune what = {.before_s = order->before_s, .by = by};

	if (store_begin(store, now_s, err) < 0 ||
	    store_prune(store, &what, err) < 0)
		return -1;
	if (order->dry_run) {
		print_result(&what, true);
		return 0;
	}
	if (store_commit(store, err) < 0)
		return -1;
	print_result(&what, false);
	if (prune_scripts(store, now_s, err) < 0)
		return -1;
	if (!store_prune_log(store))
		log_warn("a report reads the store: traces of what was pruned "
			 "stay in its -wal file until it is written again");
	return 0;
}

int command_prune(struct conf **conf, char **args)
{
	int64_t now_s = (int64_t)time(NULL);
	struct order order = {0};
	struct store *store = NULL;
	struct err err;
	int rc = -1;

	if (parse_args(args, *conf, now_s, &order, &err) == 0)
		store = writing_open(*conf, &err);
	if (store)
		rc = prune(store, &order, now_s, &err);
	if (store)
		store_rollback(store);
	store_close(store);
	if (rc == 0)
		return 0;
	log_err(LOG_LEVEL_ERR, &err);
	return err_exit_code(&err);
}
