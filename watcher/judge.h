/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the owner of a job ended it: a pure function of what was seen. */
#ifndef WATCHER_JUDGE_H
#define WATCHER_JUDGE_H

#include "schema/incident.h"
#include "schema/job.h"
#include "watcher/memory.h"
#include "watcher/slurmctld.h"

#include <stdbool.h>
#include <stdint.h>

/* Why a job is protected. */
enum judge_protection {
	PROTECTED_NOW,    /* by where its row says it is */
	PROTECTED_BEFORE, /* by where it was seen while it was alive */
	PROTECTED_ASKED,  /* by what was asked for when it was submitted */
};

/* What slurmctld's log says of who did it, where a witness is configured. */
struct judge_witness {
	bool heard;     /* a line fits */
	int64_t uid;    /* who did it */
	bool may_speak; /* a line may still come */
};

struct judge_facts {
	const struct job *job;       /* its row as it is */
	const struct memory *memory; /* NULL: it was not seen alive */
	enum judge_protection protection;

	/* An earlier incarnation of the job was killed by its owner: the uid
	 * may be left over from then (doc/slurm-facts.md). */
	bool earlier_killed;
	/* A later incarnation of the job has a row. */
	bool has_successor;
	/* The incarnation before this one was requeued. */
	bool was_requeued;
	/* The end of the last of its steps that its owner killed; 0: none. */
	int64_t step_killed_s;
	/* The time limit asked for at submission, minutes; -1: not known. */
	int64_t asked_min;

	bool can_ask; /* slurmctld's word may still come */
	const struct slurmctld_job *slurmctld; /* NULL: it has not */
	struct judge_witness witness;

	int64_t now_s; /* the database's clock */
};

enum judge_outcome {
	JUDGE_NOTHING,
	JUDGE_INCIDENT,
	JUDGE_NOT_OWNER, /* cancelled, and not by its owner */
	JUDGE_WAIT,      /* too early to tell */
	JUDGE_ASK,       /* slurmctld's word is wanted */
};

struct verdict {
	enum judge_outcome outcome;
	enum incident_kind kind;
	enum incident_confidence confidence;
	enum incident_phase phase;
	int64_t tasks;   /* jobs the row stands for: 1, or an array's pending */
	int64_t uid;     /* JUDGE_NOT_OWNER: who did it; -1: nobody */
	const char *why; /* what accounting shows: half a sentence */
	const char *causes; /* what else could have caused it; "" if nothing */
	bool by_witness;    /* the witness decided */
};

/* Judges the row of a protected job. The first rule that matches decides. */
void judge(const struct judge_facts *facts, struct verdict *verdict);

/* The verdict on tasks that left an array's pending rest without ever having
 * started; job is the rest, with those tasks alone. */
void judge_withdrawn(const struct judge_facts *facts, struct verdict *verdict);

/* The sentence that explains the verdict; freed by the caller. */
char *judge_reason(const struct verdict *verdict,
		   const struct judge_facts *facts, const char *user);

#endif
