/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells systemd, where that started the program so, how the service is doing:
 * sd_notify(3), without its library. */
#ifndef LIB_NOTIFY_H
#define LIB_NOTIFY_H

#include <stdint.h>

/* Sends lines NAME=VALUE, formatted; a text of anybody else's must have been
 * escaped, so that it is one line. Waits for nobody, and does nothing where
 * nobody listens. */
void notify(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Keeps the watchdog, and the limits of starting and stopping, from taking work
 * that goes on for hung. To be called whenever something was done; tells it
 * only as often as it takes. *told_ms: when that was last; 0 at first. */
void notify_alive(int64_t *told_ms);

/* Who is told as well, once a second at most, whether or not systemd listens;
 * NULL: nobody. */
typedef void notify_alive_fn(void *arg);
void notify_listen(notify_alive_fn *fn, void *arg);

/* The longest wait between two of these calls, milliseconds: at most `wait_ms`,
 * less where a watchdog wants to hear sooner. */
int64_t notify_nap_ms(int64_t wait_ms);

#endif
