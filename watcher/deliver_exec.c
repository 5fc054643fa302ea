/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Channels that are programs of the site's. */
#include "lib/mem.h"
#include "watcher/deliver.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of the service's environment, these are its own business. */
static const char *const kept_back[] = {
	"NOTIFY_SOCKET=",  "WATCHDOG_USEC=", "WATCHDOG_PID=",
	"JOURNAL_STREAM=", "LISTEN_",        "WATCHER_",
};

struct environment {
	char **items;
	size_t n;
	size_t cap;
};

static void add(struct environment *environment, char *item)
{
	environment->items =
		mem_grow(environment->items, &environment->cap,
			 environment->n + 2, sizeof(*environment->items));
	environment->items[environment->n++] = item;
	environment->items[environment->n] = NULL;
}

static void add_field(const char *name, const char *value, void *arg)
{
	add(arg, mem_printf("%s=%s", name, value));
}

static bool is_kept_back(const char *item)
{
	size_t i;

	for (i = 0; i < LENGTH(kept_back); i++)
		if (strncmp(item, kept_back[i], strlen(kept_back[i])) == 0)
			return true;
	return false;
}

int deliver_exec(const struct conf_channel *channel,
		 const struct message *message, int *status, struct err *err)
{
	struct environment environment = {0};
	autofree char *dumped = json_dumps(message->json, JSON_COMPACT);
	autofree char *input = mem_printf("%s\n", dumped);
	char **argv = mem_alloc(channel->command.n + 1, sizeof(*argv));
	size_t i;
	int rc;

	for (i = 0; i < channel->command.n; i++)
		argv[i] = channel->command.items[i];
	for (i = 0; environ[i]; i++)
		if (!is_kept_back(environ[i]))
			add(&environment, mem_strdup(environ[i]));
	message_fields(message, add_field, &environment);
	rc = deliver_run(channel, argv, environment.items, input, status, err);
	for (i = 0; i < environment.n; i++)
		free(environment.items[i]);
	free(environment.items);
	free(argv);
	return rc;
}
