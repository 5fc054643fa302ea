/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `watcher restore`: prints the commands that bring jobs back. Its output is a
 * shell script: what is not a command is a comment. */
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/text.h"
#include "schema/store.h"
#include "watcher/commands.h"
#include "watcher/restore.h"
#include "watcher/restore_facts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Members of an event ended at most a second apart, one after the other: more
 * than long enough. */
#define EVENT_S 3600

static int parse_id(const char *text, int64_t *id, struct err *err)
{
	char *end;

	errno = 0;
	*id = strtoll(text, &end, 10);
	if (!errno && end != text && !*end && *id > 0)
		return 0;
	err_set(err, ERR_USAGE, "'%s' is not an incident's number", text);
	return err_hint(err, "watcher-report list shows them in its first "
			     "column");
}

static void print_title(const struct incident *incident)
{
	autofree char *line = mem_printf(
		"incident %" PRId64 ": job %s of %s on %s, cluster %s",
		incident->incident_id, incident->job_id, incident->user,
		incident->partition, incident->cluster);
	autofree char *title = text_escaped(line);

	printf("# %s\n", title);
}

static void print_comment(const char *word, const char *comment)
{
	autofree char *shown = text_escaped(comment);

	if (shown[0])
		printf("# %s: %s\n", word, shown);
}

static void print_possible_until(const struct restore_plan *plan)
{
	time_t until = (time_t)plan->possible_until_s;
	struct tm tm;
	char text[32] = "";

	if (plan->possible_until_s > 0 && localtime_r(&until, &tm) &&
	    strftime(text, sizeof(text), "%H:%M:%S", &tm) > 0)
		printf("# possible until %s (MinJobAge)\n", text);
}

/* The titles of what it is for were printed. */
static void print_plan(const struct job *job, const struct restore_plan *plan)
{
	autofree char *command = restore_command(plan);
	size_t i;

	printf("# %s: %s\n", restore_ways[plan->way], plan->why);
	if (plan->way == RESTORE_ALREADY)
		return;
	printf("# brings back: %s\n", restore_fidelities[plan->fidelity]);
	print_possible_until(plan);
	for (i = 0; i < plan->notes.n; i++)
		print_comment("note", plan->notes.items[i]);
	if (plan->remedy)
		print_comment("what to do", plan->remedy);
	if (plan->way == RESTORE_RESUBMIT || plan->way == RESTORE_BY_HAND)
		print_comment("submit line", job->submit_line);
	if (command)
		printf("%s\n", command);
}

/* Numbers of incidents, each once, in the order they came. */
struct ids {
	int64_t *ids;
	size_t n;
	size_t cap;
};

/* False: it was there. */
static bool ids_add(struct ids *ids, int64_t id)
{
	size_t i;

	for (i = 0; i < ids->n; i++)
		if (ids->ids[i] == id)
			return false;
	ids->ids = mem_grow(ids->ids, &ids->cap, ids->n + 1, sizeof(*ids->ids));
	ids->ids[ids->n++] = id;
	return true;
}

struct event {
	int64_t event_id;
	struct ids ids;
};

static int note_member(const struct incident *incident, void *arg)
{
	struct event *event = arg;

	if (incident->event_id == event->event_id)
		ids_add(&event->ids, incident->incident_id);
	return 0;
}

/* The incidents that are restored with this one: all of its event, or it
 * alone. */
static int find_members(struct store *store, const struct incident *incident,
			bool whole_event, struct ids *ids, struct err *err)
{
	const struct store_filter filter = {
		.since = incident->ended - EVENT_S,
		.until = incident->ended + EVENT_S,
		.cluster = incident->cluster,
		.suspected = true,
		.exempt = true,
		.corrected = true,
	};
	struct event event = {.event_id = incident->event_id};

	ids_add(&event.ids, incident->incident_id);
	if (whole_event &&
	    store_incidents(store, &filter, note_member, &event, err) < 0) {
		free(event.ids.ids);
		return -1;
	}
	*ids = event.ids;
	return 0;
}

/* What is planned together. */
struct together {
	struct incident *incidents;
	struct restore_gathered *gathered;
	struct restore_facts *facts;
	size_t n;
};

static void together_finish(struct together *together)
{
	size_t i;

	for (i = 0; i < together->n; i++) {
		restore_facts_finish(&together->gathered[i]);
		incident_finish(&together->incidents[i]);
	}
	free(together->incidents);
	free(together->gathered);
	free(together->facts);
}

static int gather(const struct conf *conf, struct store *store,
		  const struct ids *ids, struct together *together,
		  struct err *err)
{
	size_t n = ids->n;
	size_t i;

	together->n = n;
	together->incidents = mem_alloc(n, sizeof(*together->incidents));
	together->gathered = mem_alloc(n, sizeof(*together->gathered));
	together->facts = mem_alloc(n, sizeof(*together->facts));
	for (i = 0; i < n; i++) {
		if (store_incident(store, ids->ids[i], &together->incidents[i],
				   err) < 0 ||
		    restore_facts_gather(conf, store, &together->incidents[i],
					 &together->gathered[i], err) < 0)
			return -1;
		together->facts[i] = together->gathered[i].facts;
	}
	return 0;
}

static void print_plans(const struct together *together)
{
	struct restore_plan *plans;
	size_t n, i, j;

	restore_plan_event(together->facts, together->n, &plans, &n);
	for (i = 0; i < n; i++) {
		const struct restore_plan *plan = &plans[i];

		for (j = 0; j < plan->n_members; j++)
			print_title(&together->incidents[plan->members[j]]);
		print_plan(&together->gathered[plan->members[0]].job, plan);
	}
	restore_plans_free(plans, n);
}

/* What was printed before is in `done`, and not printed again. */
static int restore_one(const struct conf *conf, struct store *store, int64_t id,
		       bool whole_event, struct ids *done, struct err *err)
{
	struct incident incident = {0};
	struct together together = {0};
	struct ids ids = {0};
	int rc = store_incident(store, id, &incident, err);
	size_t i;

	if (rc == 0) {
		err_set(err, ERR_USAGE, "there is no incident %" PRId64, id);
		return err_hint(err, "watcher-report list shows them");
	}
	if (rc > 0)
		rc = find_members(store, &incident, whole_event, &ids, err);
	if (rc == 0 && ids_add(done, id)) {
		for (i = 0; i < ids.n; i++)
			ids_add(done, ids.ids[i]);
		rc = gather(conf, store, &ids, &together, err);
		if (rc == 0)
			print_plans(&together);
	}
	together_finish(&together);
	free(ids.ids);
	incident_finish(&incident);
	return rc;
}

static int restore_all(const struct conf *conf, struct store *store,
		       char **args, bool whole_event)
{
	struct ids done = {0};
	struct err err;
	int64_t id;
	int code = 0;

	for (; *args; args++) {
		if (parse_id(*args, &id, &err) == 0 &&
		    restore_one(conf, store, id, whole_event, &done, &err) == 0)
			continue;
		log_err(LOG_LEVEL_ERR, &err);
		code = err_exit_code(&err);
	}
	free(done.ids);
	return code;
}

int command_restore(struct conf **conf, char **args)
{
	bool whole_event = false;
	struct store *store;
	struct err err;
	int code;

	for (; *args && strcmp(*args, "--event") == 0; args++)
		whole_event = true;
	if (!args[0]) {
		log_line(LOG_LEVEL_ERR, "restore takes the numbers of "
					"incidents (watcher-report list)");
		return 2;
	}
	store = store_open_read((*conf)->store.path, &err);
	if (!store) {
		log_err(LOG_LEVEL_ERR, &err);
		return err_exit_code(&err);
	}
	code = restore_all(*conf, store, args, whole_event);
	store_close(store);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_line(LOG_LEVEL_ERR, "writing the output: %s",
			 strerror(errno));
		return 3;
	}
	return code;
}
