/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/advice.h"

#include "lib/mem.h"
#include "lib/text.h"

#include <inttypes.h>
#include <string.h>

/* What an admin needs to requeue a job, once it was found. */
#define REQUEUE_S 120

/* Slurm's own default of MinJobAge. */
#define MIN_JOB_AGE_S 300

/* From this poll on a restart of slurmctld forgets too many requesters. */
#define LONG_POLL_S 15

/* What slurmdbd should keep at least: the month of a report, and the one in
 * which a backfill mends it. */
#define KEPT_MONTHS 2
#define MONTH_S (INT64_C(28) * 24 * 3600)

/* What a judge finds. */
struct finding {
	struct text set; /* empty: KEY=VALUE, as it is */
	struct text why;
	struct text line;
};

/* A rule: the setting it is about, and what to write instead of a bad one,
 * where the judge does not say it. */
struct rule {
	const char *file; /* NULL: the line is a command */
	const char *about;
	bool (*judge)(const struct advice_facts *facts, const struct rule *rule,
		      struct finding *finding);
	const char *why;
	const char *line;
};

static const char slurm_conf[] = "slurm.conf";
static const char slurmdbd_conf[] = "slurmdbd.conf";
static const char watch[] = "watcher.conf, [watch]";
static const char witness[] = "watcher.conf, [witness]";

/* Slurm's log levels, rising. */
static const char *const levels[] = {"quiet", "fatal", "error", "info",
				     "verbose"};
#define LEVEL_INFO 3

static const char *get(const struct advice_facts *facts, const char *key)
{
	return settings_get(&facts->slurmctld, key);
}

static bool has(const struct advice_facts *facts, const char *key,
		const char *word)
{
	return settings_has(&facts->slurmctld, key, word);
}

/* The words of a list that are set, and one more: "a,b". */
static void add_word(struct finding *finding, const char *key,
		     const char *value, const char *word)
{
	if (!finding->line.len)
		text_addf(&finding->line, "%s=%s", key,
			  value && strcmp(value, "none") != 0 ? value : "");
	text_addf(&finding->line, "%s%s",
		  finding->line.s[finding->line.len - 1] == '=' ? "" : ",",
		  word);
}

static bool restores(const struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->n_protect; i++)
		if (conf_restores(conf, &conf->protect[i]))
			return true;
	return false;
}

static bool judge_type(const struct advice_facts *facts,
		       const struct rule *rule, struct finding *finding)
{
	const char *type = get(facts, rule->about);

	(void)finding;
	return type && !strstr(type, "slurmdbd");
}

/* An environment may hold secrets: only who hands it on needs it. */
static bool judge_store(const struct advice_facts *facts,
			const struct rule *rule, struct finding *finding)
{
	const bool environments =
		strcmp(facts->conf->restore.environment, "JOB") == 0;
	const struct {
		const char *flag;
		bool wanted;
		const char *why;
	} wants[] = {
		{"job_script", true, "a job's script"},
		{"job_env", environments, "its environment"},
		{"job_comment", true, "a comment that was set later"},
	};
	const char *value = get(facts, rule->about);
	size_t i;

	for (i = 0; value && i < LENGTH(wants); i++) {
		if (!wants[i].wanted || has(facts, rule->about, wants[i].flag))
			continue;
		add_word(finding, rule->about, value, wants[i].flag);
		text_addf(&finding->why, "%s%s", finding->why.len ? ", " : "",
			  wants[i].why);
	}
	if (finding->why.len)
		text_addf(&finding->why, "%s", rule->why);
	return finding->line.len > 0;
}

/* "safe" and "limits" bring associations along, and show them. */
static bool judge_enforce(const struct advice_facts *facts,
			  const struct rule *rule, struct finding *finding)
{
	const struct conf *conf = facts->conf;
	const char *value = get(facts, rule->about);
	bool accounts = false, qos = false;
	size_t i;

	for (i = 0; value && i < conf->n_protect; i++) {
		const struct conf_protect *protect = &conf->protect[i];

		accounts |= protect->accounts.n || protect->exempt_accounts.n;
		qos |= protect->qos.n > 0;
	}
	if ((accounts || qos) && !has(facts, rule->about, "associations"))
		add_word(finding, rule->about, value, "associations");
	if (qos && !has(facts, rule->about, "qos"))
		add_word(finding, rule->about, value, "qos");
	return finding->line.len > 0;
}

/* 0 is for ever. */
static bool judge_min_job_age(const struct advice_facts *facts,
			      const struct rule *rule, struct finding *finding)
{
	const struct conf *conf = facts->conf;
	int64_t delay_s = restores(conf) ? conf->restore.delay_s : 0;
	int64_t needed_s = conf->watch.poll_s + delay_s + REQUEUE_S;
	int64_t age_s = settings_int(&facts->slurmctld, rule->about);

	if (age_s <= 0 || age_s >= needed_s)
		return false;
	text_addf(&finding->set, "%s=%" PRId64, rule->about, age_s);
	text_addf(&finding->why,
		  "%s (poll, %s%d s for whoever does it: %" PRId64 " s)",
		  rule->why, delay_s ? "delay, " : "", REQUEUE_S, needed_s);
	text_addf(&finding->line, "%s=%" PRId64, rule->about,
		  needed_s > MIN_JOB_AGE_S ? needed_s : MIN_JOB_AGE_S);
	return true;
}

static bool is_zero(const struct advice_facts *facts, const struct rule *rule,
		    struct finding *finding)
{
	(void)finding;
	return settings_int(&facts->slurmctld, rule->about) == 0;
}

/* A service's user is as a rule none of accounting's, and cannot be modified:
 * it takes an account to be added. */
static bool judge_private(const struct advice_facts *facts,
			  const struct rule *rule, struct finding *finding)
{
	if (facts->sees_all || !has(facts, rule->about, "jobs"))
		return false;
	text_addf(&finding->line,
		  facts->is_known
			  ? "sacctmgr modify user %s set adminlevel=Operator"
			  : "sacctmgr add user %s account=root "
			    "adminlevel=Operator",
		  facts->user);
	return true;
}

/* -1: no level that is known, as debug and above. */
static int level_of(const char *level)
{
	size_t i;

	for (i = 0; i < LENGTH(levels); i++)
		if (strcmp(level, levels[i]) == 0)
			return (int)i;
	return -1;
}

/* Below info there is no word of who asked for what; above, so many lines of
 * a file stand close together that few of them count. */
static bool judge_debug(const struct advice_facts *facts,
			const struct rule *rule, struct finding *finding)
{
	const char *value = get(facts, rule->about);

	(void)finding;
	return value && *value && *facts->conf->witness.slurmctld_log &&
	       level_of(value) != LEVEL_INFO;
}

static bool judge_syslog(const struct advice_facts *facts,
			 const struct rule *rule, struct finding *finding)
{
	const char *value = get(facts, rule->about);
	int level = value ? level_of(value) : 0;

	(void)finding;
	return value && *facts->conf->witness.journal &&
	       (!*value || (level >= 0 && level < LEVEL_INFO));
}

/* Whether slurmctld is on this host: its files are ours. */
static bool is_here(const struct advice_facts *facts)
{
	const char *host = get(facts, "SlurmctldHost");
	size_t len = host ? strcspn(host, ".(") : 0;

	return len && strlen(facts->host) == len &&
	       strncmp(host, facts->host, len) == 0;
}

static bool judge_no_log(const struct advice_facts *facts,
			 const struct rule *rule, struct finding *finding)
{
	const char *log = facts->conf->witness.slurmctld_log;
	const char *value = get(facts, rule->about);

	if (!value || *value || !*log)
		return false;
	text_addf(&finding->line, "%s=%s", rule->about, log);
	return true;
}

static bool judge_other_log(const struct advice_facts *facts,
			    const struct rule *rule, struct finding *finding)
{
	const char *log = facts->conf->witness.slurmctld_log;
	const char *value = get(facts, rule->about);

	if (!value || !*value || strchr(value, '%') || !*log ||
	    !is_here(facts) || strcmp(value, log) == 0)
		return false;
	text_addf(&finding->line, "slurmctld_log = %s", value);
	return true;
}

/* Formats that tell the year. */
static bool judge_stamps(const struct advice_facts *facts,
			 const struct rule *rule, struct finding *finding)
{
	static const char *const known[] = {"iso8601_ms", "iso8601", "rfc3339",
					    "rfc5424_ms", "rfc5424"};
	const char *value = get(facts, rule->about);
	size_t i;

	(void)finding;
	if (!value || !*value || !*facts->conf->witness.slurmctld_log)
		return false;
	for (i = 0; i < LENGTH(known); i++)
		if (has(facts, rule->about, known[i]))
			return false;
	return true;
}

static bool judge_submit(const struct advice_facts *facts,
			 const struct rule *rule, struct finding *finding)
{
	const char *value = get(facts, rule->about);

	if (!value || has(facts, rule->about, "lua") ||
	    has(facts, rule->about, "job_submit/lua"))
		return false;
	add_word(finding, rule->about, value, "lua");
	return true;
}

/* From 23.11 on the key is only shown where it is set. */
static bool judge_epilog(const struct advice_facts *facts,
			 const struct rule *rule, struct finding *finding)
{
	const char *value = get(facts, rule->about);

	(void)finding;
	return is_here(facts) && (!value || !*value);
}

static bool judge_purge(const struct advice_facts *facts,
			const struct rule *rule, struct finding *finding)
{
	int64_t window_s = facts->conf->watch.sweep_window_s;
	int64_t purge_s = settings_purge_s(&facts->slurmdbd, rule->about);
	int64_t months = window_s / MONTH_S + 2;

	if (purge_s < 0 ||
	    (purge_s >= KEPT_MONTHS * MONTH_S && purge_s >= window_s))
		return false;
	text_addf(&finding->line, "%s=%" PRId64 "months", rule->about,
		  months > 12 ? months : 12);
	return true;
}

static bool judge_purge_environment(const struct advice_facts *facts,
				    const struct rule *rule,
				    struct finding *finding)
{
	return strcmp(facts->conf->restore.environment, "JOB") == 0 &&
	       judge_purge(facts, rule, finding);
}

static bool judge_purge_reservations(const struct advice_facts *facts,
				     const struct rule *rule,
				     struct finding *finding)
{
	const struct conf *conf = facts->conf;
	bool named = false;
	size_t i;

	for (i = 0; i < conf->n_protect; i++)
		named |= conf->protect[i].reservations.n > 0;
	return named && judge_purge(facts, rule, finding);
}

static bool judge_witness(const struct advice_facts *facts,
			  const struct rule *rule, struct finding *finding)
{
	const char *log = get(facts, "SlurmctldLogFile");

	if (!is_here(facts) || *facts->conf->witness.slurmctld_log ||
	    *facts->conf->witness.journal)
		return false;
	text_add(&finding->set, "[witness] names no log");
	if (log && *log && !strchr(log, '%'))
		text_addf(&finding->line, "%s = %s", rule->about, log);
	return true;
}

static bool judge_poll(const struct advice_facts *facts,
		       const struct rule *rule, struct finding *finding)
{
	int64_t poll_s = facts->conf->watch.poll_s;

	(void)rule;
	if (!facts->slurmctld.n || poll_s <= LONG_POLL_S)
		return false;
	text_addf(&finding->set, "poll = %" PRId64 "s", poll_s);
	return true;
}

/* clang-format off */
static const struct rule rules[] = {
	{slurm_conf, "AccountingStorageType", judge_type,
	 "slurmctld tells slurmdbd of no job, so that no cancellation is seen",
	 "AccountingStorageType=accounting_storage/slurmdbd"},
	{slurm_conf, "AccountingStoreFlags", judge_store,
	 " is not stored: once slurmctld forgot a job, it is submitted again "
	 "without, or not at all",
	 NULL},
	{slurm_conf, "AccountingStorageEnforce", judge_enforce,
	 "who has no association names any account, and everybody any QOS: it "
	 "is up to them what is protected or exempt (with it, who has no "
	 "association cannot submit; it takes a restart of slurmctld)",
	 NULL},
	{slurm_conf, "MinJobAge", judge_min_job_age,
	 "slurmctld may forget a cancelled job before it can be requeued under "
	 "its number",
	 NULL},
	{slurm_conf, "JobRequeue", is_zero,
	 "a job that did not ask for --requeue cannot come back under its "
	 "number",
	 "JobRequeue=1"},
	{NULL, "PrivateData", judge_private,
	 "this user is no Slurm operator: slurmctld denies that it knows "
	 "others' jobs, which then look forgotten",
	 NULL},
	{slurm_conf, "SlurmctldDebug", judge_debug,
	 "below info the log has no requests, above it so many lines that few "
	 "can count as evidence",
	 "SlurmctldDebug=info"},
	{slurm_conf, "SlurmctldLogFile", judge_no_log,
	 "slurmctld does not write the log that [witness] names",
	 NULL},
	{witness, "SlurmctldLogFile", judge_other_log,
	 "[witness] names another log than slurmctld writes",
	 NULL},
	{slurm_conf, "LogTimeFormat", judge_stamps,
	 "the log's lines do not tell the year, so none of them can count as "
	 "evidence",
	 "LogTimeFormat=iso8601_ms"},
	{slurm_conf, "SlurmctldSyslogDebug", judge_syslog,
	 "no request reaches the journal as an entry that nobody can forge",
	 "SlurmctldSyslogDebug=info"},
	{slurm_conf, "JobSubmitPlugins", judge_submit,
	 "with job_submit_watcher.lua each protected job can come back under "
	 "its number, and users know that cancellations are recorded (put "
	 "job_submit.lua beside slurm.conf first: without it slurmctld does "
	 "not start)",
	 NULL},
	{slurm_conf, "EpilogSlurmctld", judge_epilog,
	 "with epilog-slurmctld.sample a cancellation is on record half a "
	 "second later, whatever poll is (copy it there first, and restart "
	 "slurmctld)",
	 "EpilogSlurmctld=/etc/slurm/epilog-slurmctld"},
	{slurmdbd_conf, "PurgeJobAfter", judge_purge,
	 "it counts from a job's submission: rows of long jobs go as soon as "
	 "they end, before a sweep or a backfill reads them",
	 NULL},
	{slurmdbd_conf, "PurgeJobScriptAfter", judge_purge,
	 "scripts are gone before a long job is cancelled, which then cannot "
	 "be submitted again",
	 NULL},
	{slurmdbd_conf, "PurgeJobEnvAfter", judge_purge_environment,
	 "environments are gone before a long job is cancelled, and "
	 "`environment = JOB` has nothing to hand on",
	 NULL},
	{slurmdbd_conf, "PurgeStepAfter", judge_purge,
	 "steps that were cancelled are gone before a sweep or a backfill "
	 "reads them",
	 NULL},
	{slurmdbd_conf, "PurgeResvAfter", judge_purge_reservations,
	 "names of reservations are gone before a sweep or a backfill can "
	 "tell which jobs they protect",
	 NULL},
	{watch, "poll", judge_poll,
	 "when slurmctld restarts (from 23.11 on also by `scontrol "
	 "reconfigure`) it forgets who cancelled what since the last pass",
	 "poll = 5s"},
	{witness, "slurmctld_log", judge_witness,
	 "where accounting names nobody, only slurmctld's log confirms or "
	 "clears a suspected incident",
	 "journal = slurmctld"},
};
/* clang-format on */

static void say(const struct advice_facts *facts, const struct rule *rule,
		struct finding *finding, advice_fn *fn, void *arg)
{
	const struct settings *settings = rule->file == slurmdbd_conf
						  ? &facts->slurmdbd
						  : &facts->slurmctld;
	const char *value = settings_get(settings, rule->about);

	if (!finding->set.len && value && *value)
		text_addf(&finding->set, "%s=%s", rule->about, value);
	else if (!finding->set.len)
		text_addf(&finding->set, "%s is not set", rule->about);
	fn(
		&(struct advice){
			.set = finding->set.s,
			.why = finding->why.len ? finding->why.s : rule->why,
			.file = rule->file,
			.line = finding->line.len ? finding->line.s
						  : rule->line,
		},
		arg);
}

void advise(const struct advice_facts *facts, advice_fn *fn, void *arg)
{
	size_t i;

	for (i = 0; i < LENGTH(rules); i++) {
		struct finding finding = {0};

		if (rules[i].judge(facts, &rules[i], &finding))
			say(facts, &rules[i], &finding, fn, arg);
		text_free(&finding.set);
		text_free(&finding.why);
		text_free(&finding.line);
	}
}
