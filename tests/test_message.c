/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people are told, whatever the users of a cluster call their jobs. */
#include "tests/alert_scene.h"
#include "watcher/deliver.h"
#include "watcher/message.h"

/* What ends a line, a header, a word of a terminal, an element. */
#define HOSTILE                                                                \
	"<b>\r\nBcc: eve@example.org\n\n\x1b[31m\"'&\xc3\xa9\xff\xe2\x80\xae"

static struct message message;

static void set_up(void)
{
	unit_make_dir();
	scene_open("[alert ops]\nto = a@example.org, root\n"
		   "from = w@example.org\n");
}

static void tear_down(void)
{
	message_finish(&message);
	scene_close();
	unit_remove_dir();
}

static int make(enum alert_what what, int64_t event_id, int64_t about)
{
	const struct store_alert alert = {.alert_id = 5,
					  .what = what,
					  .event_id = event_id,
					  .about = about,
					  .at_s = SCENE_NOW_S};

	message_finish(&message);
	return message_make(scene_store, "ops", &alert, &message, &scene_err);
}

static const char *member(const char *name)
{
	const char *s = json_string_value(json_object_get(message.json, name));

	return s ? s : "(none)";
}

static int64_t number(const char *name)
{
	return json_integer_value(json_object_get(message.json, name));
}

START_TEST(an_event)
{
	int i;

	for (i = 1; i <= 3; i++)
		scene_incident(
			(struct scene_incident){.id_job = i, .root_id = 9});
	ck_assert_int_eq(make(ALERT_INCIDENT, 1, 0), 1);
	ck_assert_str_eq(message.summary, "alice cancelled job 9_[1-3] on "
					  "critical while it was running");
	ck_assert_str_eq(member("what"), "incident");
	ck_assert_str_eq(member("channel"), "ops");
	ck_assert_str_eq(member("at"), "2023-11-14T22:13:20Z");
	ck_assert_str_eq(member("user"), "alice");
	ck_assert_str_eq(member("job_id"), "9_[1-3]");
	ck_assert_str_eq(member("kind"), "cancelled");
	ck_assert_str_eq(member("confidence"), "confirmed");
	ck_assert_str_eq(member("status"), "open");
	ck_assert_int_eq(number("event_id"), 1);
	ck_assert_int_eq(number("tasks"), 3);
	ck_assert_int_eq(number("incidents"), 3);
	ck_assert_int_eq(number("cpu_seconds"), 3 * 3600);
	ck_assert(json_is_false(json_object_get(message.json, "test")));
	ck_assert_str_eq(message.more, "watcher-report show 1");
	ck_assert_str_eq(message.thread, "");
}
END_TEST

/* An array of which some tasks waited. */
START_TEST(several_phases_are_said)
{
	scene_incident((struct scene_incident){.id_job = 1, .root_id = 9});
	scene_incident((struct scene_incident){
		.id_job = 2, .root_id = 9, .phase = "pending"});
	make(ALERT_INCIDENT, 1, 0);
	ck_assert_str_eq(message.summary,
			 "alice cancelled job 9_[1-2] on critical while it was "
			 "running or pending");
}
END_TEST

START_TEST(suspected_is_said)
{
	scene_incident((struct scene_incident){.id_job = 1,
					       .confidence = "suspected",
					       .kind = "unattributed"});
	make(ALERT_INCIDENT, 1, 0);
	ck_assert_str_eq(message.summary,
			 "running job 1 of alice on critical was cancelled "
			 "(accounting does not say by whom) (suspected)");
}
END_TEST

/* The newest entry. */
static int64_t last_entry(void)
{
	autofree char *rows = scene_rows("SELECT max(entry_id) FROM entry");

	return strtoll(rows, NULL, 10);
}

START_TEST(what_follows)
{
	autofree char *first = NULL;
	int64_t id = scene_incident((struct scene_incident){.id_job = 1});

	make(ALERT_INCIDENT, id, 0);
	first = mem_strdup(message.id);
	scene_enter(id, "restoration", "{\"failed\":\"no\\nnode\"}");
	ck_assert_int_eq(make(ALERT_RESTORATION_FAILED, id, last_entry()), 1);
	ck_assert_str_eq(message.summary, "job 1 of alice on critical was not "
					  "brought back: no\\nnode");
	ck_assert_str_eq(member("trouble"), "no\nnode");
	ck_assert_str_eq(message.thread, first);
	ck_assert(!message.is_calm);
	scene_restored(id);
	make(ALERT_RESTORED, id, 0);
	ck_assert_str_eq(message.summary,
			 "job 1 of alice on critical is back as job 77");
	ck_assert_str_eq(member("status"), "restored");
	ck_assert_str_eq(message.thread, first);
	ck_assert(message.is_calm);
	make(ALERT_CANCELLED_AGAIN, id, 0);
	ck_assert_str_eq(message.summary, "alice cancelled job 1 on critical "
					  "again, which was back as job 77");
	scene_correct(id, CORRECTION_CLEARED);
	make(ALERT_CLEARED, id, 0);
	ck_assert_str_eq(message.summary, "no incident after all: job 1 of "
					  "alice on critical");
	ck_assert_ptr_nonnull(strstr(message.story, "turned out"));
}
END_TEST

START_TEST(what_was_pruned)
{
	ck_assert_int_eq(make(ALERT_INCIDENT, 9, 0), 0);
	ck_assert_int_eq(make(ALERT_GAP, 0, 9), 0);
}
END_TEST

START_TEST(gaps)
{
	scene_begin();
	store_watched(scene_store, "alpha", 100, SCENE_NOW_S, "", &scene_err);
	store_gap(scene_store, "alpha", 0, 0, "Lost\nconnection", &scene_err);
	scene_commit();
	ck_assert_int_eq(make(ALERT_GAP, 0, 2), 1);
	ck_assert_ptr_nonnull(
		strstr(message.summary, "cluster alpha is not watched since "));
	ck_assert_ptr_nonnull(strstr(message.summary, ": Lost\\nconnection"));
	ck_assert_str_eq(member("cluster"), "alpha");
	ck_assert_str_eq(member("since"), "2023-11-14T22:13:20Z");
	ck_assert(json_is_null(json_object_get(message.json, "until")));
	scene_begin();
	store_watched(scene_store, "alpha", 100, SCENE_NOW_S + 3661, "",
		      &scene_err);
	scene_commit();
	ck_assert_int_eq(make(ALERT_GAP_CLOSED, 0, 2), 1);
	ck_assert_str_eq(message.summary, "cluster alpha is watched again, and "
					  "was not for 01:01:01");
	ck_assert_int_eq(strncmp(message.thread, "gap-2-0.", 8), 0);
	ck_assert(message.is_calm);
}
END_TEST

START_TEST(a_broken_chain)
{
	int64_t id = scene_incident((struct scene_incident){.id_job = 1});

	scene_enter(id, "broken", "{\"what\":\"it was cut off\"}");
	ck_assert_int_eq(make(ALERT_CHAIN_BROKEN, 0, last_entry()), 1);
	ck_assert_str_eq(member("reason"), "it was cut off");
	ck_assert_str_eq(message.more, "watcher-report verify");
}
END_TEST

START_TEST(a_digest)
{
	struct store_alert alerts[40];
	autofree char *dumped = NULL;
	size_t i;

	for (i = 0; i < LENGTH(alerts); i++) {
		scene_incident((struct scene_incident){
			.id_job = (int64_t)i + 1,
			.user = i < 30 ? "bob" : "ann",
			.kind = i % 2 ? "moved" : "cancelled"});
		alerts[i] = (struct store_alert){
			.alert_id = (int64_t)i + 7,
			.event_id = (int64_t)i + 1,
			.what = i == 39 ? ALERT_RESTORED : ALERT_INCIDENT,
			.at_s = SCENE_NOW_S + (int64_t)i,
		};
	}
	ck_assert_int_eq(message_digest(scene_store, "ops", alerts,
					LENGTH(alerts), &message, &scene_err),
			 0);
	ck_assert_str_eq(message.summary, "40 alerts: 39 incident, 1 restored");
	ck_assert_str_eq(member("what"), "digest");
	ck_assert_int_eq(number("alerts"), 40);
	dumped = json_dumps(json_object_get(message.json, "by_user"),
			    JSON_COMPACT);
	ck_assert_str_eq(dumped, "{\"bob\":30,\"ann\":10}");
	free(dumped);
	dumped = json_dumps(json_object_get(message.json, "by_kind"),
			    JSON_COMPACT);
	ck_assert_str_eq(dumped, "{\"cancelled\":20,\"moved\":20}");
	ck_assert_uint_eq(
		json_array_size(json_object_get(message.json, "events")), 20);
	ck_assert_int_eq(
		strncmp(message.more, "watcher-report show 1 2 3 ", 26), 0);
}
END_TEST

static void check_harmless(const char *s)
{
	for (; *s; s++)
		ck_assert_msg((unsigned char)*s >= ' ' && *s != 127, "byte %d",
			      *s);
}

static void check_field(const char *name, const char *value, void *arg)
{
	(void)arg;
	ck_assert_int_eq(strncmp(name, "WATCHER_", 8), 0);
	check_harmless(name);
	check_harmless(value);
	ck_assert(text_is_utf8(value, strlen(value)));
}

static void hostile(enum alert_what what)
{
	scene_incident((struct scene_incident){
		.id_job = 1, .user = HOSTILE, .name = HOSTILE});
	ck_assert_int_eq(make(what, 1, 0), 1);
}

START_TEST(hostile_names_are_harmless)
{
	autofree char *dumped = NULL;
	autofree char *text = NULL;
	json_t *again;
	size_t i;

	hostile(ALERT_INCIDENT);
	check_harmless(message.summary);
	check_harmless(message.story);
	for (i = 0; i < message.n_rows; i++)
		check_harmless(message.rows[i].value);
	message_fields(&message, check_field, NULL);
	text = message_text(&message);
	ck_assert_ptr_null(strchr(text, 0x1b));
	dumped = json_dumps(message.json, JSON_COMPACT);
	check_harmless(dumped);
	again = json_loads(dumped, 0, NULL);
	ck_assert_ptr_nonnull(again);
	ck_assert(json_equal(again, message.json));
	json_decref(again);
	/* Programs get what was typed, as far as it is UTF-8. */
	ck_assert_ptr_nonnull(strstr(member("job_name"), "\r\nBcc: eve"));
}
END_TEST

/* The header of that name, up to the end of its last line; freed by the
 * caller. */
static char *header(const char *mail, const char *name)
{
	autofree char *start = mem_printf("\n%s: ", name);
	const char *at = strstr(mail, start);
	const char *end;

	if (!at)
		return mem_strdup("(none)");
	at += strlen(start);
	for (end = strchr(at, '\n'); end[1] == ' '; end = strchr(end + 1, '\n'))
		;
	return mem_strndup(at, (size_t)(end - at));
}

static void check_header(const char *mail, const char *name,
			 const char *expected)
{
	autofree char *found = header(mail, name);

	ck_assert_str_eq(found, expected);
}

START_TEST(a_mail_has_its_headers)
{
	const struct conf_channel *channel = conf_channel(scene_conf, "ops");
	autofree char *mail = NULL;
	autofree char *id = NULL;
	autofree char *reference = NULL;
	autofree char *follow_up = NULL;

	scene_incident((struct scene_incident){.id_job = 1});
	make(ALERT_INCIDENT, 1, 0);
	mail = deliver_mail_text(channel, &message, SCENE_NOW_S);
	ck_assert_int_eq(strncmp(mail, "From: w@example.org\n", 20), 0);
	check_header(mail, "To", "a@example.org,\n root");
	check_header(mail, "Subject",
		     "[watcher] alice cancelled job 1 on "
		     "critical while it was running");
	check_header(mail, "Date", "Tue, 14 Nov 2023 22:13:20 +0000");
	check_header(mail, "Auto-Submitted", "auto-generated");
	check_header(mail, "X-Watcher-Event", "1");
	check_header(mail, "References", "(none)");
	id = header(mail, "Message-ID");
	make(ALERT_RESTORED, 1, 0);
	follow_up = deliver_mail_text(channel, &message, SCENE_NOW_S);
	check_header(follow_up, "References", id);
	check_header(follow_up, "In-Reply-To", id);
	reference = header(follow_up, "Message-ID");
	ck_assert_str_ne(reference, id);
}
END_TEST

/* In the headers, and in the parts as they are encoded, there is no byte that
 * was typed. */
START_TEST(a_hostile_mail)
{
	autofree char *mail = NULL;
	autofree char *subject = NULL;
	const char *at;

	hostile(ALERT_INCIDENT);
	mail = deliver_mail_text(conf_channel(scene_conf, "ops"), &message,
				 SCENE_NOW_S);
	ck_assert_ptr_null(strstr(mail, "eve@"));
	ck_assert_ptr_null(strstr(mail, "<b>"));
	for (at = mail; *at; at++)
		ck_assert(*at == '\n' || (*at >= ' ' && *at <= '~'));
	subject = header(mail, "Subject");
	for (at = subject; at; at = strstr(at + 1, "=?UTF-8?B?"))
		ck_assert_uint_le(strcspn(at, "\n"), 76);
	ck_assert_int_eq(strncmp(subject, "=?UTF-8?B?", 10), 0);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("message");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, an_event);
	tcase_add_test(tcase, several_phases_are_said);
	tcase_add_test(tcase, suspected_is_said);
	tcase_add_test(tcase, what_follows);
	tcase_add_test(tcase, what_was_pruned);
	tcase_add_test(tcase, gaps);
	tcase_add_test(tcase, a_broken_chain);
	tcase_add_test(tcase, a_digest);
	tcase_add_test(tcase, hostile_names_are_harmless);
	tcase_add_test(tcase, a_mail_has_its_headers);
	tcase_add_test(tcase, a_hostile_mail);
	return unit_run("message", tcase);
}
