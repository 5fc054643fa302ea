/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of whatever users typed, on terminals of any width: they come to an
 * end, fit where they can, and hold no byte that a terminal acts on. */
#include "reports/table.h"

#include "reports/words.h"
#include "tests/fuzz/fuzz.h"

#include <locale.h>

#define MOST_COLUMNS 6
#define MOST_CELLS 60

struct shape {
	size_t width;
	size_t n_columns;
	const char *flags;
};

static void make(struct table *table, const struct shape *shape,
		 struct fuzz_input *input)
{
	size_t n, i;

	for (i = 0; i < shape->n_columns; i++) {
		size_t n_flags = strlen(shape->flags);
		int flag =
			n_flags ? (unsigned char)shape->flags[i % n_flags] : 0;

		/* One column is right, cut or wrapped, one at least is
		 * always shown. */
		table_add_column(table, "HEADING", 1 << flag % 3,
				 i ? (flag >> 2) % 4 : 0);
	}
	for (n = 0; n < MOST_CELLS && fuzz_more(input); n++) {
		autofree char *utf8 = NULL;
		autofree char *cell = NULL;
		const char *text = fuzz_text(input);

		utf8 = text_utf8(text, strlen(text));
		cell = text_escaped(utf8);
		table_add_cell(table, cell);
	}
	for (; n % shape->n_columns; n++)
		table_add_int(table, -1);
}

static void check_page(const char *page)
{
	const char *line, *end;

	for (line = page; *line; line = end + 1) {
		autofree char *one = NULL;
		autofree char *escaped = NULL;

		end = strchr(line, '\n');
		must(end != NULL);
		one = mem_strndup(line, (size_t)(end - line));
		escaped = text_escaped(one);
		must_equal(one, escaped);
	}
}

static void print(const struct shape *shape, bool terminal,
		  struct fuzz_input input)
{
	autofree char *page = NULL;
	size_t len;
	struct output out = {
		.file = open_memstream(&page, &len),
		.terminal = terminal,
		.width = shape->width,
	};
	struct table *table = table_new(&out);

	make(table, shape, &input);
	table_print(table);
	table_free(table);
	fclose(out.file);
	check_page(page);
}

/* A width, a number of columns, their flags, the cells. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autoinputs struct fuzz_input input = fuzz_input(data, size);
	struct shape shape;

	setlocale(LC_ALL, "C.UTF-8");
	shape.width = (size_t)(fuzz_number(&input) & 0x1ff);
	shape.n_columns =
		1 + (size_t)(fuzz_number(&input) & 0xff) % MOST_COLUMNS;
	shape.flags = fuzz_text(&input);
	if (!shape.width)
		shape.width = 80;
	print(&shape, true, input);
	print(&shape, false, input);
	return 0;
}
