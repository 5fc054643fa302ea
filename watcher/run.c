/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/run.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/notify.h"
#include "lib/text.h"
#include "lib/ticks.h"
#include "lib/when.h"
#include "watcher/auto.h"
#include "watcher/beat.h"
#include "watcher/child.h"
#include "watcher/courier.h"
#include "watcher/life.h"
#include "watcher/metrics.h"
#include "watcher/watch.h"
#include "watcher/writing.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <time.h>

/* What goes on until it is stopped. */
struct running {
	struct watch *watch;
	struct store *store;
	struct spawn *restorer; /* NULL: none is under way */
	char *unrestored;       /* why none could be begun; NULL: one could */
	struct courier *courier;
	struct beat beat;
	struct life life;
	struct metrics metrics;
	size_t incidents;
	char *trouble; /* with telling the head */
};

/* Takes up a configuration that was read anew: whom to connect to, what to
 * look at. */
static void reconfigure(struct running *running, struct conf **conf)
{
	struct err err;
	struct conf *fresh;

	notify("RELOADING=1");
	fresh = conf_read((*conf)->path, &err);
	notify("READY=1");
	if (!fresh) {
		log_err(LOG_LEVEL_ERR, &err);
		log_warn("going on with the configuration as it was");
		return;
	}
	if (strcmp(fresh->store.path, (*conf)->store.path) != 0)
		log_warn("%s: another [store] path takes a restart",
			 fresh->path);
	if (strcmp(fresh->store.sign_key, (*conf)->store.sign_key) != 0)
		log_warn("%s: another [store] sign_key takes a restart",
			 fresh->path);
	watch_reconfigure(running->watch, fresh);
	writing_reconfigure(fresh, running->store);
	conf_free(*conf);
	*conf = fresh;
	log_info("%s: read again", fresh->path);
}

/* Restores what is due, beside the watch. */
static void restore_due(struct running *running, const struct conf *conf)
{
	struct err err;

	child_collect(&running->restorer, NULL);
	if (running->restorer ||
	    !auto_is_due(conf, running->store, (int64_t)time(NULL)))
		return;
	running->restorer = auto_begin(conf, &err);
	log_trouble(LOG_LEVEL_ERR, &running->unrestored,
		    running->restorer ? NULL : &err, "restoration", "begun");
}

/* The signal that came within wait_ms, or before; -1. */
static int wait_for_signal(const sigset_t *signals, int64_t wait_ms)
{
	int64_t until_ms = ticks_ms() + wait_ms;
	int64_t told_ms = 0;
	int64_t nap_ms;
	int number;

	do {
		int64_t left_ms = until_ms - ticks_ms();

		notify_alive(&told_ms);
		nap_ms = notify_nap_ms(left_ms > 0 ? left_ms : 0);
		number = sigtimedwait(
			signals, NULL,
			&(struct timespec){.tv_sec = nap_ms / 1000,
					   .tv_nsec = nap_ms % 1000 * 1000000});
	} while (number < 0 && ticks_ms() < until_ms);
	return number;
}

/* One line for `systemctl status`. Once a pass was tried, the service is up:
 * what failed is tried again. why: NULL where something was watched. */
static void tell_status(const struct watch_result *result,
			const struct err *why, size_t incidents)
{
	autofree char *failure = why ? text_escaped(why->msg) : NULL;
	char when[WHEN_SIZE];

	when_local((int64_t)time(NULL), when);
	if (failure)
		notify("READY=1\nSTATUS=Nothing watched at %s: %s", when,
		       failure);
	else
		notify("READY=1\nSTATUS=%zu cluster%s watched, %zu not, at %s; "
		       "%zu incident%s since the start",
		       result->clusters, result->clusters == 1 ? "" : "s",
		       result->failed, when, incidents,
		       incidents == 1 ? "" : "s");
}

/* A store that cannot be written is told of once. */
static void tell_head(const struct conf *conf, struct store *store,
		      char **trouble)
{
	struct err err;
	int rc = writing_tell_head(conf, store, (int64_t)time(NULL), &err);

	log_trouble(LOG_LEVEL_ERR, trouble, rc < 0 ? &err : NULL,
		    "head of the chain", "told");
}

/* Sleeps until the next pass is due or a signal says otherwise: false to
 * stop. */
static bool wait_for_next(struct running *running, struct conf **conf,
			  const sigset_t *signals)
{
	struct beat *beat = &running->beat;

	for (;;) {
		int64_t due_ms =
			beat_due_ms(beat, (*conf)->watch.poll_s * 1000);
		int64_t left_ms = due_ms - ticks_ms();

		life_waits(&running->life, due_ms);
		courier_tend(running->courier, *conf, running->store);
		switch (wait_for_signal(
			signals, left_ms < COURIER_MS ? left_ms : COURIER_MS)) {
		case SIGTERM:
		case SIGINT:
			return false;
		case SIGHUP:
			reconfigure(running, conf);
			return true;
		case SIGUSR1:
			beat->woken = true;
			beat->woken_ms = ticks_ms();
			break;
		default:
			if (left_ms <= COURIER_MS)
				return true;
		}
	}
}

/* Whether the store is where it was. */
static int check_in_place(const struct conf *conf, struct store *store,
			  struct err *err)
{
	if (!store_has_moved(store))
		return 0;
	err_set(err, ERR_STOP,
		"store %s: the file was replaced or removed while it was in "
		"use",
		conf->store.path);
	return err_hint(err, "a restart goes on with what is there");
}

static void the_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGHUP);
	sigaddset(signals, SIGUSR1);
}

void run_block_signals(void)
{
	sigset_t signals;

	the_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
}

/* A pass, and what is due after one. */
static void make_pass(struct running *running, const struct conf *conf)
{
	struct watch_result result;
	struct err why = {0};
	int passed;

	life_pass_begins(&running->life);
	running->beat.began_ms = ticks_ms();
	passed = watch_pass(running->watch, &result, &why);
	running->incidents += result.incidents;
	life_pass_ended(&running->life, &result, passed < 0 ? &why : NULL);
	tell_status(&result, passed < 0 ? &why : NULL, running->incidents);
	tell_head(conf, running->store, &running->trouble);
	restore_due(running, conf);
	metrics_tell(&running->metrics, conf, running->store,
		     &running->life.facts);
	running->beat.ended_ms = ticks_ms();
	running->beat.behind = passed == 0 && result.behind;
}

static void finish(struct running *running)
{
	life_end(&running->life);
	metrics_finish(&running->metrics);
	spawn_free(running->restorer);
	courier_free(running->courier);
	free(running->unrestored);
	free(running->trouble);
	watch_free(running->watch);
}

int run_watch(struct conf **conf, struct store *store, struct err *err)
{
	struct running running = {
		.watch = watch_new(*conf, store),
		.store = store,
		.courier = courier_new("run"),
	};
	sigset_t signals;
	int rc = 0;

	the_signals(&signals);
	life_begin(&running.life, store, "run");
	log_info("watching, a pass every %" PRId64 " s", (*conf)->watch.poll_s);
	do {
		rc = check_in_place(*conf, store, err);
		if (rc < 0)
			break;
		make_pass(&running, *conf);
	} while (wait_for_next(&running, conf, &signals));
	notify("STOPPING=1");
	log_info("stopped");
	finish(&running);
	return rc;
}
