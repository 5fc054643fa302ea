/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "tests/unit.h"
#include "watcher/policy.h"

static struct conf_protect sections[2];
static struct conf conf;

static void set_up(void)
{
	memset(sections, 0, sizeof(sections));
	text_list_split(&sections[0].partitions, "critical, prod-*");
	text_list_split(&sections[0].exempt_users, "ops root*");
	text_list_split(&sections[0].exempt_accounts, "drill");
	sections[0].grace_s = 30;
	text_list_split(&sections[1].partitions, "gpu[12]");
	conf.protect = sections;
	conf.n_protect = LENGTH(sections);
}

static void tear_down(void)
{
	size_t i;

	for (i = 0; i < LENGTH(sections); i++) {
		text_list_free(&sections[i].partitions);
		text_list_free(&sections[i].exempt_users);
		text_list_free(&sections[i].exempt_accounts);
	}
}

START_TEST(protection)
{
	static const struct {
		const char *partitions;
		const struct conf_protect *section;
	} cases[] = {
		{"critical", &sections[0]},
		{"open,critical", &sections[0]},
		{"critical,open", &sections[0]},
		{"prod-7", &sections[0]},
		{"gpu2", &sections[1]},
		{"open", NULL},
		{"criticality", NULL},
		{"Critical", NULL},
		{"", NULL},
	};
	size_t i;

	for (i = 0; i < LENGTH(cases); i++)
		ck_assert_msg(policy_protection(&conf, cases[i].partitions) ==
				      cases[i].section,
			      "'%s'", cases[i].partitions);
}
END_TEST

START_TEST(exemption)
{
	static const struct {
		const char *user, *account;
		int64_t lived_s;
		const char *rule;
	} cases[] = {
		{"alice", "acc", 31, NULL},
		{"alice", "acc", 30, NULL},
		{"alice", "acc", 29, "grace = 30s"},
		{"alice", "acc", 0, "grace = 30s"},
		{"alice", "acc", -5, NULL},
		{"ops", "acc", 100, "exempt_users = ops"},
		{"rooty", "acc", 100, "exempt_users = root*"},
		{"alice", "drill", 100, "exempt_accounts = drill"},
		{"alice", "drills", 100, NULL},
	};
	size_t i;

	for (i = 0; i < LENGTH(cases); i++) {
		autofree char *rule = NULL;
		struct job job;

		job_init(&job);
		free(job.account);
		job.account = mem_strdup(cases[i].account);
		job.time_submit = 1000;
		job.time_end = 1000 + cases[i].lived_s;
		rule = policy_exemption(&sections[0], &job, cases[i].user);
		ck_assert_pstr_eq(rule, cases[i].rule);
		job_finish(&job);
	}
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("policy");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, protection);
	tcase_add_test(tcase, exemption);
	return unit_run("policy", tcase);
}
