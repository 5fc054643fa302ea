/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cells of CSV and words of a shell: read back by readers that know nothing of
 * the writers, they are what they were. */
#include "tests/fuzz/quoting.h"

#include "reports/csv.h"
#include "tests/fuzz/fuzz.h"

#include <ctype.h>
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 64

/* --- CSV ---------------------------------------------------------------- */

/* What a spreadsheet may take for a formula. */
static bool is_formula(const char *cell)
{
	static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b",
					   "\xef\xbc\x8d", "\xef\xbc\xa0"};
	size_t i;

	for (i = 0; i < LENGTH(wide); i++)
		if (strncmp(cell, wide[i], 3) == 0)
			return true;
	return *cell && strchr("=+-@\t\r\n", *cell);
}

/* +1, -12.50 */
static bool is_number(const char *cell)
{
	const char *s = cell + 1;
	bool digit = false;

	if (!strchr("+-", *cell))
		return false;
	for (; *s; s++) {
		if (*s == '.' && (!digit || strchr(cell, '.') != s))
			return false;
		if (*s != '.' && !isdigit((unsigned char)*s))
			return false;
		digit = *s != '.';
	}
	return digit;
}

enum mode { PLAIN, RAW, SPREADSHEET };

/* It is the text, as far as that is UTF-8, or the text behind a mark. */
static void check_cell(const char *cell, const char *typed, enum mode mode)
{
	autofree char *text = text_replaced(typed, mode == RAW);
	bool formula = is_formula(text) && !is_number(text);

	must(text_is_utf8(cell, strlen(cell)));
	if (mode == RAW) {
		must_equal(cell, text);
		return;
	}
	if (formula)
		must(cell[0] == '\'');
	if (mode == PLAIN)
		must_equal(cell + formula, text);
	else
		must_equal(cell + (strlen(cell) - strlen(text) == 1), text);
}

static void check_csv(char *const *texts, size_t n, enum mode mode)
{
	autofree char *bytes = NULL;
	size_t len, i;
	FILE *out = open_memstream(&bytes, &len);
	struct csv csv = {
		.out = out,
		.raw = mode == RAW,
		.spreadsheet = mode == SPREADSHEET,
	};
	struct quoting_csv reader;

	for (i = 0; i < n; i++)
		csv_text(&csv, texts[i]);
	csv_end(&csv);
	csv_text(&csv, "");
	csv_int(&csv, -1);
	csv_end(&csv);
	fclose(out);
	reader = (struct quoting_csv){.at = bytes, .end = bytes + len};
	for (i = 0; i < n; i++) {
		autofree char *cell = quoting_csv_cell(&reader);

		must(reader.row_ended == (i + 1 == n));
		check_cell(cell, texts[i], mode);
	}
	free(quoting_csv_cell(&reader));
	free(quoting_csv_cell(&reader));
	must(reader.at == reader.end);
}

/* --- Shell -------------------------------------------------------------- */

/* One line, without a byte that a terminal would act on. */
static void check_line(const char *line)
{
	autofree char *escaped = text_escaped(line);

	must_equal(line, escaped);
}

static void check_words(char *const *texts, size_t n)
{
	autotext struct text line = {0};
	const char *at;
	size_t i;

	for (i = 0; i < n; i++) {
		text_add(&line, i ? " " : "");
		text_add_shell_word(&line, texts[i]);
	}
	check_line(line.s);
	at = line.s;
	for (i = 0; i < n; i++) {
		autofree char *word = quoting_shell_word(&at);

		must_equal(word, texts[i]);
		must(*at == (i + 1 < n ? ' ' : '\0'));
		at += i + 1 < n;
	}
}

/* What that shell makes of the words, each with a NUL behind it. libFuzzer's
 * alarm breaks calls off. */
static void ask_shell(const char *shell, char *const *texts, size_t n,
		      struct text *answer)
{
	autotext struct text script = {0};
	char chunk[4096];
	ssize_t got;
	int ends[2];
	pid_t pid;
	size_t i;
	int status;

	text_add(&script, "printf '%s\\0'");
	for (i = 0; i < n; i++) {
		text_add_char(&script, ' ');
		text_add_shell_word(&script, texts[i]);
	}
	must(pipe(ends) == 0);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		execl(shell, shell, "-c", script.s, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	do {
		got = read(ends[0], chunk, sizeof(chunk));
		if (got > 0)
			text_add_bytes(answer, chunk, (size_t)got);
	} while (got > 0 || (got < 0 && errno == EINTR));
	must(got == 0);
	close(ends[0]);
	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	must(got == pid && status == 0);
}

/* The slow way: by a real shell, if one is named. */
static void check_shell(char *const *texts, size_t n)
{
	const char *shell = getenv("WATCHER_FUZZ_SHELL");
	autotext struct text answer = {0};
	const char *at;
	size_t i;

	if (!shell || !shell[0])
		return;
	ask_shell(shell, texts, n, &answer);
	at = answer.s;
	for (i = 0; i < n; i++) {
		must_equal(at, texts[i]);
		at += strlen(at) + 1;
	}
	must(at == answer.s + answer.len);
}

/* Texts, up to MOST of them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autoinputs struct fuzz_input input = fuzz_input(data, size);
	char *texts[MOST];
	size_t n = 0;

	do
		texts[n++] = fuzz_text(&input);
	while (n < MOST && fuzz_more(&input));
	check_csv(texts, n, PLAIN);
	check_csv(texts, n, RAW);
	check_csv(texts, n, SPREADSHEET);
	check_words(texts, n);
	check_shell(texts, n);
	return 0;
}
