/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/deliver.h"

#include "lib/hook.h"
#include "lib/log.h"
#include "lib/mem.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define HOUR_S 3600

/* The most that are told at once, in a digest. */
#define ALERTS_MAX 5000

/* How long a program may take beyond its time to be ended. */
#define ENDING_S 10

/* The store may be busy with what a pass found; what was told must be noted. */
#define BUSY_TRIES 60

/* The delivery of what one channel has to tell. */
struct delivery {
	const struct conf_channel *channel;
	struct store *store;
	struct store_alert *alerts; /* that are told by one message */
	size_t n;
	size_t taken; /* messages, so far */
};

int64_t deliver_wait_s(const struct conf_channel *channel, int64_t n)
{
	int64_t wait_s = channel->retry_s;

	while (--n > 0 && wait_s < HOUR_S)
		wait_s *= 2;
	return wait_s < HOUR_S ? wait_s : HOUR_S;
}

int deliver_message(const struct conf_channel *channel,
		    const struct message *message, int *status, struct err *err)
{
	*status = -1;
	if (strcmp(channel->type, "exec") == 0)
		return deliver_exec(channel, message, status, err);
	if (strcmp(channel->type, "mail") == 0)
		return deliver_mail(channel, message, status, err);
	return deliver_syslog(channel, message, status, err);
}

int deliver_run(const struct conf_channel *channel, char *const *argv,
		char *const *envp, const char *input, int *status,
		struct err *err)
{
	const struct hook hook = {
		.argv = argv,
		.envp = envp,
		.input = input,
		.input_len = strlen(input),
		.timeout_ms = (int)channel->timeout_s * 1000,
	};
	struct hook_result result;
	autofree char *said = NULL;
	int rc = hook_run(&hook, &result, err);

	*status = result.status;
	if (rc == 0 && result.status != 0) {
		if (result.output.s)
			result.output.s[strcspn(result.output.s, "\n")] = '\0';
		said = text_replaced(result.output.s ? result.output.s : "",
				     true);
		rc = err_set(err, ERR_RETRY, "%s ended with status %d%s%.300s",
			     argv[0], result.status, *said ? ": " : "", said);
	}
	text_free(&result.output);
	return rc;
}

/* --- The queue ----------------------------------------------------------- */

/* Until none of another's tries can still be under way. */
static int64_t lease_s(const struct conf_channel *channel, int64_t n)
{
	int64_t wait_s = deliver_wait_s(channel, n);
	int64_t takes_s = channel->timeout_s + ENDING_S;

	return wait_s > takes_s ? wait_s : takes_s;
}

static int take_up(struct delivery *delivery, int64_t now_s, struct err *err)
{
	size_t i;

	for (i = 0; i < delivery->n; i++) {
		struct store_alert *alert = &delivery->alerts[i];

		alert->next_s =
			now_s + lease_s(delivery->channel, ++alert->tries);
	}
	return store_alert_try(delivery->store, delivery->alerts, &delivery->n,
			       now_s, err);
}

/* What came of it, also where the store is busy for a while: else it would be
 * told again. */
static int note(struct delivery *delivery,
		const struct store_alert_tried *tried, struct err *err)
{
	const struct timespec nap = {.tv_sec = 1};
	int64_t now_s = (int64_t)time(NULL);
	size_t i;
	int tries = 0;
	int rc;

	for (i = 0; i < delivery->n; i++) {
		struct store_alert *alert = &delivery->alerts[i];

		alert->next_s =
			now_s + deliver_wait_s(delivery->channel, alert->tries);
	}
	for (;;) {
		rc = store_alert_tried(delivery->store, delivery->alerts,
				       delivery->n, now_s, tried, err);
		if (rc == 0 || err->kind != ERR_RETRY || ++tries == BUSY_TRIES)
			return rc;
		nanosleep(&nap, NULL);
	}
}

/* --- Telling ------------------------------------------------------------- */

/* "alert ops: incident (event 5)", "alert ops: digest". */
static char *name_of(const struct delivery *delivery,
		     const struct message *message)
{
	if (message->event_id)
		return mem_printf("alert %s: %s (event %" PRId64 ")",
				  delivery->channel->name, message->what,
				  message->event_id);
	return mem_printf("alert %s: %s", delivery->channel->name,
			  message->what);
}

/* How many of these are given up. */
static size_t count_before(const struct delivery *delivery, int64_t before_s)
{
	size_t i, n = 0;

	for (i = 0; i < delivery->n; i++)
		n += delivery->alerts[i].at_s < before_s;
	return n;
}

static void tell_failure(const struct delivery *delivery,
			 const struct message *message, int64_t before_s,
			 const struct err *failure)
{
	autofree char *name = name_of(delivery, message);
	size_t given_up = count_before(delivery, before_s);
	int64_t wait_s =
		deliver_wait_s(delivery->channel, delivery->alerts[0].tries);

	log_warn("%s: %s", name, failure->msg);
	if (given_up)
		log_line(LOG_LEVEL_ERR,
			 "%s: given up after %" PRId64 " tries: people were "
			 "not told",
			 name, delivery->alerts[0].tries);
	else
		log_info("%s: tried again in %" PRId64 " s", name, wait_s);
}

static int hand_over(struct delivery *delivery, const struct message *message,
		     struct err *err)
{
	struct store_alert_tried tried = {.trouble = ""};
	struct err failure;
	int status;
	int rc = deliver_message(delivery->channel, message, &status, &failure);
	autofree char *name = name_of(delivery, message);

	tried.status = status;
	tried.delivered = rc == 0;
	if (rc < 0) {
		tried.trouble = failure.msg;
		tried.give_up_before_s =
			(int64_t)time(NULL) - delivery->channel->give_up_s;
		tell_failure(delivery, message, tried.give_up_before_s,
			     &failure);
	} else {
		delivery->taken++;
		log_info("%s: told", name);
	}
	return note(delivery, &tried, err);
}

/* What it was about is forgotten. */
static int drop(struct delivery *delivery, struct err *err)
{
	const struct store_alert_tried tried = {
		.give_up_before_s = INT64_MAX,
		.status = -1,
		.trouble = "what it was about was pruned",
	};

	return note(delivery, &tried, err);
}

/* Takes up what is due and tells it by one message. */
static int tell(struct delivery *delivery, int64_t now_s, struct err *err)
{
	bool is_digest = delivery->n > 1;
	struct message message;
	int rc = take_up(delivery, now_s, err);

	if (rc < 0 || !delivery->n)
		return rc;
	if (is_digest)
		rc = message_digest(delivery->store, delivery->channel->name,
				    delivery->alerts, delivery->n, &message,
				    err) < 0
			     ? -1
			     : 1;
	else
		rc = message_make(delivery->store, delivery->channel->name,
				  delivery->alerts, &message, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return drop(delivery, err);
	rc = hand_over(delivery, &message, err);
	message_finish(&message);
	return rc;
}

int deliver_due(const struct conf_channel *channel, struct store *store,
		size_t *n, struct err *err)
{
	struct store_alert *alerts = mem_alloc(ALERTS_MAX, sizeof(*alerts));
	struct delivery delivery = {
		.channel = channel,
		.store = store,
		.alerts = alerts,
	};
	int rc;

	do {
		int64_t now_s = (int64_t)time(NULL);

		rc = store_alerts_due(store, channel->name, now_s, alerts,
				      ALERTS_MAX, &delivery.n, err);
		if (rc < 0 || !delivery.n)
			break;
		if (delivery.n <= (size_t)channel->digest_over)
			delivery.n = 1;
		rc = tell(&delivery, now_s, err);
	} while (rc == 0);
	free(alerts);
	*n = delivery.taken;
	return rc;
}
