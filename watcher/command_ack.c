/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `watcher ack`: an admin's word on incidents, kept in the chain. */
#include "lib/log.h"
#include "lib/login.h"
#include "lib/mem.h"
#include "schema/store.h"
#include "watcher/commands.h"
#include "watcher/writing.h"

#include <string.h>
#include <time.h>

/* As many bytes as a reason may have: it is written with each incident. */
#define REASON_MAX 4096

/* Numbers of incidents. */
struct numbers {
	int64_t *ids;
	size_t n;
	size_t cap;
};

/* What was asked for. */
struct order {
	struct store *store;
	char **ids; /* as typed, n of them */
	size_t n;
	const char *reason;
	bool event; /* each with the rest of its event */
	bool withdraw;
};

static int bad_usage(const char *what, const char *word, struct err *err)
{
	err_set(err, ERR_USAGE, "ack: %s%s", what, word);
	return err_hint(err, "watcher ack --reason TEXT [--event] [--withdraw] "
			     "ID...");
}

/* The reason behind an option that is written as one word or as two; NULL: it
 * is another option. */
static const char *reason_of(char ***args)
{
	static const char option[] = "--reason";
	const size_t len = strlen(option);
	const char *word = **args;

	if (strncmp(word, option, len) != 0)
		return NULL;
	if (word[len] == '=')
		return word + len + 1;
	if (word[len])
		return NULL;
	if (!(*args)[1])
		return "";
	return *++*args;
}

static int take_word(char ***args, struct order *order, struct err *err)
{
	char *word = **args;
	const char *reason = reason_of(args);

	if (reason && order->reason)
		return bad_usage("--reason is there twice", "", err);
	if (reason)
		order->reason = reason;
	else if (strcmp(word, "--event") == 0)
		order->event = true;
	else if (strcmp(word, "--withdraw") == 0)
		order->withdraw = true;
	else if (word[0] == '-')
		return bad_usage("unknown option ", word, err);
	else
		order->ids[order->n++] = word;
	return 0;
}

/* Who reads it later is to know more than that it was done. */
static int take_order(char **args, struct order *order, struct err *err)
{
	for (; *args; args++)
		if (take_word(&args, order, err) < 0)
			return -1;
	if (!order->n)
		return bad_usage("which incidents?", "", err);
	if (!order->reason)
		return bad_usage("--reason is missing", "", err);
	if (!order->reason[strspn(order->reason, " \t\r\n\v\f")])
		return bad_usage("--reason is empty", "", err);
	if (strlen(order->reason) > REASON_MAX) {
		err_set(err, ERR_USAGE, "ack: --reason has %zu bytes",
			strlen(order->reason));
		return err_hint(err, "%d are allowed: say where to read more",
				REASON_MAX);
	}
	return 0;
}

static void add(struct numbers *numbers, int64_t id)
{
	numbers->ids = mem_grow(numbers->ids, &numbers->cap, numbers->n + 1,
				sizeof(*numbers->ids));
	numbers->ids[numbers->n++] = id;
}

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

/* Each once. */
static void sort(struct numbers *numbers)
{
	size_t i, n = 0;

	if (numbers->n)
		qsort(numbers->ids, numbers->n, sizeof(*numbers->ids),
		      by_number);
	for (i = 0; i < numbers->n; i++)
		if (!n || numbers->ids[i] != numbers->ids[n - 1])
			numbers->ids[n++] = numbers->ids[i];
	numbers->n = n;
}

static int add_member(const struct incident *incident, void *arg)
{
	add(arg, incident->incident_id);
	return 0;
}

static int add_event(const struct order *order, const struct incident *incident,
		     struct numbers *numbers, struct err *err)
{
	const struct store_filter all = {
		.until = INT64_MAX,
		.suspected = true,
		.exempt = true,
		.corrected = true,
	};

	return store_event(order->store, incident, &all, add_member, numbers,
			   err);
}

/* The incident of the number, and those of its event where that is asked
 * for. */
static int find_one(const struct order *order, const char *typed,
		    struct numbers *numbers, struct err *err)
{
	struct incident incident = {0};
	int64_t id;
	int rc;

	if (incident_read_id(typed, &id, err) < 0)
		return -1;
	rc = store_incident(order->store, id, &incident, err);
	if (rc == 0) {
		err_set(err, ERR_USAGE, "there is no incident %s", typed);
		err_hint(err, "nothing was written; watcher-report list shows "
			      "them");
		rc = -1;
	}
	if (rc > 0) {
		add(numbers, id);
		rc = order->event ? add_event(order, &incident, numbers, err)
				  : 0;
	}
	incident_finish(&incident);
	return rc;
}

static int write_all(const struct order *order, size_t *n_written,
		     size_t *n_left, struct err *err)
{
	struct numbers numbers = {0};
	autofree char *by = login_name();
	int64_t now_s = (int64_t)time(NULL);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < order->n; i++)
		rc = find_one(order, order->ids[i], &numbers, err);
	sort(&numbers);
	for (i = 0; rc >= 0 && i < numbers.n; i++) {
		rc = order->withdraw
			     ? store_unacknowledge(order->store, numbers.ids[i],
						   now_s, by, order->reason,
						   err)
			     : store_acknowledge(order->store, numbers.ids[i],
						 now_s, by, order->reason, err);
		*n_written += rc > 0;
		*n_left += rc == 0;
	}
	free(numbers.ids);
	return rc < 0 ? -1 : 0;
}

static void tell(const struct order *order, size_t n_written, size_t n_left)
{
	autofree char *left =
		mem_printf("; %zu %s, and %s", n_left,
			   order->withdraw ? "had none" : "acknowledged before",
			   n_left == 1 ? "stays as it is" : "stay as they are");

	log_info("%zu %s%s %s%s", n_written,
		 order->withdraw ? "acknowledgement" : "incident",
		 n_written == 1 ? "" : "s",
		 order->withdraw ? "withdrawn" : "acknowledged",
		 n_left ? left : "");
}

/* All of them, or none. */
static int carry_out(struct order *order, const struct conf *conf,
		     struct err *err)
{
	size_t n_written = 0, n_left = 0;

	order->store = writing_open(conf, err);
	if (!order->store)
		return -1;
	if (store_begin(order->store, (int64_t)time(NULL), err) < 0)
		return -1;
	if (write_all(order, &n_written, &n_left, err) < 0 ||
	    store_commit(order->store, err) < 0) {
		store_rollback(order->store);
		return -1;
	}
	tell(order, n_written, n_left);
	return 0;
}

int command_ack(struct conf **conf, char **args)
{
	struct order order = {0};
	struct err err;
	size_t n;
	int rc;

	for (n = 0; args[n]; n++)
		;
	order.ids = mem_alloc(n, sizeof(*order.ids));
	rc = take_order(args, &order, &err);
	if (rc == 0)
		rc = carry_out(&order, *conf, &err);
	store_close(order.store);
	free(order.ids);
	if (rc == 0)
		return 0;
	log_err(LOG_LEVEL_ERR, &err);
	return err_exit_code(&err);
}
