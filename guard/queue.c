/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guard/queue.h"

#include "lib/mem.h"
#include "lib/spawn.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Number and state, then what can be protected. No name holds the bar: Slurm's
 * own names do not, and job names are not asked for. */
const char queue_format[] = "%i|%T|%P|%q|%a|%v";

#define N_FIELDS 6

static const struct {
	size_t field; /* of the format */
	const char *word;
	size_t globs; /* struct text_list in struct guard_conf */
} places[] = {
	{2, "partition", offsetof(struct guard_conf, partitions)},
	{3, "QOS", offsetof(struct guard_conf, qos)},
	{4, "account", offsetof(struct guard_conf, accounts)},
	{5, "reservation", offsetof(struct guard_conf, reservations)},
};

/* The name of a list that a glob matches, freed by the caller; NULL. A job that
 * waits may have several partitions. */
static char *match(const struct text_list *globs, const char *names)
{
	struct text_list list = {0};
	char *found = NULL;
	size_t i;

	if (strcmp(names, "(null)") == 0 || strcmp(names, "N/A") == 0)
		return NULL;
	text_list_split(&list, names);
	for (i = 0; i < list.n && !found; i++)
		if (text_list_match(globs, list.items[i]))
			found = mem_strdup(list.items[i]);
	text_list_free(&list);
	return found;
}

char *queue_job(const struct guard_conf *conf, const char *partition,
		const char *line)
{
	autofree char *copy = mem_strdup(line);
	autofree char *job = NULL;
	char *fields[N_FIELDS];
	char *rest = copy;
	size_t n, i;

	for (n = 0; n < N_FIELDS && rest; n++)
		fields[n] = strsep(&rest, "|");
	if (n < N_FIELDS || rest)
		return NULL;
	/* squeue shows a job that waits for several to who asks for one. */
	if (partition && strcmp(fields[2], partition) != 0)
		return NULL;
	for (i = 0; i < LENGTH(places) && !job; i++) {
		const char *base = (const char *)conf + places[i].globs;
		autofree char *name =
			match((const void *)base, fields[places[i].field]);

		if (name)
			job = mem_printf("%s %s %s %s", fields[0], fields[1],
					 places[i].word, name);
	}
	return job ? text_escaped(job) : NULL;
}

/* Takes variables out of the environment that would have squeue show less. */
static void clean_environment(void)
{
	static const char prefix[] = "SQUEUE_";
	size_t i = 0;

	while (environ[i]) {
		size_t len = strcspn(environ[i], "=");
		autofree char *name = mem_strndup(environ[i], len);

		if (strncmp(name, prefix, strlen(prefix)) == 0)
			unsetenv(name);
		else
			i++;
	}
}

/* In the child. */
static int run_squeue(int fd, const void *arg)
{
	const struct request *request = arg;
	const struct text_list *filters = &request->filters;
	char **argv = mem_alloc(filters->n + 5, sizeof(*argv));

	argv[0] = mem_strdup("squeue");
	argv[1] = mem_strdup("--noheader");
	argv[2] = mem_strdup("--all");
	argv[3] = mem_printf("--format=%s", queue_format);
	memcpy(argv + 4, filters->items, filters->n * sizeof(*argv));
	clean_environment();
	dup2(fd, STDOUT_FILENO);
	execvp(argv[0], argv);
	return EXIT_FAILURE;
}

int queue_protected(const struct guard_conf *conf,
		    const struct request *request, struct text_list *jobs,
		    struct err *err)
{
	autotext struct text out = {0};
	char *save = NULL;
	char *line;

	if (spawn_call("squeue", run_squeue, request,
		       (int)conf->timeout_s * 1000, &out, err) < 0)
		return -1;
	for (line = out.s ? strtok_r(out.s, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		autofree char *job = queue_job(conf, request->partition, line);

		if (job)
			text_list_add(jobs, job);
	}
	return 0;
}
