/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The channels by which people are told. */
#ifndef CONF_CONF_ALERT_H
#define CONF_CONF_ALERT_H

#include "conf/conf.h"

/* Begins an [alert NAME] section. -1 (ERR_USAGE): there is one of that name, or
 * it is no name. */
int conf_alert_open(struct conf *conf, const char *name, int line,
		    struct err *err);

/* Makes a channel of syslog = yes in [alert], before keys get their defaults.
 * -1 (ERR_USAGE) names file and line: there is one of its name. */
int conf_alert_adopt(struct conf *conf, struct err *err);

/* Whether the channels can be used, and those that sections name are there. -1
 * (ERR_USAGE) names file, line and key. */
int conf_alert_check(const struct conf *conf, struct err *err);

#endif
