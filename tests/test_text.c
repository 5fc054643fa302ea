/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "lib/text.h"
#include "tests/unit.h"

static const struct {
	const char *bytes;
	const char *utf8;
} utf8_cases[] = {
	{"plain", "plain"},
	{"na\xc3\xafve-\xce\xbb", "na\xc3\xafve-\xce\xbb"}, /* UTF-8 stays */
	{"na\xefve-?", "na\xc3\xafve-?"},                   /* latin1 */
	{"\x80 \x9f", "\xe2\x82\xac \xc5\xb8"},             /* cp1252: euro */
	{"\x81", "\xc2\x81"},             /* open in cp1252: C1 */
	{"\xc0\xaf", "\xc3\x80\xc2\xaf"}, /* overlong: not UTF-8 */
	{"\xed\xa0\x80", "\xc3\xad\xc2\xa0\xe2\x82\xac"}, /* surrogate */
	{"\xf4\x90\x80\x80", "\xc3\xb4\xc2\x90\xe2\x82\xac\xe2\x82\xac"},
	{"\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7"}, /* beyond the BMP */
	{"cut \xe2\x82", "cut \xc3\xa2\xe2\x80\x9a"},
};

START_TEST(utf8_of_bytes)
{
	const char *bytes = utf8_cases[_i].bytes;
	autofree char *utf8 = text_utf8(bytes, strlen(bytes));

	ck_assert_str_eq(utf8, utf8_cases[_i].utf8);
	ck_assert(text_is_utf8(utf8, strlen(utf8)));
}
END_TEST

START_TEST(replaced)
{
	static const char text[] = "caf\xe9 caf\xc3\xa9 \xf0\x9f\x98";
	autofree char *shown = text_replaced(text, false);
	autofree char *hex = text_replaced(text, true);

	ck_assert_str_eq(shown, "caf\xef\xbf\xbd caf\xc3\xa9 "
				"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	ck_assert_str_eq(hex, "caf\\xe9 caf\xc3\xa9 \\xf0\\x9f\\x98");
}
END_TEST

/* Wherever it stands: eight bytes are looked at at once. */
START_TEST(one_bad_byte_is_found)
{
	char text[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	size_t i, len = strlen(text);

	ck_assert(text_is_utf8(text, len));
	for (i = 0; i < len; i++) {
		char good = text[i];

		text[i] = '\xff';
		ck_assert(!text_is_utf8(text, len));
		ck_assert(text_is_utf8(text, i));
		text[i] = good;
	}
}
END_TEST

START_TEST(utf8_of_nul)
{
	autofree char *utf8 = text_utf8("a\0b", 3);

	ck_assert_str_eq(utf8, "a\xef\xbf\xbd"
			       "b");
}
END_TEST

static const struct {
	const char *in;
	const char *out;
} escape_cases[] = {
	{"plain", "plain"},
	{"a\nb\tc", "a\\nb\\tc"},
	{"\x1b[31m", "\\x1b[31m"},
	{"\x7f", "\\x7f"},
	{"\xc2\x9b", "\\u{9b}"}, /* C1: CSI */
	{"\xe2\x80\xae"
	 "evil",
	 "\\u{202e}evil"}, /* right to left */
	{"\xd8\x9c\xef\xbf\xbf\xf0\x9f\xbf\xbe\xef\xb7\x90",
	 "\\u{61c}\\u{ffff}\\u{1fffe}\\u{fdd0}"}, /* marks, and no characters */
	{"\xff", "\\xff"},
	{"na\xc3\xafve", "na\xc3\xafve"},
	{"back\\slash", "back\\slash"},
};

static const struct {
	const char *in;
	const char *out;
} harmless_cases[] = {
	{"a,\"b\"\tc\r\nna\xc3\xafve\n", "a,\"b\"\tc\r\nna\xc3\xafve\n"},
	{"\x1b[2J\x7f", "\\u001b[2J\\u007f"},
	{"over\rwritten\r", "over\\u000dwritten\\u000d"},
	{"\xc2\x9b\xe2\x80\xae", "\\u009b\\u202e"},
	{"\xf3\xa0\x80\x81", "\\udb40\\udc01"}, /* a tag: no sign */
	{"\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7"},
	{"\xff\xc2", "\\xff\\xc2"},
};

START_TEST(harmless)
{
	autotext struct text out = {0};
	const char *in = harmless_cases[_i].in;

	text_add_harmless(&out, in, strlen(in));
	ck_assert_str_eq(out.s, harmless_cases[_i].out);
}
END_TEST

START_TEST(escaped)
{
	autofree char *out = text_escaped(escape_cases[_i].in);

	ck_assert_str_eq(out, escape_cases[_i].out);
}
END_TEST

static const struct {
	const char *in;
	const char *word;
} word_cases[] = {
	{"plain-1_2", "plain-1_2"},
	{"3_[2,4]", "'3_[2,4]'"},
	{"", "''"},
	{"a b", "'a b'"},
	{"it's", "'it'\\''s'"},
	{"$(reboot)", "'$(reboot)'"},
	{"a\nb", "'a'\"$(printf '\\012\\142')\"''"},
	{"a\n", "'a'\"${IFS#??}\"''"},
	{"caf\xc3\xa9", "'caf\xc3\xa9'"},
	{"\xc3", "''\"$(printf '\\303')\"''"},
};

START_TEST(html)
{
	autotext struct text out = {0};

	text_add_html(&out, "<a href='x'>&amp;\"\x1b\n</a>\xc3\xa9\xff");
	ck_assert_str_eq(out.s, "&lt;a href=&#39;x&#39;&gt;&amp;amp;&quot;"
				"\\x1b\\n&lt;/a&gt;\xc3\xa9\\xff");
}
END_TEST

START_TEST(shell_word)
{
	autotext struct text out = {0};

	text_add_shell_word(&out, word_cases[_i].in);
	ck_assert_str_eq(out.s, word_cases[_i].word);
}
END_TEST

/* Whether `shell` reads the printed words back as the bytes they were made
 * of: its printf writes each argument with a byte \1 behind it, which no word
 * of the test holds. */
static void read_back(const char *shell, const char *word)
{
	autotext struct text command = {0};
	autofree char *expected = mem_printf("%s\1", word);
	autofree char *call = NULL;
	char got[8192];
	size_t n;
	FILE *pipe;

	text_add(&command, "printf '%s\\001' ");
	text_add_shell_word(&command, word);
	ck_assert_ptr_null(strchr(command.s, '\n'));
	ck_assert_ptr_null(strchr(command.s, '\033'));
	setenv("WATCHER_TEST_COMMAND", command.s, 1);
	call = mem_printf("%s -c \"$WATCHER_TEST_COMMAND\"", shell);
	pipe = popen(call, "r");
	n = fread(got, 1, sizeof(got) - 1, pipe);
	got[n] = '\0';
	ck_assert_int_eq(pclose(pipe), 0);
	ck_assert_str_eq(got, expected);
}

START_TEST(shells_read_back)
{
	static const char *const hostile[] = {
		"$(touch /tmp/pwned)",
		"`id`",
		"a'b\"c\\d",
		"-rf",
		"--wrap=x",
		"\n",
		"\n\n",
		"a\n\nb",
		"x\n\n",
		"\033]0;title\007",
		"*",
		"~",
		"a\tb",
		"\\",
		"\\\\n",
		"!!",
		"#no comment",
		"a;b&c|d>e<f",
		"\xff\xfe",
		("\xc2\x9b"
		 "31m"),
		"caf\xc3\xa9 \xe2\x80\xae",
		"{a,b}",
		"=ls",
		"a=b",
		"$HOME ${x} $1",
		"'",
		"''",
		"\r\n",
		"\002\003",
	};
	char random[64];
	size_t i, j;

	for (i = 0; i < LENGTH(hostile); i++) {
		read_back("dash", hostile[i]);
		read_back("bash", hostile[i]);
	}
	srand(1);
	for (i = 0; i < (size_t)unit_rounds(200); i++) {
		size_t len = (size_t)rand() % (sizeof(random) - 1);

		for (j = 0; j < len; j++)
			random[j] = (char)(2 + rand() % 254);
		random[len] = '\0';
		read_back("dash", random);
		read_back("bash", random);
	}
}
END_TEST

START_TEST(lists)
{
	struct text_list list = {0};

	text_list_split(&list, " critical, prod-* ,,x\ty ");
	ck_assert_uint_eq(list.n, 4);
	ck_assert_str_eq(list.items[1], "prod-*");
	ck_assert_str_eq(text_list_match(&list, "prod-7"), "prod-*");
	ck_assert_ptr_null(text_list_match(&list, "prod"));
	text_list_free(&list);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("text");

	tcase_add_loop_test(tcase, utf8_of_bytes, 0, LENGTH(utf8_cases));
	tcase_add_test(tcase, replaced);
	tcase_add_test(tcase, one_bad_byte_is_found);
	tcase_add_test(tcase, utf8_of_nul);
	tcase_add_loop_test(tcase, escaped, 0, LENGTH(escape_cases));
	tcase_add_loop_test(tcase, harmless, 0, LENGTH(harmless_cases));
	tcase_add_loop_test(tcase, shell_word, 0, LENGTH(word_cases));
	tcase_add_test(tcase, html);
	tcase_add_test(tcase, shells_read_back);
	tcase_add_test(tcase, lists);
	return unit_run("text", tcase);
}
