/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happened and what came of it, in words for people. */
#ifndef SCHEMA_STORY_H
#define SCHEMA_STORY_H

#include "schema/incident.h"

/* What has become of it: open, restored, cancelled again, acknowledged, exempt,
 * or where it counts no more, cleared or alive. */
const char *story_status(const struct incident *incident);

/* What happened, as one who knows no Slurm would be told; escaped for a
 * terminal. Freed by the caller. */
char *story_text(const struct incident *incident);

/* The same in short: "alice cancelled job 3 on critical while it was running".
 * Not escaped. Freed by the caller. */
char *story_line(const struct incident *incident);

#endif
