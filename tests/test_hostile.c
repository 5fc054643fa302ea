/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What users write ends in a command that root pastes. 100,000 values of the
 * worst kind go through it: dash and bash have to read back the very arguments
 * of the plan's steps, and nothing else may happen. */
#include "lib/mem.h"
#include "tests/unit.h"
#include "watcher/restore.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define VALUES 100000
#define PER_PLAN 10
/* One in so many values has bytes that a terminal acts on: each takes a shell a
 * fork to read back. */
#define BINARY_ONE_IN 16
#define LONG_ONE_IN 400
#define LONG_LEN 4096

/* Each is a value by itself, and a piece of longer ones. No slash in those that
 * run something: a work folder begins with one. */
/* clang-format off */
static const char *const hand_picked[] = {
	"'", "\"", "\\", "`", "''", "'\\''", "\"'\"", "\\'", "\\\\", "$", "$$",
	"$(touch pwned)", "`touch pwned`", "$((1+1))", "${HOME}", "$HOME", "$1",
	"$@", "${IFS}", "; touch pwned;", "& touch pwned &", "| touch pwned",
	"&& touch pwned", "|| touch pwned", "\ntouch pwned\n", "\r\ntouch pwned",
	"'; touch pwned; '", "\"; touch pwned; \"", "$'\\n'", "$\"x\"",
	"> pwned", "< pwned", ">> pwned", "2>&1", "<(touch pwned)",
	"<<EOF", "<<<x", "(touch pwned)", "{ touch pwned; }", "{a,b}", "{1..3}",
	"*", "?", "[a-z]", "[!a]*", "~", "~root", "!", "!!", "!-1", "!touch",
	"^touch^rm^", "#", "# comment", "%", "%s", "%n%n", "%j", "=", "=ls",
	"a=b", "A=1 touch pwned", "-", "--", "-x", "--wrap=touch pwned",
	"--uid=0", "--export=ALL", "--get-user-env", "-rf", "--help",
	" ", "  ", "\t", "\n", "\n\n", "a\n", "a\n\n", "\na", " a ", "\r",
	"\v\f", "\b\b\b", "\a", "\033[2J", "\033]0;title\007", "\033[31m",
	"\033P$q\033\\", ("\xc2\x9b" "31m"), "\xc2\x85", "\x7f", "\001", "\002",
	"\xff", "\xfe\xff", "\xc3", "\xe2\x80", "\xf0\x9f", "\xed\xa0\x80",
	"\xc0\xaf", "caf\xc3\xa9", "\xe2\x80\xae", "\xe2\x80\x8b",
	"\xe2\x81\xa6", "\xef\xbb\xbf", "\xf0\x9f\x92\xa3", "\xe2\x80\xa8",
	"if true; then touch pwned; fi", "exec touch pwned", "eval touch pwned",
	"alias sbatch=touch", "n=9", ":(){ :|:&};:", "\\n", "\\0", "\\x41",
	"\\033", "a;b&c|d>e<f", "a b c", "''''''", "\"\"\"\"", "\\\\\\", "EOF",
	"done", "fi", "}", ")", "]]", "$(", "${", "`", "$((", "'\n'", "\\\n",
};
/* clang-format on */

static uint64_t seed = 0x5eed;

static uint64_t next_random(void)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static size_t below(size_t n)
{
	return (size_t)(next_random() % n);
}

static bool is_plain(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || (unsigned char)*s > '~')
			return false;
	return true;
}

static void add_piece(struct text *text, bool is_binary)
{
	const char *piece = hand_picked[below(LENGTH(hand_picked))];

	if (below(3) == 0)
		text_add_char(text, (char)(is_binary ? 1 + below(255)
						     : ' ' + below(95)));
	else if (is_binary || is_plain(piece))
		text_add(text, piece);
}

/* The next value; freed by the caller. All that were picked come first. */
static char *next_value(void)
{
	static size_t n;
	bool is_binary = below(BINARY_ONE_IN) == 0;
	size_t len = below(LONG_ONE_IN) == 0 ? LONG_LEN : 0;
	size_t pieces = 1 + below(6);
	struct text text = {0};

	if (n < LENGTH(hand_picked))
		return mem_strdup(hand_picked[n++]);
	n++;
	while (pieces || text.len < len || !text.len) {
		add_piece(&text, is_binary && text.len < 64);
		pieces -= pieces > 0;
	}
	return text_take(&text);
}

struct scene {
	struct incident incident;
	struct job job;
	struct slurmctld_job slurmctld;
	struct restore_facts facts;
	char *reservation;
	char *script;
};

static void take(char **text, char *value)
{
	free(*text);
	*text = value;
}

/* Values in all that a user, or a site, may name. */
static void scene_init(struct scene *scene)
{
	struct incident *incident = &scene->incident;
	struct job *job = &scene->job;

	*scene = (struct scene){0};
	job_init(job);
	incident->id_job = 7;
	take(&incident->cluster, mem_strdup("lab"));
	take(&incident->job_id, mem_strdup("7"));
	take(&incident->user, mem_strdup("alice"));
	take(&incident->kind, mem_strdup("moved"));
	take(&incident->phase, mem_strdup("running"));
	take(&incident->qos, mem_strdup("normal"));
	take(&incident->job_name, next_value());
	take(&incident->account, next_value());
	take(&incident->partition, next_value());
	take(&job->work_dir, next_value());
	take(&job->derived_es, next_value());
	take(&job->std_out, next_value());
	take(&job->constraints, next_value());
	take(&job->wckey, next_value());
	job->id_resv = 1;
	scene->reservation = next_value();
	take(&job->submit_line, next_value());
	take(&job->submit_line,
	     mem_printf("sbatch --mail-user=%s -w %s --comment=%s job.sh",
			job->submit_line, incident->job_name, job->derived_es));
	scene->script =
		mem_printf("#!/bin/sh\n#SBATCH --export=%s\n#SBATCH -J %s\n",
			   incident->job_name, job->work_dir);
	scene->facts = (struct restore_facts){
		.incident = incident,
		.job = job,
		.slurmctld = &scene->slurmctld,
		.reservation = scene->reservation,
		.script = unit_path("a script's"),
		.script_text = scene->script,
		.script_len = strlen(scene->script),
		.environment = "NIL",
		.environment_file =
			below(2) ? unit_path("an $(environment)") : NULL,
	};
}

static void scene_finish(struct scene *scene)
{
	incident_finish(&scene->incident);
	job_finish(&scene->job);
	free(scene->reservation);
	free(scene->script);
}

/* Behind sbatch every word is one option with its value in it. */
static void check_options(char *const *words)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";

	while (strcmp(*words, "sbatch") != 0)
		words++;
	for (words++; *words; words++) {
		size_t len = strspn(*words, letters);

		ck_assert_msg(strncmp(*words, "--", 2) == 0 && len > 3 &&
				      (!(*words)[len] || (*words)[len] == '='),
			      "not an option: %s", *words);
		ck_assert_int_ne(strncmp(*words, "--wrap", 6), 0);
		ck_assert_int_ne(strncmp(*words, "--uid", 5), 0);
	}
}

static bool has_word(char *const *words, const char *option, const char *value)
{
	autofree char *word = mem_printf("--%s=%s", option, value);

	for (; *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

/* The line is one for a terminal as well. */
static void check_line(const char *line)
{
	autofree char *escaped = text_escaped(line);

	ck_assert_str_eq(line, escaped);
}

/* The command goes into the script, and what it should hand over into
 * `expected`: as the stand-ins print it. */
static void add_plan(struct restore_plan *plan, FILE *script, FILE *expected)
{
	autofree char *command = restore_command(plan);
	size_t i, n;
	char **word;

	check_line(command);
	fprintf(script, "%s\n", command);
	for (i = 0; i < plan->n_steps; i++) {
		for (n = 0; plan->steps[i].argv[n]; n++)
			;
		fprintf(expected, "%zu%c", n, '\0');
		for (word = plan->steps[i].argv; *word; word++)
			fwrite(*word, 1, strlen(*word) + 1, expected);
	}
}

/* Where the script comes to say --uid, which is refused, without it. */
static struct restore_plan plan_resubmission(struct scene *scene)
{
	struct restore_plan plan = restore_plan(&scene->facts);

	if (plan.way == RESTORE_BY_HAND) {
		restore_plan_finish(&plan);
		scene->facts.script_text = NULL;
		plan = restore_plan(&scene->facts);
	}
	ck_assert_int_eq(plan.way, RESTORE_RESUBMIT);
	return plan;
}

static void add_resubmission(struct scene *scene, FILE *script, FILE *expected)
{
	struct restore_plan plan = plan_resubmission(scene);
	char *const *words = plan.steps[0].argv;

	check_options(words);
	if (!strchr(scene->incident.job_name, '`'))
		ck_assert(
			has_word(words, "job-name", scene->incident.job_name));
	if (!strchr(scene->job.work_dir, '`'))
		ck_assert(has_word(words, "chdir", scene->job.work_dir));
	ck_assert(has_word(words, "partition", scene->incident.partition));
	ck_assert(has_word(words, "account", scene->incident.account));
	ck_assert(has_word(words, "comment", scene->job.derived_es));
	ck_assert(has_word(words, "reservation", scene->reservation));
	ck_assert(has_word(words, "constraint", scene->job.constraints));
	ck_assert(has_word(words, "output", scene->job.std_out));
	add_plan(&plan, script, expected);
	restore_plan_finish(&plan);
}

/* It was moved, and goes back to that partition. */
static void add_requeue(struct scene *scene, FILE *script, FILE *expected)
{
	struct restore_plan plan;

	scene->slurmctld = (struct slurmctld_job){
		.known = true,
		.batch = true,
		.requeue = true,
		.state = JOB_STATE_CANCELLED,
	};
	plan = restore_plan(&scene->facts);
	ck_assert_int_eq(plan.way, RESTORE_REQUEUE);
	add_plan(&plan, script, expected);
	restore_plan_finish(&plan);
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(unit_path(name), "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(chmod(unit_path(name), 0755), 0);
}

/* Prints the number of its arguments, itself among them, and these, each with
 * a NUL behind it. */
#define PRINT(name) "printf '%s\\0' \"$(($# + 1))\" " name " \"$@\"\n"

/* Begins a shell script of that name in which the commands are functions of
 * the shell: so a hundred thousand values take seconds. */
static FILE *begin_script(const char *name)
{
	FILE *file = fopen(unit_path(name), "w");

	ck_assert_ptr_nonnull(file);
	fputs("runuser() {\n" PRINT("runuser") "}\n"
					       "scontrol() {\n" PRINT(
						       "scontrol") "}\n",
	      file);
	return file;
}

/* Starts a shell on a script, in the folder; its output goes to a file. */
static pid_t start(const char *shell, const char *script, const char *out,
		   const char *path)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid)
		return pid;
	if (chdir(unit_dir) != 0 || !freopen(unit_path(out), "w", stdout) ||
	    !freopen("/dev/null", "r", stdin))
		_exit(126);
	if (path)
		setenv("PATH", path, 1);
	setenv("HISTFILE", "/dev/null", 1);
	/* Lines of a script with history expansion are read as typed ones. */
	if (strcmp(shell, "bash") == 0)
		execl("/bin/bash", "bash", "-o", "history", "-o", "histexpand",
		      unit_path(script), (char *)NULL);
	else
		execl("/bin/dash", "dash", unit_path(script), (char *)NULL);
	_exit(127);
}

static void finish(pid_t pid, const char *shell)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		      "%s: status %d", shell, status);
}

/* Both to their ends, byte by byte. */
static void compare(const char *expected, const char *got)
{
	FILE *a = fopen(unit_path(expected), "r");
	FILE *b = fopen(unit_path(got), "r");
	char *one = NULL, *other = NULL;
	size_t one_cap = 0, other_cap = 0;
	ssize_t len, other_len;
	long n = 0;

	ck_assert(a && b);
	do {
		len = getdelim(&one, &one_cap, '\0', a);
		other_len = getdelim(&other, &other_cap, '\0', b);
		n++;
		ck_assert_msg(len == other_len &&
				      (len <= 0 ||
				       memcmp(one, other, (size_t)len) == 0),
			      "%s, word %ld: expected '%s', got '%s'", got, n,
			      len > 0 ? one : "(end)",
			      other_len > 0 ? other : "(end)");
	} while (len > 0);
	free(one);
	free(other);
	fclose(a);
	fclose(b);
}

static void make_files(void)
{
	unit_make_dir();
	write_file("a script's", "");
	write_file("an $(environment)", "");
}

START_TEST(shells_read_the_arguments)
{
	FILE *script = begin_script("commands");
	FILE *expected = fopen(unit_path("expected"), "w");
	pid_t dash, bash;
	int i;

	ck_assert_ptr_nonnull(expected);
	for (i = 0; i < unit_rounds(VALUES / PER_PLAN); i++) {
		struct scene scene;

		scene_init(&scene);
		add_resubmission(&scene, script, expected);
		add_requeue(&scene, script, expected);
		scene_finish(&scene);
	}
	ck_assert_int_eq(fclose(script), 0);
	ck_assert_int_eq(fclose(expected), 0);
	dash = start("dash", "commands", "by dash", NULL);
	bash = start("bash", "commands", "by bash", NULL);
	finish(dash, "dash");
	finish(bash, "bash");
	compare("expected", "by dash");
	compare("expected", "by bash");
	ck_assert_int_ne(access(unit_path("pwned"), F_OK), 0);
}
END_TEST

/* The same by programs that stand in the PATH. */
START_TEST(programs_get_the_arguments)
{
	autofree char *path = mem_printf("%s:/usr/bin:/bin", unit_dir);
	FILE *script = fopen(unit_path("commands"), "w");
	FILE *expected = fopen(unit_path("expected"), "w");
	pid_t pid;
	int i;

	write_file("runuser", "#!/bin/sh\n" PRINT("runuser"));
	write_file("scontrol", "#!/bin/sh\n" PRINT("scontrol"));
	ck_assert(script && expected);
	for (i = 0; i < unit_rounds(300); i++) {
		struct scene scene;

		scene_init(&scene);
		add_resubmission(&scene, script, expected);
		add_requeue(&scene, script, expected);
		scene_finish(&scene);
	}
	ck_assert_int_eq(fclose(script), 0);
	ck_assert_int_eq(fclose(expected), 0);
	pid = start("dash", "commands", "by dash", path);
	finish(pid, "dash");
	pid = start("bash", "commands", "by bash", path);
	finish(pid, "bash");
	compare("expected", "by dash");
	compare("expected", "by bash");
	ck_assert_int_ne(access(unit_path("pwned"), F_OK), 0);
}
END_TEST

/* No name of a user, however it reads, is an option of runuser. */
START_TEST(user_names)
{
	int i;

	for (i = 0; i < unit_rounds(2000); i++) {
		struct restore_plan plan;
		struct scene scene;
		bool is_refused;

		scene_init(&scene);
		scene.facts.script_text = NULL;
		take(&scene.incident.user, next_value());
		is_refused = scene.incident.user[0] == '-' ||
			     strspn(scene.incident.user, "0123456789") ==
				     strlen(scene.incident.user);
		plan = restore_plan(&scene.facts);
		ck_assert_int_eq(plan.way, is_refused ? RESTORE_BY_HAND
						      : RESTORE_RESUBMIT);
		if (!is_refused)
			ck_assert_str_eq(plan.steps[0].argv[2],
					 scene.incident.user);
		restore_plan_finish(&plan);
		scene_finish(&scene);
	}
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("hostile");

	tcase_add_checked_fixture(tcase, make_files, unit_remove_dir);
	tcase_add_test(tcase, shells_read_the_arguments);
	tcase_add_test(tcase, programs_get_the_arguments);
	tcase_add_test(tcase, user_names);
	return unit_run("hostile", tcase);
}
