/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fixtures' rows mean, said in SQL alone: the incidents that watcher
 * is to find where nothing was seen of the jobs while they were alive, and
 * slurmctld is not asked. Partition critical is protected. */
#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include "schema/store.h"
#include "tests/database.h"

#include <inttypes.h>

#define ORACLE_OWN "j.kill_requid = j.id_user"
#define ORACLE_NOBODY "(j.kill_requid IS NULL OR j.kill_requid = -1)"
#define ORACLE_CRITICAL "FIND_IN_SET('critical', j.`partition`)"
#define ORACLE_BEFORE                                                          \
	"EXISTS (SELECT 1 FROM lab_job_table e WHERE e.id_job = j.id_job"      \
	" AND e.time_submit < j.time_submit AND e.kill_requid = j.id_user)"
#define ORACLE_AFTER(what)                                                     \
	"EXISTS (SELECT 1 FROM lab_job_table l WHERE l.id_job = j.id_job"      \
	" AND l.time_submit > j.time_submit " what ")"

/* A row is what the first statement says that finds it. */
static const struct {
	const char *verdict;
	const char *where;
	bool submit_line; /* 20.11 has none */
} oracle_rules[] = {
	/* Slurm itself may have ended a job that waits under a number that its
	 * owner had cancelled before. */
	{"cancelled suspected",
	 "j.state = 4 AND " ORACLE_OWN " AND " ORACLE_CRITICAL
	 " AND j.nodelist = 'None assigned' AND " ORACLE_BEFORE,
	 false},
	{"cancelled confirmed",
	 "j.state = 4 AND " ORACLE_OWN " AND " ORACLE_CRITICAL, false},
	/* Each component of a het job has the command line of the whole. */
	{"moved suspected",
	 "j.state = 4 AND " ORACLE_OWN " AND j.`partition` = 'open'"
	 " AND j.submit_line REGEXP ' -p critical( |,|$)'",
	 true},
	{"rewritten confirmed",
	 "j.state = 1024 AND " ORACLE_OWN " AND " ORACLE_CRITICAL
	 " AND NOT " ORACLE_BEFORE,
	 false},
	/* Half written for ever; a later row of the job is whole. */
	{"rewritten confirmed",
	 "j.state = 1024 AND j.`partition` = '' AND " ORACLE_AFTER(
		 "AND l.`partition` = 'critical' AND"
		 " l.id_user = j.kill_requid"),
	 false},
	{"requeue-cancelled suspected",
	 "j.state = 1024 AND " ORACLE_CRITICAL " AND NOT " ORACLE_AFTER(""),
	 false},
	{"signalled confirmed",
	 "j.state = 5 AND " ORACLE_OWN " AND " ORACLE_CRITICAL, false},
	{"signalled suspected",
	 "j.state = 5 AND " ORACLE_NOBODY " AND " ORACLE_CRITICAL
	 " AND j.exit_code & 127",
	 false},
	{"limit-cut suspected",
	 "j.state = 6 AND " ORACLE_CRITICAL
	 " AND j.submit_line REGEXP ' -t [0-9]+$' AND"
	 " SUBSTRING_INDEX(j.submit_line, ' ', -1) > j.timelimit",
	 true},
	/* A cold start of slurmctld sets time_end without mod_time. */
	{"unattributed suspected",
	 "j.state = 4 AND " ORACLE_NOBODY " AND " ORACLE_CRITICAL
	 " AND j.time_end <= j.mod_time",
	 false},
};

/* Makes the table `expected` of a database with rows of that version. */
static inline void oracle_make(MYSQL *mysql, const char *version)
{
	bool submit_line = strcmp(version, "20.11") != 0;
	size_t i;

	database_do(mysql, "CREATE OR REPLACE TABLE expected (id_job INT"
			   " UNSIGNED, time_submit BIGINT, time_end BIGINT,"
			   " verdict TEXT, PRIMARY KEY (id_job, time_submit))");
	for (i = 0; i < LENGTH(oracle_rules); i++)
		if (submit_line || !oracle_rules[i].submit_line)
			database_do(mysql,
				    "INSERT IGNORE INTO expected SELECT"
				    " id_job, time_submit, time_end, '%s'"
				    " FROM lab_job_table j WHERE time_end > 0"
				    " AND %s",
				    oracle_rules[i].verdict,
				    oracle_rules[i].where);
}

/* How many incidents there are of what ended in that time. */
static inline int64_t oracle_count(MYSQL *mysql, int64_t since_s,
				   int64_t until_s)
{
	autofree char *sql =
		mem_printf("SELECT count(*) FROM expected WHERE time_end >="
			   " %" PRId64 " AND time_end < %" PRId64,
			   since_s, until_s);

	return database_count(mysql, sql);
}

struct oracle_seen {
	MYSQL *mysql;
	int64_t n;
};

static inline int oracle_check_one(const struct incident *incident, void *arg)
{
	struct oracle_seen *seen = arg;
	autofree char *sql =
		mem_printf("SELECT count(*) FROM expected WHERE id_job = "
			   "%" PRId64 " AND time_submit = %" PRId64
			   " AND verdict = '%s %s'",
			   incident->id_job, incident->submitted,
			   incident->kind, incident->confidence);

	ck_assert_msg(database_count(seen->mysql, sql) == 1,
		      "job %s, submitted %" PRId64 ": %s %s is not expected",
		      incident->job_id, incident->submitted, incident->kind,
		      incident->confidence);
	seen->n++;
	return 0;
}

/* Every incident in the store is expected; as many as there are: none twice.
 * Their number. */
static inline int64_t oracle_check(MYSQL *mysql, struct store *store)
{
	const struct store_filter all = {.until = INT64_MAX,
					 .suspected = true,
					 .exempt = true,
					 .corrected = true};
	struct oracle_seen seen = {mysql, 0};
	struct err err;

	ck_assert_int_eq(
		store_incidents(store, &all, oracle_check_one, &seen, &err), 0);
	return seen.n;
}

#endif
