/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long things take: a clock that no one sets. */
#ifndef LIB_TICKS_H
#define LIB_TICKS_H

#include <stdint.h>

/* Milliseconds since some moment, the same for the life of the process. */
int64_t ticks_ms(void);

#endif
