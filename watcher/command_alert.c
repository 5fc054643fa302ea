/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `watcher alert`: how the channels do, a sample by one of them, or what it has
 * to tell. */
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/when.h"
#include "schema/store_alert.h"
#include "watcher/commands.h"
#include "watcher/courier.h"
#include "watcher/deliver.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* What is not told by then is told in the timer's next round. */
#define ROUND_MS 600000

/* What was asked for. */
struct order {
	const char *test;    /* a channel; NULL: not */
	const char *deliver; /* the same */
	bool due;
};

static int bad_usage(const char *what, const char *word, struct err *err)
{
	err_set(err, ERR_USAGE, "alert: %s%s", what, word);
	return err_hint(err, "watcher alert [--test CHANNEL | --deliver "
			     "CHANNEL | --due]");
}

/* The channel behind an option that is written as one word or as two; NULL: it
 * is another option, or none is there. */
static const char *channel_of(const char *option, char ***args)
{
	const size_t len = strlen(option);
	const char *word = **args;

	if (strncmp(word, option, len) != 0)
		return NULL;
	if (word[len] == '=')
		return word + len + 1;
	if (word[len] || !(*args)[1])
		return NULL;
	return *++*args;
}

static int take_order(char **args, struct order *order, struct err *err)
{
	for (; *args; args++) {
		const char *test = channel_of("--test", &args);
		const char *deliver =
			test ? NULL : channel_of("--deliver", &args);

		if (test)
			order->test = test;
		else if (deliver)
			order->deliver = deliver;
		else if (strcmp(*args, "--due") == 0)
			order->due = true;
		else if (strcmp(*args, "--test") == 0 ||
			 strcmp(*args, "--deliver") == 0)
			return bad_usage(*args, " needs a channel", err);
		else
			return bad_usage("unknown word ", *args, err);
	}
	if ((order->test != NULL) + (order->deliver != NULL) + order->due > 1)
		return bad_usage("--test, --deliver or --due", ", not both",
				 err);
	return 0;
}

static const struct conf_channel *find(const struct conf *conf,
				       const char *name, struct err *err)
{
	const struct conf_channel *channel = conf_channel(conf, name);
	autotext struct text known = {0};
	size_t i;

	if (channel)
		return channel;
	for (i = 0; i < conf->n_channels; i++)
		text_addf(&known, "%s%s", i ? ", " : "there are ",
			  conf->channels[i].name);
	err_set(err, ERR_USAGE, "%s: there is no [alert %.60s]", conf->path,
		name);
	err_hint(err, "%s", known.s ? known.s : "there is none at all");
	return NULL;
}

/* --- A sample ------------------------------------------------------------- */

static int test(const struct conf *conf, const char *name, struct err *err)
{
	const struct conf_channel *channel = find(conf, name, err);
	struct message message;
	int status;
	int rc;

	if (!channel)
		return -1;
	message_sample(name, (int64_t)time(NULL), &message);
	rc = deliver_message(channel, &message, &status, err);
	message_finish(&message);
	if (rc < 0)
		return err_prefix(err, "alert %s: ", name);
	printf("%s: the sample was taken%s\n", name,
	       status == 0 ? ", exit status 0" : "");
	return 0;
}

/* --- What is due ---------------------------------------------------------- */

static int deliver(const struct conf *conf, const char *name, struct err *err)
{
	const struct conf_channel *channel = find(conf, name, err);
	struct store *store;
	size_t n;
	int rc = -1;

	if (!channel)
		return -1;
	/* Nothing that it writes is in the chain: it needs no key. */
	store = store_open(conf->store.path, NULL, (int64_t)time(NULL), err);
	if (store)
		rc = deliver_due(channel, store, &n, err);
	store_close(store);
	return rc;
}

/* All that is due by the channels of the timer, each in a process of its own.
 */
static int deliver_all(const struct conf *conf, struct err *err)
{
	struct store *store =
		store_open(conf->store.path, NULL, (int64_t)time(NULL), err);
	struct courier *courier;

	if (!store)
		return -1;
	courier = courier_new("timer");
	courier_wait(courier, conf, store, ROUND_MS);
	courier_free(courier);
	store_close(store);
	return 0;
}

/* --- How they do ---------------------------------------------------------- */

struct list {
	const struct conf *conf;
	bool *seen; /* of the configuration's */
};

static void print_time(const char *what, int64_t time_s)
{
	char buf[WHEN_SIZE];

	if (time_s)
		printf("%s%s", what, when_local(time_s, buf));
}

static int print_count(const struct store_alert_count *count, void *arg)
{
	const struct list *list = arg;
	const struct conf_channel *channel =
		conf_channel(list->conf, count->channel);
	autofree char *name = text_escaped(count->channel);
	autofree char *trouble = text_escaped(count->trouble);

	if (channel)
		list->seen[channel - list->conf->channels] = true;
	printf("%s (%s): %" PRId64 " told", name,
	       channel ? channel->type : "not in watcher.conf",
	       count->delivered);
	print_time(", last ", count->delivered_s);
	printf("; %" PRId64 " to be told", count->pending);
	print_time(" since ", count->pending_s);
	printf("; %" PRId64 " given up", count->given_up);
	print_time(", last ", count->given_up_s);
	printf("%s%s\n", *trouble ? "; " : "", trouble);
	return 0;
}

static int print_list(const struct conf *conf, struct err *err)
{
	bool *seen = mem_alloc(conf->n_channels + 1, sizeof(*seen));
	struct list list = {conf, seen};
	struct store *store = store_open_read(conf->store.path, err);
	size_t i;
	int rc = -1;

	if (store)
		rc = store_alert_counts(store, print_count, &list, err);
	for (i = 0; rc == 0 && i < conf->n_channels; i++)
		if (!seen[i])
			printf("%s (%s): nothing to tell so far\n",
			       conf->channels[i].name, conf->channels[i].type);
	if (rc == 0 && !conf->n_channels)
		fprintf(stderr, "There is no [alert NAME] section in %s.\n",
			conf->path);
	store_close(store);
	free(seen);
	return rc;
}

int command_alert(struct conf **conf, char **args)
{
	struct order order = {0};
	struct err err;
	int rc = take_order(args, &order, &err);

	if (rc == 0 && order.test)
		rc = test(*conf, order.test, &err);
	else if (rc == 0 && order.deliver)
		rc = deliver(*conf, order.deliver, &err);
	else if (rc == 0 && order.due)
		rc = deliver_all(*conf, &err);
	else if (rc == 0)
		rc = print_list(*conf, &err);
	if (rc == 0)
		return 0;
	log_err(LOG_LEVEL_ERR, &err);
	return err_exit_code(&err);
}
