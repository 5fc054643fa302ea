/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold between the keys of a watcher.conf, each of which is right. */
#ifndef CONF_CONF_CHECK_H
#define CONF_CONF_CHECK_H

#include "conf/conf.h"

/* -1 (ERR_USAGE) names file, line and key of the first thing that is wrong. */
int conf_check(const struct conf *conf, struct err *err);

#endif
