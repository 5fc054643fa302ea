/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watcher.conf: what a site says about its database, its protected partitions,
 * how they are watched, and who is told. */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include "lib/err.h"
#include "lib/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONF_DEFAULT_PATH "/etc/slurm/watcher.conf"

/* Where slurmdbd's database is. What watcher.conf leaves out is taken from
 * slurmdbd.conf where that is named, else it is the table's default. Texts
 * are never NULL; "" is not set. */
struct conf_slurmdbd {
	char *slurmdbd_conf;
	char *host;
	char *socket;
	int64_t port;
	char *user;
	char *password_file;
	char *database;
	struct text_list clusters; /* {"all"} or names */
	int64_t timeout_s; /* to connect, to read, and for one statement */
};

/* A [protect] or [protect NAME] section. */
struct conf_protect {
	char *name;                  /* "" for [protect] */
	int line;                    /* of its header, for messages */
	int *lines;                  /* as in struct conf */
	struct text_list partitions; /* names and globs; of these four, */
	struct text_list qos;        /* one at least is not empty */
	struct text_list accounts;
	struct text_list reservations;
	struct text_list exempt_users;
	struct text_list exempt_accounts;
	struct text_list exempt_jobs;
	struct text_list kinds; /* words of incident_kinds, at least one */
	char *restore;          /* "inherit", "print" or "auto" */
	struct text_list alert; /* names of channels; {"all"}, {"none"} */
	int64_t grace_s;
};

/* An [alert NAME] section: a way to tell people. */
struct conf_channel {
	char *name;
	int line;            /* of its header; 0: syslog in [alert] made it */
	int *lines;          /* as in struct conf */
	char *type;          /* "mail", "exec" or "syslog" */
	char *deliver;       /* "run" or "timer" */
	struct text_list on; /* words of alert_whats */
	struct text_list kinds; /* words of incident_kinds */
	char *min_confidence;   /* a word of incident_confidences */
	int64_t delay_s;        /* before it is told */
	int64_t gap_after_s;    /* gaps that are not longer are not told */
	int64_t digest_over;    /* more at once are one message */
	int64_t timeout_s;      /* of its program */
	int64_t retry_s;        /* to the second try; then twice that, ... */
	int64_t give_up_s;
	struct text_list command; /* exec: its words */
	struct text_list to;      /* mail: addresses, at least one */
	char *from;               /* "": sendmail's choice */
	char *sendmail;
	char *facility; /* syslog */
	char *priority;
};

struct conf {
	char *path;
	struct text text; /* of the file, as it was read */
	int *lines; /* where each of conf_keys is set; 0 where it is not */
	struct conf_slurmdbd slurmdbd;
	struct conf_protect *protect; /* in the order of the file */
	size_t n_protect;             /* at least one */
	size_t cap_protect;
	struct conf_channel *channels; /* in the order of the file */
	size_t n_channels;
	size_t cap_channels;
	struct {
		int64_t poll_s;
		int64_t overlap_s; /* not shorter than poll_s */
		int64_t sweep_s;
		int64_t sweep_window_s; /* not shorter than overlap_s */
		int64_t max_rows_per_pass;
	} watch;
	struct {
		char *path;
		char *sign_key;       /* "": heads are not signed */
		int64_t head_every_s; /* 0: heads are not told */
	} store;
	struct {
		char *conf; /* "": slurmctld is never asked */
		int64_t timeout_s;
	} slurm;
	struct {
		char *mode;        /* "print", "auto" or "timer" */
		char *environment; /* JOB, or sbatch --export of a resubmission
				    */
		int64_t delay_s;   /* before jobs are restored by themselves */
		int64_t max_per_job;
		int64_t max_per_user_per_day;
		char *stop_file; /* "": none */
	} restore;
	struct {
		bool syslog;
	} alert;
	struct {
		char *textfile; /* "": metrics are not written */
		int64_t every_s;
	} metrics;
	struct {
		char *slurmctld_log; /* one of these two, or none, is set */
		char *journal;
		char *cluster; /* "": the only one that is watched */
	} witness;
};

/* Reads the file. NULL (ERR_USAGE) names file, line and key of the first thing
 * that is wrong. Neither slurmdbd.conf nor the password is read here: a
 * reader of reports may have no right to them. Ends with conf_free(), which
 * takes NULL. */
struct conf *conf_read(const char *path, struct err *err);
void conf_free(struct conf *conf);

/* Whether jobs that the section protects are restored without being asked
 * for. */
bool conf_restores(const struct conf *conf, const struct conf_protect *protect);

/* Whether that is for `watcher restore --auto` alone, not for `watcher run`. */
bool conf_restores_by_timer(const struct conf *conf);

/* The channel of that name; NULL: there is none. */
const struct conf_channel *conf_channel(const struct conf *conf,
					const char *name);

/* Whether the section's jobs are for that channel; a section that is no more
 * there has all. `section`: as in struct incident. */
bool conf_alerts(const struct conf *conf, const char *section,
		 const struct conf_channel *channel);

/* The keys that are set in the section, "partitions = critical, prod-*; grace =
 * 30s"; freed by the caller. */
char *conf_protect_text(const struct conf_protect *protect);

/* The line that sets a key outside [protect], for messages; 0 where the key
 * has its default. */
int conf_line(const struct conf *conf, const char *section, const char *key);

/* Where to connect, all said. Texts are never NULL; one of host and socket is
 * "", and so is what is not set. */
struct conf_database {
	char *host;
	char *backup_host; /* slurmdbd's choice where host is away */
	char *socket;
	int64_t port;
	char *user;
	char *password;
	char *database;
	char *ssl_ca; /* StorageParameters of slurmdbd.conf */
	char *ssl_capath;
	char *ssl_cert;
	char *ssl_key;
	char *ssl_cipher;
	int64_t timeout_s;
};

/* Joins watcher.conf, slurmdbd.conf and the password file. -1 (ERR_USAGE)
 * names the file, and its line where one is wrong: missing, unreadable, or
 * holding a password that others may read; *database is empty then. */
int conf_database(const struct conf *conf, struct conf_database *database,
		  struct err *err);
void conf_database_finish(struct conf_database *database);

/* Reads the key that heads of the store's chain are signed with: 1; 0: there is
 * none; -1 (ERR_USAGE) names what is wrong: it cannot be read, others may read
 * it, it is no such key. */
struct sign_key;
int conf_sign_key(const struct conf *conf, struct sign_key *key,
		  struct err *err);

enum conf_type {
	CONF_TEXT,     /* char * */
	CONF_PATH,     /* char *, absolute or "" */
	CONF_INT,      /* int64_t */
	CONF_DURATION, /* int64_t, seconds; written with s, m, h or d */
	CONF_BOOL,     /* bool */
	CONF_LIST,     /* struct text_list, of names and globs */
	CONF_CHOICE,   /* char *, one of the words that begin its help */
	CONF_WORDS,    /* struct text_list, of such words */
	CONF_ARGV,     /* struct text_list: the words of a command, of which
			  the first is a path; quoted as for a shell */
};

/* One key of watcher.conf; the table drives the reader, and a test holds the
 * sample and the man page against it. */
struct conf_key {
	const char *section;
	const char *key;
	enum conf_type type;
	size_t offset;        /* in struct conf, or in that of a section that
				 there may be several of */
	const char *fallback; /* the default, as one would write it */
	int64_t min;
	int64_t max;
	const char *help; /* where words are to choose from, first: "a|b: " */
};

extern const struct conf_key conf_keys[];
extern const size_t conf_n_keys;

#endif
