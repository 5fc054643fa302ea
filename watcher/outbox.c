/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/outbox.h"

#include "conf/conf.h"
#include "lib/when.h"
#include "schema/store_alert.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

/* One filling of the outbox. */
struct fill {
	const struct conf *conf;
	struct store *store;
	int64_t now_s; /* this host's clock */
	/* What the last piece of news said: most are of the same event. */
	struct text said;
	int64_t entry_id; /* of the first that said so */
};

static bool has(const struct text_list *list, const char *word)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->items[i], word) == 0)
			return true;
	return false;
}

static bool wants(const struct conf_channel *channel, enum alert_what what)
{
	return has(&channel->on, alert_whats[what]);
}

/* Whether the incident is one that the channel is for. */
static bool is_for(const struct fill *fill, const struct conf_channel *channel,
		   const struct store_news *news)
{
	if (!news->confirmed &&
	    strcmp(channel->min_confidence, "confirmed") == 0)
		return false;
	return has(&channel->kinds, news->kind) &&
	       conf_alerts(fill->conf, news->section, channel);
}

static int queue(const struct fill *fill, const struct conf_channel *channel,
		 enum alert_what what, int64_t event_id, int64_t about,
		 struct err *err)
{
	int64_t wait_s =
		what == ALERT_GAP ? channel->gap_after_s : channel->delay_s;
	const struct store_alert alert = {
		.what = what,
		.event_id = event_id,
		.about = about,
		.at_s = fill->now_s,
		.next_s = fill->now_s + wait_s,
	};

	return store_alert_add(fill->store, channel->name, &alert, err) < 0 ? -1
									    : 0;
}

static int queue_incident(const struct fill *fill,
			  const struct conf_channel *channel,
			  const struct store_news *news, struct err *err)
{
	if (!wants(channel, ALERT_INCIDENT) || !is_for(fill, channel, news))
		return 0;
	return queue(fill, channel, ALERT_INCIDENT, news->event_id, 0, err);
}

/* Who was not told of the event hears nothing more of it; but what is confirmed
 * now may be sure enough now. */
static int queue_follow_up(const struct fill *fill,
			   const struct conf_channel *channel,
			   const struct store_news *news, struct err *err)
{
	int64_t about =
		news->what == ALERT_RESTORATION_FAILED ? fill->entry_id : 0;
	int told = is_for(fill, channel, news);

	if (wants(channel, ALERT_INCIDENT))
		told = store_alert_known(fill->store, channel->name,
					 ALERT_INCIDENT, news->event_id, err);
	if (told < 0)
		return -1;
	if (!told)
		return news->what == ALERT_CONFIRMED
			       ? queue_incident(fill, channel, news, err)
			       : 0;
	if (!wants(channel, news->what))
		return 0;
	return queue(fill, channel, news->what, news->event_id, about, err);
}

/* One that closed before it was told is told once it has closed, unless it was
 * short. */
static int queue_gap(const struct fill *fill,
		     const struct conf_channel *channel,
		     const struct store_news *news, struct err *err)
{
	int64_t lasted_s = when_between(news->since_s, news->until_s);

	if (news->what == ALERT_GAP)
		return wants(channel, ALERT_GAP)
			       ? queue(fill, channel, ALERT_GAP, 0, news->span,
				       err)
			       : 0;
	if (store_alert_withdraw(fill->store, channel->name, ALERT_GAP,
				 news->span, err) < 0)
		return -1;
	if (!wants(channel, ALERT_GAP_CLOSED) ||
	    lasted_s < channel->gap_after_s)
		return 0;
	return queue(fill, channel, ALERT_GAP_CLOSED, 0, news->span, err);
}

static int queue_broken(const struct fill *fill,
			const struct conf_channel *channel,
			const struct store_news *news, struct err *err)
{
	if (!wants(channel, ALERT_CHAIN_BROKEN))
		return 0;
	return queue(fill, channel, ALERT_CHAIN_BROKEN, 0, news->entry_id, err);
}

/* Whether the piece before it said the same; what it says is kept. */
static bool is_said(struct fill *fill, const struct store_news *news)
{
	struct text says = {0};
	bool same;

	text_addf(&says, "%s %" PRId64 " %d %s %s", alert_whats[news->what],
		  news->event_id, news->confirmed, news->kind, news->section);
	same = news->event_id && fill->said.s &&
	       strcmp(fill->said.s, says.s) == 0;
	text_free(&fill->said);
	fill->said = says;
	if (!same)
		fill->entry_id = news->entry_id;
	return same;
}

static int on_news(const struct store_news *news, void *arg, struct err *err)
{
	struct fill *fill = arg;
	size_t i;
	int rc = 0;

	if (is_said(fill, news))
		return 0;
	for (i = 0; rc == 0 && i < fill->conf->n_channels; i++) {
		const struct conf_channel *channel = &fill->conf->channels[i];

		if (news->what == ALERT_INCIDENT)
			rc = queue_incident(fill, channel, news, err);
		else if (alert_is_follow_up(news->what))
			rc = queue_follow_up(fill, channel, news, err);
		else if (news->what == ALERT_CHAIN_BROKEN)
			rc = queue_broken(fill, channel, news, err);
		else
			rc = queue_gap(fill, channel, news, err);
	}
	return rc;
}

int outbox_fill(struct store *store, const void *conf, struct err *err)
{
	struct fill fill = {
		.conf = conf,
		.store = store,
		.now_s = (int64_t)time(NULL),
	};
	int rc;

	if (!fill.conf->n_channels)
		return store_alert_looked(store, err);
	rc = store_alert_news(store, on_news, &fill, err);
	text_free(&fill.said);
	return rc;
}
