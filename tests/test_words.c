/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "reports/words.h"
#include "tests/unit.h"

#include <locale.h>

/* clang-format off */
static const struct {
	const char *text;
	size_t width;
	const char *cut;
} cut_cases[] = {
	{"forecast",             8, "forecast"},
	{"forecast",             7, "foreca\xe2\x80\xa6"},
	{"forecast",             1, "\xe2\x80\xa6"},
	{"forecast",             0, ""},
	{"",                     3, ""},
	/* Two columns each. */
	{"\xe5\x90\x8d\xe5\x89\x8d", 4, "\xe5\x90\x8d\xe5\x89\x8d"},
	{"\xe5\x90\x8d\xe5\x89\x8d", 3, "\xe5\x90\x8d\xe2\x80\xa6"},
	{"\xe5\x90\x8d\xe5\x89\x8d", 2, "\xe2\x80\xa6"},
	/* A mark stays with its letter. */
	{"e\xcc\x81tude",        3, "e\xcc\x81t\xe2\x80\xa6"},
};
/* clang-format on */

START_TEST(cutting)
{
	autofree char *cut = NULL;

	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	cut = words_cut(cut_cases[_i].text, cut_cases[_i].width);
	ck_assert_str_eq(cut, cut_cases[_i].cut);
	ck_assert_uint_le(words_width(cut), cut_cases[_i].width);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("words");

	tcase_add_loop_test(tcase, cutting, 0, LENGTH(cut_cases));
	return unit_run("words", tcase);
}
