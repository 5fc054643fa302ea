/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The step that submits a job again: sbatch as the user, the stored script on
 * its stdin, with the options that the job had. Lines #SBATCH of the script
 * keep their force; the command line's go before them. */
#include "lib/mem.h"
#include "schema/submit.h"
#include "schema/submit_options.h"
#include "watcher/restore_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What the backfill scheduler was seen to write as the limit of a job that has
 * none, minutes. */
#define BACKFILL_LIMIT 525600

char *restore_asked_by_line(const struct restore_facts *facts,
			    const char *option)
{
	return submit_line_option(facts->job->submit_line, option);
}

char *restore_asked_by_script(const struct restore_facts *facts,
			      const char *option)
{
	if (!facts->script_text)
		return NULL;
	return submit_script_option(facts->script_text, facts->script_len,
				    option);
}

char *restore_asked(const struct restore_facts *facts, const char *option)
{
	char *value = restore_asked_by_line(facts, option);

	return value ? value : restore_asked_by_script(facts, option);
}

void restore_option(struct restore_argv *argv, const char *option,
		    const char *value)
{
	restore_argv_addf(argv, "--%s=%s", option, value);
}

/* What the row says; where it says nothing and the script does, the script's is
 * taken back. */
static void add_column(struct restore_argv *argv,
		       const struct restore_facts *facts, const char *option,
		       const char *value)
{
	autofree char *by_script = restore_asked_by_script(facts, option);

	if (value[0] || by_script)
		restore_option(argv, option, value);
}

/* A script may name another cluster. */
static void add_cluster(struct restore_argv *argv,
			const struct restore_facts *facts)
{
	autofree char *by_script = restore_asked_by_script(facts, "clusters");
	autofree char *cluster = restore_asked_by_script(facts, "cluster");

	if (!facts->clusters && (by_script || cluster))
		restore_option(argv, "clusters", facts->incident->cluster);
}

/* The text as slurmctld sends it to accounting: with a ` for each " of it
 * (measured on 22.05, doc/slurm-facts.md). Freed by the caller. */
static char *as_kept(const char *text)
{
	char *kept = mem_strdup(text);
	char *s;

	for (s = kept; (s = strchr(s, '"')) != NULL; s++)
		*s = '`';
	return kept;
}

/* Whether the text may have lost its double quotes: one that has any lost
 * none. */
static bool may_have_lost(const char *kept)
{
	return strchr(kept, '`') && !strchr(kept, '"');
}

/* The value whose double quotes the row has lost, from the script or from
 * anywhere in the submit line, where blanks do not cut it. NULL: neither has
 * it. */
static char *find_quoted(const struct restore_facts *facts, const char *option,
			 const char *kept)
{
	autofree char *by_script = restore_asked_by_script(facts, option);
	autofree char *script_kept = as_kept(by_script ? by_script : "");
	autofree char *line_kept = as_kept(facts->job->submit_line);
	const char *found = strstr(line_kept, kept);

	if (by_script && strcmp(script_kept, kept) == 0)
		return mem_strdup(by_script);
	if (!found)
		return NULL;
	return mem_strndup(facts->job->submit_line + (found - line_kept),
			   strlen(kept));
}

static void add_name(struct restore_argv *argv, struct restore_plan *plan,
		     const struct restore_facts *facts, const char *option,
		     const char *kept)
{
	autofree char *quoted =
		may_have_lost(kept) ? find_quoted(facts, option, kept) : NULL;

	if (may_have_lost(kept) && !quoted)
		restore_notef(plan,
			      "accounting keeps a double quote as a ` "
			      "in --%s: look whether it was one",
			      option);
	if (kept[0])
		restore_option(argv, option, quoted ? quoted : kept);
}

/* Adds --option=value unless there is no value. */
static void add_value(struct restore_argv *argv, const char *option,
		      const char *value)
{
	if (value && value[0])
		restore_option(argv, option, value);
}

/* A default one begins with an asterisk, and is the default again. */
static void add_wckey(struct restore_argv *argv, const char *wckey)
{
	if (wckey[0] != '*')
		add_value(argv, "wckey", wckey);
}

static void add_timelimit(struct restore_argv *argv,
			  const struct restore_facts *facts)
{
	autofree char *asked = restore_asked(facts, "time");
	int64_t minutes = facts->job->timelimit;

	if (restore_kind(facts->incident) == KIND_LIMIT_CUT &&
	    facts->first_timelimit_min > 0)
		minutes = facts->first_timelimit_min;
	if (minutes == JOB_INFINITE)
		restore_option(argv, "time", "UNLIMITED");
	else if (minutes > 0 && minutes < JOB_NO_VAL &&
		 (minutes != BACKFILL_LIMIT || asked))
		restore_argv_addf(argv, "--time=%" PRId64, minutes);
}

/* From the column of the array's pending rest, else as it was asked for. */
int64_t restore_at_once(const struct restore_facts *facts)
{
	autofree char *asked = restore_asked(facts, "array");
	const char *percent = asked ? strchr(asked, '%') : NULL;

	if (facts->job->array_max_tasks > 0)
		return facts->job->array_max_tasks;
	return percent ? strtoll(percent + 1, NULL, 10) : 0;
}

static void add_array(struct restore_argv *argv, struct restore_plan *plan,
		      const struct restore_target *target)
{
	int64_t limit = target->at_once;

	if (!target->tasks)
		return;
	if (limit > 0 && limit < INT32_MAX)
		restore_argv_addf(argv, "--array=%s%%%" PRId64, target->tasks,
				  limit);
	else
		restore_option(argv, "array", target->tasks);
	restore_notef(plan, "its tasks are an array of their own: they keep "
			    "their numbers, but SLURM_ARRAY_JOB_ID and "
			    "SLURM_ARRAY_TASK_COUNT, _MIN and _MAX are new");
}

/* The name of the reservation is what is known of it, or what was asked for. */
static void add_reservation(struct restore_argv *argv,
			    struct restore_plan *plan,
			    const struct restore_facts *facts)
{
	autofree char *by_line = restore_asked_by_line(facts, "reservation");
	autofree char *by_script =
		restore_asked_by_script(facts, "reservation");

	if (facts->job->id_resv <= 0) {
		if (by_script)
			restore_option(argv, "reservation", "");
	} else if (facts->reservation) {
		add_value(argv, "reservation", facts->reservation);
	} else if (by_line || !by_script) {
		add_value(argv, "reservation", by_line);
		if (!by_line)
			restore_notef(plan, "it had a reservation whose name "
					    "is not known");
	}
}

static bool is_default_output(const struct job *job, const char *path)
{
	static const char *const names[] = {"/slurm-%j.out",
					    "/slurm-%A_%a.out"};
	size_t len = strlen(job->work_dir);
	size_t i;

	for (i = 0; i < LENGTH(names); i++)
		if (strncmp(path, job->work_dir, len) == 0 &&
		    strcmp(path + len, names[i]) == 0)
			return true;
	return false;
}

/* Where the job's streams go: from the row since 24.05, else as its submit line
 * shows. What is as by default is left out unless the script says otherwise. */
static void add_stream(struct restore_argv *argv,
		       const struct restore_facts *facts, const char *option,
		       const char *column, bool is_default)
{
	autofree char *by_line = restore_asked_by_line(facts, option);
	autofree char *by_script = restore_asked_by_script(facts, option);

	if (!column[0])
		add_value(argv, option, by_line);
	else if (!is_default || by_script)
		restore_option(argv, option, column);
}

static void add_streams(struct restore_argv *argv,
			const struct restore_facts *facts)
{
	const struct job *job = facts->job;

	add_stream(argv, facts, "output", job->std_out,
		   is_default_output(job, job->std_out));
	add_stream(argv, facts, "error", job->std_err,
		   strcmp(job->std_err, job->std_out) == 0);
	add_stream(argv, facts, "input", job->std_in,
		   strcmp(job->std_in, "/dev/null") == 0);
}

/* What only the submit line shows and no column contradicts. */
static void add_others(struct restore_argv *argv,
		       const struct restore_facts *facts)
{
	static const char *const options[] = {
		"open-mode",  "signal",     "mail-type",           "mail-user",
		"requeue",    "no-requeue", "kill-on-invalid-dep", "time-min",
		"acctg-freq", "profile",    "propagate",           "gpu-bind",
		"gpu-freq",   "cpu-freq",   "container",           "network",
		"comment",
	};
	size_t i;

	for (i = 0; i < LENGTH(options); i++) {
		const struct submit_option *option = submit_option_long(
			SUBMIT_SBATCH, options[i], strlen(options[i]));
		autofree char *value = restore_asked_by_line(facts, options[i]);

		if (strcmp(options[i], "comment") == 0 &&
		    facts->job->derived_es[0])
			restore_option(argv, "comment", facts->job->derived_es);
		else if (value && value[0])
			restore_option(argv, options[i], value);
		else if (value && option && option->value != SUBMIT_NEEDED)
			restore_argv_addf(argv, "--%s", options[i]);
	}
}

/* One below zero is not the user's to ask for. */
static void add_nice(struct restore_argv *argv,
		     const struct restore_facts *facts)
{
	autofree char *nice = restore_asked_by_line(facts, "nice");

	if (nice && !nice[0])
		restore_argv_add(argv, "--nice");
	else if (nice && nice[0] != '-')
		restore_option(argv, "nice", nice);
}

static bool had_started(const struct restore_facts *facts)
{
	const char *phase = facts->incident->phase;

	return phase && phase[0] &&
	       strcmp(phase, incident_phases[PHASE_PENDING]) != 0;
}

/* A job that had started was free to; one that waited waits for the same. */
static void add_conditions(struct restore_argv *argv, struct restore_plan *plan,
			   const struct restore_facts *facts)
{
	autofree char *by_line = restore_asked_by_line(facts, "dependency");
	autofree char *by_script = restore_asked_by_script(facts, "dependency");
	autofree char *begin = restore_asked_by_script(facts, "begin");
	autofree char *hold = restore_asked_by_script(facts, "hold");
	autofree char *waits = restore_asked_by_script(facts, "wait");

	if (!had_started(facts))
		add_value(argv, "dependency", by_line);
	else if (by_script)
		restore_option(argv, "dependency", "");
	if (had_started(facts) && begin)
		restore_option(argv, "begin", "now");
	if (!had_started(facts) && facts->job->priority == 0)
		restore_argv_add(argv, "--hold");
	else if (hold)
		restore_notef(plan, "its script says --hold: scontrol release "
				    "lets the new job go");
	if (waits)
		restore_notef(plan, "its script says --wait: sbatch returns "
				    "when the new job has ended");
}

/* Of a list of variables those with a value, which is the user's; names alone
 * and ALL would take them from root's environment. NULL: there are none. */
static char *exported(const struct restore_facts *facts)
{
	autofree char *asked = restore_asked(facts, "export");
	struct text_list items = {0};
	struct text out = {0};
	size_t i;

	text_list_split(&items, asked ? asked : "");
	for (i = 0; i < items.n; i++) {
		if (!strchr(items.items[i], '='))
			continue;
		text_add(&out, out.len ? "," : "");
		text_add(&out, items.items[i]);
	}
	text_list_free(&items);
	return out.len ? text_take(&out) : NULL;
}

static void add_environment(struct restore_argv *argv,
			    struct restore_plan *plan,
			    const struct restore_facts *facts)
{
	autofree char *list = exported(facts);

	if (facts->environment_file) {
		restore_option(argv, "export", "ALL");
		restore_argv_addf(argv, "--export-file=%d",
				  RESTORE_ENVIRONMENT_FD);
		return;
	}
	add_value(argv, "export", list ? list : facts->environment);
	restore_notef(plan,
		      "its environment becomes what a login gives the "
		      "user%s",
		      list ? ", with the variables that it was submitted with"
			   : "");
}

static void note_lost(struct restore_plan *plan,
		      const struct restore_facts *facts)
{
	autofree char *arguments =
		submit_line_arguments(facts->job->submit_line);
	autofree char *shown = text_escaped(arguments ? arguments : "");

	restore_notef(plan, "its priority, its place in the queue and a time "
			    "at which it was to begin do not come back");
	if (arguments)
		restore_notef(
			plan,
			"its submit line ends in what may be arguments of "
			"its script, which do not come back: %s",
			shown);
	if (!facts->script_text)
		restore_notef(plan, "its script could not be read here: "
				    "whether the options contradict it was "
				    "not looked at");
}

/* As the user, by runuser: `sbatch --uid` is deprecated in 26.05. Whoever is
 * root opens the script, which the user may not. */
void restore_resubmit_steps(struct restore_plan *plan,
			    const struct restore_target *target)
{
	const struct restore_facts *facts = target->facts;
	const struct incident *incident = facts->incident;
	const struct job *job = facts->job;
	struct restore_argv argv = {0};
	struct restore_step *step;

	if (target->ends_now)
		restore_add_wait(plan, target);
	restore_argv_add(&argv, "runuser");
	restore_argv_add(&argv, "-u");
	restore_argv_add(&argv, incident->user);
	restore_argv_add(&argv, "--");
	restore_argv_slurm(&argv, facts, "sbatch");
	restore_argv_add(&argv, "--parsable");
	add_cluster(&argv, facts);
	add_value(&argv, "partition", incident->partition);
	add_value(&argv, "account", incident->account);
	add_value(&argv, "qos", incident->qos);
	add_wckey(&argv, job->wckey);
	add_reservation(&argv, plan, facts);
	add_timelimit(&argv, facts);
	add_array(&argv, plan, target);
	add_column(&argv, facts, "constraint", job->constraints);
	restore_resources(&argv, plan, facts);
	add_name(&argv, plan, facts, "job-name", incident->job_name);
	add_name(&argv, plan, facts, "chdir", job->work_dir);
	add_streams(&argv, facts);
	add_others(&argv, facts);
	add_nice(&argv, facts);
	add_conditions(&argv, plan, facts);
	add_environment(&argv, plan, facts);
	note_lost(plan, facts);
	step = restore_add_step(plan, &argv, "root");
	step->input = mem_strdup(facts->script);
	if (facts->environment_file)
		step->environment = mem_strdup(facts->environment_file);
}
