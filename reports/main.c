/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conf/conf.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "reports/report.h"

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const struct command commands[] = {
	{"list", FOR_LIST, NULL, "what happened, an event a line", list_run},
	{"show", FOR_SHOW, "ID...", "all that is known of an incident",
	 show_run},
	{"export", FOR_EXPORT, NULL, "the incidents for other programs",
	 export_run},
	{"compliance", FOR_COMPLIANCE, NULL,
	 "what happened in a period, and how much of it was watched",
	 compliance_run},
	{"coverage", FOR_COVERAGE, NULL,
	 "from when to when each cluster was watched", coverage_run},
	{"verify", FOR_VERIFY, NULL,
	 "whether anything in the store was altered", verify_run},
	{0},
};

static int failure(const struct err *err)
{
	log_err(LOG_LEVEL_ERR, err);
	return err_exit_code(err);
}

/* What the store holds is UTF-8; cron's locale often is not. Nothing else is
 * taken from the locale: the same report has the same numbers everywhere. */
static void use_utf8(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

static struct conf *read_conf(const struct options *options, struct err *err)
{
	const char *path = getenv("WATCHER_CONF");

	if (options->config)
		path = options->config;
	return conf_read(path ? path : CONF_DEFAULT_PATH, err);
}

/* A report must not take the place of what it is made of. */
static int check_output(const struct options *options, const char *store,
			struct err *err)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	struct stat target, own;
	size_t i;

	if (!options->output || stat(options->output, &target) < 0)
		return 0;
	for (i = 0; i < LENGTH(ends); i++) {
		autofree char *path = mem_printf("%s%s", store, ends[i]);

		if (stat(path, &own) == 0 && own.st_dev == target.st_dev &&
		    own.st_ino == target.st_ino)
			return err_set(err, ERR_USAGE,
				       "--output %s is the store that is read",
				       options->output);
	}
	return 0;
}

static int run_on(struct report *report, const char *path, struct err *err)
{
	int code;

	if (check_output(report->options, path, err) < 0)
		return -1;
	report->store = report->options->command->run == verify_run
				? store_open_altered(path, err)
				: store_open_read(path, err);
	if (!report->store)
		return -1;
	code = report->options->command->run(report, err);
	store_close(report->store);
	return code;
}

static int run(const struct options *options)
{
	struct report report = {
		.options = options,
		.now_s = time(NULL),
		.tell = log_err,
	};
	struct conf *conf = NULL;
	struct err err;
	int code;

	if (!options->store) {
		conf = read_conf(options, &err);
		if (!conf)
			return failure(&err);
		report.conf = conf;
	}
	code = run_on(&report, conf ? conf->store.path : options->store, &err);
	conf_free(conf);
	return code < 0 ? failure(&err) : code;
}

static int complete(const struct options *options)
{
	struct err err;

	if (options_completion(options, commands, &err) < 0)
		return failure(&err);
	return REPORT_FINE;
}

int main(int argc, char **argv)
{
	struct options options = {0};
	struct err err;
	int code = REPORT_FINE;

	log_open("watcher-report", LOG_LEVEL_INFO);
	use_utf8();
	/* A reader that has seen enough ends us without a word. */
	signal(SIGPIPE, SIG_DFL);
	if (options_read(&options, commands, argc, argv, &err) < 0)
		code = failure(&err);
	else if (options.version)
		puts("watcher-report " WATCHER_VERSION);
	else if (options.completion)
		code = complete(&options);
	else if (options.help)
		options_usage(stdout, commands, options.command);
	else
		code = run(&options);
	options_finish(&options);
	return code;
}
