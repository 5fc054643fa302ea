/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "reports/csv.h"
#include "tests/unit.h"

#define FULLWIDTH_EQUALS "\xef\xbc\x9d"
#define FULLWIDTH_PLUS "\xef\xbc\x8b"
#define FULLWIDTH_MINUS "\xef\xbc\x8d"
#define REPLACED "\xef\xbf\xbd"
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

	/* No UTF-8. */
	{"na\xefve",             "na" REPLACED "ve",        "na\\xefve"},
	{"\xc3",                 REPLACED,                  "\\xc3"},
	{"\xf0\x9f\x98",         REPLACED REPLACED REPLACED,
	 "\\xf0\\x9f\\x98"},
	{"\xc0\xaf,",            "\"" REPLACED REPLACED ",\"",
	 "\"\\xc0\\xaf,\""},
	{"=\xff",                "'=" REPLACED,             "=\\xff"},
	{"caf\xc3\xa9\xff",      "caf\xc3\xa9" REPLACED,   "caf\xc3\xa9\\xff"},
};

/* What a spreadsheet would take for another number, or a date. */
static const struct {
	const char *text;
	const char *cell;
} spreadsheet_cases[] = {
	{"0",                    "0"},
	{"17",                   "17"},
	{"-1",                   "'-1"},
	{"+49",                  "'+49"},
	{"999999999999999",      "999999999999999"},
	{"1000000000000000",     "'1000000000000000"},
	{"18446744073709551610", "'18446744073709551610"},
	{"0012",                 "'0012"},
	{"1-2",                  "'1-2"},
	{"2026-11-22 12:00",     "'2026-11-22 12:00"},
	{"1/2",                  "'1/2"},
	{"1E5",                  "'1E5"},
	{"1,000",                "\"'1,000\""},
	{"10%",                  "'10%"},
	{"=1+1",                 "'=1+1"},
	{"3_1",                  "3_1"},
	{"17+0",                 "17+0"},
	{"node-1",               "node-1"},
	{"e",                    "e"},
	{"",                     ""},
};
/* clang-format on */

static void check_text(struct csv csv, const char *text, const char *cell)
{
	autofree char *out = NULL;
	size_t len;

	csv.out = open_memstream(&out, &len);
	csv_text(&csv, text);
	ck_assert_int_eq(fclose(csv.out), 0);
	ck_assert_str_eq(out, cell);
}

START_TEST(text)
{
	const char *raw = text_cases[_i].raw;
	const char *cell = text_cases[_i].cell;

	check_text((struct csv){0}, text_cases[_i].text, cell);
	check_text((struct csv){.raw = true}, text_cases[_i].text,
		   raw ? raw : cell);
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

START_TEST(text_of_a_spreadsheet)
{
	check_text((struct csv){.spreadsheet = true},
		   spreadsheet_cases[_i].text, spreadsheet_cases[_i].cell);
}
END_TEST

START_TEST(times_of_a_spreadsheet)
{
	autofree char *out = NULL;
	size_t len;
	FILE *file = open_memstream(&out, &len);
	struct csv csv = {.out = file, .spreadsheet = true};

	csv_time(&csv, 1795376463);
	csv_time(&csv, 0);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_str_eq(out, "2026-11-22T19:41:03,");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("csv");

	tcase_add_loop_test(tcase, text, 0, LENGTH(text_cases));
	tcase_add_test(tcase, rows);
	tcase_add_loop_test(tcase, text_of_a_spreadsheet, 0,
			    LENGTH(spreadsheet_cases));
	tcase_add_test(tcase, times_of_a_spreadsheet);
	return unit_run("csv", tcase);
}
