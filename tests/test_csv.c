/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "reports/csv.h"
#include "tests/unit.h"

#define FULLWIDTH_EQUALS "\xef\xbc\x9d"
#define FULLWIDTH_PLUS "\xef\xbc\x8b"
#define FULLWIDTH_MINUS "\xef\xbc\x8d"
#define FULLWIDTH_AT "\xef\xbc\xa0"

/* clang-format off */
static const struct {
	const char *text;
	const char *cell;
	const char *raw; /* NULL: the same */
} text_cases[] = {
	{"",                     "",                        NULL},
	{"plain",                "plain",                   NULL},
	{"with blank",           "with blank",              NULL},
	{" leading blank",       " leading blank",          NULL},
	{"na\xc3\xafve-\xce\xbb", "na\xc3\xafve-\xce\xbb",  NULL},

	/* RFC 4180, 2.5 to 2.7. */
	{"a,b",                  "\"a,b\"",                 NULL},
	{"a\"b",                 "\"a\"\"b\"",              NULL},
	{"\"",                   "\"\"\"\"",                NULL},
	{"a\nb",                 "\"a\nb\"",                NULL},
	{"a\r\nb",               "\"a\r\nb\"",              NULL},
	{"3_[2,4-6]",            "\"3_[2,4-6]\"",           NULL},

	/* Formulas. */
	{"=1+1",                 "'=1+1",                   "=1+1"},
	{"=cmd|' /C calc'!A0",   "'=cmd|' /C calc'!A0",     "=cmd|' /C calc'!A0"},
	{"=a,\"b\"",             "\"'=a,\"\"b\"\"\"",       "\"=a,\"\"b\"\"\""},
	{"+cmd",                 "'+cmd",                   "+cmd"},
	{"-cmd",                 "'-cmd",                   "-cmd"},
	{"@SUM(A1)",             "'@SUM(A1)",               "@SUM(A1)"},
	{"\t=1",                 "'\t=1",                   "\t=1"},
	{"\r=1",                 "\"'\r=1\"",               "\"\r=1\""},
	{"\n=1",                 "\"'\n=1\"",               "\"\n=1\""},
	{FULLWIDTH_EQUALS "1",   "'" FULLWIDTH_EQUALS "1",  FULLWIDTH_EQUALS "1"},
	{FULLWIDTH_PLUS "1",     "'" FULLWIDTH_PLUS "1",    FULLWIDTH_PLUS "1"},
	{FULLWIDTH_MINUS "1",    "'" FULLWIDTH_MINUS "1",   FULLWIDTH_MINUS "1"},
	{FULLWIDTH_AT "1",       "'" FULLWIDTH_AT "1",      FULLWIDTH_AT "1"},
	{"=",                    "'=",                      "="},
	{"-",                    "'-",                      "-"},
	{"-1-1",                 "'-1-1",                   "-1-1"},
	{"-1.",                  "'-1.",                    "-1."},
	{"-.5",                  "'-.5",                    "-.5"},
	{"+1e9",                 "'+1e9",                   "+1e9"},
	{"--1",                  "'--1",                    "--1"},
	{"- 1",                  "'- 1",                    "- 1"},

	/* No formulas. */
	{"-1",                   "-1",                      NULL},
	{"+49",                  "+49",                     NULL},
	{"-12.50",               "-12.50",                  NULL},
	{"a=b",                  "a=b",                     NULL},
	{"'=1",                  "'=1",                     NULL},
	{"user@host",            "user@host",               NULL},
};
/* clang-format on */

static void check_text(bool raw, const char *text, const char *cell)
{
	autofree char *out = NULL;
	size_t len;
	FILE *file = open_memstream(&out, &len);
	struct csv csv = {.out = file, .raw = raw};

	csv_text(&csv, text);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_str_eq(out, cell);
}

START_TEST(text)
{
	const char *raw = text_cases[_i].raw;
	const char *cell = text_cases[_i].cell;

	check_text(false, text_cases[_i].text, cell);
	check_text(true, text_cases[_i].text, raw ? raw : cell);
}
END_TEST

START_TEST(rows)
{
	autofree char *out = NULL;
	size_t len;
	FILE *file = open_memstream(&out, &len);
	struct csv csv = {.out = file};

	csv_text(&csv, "a");
	csv_text(&csv, "");
	csv_end(&csv);
	csv_int(&csv, 0);
	csv_int(&csv, -1);
	csv_int(&csv, INT64_MAX);
	csv_int(&csv, INT64_MIN);
	csv_end(&csv);
	csv_time(&csv, 1795376463);
	csv_time(&csv, 0);
	csv_end(&csv);
	csv_text(&csv, "");
	csv_text(&csv, "");
	csv_end(&csv);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_str_eq(out, "a,\r\n"
			      "0,-1,9223372036854775807,-9223372036854775808"
			      "\r\n"
			      "2026-11-22T19:41:03Z,\r\n"
			      ",\r\n");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("csv");

	tcase_add_loop_test(tcase, text, 0, LENGTH(text_cases));
	tcase_add_test(tcase, rows);
	return unit_run("csv", tcase);
}
