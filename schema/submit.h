/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was asked for when a job was submitted, as its owner typed it. The texts
 * may be anything; none takes longer than in proportion to its length. */
#ifndef SCHEMA_SUBMIT_H
#define SCHEMA_SUBMIT_H

#include <stddef.h>
#include <stdint.h>

/* What a command line of sbatch, srun or salloc, as slurmdbd keeps it
 * (submit_line), gives to the long option `name` by whatever way it is written:
 * the last value, as getopt_long takes it, "" for an option without one; freed
 * by the caller. NULL: it does not name the option.
 *
 * slurmdbd joins the arguments by single blanks and their quotes are lost: a
 * value is cut at its first blank, and what follows it may pass for the script,
 * where the search ends as sbatch's does. Behind --wrap it goes on, as far as
 * the words could all be options up to the end of the line; but what stands in
 * front of --wrap is preferred then. Of a het job, the options are those of its
 * first component. */
char *submit_line_option(const char *submit_line, const char *name);

/* What follows the script's name on such a line: the arguments that the script
 * was given, joined by blanks; freed by the caller. NULL: none, or --wrap. */
char *submit_line_arguments(const char *submit_line);

/* submit_line_option() of the #SBATCH lines of a batch script of `len` bytes,
 * whose quotes are there. sbatch prefers what its command line says. */
char *submit_script_option(const char *script, size_t len, const char *name);

/* Minutes of a time limit as Slurm reads it: "minutes", "minutes:seconds",
 * "hours:minutes:seconds", "days-hours[:minutes[:seconds]]", seconds rounded
 * up. JOB_INFINITE for "infinite", "unlimited", "-1" and what comes to zero,
 * which asks sbatch for no limit; -1 if it is none, or more seconds than Slurm
 * counts (2^31). */
int64_t submit_minutes(const char *text);

#endif
