/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking up the keys of watcher.conf, also the ones that were meant. */
#ifndef CONF_CONF_KEYS_H
#define CONF_CONF_KEYS_H

#include "conf/conf.h"

#include <stdbool.h>

/* The section's name as it stands in conf_keys; NULL if there is none. */
const char *conf_keys_section(const char *name);

/* NULL if that section has no such key. */
const struct conf_key *conf_keys_find(const char *section, const char *key);

/* In which struct the key's field is. */
enum conf_home { CONF_IN_CONF, CONF_IN_PROTECT, CONF_IN_CHANNEL };
enum conf_home conf_keys_home(const struct conf_key *key);

/* Sets the hint of an error about an unknown name: the known one that was
 * probably meant, else all that are known. Returns -1. */
int conf_keys_hint_section(const char *name, struct err *err);
int conf_keys_hint_key(const char *section, const char *key, struct err *err);

/* Steps through the words that begin a key's help: `*word` is NULL before the
 * first. False: there is no other. */
bool conf_keys_word(const struct conf_key *key, const char **word, size_t *len);

/* The hint of an error about a word that is none of them. Returns -1. */
int conf_keys_hint_word(const struct conf_key *key, const char *wrong,
			struct err *err);

#endif
