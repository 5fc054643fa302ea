/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mem.h"
#include "tests/scratch.h"
#include "watcher/advice.h"

/* A site that follows all advice, on any version. */
static const char good_slurmctld[] =
	"AccountingStorageType   = accounting_storage/slurmdbd\n"
	"AccountingStorageEnforce = associations,limits,qos\n"
	"AccountingStoreFlags    = job_comment,job_env,job_script\n"
	"EpilogSlurmctld[0]      = /etc/slurm/epilog-slurmctld\n"
	"JobRequeue              = 1\n"
	"JobSubmitPlugins        = lua\n"
	"LogTimeFormat           = iso8601_ms\n"
	"MinJobAge               = 300 sec\n"
	"PrivateData             = jobs,usage\n"
	"SlurmctldDebug          = info\n"
	"SlurmctldHost[0]        = head.example.org(10.0.0.1)\n"
	"SlurmctldLogFile        = /var/log/slurmctld.log\n"
	"SlurmctldSyslogDebug    = info\n";
static const char good_slurmdbd[] = "PurgeJobAfter          = 12 months\n"
				    "PurgeJobEnvAfter       = 12 months*\n"
				    "PurgeJobScriptAfter    = NONE\n"
				    "PurgeResvAfter         = 366 days\n"
				    "PurgeStepAfter         = 9000 hours\n";

/* Sections of watcher.conf. */
#define PROTECT "[protect]\npartitions = critical\n"
#define LOG "[witness]\nslurmctld_log = /var/log/slurmctld.log\n"
#define JOURNAL "[witness]\njournal = slurmctld\n"
#define HANDS_ON "[restore]\nenvironment = JOB\n"

static struct conf *conf_of(const char *text)
{
	struct conf *conf;
	struct err err;

	scratch_write("watcher.conf", 0644, text);
	conf = conf_read("watcher.conf", &err);
	ck_assert_msg(conf != NULL, "%s: %s", text, conf ? "" : err.msg);
	return conf;
}

static void take(const struct advice *advice, void *arg)
{
	ck_assert_msg(strlen(advice->set) > 0 && strlen(advice->why) > 10, "%s",
		      advice->line);
	text_addf(arg, "%s: %s\n", advice->file ? advice->file : "run",
		  advice->line);
}

/* All that is advised, a "FILE: LINE" a line; freed by the caller. `level`: the
 * right of who asks; empty: accounting does not know them. */
static char *advised(const char *text, const char *slurmctld,
		     const char *slurmdbd, const char *host, const char *level)
{
	struct advice_facts facts = {
		.conf = conf_of(text),
		.host = host,
		.user = "watcher",
		.sees_all = strcmp(level, "Operator") == 0,
		.is_known = *level,
	};
	struct text out = {0};

	settings_parse(&facts.slurmctld, slurmctld, NULL);
	settings_parse(&facts.slurmdbd, slurmdbd, NULL);
	text_add(&out, "");
	advise(&facts, take, &out);
	settings_finish(&facts.slurmctld);
	settings_finish(&facts.slurmdbd);
	conf_free((struct conf *)(uintptr_t)facts.conf);
	return text_take(&out);
}

START_TEST(a_good_site_is_left_alone)
{
	static const char *const confs[] = {
		PROTECT LOG,
		PROTECT JOURNAL,
		PROTECT LOG HANDS_ON "mode = auto\n",
		PROTECT LOG "[protect b]\nqos = paid\naccounts = acc\n"
			    "reservations = r\nexempt_accounts = drill\n",
	};
	size_t i;

	for (i = 0; i < LENGTH(confs); i++) {
		autofree char *got = advised(confs[i], good_slurmctld,
					     good_slurmdbd, "head", "Operator");

		ck_assert_str_eq(got, "");
	}
}
END_TEST

/* One setting that differs from the good site's, and what is then advised; ""
 * where that is as good. */
static const struct {
	const char *setting;
	const char *conf;
	const char *advised;
} slurmctld_cases[] = {
	{"AccountingStorageType = accounting_storage/none", PROTECT LOG,
	 "slurm.conf: AccountingStorageType=accounting_storage/slurmdbd\n"},

	{"AccountingStoreFlags = (null)", PROTECT LOG,
	 "slurm.conf: AccountingStoreFlags=job_script,job_comment\n"},
	{"AccountingStoreFlags = job_extra,job_script", PROTECT LOG,
	 "slurm.conf: AccountingStoreFlags=job_extra,job_script,job_comment\n"},
	{"AccountingStoreFlags = job_comment,job_script", PROTECT LOG, ""},
	{"AccountingStoreFlags = job_comment,job_script", PROTECT LOG HANDS_ON,
	 "slurm.conf: AccountingStoreFlags=job_comment,job_script,job_env\n"},
	{"AccountingStoreFlags = job_env", PROTECT LOG HANDS_ON,
	 "slurm.conf: AccountingStoreFlags=job_env,job_script,job_comment\n"},

	{"AccountingStorageEnforce = none", PROTECT LOG, ""},
	{"AccountingStorageEnforce = none", PROTECT "qos = paid\n" LOG,
	 "slurm.conf: AccountingStorageEnforce=associations,qos\n"},
	{"AccountingStorageEnforce = none", PROTECT "accounts = acc\n" LOG,
	 "slurm.conf: AccountingStorageEnforce=associations\n"},
	{"AccountingStorageEnforce = none",
	 PROTECT "exempt_accounts = drill\n" LOG,
	 "slurm.conf: AccountingStorageEnforce=associations\n"},
	{"AccountingStorageEnforce = associations,limits,safe",
	 PROTECT "accounts = acc\n" LOG, ""},
	{"AccountingStorageEnforce = associations,limits,safe",
	 PROTECT "qos = paid\n" LOG,
	 "slurm.conf: AccountingStorageEnforce=associations,limits,safe,qos\n"},

	{"MinJobAge = 60 sec", PROTECT LOG, "slurm.conf: MinJobAge=300\n"},
	{"MinJobAge = 124 sec", PROTECT LOG, "slurm.conf: MinJobAge=300\n"},
	{"MinJobAge = 125 sec", PROTECT LOG, ""},
	{"MinJobAge = 154 sec", PROTECT LOG "[restore]\nmode = auto\n",
	 "slurm.conf: MinJobAge=300\n"},
	{"MinJobAge = 155 sec", PROTECT LOG "[restore]\nmode = auto\n", ""},
	{"MinJobAge = 300 sec",
	 PROTECT LOG "[restore]\nmode = auto\ndelay = 5m\n",
	 "slurm.conf: MinJobAge=425\n"},
	{"MinJobAge = 300 sec", PROTECT LOG "[restore]\ndelay = 5m\n", ""},
	{"MinJobAge = 0 sec", PROTECT LOG, ""},

	{"JobRequeue = 0", PROTECT LOG, "slurm.conf: JobRequeue=1\n"},

	{"SlurmctldDebug = error", PROTECT LOG,
	 "slurm.conf: SlurmctldDebug=info\n"},
	{"SlurmctldDebug = quiet", PROTECT LOG,
	 "slurm.conf: SlurmctldDebug=info\n"},
	{"SlurmctldDebug = verbose", PROTECT LOG,
	 "slurm.conf: SlurmctldDebug=info\n"},
	{"SlurmctldDebug = debug3", PROTECT LOG,
	 "slurm.conf: SlurmctldDebug=info\n"},
	{"SlurmctldDebug = error", PROTECT JOURNAL, ""},
	{"SlurmctldSyslogDebug = (null)", PROTECT JOURNAL,
	 "slurm.conf: SlurmctldSyslogDebug=info\n"},
	{"SlurmctldSyslogDebug = unknown", PROTECT JOURNAL,
	 "slurm.conf: SlurmctldSyslogDebug=info\n"},
	{"SlurmctldSyslogDebug = error", PROTECT JOURNAL,
	 "slurm.conf: SlurmctldSyslogDebug=info\n"},
	{"SlurmctldSyslogDebug = debug", PROTECT JOURNAL, ""},
	{"SlurmctldSyslogDebug = (null)", PROTECT LOG, ""},
	{"SlurmctldLogFile = (null)", PROTECT LOG,
	 "slurm.conf: SlurmctldLogFile=/var/log/slurmctld.log\n"},
	{"SlurmctldLogFile = /elsewhere", PROTECT LOG,
	 "watcher.conf, [witness]: slurmctld_log = /elsewhere\n"},
	{"SlurmctldLogFile = /var/log/%h.log", PROTECT LOG, ""},
	{"LogTimeFormat = short", PROTECT LOG,
	 "slurm.conf: LogTimeFormat=iso8601_ms\n"},
	{"LogTimeFormat = short", PROTECT JOURNAL, ""},
	{"LogTimeFormat = rfc5424_ms,format_stderr", PROTECT LOG, ""},

	{"JobSubmitPlugins = (null)", PROTECT LOG,
	 "slurm.conf: JobSubmitPlugins=lua\n"},
	{"JobSubmitPlugins = require_timelimit", PROTECT LOG,
	 "slurm.conf: JobSubmitPlugins=require_timelimit,lua\n"},
	{"JobSubmitPlugins = job_submit/lua", PROTECT LOG, ""},
	{"EpilogSlurmctld = (null)", PROTECT LOG,
	 "slurm.conf: EpilogSlurmctld=/etc/slurm/epilog-slurmctld\n"},
	{"EpilogSlurmctld = /a", PROTECT LOG, ""},

	{"SlurmctldLogFile = /var/log/slurmctld.log", PROTECT,
	 "watcher.conf, [witness]: slurmctld_log = /var/log/slurmctld.log\n"},
	{"SlurmctldLogFile = (null)", PROTECT,
	 "watcher.conf, [witness]: journal = slurmctld\n"},
	{"MinJobAge = 300 sec", PROTECT LOG "[watch]\npoll = 15s\n", ""},
	{"MinJobAge = 300 sec", PROTECT LOG "[watch]\npoll = 16s\n",
	 "watcher.conf, [watch]: poll = 5s\n"},
};

START_TEST(a_setting_of_slurmctld)
{
	autofree char *slurmctld = mem_printf(
		"%s\n%s", slurmctld_cases[_i].setting, good_slurmctld);
	autofree char *got = advised(slurmctld_cases[_i].conf, slurmctld,
				     good_slurmdbd, "head", "Operator");

	ck_assert_msg(strcmp(got, slurmctld_cases[_i].advised) == 0,
		      "%s, %s: %s", slurmctld_cases[_i].setting,
		      slurmctld_cases[_i].conf, got);
}
END_TEST

static const struct {
	const char *setting;
	const char *conf;
	const char *advised;
} slurmdbd_cases[] = {
	{"PurgeJobAfter = 1 months", PROTECT LOG,
	 "slurmdbd.conf: PurgeJobAfter=12months\n"},
	{"PurgeJobAfter = 1 months*", PROTECT LOG,
	 "slurmdbd.conf: PurgeJobAfter=12months\n"},
	{"PurgeJobAfter = 55 days", PROTECT LOG,
	 "slurmdbd.conf: PurgeJobAfter=12months\n"},
	{"PurgeJobAfter = 56 days", PROTECT LOG, ""},
	{"PurgeJobAfter = 48 hours", PROTECT LOG,
	 "slurmdbd.conf: PurgeJobAfter=12months\n"},
	{"PurgeJobAfter = 2 months", PROTECT LOG, ""},
	{"PurgeJobAfter = 2 months",
	 PROTECT LOG "[watch]\nsweep_window = 60d\n",
	 "slurmdbd.conf: PurgeJobAfter=12months\n"},
	{"PurgeJobAfter = NONE", PROTECT LOG, ""},
	{"PurgeJobAfter = 4294967296 days", PROTECT LOG, ""},
	{"PurgeJobScriptAfter = 1 days", PROTECT LOG,
	 "slurmdbd.conf: PurgeJobScriptAfter=12months\n"},
	{"PurgeJobEnvAfter = 1 days", PROTECT LOG, ""},
	{"PurgeJobEnvAfter = 1 days", PROTECT LOG HANDS_ON,
	 "slurmdbd.conf: PurgeJobEnvAfter=12months\n"},
	{"PurgeStepAfter = 24 hours", PROTECT LOG,
	 "slurmdbd.conf: PurgeStepAfter=12months\n"},
	{"PurgeResvAfter = 1 months", PROTECT LOG, ""},
	{"PurgeResvAfter = 1 months", PROTECT "reservations = r\n" LOG,
	 "slurmdbd.conf: PurgeResvAfter=12months\n"},
};

START_TEST(a_setting_of_slurmdbd)
{
	autofree char *slurmdbd =
		mem_printf("%s\n%s", slurmdbd_cases[_i].setting, good_slurmdbd);
	autofree char *got = advised(slurmdbd_cases[_i].conf, good_slurmctld,
				     slurmdbd, "head", "Operator");

	ck_assert_msg(strcmp(got, slurmdbd_cases[_i].advised) == 0,
		      "%s, %s: %s", slurmdbd_cases[_i].setting,
		      slurmdbd_cases[_i].conf, got);
}
END_TEST

START_TEST(where_and_who)
{
	static const char bad[] = "EpilogSlurmctld = (null)\n"
				  "SlurmctldHost[0] = head\n"
				  "SlurmctldLogFile = /elsewhere\n";
	autofree char *far = advised(PROTECT LOG, bad, "", "other", "Operator");
	autofree char *none = advised(PROTECT, "", "", "head", "None");
	autofree char *stranger =
		advised(PROTECT LOG, good_slurmctld, good_slurmdbd, "head", "");
	autofree char *blind = advised(PROTECT LOG, good_slurmctld,
				       good_slurmdbd, "head", "None");

	/* What has to be on slurmctld's host is not advised elsewhere. */
	ck_assert_str_eq(far, "");
	/* Nobody was asked. */
	ck_assert_str_eq(none, "");
	ck_assert_str_eq(blind, "run: sacctmgr modify user watcher set "
				"adminlevel=Operator\n");
	/* Who is not there cannot be modified. */
	ck_assert_str_eq(stranger, "run: sacctmgr add user watcher "
				   "account=root adminlevel=Operator\n");
}
END_TEST

/* What `scontrol show config` and `sacctmgr show config` of that version
 * print. */
static char *fixture(const char *version, const char *daemon)
{
	autofree char *path =
		mem_printf("%s/tests/fixtures/slurm-%s.%s.txt",
			   getenv("WATCHER_SOURCE_ROOT"), version, daemon);
	FILE *file = fopen(path, "r");
	char *text = mem_alloc(1, 65536);

	ck_assert_msg(file != NULL, "%s", path);
	ck_assert_uint_gt(fread(text, 1, 65535, file), 1000);
	fclose(file);
	return text;
}

/* The text with other values of those keys that it has. */
static char *changed(const char *text, const char *const (*changes)[2])
{
	struct text out = {0};
	size_t i;

	for (; *text; text += strcspn(text, "\n") + 1) {
		size_t len = strcspn(text, "= \n");

		for (i = 0; changes[i][0]; i++)
			if (strlen(changes[i][0]) == len &&
			    strncmp(text, changes[i][0], len) == 0)
				break;
		if (changes[i][0])
			text_addf(&out, "%s = %s\n", changes[i][0],
				  changes[i][1]);
		else
			text_addf(&out, "%.*s\n", (int)strcspn(text, "\n"),
				  text);
	}
	return text_take(&out);
}

/* As those versions come, in the lab: a file each that keeps what it can. */
#define AS_IT_COMES                                                            \
	"slurm.conf: AccountingStorageEnforce=associations,qos\n"              \
	"slurm.conf: JobSubmitPlugins=lua\n"                                   \
	"slurm.conf: EpilogSlurmctld=/etc/slurm/epilog-slurmctld\n"

#define BAD_BEGIN                                                              \
	"slurm.conf: AccountingStorageType=accounting_storage/slurmdbd\n"
#define BAD_MIDDLE                                                             \
	"slurm.conf: AccountingStorageEnforce=associations,qos\n"              \
	"slurm.conf: MinJobAge=300\n"                                          \
	"slurm.conf: JobRequeue=1\n"                                           \
	"run: sacctmgr modify user watcher set adminlevel=Operator\n"          \
	"slurm.conf: SlurmctldDebug=info\n"                                    \
	"slurm.conf: JobSubmitPlugins=lua\n"                                   \
	"slurm.conf: EpilogSlurmctld=/etc/slurm/epilog-slurmctld\n"            \
	"slurmdbd.conf: PurgeJobAfter=12months\n"
#define BAD_END "slurmdbd.conf: PurgeStepAfter=12months\n"
#define STORE                                                                  \
	"slurm.conf: AccountingStoreFlags=job_script,job_env,job_comment\n"

static const struct {
	const char *version;
	const char *bad;
} versions[] = {
	{"20.11", BAD_BEGIN BAD_MIDDLE BAD_END},
	{"22.05", BAD_BEGIN STORE BAD_MIDDLE BAD_END},
	{"24.11", BAD_BEGIN STORE BAD_MIDDLE BAD_END},
	{"26.05", BAD_BEGIN STORE BAD_MIDDLE
	 "slurmdbd.conf: PurgeJobScriptAfter=12months\n"
	 "slurmdbd.conf: PurgeJobEnvAfter=12months\n" BAD_END},
};

START_TEST(no_version_is_told_of_what_it_does_not_know)
{
	static const char *const changes[][2] = {
		{"AccountingStorageType", "accounting_storage/none"},
		{"AccountingStoreFlags", "(null)"},
		{"MinJobAge", "30 sec"},
		{"JobRequeue", "0"},
		{"PrivateData", "accounts,jobs"},
		{"SlurmctldDebug", "quiet"},
		{"PurgeJobAfter", "14 days"},
		{"PurgeJobScriptAfter", "14 days"},
		{"PurgeJobEnvAfter", "14 days"},
		{"PurgeStepAfter", "14 days"},
		{NULL, NULL},
	};
	static const char conf[] =
		PROTECT "qos = paid\n" HANDS_ON "[witness]\nslurmctld_log = "
			"/var/log/slurm/slurmctld.log\n";
	const char *version = versions[_i].version;
	autofree char *slurmctld = fixture(version, "slurmctld");
	autofree char *slurmdbd = fixture(version, "slurmdbd");
	autofree char *bad_slurmctld = changed(slurmctld, changes);
	autofree char *bad_slurmdbd = changed(slurmdbd, changes);
	autofree char *comes = NULL;
	autofree char *bad = NULL;

	comes = advised(conf, slurmctld, slurmdbd, "head", "Operator");
	ck_assert_msg(strcmp(comes, AS_IT_COMES) == 0, "%s: %s", version,
		      comes);
	bad = advised(conf, bad_slurmctld, bad_slurmdbd, "head", "None");
	ck_assert_msg(strcmp(bad, versions[_i].bad) == 0, "%s: %s", version,
		      bad);
}
END_TEST

START_TEST(parsing)
{
	struct settings settings;

	settings_parse(&settings,
		       "A = client's\n"
		       "SlurmDBD configuration:\n"
		       "A                      = 7 secs\n"
		       "B = x=y, z\n"
		       "C=\n"
		       "no line\n"
		       " Host[0] = h(1) \n"
		       "D = (null)",
		       "SlurmDBD configuration:");
	ck_assert_uint_eq(settings.n, 5);
	ck_assert_str_eq(settings_get(&settings, "A"), "7 secs");
	ck_assert_int_eq(settings_int(&settings, "A"), 7);
	ck_assert_int_eq(settings_int(&settings, "B"), -1);
	ck_assert_int_eq(settings_purge_s(&settings, "A"), -1);
	ck_assert(settings_has(&settings, "B", "Z"));
	ck_assert(!settings_has(&settings, "B", "x"));
	ck_assert_str_eq(settings_get(&settings, "C"), "");
	ck_assert_str_eq(settings_get(&settings, "D"), "");
	ck_assert_str_eq(settings_get(&settings, "Host"), "h(1)");
	ck_assert_ptr_null(settings_get(&settings, "Hos"));
	ck_assert_ptr_null(settings_get(&settings, "no line"));
	settings_finish(&settings);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("advice");

	tcase_add_checked_fixture(tcase, scratch_enter, scratch_leave);
	tcase_add_test(tcase, parsing);
	tcase_add_test(tcase, a_good_site_is_left_alone);
	tcase_add_loop_test(tcase, a_setting_of_slurmctld, 0,
			    LENGTH(slurmctld_cases));
	tcase_add_loop_test(tcase, a_setting_of_slurmdbd, 0,
			    LENGTH(slurmdbd_cases));
	tcase_add_test(tcase, where_and_who);
	tcase_add_loop_test(tcase, no_version_is_told_of_what_it_does_not_know,
			    0, LENGTH(versions));
	return unit_run("advice", tcase);
}
