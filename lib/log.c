/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "log.h"

#include "mem.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What is printed in front of a line, and syslog's number of that level. */
static const struct {
	const char *word;
	int priority;
} levels[] = {
	[LOG_LEVEL_ERR] = {"error: ", 3},
	[LOG_LEVEL_WARN] = {"warning: ", 4},
	[LOG_LEVEL_INFO] = {"", 6},
	[LOG_LEVEL_DEBUG] = {"debug: ", 7},
};

static struct {
	const char *program;
	enum log_level least;
	bool journal;
} sink = {"watcher", LOG_LEVEL_INFO, false};

void log_open(const char *program, enum log_level least)
{
	sink.program = program;
	sink.least = least;
	sink.journal = getenv("JOURNAL_STREAM") != NULL;
}

void log_line(enum log_level level, const char *fmt, ...)
{
	autotext struct text line = {0};
	autofree char *msg = NULL;
	va_list ap;

	if (level > sink.least)
		return;
	va_start(ap, fmt);
	msg = mem_vprintf(fmt, ap);
	va_end(ap);

	if (sink.journal)
		text_addf(&line, "<%d>", levels[level].priority);
	else
		text_addf(&line, "%s: %s", sink.program, levels[level].word);
	text_add_escaped(&line, msg);
	text_add_char(&line, '\n');
	fputs(line.s, stderr);
}

void log_err(enum log_level level, const struct err *err)
{
	if (err->hint[0])
		log_line(level, "%s (%s)", err->msg, err->hint);
	else
		log_line(level, "%s", err->msg);
}

void log_trouble(enum log_level level, char **trouble, const struct err *err,
		 const char *who, const char *what)
{
	if (err && (!*trouble || strcmp(*trouble, err->msg) != 0))
		log_err(level, err);
	if (!err && *trouble)
		log_info("%s: %s again", who, what);
	free(*trouble);
	*trouble = err ? mem_strdup(err->msg) : NULL;
}
