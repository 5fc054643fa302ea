/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/options.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "reports/columns.h"
#include "reports/options_private.h"
#include "reports/words.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#define FOR_FILTERS (FOR_LIST | FOR_EXPORT | FOR_COMPLIANCE)
#define FOR_PERIODS (FOR_FILTERS | FOR_COVERAGE)
#define FOR_SCREENS (FOR_LIST | FOR_SHOW)
#define FOR_FILES (FOR_EXPORT | FOR_COMPLIANCE | FOR_COVERAGE)

/* clang-format off */
#define FLAG(name, letter, commands, member, help)                             \
	{name, letter, OPTION_FLAG, NULL, commands,                            \
	 offsetof(struct options, member), help}
#define TEXT(name, letter, arg, commands, member, help)                        \
	{name, letter, OPTION_TEXT, arg, commands,                             \
	 offsetof(struct options, member), help}
#define LIST(name, letter, arg, commands, member, help)                        \
	{name, letter, OPTION_LIST, arg, commands,                             \
	 offsetof(struct options, member), help}

const struct option_row options_rows[] = {
	TEXT("store", 's', "STORE", FOR_ALL, store,
	     "the incident store"),
	TEXT("config", 'c', "FILE", FOR_ALL, config,
	     "the watcher.conf that names the store"),
	LIST("user", 'u', "LIST", FOR_FILTERS, user,
	     "jobs of these users, names or uids"),
	LIST("account", 'A', "LIST", FOR_FILTERS, account,
	     "jobs of these accounts"),
	LIST("partition", 'r', "LIST", FOR_FILTERS, partition,
	     "jobs of these partitions"),
	LIST("cluster", 'M', "LIST", FOR_PERIODS, cluster,
	     "these clusters"),
	LIST("kind", '\0', "LIST", FOR_FILTERS, kind,
	     "incidents of these kinds"),
	TEXT("since", 'S', "TIME", FOR_PERIODS, since,
	     "ended at this time or later, in sacct's syntax"),
	TEXT("until", 'E', "TIME", FOR_PERIODS, until,
	     "ended before this time"),
	TEXT("period", '\0', "PERIOD", FOR_PERIODS, period,
	     "today, last-week, this-month, 2026-10, 2026-Q3, ..."),
	FLAG("suspected", '\0', FOR_FILTERS, suspected,
	     "the suspected ones too"),
	FLAG("exempt", '\0', FOR_FILTERS, exempt,
	     "the exempt ones too"),
	FLAG("corrected", '\0', FOR_FILTERS, corrected,
	     "those too that turned out to be none"),
	FLAG("open", '\0', FOR_FILTERS, open,
	     "only those not restored and not acknowledged"),
	TEXT("format", '\0', "FORMAT", FOR_PERIODS | FOR_SHOW | FOR_VERIFY, format,
	     "text, csv, json; also oneline, jsonl, html"),
	FLAG("unfold", '\0', FOR_LIST, unfold,
	     "a line an incident, not an event"),
	TEXT("columns", '\0', "LIST", FOR_LIST, columns,
	     "these, or +more,-fewer"),
	TEXT("sort", '\0', "LIST", FOR_LIST, sort,
	     "by these columns; -COLUMN: descending"),
	FLAG("reverse", '\0', FOR_LIST, reverse,
	     "the last line first"),
	TEXT("limit", '\0', "N", FOR_LIST, limit,
	     "only the last N, without --sort the newest"),
	TEXT("color", '\0', "WHEN", FOR_SCREENS, color,
	     "auto (on a terminal), always or never"),
	TEXT("output", 'o', "FILE", FOR_FILES, output,
	     "written whole or not at all"),
	FLAG("raw", '\0', FOR_PERIODS, raw,
	     "leave cells in CSV that a spreadsheet would run"),
	FLAG("spreadsheet", '\0', FOR_EXPORT, spreadsheet,
	     "CSV in which LibreOffice finds dates and all digits"),
	FLAG("check", '\0', FOR_COMPLIANCE, check,
	     "exit with 1 if there are incidents, 4 if there is a gap"),
	FLAG("quiet-if-clean", '\0', FOR_COMPLIANCE, quiet_if_clean,
	     "write nothing if there is neither"),
	LIST("head", '\0', "HASH", FOR_VERIFY, head,
	     "a head that was kept elsewhere, 16 digits or more of it"),
	TEXT("key", '\0', "FILE", FOR_VERIFY, key,
	     "the public key that the head is to be signed with"),
	TEXT("completion", '\0', "SHELL", FOR_ALL, completion,
	     "a script for bash or zsh that completes all this"),
	FLAG("help", 'h', FOR_ALL, help,
	     "this text"),
	FLAG("version", 'V', FOR_ALL, version,
	     "the program's version"),
};
/* clang-format on */

#define N_ROWS LENGTH(options_rows)
const size_t options_n_rows = N_ROWS;

#define HELP_WIDTH 80

/* A value of getopt_long()'s that is no letter. */
#define FIRST_ROW 256

static char **text_at(struct options *options, const struct option_row *row)
{
	return (char **)(void *)((char *)options + row->offset);
}

/* Which of two was meant nobody knows, and an empty name is none. */
static int check_value(const struct option_row *row, const char *value,
		       bool again, struct err *err)
{
	if (row->type == OPTION_TEXT && again)
		return err_set(err, ERR_USAGE, "--%s is there twice",
			       row->name);
	if (row->type == OPTION_TEXT && !*value)
		return err_set(err, ERR_USAGE, "--%s is empty", row->name);
	return 0;
}

static void set(struct options *options, const struct option_row *row,
		const char *value)
{
	bool *flag = (bool *)((char *)options + row->offset);
	char **text = text_at(options, row);
	char *old;

	if (row->type == OPTION_FLAG) {
		*flag = true;
		return;
	}
	old = *text;
	if (old && row->type == OPTION_LIST)
		*text = mem_printf("%s,%s", old, value);
	else
		*text = mem_strdup(value);
	free(old);
}

/* The table as getopt_long() wants it: every option returns its row. */
static void make_long(struct option long_options[N_ROWS + 1])
{
	size_t i;

	for (i = 0; i < N_ROWS; i++)
		long_options[i] = (struct option){
			.name = options_rows[i].name,
			.has_arg = options_rows[i].type == OPTION_FLAG
					   ? no_argument
					   : required_argument,
			.val = FIRST_ROW + (int)i,
		};
	long_options[N_ROWS] = (struct option){0};
}

/* Its first character makes a missing argument a ':'. */
static char *make_short(void)
{
	struct text text = {0};
	size_t i;

	text_add_char(&text, ':');
	for (i = 0; i < N_ROWS; i++) {
		if (!options_rows[i].letter)
			continue;
		text_add_char(&text, options_rows[i].letter);
		if (options_rows[i].type != OPTION_FLAG)
			text_add_char(&text, ':');
	}
	return text_take(&text);
}

static const struct option_row *row_of(int val)
{
	size_t i;

	if (val >= FIRST_ROW)
		return &options_rows[val - FIRST_ROW];
	for (i = 0; i < N_ROWS; i++)
		if (options_rows[i].letter == val)
			return &options_rows[i];
	return NULL;
}

static int wrong_option(int val, char **argv, struct err *err)
{
	const char *typed = argv[optind - 1];
	char letter[3] = {'-', (char)optopt, '\0'};

	/* A letter may stand in a bundle, and its option is not always the
	 * word before optind. */
	if (optopt && optopt < FIRST_ROW)
		typed = letter;
	if (val == ':')
		err_set(err, ERR_USAGE, "%s needs a value", typed);
	else if (optopt >= FIRST_ROW)
		err_set(err, ERR_USAGE, "%s takes no value", typed);
	else
		err_set(err, ERR_USAGE, "unknown option %s", typed);
	return err_hint(err, "watcher-report --help lists all of them");
}

static int set_command(struct options *options, const struct command *commands,
		       struct err *err)
{
	const struct command *command;
	const char *name = options->operands[0];

	if (!name) {
		err_set(err, ERR_USAGE, "what to report is missing");
		return err_hint(err, "watcher-report --help lists commands");
	}
	for (command = commands; command->name; command++)
		if (strcmp(command->name, name) == 0)
			options->command = command;
	if (!options->command) {
		err_set(err, ERR_USAGE, "there is no command %s", name);
		return err_hint(err, "watcher-report --help lists commands");
	}
	options->operands++;
	options->n_operands--;
	if (options->n_operands && !options->command->operands)
		return err_set(err, ERR_USAGE,
			       "%s takes no operand, but got %s", name,
			       options->operands[0]);
	return 0;
}

int options_read(struct options *options, const struct command *commands,
		 int argc, char **argv, struct err *err)
{
	bool seen[N_ROWS] = {false};
	struct option long_options[N_ROWS + 1];
	autofree char *short_options = make_short();
	size_t i;
	int val;

	make_long(long_options);
	opterr = 0;
	while ((val = getopt_long(argc, argv, short_options, long_options,
				  NULL)) != -1) {
		const struct option_row *row = row_of(val);

		if (!row)
			return wrong_option(val, argv, err);
		if (check_value(row, optarg, seen[row - options_rows], err) < 0)
			return -1;
		set(options, row, optarg);
		seen[row - options_rows] = true;
	}
	options->operands = argv + optind;
	options->n_operands = argc - optind;
	if (!options->operands[0] &&
	    (options->help || options->version || options->completion))
		return 0;
	if (set_command(options, commands, err) < 0)
		return -1;
	for (i = 0; i < N_ROWS; i++)
		if (seen[i] &&
		    !(options_rows[i].commands & options->command->bit))
			return err_set(
				err, ERR_USAGE, "--%s is not an option of %s",
				options_rows[i].name, options->command->name);
	return 0;
}

void options_finish(struct options *options)
{
	size_t i;

	for (i = 0; i < N_ROWS; i++)
		if (options_rows[i].type != OPTION_FLAG)
			free(*text_at(options, &options_rows[i]));
	*options = (struct options){0};
}

static void print_option(FILE *out, const struct option_row *row)
{
	autofree char *name =
		mem_printf("--%s%s%s", row->name, row->arg ? " " : "",
			   row->arg ? row->arg : "");

	if (row->letter)
		fprintf(out, "  -%c, ", row->letter);
	else
		fprintf(out, "      ");
	fprintf(out, "%-18s %s\n", name, row->help);
}

static void print_columns(FILE *out)
{
	autotext struct text names = {0};

	text_add(&names, "Columns: ");
	columns_names(&names);
	fputc('\n', out);
	words_wrap(out, names.s, HELP_WIDTH, 0);
}

void options_usage(FILE *out, const struct command *commands,
		   const struct command *command)
{
	size_t i;

	fprintf(out,
		"Usage: watcher-report [-s STORE | -c FILE] %s [OPTION]...",
		command ? command->name : "COMMAND");
	if (command && command->operands)
		fprintf(out, " %s", command->operands);
	fprintf(out, "\n\n");
	if (command)
		fprintf(out, "%s: %s\n", command->name, command->help);
	for (; !command && commands->name; commands++)
		fprintf(out, "  %-11s %s\n", commands->name, commands->help);
	fprintf(out, "\nOptions:\n");
	for (i = 0; i < N_ROWS; i++)
		if (!command || options_rows[i].commands & command->bit)
			print_option(out, &options_rows[i]);
	if (command && command->bit == FOR_LIST)
		print_columns(out);
	fprintf(out, "\nLists are comma separated. Exit codes: 0 fine, "
		     "2 usage or configuration,\n3 store out of reach, "
		     "5 the store was altered; with --check\n1 incidents, "
		     "4 not all was watched.\n"
		     "See watcher-report(1).\n");
}

const char *const options_formats[FORMAT_N] = {
	[FORMAT_TEXT] = "text",       [FORMAT_CSV] = "csv",
	[FORMAT_JSON] = "json",       [FORMAT_JSONL] = "jsonl",
	[FORMAT_ONELINE] = "oneline", [FORMAT_HTML] = "html",
};

static int check_raw(const struct options *options, enum format format,
		     struct err *err)
{
	if (options->raw && format != FORMAT_CSV)
		return err_set(err, ERR_USAGE,
			       "--raw is for CSV, and not for --format %s",
			       options_formats[format]);
	return 0;
}

int options_format(const struct options *options, const enum format *allowed,
		   enum format *format, struct err *err)
{
	autotext struct text known = {0};
	size_t i;

	*format = allowed[0];
	if (!options->format)
		return check_raw(options, *format, err);
	for (i = 0; allowed[i] != FORMAT_N; i++) {
		*format = allowed[i];
		if (strcmp(options->format, options_formats[*format]) == 0)
			return check_raw(options, *format, err);
		text_addf(&known, "%s%s", i ? ", " : "",
			  options_formats[*format]);
	}
	err_set(err, ERR_USAGE, "--format %s is unknown", options->format);
	return err_hint(err, "%s writes %s", options->command->name, known.s);
}

int options_color(const struct options *options, bool terminal, bool *color,
		  struct err *err)
{
	const char *when = options->color ? options->color : "auto";
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	*color = strcmp(when, "always") == 0;
	if (*color || strcmp(when, "never") == 0)
		return 0;
	*color = terminal && !(no_color && no_color[0]) && term && term[0] &&
		 strcmp(term, "dumb") != 0;
	if (strcmp(when, "auto") == 0)
		return 0;
	err_set(err, ERR_USAGE, "--color %s is unknown", when);
	return err_hint(err, "say auto, always or never");
}

int options_limit(const struct options *options, int64_t *limit,
		  struct err *err)
{
	const char *s = options->limit;
	char *end;

	*limit = 0;
	if (!s)
		return 0;
	errno = 0;
	*limit = strtoll(s, &end, 10);
	if (errno || end == s || *end || *limit < 1)
		return err_set(err, ERR_USAGE,
			       "--limit %s is not a number above 0", s);
	return 0;
}
