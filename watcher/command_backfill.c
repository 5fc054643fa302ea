/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `watcher backfill`: history, with a progress bar on a terminal. */
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/ticks.h"
#include "lib/when.h"
#include "schema/store.h"
#include "schema/store_prune.h"
#include "watcher/backfill.h"
#include "watcher/commands.h"
#include "watcher/slurmdbd.h"
#include "watcher/writing.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How often a line is logged where there is no terminal. */
#define LINE_MS 60000
#define BAR_MS 200
#define BAR_WIDTH 30

static volatile sig_atomic_t stop;

/* What the progress is shown with. */
struct display {
	bool is_terminal;
	int64_t begun_ms;
	int64_t shown_ms;
	double begun_done; /* where it took up an earlier one */
	bool is_begun;
	struct backfill_progress last;
};

static void on_signal(int signal_number)
{
	(void)signal_number;
	stop = 1;
}

/* Percent a minute, and seconds left; -1: not known yet. */
static double rate_of(const struct display *display,
		      const struct backfill_progress *progress, int64_t *left_s)
{
	double minutes = (double)(ticks_ms() - display->begun_ms) / 60000.0;
	double rate = minutes > 0
			      ? 100.0 * (progress->done - display->begun_done) /
					minutes
			      : 0.0;

	*left_s = rate > 0 ? (int64_t)(6000.0 * (1.0 - progress->done) / rate)
			   : -1;
	return rate;
}

static void show_bar(const struct display *display,
		     const struct backfill_progress *progress)
{
	char bar[BAR_WIDTH + 1];
	int full = (int)(progress->done * BAR_WIDTH);
	int64_t left_s;
	double rate = rate_of(display, progress, &left_s);

	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', (size_t)full);
	bar[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r%s [%s] %5.1f %%, %.0f %%/min, ", progress->cluster,
		bar, 100.0 * progress->done, rate);
	if (progress->counting)
		fputs("counting jobs", stderr);
	else
		fprintf(stderr, "%zu incidents", progress->incidents);
	if (left_s >= 0)
		fprintf(stderr, ", %" PRId64 ":%02" PRId64 " left", left_s / 60,
			left_s % 60);
	fputs("\033[K", stderr);
	if (progress->done >= 1.0)
		fputc('\n', stderr);
}

static bool on_progress(const struct backfill_progress *progress, void *arg)
{
	struct display *display = arg;
	int64_t now_ms = ticks_ms();
	int64_t beat_ms = display->is_terminal ? BAR_MS : LINE_MS;

	if (!display->is_begun ||
	    display->last.counting != progress->counting) {
		display->is_begun = true;
		display->begun_ms = now_ms;
		display->begun_done = progress->done;
	}
	display->last = *progress;
	if (progress->done < 1.0 && now_ms - display->shown_ms < beat_ms)
		return !stop;
	display->shown_ms = now_ms;
	if (display->is_terminal)
		show_bar(display, progress);
	else if (progress->done < 1.0)
		log_info("cluster %s: %s %.1f %%, %zu incidents",
			 progress->cluster,
			 progress->counting ? "counted" : "backfilled",
			 100.0 * progress->done, progress->incidents);
	return !stop;
}

static int one_cluster(struct backfill *backfill, struct slurmdbd *db,
		       const char *name, struct err *err)
{
	struct display *display = backfill->arg;
	struct slurmdbd_cluster *cluster;
	int64_t now_s;
	int rc;

	*display = (struct display){
		.is_terminal = isatty(STDERR_FILENO) == 1,
		.begun_ms = ticks_ms(),
		.shown_ms = ticks_ms(),
	};
	if (slurmdbd_clock(db, &now_s, err) < 0)
		return -1;
	cluster = slurmdbd_cluster_open(db, name, err);
	if (!cluster)
		return -1;
	rc = backfill_cluster(backfill, cluster, now_s, err);
	slurmdbd_cluster_close(cluster);
	if (rc > 0)
		log_info("cluster %s: backfilled; %zu new incidents, %zu "
			 "exempt",
			 name, display->last.incidents, display->last.exempt);
	if (rc == 0)
		log_info("cluster %s: stopped at %.1f %%%s; %zu new incidents, "
			 "%zu exempt",
			 name, 100.0 * display->last.done,
			 display->last.counting ? " of counting jobs" : "",
			 display->last.incidents, display->last.exempt);
	return rc;
}

/* All clusters that are to be watched; one that fails does not keep the others
 * from being read. The exit code. */
static int all_clusters(struct backfill *backfill, struct slurmdbd *db)
{
	struct text_list names = {0};
	struct err err;
	int code = 0;
	size_t i;
	int rc;

	if (slurmdbd_to_watch(db, backfill->conf, &names, &err) < 0) {
		log_err(LOG_LEVEL_ERR, &err);
		text_list_free(&names);
		return err_exit_code(&err);
	}
	for (i = 0; i < names.n && !stop; i++) {
		rc = one_cluster(backfill, db, names.items[i], &err);
		if (rc < 0)
			log_err(LOG_LEVEL_ERR, &err);
		if (rc <= 0)
			code = 3;
	}
	text_list_free(&names);
	if (stop)
		log_info("stopped; the same command goes on from here");
	return code;
}

/* The time behind an option. */
static int parse_time(char **args, int64_t *time_s, struct err *err)
{
	time_t now = time(NULL);

	if (!args[1])
		return err_set(err, ERR_USAGE, "backfill: %s takes a time",
			       *args);
	if (when_time(args[1], now, time_s, err) < 0)
		return -1;
	if (*time_s > now)
		return err_set(err, ERR_USAGE,
			       "backfill: %s is in the future: %s", *args,
			       args[1]);
	return 0;
}

static int parse_args(char **args, struct backfill *backfill, struct err *err)
{
	int64_t *target;

	for (; *args; args++) {
		if (strcmp(*args, "--count") == 0) {
			backfill->count = true;
			continue;
		}
		if (strcmp(*args, "--since") == 0)
			target = &backfill->since_s;
		else if (strcmp(*args, "--until") == 0)
			target = &backfill->until_s;
		else
			return err_set(err, ERR_USAGE,
				       "backfill: unknown argument '%s'",
				       *args);
		if (*target)
			return err_set(err, ERR_USAGE,
				       "backfill: %s is there twice", *args);
		if (parse_time(args++, target, err) < 0)
			return -1;
	}
	if (!backfill->since_s) {
		err_set(err, ERR_USAGE, "backfill takes --since TIME");
		return err_hint(err, "for example --since 2026-01-01");
	}
	if (backfill->until_s && backfill->until_s <= backfill->since_s)
		return err_set(err, ERR_USAGE,
			       "backfill: --until is not after --since");
	return 0;
}

static struct slurmdbd *open_database(const struct conf *conf, struct err *err)
{
	struct conf_database database;
	struct slurmdbd *db;

	if (conf_database(conf, &database, err) < 0)
		return NULL;
	db = slurmdbd_open(&database, err);
	conf_database_finish(&database);
	return db;
}

/* What was pruned stays so, though accounting may have it still. */
static void warn_pruned(struct store *store, int64_t since_s)
{
	char before[WHEN_SIZE];
	int64_t before_s;
	struct err err;

	if (store_pruned_before(store, &before_s, &err) < 0)
		log_err(LOG_LEVEL_WARN, &err);
	else if (since_s < before_s)
		log_warn("what ended before %s was pruned, and is not recorded "
			 "again",
			 when_local(before_s, before));
}

/* Needs no lock: it moves nothing that a watcher at work moves, and each
 * incident is recorded once, whoever comes first. */
int command_backfill(struct conf **conf, char **args)
{
	const struct sigaction action = {.sa_handler = on_signal};
	struct display display;
	struct backfill backfill = {
		.conf = *conf,
		.fn = on_progress,
		.arg = &display,
	};
	struct slurmdbd *db = NULL;
	struct err err;
	int code;

	if (parse_args(args, &backfill, &err) < 0)
		goto fail;
	backfill.store = writing_open(*conf, &err);
	if (!backfill.store)
		goto fail;
	warn_pruned(backfill.store, backfill.since_s);
	db = open_database(*conf, &err);
	if (!db)
		goto fail;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	code = all_clusters(&backfill, db);
	slurmdbd_close(db);
	store_close(backfill.store);
	return code;
fail:
	log_err(LOG_LEVEL_ERR, &err);
	store_close(backfill.store);
	return err_exit_code(&err);
}
