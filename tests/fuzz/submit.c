/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Submit lines and #SBATCH lines: what is found was typed, and what is typed is
 * found. */
#include "schema/submit.h"

#include "schema/job.h"
#include "tests/fuzz/fuzz.h"

#include <inttypes.h>

static const char *const names[] = {
	"partition", "time", "array", "wrap", "export", "hold", "nice", "wait",
};

/* What is found in a line is a piece of it. */
static void check_line(const char *line)
{
	autofree char *arguments = submit_line_arguments(line);
	size_t i;

	for (i = 0; i < LENGTH(names); i++) {
		autofree char *value = submit_line_option(line, names[i]);

		must(!value || strstr(line, value));
	}
	must(!arguments ||
	     (strlen(arguments) <= strlen(line) &&
	      strcmp(line + strlen(line) - strlen(arguments), arguments) == 0));
}

/* What is found in a script is there, in that order, with nothing but quotes,
 * backslashes and the like in between. */
static bool is_within(const char *value, const char *script, size_t size)
{
	size_t i;

	for (i = 0; i < size && *value; i++)
		if (script[i] == *value)
			value++;
	return !*value;
}

static void check_script(const char *script, size_t size)
{
	bool has_directive = size && memmem(script, size, "#SBATCH", 7);
	size_t i;

	for (i = 0; i < LENGTH(names); i++) {
		autofree char *value =
			submit_script_option(script, size, names[i]);

		must(!value || has_directive);
		must(!value || is_within(value, script, size));
	}
}

/* A word of a command line is found, whatever it is and whatever follows. */
static void check_typed(const char *word, const char *rest)
{
	autofree char *line = mem_printf("sbatch -p %s job.sh %s", word, rest);
	autofree char *joined =
		mem_printf("/bin/sbatch --partition=%s job.sh %s", word, rest);
	autofree char *by_letter = NULL;
	autofree char *by_name = NULL;
	autofree char *arguments = NULL;

	if (strchr(word, ' '))
		return;
	by_letter = submit_line_option(line, "partition");
	by_name = submit_line_option(joined, "partition");
	arguments = submit_line_arguments(line);
	must_equal(by_letter ? by_letter : "(none)", word);
	must_equal(by_name ? by_name : "(none)", word);
	must_equal(arguments ? arguments : "", rest);
}

/* A value in a script is found, quoted as sbatch wants it, whatever the script
 * then does. */
static void check_quoted(const char *value, const char *rest)
{
	autotext struct text script = {0};
	autofree char *found = NULL;
	const char *s;

	if (!value[0] || strchr(value, '\n'))
		return;
	text_add(&script, "#!/bin/sh\n\n# a job\n#SBATCH --partition=\"");
	for (s = value; *s; s++) {
		text_add_char(&script, '\\');
		text_add_char(&script, *s);
	}
	text_add(&script, "\"\nsrun true\n#SBATCH -p other\n");
	text_add(&script, rest);
	found = submit_script_option(script.s, script.len, "partition");
	must_equal(found ? found : "(none)", value);
}

/* Minutes in each way of writing them. */
static void check_minutes(const char *text)
{
	int days = 0, hours = 0, minutes = 0, seconds = 0;
	int n = 0;
	int64_t expected, got = submit_minutes(text);

	must(got == -1 || (got > 0 && got <= INT32_MAX / 60) ||
	     got == JOB_INFINITE);
	if (sscanf(text, "%1d-%2d:%2d:%2d%n", &days, &hours, &minutes, &seconds,
		   &n) != 4 ||
	    text[n] || text[strspn(text, "0123456789-:")] ||
	    strstr(text, ":-") || strstr(text, "--") || text[0] == '-')
		return;
	expected = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
	must(got == (expected ? (expected + 59) / 60 : JOB_INFINITE));
}

/* A submit line, a script, and a word: each up to a NUL, but the script goes
 * on to the end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autoinputs struct fuzz_input input = fuzz_input(data, size);
	const char *line = fuzz_text(&input);
	const char *word = fuzz_text(&input);
	const char *script = input.bytes + input.at;

	check_line(line);
	check_script(script, size - input.at);
	check_script(line, strlen(line));
	check_typed(word, line);
	check_quoted(word, script);
	check_minutes(word);
	return 0;
}
