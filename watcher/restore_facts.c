/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/restore_facts.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "schema/submit.h"
#include "watcher/slurmdbd.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* No script is longer (slurm.conf, max_script_size is 4 MiB by default). */
#define SCRIPT_MAX (64 << 20)

/* Where env and shells look when nothing says where (confstr(3), _CS_PATH). */
static const char *const usual_folders[] = {"/bin", "/usr/bin"};

/* Whether the incident's row was last seen as that of a job that was requeued,
 * which is what slurmdbd before 25.11 makes of it. */
static bool was_requeued(struct store *store, int64_t id)
{
	autofree char *row = NULL;
	struct err ignored;
	struct job job;
	bool requeued;

	row = store_last_row(store, id, &ignored);
	job_from_json(row ? row : "", &job);
	requeued = (job.state & JOB_STATE_REQUEUE) != 0;
	job_finish(&job);
	return requeued;
}

/* False if there is no such account, or it is another's now. */
static bool has_user(const struct incident *incident)
{
	struct passwd entry;
	struct passwd *found = NULL;
	char room[16384];

	if (getpwnam_r(incident->user, &entry, room, sizeof(room), &found) != 0)
		return true; /* nobody says that it is gone */
	return found && (int64_t)found->pw_uid == incident->uid;
}

/* Whether there is one of the partitions, a comma list. */
static bool has_partition(const struct slurmctld_site *site, const char *names)
{
	struct text_list list = {0};
	bool found = site->partitions.n == 0;
	size_t i, j;

	text_list_split(&list, names);
	for (i = 0; i < list.n; i++)
		for (j = 0; j < site->partitions.n; j++)
			found |= strcmp(list.items[i],
					site->partitions.items[j]) == 0;
	text_list_free(&list);
	return found;
}

/* What slurmctld says of the site and of the job: nothing if it is not asked,
 * gives no answer, which is warned of, or is another cluster's. */
static void ask_slurmctld(const struct conf *conf,
			  const struct incident *incident,
			  struct restore_gathered *gathered)
{
	const struct slurmctld slurmctld = {
		.conf = conf->slurm.conf,
		.timeout_ms = (int)conf->slurm.timeout_s * 1000,
	};
	struct restore_facts *facts = &gathered->facts;
	struct slurmctld_site site;
	struct err err;

	if (!conf->slurm.conf[0])
		return;
	if (slurmctld_site(&slurmctld, &site, &err) < 0) {
		log_err(LOG_LEVEL_WARN, &err);
		return;
	}
	facts->now_s = site.now ? site.now : (int64_t)time(NULL);
	if (strcmp(site.cluster, incident->cluster) != 0) {
		gathered->clusters = mem_strdup(incident->cluster);
		facts->clusters = gathered->clusters;
	} else {
		facts->min_job_age_s = site.min_job_age_s;
		facts->partition_gone =
			!has_partition(&site, incident->partition);
		if (slurmctld_job(&slurmctld, incident->id_job,
				  &gathered->slurmctld, &err) == 0)
			facts->slurmctld = &gathered->slurmctld;
		else
			log_err(LOG_LEVEL_WARN, &err);
	}
	slurmctld_site_finish(&site);
}

/* Whether a variable begins at `s`: else the line goes on with the value of the
 * one before. Exported functions of a shell have names of their own. */
static bool is_variable(const char *s)
{
	size_t len = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789_%.-()");

	return len > 0 && s[len] == '=' && (*s < '0' || *s > '9');
}

/* Puts the variables, a line each, into a file in memory, each ended by a NUL
 * as sbatch wants them; nobody else can open it. */
static int keep_environment(struct restore_gathered *gathered,
			    struct text *lines, struct err *err)
{
	char *s = lines->s;
	size_t i;

	for (i = 0; i + 1 < lines->len; i++)
		if (s[i] == '\n' && is_variable(s + i + 1))
			s[i] = '\0';
	if (lines->len && s[lines->len - 1] == '\n')
		s[lines->len - 1] = '\0';
	gathered->environment_fd = memfd_create("environment", MFD_CLOEXEC);
	if (gathered->environment_fd < 0 ||
	    write(gathered->environment_fd, s, lines->len + 1) < 0)
		return err_set(err, ERR_RETRY, "keeping an environment: %s",
			       strerror(errno));
	gathered->environment_path =
		mem_printf("/proc/self/fd/%d", gathered->environment_fd);
	gathered->facts.environment_file = gathered->environment_path;
	return 0;
}

/* What slurmctld may have forgotten: the name of the job's reservation, and its
 * environment. */
static int ask_cluster(struct slurmdbd_cluster *cluster, bool with_environment,
		       struct restore_gathered *gathered, struct err *err)
{
	autotext struct text lines = {0};
	const char *name = "";

	if (gathered->job.id_resv > 0 &&
	    slurmdbd_reservation(cluster, gathered->job.id_resv, &name, err) <
		    0)
		return -1;
	if (name[0])
		gathered->reservation = mem_strdup(name);
	gathered->facts.reservation = gathered->reservation;
	if (!with_environment)
		return 0;
	if (slurmdbd_environment(cluster, gathered->job.env_hash_inx, &lines,
				 err) < 0)
		return -1;
	return lines.len ? keep_environment(gathered, &lines, err) : 0;
}

static int ask_slurmdbd(const struct conf *conf, bool with_environment,
			struct restore_gathered *gathered, struct err *err)
{
	const char *cluster_name = gathered->facts.incident->cluster;
	struct conf_database database;
	struct slurmdbd_cluster *cluster = NULL;
	struct slurmdbd *db = NULL;
	int rc = -1;

	if (conf_database(conf, &database, err) == 0)
		db = slurmdbd_open(&database, err);
	if (db)
		cluster = slurmdbd_cluster_open(db, cluster_name, err);
	if (cluster)
		rc = ask_cluster(cluster, with_environment, gathered, err);
	slurmdbd_cluster_close(cluster);
	slurmdbd_close(db);
	conf_database_finish(&database);
	return rc;
}

/* What only slurmdbd's database has; warns if it is out of reach. */
static void find_in_database(const struct conf *conf, bool with_environment,
			     struct restore_gathered *gathered)
{
	struct err err;

	with_environment &= gathered->job.env_hash_inx != 0 &&
			    strcmp(conf->restore.environment, "JOB") == 0;
	if ((gathered->job.id_resv > 0 || with_environment) &&
	    ask_slurmdbd(conf, with_environment, gathered, &err) < 0)
		log_err(LOG_LEVEL_WARN, &err);
}

/* The bytes of the script: who may not read the spool plans without. */
static void read_script(struct restore_gathered *gathered)
{
	struct restore_facts *facts = &gathered->facts;
	FILE *file = fopen(facts->script, "re");
	char piece[65536];
	size_t n;

	if (!file) {
		log_warn("%s: %s", facts->script, strerror(errno));
		return;
	}
	while ((n = fread(piece, 1, sizeof(piece), file)) > 0 &&
	       gathered->script.len < SCRIPT_MAX)
		text_add_bytes(&gathered->script, piece, n);
	if (!ferror(file) && gathered->script.len) {
		facts->script_text = gathered->script.s;
		facts->script_len = gathered->script.len;
	}
	fclose(file);
}

static bool is_usual(const char *folder)
{
	size_t i;

	for (i = 0; i < LENGTH(usual_folders); i++)
		if (strcmp(folder, usual_folders[i]) == 0)
			return true;
	return false;
}

/* The folder of Slurm's commands by our PATH, unless it is one where everybody
 * looks. NULL: that, or they are not found. */
static char *find_commands(void)
{
	const char *path = getenv("PATH");

	while (path && *path) {
		size_t len = strcspn(path, ":");
		char *folder = mem_strndup(path, len);
		autofree char *sbatch = mem_printf("%s/sbatch", folder);

		if (folder[0] == '/' && access(sbatch, X_OK) == 0) {
			if (!is_usual(folder))
				return folder;
			path = NULL;
		} else {
			path += len + (path[len] == ':');
		}
		free(folder);
	}
	return NULL;
}

/* The limit asked for at submission, where it was a longer one. */
static int64_t first_timelimit(const struct restore_facts *facts)
{
	autofree char *by_line =
		submit_line_option(facts->job->submit_line, "time");
	autofree char *by_script =
		facts->script_text
			? submit_script_option(facts->script_text,
					       facts->script_len, "time")
			: NULL;
	const char *asked = by_line ? by_line : by_script;
	int64_t minutes = asked ? submit_minutes(asked) : -1;

	return minutes > facts->job->timelimit ? minutes : 0;
}

int restore_facts_gather(const struct conf *conf, struct store *store,
			 const struct incident *incident, bool with_environment,
			 struct restore_gathered *gathered, struct err *err)
{
	struct restore_facts *facts = &gathered->facts;

	(void)err;
	*gathered = (struct restore_gathered){.environment_fd = -1};
	if (job_from_json(incident->job, &gathered->job) < 0)
		log_warn("incident %" PRId64 ": its row is not readable",
			 incident->incident_id);
	gathered->commands = find_commands();
	*facts = (struct restore_facts){
		.incident = incident,
		.job = &gathered->job,
		.was_requeued = was_requeued(store, incident->incident_id),
		.user_gone = !has_user(incident),
		.slurm_conf = conf->slurm.conf,
		.environment = strcmp(conf->restore.environment, "JOB") == 0
				       ? "NIL"
				       : conf->restore.environment,
		.commands = gathered->commands,
	};
	if (incident->script_sha256[0]) {
		gathered->script_path =
			store_script_path(store, incident->script_sha256);
		facts->script = gathered->script_path;
		read_script(gathered);
	}
	find_in_database(conf, with_environment, gathered);
	ask_slurmctld(conf, incident, gathered);
	facts->first_timelimit_min = first_timelimit(facts);
	return 0;
}

void restore_facts_finish(struct restore_gathered *gathered)
{
	job_finish(&gathered->job);
	text_free(&gathered->script);
	free(gathered->script_path);
	free(gathered->commands);
	free(gathered->clusters);
	free(gathered->reservation);
	if (gathered->environment_path)
		close(gathered->environment_fd);
	free(gathered->environment_path);
	*gathered = (struct restore_gathered){0};
}
