/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conf/conf.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "watcher/commands.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const struct command {
	const char *name;
	const char *args;
	const char *help;
	command_fn *fn;
	bool takes_args;
} commands[] = {
	{"run", "", "watch until stopped, in the foreground", command_run,
	 false},
	{"once", "", "make one pass, for cron and tests", command_once, false},
	{"backfill", " --since TIME [--until TIME] [--count]",
	 "record history: what ended before it was watched", command_backfill,
	 true},
	{"check", "", "tell what would stop it from working, and the remedies",
	 command_check, false},
	{"restore", " [--event] [--apply | --dry-run] ID...",
	 "print the commands that bring jobs back, or run them",
	 command_restore, true},
	{"prune", " --before TIME [--dry-run]",
	 "forget for good what ended before then", command_prune, true},
};

static void usage(FILE *out)
{
	size_t i;

	fputs("Usage: watcher [-qv] [-c FILE] COMMAND\n"
	      "\n"
	      "Sees, undoes and accounts for jobs of protected Slurm "
	      "partitions that their\n"
	      "owner cancelled.\n"
	      "\n",
	      out);
	for (i = 0; i < LENGTH(commands); i++) {
		autofree char *call =
			mem_printf("%s%s", commands[i].name, commands[i].args);

		fprintf(out, "  %-16s %s\n", call, commands[i].help);
	}
	fputs("\n"
	      "  -c, --config FILE  instead of " CONF_DEFAULT_PATH
	      ", or of WATCHER_CONF\n"
	      "  -q, --quiet        log warnings and errors only\n"
	      "  -v, --verbose      log more\n"
	      "  -V, --version\n"
	      "  -h, --help\n",
	      out);
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int bad_usage(const char *what, const char *word)
{
	log_line(LOG_LEVEL_ERR, "%s%s%s (watcher --help lists the commands)",
		 what, word ? ": " : "", word ? word : "");
	return 2;
}

static int run_command(const char *path, char **args)
{
	const struct command *command = find_command(args[0]);
	struct conf *conf;
	struct err err;
	int code;

	if (!command)
		return bad_usage("unknown command", args[0]);
	if (args[1] && !command->takes_args)
		return bad_usage("too many arguments", args[1]);
	conf = conf_read(path, &err);
	if (!conf) {
		log_err(LOG_LEVEL_ERR, &err);
		return err_exit_code(&err);
	}
	code = command->fn(&conf, args + 1);
	conf_free(conf);
	return code;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"quiet", no_argument, NULL, 'q'},
		{"verbose", no_argument, NULL, 'v'},
		{"version", no_argument, NULL, 'V'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *path = getenv("WATCHER_CONF");
	enum log_level level = LOG_LEVEL_INFO;
	int c;

	log_open("watcher", level);
	while ((c = getopt_long(argc, argv, "+c:qvVh", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			path = optarg;
			break;
		case 'q':
			level = LOG_LEVEL_WARN;
			break;
		case 'v':
			level = LOG_LEVEL_DEBUG;
			break;
		case 'V':
			puts("watcher " WATCHER_VERSION);
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		default:
			return bad_usage("bad option", NULL);
		}
	}
	log_open("watcher", level);
	if (optind == argc) {
		usage(stderr);
		return 2;
	}
	return run_command(path ? path : CONF_DEFAULT_PATH, argv + optind);
}
