/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What slurmctld and slurmdbd run with, and what to advise. */
#include "lib/mem.h"
#include "lib/program.h"
#include "watcher/advice.h"
#include "watcher/check.h"
#include "watcher/slurmctld.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int timeout_ms(const struct check *check)
{
	return (int)check->conf->slurm.timeout_s * 1000;
}

static void note(const struct advice *advice, void *arg)
{
	struct check *check = arg;

	check_say(check, CHECK_NOTE, "%s: %s", advice->set, advice->why);
	if (advice->file)
		check_remedy("%s: %s", advice->file, advice->line);
	else
		check_remedy("%s", advice->line);
}

/* What slurmdbd says of the user's level: above None, Slurm shows all jobs.
 * Empty: it has no such user. NULL: it did not answer. Freed by the caller. */
static char *level_of(const struct check *check, const char *user)
{
	autofree char *variable =
		mem_printf("SLURM_CONF=%s", check->conf->slurm.conf);
	autofree char *name = mem_strdup(user);
	char *const argv[] = {(char[]){"env"},
			      variable,
			      (char[]){"sacctmgr"},
			      (char[]){"--noheader"},
			      (char[]){"--parsable2"},
			      (char[]){"show"},
			      (char[]){"user"},
			      name,
			      (char[]){"format=adminlevel"},
			      NULL};
	const struct program program = {.argv = argv,
					.timeout_ms = timeout_ms(check)};
	struct program_result done = {0};
	struct err err;

	if (program_run(&program, &done, &err) == 0 && done.status == 0)
		return text_take(&done.output);
	text_free(&done.output);
	return NULL;
}

/* What this process is called by, for advice. */
struct self {
	char host[256];
	char *user;
};

static void find_self(struct self *self)
{
	const struct passwd *entry = getpwuid(geteuid());

	if (gethostname(self->host, sizeof(self->host) - 1) != 0)
		self->host[0] = '\0';
	self->host[strcspn(self->host, ".")] = '\0';
	self->user = mem_strdup(entry ? entry->pw_name : "watcher");
}

/* slurmdbd's settings can only be had where sacctmgr is. */
static void ask_slurmdbd(struct check *check, struct settings *settings)
{
	struct err err;

	if (settings_of_slurmdbd(settings, check->conf->slurm.conf,
				 timeout_ms(check), &err) == 0)
		return;
	check_err(check, CHECK_NOTE, &err);
	check_remedy("how long slurmdbd keeps jobs is not checked");
}

/* Nobody is asked where it does not matter. */
static void find_rights(const struct check *check,
			const struct slurmctld_site *site,
			struct advice_facts *facts)
{
	autofree char *level = NULL;

	if (geteuid() != 0 && (int64_t)geteuid() != site->slurm_user &&
	    settings_has(&facts->slurmctld, "PrivateData", "jobs"))
		level = level_of(check, facts->user);
	facts->is_known = level && *level;
	facts->sees_all = !level || (*level && strncmp(level, "None", 4) != 0);
}

static void check_advice(struct check *check, const struct slurmctld_site *site)
{
	struct self self = {0};
	struct advice_facts facts = {
		.conf = check->conf,
		.host = self.host,
	};
	size_t before = check->counts[CHECK_NOTE];

	find_self(&self);
	facts.user = self.user;
	settings_parse(&facts.slurmctld, site->settings, NULL);
	ask_slurmdbd(check, &facts.slurmdbd);
	find_rights(check, site, &facts);
	advise(&facts, note, check);
	if (check->counts[CHECK_NOTE] == before)
		check_say(check, CHECK_FINE,
			  "Slurm's settings: nothing to advise");
	settings_finish(&facts.slurmctld);
	settings_finish(&facts.slurmdbd);
	free(self.user);
}

/* It may come later, or be let in by the unit alone. */
static void check_log(struct check *check)
{
	const char *log = check->conf->witness.slurmctld_log;

	if (!*log)
		return;
	if (access(log, R_OK) == 0) {
		check_say(check, CHECK_FINE, "slurmctld's log %s can be read",
			  log);
		return;
	}
	check_say(check, CHECK_DOUBTFUL, "slurmctld's log %s: %s", log,
		  strerror(errno));
	check_remedy("let the user that watcher runs as read it: "
		     "watcher.service.conf among the examples tells how");
}

static void check_site(struct check *check, const struct slurmctld_site *site)
{
	struct text_list *names = &check->names[CHECK_PARTITIONS];
	size_t i;

	check_say(check, CHECK_FINE, "slurmctld %s of cluster %s answers",
		  site->version, site->cluster);
	if (site->now)
		check_clocks(check, "slurmctld", site->now, "this host",
			     time(NULL));
	for (i = 0; i < site->partitions.n; i++)
		text_list_add(names, site->partitions.items[i]);
	check_advice(check, site);
}

void check_slurm(struct check *check)
{
	const struct slurmctld slurmctld = {
		.conf = check->conf->slurm.conf,
		.timeout_ms = timeout_ms(check),
	};
	struct slurmctld_site site;
	struct err err;

	check_log(check);
	if (!slurmctld.conf[0]) {
		check_say(check, CHECK_DOUBTFUL,
			  "slurmctld is not asked: [slurm] conf is empty");
		check_remedy("name slurm.conf there, so that jobs can be "
			     "requeued");
	} else if (slurmctld_site(&slurmctld, &site, &err) < 0) {
		check_err(check,
			  err.kind == ERR_USAGE ? CHECK_WRONG : CHECK_DOUBTFUL,
			  &err);
	} else {
		check_site(check, &site);
		slurmctld_site_finish(&site);
	}
}
