/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/completion.h"
#include "lib/mem.h"
#include "lib/text.h"
#include "lib/when.h"
#include "reports/columns.h"
#include "reports/options.h"
#include "reports/options_private.h"
#include "schema/incident.h"

#include <string.h>

static const char *kind_word(size_t i)
{
	return i < KIND_N ? incident_kinds[i] : NULL;
}

static const char *format_word(size_t i)
{
	return i < FORMAT_N ? options_formats[i] : NULL;
}

static const char *column_word(size_t i)
{
	return i < columns_n ? columns[i].name : NULL;
}

static const char *color_word(size_t i)
{
	static const char *const whens[] = {"auto", "always", "never", NULL};

	return whens[i];
}

static const char *shell_word(size_t i)
{
	static const char *const shells[] = {"bash", "zsh", NULL};

	return shells[i];
}

/* Where the words come from that an option's value is one of. */
static const struct {
	const char *option;
	const char *(*word)(size_t i);
} choices[] = {
	{"kind", kind_word},        {"period", when_period_word},
	{"format", format_word},    {"columns", column_word},
	{"sort", column_word},      {"color", color_word},
	{"completion", shell_word},
};

/* Those words, freed by the caller; NULL: there are none. */
static char *words_of(const struct option_row *row)
{
	struct text words = {0};
	size_t i, j;

	for (i = 0; i < LENGTH(choices); i++) {
		if (strcmp(choices[i].option, row->name) != 0)
			continue;
		for (j = 0; choices[i].word(j); j++)
			text_addf(&words, "%s%s", j ? " " : "",
				  choices[i].word(j));
	}
	return words.s;
}

static bool is_file(const struct option_row *row)
{
	return row->arg && (strcmp(row->arg, "FILE") == 0 ||
			    strcmp(row->arg, "STORE") == 0);
}

/* The options of these commands: how many. words: of each row of the table. */
static size_t make_options(int commands, char *const *words,
			   struct completion_option *options)
{
	size_t i, n = 0;

	for (i = 0; i < options_n_rows; i++) {
		const struct option_row *row = &options_rows[i];

		if (!(row->commands & commands))
			continue;
		options[n++] = (struct completion_option){
			.name = row->name,
			.letter = row->letter,
			.arg = row->arg,
			.is_file = is_file(row),
			.is_list = row->type == OPTION_LIST,
			.words = words[i],
			.help = row->help,
		};
	}
	return n;
}

int options_completion(const struct options *options,
		       const struct command *commands, struct err *err)
{
	size_t n = options_n_rows;
	struct completion completion = {.program = "watcher-report",
					.joins = true};
	autofree char **words = mem_alloc(n, sizeof(*words));
	autofree struct completion_option *all = NULL;
	autofree struct completion_command *made = NULL;
	size_t i;
	int rc;

	while (commands[completion.n_commands].name)
		completion.n_commands++;
	all = mem_alloc((completion.n_commands + 1) * n, sizeof(*all));
	made = mem_alloc(completion.n_commands, sizeof(*made));
	for (i = 0; i < n; i++)
		words[i] = words_of(&options_rows[i]);
	completion.options = all;
	completion.n_options = make_options(FOR_ALL, words, all);
	completion.commands = made;
	for (i = 0; i < completion.n_commands; i++) {
		struct completion_option *own = all + (i + 1) * n;

		made[i] = (struct completion_command){
			.name = commands[i].name,
			.help = commands[i].help,
			.options = own,
			.n_options = make_options(commands[i].bit, words, own),
		};
	}
	rc = completion_print(stdout, options->completion, &completion, err);
	for (i = 0; i < n; i++)
		free(words[i]);
	return rc;
}
