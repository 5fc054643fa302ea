/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/color.h"

#include <stddef.h>

const char *color_begin(enum color color)
{
	static const char *const begins[COLOR_N] = {
		[COLOR_PLAIN] = NULL,          [COLOR_HEADING] = "\033[1m",
		[COLOR_OPEN] = "\033[31m",     [COLOR_DOUBTFUL] = "\033[33m",
		[COLOR_RESTORED] = "\033[32m", [COLOR_ASIDE] = "\033[2m",
	};

	return begins[color];
}
