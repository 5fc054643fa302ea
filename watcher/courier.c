/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/courier.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/ticks.h"
#include "schema/store_alert.h"
#include "watcher/child.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

/* How long one that was sent out may be: many messages, each with its time. */
#define OUT_MS 3600000

/* What is due within this time is waited for by who waits at all: longer than
 * the delay of channels, and not as long as the wait of what failed. */
#define SOON_S 25

/* Where the program itself fails, it is not run again at once. */
#define FAILED_MS 30000

/* When alerts for a channel that is no more in watcher.conf are given up, and
 * how often that is looked at. */
#define DAY_S 86400
#define GIVE_UP_MS 600000

/* No setting makes an alert wait longer, and how often that is looked at. */
#define FAR_S (DAY_S + 3600)
#define HURRY_MS 600000

/* One that tells what a channel has to tell. */
struct messenger {
	char *channel;
	struct spawn *child; /* NULL: he is not out */
	int64_t next_ms;     /* not sooner again */
};

struct courier {
	const char *deliver; /* which channels are its own */
	struct messenger *messengers;
	size_t n;
	size_t cap;
	int64_t give_up_ms; /* when it is due again */
	int64_t hurry_ms;   /* the same */
	char *trouble;      /* with the store; NULL: none */
};

struct order {
	const struct conf *conf;
	const char *channel;
};

struct courier *courier_new(const char *deliver)
{
	struct courier *courier = mem_alloc(1, sizeof(*courier));

	courier->deliver = deliver;
	return courier;
}

static int go(int fd, const void *arg)
{
	const struct order *order = arg;
	const char *const args[] = {"alert", "--deliver", order->channel, NULL};

	return child_become(fd, order->conf, args);
}

static struct messenger *messenger_of(struct courier *courier,
				      const char *channel)
{
	size_t i;

	for (i = 0; i < courier->n; i++)
		if (strcmp(courier->messengers[i].channel, channel) == 0)
			return &courier->messengers[i];
	courier->messengers =
		mem_grow(courier->messengers, &courier->cap, courier->n + 1,
			 sizeof(*courier->messengers));
	courier->messengers[courier->n++] =
		(struct messenger){.channel = mem_strdup(channel)};
	return &courier->messengers[courier->n - 1];
}

static void send_out(struct courier *courier, const struct conf *conf,
		     const char *channel)
{
	struct messenger *messenger = messenger_of(courier, channel);
	const struct order order = {conf, channel};
	autofree char *what = mem_printf("alert %s", channel);
	struct err err;

	if (messenger->child || ticks_ms() < messenger->next_ms)
		return;
	messenger->child = spawn_begin(what, go, &order, OUT_MS, &err);
	if (!messenger->child) {
		messenger->next_ms = ticks_ms() + FAILED_MS;
		log_err(LOG_LEVEL_ERR, &err);
	}
}

static void collect(struct courier *courier)
{
	size_t i;

	for (i = 0; i < courier->n; i++) {
		struct messenger *messenger = &courier->messengers[i];
		bool failed = false;

		if (child_collect(&messenger->child, &failed))
			messenger->next_ms =
				ticks_ms() + (failed ? FAILED_MS : 0);
	}
}

/* Nobody will tell what is for a channel that is no more there. */
static int give_up(struct courier *courier, const struct conf *conf,
		   struct store *store, int64_t now_s, struct err *err)
{
	struct text_list names = {0};
	int64_t n = 0;
	size_t i;
	int rc;

	if (ticks_ms() < courier->give_up_ms)
		return 0;
	courier->give_up_ms = ticks_ms() + GIVE_UP_MS;
	for (i = 0; i < conf->n_channels; i++)
		text_list_add(&names, conf->channels[i].name);
	rc = store_alert_give_up(store, &names, now_s, now_s - DAY_S, &n, err);
	text_list_free(&names);
	if (n)
		log_line(LOG_LEVEL_ERR,
			 "%" PRId64 " alerts are given up: their channels are "
			 "not in %s any more",
			 n, conf->path);
	return rc;
}

static bool is_own(const struct courier *courier,
		   const struct conf_channel *channel)
{
	return strcmp(channel->deliver, courier->deliver) == 0;
}

/* This host's clock may have been ahead, as when a machine starts: what was put
 * off by it would wait until then. */
static int hurry(struct courier *courier, struct store *store, int64_t now_s,
		 struct err *err)
{
	int64_t n = 0;

	if (ticks_ms() < courier->hurry_ms)
		return 0;
	if (store_alert_hurry(store, now_s, now_s + FAR_S, &n, err) < 0)
		return -1;
	courier->hurry_ms = ticks_ms() + HURRY_MS;
	if (n)
		log_warn("alerts that were to wait for more than a day, by a "
			 "clock that was ahead, are due now: %" PRId64,
			 n);
	return 0;
}

/* Sends out for what is due. *n: how many channels have anything. */
static int tend(struct courier *courier, const struct conf *conf,
		struct store *store, size_t *n, struct err *err)
{
	int64_t now_s = (int64_t)time(NULL);
	struct text_list due = {0};
	size_t i;
	int rc = hurry(courier, store, now_s, err);

	*n = 0;
	if (rc == 0)
		rc = store_alert_channels_due(store, now_s, &due, err);
	for (i = 0; rc == 0 && i < due.n; i++) {
		const struct conf_channel *channel =
			conf_channel(conf, due.items[i]);

		if (!channel) {
			rc = give_up(courier, conf, store, now_s, err);
		} else if (is_own(courier, channel)) {
			send_out(courier, conf, due.items[i]);
			(*n)++;
		}
	}
	text_list_free(&due);
	return rc;
}

static size_t tend_and_count(struct courier *courier, const struct conf *conf,
			     struct store *store)
{
	struct err err;
	size_t n = 0;
	int rc;

	collect(courier);
	rc = tend(courier, conf, store, &n, &err);
	log_trouble(LOG_LEVEL_ERR, &courier->trouble, rc < 0 ? &err : NULL,
		    "alerts", "sent out");
	return n;
}

void courier_tend(struct courier *courier, const struct conf *conf,
		  struct store *store)
{
	tend_and_count(courier, conf, store);
}

static bool is_anybody_out(const struct courier *courier)
{
	size_t i;

	for (i = 0; i < courier->n; i++)
		if (courier->messengers[i].child)
			return true;
	return false;
}

/* Whether anything will be due in a moment, as what waits for more of its
 * event. */
static bool is_anything_due_soon(const struct courier *courier,
				 const struct conf *conf, struct store *store)
{
	int64_t soon_s = (int64_t)time(NULL) + SOON_S;
	struct text_list due = {0};
	bool found = false;
	struct err ignored;
	size_t i;

	if (store_alert_channels_due(store, soon_s, &due, &ignored) == 0)
		for (i = 0; i < due.n; i++) {
			const struct conf_channel *channel =
				conf_channel(conf, due.items[i]);

			found |= channel && is_own(courier, channel);
		}
	text_list_free(&due);
	return found;
}

void courier_wait(struct courier *courier, const struct conf *conf,
		  struct store *store, int64_t wait_ms)
{
	const struct timespec nap = {.tv_nsec = 50000000};
	int64_t until_ms = ticks_ms() + wait_ms;
	bool goes_on;

	do {
		tend_and_count(courier, conf, store);
		goes_on = (is_anybody_out(courier) ||
			   is_anything_due_soon(courier, conf, store)) &&
			  ticks_ms() < until_ms;
		if (goes_on)
			nanosleep(&nap, NULL);
	} while (goes_on);
}

void courier_free(struct courier *courier)
{
	size_t i;

	if (!courier)
		return;
	for (i = 0; i < courier->n; i++) {
		spawn_free(courier->messengers[i].child);
		free(courier->messengers[i].channel);
	}
	free(courier->messengers);
	free(courier->trouble);
	free(courier);
}
