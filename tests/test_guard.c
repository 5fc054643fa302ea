/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scancel-guard: which jobs a command line may end, which of squeue's lines are
 * protected, and its configuration. tests/cluster/guard runs it on a real
 * cluster. */
#include "guard/queue.h"
#include "guard/request.h"
#include "lib/mem.h"
#include "tests/scratch.h"

static char source_root[PATH_MAX];

/* --- Command lines ---------------------------------------------------------
 */

/* Arguments, separated by blanks; the options of squeue's without --user, which
 * is always there, or NULL where nothing is asked; whether scancel itself
 * asks. */
static const struct {
	const char *args;
	const char *filters;
	bool interactive;
} commands[] = {
	{"12", "--jobs=12", false},
	{"12 13", "--jobs=12,13", false},
	{"12,13", "--jobs=12,13", false},
	{"12_3 13_[1,4-6],14 15_*", "--jobs=12_3,13,14,15", false},
	{"12.0 13.batch 14_2.1", "--jobs=12,13,14_2", false},
	{"12_3,12_4 13_", "--jobs=12_3,12_4,13", false},
	{"12+1", "--jobs=12", false},
	{"-Q --ctld -bfHv 12", "--jobs=12", false},
	{"12 -i", "--jobs=12", true},
	{"--interactive 12", "--jobs=12", true},
	{"-t PD -p critical", "--partition=critical --states=PD", false},
	{"-tPD -pcritical", "--partition=critical --states=PD", false},
	{"--state=PENDING --part critical",
	 "--partition=critical --states=PENDING", false},
	{"-p open -p critical", "--partition=critical", false},
	{"-A acc -q paid -R drill -w n1,n2 -n job -M lab",
	 "--account=acc --clusters=lab --name=job --nodelist=n1,n2 --qos=paid "
	 "--reservation=drill",
	 false},
	{"--jobname=job --cluster=lab", "--clusters=lab --name=job", false},
	{"--me", "", false},
	{"-u 4711", "", false},
	{"-u root --me", "", false},
	{"--me -u root", NULL, false},
	{"-u root", NULL, false},
	{"-u nobody-of-that-name", NULL, false},
	{"-u 4711x", NULL, false},
	/* What squeue would split or take for a file selects more. */
	{"-n a,b", "", false},
	{"-w ./hosts", "", false},
	{"--wckey=w", "", false},
	{"--sibling=other --admin-comment=text 12", "--jobs=12", false},
	{"-c 12", "--jobs=12", false},
	{"-- 12", "--jobs=12", false},
	/* Signals. */
	{"-s KILL 12", "--jobs=12", false},
	{"--signal=sigterm 12", "--jobs=12", false},
	{"-s 15 12", "--jobs=12", false},
	{"-s USR1 12", NULL, false},
	{"-s 10 12", NULL, false},
	{"-s 0 12", NULL, false},
	{"-s STOP --me", NULL, false},
	{"-s", NULL, false},
	/* What scancel refuses or does not take for a cancellation. */
	{"", NULL, false},
	{"-M lab", NULL, false},
	{"-v", NULL, false},
	{"--help", NULL, false},
	{"--usage 12", NULL, false},
	{"-V", NULL, false},
	{"job", NULL, false},
	{"12 job", NULL, false},
	{"12,", NULL, false},
	{"-12", NULL, false},
	{"--no-such-option 12", NULL, false},
	{"--s 12", NULL, false}, /* ambiguous */
};

/* The options of squeue for the words, freed by the caller; NULL. */
static char *filters_of(const char *words, bool *interactive)
{
	autofree char *copy = mem_printf("scancel %s", words);
	char *argv[32] = {NULL};
	struct request request;
	struct text out = {0};
	char *save = NULL;
	char *filters = NULL;
	int argc = 0;
	size_t i;

	for (argv[0] = strtok_r(copy, " ", &save); argv[argc];
	     argv[argc] = strtok_r(NULL, " ", &save))
		argc++;
	if (request_read(&request, argc, argv, 4711)) {
		ck_assert_str_eq(request.filters.items[0], "--user=4711");
		for (i = 1; i < request.filters.n; i++)
			text_addf(&out, "%s%s", i > 1 ? " " : "",
				  request.filters.items[i]);
		filters = text_take(&out);
	}
	*interactive = request.interactive;
	request_finish(&request);
	return filters;
}

static void assert_command(const char *args, const char *expected,
			   bool expected_interactive)
{
	bool interactive;
	char *filters = filters_of(args, &interactive);

	if (!expected) {
		ck_assert_msg(!filters, "%s: %s", args, filters);
		return;
	}
	ck_assert_msg(filters, "%s: nothing is asked", args);
	ck_assert_msg(strcmp(filters, expected) == 0, "%s: %s", args, filters);
	ck_assert_msg(interactive == expected_interactive, "%s", args);
	free(filters);
}

START_TEST(command_lines)
{
	size_t i;

	for (i = 0; i < LENGTH(commands); i++)
		assert_command(commands[i].args, commands[i].filters,
			       commands[i].interactive);
}
END_TEST

/* scancel takes what is not on its command line from there. */
START_TEST(environment)
{
	setenv("SCANCEL_PARTITION", "critical", 1);
	setenv("SCANCEL_STATE", "PENDING", 1);
	assert_command("12", "--partition=critical --states=PENDING --jobs=12",
		       false);
	assert_command("-p open", "--partition=open --states=PENDING", false);
	setenv("SCANCEL_USER", "root", 1);
	assert_command("12", NULL, false);
	assert_command("--me", "--partition=critical --states=PENDING", false);
	unsetenv("SCANCEL_USER");
	setenv("SCANCEL_INTERACTIVE", "True", 1);
	assert_command("-t R -p open 12",
		       "--partition=open --states=R --jobs=12", true);
}
END_TEST

/* getopt_long() would move operands behind options in it. */
START_TEST(arguments_stay)
{
	char words[4][8] = {"scancel", "12", "-p", "open"};
	char *argv[] = {words[0], words[1], words[2], words[3], NULL};
	struct request request;

	ck_assert(request_read(&request, 4, argv, 4711));
	ck_assert_str_eq(argv[1], "12");
	ck_assert_str_eq(argv[3], "open");
	request_finish(&request);
}
END_TEST

/* --- squeue ----------------------------------------------------------------
 */

static const struct {
	const char *partition; /* that scancel is to keep to */
	const char *line;
	const char *job;
} lines[] = {
	{NULL, "12|RUNNING|critical|normal|acc|(null)",
	 "12 RUNNING partition critical"},
	{NULL, "12_[1-5%1]|PENDING|open,prod-a|normal|acc|(null)",
	 "12_[1-5%1] PENDING partition prod-a"},
	{NULL, "13|RUNNING|open|normal|acc|(null)", NULL},
	{NULL, "13|RUNNING|open|paid|acc|(null)", "13 RUNNING QOS paid"},
	{NULL, "13|RUNNING|open|normal|climate|(null)",
	 "13 RUNNING account climate"},
	{NULL, "13|RUNNING|open|normal|acc|drill-1",
	 "13 RUNNING reservation drill-1"},
	{NULL, "13|RUNNING\x1b[2J|critical|normal|acc|",
	 "13 RUNNING\\x1b[2J partition critical"},
	{"open", "14|PENDING|open,critical|normal|acc|", NULL},
	{"critical", "14|PENDING|open,critical|normal|acc|", NULL},
	{"open,critical", "14|PENDING|open,critical|normal|acc|",
	 "14 PENDING partition critical"},
	{NULL, "CLUSTER: lab", NULL},
	{NULL, "13|RUNNING|critical|normal|acc", NULL},
	{NULL, "13|RUNNING|critical|normal|acc|x|y", NULL},
	{NULL, "", NULL},
};

START_TEST(protected_jobs)
{
	struct guard_conf conf;
	struct err err;
	size_t i;

	scratch_write("guard.conf", 0644,
		      "partitions = critical, prod-*\nqos = paid\n"
		      "accounts = clim*\nreservations = *\n");
	ck_assert_int_eq(guard_conf_read("guard.conf", &conf, &err), 0);
	for (i = 0; i < LENGTH(lines); i++) {
		char *job = queue_job(&conf, lines[i].partition, lines[i].line);

		ck_assert_pstr_eq(job, lines[i].job);
		free(job);
	}
	guard_conf_finish(&conf);
}
END_TEST

/* A squeue that fails, hangs or is not there is no reason to ask. */
START_TEST(squeue_fails)
{
	static const char *const scripts[] = {
		"#!/bin/sh\nexit 1\n",
		"#!/bin/sh\nexec sleep 60\n",
		NULL,
	};
	struct request request = {0};
	struct text_list jobs = {0};
	struct guard_conf conf;
	struct err err;
	size_t i;

	text_list_add(&request.filters, "--user=4711");
	scratch_write("guard.conf", 0644, "partitions = *\ntimeout = 1s\n");
	ck_assert_int_eq(guard_conf_read("guard.conf", &conf, &err), 0);
	setenv("PATH", unit_dir, 1);
	for (i = 0; i < LENGTH(scripts); i++) {
		if (scripts[i])
			scratch_write("squeue", 0755, scripts[i]);
		else
			ck_assert_int_eq(remove("squeue"), 0);
		ck_assert_int_eq(queue_protected(&conf, &request, &jobs, &err),
				 -1);
		ck_assert_uint_eq(jobs.n, 0);
	}
	request_finish(&request);
	guard_conf_finish(&conf);
}
END_TEST

/* Variables of squeue's own do not hide jobs. */
START_TEST(squeue_environment)
{
	struct request request = {0};
	struct text_list jobs = {0};
	struct guard_conf conf;
	struct err err;

	text_list_add(&request.filters, "--user=4711");
	scratch_write("guard.conf", 0644, "partitions = critical\n");
	ck_assert_int_eq(guard_conf_read("guard.conf", &conf, &err), 0);
	scratch_write("squeue", 0755,
		      "#!/bin/sh\necho \"12|R|${SQUEUE_STATES-critical}|"
		      "${SQUEUE_USERS-b}|a|$SLURM_CONF\"\n");
	setenv("PATH", unit_dir, 1);
	setenv("SQUEUE_STATES", "PD", 1);
	setenv("SQUEUE_USERS", "nobody", 1);
	setenv("SLURM_CONF", "x", 1);
	ck_assert_int_eq(queue_protected(&conf, &request, &jobs, &err), 0);
	ck_assert_uint_eq(jobs.n, 1);
	ck_assert_str_eq(jobs.items[0], "12 R partition critical");
	text_list_free(&jobs);
	request_finish(&request);
	guard_conf_finish(&conf);
}
END_TEST

/* --- Configuration ---------------------------------------------------------
 */

static const struct {
	const char *text;
	const char *msg;
} faults[] = {
	{"partition = critical\n", "guard.conf:1: unknown key partition"},
	{"# x\npartitions\n",
	 "guard.conf:2: is neither key = value nor a comment"},
	{"scancel = scancel.real\n",
	 "guard.conf:1: scancel = scancel.real: a path begins with / and may "
	 "not be quoted"},
	{"timeout = 5\n", "guard.conf:1: timeout = 5: the unit is missing: "
			  "write 5s, 5m, 5h or 5d"},
};

START_TEST(bad_configuration)
{
	struct guard_conf conf;
	struct err err;
	size_t i;

	for (i = 0; i < LENGTH(faults); i++) {
		scratch_write("guard.conf", 0644, faults[i].text);
		ck_assert_int_eq(guard_conf_read("guard.conf", &conf, &err),
				 -1);
		ck_assert_str_eq(err.msg, faults[i].msg);
		guard_conf_finish(&conf);
	}
	ck_assert_int_eq(guard_conf_read("absent.conf", &conf, &err), 0);
	ck_assert_uint_eq(conf.partitions.n, 0);
	ck_assert_int_eq(conf.timeout_s, 5);
	guard_conf_finish(&conf);
}
END_TEST

static FILE *open_source(const char *name)
{
	autofree char *path = mem_printf("%s/%s", source_root, name);
	FILE *file = fopen(path, "r");

	ck_assert_msg(file, "%s: set WATCHER_SOURCE_ROOT", path);
	return file;
}

/* Every key is in the sample once, in the table's order, with its default. */
START_TEST(sample_has_keys)
{
	FILE *file = open_source("conf/watcher-guard.conf");
	const struct conf_key *key = guard_conf_keys;
	char line[256], word[64], value[128];

	while (fgets(line, sizeof(line), file)) {
		value[0] = '\0';
		if (sscanf(line, ";%63s = %127[^\n]", word, value) < 1)
			continue;
		ck_assert_str_eq(word, key->key);
		ck_assert_str_eq(value, key->fallback);
		key++;
	}
	fclose(file);
	ck_assert_ptr_eq(key, guard_conf_keys + guard_conf_n_keys);
}
END_TEST

/* And in the man page, where a long one has a line of its own. */
START_TEST(manual_has_keys)
{
	FILE *file = open_source("doc/scancel-guard.1");
	const struct conf_key *key = guard_conf_keys;
	char line[256], word[64], value[128];

	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, ".It Ic %63s = Ar", word) == 1)
			ck_assert_str_eq(word, key->key);
		if (strcmp(line, "Default:\n") == 0)
			ck_assert(fscanf(file, "%127[^\n]", value) == 1);
		else if (sscanf(line, "Default: %127[^\n]", value) != 1)
			continue;
		ck_assert_str_eq(value,
				 *key->fallback ? key->fallback : "empty.");
		key++;
	}
	fclose(file);
	ck_assert_ptr_eq(key, guard_conf_keys + guard_conf_n_keys);
}
END_TEST

int main(void)
{
	const char *root = getenv("WATCHER_SOURCE_ROOT");
	TCase *tcase = tcase_create("guard");

	/* The tests run in folders of their own. */
	if (!realpath(root ? root : ".", source_root))
		return EXIT_FAILURE;
	tcase_add_checked_fixture(tcase, scratch_enter, scratch_leave);
	tcase_add_test(tcase, command_lines);
	tcase_add_test(tcase, environment);
	tcase_add_test(tcase, arguments_stay);
	tcase_add_test(tcase, protected_jobs);
	tcase_add_test(tcase, squeue_fails);
	tcase_add_test(tcase, squeue_environment);
	tcase_add_test(tcase, bad_configuration);
	tcase_add_test(tcase, sample_has_keys);
	tcase_add_test(tcase, manual_has_keys);
	return unit_run("guard", tcase);
}
