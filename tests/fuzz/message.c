/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people are told of incidents whose texts are any bytes: in mail, to
 * programs and to the journal, it is as their standards have it, and nothing
 * that was typed ends a header, a line or a field, or begins another. */
#include "watcher/message.h"

#include "lib/journal.h"
#include "schema/store_restoration.h"
#include "tests/fuzz/mail.h"
#include "tests/fuzz/page.h"
#include "tests/fuzz/row.h"
#include "tests/fuzz/store.h"
#include "watcher/deliver.h"

#include <ctype.h>
#include <locale.h>

/* All messages take long: libFuzzer, which says how many turns, has some of
 * them made for inputs of some lengths. */
#ifndef TURNS
#define TURNS 1
#endif
#define MOST_INCIDENTS 6
#define NOW_S 1796000000

/* Of a field's value. */
#define MOST_VALUE 4096

static struct store *store;
static size_t turn;

static void open_all(void)
{
	if (store)
		return;
	must(sodium_init() >= 0);
	setenv("TZ", "Europe/Berlin", 1);
	setlocale(LC_ALL, "C.UTF-8");
	store = fuzz_store_open();
}

/* --- Mail ----------------------------------------------------------------- */

/* As much of the summary as a subject has. */
static void check_subject(const char *header, const struct message *message)
{
	autofree char *subject = mail_subject(header);
	autofree char *whole = mem_printf("[watcher] %s", message->summary);

	must(text_is_utf8(subject, strlen(subject)));
	must(strncmp(subject, whole, strlen(subject)) == 0);
	must(strlen(subject) == strlen(whole) || strlen(subject) > 240);
}

static void check_header(const char *header, const struct message *message,
			 struct text *seen)
{
	static const char known[] =
		" From To Subject Date Message-ID In-Reply-To References "
		"Auto-Submitted X-Watcher-What X-Watcher-Event MIME-Version "
		"Content-Type ";
	const char *colon = strstr(header, ": ");
	autofree char *name = NULL;

	must(colon != NULL);
	name = mem_printf(" %.*s ", (int)(colon - header), header);
	must(strstr(known, name) && !strstr(seen->s, name));
	text_add(seen, name);
	if (strcmp(name, " Subject ") == 0)
		check_subject(colon + 2, message);
}

/* Reads them to the empty line behind them. */
static void check_headers(const char **at, const struct message *message)
{
	autotext struct text seen = {0};

	text_add(&seen, "");
	while (**at != '\n') {
		autotext struct text header = {0};

		do {
			autofree char *line = mail_line(at);

			text_add(&header, line);
		} while (**at == ' ');
		check_header(header.s, message, &seen);
	}
	++*at;
	must(strstr(seen.s, " To ") && strstr(seen.s, " Subject ") &&
	     strstr(seen.s, " Message-ID ") && strstr(seen.s, " Date "));
}

static void check_mail(const struct message *message, const char *text)
{
	static char name[] = "ops", from[] = "w@example.org", to[] = "root";
	char *addresses[] = {to, from};
	const struct conf_channel channel = {
		.name = name,
		.from = from,
		.to = {.items = addresses, .n = LENGTH(addresses)},
	};
	autofree char *mail = deliver_mail_text(&channel, message, NOW_S);
	const char *at = mail;
	autofree char *preamble = NULL;
	autofree char *boundary = NULL;
	autofree char *between = NULL;
	autofree char *last = NULL;
	autofree char *end = NULL;
	autofree char *plain = NULL;
	autofree char *page = NULL;

	check_headers(&at, message);
	preamble = mail_line(&at);
	boundary = mail_line(&at);
	must(strncmp(boundary, "--", 2) == 0);
	plain = mail_part(&at, "text/plain");
	must_equal(plain, text);
	between = mail_line(&at);
	must_equal(between, boundary);
	page = mail_part(&at, "text/html");
	page_read(page);
	last = mail_line(&at);
	end = mem_printf("%s--", boundary);
	must_equal(last, end);
	must(!*at);
}

/* --- Programs and the journal --------------------------------------------- */

static void check_line(const char *line)
{
	autofree char *escaped = text_escaped(line);

	must_equal(line, escaped);
	must(text_is_utf8(line, strlen(line)));
}

static void check_field(const char *name, const char *value, void *arg)
{
	static const char start[] = "WATCHER_";
	const char *s;

	must(strncmp(name, start, strlen(start)) == 0);
	for (s = name; *s; s++)
		must(isupper((unsigned char)*s) || *s == '_');
	must(strlen(value) <= MOST_VALUE);
	check_line(value);
	journal_add(arg, name, value);
}

/* Each a line, by its name once. */
static void check_fields(const struct message *message)
{
	autotext struct text entry = {0};
	autotext struct text seen = {0};
	const char *at, *end;

	message_fields(message, check_field, &entry);
	text_add(&seen, "\n");
	for (at = entry.s; *at; at = end + 1) {
		const char *sign = strchr(at, '=');
		autofree char *name = NULL;

		end = strchr(at, '\n');
		must(end && sign && sign < end);
		name = mem_printf("\n%.*s\n", (int)(sign - at), at);
		must(!strstr(seen.s, name));
		text_add(&seen, name + 1);
	}
}

static void check_json(const struct message *message)
{
	autofree char *dumped = json_dumps(message->json, JSON_COMPACT);
	json_t *again;
	const char *s;

	must(dumped != NULL);
	for (s = dumped; *s; s++)
		must((unsigned char)*s >= ' ');
	again = json_loads(dumped, 0, NULL);
	must(again && json_equal(again, message->json));
	json_decref(again);
}

/* --- A message ------------------------------------------------------------ */

static void check_id(const char *id)
{
	must(id && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789.-") ==
			   strlen(id));
}

static void check_text(const char *text)
{
	const char *end;

	for (; *text; text = end + 1) {
		autofree char *line = NULL;

		end = strchr(text, '\n');
		must(end != NULL);
		line = mem_strndup(text, (size_t)(end - text));
		check_line(line);
	}
}

static void check_message(struct message *message)
{
	autofree char *text = message_text(message);
	size_t i;

	check_line(message->summary);
	check_line(message->story);
	check_line(message->more);
	for (i = 0; i < message->n_rows; i++)
		check_line(message->rows[i].value);
	check_id(message->id);
	check_id(message->thread);
	check_text(text);
	check_json(message);
	check_fields(message);
	check_mail(message, text);
	message_finish(message);
}

static void tell(enum alert_what what, int64_t event_id, int64_t about)
{
	const struct store_alert alert = {.alert_id = 1,
					  .what = what,
					  .event_id = event_id,
					  .about = about,
					  .at_s = NOW_S};
	struct message message;
	struct err err;
	int rc;

	if (what % TURNS != turn % TURNS)
		return;
	rc = message_make(store, "ops", &alert, &message, &err);
	must(rc >= 0);
	if (rc > 0)
		check_message(&message);
}

/* --- Input ---------------------------------------------------------------- */

struct scene {
	struct incident incident;
	int64_t correction;
	const char *entry; /* its content */
	const char *reason;
	char *again; /* as which job it is back, UTF-8; "": it is not */
	struct store_alert alerts[MOST_INCIDENTS];
	size_t n;
};

static void scene_init(struct scene *scene)
{
	size_t i;

	*scene = (struct scene){
		.correction = -1,
		.entry = "",
		.reason = "",
		.again = mem_strdup(""),
	};
	for (i = 0; i < incident_n_fields; i++)
		if (incident_fields[i].type == INCIDENT_TEXT)
			row_set((char **)(void *)((char *)&scene->incident +
						  incident_fields[i].offset),
				"");
	row_set(&scene->incident.confidence,
		incident_confidences[CONFIDENCE_CONFIRMED]);
	scene->incident.ended = NOW_S;
}

/* Whether the store takes that value of the field. */
static bool is_allowed(const struct incident_field *field, const char *value)
{
	return field->offset != offsetof(struct incident, confidence) ||
	       incident_word(incident_confidences, CONFIDENCE_N, value) <
		       CONFIDENCE_N;
}

/* Sets what the text names, as the database's reader does. */
static void set_field(struct incident *incident, const char *text)
{
	size_t i;

	for (i = 0; i < incident_n_fields; i++) {
		const struct incident_field *field = &incident_fields[i];
		const char *value = row_value(text, field->name);
		char *at = (char *)incident + field->offset;

		if (!value || !field->recorded || !is_allowed(field, value))
			continue;
		if (field->type == INCIDENT_TEXT)
			row_set((char **)(void *)at, value);
		else if (field->type != INCIDENT_BOOL)
			*(int64_t *)(void *)at = strtoll(value, NULL, 10);
	}
}

/* The number of the last entry. */
static int64_t last_entry(void)
{
	int64_t id = 0;
	bool found;

	do {
		autofree char *content = store_entry_content(store, id + 1);

		found = content != NULL;
		id += found;
	} while (found);
	return id;
}

/* What became of it, and what is told of that. */
static void follow(const struct scene *scene, int64_t id)
{
	const struct store_return back = {"by hand", scene->again, 7, 8};
	struct err err;

	must(store_entry_add(store, id, NOW_S, "restoration", scene->entry,
			     &err) == 0);
	tell(ALERT_INCIDENT, id, 0);
	tell(ALERT_RESTORATION_FAILED, id, last_entry());
	tell(ALERT_CHAIN_BROKEN, 0, last_entry());
	if (scene->again[0])
		must(store_restored(store, id, NOW_S, &back, &err) >= 0);
	if (scene->correction >= 0 && scene->correction < CORRECTION_N)
		must(store_correct(store, id, NOW_S,
				   (enum incident_correction)scene->correction,
				   scene->reason, &err) == 0);
	tell(ALERT_CONFIRMED, id, 0);
	tell(ALERT_CLEARED, id, 0);
	tell(ALERT_RESTORED, id, 0);
	tell(ALERT_CANCELLED_AGAIN, id, 0);
}

static void record(struct scene *scene)
{
	struct incident incident = scene->incident;
	struct err err;
	int rc;

	if (scene->n == MOST_INCIDENTS)
		return;
	rc = store_incident_add(store, &incident, &err);
	must(rc >= 0);
	if (!rc)
		return;
	follow(scene, incident.event_id);
	scene->alerts[scene->n++] = (struct store_alert){
		.alert_id = 1,
		.what = (enum alert_what)(scene->n % ALERT_N),
		.event_id = incident.event_id,
		.at_s = NOW_S,
	};
}

static void tell_gap(const struct scene *scene)
{
	const char *cluster = scene->incident.cluster;
	struct err err;
	int64_t id;

	store_watched(store, cluster, 100, NOW_S, "", &err);
	store_gap(store, cluster, 0, 0, scene->reason, &err);
	for (id = 1; id < 4; id++)
		tell(ALERT_GAP, 0, id);
	store_watched(store, cluster, 100, NOW_S + 3661, "", &err);
	for (id = 1; id < 4; id++)
		tell(ALERT_GAP_CLOSED, 0, id);
}

static void tell_digest(const struct scene *scene)
{
	struct message message;
	struct err err;

	if (!scene->n)
		return;
	must(message_digest(store, "ops", scene->alerts, scene->n, &message,
			    &err) == 0);
	check_message(&message);
}

/* Fields of an incident and what is known beside, each a text; an empty one
 * records it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autoinputs struct fuzz_input input = fuzz_input(data, size);
	struct scene scene;
	struct err err;

	open_all();
	turn = size;
	must(store_begin(store, 100, &err) == 0);
	scene_init(&scene);
	while (fuzz_more(&input)) {
		const char *text = fuzz_text(&input);

		if (!text[0])
			record(&scene);
		else if (row_value(text, "entry"))
			scene.entry = row_value(text, "entry");
		else if (row_value(text, "why"))
			scene.reason = row_value(text, "why");
		else if (row_value(text, "again"))
			row_set(&scene.again, row_value(text, "again"));
		row_number(text, "correction", &scene.correction);
		set_field(&scene.incident, text);
	}
	record(&scene);
	tell_gap(&scene);
	tell_digest(&scene);
	store_rollback(store);
	incident_finish(&scene.incident);
	free(scene.again);
	return 0;
}
