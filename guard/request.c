/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guard/request.h"

#include "lib/mem.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

/* Codes of options that have no letter. */
enum { CTLD = 0x100, HELP, ME, SIBLING, USAGE, WCKEY, ADMIN_COMMENT };

/* What scancel knows, from 20.11 to 26.05. Where `squeue` names an option, that
 * one selects the same jobs or more, and `env` is the variable that scancel has
 * the value from; other filters are left out, which selects more. */
static const struct spec {
	const char *name;
	int code;
	int has_arg;
	const char *squeue;
	const char *env;
} specs[] = {
	{"account", 'A', 1, "--account", "SCANCEL_ACCOUNT"},
	{"admin-comment", ADMIN_COMMENT, 1, NULL, NULL},
	{"batch", 'b', 0, NULL, NULL},
	{"cluster", 'M', 1, NULL, NULL},
	{"clusters", 'M', 1, "--clusters", NULL},
	{"cron", 'c', 0, NULL, NULL},
	{"ctld", CTLD, 0, NULL, NULL},
	{"full", 'f', 0, NULL, NULL},
	{"help", HELP, 0, NULL, NULL},
	{"hurry", 'H', 0, NULL, NULL},
	{"interactive", 'i', 0, NULL, NULL},
	{"jobname", 'n', 1, NULL, NULL},
	{"me", ME, 0, NULL, NULL},
	{"name", 'n', 1, "--name", "SCANCEL_NAME"},
	{"nodelist", 'w', 1, "--nodelist", NULL},
	{"partition", 'p', 1, "--partition", "SCANCEL_PARTITION"},
	{"qos", 'q', 1, "--qos", "SCANCEL_QOS"},
	{"quiet", 'Q', 0, NULL, NULL},
	{"reservation", 'R', 1, "--reservation", NULL},
	{"sibling", SIBLING, 1, NULL, NULL},
	{"signal", 's', 1, NULL, NULL},
	{"state", 't', 1, "--states", "SCANCEL_STATE"},
	{"usage", USAGE, 0, NULL, NULL},
	{"user", 'u', 1, NULL, "SCANCEL_USER"},
	{"verbose", 'v', 0, NULL, NULL},
	{"version", 'V', 0, NULL, NULL},
	{"wckey", WCKEY, 1, NULL, "SCANCEL_WCKEY"},
};

/* Signals whose sender wants programs to end. SIGUSR1 and its like ask a
 * program for something else. */
static const struct {
	const char *name;
	const char *number;
} ending[] = {
	{"HUP", "1"},  {"INT", "2"},  {"QUIT", "3"},
	{"ABRT", "6"}, {"KILL", "9"}, {"TERM", "15"},
};

/* What was given of each of the specs; the later counts. */
struct given {
	const char *value[LENGTH(specs)];
	bool interactive;
	bool nothing; /* it ends no job */
};

static size_t index_of(int code)
{
	size_t i;

	for (i = 0; i < LENGTH(specs); i++)
		if (specs[i].code == code && (specs[i].squeue || specs[i].env))
			return i;
	for (i = 0; specs[i].code != code; i++)
		;
	return i;
}

static const char *value_of(const struct given *given, int code)
{
	return given->value[index_of(code)];
}

static void take_environment(struct given *given)
{
	const char *interactive = getenv("SCANCEL_INTERACTIVE");
	size_t i;

	for (i = 0; i < LENGTH(specs); i++)
		if (specs[i].env)
			given->value[i] = getenv(specs[i].env);
	given->interactive =
		interactive && tolower((unsigned char)*interactive) == 't';
}

static void take_option(struct given *given, int code, const char *value)
{
	switch (code) {
	case '?':
	case 'V':
	case HELP:
	case USAGE:
		given->nothing = true;
		break;
	case 'i':
		given->interactive = true;
		break;
	case ME:
		given->value[index_of('u')] = "";
		break;
	default:
		given->value[index_of(code)] = value;
	}
}

/* getopt's two tables, from ours. */
static void make_tables(struct option *options, struct text *letters)
{
	size_t i;

	for (i = 0; i < LENGTH(specs); i++) {
		options[i] = (struct option){
			.name = specs[i].name,
			.has_arg = specs[i].has_arg,
			.val = specs[i].code,
		};
		if (specs[i].code >= CTLD)
			continue;
		text_add_char(letters, (char)specs[i].code);
		if (specs[i].has_arg)
			text_add_char(letters, ':');
	}
	options[i] = (struct option){0};
}

static bool is_ending(const char *signal)
{
	size_t i;

	if (!signal)
		return true;
	if (strncasecmp(signal, "SIG", 3) == 0)
		signal += 3;
	for (i = 0; i < LENGTH(ending); i++)
		if (strcasecmp(signal, ending[i].name) == 0 ||
		    strcmp(signal, ending[i].number) == 0)
			return true;
	return false;
}

/* Whether the value of --user is the caller; as scancel, first by name. */
static bool is_caller(const char *user, uid_t uid)
{
	const struct passwd *passwd;
	unsigned long number;
	char *end;

	if (!user || !*user)
		return true;
	passwd = getpwnam(user);
	if (passwd)
		return passwd->pw_uid == uid;
	errno = 0;
	number = strtoul(user, &end, 10);
	return !errno && !*end && number == uid;
}

/* How long the number of a job is at the beginning of a word, with that of its
 * task, as in 12_3; 0: there is none. */
static size_t number_len(const char *word)
{
	static const char digits[] = "0123456789";
	size_t len = strspn(word, digits);
	size_t task =
		len && word[len] == '_' ? strspn(word + len + 1, digits) : 0;

	return task ? len + 1 + task : len;
}

/* Adds the numbers of the jobs that a word names: those of 12_[1,3-5],13.0,14_2
 * are 12, 13 and 14_2. squeue knows no lists of tasks. False: it is no such
 * word. */
static bool add_numbers(struct text *numbers, const char *word)
{
	size_t len;

	while ((len = number_len(word)) > 0) {
		if (numbers->len)
			text_add_char(numbers, ',');
		text_add_bytes(numbers, word, len);
		word += len;
		if (strncmp(word, "_[", 2) == 0)
			word += strcspn(word, "]");
		word += strcspn(word, ",");
		if (!*word)
			return true;
		word++;
	}
	return false;
}

/* A list of squeue's would be split where scancel compares the whole. */
static bool can_filter(const struct spec *spec, const char *value)
{
	if (strcmp(spec->name, "name") == 0)
		return !strchr(value, ',');
	if (strcmp(spec->name, "nodelist") == 0)
		return !strchr(value, '/');
	return true;
}

static void add_filters(struct request *request, const struct given *given,
			uid_t uid)
{
	autofree char *user = mem_printf("--user=%lu", (unsigned long)uid);
	size_t i;

	text_list_add(&request->filters, user);
	for (i = 0; i < LENGTH(specs); i++) {
		autofree char *filter = NULL;

		if (!given->value[i] || !specs[i].squeue ||
		    !can_filter(&specs[i], given->value[i]))
			continue;
		filter = mem_printf("%s=%s", specs[i].squeue, given->value[i]);
		text_list_add(&request->filters, filter);
	}
}

/* Whether anything says which jobs: without, scancel refuses. */
static bool has_filter(const struct given *given)
{
	size_t i;

	for (i = 0; i < LENGTH(specs); i++)
		if (given->value[i] && specs[i].code != 'M' &&
		    (specs[i].squeue || specs[i].env))
			return true;
	return false;
}

/* Adds the jobs that are named, if any are; false: a word names none. */
static bool add_jobs(struct request *request, char *const *words)
{
	autotext struct text numbers = {0};
	autofree char *filter = NULL;
	size_t i;

	for (i = 0; words[i]; i++)
		if (!add_numbers(&numbers, words[i]))
			return false;
	if (!i)
		return true;
	filter = mem_printf("--jobs=%s", numbers.s);
	text_list_add(&request->filters, filter);
	return true;
}

bool request_read(struct request *request, int argc, char *const *argv,
		  uid_t uid)
{
	struct option options[LENGTH(specs) + 1];
	autotext struct text letters = {0};
	autofree char **copy = mem_alloc((size_t)argc + 1, sizeof(*copy));
	struct given given = {0};
	int code;

	*request = (struct request){0};
	/* getopt_long() moves operands to the end. */
	memcpy(copy, argv, (size_t)argc * sizeof(*copy));
	make_tables(options, &letters);
	take_environment(&given);
	opterr = 0;
	optind = 0;
	while ((code = getopt_long(argc, copy, letters.s, options, NULL)) != -1)
		take_option(&given, code, optarg);
	request->interactive = given.interactive;
	if (value_of(&given, 'p'))
		request->partition = mem_strdup(value_of(&given, 'p'));
	if (given.nothing || !is_ending(value_of(&given, 's')) ||
	    !is_caller(value_of(&given, 'u'), uid) ||
	    (!copy[optind] && !has_filter(&given)))
		return false;
	add_filters(request, &given, uid);
	return add_jobs(request, copy + optind);
}

void request_finish(struct request *request)
{
	if (!request)
		return;
	text_list_free(&request->filters);
	free(request->partition);
	*request = (struct request){0};
}
