/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/word.h"

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/spawn.h"

#include <string.h>

/* Asked for at once; what is above comes with the next turn. */
#define AT_ONCE 200

struct word {
	const struct conf *conf;
	char *cluster; /* whose slurmctld it is; NULL: not known yet */

	int64_t questions[AT_ONCE];
	size_t n_questions;
	struct spawn *child; /* NULL: nobody is asking */

	struct slurmctld_answer *answers;
	size_t n_answers;
	char *trouble; /* of the last child; NULL: none */
};

struct word *word_new(const struct conf *conf)
{
	struct word *word;

	if (!conf->slurm.conf[0])
		return NULL;
	word = mem_alloc(1, sizeof(*word));
	word->conf = conf;
	return word;
}

void word_free(struct word *word)
{
	if (!word)
		return;
	spawn_free(word->child);
	free(word->answers);
	free(word->cluster);
	free(word->trouble);
	free(word);
}

bool word_can_ask(const struct word *word, const char *cluster)
{
	return word && (!word->cluster || strcmp(word->cluster, cluster) == 0);
}

static const struct slurmctld_job *answer_of(const struct word *word,
					     int64_t id_job)
{
	size_t i;

	for (i = 0; i < word->n_answers; i++)
		if (word->answers[i].id_job == id_job)
			return &word->answers[i].job;
	return NULL;
}

const struct slurmctld_job *word_ask(struct word *word, const char *cluster,
				     int64_t id_job)
{
	const struct slurmctld_job *answer;
	size_t i;

	if (!word_can_ask(word, cluster))
		return NULL;
	answer = answer_of(word, id_job);
	if (answer)
		return answer;
	for (i = 0; i < word->n_questions; i++)
		if (word->questions[i] == id_job)
			return NULL;
	if (word->n_questions < AT_ONCE)
		word->questions[word->n_questions++] = id_job;
	return NULL;
}

static void note_trouble(struct word *word, const struct err *err)
{
	log_trouble(LOG_LEVEL_WARN, &word->trouble, err, "slurmctld",
		    "answers");
}

static void take_in(struct word *word, const struct text *out)
{
	struct slurmctld_answer *answers;
	struct err err;
	char *cluster;
	size_t n;

	if (slurmctld_jobs_read(out, &cluster, &answers, &n, &err) < 0) {
		note_trouble(word, &err);
		return;
	}
	note_trouble(word, NULL);
	free(word->answers);
	free(word->cluster);
	word->answers = answers;
	word->n_answers = n;
	word->cluster = cluster;
}

/* Takes in what the child answered, if it is done. */
static void collect(struct word *word, int wait_ms)
{
	autotext struct text out = {0};
	struct err err;
	int rc;

	if (!word->child)
		return;
	rc = spawn_poll(word->child, wait_ms, &out, &err);
	if (rc == 0)
		return;
	if (rc > 0)
		take_in(word, &out);
	else
		note_trouble(word, &err);
	spawn_free(word->child);
	word->child = NULL;
}

static void begin(struct word *word)
{
	const struct slurmctld how = {
		.conf = word->conf->slurm.conf,
		.timeout_ms = (int)word->conf->slurm.timeout_s * 1000,
	};
	struct err err;

	word->child = slurmctld_jobs_begin(&how, word->questions,
					   word->n_questions, &err);
	if (!word->child)
		note_trouble(word, &err);
	word->n_questions = 0;
}

void word_before(struct word *word)
{
	if (word)
		collect(word, 0);
}

void word_after(struct word *word)
{
	if (!word)
		return;
	word->n_answers = 0;
	if (!word->child && word->n_questions)
		begin(word);
}

bool word_wait(struct word *word)
{
	if (!word || !word->child)
		return false;
	collect(word, ((int)word->conf->slurm.timeout_s + 1) * 1000);
	return word->n_answers > 0;
}
