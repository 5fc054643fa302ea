/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was typed at submission. The expected values are what sbatch, srun and
 * salloc of 22.05 made of the same arguments and scripts. */
#include "lib/mem.h"
#include "lib/text.h"
#include "lib/ticks.h"
#include "schema/job.h"
#include "schema/submit.h"
#include "tests/unit.h"

struct submit_case {
	const char *text;
	const char *partition;
};

/* clang-format off */
static const struct submit_case lines[] = {
	{"sbatch --partition=critical job.sh", "critical"},
	{"sbatch --partition critical job.sh", "critical"},
	{"sbatch --part=critical job.sh", "critical"},
	{"sbatch --part critical job.sh", "critical"},
	{"sbatch -p critical job.sh", "critical"},
	{"sbatch -pcritical job.sh", "critical"},
	{"sbatch -p=critical job.sh", "=critical"},
	{"sbatch -Hp critical job.sh", "critical"},
	{"sbatch -HOpcritical job.sh", "critical"},
	{"sbatch -p critical,open job.sh", "critical,open"},
	{"/opt/slurm/bin/sbatch -p critical", "critical"},
	{"sbatch-wrapper -p critical", "critical"},

	/* The last one wins. */
	{"sbatch -p open --partition=critical job.sh", "critical"},
	{"sbatch --partition=critical -p open job.sh", "open"},
	{"sbatch -p open -p critical", "critical"},

	/* None is named. */
	{"", NULL},
	{"sbatch", NULL},
	{"sbatch ", NULL},
	{"sbatch job.sh", NULL},
	{"sbatch -p", NULL},
	{"sbatch --partition", NULL},
	{"sbatch -", NULL},
	{"sbatch -H -", NULL},
	{"sbatch --par critical job.sh", NULL}, /* parsable? refused */
	{"sbatch --partitions=critical job.sh", NULL},
	{"sbatch --Partition=critical job.sh", NULL},
	{"sbatch -P critical job.sh", NULL},
	{"sbatch --= -p critical job.sh", "critical"},

	/* Values of other options, and what looks like one. */
	{"sbatch -J -p critical job.sh", NULL},
	{"sbatch -J x -p critical job.sh", "critical"},
	{"sbatch --job-name -p critical job.sh", NULL},
	{"sbatch --job-name=-p -n2 -p critical job.sh", "critical"},
	{"sbatch --comment  -p critical job.sh", "critical"},
	{"sbatch --nice -p critical job.sh", "critical"},
	{"sbatch --nice=5 -p critical job.sh", "critical"},
	{"sbatch --nice 5 -p critical job.sh", NULL},
	{"sbatch --exclusive -p critical job.sh", "critical"},
	{"sbatch -k -p critical job.sh", "critical"},
	{"sbatch -kp critical job.sh", NULL},
	{"sbatch --wait -p critical job.sh", "critical"},
	{"sbatch -W -p critical job.sh", "critical"},
	{"sbatch -Wp critical job.sh", "critical"},
	{"sbatch --segment 4 -p critical job.sh", "critical"},
	{"sbatch --tres-per-task=cpu:4 --extra x -p critical", "critical"},
	{"sbatch --container-image=x.sqsh -p critical", "critical"},
	{"sbatch --partition= -H job.sh", ""},

	/* The script's arguments are its own. */
	{"sbatch job.sh -p critical", NULL},
	{"sbatch -p open job.sh -p critical", "open"},
	{"sbatch -p open -- -p critical", "open"},
	{"sbatch -- job.sh -p critical", NULL},
	{"sbatch  -p critical", NULL},
	{"sbatch -J night run -p critical job.sh", NULL}, /* "night run" */
	{"sbatch -p night run job.sh", "night"}, /* "night run" */

	/* Components of a het job. */
	{"sbatch -p critical : -p open job.sh", "critical"},
	{"sbatch -n1 : -p open job.sh", NULL},
	{"sbatch --wrap x -p critical : -p open --wrap y", "critical"},

	/* Behind --wrap. */
	{"sbatch --wrap sleep 400 -p critical", "critical"},
	{"sbatch --wrap=sleep 400 -H -p critical -t 1", "critical"},
	{"sbatch --wrap sleep 400 -p open -p critical", "critical"},
	{"sbatch -p critical --wrap sleep 400", "critical"},
	{"sbatch -p critical --wrap mkdir -p dir", "critical"},
	{"sbatch --wrap srun -p critical prog", NULL},
	{"sbatch --wrap srun -p critical prog -n 1", NULL},
	{"sbatch --wrap prog -p critical --verbosity 3", NULL},
	{"sbatch --wrap prog -p critical --verbosity", NULL},
	{"sbatch --wrap prog -p critical -! -t 3", NULL},
	{"sbatch --wrap prog -p critical -- -t 3", NULL},

	{"srun -p critical hostname", "critical"},
	{"srun --par critical hostname", "critical"},
	{"srun -W 30 -p critical hostname", "critical"},
	{"srun -lup critical -n1 hostname", "critical"},
	{"srun -K -p critical hostname", "critical"},
	{"srun -Kp critical hostname", NULL},
	{"srun --wrap x -p critical hostname", NULL},
	{"/usr/bin/srun hostname -p critical", NULL},
	{"salloc -p critical", "critical"},
	{"salloc --no-shell -J x -p critical sh", "critical"},
	{"salloc -K9 -p critical sh -c exit", "critical"},
	{"salloc --bell sh -p critical", NULL},
};

#define SH "#!/bin/sh\n"

static const struct submit_case scripts[] = {
	{SH "#SBATCH --partition=critical\n", "critical"},
	{SH "#SBATCH -p critical", "critical"},
	{SH "#SBATCH --part critical\nsleep 1\n", "critical"},
	{SH "#SBATCH -n2 -Hp critical -t 3\n", "critical"},
	{SH "#SBATCH\t-p\v critical\n", "critical"},
	{SH "#SBATCH-p critical\n", "critical"},
	{SH "#SBATCH -p open\n#SBATCH -p critical\n", "critical"},
	{"#SBATCH -p critical", "critical"},

	/* Where they end. */
	{SH "\n \t\f\n# text\n  # text\n#SBATCH -p critical\n", "critical"},
	{SH "echo\n#SBATCH -p critical\n", NULL},
	{SH ":\n#SBATCH -p critical\n", NULL},
	{SH "  echo\n#SBATCH -p critical\n", NULL},
	{SH "\xef\xbb\xbf\n#SBATCH -p critical\n", NULL},
	{SH " #SBATCH -p critical\n", NULL},
	{SH "##SBATCH -p critical\n", NULL},
	{SH "#sbatch -p critical\n", NULL},
	{SH "#PBS -p critical\n", NULL},
	{SH, NULL},
	{"", NULL},
	{"\n", NULL},
	{"#SBATC", NULL},
	{"#SBATCH", NULL},
	{"#SBATCH -p", NULL},
	{"#SBATCH \\", NULL},
	{"#SBATCH -p \"", NULL},

	/* Quotes and comments. */
	{SH "#SBATCH -p \"crit ical\" -n 1\n", "crit ical"},
	{SH "#SBATCH -p 'crit ical' -n 1\n", "crit ical"},
	{SH "#SBATCH -p crit\"ic\"al\n", "critical"},
	{SH "#SBATCH --partition='critical'\n", "critical"},
	{SH "#SBATCH -p crit\\\"ical\n", "crit\"ical"},
	{SH "#SBATCH -p 'a\\'b'\n", "a'b"},
	{SH "#SBATCH -p \"a'b\"\n", "a'b"},
	{SH "#SBATCH -p \\\\a\n", "\\a"},
	{SH "#SBATCH -p crit\\ ical\n", "crit"},
	{SH "#SBATCH -p critical # -p open\n", "critical"},
	{SH "#SBATCH -p critical#x -p open\n", "critical"},
	{SH "#SBATCH -p crit\\#ical\n", "crit#ical"},
	{SH "#SBATCH -p \"crit#ical\"\n", "crit#ical"},
	{SH "#SBATCH -p critical # it's\n#SBATCH -t 1\n", "critical"},
	{SH "#SBATCH -n1 \"\" -p open\n#SBATCH -t1\n", NULL},
	{SH "#SBATCH -p critical\\\n#SBATCH -t 1\n", "critical"},
	{SH "#SBATCH -J \"a -p b\" -p critical\n", "critical"},

	/* All lines are one command line. */
	{SH "#SBATCH -p\n#SBATCH critical\n", "critical"},
	{SH "#SBATCH -J\n#SBATCH -p critical\n", NULL},
	{SH "#SBATCH --plugin value -p critical\n", "critical"},

	/* Components of a het job. */
	{SH "#SBATCH -p critical\n#SBATCH hetjob\n#SBATCH -p open\n",
	 "critical"},
	{SH "#SBATCH HetJob # x\n#SBATCH -p open\n", NULL},
	{SH "#SBATCHpackjob\n#SBATCH -p open\n", NULL},
	{SH "#SBATCH \"hetjob\"\n#SBATCH -p critical\n", "critical"},
	{SH "#SBATCH -J myhetjob -p critical\n", "critical"},
	{SH "#SBATCH -n1 hetjob -p open\n#SBATCH -p critical\n", "critical"},
	{SH "#SBATCH -J x : -p open\n", NULL},
};

static const struct {
	const char *text;
	int64_t minutes;
} limits[] = {
	{"1", 1}, {"60", 60}, {"010", 10},
	{"0:30", 1}, {"1:00", 1}, {"1:01", 2}, {"1:99", 3}, {"90:00", 90},
	{"1:0:0", 60}, {"1:0:1", 61}, {"0:0:1", 1},
	{"1-", 1440}, {"1-1", 1500}, {"1-25", 2940}, {"1-2:3", 1563},
	{"1-2:3:4", 1564}, {"0-0:0:1", 1}, {"365-0", 525600},
	{"infinite", JOB_INFINITE}, {"UNLIMITED", JOB_INFINITE},
	{"Infinite", JOB_INFINITE}, {"-1", JOB_INFINITE},
	{"0", JOB_INFINITE}, {"0:0", JOB_INFINITE}, {"0-0", JOB_INFINITE},
	{"00:00:00", JOB_INFINITE},

	{"", -1}, {"-", -1}, {"--1", -1}, {"-1-2", -1}, {"-2", -1},
	{"a", -1}, {"1a", -1}, {" 1", -1}, {"1 ", -1}, {"1\n", -1},
	{"+1", -1}, {"1.5", -1}, {"1,2", -1}, {"0x10", -1},
	{"1:", -1}, {":1", -1}, {"::1", -1}, {"1::", -1}, {"1:1:", -1},
	{"1:2:3:4", -1}, {"1-2-3", -1}, {"1-2:", -1}, {"1-:", -1},
	{"1-2:3:4:5", -1}, {"unlimit", -1}, {"infinite ", -1},

	/* To the last second that Slurm counts, and beyond. */
	{"35791393", 35791393}, {"35791394", -1},
	{"0:2147483588", 35791394}, {"0:2147483589", -1},
	{"24855-0", 35791200}, {"24856-0", -1},
	{"2147483648", -1}, {"4294967297", -1}, {"2147483647-0", -1},
	{"18446744073709551617", -1},
	{"99999999999999999999999999999999999999", -1},
	{"1-99999999999999999999999", -1},
};
/* clang-format on */

START_TEST(line)
{
	autofree char *partition =
		submit_line_option(lines[_i].text, "partition");

	ck_assert_msg(!partition == !lines[_i].partition &&
			      (!partition ||
			       strcmp(partition, lines[_i].partition) == 0),
		      "%s: %s", lines[_i].text,
		      partition ? partition : "(none)");
}
END_TEST

START_TEST(script)
{
	const char *text = scripts[_i].text;
	/* Without the NUL behind it, for the sanitizer. */
	char *copy = malloc(strlen(text) + !*text);
	autofree char *partition = NULL;

	memcpy(copy, text, strlen(text));
	partition = submit_script_option(copy, strlen(text), "partition");
	free(copy);
	ck_assert_msg(!partition == !scripts[_i].partition &&
			      (!partition ||
			       strcmp(partition, scripts[_i].partition) == 0),
		      "%s: %s", text, partition ? partition : "(none)");
}
END_TEST

START_TEST(other_options)
{
	static const struct {
		const char *text, *name, *value;
	} cases[] = {
		{"sbatch -t 10 --time=1:00:00 x", "time", "1:00:00"},
		{"sbatch --time 10 --time-min 5 x", "time", "10"},
		{"sbatch --ti=10 x", "time", NULL}, /* or time-min */
		{"sbatch --reserv=r -p x", "reservation", "r"},
		{"sbatch --res=r -p x", "reservation", "r"},
		{"sbatch -p x -q high", "qos", "high"},
		{"sbatch -A acc", "account", "acc"},
		{"sbatch -a 1-4%2 x", "array", "1-4%2"},
		{"sbatch -H x", "hold", ""},
		{"sbatch -k x", "no-kill", ""},
		{"sbatch --wrap=sleep 4", "wrap", "sleep"},
		{"salloc -a 1", "array", NULL},
		{"sbatch -p x", "no such option", NULL},
		{"sbatch -p x", "", NULL},
	};
	size_t i;

	for (i = 0; i < LENGTH(cases); i++) {
		autofree char *value =
			submit_line_option(cases[i].text, cases[i].name);

		ck_assert_pstr_eq(value, cases[i].value);
	}
}
END_TEST

START_TEST(minutes)
{
	ck_assert_msg(submit_minutes(limits[_i].text) == limits[_i].minutes,
		      "'%s': %ld", limits[_i].text,
		      (long)submit_minutes(limits[_i].text));
}
END_TEST

/* Repeats `piece` to a megabyte. */
static void grow(struct text *text, const char *piece)
{
	size_t len = strlen(piece);

	while (text->len < (size_t)unit_rounds(1024 * 1024))
		text_add_bytes(text, piece, len);
}

/* What the texts are made of that are a megabyte long. */
static const char *const pieces[] = {
	"x",       " ",         "\n",      "-p ",      "--part=x ",
	"-p x ",   "-H",        "--a ",    "\"",       "\\",
	"'a' ",    "#SBATCH ",  "#\n",     "hetjob ",  "--wrap -p x ",
	"\n\"\"",  "--\n",      "- ",      "\xff\xfe", "-px\n#SBATCH ",
	"--wrap ", "-p x y --", "\n    #", "1:",       "99999999",
};

/* Longer than any of these takes, and shorter than its square would. */
#define LONG_MS 20000

START_TEST(megabyte)
{
	const char *piece = pieces[_i];
	autotext struct text text = {0};
	int64_t begun_ms = ticks_ms();
	size_t i;
	static const char *const heads[] = {"sbatch ", "sbatch --wrap x ",
					    "sbatch -", SH "#SBATCH -"};

	for (i = 0; i < LENGTH(heads); i++) {
		text.len = 0;
		text_add(&text, heads[i]);
		grow(&text, piece);
		free(submit_line_option(text.s, "partition"));
		free(submit_script_option(text.s, text.len, "partition"));
		submit_minutes(text.s + strlen(heads[i]));
	}
	ck_assert_int_lt(ticks_ms() - begun_ms, LONG_MS);
}
END_TEST

/* No byte in any place reads or writes where it should not: for the
 * sanitizers. */
START_TEST(any_bytes)
{
	static const char *const parts[] = {
		"#SBATCH", "\n",   " ",  "-p",      "--partition", "=", "\"",
		"'",       "\\",   "#",  "--wrap",  "hetjob",      ":", "-",
		"--",      "\xff", "\t", "sbatch ", "12",          "",  "-k",
	};
	unsigned seed = 1;
	size_t i, n;

	for (i = 0; i < (size_t)unit_rounds(20000); i++) {
		autotext struct text text = {0};
		autofree char *exact = NULL;

		text_add(&text, "");
		for (n = 0; n < 12; n++) {
			seed = seed * 1103515245 + 12345;
			text_add(&text, parts[(seed >> 16) % LENGTH(parts)]);
		}
		exact = mem_strndup(text.s, text.len);
		free(submit_line_option(exact, "partition"));
		free(submit_script_option(exact, text.len, "partition"));
		submit_minutes(exact);
	}
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("submit");

	tcase_add_loop_test(tcase, line, 0, LENGTH(lines));
	tcase_add_loop_test(tcase, script, 0, LENGTH(scripts));
	tcase_add_test(tcase, other_options);
	tcase_add_loop_test(tcase, minutes, 0, LENGTH(limits));
	tcase_add_loop_test(tcase, megabyte, 0, LENGTH(pieces));
	tcase_add_test(tcase, any_bytes);
	return unit_run("submit", tcase);
}
