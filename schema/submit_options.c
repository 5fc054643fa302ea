/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/submit_options.h"

#include "lib/mem.h"

#include <string.h>

#define ALL (SUBMIT_SBATCH | SUBMIT_SRUN | SUBMIT_SALLOC)
#define SBATCH SUBMIT_SBATCH
#define SRUN SUBMIT_SRUN
#define SALLOC SUBMIT_SALLOC
#define NONE SUBMIT_NONE
#define NEEDED SUBMIT_NEEDED
#define OPTIONAL SUBMIT_OPTIONAL

/* clang-format off */
/* What the programs of 22.05 hand to getopt_long. */
static const struct submit_option options[] = {
	{"accel-bind",           0,   SRUN, NEEDED},
	{"account",              'A', ALL, NEEDED},
	{"acctg-freq",           0,   ALL, NEEDED},
	{"array",                'a', SBATCH, NEEDED},
	{"batch",                0,   SBATCH, NEEDED},
	{"bb",                   0,   ALL, NEEDED},
	{"bbf",                  0,   ALL, NEEDED},
	{"bcast",                0,   SRUN, OPTIONAL},
	{"bcast-exclude",        0,   SRUN, NEEDED},
	{"begin",                'b', ALL, NEEDED},
	{"bell",                 0,   SALLOC, NONE},
	{"chdir",                'D', ALL, NEEDED},
	{"cluster",              0,   ALL, NEEDED},
	{"cluster-constraint",   0,   ALL, NEEDED},
	{"clusters",             'M', ALL, NEEDED},
	{"comment",              0,   ALL, NEEDED},
	{"compress",             0,   SRUN, OPTIONAL},
	{"constraint",           'C', ALL, NEEDED},
	{"container",            0,   ALL, NEEDED},
	{"context",              0,   ALL, NEEDED},
	{"contiguous",           0,   ALL, NONE},
	{"core-spec",            'S', ALL, NEEDED},
	{"cores-per-socket",     0,   ALL, NEEDED},
	{"cpu-bind",             0,   SRUN, NEEDED},
	{"cpu-freq",             0,   ALL, NEEDED},
	{"cpu_bind",             0,   SRUN, NEEDED},
	{"cpus-per-gpu",         0,   ALL, NEEDED},
	{"cpus-per-task",        'c', ALL, NEEDED},
	{"deadline",             0,   ALL, NEEDED},
	{"debugger-test",        0,   SRUN, NONE},
	{"delay-boot",           0,   ALL, NEEDED},
	{"dependency",           'd', ALL, NEEDED},
	{"disable-status",       'X', SRUN, NONE},
	{"distribution",         'm', ALL, NEEDED},
	{"epilog",               0,   SRUN, NEEDED},
	{"error",                'e', SBATCH | SRUN, NEEDED},
	{"exact",                0,   SRUN, NONE},
	{"exclude",              'x', ALL, NEEDED},
	{"exclusive",            0,   ALL, OPTIONAL},
	{"export",               0,   SBATCH | SRUN, NEEDED},
	{"export-file",          0,   SBATCH, NEEDED},
	{"extra-node-info",      'B', ALL, NEEDED},
	{"get-user-env",         0,   SBATCH | SALLOC, OPTIONAL},
	{"gid",                  0,   ALL, NEEDED},
	{"gpu-bind",             0,   ALL, NEEDED},
	{"gpu-freq",             0,   ALL, NEEDED},
	{"gpus",                 'G', ALL, NEEDED},
	{"gpus-per-node",        0,   ALL, NEEDED},
	{"gpus-per-socket",      0,   ALL, NEEDED},
	{"gpus-per-task",        0,   ALL, NEEDED},
	{"gres",                 0,   ALL, NEEDED},
	{"gres-flags",           0,   ALL, NEEDED},
	{"help",                 'h', ALL, NONE},
	{"het-group",            0,   SRUN, NEEDED},
	{"hint",                 0,   ALL, NEEDED},
	{"hold",                 'H', ALL, NONE},
	{"ignore-pbs",           0,   SBATCH, NONE},
	{"immediate",            'I', SRUN | SALLOC, OPTIONAL},
	{"input",                'i', SBATCH | SRUN, NEEDED},
	{"interactive",          0,   SRUN, NONE},
	{"job-name",             'J', ALL, NEEDED},
	{"jobid",                0,   SRUN, NEEDED},
	{"kill-command",         'K', SALLOC, OPTIONAL},
	{"kill-on-bad-exit",     'K', SRUN, OPTIONAL},
	{"kill-on-invalid-dep",  0,   SBATCH, NEEDED},
	{"label",                'l', SRUN, NONE},
	{"licenses",             'L', ALL, NEEDED},
	{"mail-type",            0,   ALL, NEEDED},
	{"mail-user",            0,   ALL, NEEDED},
	{"mcs-label",            0,   ALL, NEEDED},
	{"mem",                  0,   ALL, NEEDED},
	{"mem-bind",             0,   ALL, NEEDED},
	{"mem-per-cpu",          0,   ALL, NEEDED},
	{"mem-per-gpu",          0,   ALL, NEEDED},
	{"mincpus",              0,   ALL, NEEDED},
	{"mpi",                  0,   SRUN, NEEDED},
	{"msg-timeout",          0,   SRUN, NEEDED},
	{"multi-prog",           0,   SRUN, NONE},
	{"network",              0,   ALL, NEEDED},
	{"nice",                 0,   ALL, OPTIONAL},
	{"no-allocate",          'Z', SRUN, NONE},
	{"no-bell",              0,   SALLOC, NONE},
	{"no-kill",              'k', ALL, OPTIONAL},
	{"no-requeue",           0,   SBATCH, NONE},
	{"no-shell",             0,   SALLOC, NONE},
	{"nodefile",             'F', ALL, NEEDED},
	{"nodelist",             'w', ALL, NEEDED},
	{"nodes",                'N', ALL, NEEDED},
	{"ntasks",               'n', ALL, NEEDED},
	{"ntasks-per-core",      0,   ALL, NEEDED},
	{"ntasks-per-gpu",       0,   ALL, NEEDED},
	{"ntasks-per-node",      0,   ALL, NEEDED},
	{"ntasks-per-socket",    0,   ALL, NEEDED},
	{"ntasks-per-tres",      0,   ALL, NEEDED},
	{"open-mode",            0,   SBATCH | SRUN, NEEDED},
	{"output",               'o', SBATCH | SRUN, NEEDED},
	{"overcommit",           'O', ALL, NONE},
	{"overlap",              0,   SRUN, OPTIONAL},
	{"oversubscribe",        's', ALL, NONE},
	{"pack-group",           0,   SRUN, NEEDED},
	{"parsable",             0,   SBATCH, NONE},
	{"partition",            'p', ALL, NEEDED},
	{"power",                0,   ALL, NEEDED},
	{"prefer",               0,   ALL, NEEDED},
	{"preserve-env",         'E', SRUN, NONE},
	{"priority",             0,   ALL, NEEDED},
	{"profile",              0,   ALL, NEEDED},
	{"prolog",               0,   SRUN, NEEDED},
	{"propagate",            0,   SBATCH | SRUN, OPTIONAL},
	{"pty",                  0,   SRUN, NONE},
	{"qos",                  'q', ALL, NEEDED},
	{"quiet",                'Q', ALL, NONE},
	{"quit-on-interrupt",    0,   SRUN, NONE},
	{"reboot",               0,   ALL, NONE},
	{"relative",             'r', SRUN, NEEDED},
	{"requeue",              0,   SBATCH, NONE},
	{"reservation",          0,   ALL, NEEDED},
	{"resv-ports",           0,   SRUN, OPTIONAL},
	{"send-libs",            0,   SRUN, OPTIONAL},
	{"signal",               0,   ALL, NEEDED},
	{"slurmd-debug",         0,   SRUN, NEEDED},
	{"sockets-per-node",     0,   ALL, NEEDED},
	{"spread-job",           0,   ALL, NONE},
	{"switches",             0,   ALL, NEEDED},
	{"task-epilog",          0,   SRUN, NEEDED},
	{"task-prolog",          0,   SRUN, NEEDED},
	{"tasks-per-node",       0,   ALL, NEEDED},
	{"test-only",            0,   SBATCH | SRUN, NONE},
	{"thread-spec",          0,   ALL, NEEDED},
	{"threads",              'T', SRUN, NEEDED},
	{"threads-per-core",     0,   ALL, NEEDED},
	{"time",                 't', ALL, NEEDED},
	{"time-min",             0,   ALL, NEEDED},
	{"tmp",                  0,   ALL, NEEDED},
	{"uid",                  0,   ALL, NEEDED},
	{"unbuffered",           'u', SRUN, NONE},
	{"usage",                0,   ALL, NONE},
	{"use-min-nodes",        0,   ALL, NONE},
	{"verbose",              'v', ALL, NONE},
	{"version",              'V', ALL, NONE},
	{"wait",                 'W', SBATCH, NONE},
	{"wait",                 'W', SRUN, NEEDED},
	{"wait-all-nodes",       0,   SBATCH | SALLOC, NEEDED},
	{"wckey",                0,   ALL, NEEDED},
	{"whole",                0,   SRUN, NONE},
	{"wrap",                 0,   SBATCH, NEEDED},
	{"x11",                  0,   SRUN | SALLOC, OPTIONAL},
};

/* What came with 23.02 to 25.11. They stand apart, for an abbreviation that was
 * not ambiguous before they came. */
static const struct submit_option later_options[] = {
	{"autocomplete",         0,   ALL, NEEDED},
	{"consolidate-segments", 0,   ALL, NONE},
	{"container-id",         0,   ALL, NEEDED},
	{"container-type",       0,   ALL, NEEDED},
	{"external-launcher",    0,   SRUN, NONE},
	{"extra",                0,   ALL, NEEDED},
	{"mem-update",           0,   ALL, NEEDED},
	{"oom-kill-step",        0,   ALL, OPTIONAL},
	{"resources",            0,   ALL, NEEDED},
	{"resv-ports",           0,   SBATCH | SALLOC, OPTIONAL},
	{"segment",              0,   ALL, NEEDED},
	{"spread-segments",      0,   ALL, NONE},
	{"stepmgr",              0,   ALL, NONE},
	{"treewidth",            0,   SRUN, NEEDED},
	{"tres-bind",            0,   ALL, NEEDED},
	{"tres-per-task",        0,   ALL, NEEDED},
	{"wait-for-children",    0,   SRUN, NONE},
};
/* clang-format on */

/* The option of that whole name, else the only one that begins with it. */
static const struct submit_option *find(const struct submit_option *table,
					size_t n, enum submit_program program,
					const char *name, size_t len)
{
	const struct submit_option *found = NULL;
	size_t matches = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		/* Most differ in their first letter. */
		if (!(table[i].programs & program) ||
		    (len && table[i].name[0] != name[0]) ||
		    strncmp(table[i].name, name, len) != 0)
			continue;
		if (!table[i].name[len])
			return &table[i];
		found = &table[i];
		matches++;
	}
	return matches == 1 ? found : NULL;
}

const struct submit_option *submit_option_long(enum submit_program program,
					       const char *name, size_t len)
{
	const struct submit_option *found =
		find(options, LENGTH(options), program, name, len);
	const struct submit_option *later;

	if (found && !found->name[len])
		return found;
	later = find(later_options, LENGTH(later_options), program, name, len);
	return later && (!found || !later->name[len]) ? later : found;
}

const struct submit_option *submit_option_short(enum submit_program program,
						char letter)
{
	size_t i;

	for (i = 0; letter && i < LENGTH(options); i++)
		if ((options[i].programs & program) &&
		    options[i].letter == letter)
			return &options[i];
	return NULL;
}
