/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "schema/incident.h"
#include "schema/store_policy.h"
#include "tests/scratch.h"
#include "watcher/policy.h"
#include "watcher/policy_history.h"

static struct conf *conf;

static void read_conf(const char *text)
{
	struct err err;

	conf_free(conf);
	scratch_write("watcher.conf", 0644, text);
	conf = conf_read("watcher.conf", &err);
	ck_assert_msg(conf, "%s", conf ? "" : err.msg);
}

static void set_up(void)
{
	scratch_enter();
	read_conf("[protect]\n"
		  "partitions = critical, prod-*\n"
		  "exempt_users = ops root*\n"
		  "exempt_accounts = drill\n"
		  "exempt_jobs = test-*, try\n"
		  "grace = 30s\n"
		  "[protect gpu]\n"
		  "partitions = gpu[12], critical\n"
		  "exempt_users = bob\n"
		  "exempt_jobs = *\n"
		  "grace = 1m\n"
		  "[protect paid]\n"
		  "qos = paid, gold-?\n"
		  "accounts = campaign*\n"
		  "reservations = maint, *\n"
		  "kinds = moved, stalled\n"
		  "[protect others]\n"
		  "partitions = *\n"
		  "qos = silver\n");
}

static void tear_down(void)
{
	conf_free(conf);
	conf = NULL;
	scratch_leave();
}

/* The name of the section that protects the place; NULL: none does. */
static const char *section_of(const char *partitions, const char *account,
			      const char *qos, const char *reservation)
{
	const struct policy_place place = {
		.partitions = partitions,
		.account = account,
		.qos = qos,
		.reservation = reservation,
	};
	const struct conf_protect *protect = policy_protection(conf, &place);

	return protect ? protect->name : NULL;
}

START_TEST(partitions)
{
	static const struct {
		const char *partitions;
		const char *section;
	} cases[] = {
		{"critical", ""},
		{"open,critical", ""},
		{"critical,open", ""},
		{"gpu1,critical", ""},
		{"open, prod-1", ""},
		{",critical", ""},
		{"prod-7", ""},
		{"gpu2", "gpu"},
		{"open,gpu2", "gpu"},
		{"open", "others"},
		{"criticality", "others"},
		{"Critical", "others"},
		{"open,gpu3", "others"},
		{"", NULL},
		{",", NULL},
	};
	size_t i;

	for (i = 0; i < LENGTH(cases); i++)
		ck_assert_pstr_eq(section_of(cases[i].partitions, "", "", ""),
				  cases[i].section);
}
END_TEST

START_TEST(other_lists)
{
	static const struct {
		const char *partitions, *account, *qos, *reservation;
		const char *section;
	} cases[] = {
		{"open", "acc", "paid", "", "paid"},
		{"open", "acc", "gold-1", "", "paid"},
		{"open", "acc", "gold-12", "", "others"},
		{"open", "campaign7", "normal", "", "paid"},
		{"open", "acc", "normal", "maint", "paid"},
		{"open", "acc", "normal", "night", "paid"},
		/* The first section of the file wins, whatever names it. */
		{"critical", "campaign7", "paid", "maint", ""},
		{"gpu1", "campaign7", "paid", "maint", "gpu"},
		{"open,gpu1", "campaign7", "paid", "maint", "gpu"},
		{"open", "acc", "silver", "", "others"},
		/* A list names only its own kind of thing. */
		{"paid", "acc", "normal", "", "others"},
		{"", "paid", "campaign7", "", NULL},
		{"", "critical", "critical", "", NULL},
		/* Half a row, and one without QOS. */
		{"", "", "", "", NULL},
		{"", "", "silver", "", "others"},
	};
	size_t i;

	for (i = 0; i < LENGTH(cases); i++)
		ck_assert_pstr_eq(section_of(cases[i].partitions,
					     cases[i].account, cases[i].qos,
					     cases[i].reservation),
				  cases[i].section);
}
END_TEST

START_TEST(what_is_looked_up)
{
	ck_assert(policy_names_qos(conf));
	ck_assert(policy_names_reservations(conf));
	read_conf("[protect]\npartitions = critical\naccounts = a\n");
	ck_assert(!policy_names_qos(conf));
	ck_assert(!policy_names_reservations(conf));
	read_conf("[protect]\naccounts = a\n[protect b]\nqos = paid\n");
	ck_assert(policy_names_qos(conf));
	ck_assert(!policy_names_reservations(conf));
	read_conf("[protect]\naccounts = a\n[protect b]\nreservations = r\n");
	ck_assert(!policy_names_qos(conf));
	ck_assert(policy_names_reservations(conf));
}
END_TEST

START_TEST(exemption)
{
	static const struct {
		size_t section;
		const char *user, *account, *job_name;
		int64_t lived_s;
		const char *rule;
	} cases[] = {
		{0, "alice", "acc", "x", 31, NULL},
		{0, "alice", "acc", "x", 30, NULL},
		{0, "alice", "acc", "x", 29, "grace = 30s"},
		{0, "alice", "acc", "x", 0, "grace = 30s"},
		{0, "alice", "acc", "x", -5, NULL},
		{0, "ops", "acc", "x", 100, "exempt_users = ops"},
		{0, "rooty", "acc", "x", 100, "exempt_users = root*"},
		{0, "alice", "drill", "x", 100, "exempt_accounts = drill"},
		{0, "alice", "drills", "x", 100, NULL},
		{0, "alice", "acc", "try", 100, "exempt_jobs = try"},
		{0, "alice", "acc", "test-7", 100, "exempt_jobs = test-*"},
		{0, "alice", "acc", "my test-7", 100, NULL},
		{0, "alice", "acc", "", 100, NULL},
		{0, "ops", "drill", "try", 1, "exempt_users = ops"},
		{0, "alice", "drill", "try", 1, "exempt_accounts = drill"},
		{1, "bob", "acc", "x", 1, "[protect gpu] exempt_users = bob"},
		{1, "ops", "acc", "", 99, "[protect gpu] exempt_jobs = *"},
		{2, "ops", "drill", "try", 0, NULL},
		{3, "", "", "", 0, NULL},
	};
	size_t i;

	for (i = 0; i < LENGTH(cases); i++) {
		autofree char *rule = NULL;
		struct job job;

		job_init(&job);
		free(job.account);
		free(job.job_name);
		job.account = mem_strdup(cases[i].account);
		job.job_name = mem_strdup(cases[i].job_name);
		job.time_submit = 1000;
		job.time_end = 1000 + cases[i].lived_s;
		rule = policy_exemption(&conf->protect[cases[i].section], &job,
					cases[i].user);
		ck_assert_pstr_eq(rule, cases[i].rule);
		job_finish(&job);
	}
}
END_TEST

START_TEST(grace_of_a_named_section)
{
	autofree char *rule = NULL;
	struct job job;

	read_conf("[protect night run]\npartitions = n\ngrace = 2m\n");
	job_init(&job);
	job.time_end = 119;
	rule = policy_exemption(&conf->protect[0], &job, "alice");
	ck_assert_str_eq(rule, "[protect night run] grace = 120s");
	job_finish(&job);
}
END_TEST

/* By default all but stalled, and what is named instead. */
START_TEST(kinds)
{
	const struct conf_protect *all = &conf->protect[0];
	const struct conf_protect *two = &conf->protect[2];
	size_t i, n = 0;

	for (i = 0; i < KIND_N; i++)
		n += policy_wants(all, incident_kinds[i]) !=
		     (strcmp(incident_kinds[i], "stalled") == 0);
	ck_assert_uint_eq(n, KIND_N);
	ck_assert(policy_wants(all, "cancelled"));
	ck_assert(policy_wants(all, "unattributed"));
	ck_assert(!policy_wants(all, "stalled"));
	ck_assert(!policy_wants(all, "cancel"));
	ck_assert(!policy_wants(all, ""));
	ck_assert(policy_wants(two, "moved"));
	ck_assert(policy_wants(two, "stalled"));
	ck_assert(!policy_wants(two, "cancelled"));
}
END_TEST

/* The key's words are those of incident_kinds, in its order. */
START_TEST(kinds_are_those_of_incidents)
{
	static const char *const names[] = {
		"cancelled",      "moved",
		"rewritten",      "signalled",
		"step-cancelled", "tasks-withdrawn",
		"limit-cut",      "requeue-cancelled",
		"unattributed",   "stalled",
	};
	autotext struct text words = {0};
	size_t i, n;

	for (i = 0; i < LENGTH(names); i++)
		text_addf(&words, "%s%s", i ? "|" : "", names[i]);
	for (i = 0; i < KIND_N; i++)
		ck_assert_str_eq(incident_kinds[i], names[i]);
	for (i = 0; strcmp(conf_keys[i].key, "kinds") != 0; i++)
		;
	n = strcspn(conf_keys[i].help, ":");
	ck_assert_msg(n == words.len &&
			      memcmp(conf_keys[i].help, words.s, n) == 0,
		      "%.*s: %s", (int)n, conf_keys[i].help, words.s);
}
END_TEST

/* --- What was protected when ---------------------------------------------- */

static struct store *store;

/* Reads the history as of a pass at that time, under a configuration. */
static struct policy_history *at(int64_t now_s, const char *text)
{
	struct policy_history *history;
	struct err err;

	read_conf(text);
	history = policy_history_read(conf, store, now_s, &err);
	ck_assert_msg(history != NULL, "%s", history ? "" : err.msg);
	return history;
}

static int64_t since(const struct policy_history *history, const char *names,
		     const char *qos, int64_t at_s)
{
	const struct policy_place place = {
		.partitions = names,
		.account = "acc",
		.qos = qos,
		.reservation = "",
	};

	return policy_history_since(history, &place, at_s);
}

static int count_policy(const json_t *policy, void *arg, struct err *err)
{
	(void)err;
	ck_assert(json_is_integer(json_object_get(policy, "since")));
	(*(int *)arg)++;
	return 0;
}

START_TEST(protected_since)
{
	struct policy_history *history;
	struct err err;
	int n = 0;

	store = store_open("s.db", NULL, 100, &err);
	ck_assert_msg(store != NULL, "%s", err.msg);
	history = at(1000, "[protect]\npartitions = a*\n");
	ck_assert_int_eq(since(history, "a1", "", 5), 0);
	policy_history_free(history);
	/* Said otherwise, and then as before. */
	policy_history_free(at(1500, "[protect]\npartitions = a1, a2\n"));
	policy_history_free(at(1600, "[protect]\npartitions = a1, a2\n"));
	/* What an account's name is in no encoding at all. */
	policy_history_free(at(1700, "[protect]\naccounts = \xff\n"));
	history = at(2000, "[protect x]\nqos = gold\n"
			   "[protect]\npartitions = a1, b\n");
	ck_assert_int_eq(since(history, "a1", "", 5), 0);
	ck_assert_int_eq(since(history, "a1", "", 1499), 0);
	ck_assert_int_eq(since(history, "a1", "", 1500), 0);
	ck_assert_int_eq(since(history, "a1", "", 1699), 0);
	ck_assert_int_eq(since(history, "a1", "", 1700), 2000);
	ck_assert_int_eq(since(history, "b", "", 1999), 2000);
	ck_assert_int_eq(since(history, "b", "", 2000), 0);
	ck_assert_int_eq(since(history, "z,b", "", 1), 2000);
	ck_assert_int_eq(since(history, "z", "gold", 1), 2000);
	ck_assert_int_eq(since(history, "a1", "gold", 1), 0);
	policy_history_free(history);
	ck_assert_int_eq(store_policies(store, count_policy, &n, &err), 0);
	ck_assert_int_eq(n, 4);
	store_close(store);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("policy");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, partitions);
	tcase_add_test(tcase, other_lists);
	tcase_add_test(tcase, what_is_looked_up);
	tcase_add_test(tcase, exemption);
	tcase_add_test(tcase, grace_of_a_named_section);
	tcase_add_test(tcase, kinds);
	tcase_add_test(tcase, kinds_are_those_of_incidents);
	tcase_add_test(tcase, protected_since);
	return unit_run("policy", tcase);
}
