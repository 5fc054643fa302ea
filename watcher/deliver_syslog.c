/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Channels that are the host's log: the journal, by fields, or syslog. */
#include "lib/journal.h"
#include "lib/mem.h"
#include "watcher/deliver.h"

#include <errno.h>
#include <paths.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

/* A word of watcher.conf, and syslog's number of it. */
struct level {
	const char *word;
	int number;
};

static const struct level facilities[] = {
	{"authpriv", LOG_AUTHPRIV}, {"auth", LOG_AUTH},
	{"daemon", LOG_DAEMON},     {"user", LOG_USER},
	{"local0", LOG_LOCAL0},     {"local1", LOG_LOCAL1},
	{"local2", LOG_LOCAL2},     {"local3", LOG_LOCAL3},
	{"local4", LOG_LOCAL4},     {"local5", LOG_LOCAL5},
	{"local6", LOG_LOCAL6},     {"local7", LOG_LOCAL7},
};

static const struct level priorities[] = {
	{"alert", LOG_ALERT},     {"crit", LOG_CRIT},     {"err", LOG_ERR},
	{"warning", LOG_WARNING}, {"notice", LOG_NOTICE}, {"info", LOG_INFO},
};

static int number_of(const struct level *levels, size_t n, const char *word)
{
	size_t i = 0;

	while (i + 1 < n && strcmp(levels[i].word, word) != 0)
		i++;
	return levels[i].number;
}

/* What is calm is no louder than a notice. */
static int priority_of(const struct conf_channel *channel,
		       const struct message *message)
{
	int priority =
		number_of(priorities, LENGTH(priorities), channel->priority);

	return message->is_calm && priority < LOG_NOTICE ? LOG_NOTICE
							 : priority;
}

static void add_number(struct text *entry, const char *name, int number)
{
	autofree char *value = mem_printf("%d", number);

	journal_add(entry, name, value);
}

static void add_field(const char *name, const char *value, void *arg)
{
	journal_add(arg, name, value);
}

/* Whether anybody takes what syslog(3) sends, which itself does not say. Some
 * take it by a stream, which a datagram socket cannot be connected to. */
static bool is_heard(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX,
				      .sun_path = _PATH_LOG};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is;

	if (fd < 0)
		return false;
	is = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ||
	     errno == EPROTOTYPE;
	close(fd);
	return is;
}

int deliver_syslog(const struct conf_channel *channel,
		   const struct message *message, int *status, struct err *err)
{
	int priority = priority_of(channel, message);
	int facility =
		number_of(facilities, LENGTH(facilities), channel->facility);
	autotext struct text entry = {0};
	autofree char *line = NULL;

	(void)status;
	line = mem_printf("%s: %s%s%s%s", message->what, message->summary,
			  message->more[0] ? " (" : "", message->more,
			  message->more[0] ? ")" : "");
	journal_add(&entry, "MESSAGE", line);
	add_number(&entry, "PRIORITY", priority);
	add_number(&entry, "SYSLOG_FACILITY", LOG_FAC(facility));
	journal_add(&entry, "SYSLOG_IDENTIFIER", "watcher");
	message_fields(message, add_field, &entry);
	if (journal_send(JOURNAL_SOCKET, &entry))
		return 0;
	if (!is_heard())
		return err_set(err, ERR_RETRY,
			       "neither %s nor " _PATH_LOG " takes anything",
			       JOURNAL_SOCKET);
	openlog("watcher", LOG_PID, facility);
	syslog(priority, "%s", line);
	closelog();
	return 0;
}
