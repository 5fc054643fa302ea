/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/witness_sift.h"

#include "lib/mem.h"
#include "watcher/witness_job.h"

#include <stdio.h>
#include <string.h>

/* How far around a line is looked: as long as the log was left unread, and a
 * bit for clocks. Who leaves it longer than the most is told in the manual. */
#define SLACK_MS 2000
#define LEAST_MS 3000
#define MOST_MS 60000

/* In an autumn night stamps go back by this at least. */
#define HALF_AN_HOUR_MS (30 * 60 * 1000)

/* Lines that are held back at most, and bytes of them; more go unheard, the
 * oldest first. */
#define MOST_HELD 32768
#define MOST_HELD_BYTES (32 * 1024 * 1024)

/* How much one reading may look for what a request has set, in lines; names
 * cost more, the more the longer they are. A log that takes more is no log of
 * slurmctld's. */
#define MOST_WORK (100 * 1000 * 1000)
#define NAME_WORK 200
#define BYTE_WORK 2

/* Places to begin again from, a second apart: over the most time before a line,
 * and behind it, as long as it may be held. */
#define MARKS 128
#define MARK_MS 1000

#define NEVER (INT64_MIN / 2)
#define NOBODY (-1)

/* A line that says who asked for what, as little of it as can be. */
struct held {
	char *text;     /* the line as it was logged */
	size_t len;     /* of it */
	size_t message; /* where in it the message begins */
	char *job;      /* what is better than the line's own, or NULL */
	enum witness_act act;
	int64_t id_job;
	int64_t own_id; /* of a setting, in brackets; 0: none */
	int64_t uid;
	int64_t at_ms;
	int64_t window_ms;
	int64_t read_ticks_ms;
	int64_t place;
	uint64_t number; /* of the line, among all */
	bool whole;
	bool doubtful;
};

/* The last line of some kind, and the last of another user's than that. */
struct last {
	int64_t uid;
	int64_t at_ms;
	int64_t other_at_ms;
	uint64_t number;
	uint64_t other_number;
};

struct mark {
	int64_t at_ms;
	int64_t place;
};

struct witness_sift {
	struct held *held;
	size_t n;
	size_t cap;
	size_t n_settled; /* of these, whose surroundings are all known */
	size_t bytes;     /* of their texts */
	struct mark marks[MARKS];
	size_t n_marks; /* ever made; the last MARKS are there */
	struct witness_moment now;
	int64_t work;              /* done in this reading */
	int64_t all_read_ticks_ms; /* when the log's end was last reached */
	int64_t window_ms;
	uint64_t n_lines;
	int64_t last_ms;     /* stamp of the last line */
	int64_t open_ms;     /* stamp of the last line that is not closed */
	struct last typed;   /* that have their user's uid behind JobId= */
	struct last refused; /* that have it before */
	int64_t given;
	bool blind;       /* what is before the next line is not known */
	bool began_blind; /* nor was it before the first */
};

struct witness_sift *witness_sift_new(void)
{
	struct witness_sift *sift = mem_alloc(1, sizeof(*sift));

	sift->all_read_ticks_ms = NEVER;
	sift->last_ms = NEVER;
	sift->open_ms = NEVER;
	sift->typed = (struct last){NOBODY, NEVER, NEVER, 0, 0};
	sift->refused = sift->typed;
	sift->blind = true;
	sift->began_blind = true;
	return sift;
}

static void drop_first(struct witness_sift *sift, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		sift->bytes -= sift->held[i].len;
		free(sift->held[i].text);
		free(sift->held[i].job);
	}
	sift->n -= n;
	sift->n_settled -= n < sift->n_settled ? n : sift->n_settled;
	if (n && sift->n)
		memmove(sift->held, sift->held + n,
			sift->n * sizeof(*sift->held));
}

void witness_sift_free(struct witness_sift *sift)
{
	if (!sift)
		return;
	drop_first(sift, sift->n);
	free(sift->held);
	free(sift);
}

void witness_sift_resume(struct witness_sift *sift, int64_t given, bool blind)
{
	sift->given = given;
	sift->blind = blind;
	sift->began_blind = blind;
}

void witness_sift_begin(struct witness_sift *sift, struct witness_moment now)
{
	int64_t window_ms = now.ticks_ms - sift->all_read_ticks_ms + SLACK_MS;

	if (window_ms < LEAST_MS)
		window_ms = LEAST_MS;
	sift->now = now;
	sift->work = 0;
	sift->window_ms = window_ms < MOST_MS ? window_ms : MOST_MS;
}

/* --- What is around ----------------------------------------------------- */

static void note(struct last *last, int64_t uid, int64_t at_ms, uint64_t number)
{
	if (uid != last->uid) {
		last->other_at_ms = last->at_ms;
		last->other_number = last->number;
	}
	last->uid = uid;
	last->at_ms = at_ms;
	last->number = number;
}

/* Whether such a line of another user came behind the line. */
static bool is_behind(const struct last *last, const struct held *held)
{
	return (last->uid == held->uid ? last->other_number : last->number) >
	       held->number;
}

/* Whether one came before it, near enough. */
static bool is_before(const struct last *last, const struct held *held)
{
	int64_t at_ms =
		last->uid == held->uid ? last->other_at_ms : last->at_ms;

	return held->at_ms - at_ms <= held->window_ms;
}

/* Judges those lines around which all is known when one of at_ms comes. */
static void settle(struct witness_sift *sift, int64_t at_ms)
{
	for (; sift->n_settled < sift->n; sift->n_settled++) {
		struct held *held = &sift->held[sift->n_settled];

		if (at_ms - held->at_ms <= held->window_ms)
			return;
		if (held->whole)
			continue;
		if (sift->open_ms >= held->at_ms - held->window_ms ||
		    is_behind(&sift->typed, held))
			held->doubtful = true;
	}
}

/* At that time a line is a user's, or the beginning of one, or may be. */
static void note_open(struct witness_sift *sift, int64_t at_ms)
{
	if (at_ms > sift->open_ms)
		sift->open_ms = at_ms;
}

void witness_sift_gap(struct witness_sift *sift)
{
	if (sift->last_ms == NEVER)
		sift->blind = sift->began_blind = true;
	else
		note_open(sift, sift->last_ms);
}

/* Where the log can be begun again, so that all around a line is seen. */
static void make_mark(struct witness_sift *sift, int64_t at_ms, int64_t place)
{
	struct mark *last = &sift->marks[(sift->n_marks + MARKS - 1) % MARKS];

	if (sift->n_marks && at_ms < last->at_ms + MARK_MS)
		return;
	sift->marks[sift->n_marks++ % MARKS] =
		(struct mark){.at_ms = at_ms, .place = place};
}

/* The time of a stamp without a zone, which in an autumn night comes twice. */
static int64_t time_of(const struct witness_sift *sift,
		       const struct witness_stamp *stamp)
{
	int64_t later_ms;

	if (!stamp->local || sift->last_ms - stamp->at_ms < HALF_AN_HOUR_MS)
		return stamp->at_ms;
	later_ms = witness_line_later_ms(stamp->at_ms);
	return later_ms <= sift->now.clock_ms + SLACK_MS ? later_ms
							 : stamp->at_ms;
}

/* Takes a line's time for the log's. False where it goes back: no line of
 * slurmctld's own does, while its clock is well. */
static bool keep_time(struct witness_sift *sift, int64_t at_ms, int64_t place)
{
	bool good = at_ms >= sift->last_ms;

	if (sift->blind)
		note_open(sift, at_ms);
	if (!good)
		note_open(sift, sift->last_ms);
	sift->blind = false;
	settle(sift, at_ms);
	sift->last_ms = at_ms;
	sift->n_lines++;
	make_mark(sift, at_ms, place);
	return good;
}

/* --- What says who asked for what --------------------------------------- */

/* The line anew; it was one that says so. */
static struct witness_line read_again(const struct held *held)
{
	const char *message = held->text + held->message;
	struct witness_line line = {0};

	witness_line_message(message, strlen(message), &line);
	if (held->job)
		snprintf(line.job, sizeof(line.job), "%s", held->job);
	line.at_s = held->at_ms / 1000;
	line.uid = held->uid;
	line.doubtful = held->doubtful;
	return line;
}

static bool is_setting(enum witness_act act)
{
	return act == WITNESS_PARTITION || act == WITNESS_TIME_LIMIT;
}

/* The end of a request: what it set is its user's. Requests of one job may
 * overlap, and then it is not known whose the setting was. */
static void complete_one(struct held *held, const struct witness_job *asked,
			 const struct witness_line *end)
{
	struct witness_line line = read_again(held);
	struct witness_job done;

	if (!witness_job_parse(line.job, strlen(line.job), &done) ||
	    !witness_job_covers(asked, &done))
		return;
	if (held->uid != NOBODY) {
		held->doubtful |= held->uid != end->uid;
		return;
	}
	held->uid = end->uid;
	/* Of the rest of an array, the request knows the tasks. */
	if (done.part == WITNESS_REST)
		held->job = mem_strdup(end->job);
}

/* Whether the request may have to do with the line, by numbers alone. Around
 * lines that are not whole entries, settle() looks for other users. */
static bool may_complete(const struct held *held,
			 const struct witness_line *end)
{
	if (!is_setting(held->act) ||
	    (held->id_job != end->id_job && held->own_id != end->id_job))
		return false;
	return held->uid == NOBODY ||
	       (held->whole && !held->doubtful && held->uid != end->uid);
}

static void complete(struct witness_sift *sift, const struct witness_line *end)
{
	struct witness_job asked;
	size_t i;

	if (!witness_job_parse(end->job, strlen(end->job), &asked))
		return;
	sift->work += (int64_t)sift->n;
	/* Those that are settled may be given already, or not yet. */
	for (i = sift->n_settled; i < sift->n && sift->work < MOST_WORK; i++) {
		if (!may_complete(&sift->held[i], end))
			continue;
		sift->work +=
			NAME_WORK + BYTE_WORK * (int64_t)sift->held[i].len;
		complete_one(&sift->held[i], &asked, end);
	}
}

static void hold(struct witness_sift *sift, const struct held *held,
		 const struct witness_line *line, const char *text, size_t len)
{
	struct witness_job job;
	struct held *added;

	if (sift->n == MOST_HELD || sift->bytes > MOST_HELD_BYTES) {
		sift->given = sift->held[sift->n / 4].place;
		drop_first(sift, sift->n / 4);
	}
	sift->held = mem_grow(sift->held, &sift->cap, sift->n + 1,
			      sizeof(*sift->held));
	added = &sift->held[sift->n++];
	*added = *held;
	added->text = mem_strndup(text, len);
	added->len = len;
	sift->bytes += len;
	if (is_setting(held->act) &&
	    witness_job_parse(line->job, strlen(line->job), &job))
		added->own_id = job.own_id;
}

/* A line, of which `held` has what is known without its message. */
static void hear(struct witness_sift *sift, struct held *held, const char *text,
		 size_t len)
{
	struct witness_line line = {0};
	bool typed;

	held->number = sift->n_lines;
	held->read_ticks_ms = sift->now.ticks_ms;
	held->window_ms = held->whole ? LEAST_MS : sift->window_ms;
	switch (witness_line_message(text + held->message, len - held->message,
				     &line)) {
	case WITNESS_OPEN:
		if (!held->whole)
			note_open(sift, held->at_ms);
		return;
	case WITNESS_CLOSED:
		return;
	case WITNESS_SAYS:
		break;
	}
	held->act = line.act;
	held->id_job = line.id_job;
	held->uid = line.uid;
	held->doubtful |= !held->whole && is_before(&sift->refused, held);
	typed = line.act == WITNESS_KILL || line.act == WITNESS_COMPLETE;
	if (typed && !held->whole)
		note(&sift->typed, line.uid, held->at_ms, held->number);
	if (line.act == WITNESS_KILL_REFUSED && line.detail[0] && !held->whole)
		note(&sift->refused, line.uid, held->at_ms, held->number);
	if (line.act == WITNESS_COMPLETE)
		complete(sift, &line);
	else if (held->place >= sift->given)
		hold(sift, held, &line, text, len);
}

void witness_sift_line(struct witness_sift *sift, const char *line, size_t len,
		       int64_t place)
{
	struct held held = {.place = place};
	struct witness_stamp stamp;

	if (!witness_line_stamp(line, len, &stamp)) {
		witness_sift_gap(sift);
		return;
	}
	held.at_ms = time_of(sift, &stamp);
	held.message = stamp.len;
	if (held.at_ms > sift->now.clock_ms + SLACK_MS) {
		witness_sift_gap(sift);
		return;
	}
	held.doubtful = !keep_time(sift, held.at_ms, place);
	hear(sift, &held, line, len);
}

void witness_sift_entry(struct witness_sift *sift, int64_t at_ms,
			const char *message, size_t len, bool whole,
			int64_t place)
{
	struct held held = {.place = place, .at_ms = at_ms, .whole = whole};

	/* The journal's own time, which no user types. */
	keep_time(sift, at_ms, place);
	hear(sift, &held, message, len);
}

/* --- What is certain ---------------------------------------------------- */

int witness_sift_give(struct witness_sift *sift, bool all_read, witness_fn *fn,
		      void *arg, struct err *err)
{
	size_t i = 0;
	int rc = 0;

	if (all_read)
		sift->all_read_ticks_ms = sift->now.ticks_ms;
	/* Nothing came for as long: then nothing is around it. */
	if (all_read && sift->n &&
	    sift->now.ticks_ms - sift->held[sift->n - 1].read_ticks_ms >
		    sift->held[sift->n - 1].window_ms)
		settle(sift, INT64_MAX / 2);
	for (; i < sift->n_settled; i++) {
		struct witness_line line = read_again(&sift->held[i]);

		if (line.uid != NOBODY)
			rc = fn(&line, sift->held[i].text, arg, err);
		if (rc < 0)
			break;
	}
	drop_first(sift, i);
	return rc < 0 ? -1 : 0;
}

int64_t witness_sift_given(const struct witness_sift *sift, int64_t end)
{
	if (sift->n)
		return sift->held[0].place;
	return end > sift->given ? end : sift->given;
}

int64_t witness_sift_restart(const struct witness_sift *sift, int64_t end,
			     bool *blind)
{
	size_t first = sift->n_marks > MARKS ? sift->n_marks - MARKS : 0;
	int64_t at_ms = sift->n ? sift->held[0].at_ms : sift->last_ms;
	int64_t place = end;
	size_t i;

	*blind = first > 0 || sift->began_blind;
	for (i = sift->n_marks; i-- > first;) {
		const struct mark *mark = &sift->marks[i % MARKS];

		place = mark->place;
		if (mark->at_ms > at_ms - MOST_MS)
			continue;
		*blind = false;
		break;
	}
	return place;
}
