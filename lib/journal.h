/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes to systemd's journal in its own protocol, without its library. */
#ifndef LIB_JOURNAL_H
#define LIB_JOURNAL_H

#include "text.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

/* Adds a field to an entry: a name of capital letters, digits and _; the value
 * may have any byte but NUL. */
void journal_add(struct text *entry, const char *name, const char *value);

/* Sends the entry to the socket at the path, and waits for nobody: whether it
 * was taken. */
bool journal_send(const char *path, const struct text *entry);

#endif
