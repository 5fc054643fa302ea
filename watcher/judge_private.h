/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules and the sentence that explains them share. */
#ifndef WATCHER_JUDGE_PRIVATE_H
#define WATCHER_JUDGE_PRIVATE_H

#include "watcher/judge.h"

/* The signal the job's script died of; 0: none. exit_code is a wait status. */
int64_t judge_signal(const struct judge_facts *facts);

/* The longest limit that is known to have been promised, minutes; -1: none. */
int64_t judge_promised_min(const struct judge_facts *facts);

#endif
