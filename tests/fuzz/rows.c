/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of arbitrary bytes, through memory, policy and judge into a store, and
 * out of it by every report in every format, and by what people are told. */
#include "tests/fuzz/row.h"

#include "conf/conf.h"
#include "reports/report.h"
#include "schema/store_restoration.h"
#include "tests/fuzz/message.h"
#include "tests/fuzz/page.h"
#include "tests/fuzz/quoting.h"
#include "tests/fuzz/status.h"
#include "tests/fuzz/store.h"
#include "watcher/judge.h"
#include "watcher/policy.h"

#include <inttypes.h>
#include <jansson.h>
#include <locale.h>

#define MOST_ROWS 6

/* All reports take long: libFuzzer, which says how many turns, has some of them
 * written for inputs of some lengths. */
#ifndef TURNS
#define TURNS 1
#endif
#define NOW_S 1796000000

/* --- What is there before the first input --------------------------------- */

static struct conf *conf;
static struct store *store;

static void open_conf(void)
{
	static const char text[] = "[protect]\n"
				   "partitions = critical, prod-*, [!a-y]*\n"
				   "exempt_users = ops*\n"
				   "exempt_jobs = *-test\n"
				   "[protect second]\n"
				   "partitions = *\n"
				   "kinds = cancelled, stalled, unattributed\n"
				   "grace = 10s\n"
				   "[alert mail]\n";
	static struct fuzz_file file;
	struct err err;

	fuzz_file_write(&file, text, strlen(text));
	conf = conf_read(file.path, &err);
	must(conf != NULL);
}

static void open_all(void)
{
	if (store)
		return;
	setenv("TZ", "Europe/Berlin", 1);
	setlocale(LC_ALL, "C.UTF-8");
	open_conf();
	store = fuzz_store_open();
}

/* --- Rows into the store ---------------------------------------------------
 */

/* What an input says of a row beside its columns. */
struct scene {
	struct job job;
	struct memory memory;
	struct slurmctld_job slurmctld;
	struct judge_facts facts;
	char *user;
	char *qos;
	int64_t correction;
	int64_t restored_at;
	size_t n; /* rows so far */
};

static void scene_init(struct scene *scene)
{
	job_init(&scene->job);
	scene->facts = (struct judge_facts){
		.job = &scene->job,
		.asked_min = -1,
		.now_s = NOW_S,
	};
	scene->slurmctld = (struct slurmctld_job){0};
	scene->correction = -1;
	scene->restored_at = 0;
	row_set(&scene->user, "alice");
	row_set(&scene->qos, "normal");
}

/* What is remembered of it is read back as it was. */
static void see(struct scene *scene)
{
	autofree char *first = NULL;
	autofree char *second = NULL;

	memory_see(&scene->memory, &scene->job, true);
	first = memory_json(&scene->memory);
	memory_finish(&scene->memory);
	must(memory_from_json(first, &scene->memory) == 0);
	second = memory_json(&scene->memory);
	must_equal(first, second);
	scene->facts.memory = &scene->memory;
}

static void take_fact(struct scene *scene, const char *text)
{
	struct judge_facts *facts = &scene->facts;
	const char *user = row_value(text, "user");
	const char *qos = row_value(text, "qos");
	int64_t bits = -1;
	int64_t heard = -1;

	row_number(text, "bits", &bits);
	row_number(text, "heard", &heard);
	row_number(text, "asked_min", &facts->asked_min);
	row_number(text, "step_killed_s", &facts->step_killed_s);
	row_number(text, "correction", &scene->correction);
	row_number(text, "restored_at", &scene->restored_at);
	row_number(text, "word", &scene->slurmctld.state);
	if (user)
		row_set(&scene->user, user);
	if (qos)
		row_set(&scene->qos, qos);
	if (row_value(text, "word")) {
		scene->slurmctld.known = true;
		facts->slurmctld = &scene->slurmctld;
	}
	if (heard >= 0)
		facts->witness = (struct judge_witness){true, heard, false};
	if (bits < 0)
		return;
	facts->protection = (enum judge_protection)(bits % 3);
	facts->earlier_killed = bits & 4;
	facts->has_successor = bits & 8;
	facts->was_requeued = bits & 16;
	facts->can_ask = bits & 32;
}

/* As describe() fills it, but for what only the database knows. */
static struct incident describe(const struct scene *scene,
				const struct verdict *verdict,
				const struct conf_protect *section)
{
	const struct job *job = &scene->job;
	char *exempt = policy_exemption(section, job, scene->user);

	return (struct incident){
		.cluster = mem_strdup("lab"),
		.part = mem_strdup(""),
		.found = mem_strdup("open"),
		.script_sha256 = mem_strdup(""),
		.section = mem_strdup(section->name),
		.exempt = exempt ? exempt : mem_strdup(""),
		.user = mem_strdup(scene->user),
		.qos = mem_strdup(scene->qos),
		.job_id = job_id_text(job),
		.job_db_inx = mem_printf("%" PRIu64, job->job_db_inx),
		.id_job = job->id_job,
		.root_id = job_root_id(job),
		.uid = job->id_user,
		.account = mem_strdup(job->account),
		.partition = mem_strdup(job->partition),
		.job_name = mem_strdup(job->job_name),
		.kind = mem_strdup(incident_kinds[verdict->kind]),
		.confidence =
			mem_strdup(incident_confidences[verdict->confidence]),
		.phase = mem_strdup(incident_phases[verdict->phase]),
		.tasks = verdict->tasks,
		.submitted = job->time_submit,
		.started = job->time_start,
		.ended = job->time_end,
		.detected = NOW_S,
		.elapsed_s = job->time_suspended,
		.cpu_seconds = job->time_eligible,
		.gpu_seconds = job->cpus_req,
		.state = mem_strdup(job_state_name(job->state)),
		.reason = judge_reason(verdict, &scene->facts, scene->user),
		.causes = mem_strdup(verdict->causes),
		.job = job_json(job),
	};
}

/* What became of the incident since. */
static void follow(struct scene *scene, int64_t id)
{
	const struct store_return back = {scene->qos, scene->job.wckey, 7, 8};
	struct job job;
	autofree char *row = NULL;
	struct err err;

	job_copy(&scene->job, &job);
	job.state ^= scene->correction;
	row_set(&job.nodelist, scene->job.admin_comment);
	row = job_json(&job);
	job_finish(&job);
	must(store_entry_add(store, id, NOW_S, "changed", row, &err) == 0);
	must(store_entry_add(store, id, NOW_S, "restoration",
			     scene->job.derived_es, &err) == 0);
	must(store_entry_add(store, id, NOW_S, scene->job.licenses, row,
			     &err) == 0);
	if (scene->correction >= 0 && scene->correction < CORRECTION_N)
		must(store_correct(store, id, NOW_S,
				   (enum incident_correction)scene->correction,
				   scene->job.constraints, &err) == 0);
	if (scene->restored_at)
		must(store_restored(store, id, scene->restored_at, &back,
				    &err) >= 0);
}

static void record(struct scene *scene, const struct verdict *verdict)
{
	const struct policy_place place = {
		.partitions = scene->job.partition,
		.account = scene->job.account,
		.qos = scene->qos,
		.reservation = scene->job.constraints,
	};
	const struct conf_protect *section = policy_protection(conf, &place);
	struct incident incident;
	struct err err;
	int rc;

	if (!section || !policy_wants(section, incident_kinds[verdict->kind]))
		return;
	incident = describe(scene, verdict, section);
	rc = store_incident_add(store, &incident, &err);
	must(rc >= 0);
	if (rc > 0)
		follow(scene, incident.incident_id);
	incident_finish(&incident);
}

static void note_other(const struct scene *scene, const struct verdict *verdict)
{
	const struct store_not_owner other = {
		.cluster = "lab",
		.id_job = scene->job.id_job,
		.submitted = scene->job.time_submit,
		.ended = scene->job.time_end,
		.partition = scene->job.partition,
		.uid = verdict->uid,
		.tasks = verdict->tasks,
		.why = verdict->why,
	};
	struct err err;

	must(store_not_owner_add(store, &other, &err) == 0);
}

static void judge_row(struct scene *scene)
{
	struct verdict verdict = {0};
	autofree char *json = job_json(&scene->job);
	struct job again;

	must(job_from_json(json, &again) == 0);
	must(job_hash(&again) == job_hash(&scene->job));
	job_finish(&again);
	judge(&scene->facts, &verdict);
	if (verdict.outcome == JUDGE_INCIDENT)
		record(scene, &verdict);
	if (verdict.outcome == JUDGE_NOT_OWNER)
		note_other(scene, &verdict);
	judge_withdrawn(&scene->facts, &verdict);
	if (verdict.outcome == JUDGE_INCIDENT)
		record(scene, &verdict);
}

/* A row that was lost, and a gap, with whatever reason. */
static void cover(const struct scene *scene)
{
	const struct job *job = &scene->job;
	autofree char *remembered = memory_json(&scene->memory);
	struct err err;

	must(store_watched(store, "lab", 1795000000, 1795900000, NULL, &err) ==
	     0);
	must(store_gap(store, "lab", job->time_end, 0, job->admin_comment,
		       &err) == 0);
	must(store_lost(store, "lab", 1795800000, job->wckey,
			job->licenses[0] ? job->licenses : remembered,
			&err) == 0);
	must(store_watched(store, "lab", 1795900000, NOW_S, job->derived_es,
			   &err) == 0);
}

/* --- Reports out of it ------------------------------------------------------
 */

/* Of an export that is compared with the next. */
#define RAW 7

enum reader { TERMINAL, CSV, JSON, JSONL, HTML };

/* clang-format off */
static const struct {
	int (*run)(const struct report *report, struct err *err);
	const char *name;
	const char *format;
	bool filters;
	bool raw;
	enum reader reader;
} reports[] = {
	{list_run,       "list",       "text",    true,  false, TERMINAL},
	{list_run,       "list",       "csv",     true,  false, CSV},
	{list_run,       "list",       "json",    true,  false, JSON},
	{list_run,       "list",       "oneline", true,  false, TERMINAL},
	{show_run,       "show",       "text",    false, false, TERMINAL},
	{show_run,       "show",       "json",    false, false, JSON},
	{export_run,     "export",     "csv",     true,  false, CSV},
	{export_run,     "export",     "csv",     true,  true,  CSV},
	{export_run,     "export",     "json",    true,  false, JSON},
	{export_run,     "export",     "jsonl",   true,  false, JSONL},
	{compliance_run, "compliance", "text",    true,  false, TERMINAL},
	{compliance_run, "compliance", "csv",     true,  false, CSV},
	{compliance_run, "compliance", "json",    true,  false, JSON},
	{compliance_run, "compliance", "html",    true,  false, HTML},
	{coverage_run,   "coverage",   "text",    false, false, TERMINAL},
	{coverage_run,   "coverage",   "csv",     false, false, CSV},
	{coverage_run,   "coverage",   "json",    false, false, JSON},
};
/* clang-format on */

static void tell_nobody(enum log_level level, const struct err *err)
{
	(void)level;
	(void)err;
}

/* What the report prints, freed by the caller. */
static char *print(size_t i, const char *user)
{
	static char *ids[MOST_ROWS * 2];
	const struct command command = {.name = reports[i].name};
	struct options options = {
		.command = &command,
		.format = mem_strdup(reports[i].format),
		.user = mem_strdup(user),
		.period = mem_strdup("2026-11"),
		.raw = reports[i].raw,
		.suspected = true,
		.exempt = true,
		.corrected = true,
		.operands = ids,
		.n_operands = LENGTH(ids),
	};
	const struct report report = {
		.options = &options,
		.conf = conf,
		.store = store,
		.now_s = NOW_S,
		.tell = tell_nobody,
	};
	struct err err = {.msg = ""};
	FILE *terminal = stdout;
	char *printed = NULL;
	size_t len, n;
	int rc;

	for (n = 0; n < LENGTH(ids) && !ids[n]; n++)
		ids[n] = mem_printf("%zu", n + 1);
	if (!user[0] || !reports[i].filters) {
		free(options.user);
		options.user = NULL;
	}
	/* The report closes it, unless it fails before. */
	stdout = open_memstream(&printed, &len);
	rc = reports[i].run(&report, &err);
	if (!printed)
		fclose(stdout);
	stdout = terminal;
	/* A filter may name nothing, a number no incident. */
	must(rc >= 0 || ((options.user || reports[i].run == show_run) &&
			 err.kind == ERR_USAGE));
	free(options.format);
	free(options.period);
	free(options.user);
	return printed;
}

static void read_terminal(const char *page)
{
	const char *line, *end;

	for (line = page; *line; line = end + 1) {
		autofree char *one = NULL;
		autofree char *escaped = NULL;

		end = strchr(line, '\n');
		must(end != NULL);
		one = mem_strndup(line, (size_t)(end - line));
		escaped = text_escaped(one);
		must_equal(one, escaped);
	}
}

/* Every row has as many cells as the first of its table has. */
static void read_csv(const char *page)
{
	struct quoting_csv csv = {.at = page, .end = page + strlen(page)};
	size_t n_columns = 0;
	size_t n = 0;

	while (csv.at < csv.end) {
		autofree char *cell = quoting_csv_cell(&csv);

		must(text_is_utf8(cell, strlen(cell)));
		n++;
		if (!csv.row_ended)
			continue;
		if (!n_columns)
			n_columns = n;
		must(n == n_columns);
		n = 0;
	}
	must(n == 0);
}

static void read_json(const char *page)
{
	json_t *json = json_loads(page, 0, NULL);

	must(json != NULL);
	json_decref(json);
}

static void read_lines(const char *page)
{
	const char *line, *end;

	for (line = page; *line; line = end + 1) {
		autofree char *one = NULL;

		end = strchr(line, '\n');
		must(end != NULL);
		one = mem_strndup(line, (size_t)(end - line));
		read_json(one);
	}
}

/* What one export says of a column and the other. */
static void compare_cell(const char *name, const char *cell,
			 const json_t *object)
{
	const json_t *value = json_object_get(object, name);
	autofree char *number = NULL;

	must(value != NULL);
	if (json_is_string(value)) {
		must_equal(cell, json_string_value(value));
	} else if (json_is_integer(value)) {
		number = mem_printf("%" JSON_INTEGER_FORMAT,
				    json_integer_value(value));
		must_equal(cell, number);
	} else {
		must(json_is_null(value) && !cell[0]);
	}
}

/* Two exports of the same, by their readers, say the same. */
static void compare(const char *csv_page, const char *json_page)
{
	struct quoting_csv csv = {.at = csv_page,
				  .end = csv_page + strlen(csv_page)};
	struct text_list names = {0};
	json_t *json = json_loads(json_page, 0, NULL);
	size_t row, i;

	do {
		autofree char *name = quoting_csv_cell(&csv);

		text_list_add(&names, name);
	} while (!csv.row_ended);
	for (row = 0; csv.at < csv.end; row++) {
		for (i = 0; i < names.n; i++) {
			autofree char *cell = quoting_csv_cell(&csv);

			must(csv.row_ended == (i + 1 == names.n));
			compare_cell(names.items[i], cell,
				     json_array_get(json, row));
		}
	}
	must(row == json_array_size(json));
	json_decref(json);
	text_list_free(&names);
}

static void read_page(enum reader reader, const char *page)
{
	switch (reader) {
	case TERMINAL:
		read_terminal(page);
		break;
	case CSV:
		read_csv(page);
		break;
	case JSON:
		read_json(page);
		break;
	case JSONL:
		read_lines(page);
		break;
	case HTML:
		page_read(page);
		break;
	}
}

/* Whether the report is written in that turn. The two that are compared, RAW
 * and the one behind it, are written in one. */
static bool is_in_turn(size_t i, size_t turn)
{
	return (i + 1) / 2 % TURNS == turn % TURNS;
}

static void report(const char *user, size_t turn)
{
	char *pages[LENGTH(reports)] = {NULL};
	size_t i;

	for (i = 0; i < LENGTH(reports); i++) {
		if (!is_in_turn(i, turn))
			continue;
		pages[i] = print(i, user);
		if (pages[i][0])
			read_page(reports[i].reader, pages[i]);
	}
	must(reports[RAW].raw);
	if (pages[RAW] && pages[RAW][0])
		compare(pages[RAW], pages[RAW + 1]);
	for (i = 0; i < LENGTH(reports); i++)
		free(pages[i]);
}

/* Columns and facts, each a text; an empty one ends a row, "see" remembers it
 * as it is, and "filter=" is what a report is asked for. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autoinputs struct fuzz_input input = fuzz_input(data, size);
	struct scene scene = {0};
	const char *user = "";
	struct err err;

	open_all();
	must(store_begin(store, 100, &err) == 0);
	memory_init(&scene.memory);
	scene_init(&scene);
	while (fuzz_more(&input) && scene.n < MOST_ROWS) {
		const char *text = fuzz_text(&input);

		if (row_value(text, "filter")) {
			user = row_value(text, "filter");
		} else if (strcmp(text, "see") == 0) {
			see(&scene);
		} else if (!text[0]) {
			judge_row(&scene);
			scene.n++;
			scene.facts.memory = NULL;
		} else if (!row_column(&scene.job, text)) {
			take_fact(&scene, text);
		}
	}
	judge_row(&scene);
	cover(&scene);
	message_fuzz(store, conf);
	status_fuzz(store, conf, NOW_S, scene.job.admin_comment, read_terminal);
	report(user, size);
	store_rollback(store);
	free(scene.user);
	free(scene.qos);
	job_finish(&scene.job);
	memory_finish(&scene.memory);
	return 0;
}
