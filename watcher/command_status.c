/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `watcher status`: is it running, how far behind, what is open. */
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/ticks.h"
#include "schema/store_status.h"
#include "watcher/commands.h"
#include "watcher/metrics.h"
#include "watcher/status.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct format {
	const char *name;
	void (*print)(const struct status *status, FILE *out);
} formats[] = {
	{"text", status_print_text},
	{"json", status_print_json},
	{"prometheus", metrics_print},
};

static const struct format *find_format(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH(formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

/* The format that is asked for; NULL and err. */
static const struct format *parse_args(char **args, struct err *err)
{
	const struct format *format = &formats[0];

	for (; *args && format; args++) {
		if (strcmp(*args, "--format") != 0) {
			err_set(err, ERR_USAGE, "status: unknown argument '%s'",
				*args);
			return NULL;
		}
		format = args[1] ? find_format(*++args) : NULL;
	}
	if (!format)
		err_set(err, ERR_USAGE,
			"status: --format takes text, json or prometheus");
	return format;
}

static int print_status(const struct conf *conf, const struct format *format,
			struct store *store, struct err *err)
{
	struct store_life life;
	struct status status = {0};
	int code = -1;

	if (store_life(conf->store.path, &life, err) >= 0 &&
	    status_read(&status, conf, store, &life, (int64_t)time(NULL),
			ticks_ms(), err) == 0) {
		format->print(&status, stdout);
		code = status_exit_code(&status);
	}
	status_finish(&status);
	if (code >= 0 && (fflush(stdout) != 0 || ferror(stdout)))
		return err_set(err, ERR_STOP, "writing the output failed");
	return code;
}

int command_status(struct conf **conf, char **args)
{
	struct store *store = NULL;
	const struct format *format;
	struct err err;
	int code = -1;

	format = parse_args(args, &err);
	if (format)
		store = store_open_read((*conf)->store.path, &err);
	if (store)
		code = print_status(*conf, format, store, &err);
	store_close(store);
	if (code >= 0)
		return code;
	log_err(LOG_LEVEL_ERR, &err);
	return err_exit_code(&err);
}
