/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/judge.h"

#include "lib/mem.h"
#include "lib/when.h"
#include "watcher/judge_private.h"

#include <signal.h>
#include <string.h>

/* How long the row of a later incarnation may take to arrive: twice what was
 * seen; longer where slurmctld cannot be asked after it. */
#define SUCCESSOR_S 10
#define SUCCESSOR_UNASKED_S 60

/* How long slurmctld's word is waited for before a verdict without it. */
#define WORD_S 600

/* A step that its owner killed this long before the job failed is why it
 * failed. */
#define STEP_S 10

/* Clocks of slurmctld and database may differ by this much unnoticed. */
#define SKEW_S 1

static int64_t base(const struct judge_facts *facts)
{
	return facts->job->state & JOB_STATE_BASE;
}

static bool has_ended(const struct judge_facts *facts)
{
	return facts->job->time_end > 0;
}

/* kill_requid is the uid whose SIGKILL, scancel's default, slurmctld accepted;
 * the first counts, and a restart of slurmctld forgets it
 * (doc/slurm-facts.md). Where the row names another than before, the job had
 * lived on. */
static int64_t requester(const struct judge_facts *facts)
{
	if (facts->job->kill_requid < 0 && facts->memory)
		return facts->memory->kill_requid;
	return facts->job->kill_requid;
}

static bool by_owner(const struct judge_facts *facts)
{
	return requester(facts) >= 0 && requester(facts) == facts->job->id_user;
}

static bool was_requeued_away(const struct judge_facts *facts)
{
	return (facts->job->state & JOB_STATE_REQUEUE) != 0;
}

/* A job that ran was ended by somebody, whose uid then replaced the one that
 * was left over; one that waited may have been ended by Slurm itself. */
static bool is_stale(const struct judge_facts *facts)
{
	return facts->earlier_killed && job_was_pending(facts->job);
}

int64_t judge_signal(const struct judge_facts *facts)
{
	return facts->job->exit_code & JOB_SIGNAL;
}

static bool is_cancelled(const struct judge_facts *facts)
{
	return base(facts) == JOB_STATE_CANCELLED && has_ended(facts);
}

/* --- The rules' conditions ---------------------------------------------- */

static bool by_another(const struct judge_facts *facts)
{
	bool killed = is_cancelled(facts) || (base(facts) == JOB_STATE_FAILED &&
					      judge_signal(facts) == SIGKILL);

	return killed && requester(facts) >= 0 && !by_owner(facts);
}

static bool cancelled_by_owner(const struct judge_facts *facts,
			       enum judge_protection protection)
{
	return is_cancelled(facts) && by_owner(facts) && !is_stale(facts) &&
	       facts->protection == protection;
}

static bool cancelled(const struct judge_facts *facts)
{
	return cancelled_by_owner(facts, PROTECTED_NOW);
}

static bool moved(const struct judge_facts *facts)
{
	return cancelled_by_owner(facts, PROTECTED_BEFORE);
}

static bool moved_unseen(const struct judge_facts *facts)
{
	return cancelled_by_owner(facts, PROTECTED_ASKED);
}

/* What was only ever asked for is judged no further. */
static bool only_asked(const struct judge_facts *facts)
{
	return facts->protection == PROTECTED_ASKED;
}

static bool rewritten(const struct judge_facts *facts)
{
	return was_requeued_away(facts) && by_owner(facts) &&
	       !facts->earlier_killed;
}

static bool killed_and_failed(const struct judge_facts *facts)
{
	return base(facts) == JOB_STATE_FAILED && by_owner(facts) &&
	       !facts->earlier_killed;
}

static bool killed_batch(const struct judge_facts *facts)
{
	return killed_and_failed(facts) && judge_signal(facts) == SIGKILL;
}

static bool step_killed(const struct judge_facts *facts)
{
	return base(facts) == JOB_STATE_FAILED && facts->step_killed_s > 0 &&
	       when_between(facts->step_killed_s, facts->job->time_end) <=
		       STEP_S;
}

static bool step_killed_before(const struct judge_facts *facts)
{
	return base(facts) == JOB_STATE_FAILED && facts->step_killed_s > 0;
}

static bool died_of_signal(const struct judge_facts *facts)
{
	size_t i;

	if (base(facts) != JOB_STATE_FAILED)
		return false;
	for (i = 0; i < job_n_sent_signals; i++)
		if (judge_signal(facts) == job_sent_signals[i])
			return true;
	return false;
}

int64_t judge_promised_min(const struct judge_facts *facts)
{
	int64_t seen = facts->memory ? facts->memory->timelimit : -1;

	return seen > facts->asked_min ? seen : facts->asked_min;
}

/* Whether the row has a limit at all: a half row has 0, and the scheduler
 * writes a year where there is none (doc/slurm-facts.md). */
static bool is_limited(const struct judge_facts *facts)
{
	int64_t limit = facts->job->timelimit;

	return limit > 0 && limit < JOB_NO_VAL && limit != MEMORY_YEAR_MIN;
}

static bool limit_cut(const struct judge_facts *facts)
{
	return base(facts) == JOB_STATE_TIMEOUT && is_limited(facts) &&
	       facts->job->timelimit < judge_promised_min(facts);
}

/* Requeued, by whomever: the job goes on in a row that is there or will come.
 * A requester of an earlier incarnation may still be in it. */
static bool goes_on(const struct judge_facts *facts)
{
	return was_requeued_away(facts) && facts->has_successor;
}

/* Not every write sets mod_time; but time_end is slurmctld's clock, which may
 * be ahead of the database's. */
static int64_t age_s(const struct judge_facts *facts)
{
	int64_t since_s = facts->job->mod_time;

	if (facts->job->time_end > since_s &&
	    facts->job->time_end <= facts->now_s)
		since_s = facts->job->time_end;
	return when_between(since_s, facts->now_s);
}

static bool may_go_on(const struct judge_facts *facts)
{
	return was_requeued_away(facts) && age_s(facts) >= 0 &&
	       age_s(facts) <
		       (facts->can_ask ? SUCCESSOR_S : SUCCESSOR_UNASKED_S);
}

static bool is_word_wanted(const struct judge_facts *facts)
{
	return facts->can_ask && !facts->slurmctld && age_s(facts) >= 0 &&
	       age_s(facts) < WORD_S;
}

static bool ask_if_it_goes_on(const struct judge_facts *facts)
{
	return was_requeued_away(facts) && is_word_wanted(facts);
}

/* slurmctld has it, and not as cancelled: its row is late. */
static bool goes_on_says_slurmctld(const struct judge_facts *facts)
{
	return was_requeued_away(facts) && facts->slurmctld &&
	       facts->slurmctld->known &&
	       (facts->slurmctld->state & JOB_STATE_BASE) !=
		       JOB_STATE_CANCELLED;
}

/* Somebody else cancelled it, and then it was requeued. */
static bool requeued_by_another(const struct judge_facts *facts)
{
	return was_requeued_away(facts) && requester(facts) >= 0 &&
	       !by_owner(facts);
}

static bool requeue_cancelled(const struct judge_facts *facts)
{
	return was_requeued_away(facts);
}

static bool is_unattributed(const struct judge_facts *facts)
{
	return is_cancelled(facts) && (requester(facts) < 0 || is_stale(facts));
}

/* slurmctld that starts without its state has slurmdbd close all open rows at
 * once: state and time_end are set, mod_time is not (doc/slurm-facts.md). */
static bool cold_start(const struct judge_facts *facts)
{
	const struct job *job = facts->job;

	return is_cancelled(facts) && requester(facts) < 0 &&
	       when_between(job->mod_time, job->time_end) > SKEW_S &&
	       (!facts->memory || facts->memory->row.mod_time == job->mod_time);
}

/* Whether slurmctld speaks of this incarnation. */
static bool has_word(const struct judge_facts *facts)
{
	return facts->slurmctld && facts->slurmctld->known &&
	       facts->slurmctld->submitted == facts->job->time_submit;
}

static bool reason_of_slurm(const struct judge_facts *facts)
{
	return is_unattributed(facts) && has_word(facts) &&
	       facts->slurmctld->why[0];
}

/* slurmctld has run all the time since and knows of no request. */
static bool nobodys_request(const struct judge_facts *facts)
{
	return is_cancelled(facts) && requester(facts) < 0 && has_word(facts) &&
	       facts->slurmctld->booted > 0 &&
	       when_between(facts->slurmctld->booted, facts->job->time_end) >
		       SKEW_S;
}

static bool ask_for_reason(const struct judge_facts *facts)
{
	return is_unattributed(facts) && is_word_wanted(facts);
}

static bool stale(const struct judge_facts *facts)
{
	return is_cancelled(facts) && by_owner(facts);
}

static bool suspended(const struct judge_facts *facts)
{
	return !has_ended(facts) && base(facts) == JOB_STATE_SUSPENDED;
}

static bool held_for_good(const struct judge_facts *facts)
{
	return !has_ended(facts) && base(facts) == JOB_STATE_PENDING &&
	       facts->job->priority == 0 && facts->was_requeued;
}

/* --- The rules ---------------------------------------------------------- */

struct rule {
	bool (*matches)(const struct judge_facts *facts);
	enum judge_outcome outcome;
	enum incident_kind kind;
	enum incident_confidence confidence;
	const char *why;
	const char *causes;
};

#define CONFIRMED(kind, why) JUDGE_INCIDENT, kind, CONFIDENCE_CONFIRMED, why, ""
#define SUSPECTED(kind, why, causes)                                           \
	JUDGE_INCIDENT, kind, CONFIDENCE_SUSPECTED, why, causes
#define OUTCOME(outcome, why)                                                  \
	outcome, KIND_CANCELLED, CONFIDENCE_CONFIRMED, why, ""

static const struct rule rules[] = {
	{cancelled,
	 CONFIRMED(KIND_CANCELLED,
		   "accounting shows it CANCELLED, and names the job's owner "
		   "as the one whose request ended it (kill_requid)")},
	{moved,
	 CONFIRMED(KIND_MOVED,
		   "accounting shows it CANCELLED and names the job's owner "
		   "(kill_requid), outside of what is protected, where it was "
		   "seen before")},
	{moved_unseen,
	 SUSPECTED(KIND_MOVED,
		   "accounting shows it CANCELLED and names the job's owner "
		   "(kill_requid), outside of what is protected, for which it "
		   "was submitted",
		   "a job_submit plugin or an operator may have moved it")},
	{only_asked, OUTCOME(JUDGE_NOTHING, "")},
	{by_another,
	 OUTCOME(JUDGE_NOT_OWNER, "accounting names another (kill_requid)")},
	{rewritten,
	 CONFIRMED(KIND_REWRITTEN,
		   "accounting names the job's owner as the one whose request "
		   "ended it (kill_requid), though a requeue has since "
		   "overwritten that it was CANCELLED")},
	{killed_batch,
	 CONFIRMED(KIND_SIGNALLED,
		   "its script died of a signal, and accounting names the "
		   "job's owner as the one who sent SIGKILL (kill_requid)")},
	{step_killed,
	 CONFIRMED(KIND_STEP_CANCELLED,
		   "it FAILED as a step ended, and accounting names the job's "
		   "owner as the one who killed that step (kill_requid)")},
	{step_killed_before,
	 SUSPECTED(KIND_STEP_CANCELLED,
		   "it FAILED, and accounting names the job's owner as the one "
		   "who killed a step of it before (kill_requid)",
		   "the job may have failed of something else; its own script "
		   "may have cancelled the step")},
	{killed_and_failed,
	 SUSPECTED(KIND_SIGNALLED,
		   "it FAILED, and accounting names the job's owner as the one "
		   "who sent SIGKILL (kill_requid)",
		   "its script did not die of that signal: it may have failed "
		   "of something else at that moment")},
	{died_of_signal,
	 SUSPECTED(KIND_SIGNALLED,
		   "its script died of a signal that scancel can send",
		   "the script may have sent the signal itself, or the node's "
		   "system or its admin may have (out of memory, shutdown)")},
	{limit_cut,
	 SUSPECTED(KIND_LIMIT_CUT,
		   "it ended at a time limit shorter than the one it had",
		   "an operator may have shortened the limit, a job_submit "
		   "plugin, or the scheduler (--time-min)")},
	{goes_on, OUTCOME(JUDGE_NOTHING, "")},
	{requeued_by_another, OUTCOME(JUDGE_NOTHING, "")},
	{may_go_on, OUTCOME(JUDGE_WAIT, "")},
	{ask_if_it_goes_on, OUTCOME(JUDGE_ASK, "")},
	{goes_on_says_slurmctld, OUTCOME(JUDGE_NOTHING, "")},
	{requeue_cancelled,
	 SUSPECTED(KIND_REQUEUE_CANCELLED,
		   "it was requeued, and never came back",
		   "an operator may have cancelled it after the requeue, or "
		   "slurmctld may have lost it")},
	{cold_start,
	 OUTCOME(JUDGE_NOT_OWNER,
		 "slurmctld was started without its state, and all jobs were "
		 "closed")},
	{reason_of_slurm,
	 OUTCOME(JUDGE_NOT_OWNER, "slurmctld gives a reason of its own")},
	{nobodys_request,
	 OUTCOME(JUDGE_NOT_OWNER, "slurmctld itself ended it, at nobody's "
				  "request")},
	{ask_for_reason, OUTCOME(JUDGE_ASK, "")},
	{stale,
	 SUSPECTED(KIND_CANCELLED,
		   "accounting shows it CANCELLED and names the job's owner "
		   "(kill_requid)",
		   "its owner had cancelled it before, and the name may be "
		   "left over from then: Slurm itself may have ended it, as "
		   "for a dependency")},
	{is_unattributed,
	 SUSPECTED(KIND_UNATTRIBUTED,
		   "accounting shows it CANCELLED, and does not say by whom",
		   "a restart of slurmctld makes accounting forget who it was: "
		   "it may have been an operator, or Slurm itself, as for a "
		   "dependency")},
	{suspended,
	 SUSPECTED(KIND_STALLED, "it is suspended",
		   "before Slurm 26.05 only an operator can suspend a job")},
	{held_for_good,
	 SUSPECTED(KIND_STALLED, "it was requeued while it ran, and is held",
		   "an operator may have requeued or held it, or a failing "
		   "node")},
};

static enum incident_phase phase_of(const struct judge_facts *facts)
{
	if (base(facts) == JOB_STATE_SUSPENDED)
		return PHASE_SUSPENDED;
	if (job_was_pending(facts->job))
		return PHASE_PENDING;
	if (facts->memory && facts->memory->suspended)
		return PHASE_SUSPENDED;
	return PHASE_RUNNING;
}

/* What is only suspected, the witness decides. */
static void hear_witness(const struct judge_facts *facts,
			 struct verdict *verdict)
{
	const struct judge_witness *witness = &facts->witness;

	if (verdict->outcome != JUDGE_INCIDENT ||
	    verdict->confidence == CONFIDENCE_CONFIRMED)
		return;
	verdict->by_witness = witness->heard || witness->may_speak;
	if (!witness->heard) {
		if (witness->may_speak)
			verdict->outcome = JUDGE_WAIT;
	} else if (witness->uid == facts->job->id_user) {
		verdict->confidence = CONFIDENCE_CONFIRMED;
		verdict->causes = "";
	} else {
		verdict->outcome = JUDGE_NOT_OWNER;
		verdict->uid = witness->uid;
		verdict->why = "slurmctld's log names another";
	}
}

/* Whoever it was, it was not the owner. */
static int64_t another(const struct judge_facts *facts)
{
	return by_owner(facts) ? -1 : requester(facts);
}

static void apply(const struct rule *rule, const struct judge_facts *facts,
		  struct verdict *verdict)
{
	*verdict = (struct verdict){
		.outcome = rule->outcome,
		.kind = rule->kind,
		.confidence = rule->confidence,
		.phase = phase_of(facts),
		.tasks = job_count(facts->job),
		.uid = rule->outcome == JUDGE_NOT_OWNER ? another(facts) : -1,
		.why = rule->why,
		.causes = rule->causes,
	};
	hear_witness(facts, verdict);
}

void judge(const struct judge_facts *facts, struct verdict *verdict)
{
	size_t i;

	for (i = 0; i < LENGTH(rules); i++) {
		if (!rules[i].matches(facts))
			continue;
		apply(&rules[i], facts, verdict);
		return;
	}
	*verdict = (struct verdict){.outcome = JUDGE_NOTHING};
}

void judge_withdrawn(const struct judge_facts *facts, struct verdict *verdict)
{
	static const struct rule withdrawn = {
		NULL,
		SUSPECTED(KIND_TASKS_WITHDRAWN,
			  "the array waits for these tasks no more, and they "
			  "never started",
			  "an operator may have cancelled them, or Slurm "
			  "itself, for a dependency; accounting keeps no rows "
			  "of them"),
	};

	apply(&withdrawn, facts, verdict);
	verdict->phase = PHASE_PENDING;
}
