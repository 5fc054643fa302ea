/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One row of a cluster's job table, as slurmdbd wrote it. */
#ifndef SCHEMA_JOB_H
#define SCHEMA_JOB_H

#include "lib/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Slurm's numbers (slurm.h, enum job_states and NO_VAL, the same from 20.11
 * to 26.05). */
#define JOB_STATE_BASE 0xff
#define JOB_STATE_PENDING 0
#define JOB_STATE_RUNNING 1
#define JOB_STATE_SUSPENDED 2
#define JOB_STATE_COMPLETED 3
#define JOB_STATE_CANCELLED 4
#define JOB_STATE_FAILED 5
#define JOB_STATE_TIMEOUT 6
#define JOB_STATE_REQUEUE 1024
#define JOB_STATE_RESIZING 8192
#define JOB_NO_VAL 4294967294
#define JOB_INFINITE 4294967295
#define JOB_MEM_PER_CPU 0x8000000000000000

/* Signals that end a program which did nothing wrong, as exit_code has them.
 * The others are those of a fault of its own. */
#define JOB_SIGNAL 0x7f
extern const int job_sent_signals[];
extern const size_t job_n_sent_signals;

struct job {
	uint64_t job_db_inx; /* unsigned: above 2^63 on half of all clusters */
	int64_t mod_time;    /* the database's clock; not set by every write */

	int64_t id_job;
	int64_t id_array_job;  /* 0: not of an array */
	int64_t id_array_task; /* JOB_NO_VAL: the pending rest of an array */
	int64_t array_task_pending;
	int64_t array_max_tasks; /* of a rest: how many may run at once; 0: all
				  */
	int64_t het_job_id;      /* 0: not of a het job */
	int64_t het_job_offset;

	int64_t state;
	int64_t kill_requid; /* -1: nobody's SIGKILL was accepted */
	int64_t exit_code;
	int64_t flags;
	int64_t restart_cnt; /* -1: a version without the column */

	int64_t id_user;
	int64_t id_group;
	int64_t id_assoc;
	int64_t id_qos;
	int64_t id_resv;

	int64_t cpus_req;
	int64_t nodes_alloc;
	int64_t priority;
	int64_t timelimit; /* minutes; JOB_NO_VAL none, JOB_INFINITE no limit */

	int64_t time_submit; /* time_*: slurmctld's clock, seconds */
	int64_t time_eligible;
	int64_t time_start; /* 0: never started */
	int64_t time_end;   /* 0: not ended */
	int64_t time_suspended;

	uint64_t mem_req; /* MiB per node, or per CPU (JOB_MEM_PER_CPU) */
	uint64_t script_hash_inx; /* 0: no script stored */
	uint64_t env_hash_inx;

	/* Text as UTF-8 (text_utf8()), never NULL once the row was read. */
	char *account;
	char *admin_comment;
	char *array_task_str;
	char *constraints;
	char *derived_es; /* the job's comment */
	char *job_name;
	char *licenses;
	char *nodelist;
	char *partition; /* a comma list while the job waits */
	char *std_err;
	char *std_in;
	char *std_out;
	char *submit_line;
	char *tres_alloc;
	char *tres_req;
	char *wckey;
	char *work_dir;
};

enum job_type { JOB_INT, JOB_UNSIGNED, JOB_TEXT };

/* How columns of the table reach the struct; by name, since versions of
 * slurmdbd order and have them differently. */
struct job_column {
	const char *name;
	enum job_type type;
	size_t offset;
	bool needed;    /* a table without it cannot be judged */
	bool watched;   /* remembered of an open row, as it may be lost */
	int64_t absent; /* an integer's value where the column is missing or
			   NULL */
};

extern const struct job_column job_columns[];
extern const size_t job_n_columns;

/* An empty row: every integer as if its column were absent, every text "". */
void job_init(struct job *job);
void job_finish(struct job *job);

/* Makes *to a copy with texts of its own. */
void job_copy(const struct job *from, struct job *to);

/* Rows of one statement, kept until it is done. All zero is an empty list. */
struct job_list {
	struct job *jobs;
	size_t n;
	size_t cap;
};

/* Takes the job over; `list` is a struct job_list. */
void job_list_take(struct job *job, void *list);
void job_list_free(struct job_list *list);
#define autojobs __attribute__((cleanup(job_list_free)))

/* The row as one JSON object, its columns by name; freed by the caller. */
char *job_json(const struct job *job);

/* Of its watched columns alone. */
char *job_watched_json(const struct job *job);

/* A number that differs when any column does (SipHash under a fixed key). */
uint64_t job_hash(const struct job *job);

/* Reads back what either wrote; a column that it lacks is as absent. -1:
 * not such an object. The job is for job_finish() either way. */
int job_from_json(const char *json, struct job *job);

/* Whether slurmdbd has written all that a verdict needs, at the database's time
 * now_s. Rows are inserted with an empty partition and uid 0 and filled up to
 * five seconds later, even after they are CANCELLED (doc/slurm-facts.md). What
 * is left of an array is known when the tasks that started have their rows:
 * until then array_task_str may name them as well. */
bool job_is_settled(const struct job *job, int64_t now_s);

/* Whether it was still waiting when it ended: then no node was assigned.
 * time_start does not tell, slurmdbd sets it to time_end when the row is
 * first written by the cancellation (doc/slurm-facts.md). */
bool job_was_pending(const struct job *job);

/* The number that scancel and scontrol take for the whole of it: of the array
 * or het job it belongs to, or its own. */
int64_t job_root_id(const struct job *job);

/* Its id as squeue prints it: 3, 3_1, 3_[2,4-6], 17+0. Freed by the
 * caller. */
char *job_id_text(const struct job *job);

/* The tasks of an array_task_str, which is a hexadecimal bitmap ("0x74") or a
 * list ("2,4-6", "1-9:2", with or without brackets and a %limit), as a list
 * "2,4-6" freed by the caller; their number goes to *n. Text that is neither
 * comes back as "?" with *n 1. */
char *job_tasks_text(const char *array_task_str, int64_t *n);

/* Whether the row is the pending rest of an array: one row of many tasks. */
bool job_is_array_rest(const struct job *job);

/* How many jobs the row stands for: 1, or an array's pending ones. */
int64_t job_count(const struct job *job);

/* Takes those tasks out of the pending rest of an array: its array_task_str
 * may still name some that have rows of their own (20.11;
 * measured on 22.05, where an array is cancelled as its first task starts). */
void job_remove_tasks(struct job *job, const int64_t *tasks, size_t n);

/* What a TRES string ("1=8,2=1000,1001=2") says for one id; -1 if it does not
 * name it. */
int64_t job_tres_count(const char *tres, int64_t id);

/* The state's name as sacct prints it ("CANCELLED", "REQUEUED"). */
const char *job_state_name(int64_t state);

#endif
