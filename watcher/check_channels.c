/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether people can be told. */
#include "lib/when.h"
#include "schema/store_alert.h"
#include "watcher/check.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* What the channel runs; NULL: nothing. */
static const char *program_of(const struct conf_channel *channel)
{
	if (strcmp(channel->type, "exec") == 0)
		return channel->command.items[0];
	return strcmp(channel->type, "mail") == 0 ? channel->sendmail : NULL;
}

static void check_channel(struct check *check,
			  const struct conf_channel *channel)
{
	const char *program = program_of(channel);

	if (!program || access(program, X_OK) == 0) {
		check_say(check, CHECK_FINE, "channel %s: %s", channel->name,
			  program ? program : channel->type);
		return;
	}
	check_say(check, CHECK_DOUBTFUL, "channel %s: %s: %s", channel->name,
		  program, strerror(errno));
	check_remedy("make it a program that this user may run; `watcher alert "
		     "--test %s` tries it",
		     channel->name);
}

/* What could not be told yet, or never was. */
static int check_count(const struct store_alert_count *count, void *arg)
{
	struct check *check = arg;
	char since[WHEN_SIZE];

	if (count->pending && count->trouble[0]) {
		check_say(check, CHECK_DOUBTFUL,
			  "channel %s: %" PRId64 " to be told since %s: %s",
			  count->channel, count->pending,
			  when_local(count->pending_s, since), count->trouble);
		check_remedy("`watcher alert --test %s` tries it",
			     count->channel);
	}
	if (count->given_up)
		check_say(check, CHECK_NOTE,
			  "channel %s: %" PRId64 " given up, the last at %s",
			  count->channel, count->given_up,
			  when_local(count->given_up_s, since));
	return 0;
}

void check_channels(struct check *check)
{
	const struct conf *conf = check->conf;
	struct store *store;
	struct err ignored;
	size_t i;

	for (i = 0; i < conf->n_channels; i++)
		check_channel(check, &conf->channels[i]);
	if (!conf->n_channels) {
		check_say(check, CHECK_NOTE, "nobody is told of incidents");
		check_remedy("an [alert NAME] section in %s does that",
			     conf->path);
	}
	/* One that is not there yet has nothing to tell. */
	store = store_open_read(conf->store.path, &ignored);
	if (store)
		store_alert_counts(store, check_count, check, &ignored);
	store_close(store);
}
