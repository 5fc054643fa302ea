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
#include "watcher/watch.h"
#include "watcher/writing.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <time.h>

/* Takes up a configuration that was read anew: whom to connect to, what to
 * look at. */
static void reconfigure(struct watch *watch, struct conf **conf)
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
	watch_reconfigure(watch, fresh);
	conf_free(*conf);
	*conf = fresh;
	log_info("%s: read again", fresh->path);
}

/* The child that restores what is due; NULL: none is under way. */
struct restorer {
	struct spawn *child;
};

/* Logs what the child has said, when it is done. */
static void collect(struct restorer *restorer)
{
	static const char prefix[] = "watcher: ";
	const size_t len = strlen(prefix);
	autotext struct text said = {0};
	char *save = NULL;
	struct err err;
	char *line;
	int rc;

	if (!restorer->child)
		return;
	rc = spawn_poll(restorer->child, 0, &said, &err);
	if (rc == 0)
		return;
	for (line = said.s ? strtok_r(said.s, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		log_info("%s", line + (strncmp(line, prefix, len) ? 0 : len));
	if (rc < 0)
		log_err(LOG_LEVEL_ERR, &err);
	spawn_free(restorer->child);
	restorer->child = NULL;
}

/* Restores what is due, beside the watch. */
static void restore_due(struct restorer *restorer, const struct conf *conf,
			struct store *store)
{
	struct err err;

	collect(restorer);
	if (restorer->child || !auto_is_due(conf, store, (int64_t)time(NULL)))
		return;
	restorer->child = auto_begin(conf, &err);
	if (!restorer->child)
		log_err(LOG_LEVEL_ERR, &err);
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
static bool wait_for_next(struct watch *watch, struct conf **conf,
			  const sigset_t *signals, struct beat *beat)
{
	for (;;) {
		int64_t due_ms =
			beat_due_ms(beat, (*conf)->watch.poll_s * 1000);

		switch (wait_for_signal(signals, due_ms - ticks_ms())) {
		case SIGTERM:
		case SIGINT:
			return false;
		case SIGHUP:
			reconfigure(watch, conf);
			return true;
		case SIGUSR1:
			beat->woken = true;
			beat->woken_ms = ticks_ms();
			break;
		default:
			return true;
		}
	}
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

int run_watch(struct conf **conf, struct store *store, struct err *err)
{
	struct watch *watch = watch_new(*conf, store);
	struct restorer restorer = {0};
	struct watch_result result;
	struct beat beat = {0};
	size_t incidents = 0;
	autofree char *trouble = NULL;
	sigset_t signals;
	int rc = 0;

	the_signals(&signals);
	log_info("watching, a pass every %" PRId64 " s", (*conf)->watch.poll_s);
	do {
		struct err why = {0};
		int passed;

		if (store_has_moved(store)) {
			rc = err_set(err, ERR_STOP,
				     "store %s: the file was replaced or "
				     "removed while it was in use",
				     (*conf)->store.path);
			err_hint(err, "a restart goes on with what is there");
			break;
		}
		beat.began_ms = ticks_ms();
		passed = watch_pass(watch, &result, &why);
		if (passed < 0)
			result.behind = false;
		incidents += result.incidents;
		tell_status(&result, passed < 0 ? &why : NULL, incidents);
		tell_head(*conf, store, &trouble);
		restore_due(&restorer, *conf, store);
		beat.ended_ms = ticks_ms();
		beat.behind = result.behind;
	} while (wait_for_next(watch, conf, &signals, &beat));
	notify("STOPPING=1");
	log_info("stopped");
	spawn_free(restorer.child);
	watch_free(watch);
	return rc;
}
