/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stream in front of a terminal, on which nothing that a user typed acts. */
#ifndef REPORTS_HARMLESS_H
#define REPORTS_HARMLESS_H

#include <stdio.h>

/* A stream that writes to `bare`, line by line, what text_add_harmless() makes
 * of it. fclose() writes the rest and leaves `bare` open. */
FILE *harmless_open(FILE *bare);

#endif
