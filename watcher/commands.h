/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The subcommands of `watcher`: each does its work and returns the program's
 * exit code. */
#ifndef WATCHER_COMMANDS_H
#define WATCHER_COMMANDS_H

#include "conf/conf.h"

/* The configuration may be replaced by one that was read anew. args: what
 * stands behind the subcommand, ends with NULL. */
typedef int command_fn(struct conf **conf, char **args);

command_fn command_run;
command_fn command_once;
command_fn command_backfill;
command_fn command_check;
command_fn command_prune;
command_fn command_restore;
command_fn command_ack;
command_fn command_alert;
command_fn command_status;

#endif
