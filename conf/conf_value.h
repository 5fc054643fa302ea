/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the value of a key means. */
#ifndef CONF_CONF_VALUE_H
#define CONF_CONF_VALUE_H

#include "conf/conf.h"

/* Stores the value in the key's field, whose type is the key's; what it held
 * is freed, but a list grows. -1 (ERR_USAGE) names the key, the value and what
 * is allowed, and has stored nothing. */
int conf_value_set(const struct conf_key *key, void *field, const char *value,
		   struct err *err);

/* The field's value as one would write it; freed by the caller. */
char *conf_value_text(const struct conf_key *key, const void *field);

#endif
