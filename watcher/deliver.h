/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells people by one channel what it has to tell them. Waits for programs of
 * the site's: never in the watching process. */
#ifndef WATCHER_DELIVER_H
#define WATCHER_DELIVER_H

#include "conf/conf.h"
#include "lib/err.h"
#include "schema/store.h"
#include "watcher/message.h"

#include <stdint.h>

/* How long after the n-th try failed the next one is due, n from 1: seconds. */
int64_t deliver_wait_s(const struct conf_channel *channel, int64_t n);

/* Hands a message over. 0; -1: it was not taken. *status: the exit status of
 * the program that was run; -1: of none. */
int deliver_message(const struct conf_channel *channel,
		    const struct message *message, int *status,
		    struct err *err);

/* Tells all that is due by this channel, which this host's clock says, and what
 * becomes due meanwhile. What fails is tried again later, or given up, and
 * logged. *n: how many messages were taken. -1: the store is out of reach. */
int deliver_due(const struct conf_channel *channel, struct store *store,
		size_t *n, struct err *err);

/* --- The types of channel; as deliver_message() --------------------------- */

int deliver_exec(const struct conf_channel *channel,
		 const struct message *message, int *status, struct err *err);
int deliver_mail(const struct conf_channel *channel,
		 const struct message *message, int *status, struct err *err);
int deliver_syslog(const struct conf_channel *channel,
		   const struct message *message, int *status, struct err *err);

/* The mail as sendmail is given it; at_s: its date. Freed by the caller. */
char *deliver_mail_text(const struct conf_channel *channel,
			const struct message *message, int64_t at_s);

/* Runs a program on an input, for exec and mail. */
int deliver_run(const struct conf_channel *channel, char *const *argv,
		char *const *envp, const char *input, int *status,
		struct err *err);

#endif
