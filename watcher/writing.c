/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/writing.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/sign.h"
#include "watcher/outbox.h"

#include <inttypes.h>
#include <syslog.h>
#include <time.h>

static int log_broken(struct store *store, const struct store_broken *broken,
		      void *arg, struct err *err)
{
	struct err told;

	(void)store;
	(void)arg;
	(void)err;
	err_set(&told, ERR_STOP,
		"store %s: the chain is broken, entry %" PRId64
		" says so and it goes on: %s",
		broken->path, broken->entry_id, broken->what);
	err_hint(&told, "somebody altered the store: watcher-report verify "
			"tells more, see watcher-chain(7)");
	log_err(LOG_LEVEL_ERR, &told);
	return 0;
}

struct store *writing_open(const struct conf *conf, struct err *err)
{
	struct sign_key key;
	int rc = conf_sign_key(conf, &key, err);
	struct store *store = NULL;

	if (rc >= 0)
		store = store_open(conf->store.path, rc ? &key : NULL,
				   (int64_t)time(NULL), err);
	sign_forget(&key);
	if (!store)
		return NULL;
	store_on_broken(store, log_broken, NULL);
	writing_reconfigure(conf, store);
	return store;
}

void writing_reconfigure(const struct conf *conf, struct store *store)
{
	store_before_commit(store, outbox_fill, conf);
}

/* A clock that leapt back does not keep it from being told. */
static bool is_due(const struct conf *conf, const struct store_head *head,
		   int64_t now_s)
{
	int64_t every_s = conf->store.head_every_s;

	return every_s &&
	       (head->told_s > now_s || now_s - head->told_s >= every_s);
}

static void tell(const struct conf *conf, const struct store_head *head)
{
	autofree char *line = store_head_line(head);

	log_info("%s", line);
	if (!conf->alert.syslog)
		return;
	openlog("watcher", LOG_PID, LOG_AUTHPRIV);
	syslog(LOG_NOTICE, "%s", line);
	closelog();
}

int writing_tell_head(const struct conf *conf, struct store *store,
		      int64_t now_s, struct err *err)
{
	struct store_head head;
	int rc = store_head(store, &head, err);

	if (rc <= 0 || !is_due(conf, &head, now_s))
		return rc < 0 ? -1 : 0;
	if (store_begin(store, now_s, err) < 0)
		return -1;
	store_tell(store);
	if (store_commit(store, err) < 0) {
		store_rollback(store);
		return -1;
	}
	if (store_head(store, &head, err) < 0)
		return -1;
	tell(conf, &head);
	return 0;
}
