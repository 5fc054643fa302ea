/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conf/conf_keys.h"

#include "lib/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

#define CONF(field) offsetof(struct conf, field)
#define PROTECT(field) offsetof(struct conf_protect, field)
#define CHANNEL(field) offsetof(struct conf_channel, field)

/* clang-format off */
const struct conf_key conf_keys[] = {
	{"slurmdbd", "slurmdbd_conf", CONF_PATH, CONF(slurmdbd.slurmdbd_conf),
	 "", 0, 0, "slurmdbd.conf, to take what is not said here from"},
	{"slurmdbd", "host", CONF_TEXT, CONF(slurmdbd.host),
	 "", 0, 0, "host of the database; localhost where nothing says it"},
	{"slurmdbd", "socket", CONF_PATH, CONF(slurmdbd.socket),
	 "", 0, 0, "socket of a database on this host, instead of host"},
	{"slurmdbd", "port", CONF_INT, CONF(slurmdbd.port),
	 "3306", 1, 65535, "TCP port of the database"},
	{"slurmdbd", "user", CONF_TEXT, CONF(slurmdbd.user),
	 "watcher", 0, 0, "account of the database"},
	{"slurmdbd", "password_file", CONF_PATH, CONF(slurmdbd.password_file),
	 "", 0, 0, "file whose first line is the account's password"},
	{"slurmdbd", "database", CONF_TEXT, CONF(slurmdbd.database),
	 "slurm_acct_db", 0, 0, "name of slurmdbd's database"},
	{"slurmdbd", "clusters", CONF_LIST, CONF(slurmdbd.clusters),
	 "all", 0, 0, "clusters to watch, or all"},
	{"slurmdbd", "timeout", CONF_DURATION, CONF(slurmdbd.timeout_s),
	 "10s", 1, 10 * MINUTE, "longest wait for the database"},

	{"protect", "partitions", CONF_LIST, PROTECT(partitions),
	 "", 0, 0, "partitions whose jobs are protected; names and globs"},
	{"protect", "qos", CONF_LIST, PROTECT(qos),
	 "", 0, 0, "QOS whose jobs are protected"},
	{"protect", "accounts", CONF_LIST, PROTECT(accounts),
	 "", 0, 0, "accounts whose jobs are protected"},
	{"protect", "reservations", CONF_LIST, PROTECT(reservations),
	 "", 0, 0, "reservations whose jobs are protected"},
	{"protect", "exempt_users", CONF_LIST, PROTECT(exempt_users),
	 "", 0, 0, "users who may cancel their jobs"},
	{"protect", "exempt_accounts", CONF_LIST, PROTECT(exempt_accounts),
	 "", 0, 0, "accounts whose jobs may be cancelled"},
	{"protect", "exempt_jobs", CONF_LIST, PROTECT(exempt_jobs),
	 "", 0, 0, "names of jobs that may be cancelled"},
	{"protect", "kinds", CONF_WORDS, PROTECT(kinds),
	 "cancelled, moved, rewritten, signalled, step-cancelled, "
	 "tasks-withdrawn, limit-cut, requeue-cancelled, unattributed", 0, 0,
	 "cancelled|moved|rewritten|signalled|step-cancelled|tasks-withdrawn|"
	 "limit-cut|requeue-cancelled|unattributed|stalled: kinds of incident "
	 "that are recorded"},
	{"protect", "grace", CONF_DURATION, PROTECT(grace_s),
	 "0s", 0, 7 * DAY, "time after submission in which a user may cancel"},
	{"protect", "restore", CONF_CHOICE, PROTECT(restore),
	 "inherit", 0, 0, "inherit|print|auto: mode of [restore], for these"},
	{"protect", "alert", CONF_LIST, PROTECT(alert),
	 "all", 0, 0, "channels that are told of these; all, none"},

	{"watch", "poll", CONF_DURATION, CONF(watch.poll_s),
	 "5s", 1, HOUR, "time between two passes"},
	{"watch", "overlap", CONF_DURATION, CONF(watch.overlap_s),
	 "10m", 1, DAY, "how far back each pass looks at ended jobs"},
	{"watch", "sweep", CONF_DURATION, CONF(watch.sweep_s),
	 "1h", MINUTE, DAY, "time between two looks far back"},
	{"watch", "sweep_window", CONF_DURATION, CONF(watch.sweep_window_s),
	 "7d", HOUR, 366 * DAY, "how far back those look"},
	{"watch", "max_rows_per_pass", CONF_INT, CONF(watch.max_rows_per_pass),
	 "100000", 100, 10000000, "rows one pass reads before it commits"},

	{"store", "path", CONF_PATH, CONF(store.path),
	 "/var/lib/watcher/incidents.db", 0, 0, "the store of incidents"},
	{"store", "sign_key", CONF_PATH, CONF(store.sign_key),
	 "", 0, 0, "private key in PEM (Ed25519) that signs the chain's head"},
	{"store", "head_every", CONF_DURATION, CONF(store.head_every_s),
	 "1h", 0, 30 * DAY, "time between two heads told to the log; 0: never"},

	{"slurm", "conf", CONF_PATH, CONF(slurm.conf),
	 "", 0, 0, "slurm.conf, to ask slurmctld; empty: never ask it"},
	{"slurm", "timeout", CONF_DURATION, CONF(slurm.timeout_s),
	 "10s", 1, 10 * MINUTE, "longest wait for slurmctld"},

	{"restore", "mode", CONF_CHOICE, CONF(restore.mode),
	 "print", 0, 0, "print|auto|timer: whether commands are shown or run"},
	{"restore", "environment", CONF_CHOICE, CONF(restore.environment),
	 "NIL", 0, 0, "JOB|NIL|NONE: the environment of a resubmitted job"},
	{"restore", "delay", CONF_DURATION, CONF(restore.delay_s),
	 "30s", 0, DAY, "auto: time between an incident and its restoration"},
	{"restore", "max_per_job", CONF_INT, CONF(restore.max_per_job),
	 "2", 1, 100, "auto: how often one job is restored"},
	{"restore", "max_per_user_per_day", CONF_INT,
	 CONF(restore.max_per_user_per_day),
	 "20", 1, 10000, "auto: how many restorations a user gets in a day"},
	{"restore", "stop_file", CONF_PATH, CONF(restore.stop_file),
	 "/var/lib/watcher/stop", 0, 0,
	 "auto: a file that stops it while it is there"},

	{"alert", "syslog", CONF_BOOL, CONF(alert.syslog),
	 "no", 0, 0, "a channel of type syslog, and the chain's head there"},

	{"alert NAME", "type", CONF_CHOICE, CHANNEL(type),
	 "mail", 0, 0, "mail|exec|syslog: how it is told"},
	{"alert NAME", "deliver", CONF_CHOICE, CHANNEL(deliver),
	 "run", 0, 0, "run|timer: by the watcher, or by watcher alert --due"},
	{"alert NAME", "on", CONF_WORDS, CHANNEL(on),
	 "incident, confirmed, cleared, restored, restoration-failed, "
	 "cancelled-again, gap, gap-closed, chain-broken", 0, 0,
	 "incident|confirmed|cleared|restored|restoration-failed|"
	 "cancelled-again|gap|gap-closed|chain-broken: what is told"},
	{"alert NAME", "kinds", CONF_WORDS, CHANNEL(kinds),
	 "cancelled, moved, rewritten, signalled, step-cancelled, "
	 "tasks-withdrawn, limit-cut, requeue-cancelled, unattributed, stalled",
	 0, 0,
	 "cancelled|moved|rewritten|signalled|step-cancelled|tasks-withdrawn|"
	 "limit-cut|requeue-cancelled|unattributed|stalled: kinds of incident "
	 "that are told"},
	{"alert NAME", "min_confidence", CONF_CHOICE, CHANNEL(min_confidence),
	 "suspected", 0, 0, "suspected|confirmed: what is sure enough"},
	{"alert NAME", "delay", CONF_DURATION, CHANNEL(delay_s),
	 "20s", 0, HOUR, "how long to wait for more of the same event"},
	{"alert NAME", "gap_after", CONF_DURATION, CHANNEL(gap_after_s),
	 "1m", 0, DAY, "how long a gap may last that is not told"},
	{"alert NAME", "digest_over", CONF_INT, CHANNEL(digest_over),
	 "10", 1, 1000, "how many at once are told one by one"},
	{"alert NAME", "timeout", CONF_DURATION, CHANNEL(timeout_s),
	 "30s", 1, 10 * MINUTE, "how long the program may run"},
	{"alert NAME", "retry", CONF_DURATION, CHANNEL(retry_s),
	 "30s", 1, HOUR, "wait before the second try; each later one doubles"},
	{"alert NAME", "give_up", CONF_DURATION, CHANNEL(give_up_s),
	 "1d", MINUTE, 30 * DAY, "how long it is tried"},
	{"alert NAME", "command", CONF_ARGV, CHANNEL(command),
	 "", 0, 0, "exec: the program and its arguments"},
	{"alert NAME", "to", CONF_LIST, CHANNEL(to),
	 "root", 0, 0, "mail: addresses"},
	{"alert NAME", "from", CONF_TEXT, CHANNEL(from),
	 "", 0, 0, "mail: the sender's address; sendmail's choice if empty"},
	{"alert NAME", "sendmail", CONF_PATH, CHANNEL(sendmail),
	 "/usr/sbin/sendmail", 0, 0, "mail: the program that takes it"},
	{"alert NAME", "facility", CONF_CHOICE, CHANNEL(facility),
	 "authpriv", 0, 0,
	 "authpriv|auth|daemon|user|local0|local1|local2|local3|local4|local5|"
	 "local6|local7: syslog"},
	{"alert NAME", "priority", CONF_CHOICE, CHANNEL(priority),
	 "warning", 0, 0, "alert|crit|err|warning|notice|info: syslog"},

	{"metrics", "textfile", CONF_PATH, CONF(metrics.textfile),
	 "", 0, 0, "file of metrics for Prometheus; empty: there is none"},
	{"metrics", "every", CONF_DURATION, CONF(metrics.every_s),
	 "15s", 1, HOUR, "time between two times it is written, at least"},

	{"witness", "slurmctld_log", CONF_PATH, CONF(witness.slurmctld_log),
	 "", 0, 0, "log of slurmctld, to learn from who asked for what"},
	{"witness", "journal", CONF_TEXT, CONF(witness.journal),
	 "", 0, 0, "unit that logs to the journal, instead of slurmctld_log"},
	{"witness", "cluster", CONF_TEXT, CONF(witness.cluster),
	 "", 0, 0, "cluster that the log is of; the only one if empty"},
};
/* clang-format on */
const size_t conf_n_keys = LENGTH(conf_keys);

/* A name further away than this from a known one was not meant as it. */
#define NEAR 2
#define NAME_MAX_LEN 32

const char *conf_keys_section(const char *name)
{
	size_t i;

	for (i = 0; i < conf_n_keys; i++)
		if (strcmp(conf_keys[i].section, name) == 0)
			return conf_keys[i].section;
	return NULL;
}

const struct conf_key *conf_keys_find(const char *section, const char *key)
{
	size_t i;

	for (i = 0; i < conf_n_keys; i++)
		if (strcmp(conf_keys[i].section, section) == 0 &&
		    strcmp(conf_keys[i].key, key) == 0)
			return &conf_keys[i];
	return NULL;
}

enum conf_home conf_keys_home(const struct conf_key *key)
{
	if (strcmp(key->section, "protect") == 0)
		return CONF_IN_PROTECT;
	if (strcmp(key->section, "alert NAME") == 0)
		return CONF_IN_CHANNEL;
	return CONF_IN_CONF;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* How many letters must be put in, left out or changed to make one word of
 * the other (Levenshtein), letter case aside. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[NAME_MAX_LEN + 1];
	size_t len = strlen(b);
	size_t i, j;

	if (strlen(a) > NAME_MAX_LEN || len > NAME_MAX_LEN)
		return NAME_MAX_LEN;
	for (j = 0; j <= len; j++)
		row[j] = (unsigned)j;
	for (i = 1; a[i - 1]; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (j = 1; j <= len; j++) {
			unsigned change = tolower((unsigned char)a[i - 1]) !=
					  tolower((unsigned char)b[j - 1]);
			unsigned above = row[j];

			row[j] = least(row[j - 1] + 1, above + 1,
				       diagonal + change);
			diagonal = above;
		}
	}
	return row[len];
}

/* Whether row i is the first of its section. */
static bool opens_section(size_t i)
{
	return i == 0 ||
	       strcmp(conf_keys[i].section, conf_keys[i - 1].section) != 0;
}

int conf_keys_hint_section(const char *name, struct err *err)
{
	autotext struct text all = {0};
	size_t i;

	for (i = 0; i < conf_n_keys; i++) {
		if (!opens_section(i))
			continue;
		if (distance(name, conf_keys[i].section) <= NEAR)
			return err_hint(err, "did you mean [%s]?",
					conf_keys[i].section);
		text_addf(&all, "%s[%s]", i ? ", " : "", conf_keys[i].section);
	}
	return err_hint(err, "sections are %s", all.s);
}

/* The nearest key of the section, or of all if it is NULL; NULL if none is
 * near. */
static const struct conf_key *nearest(const char *section, const char *key)
{
	const struct conf_key *best = NULL;
	unsigned best_distance = NEAR + 1;
	size_t i;

	for (i = 0; i < conf_n_keys; i++) {
		unsigned d = distance(key, conf_keys[i].key);

		if (section && strcmp(conf_keys[i].section, section) != 0)
			continue;
		if (d < best_distance) {
			best_distance = d;
			best = &conf_keys[i];
		}
	}
	return best;
}

int conf_keys_hint_key(const char *section, const char *key, struct err *err)
{
	const struct conf_key *near = nearest(section, key);
	autotext struct text all = {0};
	size_t i;

	if (near)
		return err_hint(err, "did you mean %s?", near->key);
	near = nearest(NULL, key);
	if (near)
		return err_hint(err, "did you mean %s, in [%s]?", near->key,
				near->section);
	for (i = 0; i < conf_n_keys; i++)
		if (strcmp(conf_keys[i].section, section) == 0)
			text_addf(&all, "%s%s", all.len ? ", " : "",
				  conf_keys[i].key);
	return err_hint(err, "its keys are %s", all.s);
}

bool conf_keys_word(const struct conf_key *key, const char **word, size_t *len)
{
	const char *next = *word ? *word + *len : key->help;

	if (*word && *next++ != '|')
		return false;
	*word = next;
	*len = strcspn(next, "|:");
	return true;
}

int conf_keys_hint_word(const struct conf_key *key, const char *wrong,
			struct err *err)
{
	autotext struct text all = {0};
	autofree char *near = NULL;
	unsigned near_distance = NEAR + 1;
	const char *word = NULL;
	size_t len = 0;

	while (conf_keys_word(key, &word, &len)) {
		autofree char *known = mem_strndup(word, len);
		unsigned d = distance(wrong, known);

		text_addf(&all, "%s%s", all.len ? ", " : "", known);
		if (d >= near_distance)
			continue;
		near_distance = d;
		free(near);
		near = mem_strdup(known);
	}
	if (near)
		return err_hint(err, "did you mean %s?", near);
	return err_hint(err, "known are %s", all.s);
}
