/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conf/conf.h"
#include "lib/completion.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "watcher/commands.h"

#include <ctype.h>
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
	{"restore", " [--event] [--apply | --dry-run] ID... | --auto",
	 "print the commands that bring jobs back, or run them",
	 command_restore, true},
	{"ack", " --reason TEXT [--event] [--withdraw] ID...",
	 "say that incidents were dealt with, and why", command_ack, true},
	{"alert", " [--test CHANNEL | --deliver CHANNEL | --due]",
	 "tell how the channels do, or send a sample by one", command_alert,
	 true},
	{"status", " [--format text|json|prometheus]",
	 "is it running, how far behind, what is open", command_status, true},
	{"prune", " --before TIME [--dry-run]",
	 "forget for good what ended before then", command_prune, true},
};

/* clang-format off */
static const struct completion_option program_options[] = {
	{"config", 'c', "FILE", .is_file = true,
	 .help = "instead of " CONF_DEFAULT_PATH ", or of WATCHER_CONF"},
	{"quiet", 'q', .help = "log warnings and errors only"},
	{"verbose", 'v', .help = "log more"},
	{"completion", '\0', "SHELL", .words = "bash zsh",
	 .help = "a script that completes all this in that shell"},
	{"version", 'V', .help = "the program's version"},
	{"help", 'h', .help = "this text"},
};
/* clang-format on */

#define N_OPTIONS LENGTH(program_options)

static void print_option(FILE *out, const struct completion_option *option)
{
	autofree char *call = mem_printf("--%s %s", option->name,
					 option->arg ? option->arg : "");

	if (option->letter)
		fprintf(out, "  -%c, ", option->letter);
	else
		fprintf(out, "      ");
	fprintf(out, "%-18s %s\n", call, option->help);
}

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
	fputs("\n", out);
	for (i = 0; i < N_OPTIONS; i++)
		print_option(out, &program_options[i]);
	fputs("\nExit codes: 0 fine, 2 usage or configuration, 3 something is "
	      "out of reach or\nfailed, or does not run, 4 it runs and is "
	      "behind. See watcher(8).\n",
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

/* An option that --help shows of a command, as text. */
struct shown {
	char name[32];
	char arg[32];
	char words[32]; /* those of an arg like "text|json" */
};

/* Reads the next option of "--since TIME [--until TIME]": what is behind it,
 * NULL at the end. "ID..." is no value of the option before it. */
static const char *next_option(const char *args, struct shown *shown)
{
	int n = 0;
	char *c;

	*shown = (struct shown){0};
	args = strstr(args, "--");
	if (!args)
		return NULL;
	args += strlen("--");
	(void)sscanf(args, "%31[a-z-] %31[A-Za-z|]%n", shown->name, shown->arg,
		     &n);
	if (!isalpha((unsigned char)shown->arg[0]) || args[n] == '.')
		shown->arg[0] = '\0';
	if (strchr(shown->arg, '|'))
		memcpy(shown->words, shown->arg, sizeof(shown->words));
	for (c = shown->words; *c; c++)
		if (*c == '|')
			*c = ' ';
	return args + strlen(shown->name);
}

/* No command takes more options. */
#define OPTIONS_MAX 10

static size_t make_options(const char *args, struct shown shown[OPTIONS_MAX],
			   struct completion_option options[OPTIONS_MAX])
{
	size_t n = 0;

	while (n < OPTIONS_MAX && (args = next_option(args, &shown[n]))) {
		const struct shown *of = &shown[n];

		options[n++] = (struct completion_option){
			.name = of->name,
			.arg = of->arg[0] ? of->arg : NULL,
			.words = of->words[0] ? of->words : NULL,
		};
	}
	return n;
}

static int complete(const char *shell)
{
	struct completion_option options[LENGTH(commands)][OPTIONS_MAX];
	struct shown shown[LENGTH(commands)][OPTIONS_MAX];
	struct completion_command made[LENGTH(commands)];
	const struct completion completion = {
		.program = "watcher",
		.commands = made,
		.n_commands = LENGTH(made),
		.options = program_options,
		.n_options = N_OPTIONS,
	};
	struct err err;
	size_t i;

	for (i = 0; i < LENGTH(commands); i++)
		made[i] = (struct completion_command){
			.name = commands[i].name,
			.help = commands[i].help,
			.options = options[i],
			.n_options = make_options(commands[i].args, shown[i],
						  options[i]),
		};
	if (completion_print(stdout, shell, &completion, &err) == 0)
		return 0;
	log_err(LOG_LEVEL_ERR, &err);
	return err_exit_code(&err);
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
	struct option options[N_OPTIONS + 1] = {0};
	const char *path = getenv("WATCHER_CONF");
	enum log_level level = LOG_LEVEL_INFO;
	size_t i;
	int c;

	for (i = 0; i < N_OPTIONS; i++)
		options[i] = (struct option){
			.name = program_options[i].name,
			.has_arg = program_options[i].arg != NULL,
			.val = program_options[i].letter,
		};
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
		case '\0':
			return complete(optarg);
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
