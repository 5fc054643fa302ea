/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "reports/harmless.h"
#include "tests/unit.h"

/* However it is cut into pieces, a character is seen whole. */
START_TEST(in_pieces)
{
	static const char written[] = "a,\"\x1b[31m\"\r\n"
				      "\xe5\x90\x8d\xc2\x9b\rx\n"
				      "no end \xf0\x9f\x98\x80\x7f";
	autofree char *shown = NULL;
	size_t len, i;
	FILE *bare = open_memstream(&shown, &len);
	FILE *harmless = harmless_open(bare);

	setvbuf(harmless, NULL, _IONBF, 0);
	for (i = 0; i < sizeof(written) - 1; i += (size_t)_i) {
		size_t left = sizeof(written) - 1 - i;

		fwrite(written + i, 1, left < (size_t)_i ? left : (size_t)_i,
		       harmless);
	}
	ck_assert_int_eq(fclose(harmless), 0);
	ck_assert_int_eq(fclose(bare), 0);
	ck_assert_str_eq(shown, "a,\"\\u001b[31m\"\r\n"
				"\xe5\x90\x8d\\u009b\\u000dx\n"
				"no end \xf0\x9f\x98\x80\\u007f");
}
END_TEST

START_TEST(of_a_full_disk)
{
	FILE *bare = fopen("/dev/full", "w");
	FILE *harmless = harmless_open(bare);

	fputs("a line\n", harmless);
	ck_assert_int_eq(fflush(harmless), EOF);
	ck_assert(ferror(harmless));
	fclose(harmless);
	fclose(bare);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("harmless");

	tcase_add_loop_test(tcase, in_pieces, 1, 64);
	tcase_add_test(tcase, of_a_full_disk);
	return unit_run("harmless", tcase);
}
