/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "completion.h"

#include "mem.h"
#include "text.h"

#include <string.h>

/* Calls fn for each option of the program once, whose commands may share
 * some. */
static void each_option(const struct completion *completion, FILE *out,
			void (*fn)(FILE *out,
				   const struct completion_option *option))
{
	autotext struct text seen = {0};
	size_t i, j;

	text_add_char(&seen, ' ');
	for (i = 0; i <= completion->n_commands; i++) {
		const struct completion_command *command =
			&completion->commands[i - (i > 0)];
		const struct completion_option *options =
			i ? command->options : completion->options;
		size_t n = i ? command->n_options : completion->n_options;

		for (j = 0; j < n; j++) {
			autofree char *word =
				mem_printf(" %s ", options[j].name);

			if (!strstr(seen.s, word))
				fn(out, &options[j]);
			text_addf(&seen, "%s ", options[j].name);
		}
	}
}

/* -s | --store */
static void print_pattern(FILE *out, const struct completion_option *option)
{
	if (option->letter)
		fprintf(out, "-%c | ", option->letter);
	fprintf(out, "--%s", option->name);
}

static void print_skip(FILE *out, const struct completion_option *option)
{
	if (!option->arg)
		return;
	fputs("\t\t", out);
	print_pattern(out, option);
	fputs(")\n"
	      "\t\t\t[[ ${COMP_WORDS[i + 1]} != = ]] || ((++i))\n"
	      "\t\t\t((++i))\n"
	      "\t\t\t;;\n",
	      out);
}

static void print_value(FILE *out, const struct completion_option *option)
{
	if (!option->arg)
		return;
	fputs("\t", out);
	print_pattern(out, option);
	if (option->is_file)
		fputs(")\n"
		      "\t\tcompopt -o filenames\n"
		      "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
		      "\t\treturn\n"
		      "\t\t;;\n",
		      out);
	else
		fprintf(out, ") words='%s'%s ;;\n",
			option->words ? option->words : "",
			option->is_list ? " list=yes" : "");
}

static void print_names(FILE *out, const struct completion_option *options,
			size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		fprintf(out, "%s--%s", i ? " " : "", options[i].name);
}

/* What stands behind a command, or before one. */
static void print_words(FILE *out, const struct completion *completion)
{
	size_t i;

	fputs("\t\t'') words='", out);
	for (i = 0; i < completion->n_commands; i++)
		fprintf(out, "%s ", completion->commands[i].name);
	print_names(out, completion->options, completion->n_options);
	fputs("' ;;\n", out);
	for (i = 0; i < completion->n_commands; i++) {
		const struct completion_command *command =
			&completion->commands[i];

		fprintf(out, "\t\t%s) words='", command->name);
		print_names(out, command->options, command->n_options);
		fputs("' ;;\n", out);
	}
}

/* Finds the word that is to be completed, the one before it, and the
 * command. */
static void print_search(FILE *out, const struct completion *completion,
			 const char *function)
{
	fprintf(out,
		"# bash completion for %s, made from its own tables.\n"
		"\n"
		"_%s()\n"
		"{\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
		"\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
		"\tlocal command= words= list= before= i\n"
		"\n"
		"\t# --name=VALUE comes as three words.\n"
		"\t[[ $cur != = ]] || cur=\n"
		"\t[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
		"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		"\t\tcase ${COMP_WORDS[i]} in\n",
		completion->program, function);
	each_option(completion, out, print_skip);
	fputs("\t\t-*) ;;\n"
	      "\t\t*)\n"
	      "\t\t\tcommand=${COMP_WORDS[i]}\n"
	      "\t\t\tbreak\n"
	      "\t\t\t;;\n"
	      "\t\tesac\n"
	      "\tdone\n",
	      out);
}

static void print_bash(FILE *out, const struct completion *completion)
{
	autofree char *function = mem_strdup(completion->program);
	size_t i;

	for (i = 0; function[i]; i++)
		if (function[i] == '-')
			function[i] = '_';
	print_search(out, completion, function);
	fputs("\tcase $prev in\n", out);
	each_option(completion, out, print_value);
	fputs("\t*)\n"
	      "\t\tcase $command in\n",
	      out);
	print_words(out, completion);
	fprintf(out,
		"\t\tesac\n"
		"\t\t;;\n"
		"\tesac\n"
		"\t[[ ! $list || $cur != *,* ]] || before=${cur%%,*},\n"
		"\tmapfile -t COMPREPLY < \\\n"
		"\t\t<(compgen -P \"$before\" -W \"$words\" -- "
		"\"${cur##*,}\")\n"
		"}\n"
		"complete -F _%s %s\n",
		function, completion->program);
}

/* Text between zsh's quotes, and within brackets or in front of a colon. */
static void print_quoted(FILE *out, const char *s)
{
	for (; s && *s; s++) {
		if (*s == '\'')
			fputs("'\\'", out);
		else if (strchr("[]:\\", *s))
			putc('\\', out);
		putc(*s, out);
	}
}

/* What follows an option's name: [help]:ARG:values */
static void print_meaning(FILE *out, const struct completion_option *option)
{
	putc('[', out);
	print_quoted(out, option->help);
	putc(']', out);
	if (!option->arg)
		return;
	fprintf(out, ":%s:", option->arg);
	if (option->is_file)
		fputs("_files", out);
	else if (option->words && option->is_list)
		fprintf(out, "_values -s , %s %s", option->arg, option->words);
	else if (option->words)
		fprintf(out, "(%s)", option->words);
}

static void print_arguments(FILE *out, const struct completion_option *options,
			    size_t n, bool joins)
{
	size_t i;

	fputs("_arguments -s", out);
	for (i = 0; i < n; i++) {
		if (options[i].letter) {
			fprintf(out, " \\\n\t\t'-%c%s", options[i].letter,
				options[i].arg ? "+" : "");
			print_meaning(out, &options[i]);
			putc('\'', out);
		}
		fprintf(out, " \\\n\t\t'--%s%s", options[i].name,
			options[i].arg && joins ? "=" : "");
		print_meaning(out, &options[i]);
		putc('\'', out);
	}
}

static void print_zsh_skip(FILE *out, const struct completion_option *option)
{
	if (!option->arg)
		return;
	fputs("\t(", out);
	print_pattern(out, option);
	fputs(") ((++i)) ;;\n", out);
}

/* Likewise, and what the commands are for. */
static void print_zsh_search(FILE *out, const struct completion *completion)
{
	const struct completion_command *commands = completion->commands;
	size_t i;

	fprintf(out,
		"#compdef %s\n"
		"# zsh completion for %s, made from its own tables.\n"
		"\n"
		"local command= i\n"
		"local -a commands=(\n",
		completion->program, completion->program);
	for (i = 0; i < completion->n_commands; i++) {
		fprintf(out, "\t'%s:", commands[i].name);
		print_quoted(out, commands[i].help);
		fputs("'\n", out);
	}
	fputs(")\n"
	      "for ((i = 2; i < CURRENT; i++)); do\n"
	      "\tcase $words[i] in\n",
	      out);
	each_option(completion, out, print_zsh_skip);
	fputs("\t(-*) ;;\n"
	      "\t(*)\n"
	      "\t\tcommand=$words[i]\n"
	      "\t\tbreak\n"
	      "\t\t;;\n"
	      "\tesac\n"
	      "done\n",
	      out);
}

static void print_zsh(FILE *out, const struct completion *completion)
{
	size_t i;

	print_zsh_search(out, completion);
	fputs("case $command in\n('')\n\t", out);
	print_arguments(out, completion->options, completion->n_options,
			completion->joins);
	fputs(" \\\n\t\t'1:command:{ _describe command commands }'\n\t;;\n",
	      out);
	for (i = 0; i < completion->n_commands; i++) {
		const struct completion_command *command =
			&completion->commands[i];

		fprintf(out, "(%s)\n\t", command->name);
		print_arguments(out, command->options, command->n_options,
				completion->joins);
		fputs(" \\\n\t\t'*: :'\n\t;;\n", out);
	}
	fputs("esac\n", out);
}

int completion_print(FILE *out, const char *shell,
		     const struct completion *completion, struct err *err)
{
	if (strcmp(shell, "bash") == 0)
		print_bash(out, completion);
	else if (strcmp(shell, "zsh") == 0)
		print_zsh(out, completion);
	else
		return err_set(err, ERR_USAGE,
			       "--completion %s: bash or zsh is wanted", shell);
	return 0;
}
