/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line an event on standard error, no byte of which a terminal or journal
 * would act on. */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include "err.h"

#include <stdbool.h>

enum log_level {
	LOG_LEVEL_ERR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

/* Names the program in front of each line and sets what is shown. Where
 * standard error is systemd's journal, lines carry its priority instead of a
 * name. */
void log_open(const char *program, enum log_level least);

void log_line(enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_warn(...) log_line(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

/* The error's message and, behind it, its hint. */
void log_err(enum log_level level, const struct err *err);

/* For a trouble that may last: logs it when it begins or changes, not each
 * time, and "WHO: WHAT again" when it is over. *trouble: its message, NULL
 * while there is none; freed by the caller in the end. err NULL: there is none.
 */
void log_trouble(enum log_level level, char **trouble, const struct err *err,
		 const char *who, const char *what);

#endif
