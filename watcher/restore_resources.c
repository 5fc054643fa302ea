/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a job is to run on. Its row knows sums only; how they were asked for is
 * what its submit line and its script show. These are taken where they come to
 * the same sums, and where they do not, the row is right. */
#include "lib/mem.h"
#include "schema/submit_options.h"
#include "watcher/restore_private.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Slurm's numbers of TRES (slurm.h, enum tres_types). */
#define TRES_CPU 1
#define TRES_NODE 4
/* What a site names itself begins here. */
#define TRES_NAMED 1001

/* Options that only the submit line shows. */
static const char *const placement[] = {
	"sockets-per-node",
	"cores-per-socket",
	"threads-per-core",
	"extra-node-info",
	"hint",
	"distribution",
	"core-spec",
	"thread-spec",
	"contiguous",
	"spread-job",
	"use-min-nodes",
	"exclusive",
	"oversubscribe",
	"overcommit",
	"switches",
	"nodelist",
	"exclude",
	"tmp",
	"mincpus",
	"cpus-per-gpu",
	"batch",
	"gres-flags",
	"prefer",
};
static const char *const tasks[] = {
	"nodes",           "ntasks",         "cpus-per-task",
	"ntasks-per-node", "tasks-per-node", "ntasks-per-socket",
	"ntasks-per-core", "ntasks-per-gpu", "ntasks-per-tres",
};
static const char *const gres[] = {
	"gres", "gpus", "gpus-per-node", "gpus-per-task", "gpus-per-socket",
};
static const char *const memory[] = {"mem", "mem-per-cpu", "mem-per-gpu"};

/* Those of which CPUs cannot be told. */
static const char *const untold[] = {
	"cpus-per-gpu",
	"mincpus",
	"ntasks-per-gpu",
	"ntasks-per-tres",
	"ntasks-per-core",
	"ntasks-per-socket",
	"extra-node-info",
	"sockets-per-node",
	"cores-per-socket",
	"threads-per-core",
	"hint",
	"overcommit",
	"core-spec",
	"thread-spec",
};

/* Repeats what the submit line has of these options. */
static void repeat(struct restore_argv *argv, const struct restore_facts *facts,
		   const char *const *options, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct submit_option *option = submit_option_long(
			SUBMIT_SBATCH, options[i], strlen(options[i]));
		autofree char *value = restore_asked_by_line(facts, options[i]);

		if (value && value[0])
			restore_option(argv, options[i], value);
		else if (value && option && option->value != SUBMIT_NEEDED)
			restore_argv_addf(argv, "--%s", options[i]);
	}
}

/* The first of these options that was asked for; NULL: none. */
static const char *first_asked(const struct restore_facts *facts,
			       const char *const *options, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		autofree char *value = restore_asked(facts, options[i]);

		if (value)
			return options[i];
	}
	return NULL;
}

/* The number that the text is, or begins with if a `-` follows ("2-4"); -1: it
 * is none. */
static int64_t number(const char *text)
{
	char *end;
	long long n;

	if (!isdigit((unsigned char)text[0]))
		return -1;
	n = strtoll(text, &end, 10);
	return (*end == '\0' || *end == '-') && n < INT32_MAX ? n : -1;
}

/* What was asked for as a number, `absent` where it was not; -1: as something
 * else. */
static int64_t asked_number(const struct restore_facts *facts,
			    const char *option, int64_t absent)
{
	autofree char *value = restore_asked(facts, option);

	return value ? number(value) : absent;
}

/* CPUs that the submission comes to; -1: that cannot be told. */
static int64_t asked_cpus(const struct restore_facts *facts)
{
	int64_t nodes = asked_number(facts, "nodes", 1);
	int64_t n = asked_number(facts, "ntasks", 0);
	int64_t per_task = asked_number(facts, "cpus-per-task", 1);
	int64_t per_node =
		asked_number(facts, "ntasks-per-node",
			     asked_number(facts, "tasks-per-node", 1));

	if (nodes < 0 || n < 0 || per_task < 0 || per_node < 0 ||
	    first_asked(facts, untold, LENGTH(untold)))
		return -1;
	return (n ? n : nodes * per_node) * per_task;
}

/* Whether CPUs and nodes are those that were asked for. The row has the least
 * number of nodes, and more CPUs than cpus_req where they come in cores. */
static bool tasks_agree(const struct restore_facts *facts)
{
	const struct job *job = facts->job;
	int64_t cpus = asked_cpus(facts);
	int64_t nodes = asked_number(facts, "nodes", 1);
	int64_t had_nodes = job_tres_count(job->tres_req, TRES_NODE);
	int64_t had_cpus = job_tres_count(job->tres_req, TRES_CPU);

	if (cpus < 0 || nodes < 0)
		return true;
	if (had_nodes > 0 && had_nodes != nodes)
		return false;
	return had_cpus <= 0 || had_cpus == cpus || job->cpus_req == cpus;
}

static void add_tasks(struct restore_argv *argv,
		      const struct restore_facts *facts)
{
	const struct job *job = facts->job;
	int64_t cpus = job->cpus_req > 0
			       ? job->cpus_req
			       : job_tres_count(job->tres_req, TRES_CPU);
	int64_t nodes = job_tres_count(job->tres_req, TRES_NODE);
	int64_t per_task = asked_number(facts, "cpus-per-task", 0);
	int64_t each = per_task > 0 && cpus % per_task == 0 ? per_task : 1;

	if (tasks_agree(facts)) {
		repeat(argv, facts, tasks, LENGTH(tasks));
		return;
	}
	if (nodes > 0)
		restore_argv_addf(argv, "--nodes=%" PRId64, nodes);
	if (cpus <= 0)
		return;
	restore_argv_addf(argv, "--ntasks=%" PRId64, cpus / each);
	if (per_task)
		restore_argv_addf(argv, "--cpus-per-task=%" PRId64, each);
}

/* sbatch takes one of --mem, --mem-per-cpu and --mem-per-gpu only, on its
 * command line and in the script together: the one that the script has. */
static void add_memory(struct restore_argv *argv, struct restore_plan *plan,
		       const struct restore_facts *facts)
{
	bool per_cpu = (facts->job->mem_req & JOB_MEM_PER_CPU) != 0;
	uint64_t mib = facts->job->mem_req & ~JOB_MEM_PER_CPU;
	const char *had = memory[per_cpu ? 1 : 0];
	const char *asked = first_asked(facts, memory, LENGTH(memory));
	autofree char *by_script =
		asked ? restore_asked_by_script(facts, asked) : NULL;

	if (asked && (strcmp(asked, "mem-per-gpu") == 0 || !mib))
		repeat(argv, facts, memory, LENGTH(memory));
	else if (mib && asked && by_script && strcmp(asked, had) != 0)
		restore_notef(plan,
			      "its memory becomes --%s as its script has it: "
			      "sbatch takes no --%s=%" PRIu64 "M beside that",
			      asked, had, mib);
	else if (mib)
		restore_argv_addf(argv, "--%s=%" PRIu64 "M", had, mib);
}

static const char *tres_name(const struct restore_facts *facts, int64_t id)
{
	size_t i;

	for (i = 0; i < facts->n_tres; i++)
		if (facts->tres[i].id == id)
			return facts->tres[i].name;
	return "";
}

/* Takes "1001=2" off the text; false: it does not begin so. Slurm writes 2^64-2
 * for a count that it does not know: -1. */
static bool take_tres(const char **s, int64_t *id, int64_t *count)
{
	char *end;

	*id = strtoll(*s, &end, 10);
	if (end == *s || *end != '=')
		return false;
	*s = end + 1;
	errno = 0;
	*count = strtoll(*s, &end, 10);
	if (end == *s)
		return false;
	if (errno)
		*count = -1;
	*s = end;
	return true;
}

/* Calls fn for each TRES of the row that the site named. */
typedef void tres_fn(const char *name, int64_t count, void *arg);
static void each_tres(const struct restore_facts *facts, tres_fn *fn, void *arg)
{
	const char *s = facts->job->tres_req;
	int64_t id, count;

	while (take_tres(&s, &id, &count)) {
		if (id >= TRES_NAMED && count > 0)
			fn(tres_name(facts, id), count, arg);
		if (*s++ != ',')
			return;
	}
}

struct had {
	int64_t gpus;
	struct text others;   /* "nic:2,disk:1", of each node */
	struct text licenses; /* "matlab:2" */
	int64_t nodes;
	bool unknown; /* one has no name here */
};

static void add_item(struct text *list, const char *name, int64_t count)
{
	text_addf(list, "%s%s:%" PRId64, list->len ? "," : "", name, count);
}

/* The one without a type counts those with one as well. */
static void note_tres(const char *name, int64_t count, void *arg)
{
	struct had *had = arg;

	if (strcmp(name, "gres/gpu") == 0)
		had->gpus = count;
	else if (strncmp(name, "gres/gpu:", 9) == 0)
		had->gpus = had->gpus ? had->gpus : count;
	else if (strncmp(name, "gres/", 5) == 0 && !strchr(name, ':'))
		add_item(&had->others, name + 5,
			 count / had->nodes > 0 ? count / had->nodes : 1);
	else if (strncmp(name, "license/", 8) == 0)
		add_item(&had->licenses, name + 8, count);
	else if (!name[0])
		had->unknown = true;
}

/* GPUs that the one option comes to; -1: that cannot be told. */
static int64_t asked_gpus(const struct restore_facts *facts, const char *option,
			  int64_t nodes)
{
	autofree char *value = restore_asked(facts, option);
	const char *colon = value ? strrchr(value, ':') : NULL;
	const char *count = colon ? colon + 1 : value;
	bool is_gres = strcmp(option, "gres") == 0;
	int64_t n;

	if (!value || strchr(value, ',') ||
	    (is_gres && strncmp(value, "gpu", 3) != 0))
		return -1;
	n = is_gres && !colon ? 1 : number(count);
	if (n < 0 || strcmp(option, "gpus") == 0)
		return n;
	return is_gres || strcmp(option, "gpus-per-node") == 0 ? n * nodes : -1;
}

/* The same option as was asked for, as two of them would both count. */
static void correct_gpus(struct restore_argv *argv, const char *option,
			 const struct had *had)
{
	int64_t each = had->gpus / had->nodes;

	if (strcmp(option, "gpus") == 0)
		restore_argv_addf(argv, "--gpus=%" PRId64, had->gpus);
	else if (strcmp(option, "gres") == 0)
		restore_argv_addf(argv, "--gres=gpu:%" PRId64, each);
	else
		restore_argv_addf(argv, "--%s=%" PRId64, option, each);
}

static void add_gres(struct restore_argv *argv, struct restore_plan *plan,
		     const struct restore_facts *facts, const struct had *had)
{
	const char *asked = first_asked(facts, gres, LENGTH(gres));
	int64_t gpus = asked ? asked_gpus(facts, asked, had->nodes) : -1;

	if (asked && gpus >= 0 && had->gpus > 0 && gpus != had->gpus) {
		correct_gpus(argv, asked, had);
		return;
	}
	if (asked) {
		repeat(argv, facts, gres, LENGTH(gres));
		return;
	}
	if (had->gpus > 0)
		restore_argv_addf(argv, "--gpus=%" PRId64, had->gpus);
	if (had->others.len)
		restore_option(argv, "gres", had->others.s);
	if (had->unknown)
		restore_notef(plan,
			      "it had resources whose names are not known "
			      "here: tres_req %s",
			      facts->job->tres_req);
}

static void add_licenses(struct restore_argv *argv,
			 const struct restore_facts *facts,
			 const struct had *had)
{
	autofree char *by_line = restore_asked_by_line(facts, "licenses");

	if (facts->job->licenses[0])
		restore_option(argv, "licenses", facts->job->licenses);
	else if (had->licenses.len)
		restore_option(argv, "licenses", had->licenses.s);
	else if (by_line && by_line[0])
		restore_option(argv, "licenses", by_line);
}

void restore_resources(struct restore_argv *argv, struct restore_plan *plan,
		       const struct restore_facts *facts)
{
	int64_t nodes = job_tres_count(facts->job->tres_req, TRES_NODE);
	struct had had = {.nodes = nodes > 0 ? nodes : 1};

	each_tres(facts, note_tres, &had);
	add_tasks(argv, facts);
	add_memory(argv, plan, facts);
	add_gres(argv, plan, facts, &had);
	add_licenses(argv, facts, &had);
	repeat(argv, facts, placement, LENGTH(placement));
	text_free(&had.others);
	text_free(&had.licenses);
}
