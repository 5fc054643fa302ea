/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command that brings a job back, of whatever its owner typed: a shell
 * hands over the very arguments of the plan, each one option of sbatch. */
#include "tests/fuzz/row.h"

#include "tests/fuzz/quoting.h"
#include "watcher/restore.h"

struct scene {
	struct incident incident;
	struct job job;
	struct slurmctld_job slurmctld;
	struct restore_facts facts;
	char *reservation;
	char *clusters;
};

static void scene_init(struct scene *scene)
{
	struct incident *incident = &scene->incident;

	*scene = (struct scene){0};
	job_init(&scene->job);
	incident->id_job = 7;
	row_set(&incident->cluster, "lab");
	row_set(&incident->job_id, "7");
	row_set(&incident->user, "alice");
	row_set(&incident->kind, "moved");
	row_set(&incident->phase, "running");
	row_set(&incident->qos, "normal");
	row_set(&incident->part, "");
	row_set(&incident->correction, "");
	row_set(&incident->restored_job_id, "");
	scene->facts = (struct restore_facts){
		.incident = incident,
		.job = &scene->job,
		.script = "/var/spool/a script's",
		.script_text = "",
		.environment = "NIL",
	};
}

static void scene_finish(struct scene *scene)
{
	incident_finish(&scene->incident);
	job_finish(&scene->job);
	free(scene->reservation);
	free(scene->clusters);
}

static void take_bits(struct scene *scene, int64_t bits)
{
	struct restore_facts *facts = &scene->facts;

	scene->slurmctld.known = bits & 1;
	scene->slurmctld.batch = bits & 2;
	scene->slurmctld.requeue = bits & 4;
	if (bits & 8)
		facts->slurmctld = &scene->slurmctld;
	facts->was_requeued = bits & 16;
	if (bits & 32)
		facts->environment_file = "/var/spool/an $(environment)";
	if (bits & 64)
		facts->script = NULL;
	if (bits & 128)
		facts->slurm_conf = "/etc/slurm/a conf";
}

/* What the row has is the incident's, too, unless the text names it. */
static void take_text(struct scene *scene, const char *text)
{
	static const char *const of_incident[] = {
		"user", "kind", "phase", "qos", "job_id", "part", "cluster"};
	struct incident *incident = &scene->incident;
	char **slots[] = {&incident->user,   &incident->kind,
			  &incident->phase,  &incident->qos,
			  &incident->job_id, &incident->part,
			  &incident->cluster};
	int64_t bits = -1;
	size_t i;

	for (i = 0; i < LENGTH(slots); i++)
		if (row_value(text, of_incident[i]))
			row_set(slots[i], row_value(text, of_incident[i]));
	if (row_value(text, "reservation"))
		row_set(&scene->reservation, row_value(text, "reservation"));
	if (row_value(text, "clusters"))
		row_set(&scene->clusters, row_value(text, "clusters"));
	row_number(text, "word", &scene->slurmctld.state);
	row_number(text, "first_min", &scene->facts.first_timelimit_min);
	row_number(text, "bits", &bits);
	if (bits >= 0)
		take_bits(scene, bits);
	row_column(&scene->job, text);
}

static void finish_facts(struct scene *scene)
{
	struct incident *incident = &scene->incident;

	row_set(&incident->job_name, scene->job.job_name);
	row_set(&incident->account, scene->job.account);
	row_set(&incident->partition, scene->job.partition);
	row_set(&incident->state, job_state_name(scene->job.state));
	incident->uid = scene->job.id_user;
	incident->root_id = job_root_id(&scene->job);
	incident->submitted = scene->job.time_submit;
	incident->ended = scene->job.time_end;
	scene->facts.reservation = scene->reservation;
	scene->facts.clusters = scene->clusters;
}

/* Behind sbatch every word is one option with its value in it. */
static void check_options(char *const *words)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";

	/* Behind `runuser -u USER --`, and what sets the environment. */
	if (strcmp(*words, "runuser") != 0)
		return;
	for (words += 4; strcmp(*words, "sbatch") != 0; words++)
		must(*words != NULL);
	for (words++; *words; words++) {
		size_t len = strspn(*words, letters);

		must(strncmp(*words, "--", 2) == 0 && len > 3);
		must(!(*words)[len] || (*words)[len] == '=');
		must(strncmp(*words, "--wrap", 6) != 0);
		must(strncmp(*words, "--uid", 5) != 0);
	}
}

/* Takes off the line what is no word of a step. */
static bool take_off(const char **at, const char *what)
{
	if (strncmp(*at, what, strlen(what)) != 0)
		return false;
	*at += strlen(what);
	return true;
}

static void read_file(const char **at, const char *redirection,
		      const char *path)
{
	autofree char *word = NULL;

	if (!path)
		return;
	must(take_off(at, redirection));
	word = quoting_shell_word(at);
	must_equal(word, path);
}

static void read_step(const char **at, const struct restore_step *step)
{
	size_t i;

	for (i = 0; step->argv[i]; i++) {
		autofree char *word = NULL;

		must(i == 0 || take_off(at, " "));
		word = quoting_shell_word(at);
		must_equal(word, step->argv[i]);
	}
	read_file(at, " < ", step->input);
	read_file(at, " 3< ", step->environment);
}

/* The line is that of the steps, and what stands between them is known. */
static void check_command(const struct restore_plan *plan)
{
	static const char *const between[] = {" && ", "; ", " || :; } && ",
					      " | grep -q . && [ \"$n\" -lt "};
	autofree char *command = restore_command(plan);
	autofree char *escaped = NULL;
	const char *at = command;
	size_t i, k;

	must(!command == !plan->n_steps);
	if (!command)
		return;
	escaped = text_escaped(command);
	must_equal(command, escaped);
	for (i = 0; i < plan->n_steps; i++) {
		const struct restore_step *step = &plan->steps[i];

		if (!take_off(&at, "{ "))
			take_off(&at, "n=0; while ");
		read_step(&at, step);
		for (k = 0; k < LENGTH(between); k++)
			if (take_off(&at, between[k]))
				break;
		must(k < LENGTH(between) || !*at);
		if (step->wait_s)
			must((at = strstr(at, "; done; sleep 2; ")) != NULL &&
			     take_off(&at, "; done; sleep 2; "));
	}
	must(!*at);
}

static void check_plan(const struct restore_plan *plan)
{
	size_t i;

	must(plan->way < RESTORE_N && plan->fidelity < RESTORE_FIDELITY_N);
	must(plan->why != NULL);
	for (i = 0; i < plan->n_steps; i++) {
		must(plan->steps[i].argv[0] != NULL);
		check_options(plan->steps[i].argv);
	}
	check_command(plan);
}

/* Columns of the row and facts, each a text; the script behind "script=", to
 * the end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autoinputs struct fuzz_input input = fuzz_input(data, size);
	struct restore_plan *plans;
	struct restore_plan plan;
	struct scene scene;
	size_t n;

	scene_init(&scene);
	while (fuzz_more(&input)) {
		const char *text = fuzz_text(&input);

		if (row_value(text, "script")) {
			scene.facts.script_text = row_value(text, "script");
			scene.facts.script_len =
				(size_t)(input.bytes + size -
					 scene.facts.script_text);
			break;
		}
		take_text(&scene, text);
	}
	finish_facts(&scene);
	plan = restore_plan(&scene.facts);
	check_plan(&plan);
	restore_plan_finish(&plan);
	restore_plan_event(&scene.facts, 1, &plans, &n);
	must(n == 1);
	check_plan(&plans[0]);
	restore_plans_free(plans, n);
	scene_finish(&scene);
	return 0;
}
