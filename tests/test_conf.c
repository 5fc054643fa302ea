/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watcher.conf: what is taken from it, and what is said about a bad one. */
#include "conf/conf.h"
#include "lib/mem.h"
#include "tests/scratch.h"

#define PROTECT "[protect]\npartitions = critical\n"
#define X10 "xxxxxxxxxx"
#define X100 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10

/* The text of a watcher.conf, and the error that it is to be answered with;
 * `hint` is a part of the hint. */
struct bad_case {
	const char *name;
	const char *text;
	const char *msg;
	const char *hint;
};

/* clang-format off */
static const struct bad_case bad_cases[] = {
	{"empty file", "",
	 "watcher.conf: has no [protect] section: nothing is protected",
	 "[protect]"},
	{"no partitions", "[watch]\npoll = 5s\n\n[protect]\ngrace = 1m\n",
	 "watcher.conf:4: this [protect] section names nothing to protect",
	 "partitions = NAME"},
	{"no partitions, no keys at all", PROTECT "[protect more]\n",
	 "watcher.conf:3: this [protect] section names nothing to protect", ""},
	{"empty partitions", "[protect]\npartitions = , \n",
	 "watcher.conf:1: this [protect] section names nothing to protect",
	 "or qos, accounts, reservations"},
	{"only exemptions", "[protect]\nexempt_accounts = a\nkinds = moved\n",
	 "watcher.conf:1: this [protect] section names nothing to protect", ""},
	{"unknown kind", PROTECT "kinds = moved, canceled\n",
	 "watcher.conf:3: kinds = canceled: an unknown word",
	 "did you mean cancelled?"},
	{"kind in other case", PROTECT "kinds = Moved\n",
	 "watcher.conf:3: kinds = Moved: an unknown word",
	 "did you mean moved?"},
	{"part of a kind", PROTECT "kinds = limit\n",
	 "watcher.conf:3: kinds = limit: an unknown word",
	 "known are cancelled, moved, rewritten, signalled, step-cancelled, "
	 "tasks-withdrawn, limit-cut, requeue-cancelled, unattributed, "
	 "stalled"},
	{"glob of kinds", PROTECT "kinds = *\n",
	 "watcher.conf:3: kinds = *: an unknown word", "known are cancelled"},
	{"two kinds as one", PROTECT "kinds = moved|stalled\n",
	 "watcher.conf:3: kinds = moved|stalled: an unknown word", ""},
	{"unknown kind in a later line", PROTECT "kinds = moved,\n  stale\n",
	 "watcher.conf:4: kinds = stale: an unknown word",
	 "did you mean stalled?"},
	{"no kinds", PROTECT "kinds =\n",
	 "watcher.conf:3: kinds is empty", "all but stalled"},
	{"indented key behind kinds", PROTECT "kinds = moved\n grace = 1m\n",
	 "watcher.conf:4: begins with white space, so it goes on with kinds of "
	 "line 3", ""},

	{"unknown section", PROTECT "[store2]\n",
	 "watcher.conf:3: unknown section [store2]", "did you mean [store]?"},
	{"unknown section, nothing near", "[telescope]\n",
	 "watcher.conf:1: unknown section [telescope]",
	 "sections are [slurmdbd], [protect], [watch], [store], [slurm], "
	 "[restore], [alert], [alert NAME], [metrics], [witness]"},
	{"letter case counts", "[Protect]\n",
	 "watcher.conf:1: unknown section [Protect]",
	 "did you mean [protect]?"},
	{"section without end", "[watch\n",
	 "watcher.conf:1: a [ without its ]", ""},
	{"section with more", "[watch] poll = 5s\n",
	 "watcher.conf:1: more follows the ] of a section", ""},
	{"protect twice", PROTECT "[protect]\npartitions = x\n",
	 "watcher.conf:3: this [protect] section is already on line 1",
	 "[protect NAME]"},
	{"protect name twice", "[protect a]\npartitions = x\n[protect  a]\n",
	 "watcher.conf:3: this [protect] section is already on line 1", ""},

	{"unknown key", "[watch]\npol = 5s\n",
	 "watcher.conf:2: unknown key pol in [watch]", "did you mean poll?"},
	{"unknown key, other case", "[watch]\nPoll = 5s\n",
	 "watcher.conf:2: unknown key Poll in [watch]", "did you mean poll?"},
	{"key of another section", "[watch]\npartitions = x\n",
	 "watcher.conf:2: unknown key partitions in [watch]",
	 "did you mean partitions, in [protect]?"},
	{"unknown key, nothing near", "[slurm]\nfrequency = 3\n",
	 "watcher.conf:2: unknown key frequency in [slurm]",
	 "its keys are conf, timeout"},
	{"long unknown key", "[slurm]\n" X100 " = 3\n",
	 "watcher.conf:2: unknown key " X10 X10 X10 X10 X10 X10
	 " in [slurm]", ""},
	{"key before a section", "poll = 5s\n",
	 "watcher.conf:1: poll stands before the first [section]", ""},
	{"key twice", "[watch]\npoll = 5s\n\npoll = 6s\n",
	 "watcher.conf:4: poll is already set on line 2", ""},
	{"key twice over two sections", "[watch]\npoll = 5s\n[store]\n"
	 "[watch]\npoll = 6s\n",
	 "watcher.conf:5: poll is already set on line 2", ""},
	{"list twice", PROTECT "partitions = x\n",
	 "watcher.conf:3: partitions is already set on line 2", ""},
	{"no value", "[watch]\npoll\n",
	 "watcher.conf:2: is neither [section] nor key = value nor a comment",
	 ""},
	{"the first of two errors", "[watch]\npoll\nx = 1\n",
	 "watcher.conf:2: is neither [section] nor key = value nor a comment",
	 ""},
	{"the first of two errors, the other way", "[watch]\nx = 1\npoll\n",
	 "watcher.conf:2: unknown key x in [watch]", ""},
	{"indented key", "[watch]\npoll = 5s\n  overlap = 1m\n",
	 "watcher.conf:3: begins with white space, so it goes on with poll of "
	 "line 2", "a key or [section] begins at the start of its line"},
	{"indented key behind a list", PROTECT "\tgrace = 1m\n",
	 "watcher.conf:3: begins with white space, so it goes on with "
	 "partitions of line 2", ""},
	{"indented section behind a list", PROTECT " [watch]\n",
	 "watcher.conf:3: begins with white space, so it goes on with "
	 "partitions of line 2", ""},
	{"long line", "[protect]\npartitions = " X100 X100 "\n",
	 "watcher.conf:2: the line has 213 bytes, and 198 are the most",
	 "a list may go on in the next line"},

	{"line too long by one", "[slurmdbd]\n#" X100 X10 X10 X10 X10 X10 X10
	 X10 X10 X10 "xxxxxxxx\n",
	 "watcher.conf:2: the line has 199 bytes, and 198 are the most", ""},

	{"number", "[slurmdbd]\nport = 33o6\n",
	 "watcher.conf:2: port = 33o6: a number from 1 to 65535 is wanted",
	 ""},
	{"number too small", "[slurmdbd]\nport = 0\n",
	 "watcher.conf:2: port = 0: a number from 1 to 65535 is wanted", ""},
	{"number too large", "[slurmdbd]\nport = 65536\n",
	 "watcher.conf:2: port = 65536: a number from 1 to 65535 is wanted",
	 ""},
	{"number far too large", "[slurmdbd]\nport = 99999999999999999999\n",
	 "watcher.conf:2: port = 99999999999999999999: a number from 1 to "
	 "65535 is wanted", ""},
	{"negative number", "[slurmdbd]\nport = -1\n",
	 "watcher.conf:2: port = -1: a number from 1 to 65535 is wanted", ""},
	{"empty number", "[slurmdbd]\nport =\n",
	 "watcher.conf:2: port = : a number from 1 to 65535 is wanted", ""},
	{"duration without unit", "[watch]\npoll = 5\n",
	 "watcher.conf:2: poll = 5: the unit is missing: write 5s, 5m, 5h or "
	 "5d", ""},
	{"zero where it is too short", "[watch]\npoll = 0\n",
	 "watcher.conf:2: poll = 0: a duration from 1s to 1h is wanted, a "
	 "number with s, m, h or d behind it", ""},
	{"duration too long", "[watch]\npoll = 61m\n",
	 "watcher.conf:2: poll = 61m: a duration from 1s to 1h is wanted, a "
	 "number with s, m, h or d behind it", ""},
	{"duration beyond 64 bits", "[watch]\npoll = 9223372036854775807d\n",
	 "watcher.conf:2: poll = 9223372036854775807d: a duration from 1s to "
	 "1h is wanted, a number with s, m, h or d behind it", ""},
	{"duration that is 128s modulo 64 bits", "[watch]\npoll = 94368760191893771d\n",
	 "watcher.conf:2: poll = 94368760191893771d: a duration from 1s to 1h "
	 "is wanted, a number with s, m, h or d behind it", ""},
	{"unknown unit", "[watch]\nsweep_window = 2w\n",
	 "watcher.conf:2: sweep_window = 2w: a duration from 1h to 366d is "
	 "wanted, a number with s, m, h or d behind it", ""},
	{"two units", "[watch]\npoll = 1m30s\n",
	 "watcher.conf:2: poll = 1m30s: a duration from 1s to 1h is wanted, a "
	 "number with s, m, h or d behind it", ""},
	{"boolean", "[alert]\nsyslog = maybe\n",
	 "watcher.conf:2: syslog = maybe: yes or no is wanted", ""},
	{"channel without a program", PROTECT "[alert ops]\ntype = exec\n",
	 "watcher.conf:4: [alert ops] runs a program, and names none",
	 "command = /PATH ARGUMENT..."},
	{"program without a path", "[alert ops]\ncommand = notify\n",
	 "watcher.conf:2: command = notify: the program's path begins with /",
	 ""},
	{"command with an open quote", "[alert ops]\ncommand = /x 'a b\n",
	 "watcher.conf:2: command = /x 'a b: has a quote without its end", ""},
	{"command that ends in a backslash", "[alert ops]\ncommand = /x a\\\n",
	 "watcher.conf:2: command = /x a\\: ends in a backslash", ""},
	{"channel twice", "[alert ops]\n[alert  ops]\n",
	 "watcher.conf:2: this [alert ops] section is already on line 1",
	 "a name of its own"},
	{"no name of a channel", "[alert o/ps]\n",
	 "watcher.conf:1: [alert o/ps] is no name of a channel",
	 "letters, digits"},
	{"channel called none", "[alert none]\n",
	 "watcher.conf:1: [alert none] is no name of a channel", ""},
	{"unknown channel", PROTECT "alert = ops, pager\n[alert ops]\n",
	 "watcher.conf:3: alert = pager: all, none, or names of [alert NAME] "
	 "sections are wanted", "there are ops"},
	{"channel where there is none", PROTECT "alert = ops\n",
	 "watcher.conf:3: alert = ops: all, none, or names of [alert NAME] "
	 "sections are wanted", "there is none"},
	{"all channels and one", PROTECT "alert = ops, all\n[alert ops]\n",
	 "watcher.conf:3: alert = all: all, none, or names of [alert NAME] "
	 "sections are wanted", "there are ops"},
	{"channels left empty", PROTECT "alert =\n",
	 "watcher.conf:3: alert = : all, none, or names of [alert NAME] "
	 "sections are wanted", ""},
	{"channel of syslog = yes twice", PROTECT "[alert syslog]\n[alert]\n"
	 "syslog = yes\n",
	 "watcher.conf:5: syslog = yes is a channel of that name, which line 3 "
	 "has, too", "another name"},
	{"nothing is told", PROTECT "[alert ops]\non =\n",
	 "watcher.conf:4: on is empty: nothing would be told", ""},
	{"what is unknown is told", "[alert ops]\non = incidents\n",
	 "watcher.conf:2: on = incidents: an unknown word",
	 "did you mean incident?"},
	{"no address", PROTECT "[alert ops]\nto = ops, -oQ/tmp\n",
	 "watcher.conf:4: to = -oQ/tmp: no address", "ops@example.org"},
	{"address with a name", PROTECT "[alert ops]\nto = Ops <o@x>\n",
	 "watcher.conf:4: to = <o@x>: no address", ""},
	{"sender with a name", PROTECT "[alert ops]\nfrom = A <a@x>\n",
	 "watcher.conf:4: from = A <a@x>: no address", ""},
	{"nobody to tell", PROTECT "[alert ops]\nto =\n",
	 "watcher.conf:4: to = : no address", ""},
	{"no sendmail", PROTECT "[alert ops]\nsendmail =\n",
	 "watcher.conf:4: sendmail is empty", ""},
	{"key of [alert NAME] in [alert]", "[alert]\ntype = exec\n",
	 "watcher.conf:2: unknown key type in [alert]",
	 "did you mean type, in [alert NAME]?"},
	{"choice", "[restore]\nenvironment = ALL\n",
	 "watcher.conf:2: environment = ALL: one of JOB|NIL|NONE is wanted", ""},
	{"part of a choice", "[restore]\nmode = pri\n",
	 "watcher.conf:2: mode = pri: one of print|auto|timer is wanted", ""},
	{"relative path", "[store]\npath = incidents.db\n",
	 "watcher.conf:2: path = incidents.db: a path begins with / and may "
	 "not be quoted", ""},
	{"quoted path", "[store]\npath = \"/x\"\n",
	 "watcher.conf:2: path = \"/x\": a path begins with / and may not be "
	 "quoted", ""},
	{"empty path", PROTECT "[store]\npath =\n",
	 "watcher.conf:4: path is empty", ""},
	{"quoted text", "[slurmdbd]\nuser = 'watcher'\n",
	 "watcher.conf:2: user = 'watcher': values are not quoted", ""},
	{"comment with #", "[protect]\nexempt_users = ops # not bob\n",
	 "watcher.conf:2: exempt_users = ops # not bob: a comment behind a "
	 "value begins with ; and not with #", ""},
	{"only a comment with #", "[protect]\nexempt_users = # none\n",
	 "watcher.conf:2: exempt_users = # none: a comment behind a value "
	 "begins with ; and not with #", ""},
	{"long value", "[watch]\npoll = " X100 "\n",
	 "watcher.conf:2: poll = " X10 X10 X10 X10 X10 X10 "...: a duration "
	 "from 1s to 1h is wanted, a number with s, m, h or d behind it", ""},

	{"glob without ]", "[protect]\npartitions = a, prod-[ab, c\n",
	 "watcher.conf:2: partitions = prod-[ab: has a [ without its ]", ""},
	{"glob of nothing but ]", "[protect]\npartitions = []\n",
	 "watcher.conf:2: partitions = []: has a [ without its ]", ""},
	{"glob in a later line", PROTECT " prod-[ab\n",
	 "watcher.conf:3: partitions = prod-[ab: has a [ without its ]", ""},
	{"glob with \\", "[protect]\npartitions = a\\\n",
	 "watcher.conf:2: partitions = a\\: ends in a backslash", ""},
	{"glob with braces", "[protect]\npartitions = prod-{a,b}\n",
	 "watcher.conf:2: partitions = prod-{a: braces are not known: write "
	 "each name out", ""},
	{"quoted name", "[protect]\npartitions = \"critical\"\n",
	 "watcher.conf:2: partitions = \"critical\": names are not quoted",
	 ""},

	{"host and socket", PROTECT "[slurmdbd]\nhost = db\nsocket = /s\n",
	 "watcher.conf:5: socket and host are both set",
	 "a database on this host"},
	{"empty database", PROTECT "[slurmdbd]\ndatabase =\n",
	 "watcher.conf:4: database is empty", ""},
	{"cluster with a quote", PROTECT "[slurmdbd]\nclusters = a, b`c\n",
	 "watcher.conf:4: clusters = b`c: all, or names, are wanted",
	 "sacctmgr list cluster"},
	{"cluster in capitals", PROTECT "[slurmdbd]\nclusters = Alpha\n",
	 "watcher.conf:4: clusters = Alpha: all, or names, are wanted", ""},
	{"log of no watched cluster", PROTECT "[slurmdbd]\nclusters = a\n"
	 "[witness]\nslurmctld_log = /l\ncluster = b\n",
	 "watcher.conf:7: cluster = b: is not watched",
	 "clusters, in [slurmdbd]"},
	{"log of which cluster", PROTECT "[slurmdbd]\nclusters = a b\n"
	 "[witness]\nslurmctld_log = /l\n",
	 "watcher.conf:6: of which cluster is this log?", "cluster = NAME"},
	{"log and journal", PROTECT
	 "[witness]\nslurmctld_log = /l\njournal = u\n",
	 "watcher.conf:5: slurmctld_log and journal are both set", ""},
	{"log without a folder", PROTECT "[witness]\nslurmctld_log = l\n",
	 "watcher.conf:4: slurmctld_log = l: a path begins with / and may not "
	 "be quoted", ""},
	{"all and names", PROTECT "[slurmdbd]\nclusters = alpha all\n",
	 "watcher.conf:4: clusters = all: all, or names, are wanted", ""},
	{"no clusters", PROTECT "[slurmdbd]\nclusters =\n",
	 "watcher.conf:4: clusters = : all, or names, are wanted", ""},
	{"poll longer than overlap", PROTECT "[watch]\npoll = 1h\n",
	 "watcher.conf:4: overlap is shorter than poll: what ends between two "
	 "passes would be missed", ""},
	{"overlap shorter than poll", PROTECT "[watch]\noverlap = 4s\n",
	 "watcher.conf:4: overlap is shorter than poll: what ends between two "
	 "passes would be missed", ""},
	{"metrics over the store",
	 PROTECT "[store]\npath = /a.db\n[metrics]\ntextfile = /a.db\n",
	 "watcher.conf:6: textfile is the store", ""},
	{"window shorter than overlap",
	 PROTECT "[watch]\noverlap = 1d\nsweep_window = 23h\n",
	 "watcher.conf:5: sweep_window is shorter than overlap", ""},
};
/* clang-format on */

static struct conf *read_text(const char *text, struct err *err)
{
	scratch_write("watcher.conf", 0644, text);
	return conf_read("watcher.conf", err);
}

/* The conf of a text that is good. */
static struct conf *read_good(const char *text)
{
	struct err err;
	struct conf *conf = read_text(text, &err);

	ck_assert_msg(conf, "refused: %s", conf ? "" : err.msg);
	return conf;
}

static void assert_error(const struct err *err, const char *msg,
			 const char *hint)
{
	ck_assert_str_eq(err->msg, msg);
	ck_assert_msg(strstr(err->hint, hint), "hint \"%s\" lacks \"%s\"",
		      err->hint, hint);
	ck_assert_int_eq(err->kind, ERR_USAGE);
}

START_TEST(bad)
{
	const struct bad_case *c = &bad_cases[_i];
	struct err err;
	struct conf *conf = read_text(c->text, &err);

	ck_assert_msg(!conf, "%s: accepted", c->name);
	ck_assert_msg(strcmp(err.msg, c->msg) == 0, "%s: \"%s\"", c->name,
		      err.msg);
	assert_error(&err, c->msg, c->hint);
}
END_TEST

START_TEST(nul_byte)
{
	static const char bytes[] = "[watch]\npoll = 5s\0\n";
	struct err err;

	scratch_write_bytes("watcher.conf", 0644, bytes, sizeof(bytes) - 1);
	ck_assert_ptr_null(conf_read("watcher.conf", &err));
	assert_error(&err, "watcher.conf:2: the line holds a NUL byte",
		     "not a text file");
}
END_TEST

START_TEST(no_file)
{
	struct err err;

	ck_assert_ptr_null(conf_read("absent.conf", &err));
	assert_error(&err, "absent.conf: No such file or directory", "-c FILE");
	assert_error(&err, err.msg, "watcher.conf.example");
	ck_assert_ptr_null(conf_read("/", &err));
	assert_error(&err, "/: is a directory", "-c FILE");
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	ck_assert_ptr_null(conf_read("fifo", &err));
	assert_error(&err, "fifo: is not a regular file", "-c FILE");
}
END_TEST

START_TEST(unreadable)
{
	struct err err;
	uid_t uid = geteuid();

	scratch_write("watcher.conf", 0000, PROTECT);
	/* Root may read it. */
	ck_assert_int_eq(chmod(unit_dir, 0755), 0);
	if (uid == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	ck_assert_ptr_null(conf_read("watcher.conf", &err));
	if (uid == 0)
		ck_assert_int_eq(seteuid(0), 0);
	assert_error(&err, "watcher.conf: Permission denied", "-c FILE");
}
END_TEST

START_TEST(defaults)
{
	struct conf *conf = read_good(PROTECT);

	ck_assert_str_eq(conf->path, "watcher.conf");
	ck_assert_str_eq(conf->slurmdbd.slurmdbd_conf, "");
	ck_assert_str_eq(conf->slurmdbd.host, "");
	ck_assert_str_eq(conf->slurmdbd.socket, "");
	ck_assert_int_eq(conf->slurmdbd.port, 3306);
	ck_assert_str_eq(conf->slurmdbd.user, "watcher");
	ck_assert_str_eq(conf->slurmdbd.password_file, "");
	ck_assert_str_eq(conf->slurmdbd.database, "slurm_acct_db");
	ck_assert_uint_eq(conf->slurmdbd.clusters.n, 1);
	ck_assert_str_eq(conf->slurmdbd.clusters.items[0], "all");
	ck_assert_int_eq(conf->slurmdbd.timeout_s, 10);
	ck_assert_int_eq(conf->watch.poll_s, 5);
	ck_assert_int_eq(conf->watch.overlap_s, 600);
	ck_assert_int_eq(conf->watch.sweep_s, 3600);
	ck_assert_int_eq(conf->watch.sweep_window_s, 7 * 86400);
	ck_assert_int_eq(conf->watch.max_rows_per_pass, 100000);
	ck_assert_str_eq(conf->store.path, "/var/lib/watcher/incidents.db");
	ck_assert_str_eq(conf->slurm.conf, "");
	ck_assert_int_eq(conf->slurm.timeout_s, 10);
	ck_assert_str_eq(conf->restore.mode, "print");
	ck_assert_str_eq(conf->restore.environment, "NIL");
	ck_assert(!conf->alert.syslog);
	ck_assert_uint_eq(conf->n_channels, 0);
	ck_assert_uint_eq(conf->n_protect, 1);
	ck_assert_str_eq(conf->protect[0].name, "");
	ck_assert_int_eq(conf->protect[0].line, 1);
	ck_assert_int_eq(conf->protect[0].grace_s, 0);
	ck_assert_uint_eq(conf->protect[0].qos.n, 0);
	ck_assert_uint_eq(conf->protect[0].accounts.n, 0);
	ck_assert_uint_eq(conf->protect[0].reservations.n, 0);
	ck_assert_uint_eq(conf->protect[0].exempt_users.n, 0);
	ck_assert_uint_eq(conf->protect[0].exempt_jobs.n, 0);
	ck_assert_uint_eq(conf->protect[0].kinds.n, 9);
	ck_assert_str_eq(conf->protect[0].kinds.items[8], "unattributed");
	ck_assert_int_eq(conf_line(conf, "watch", "poll"), 0);
	conf_free(conf);
}
END_TEST

START_TEST(all_keys)
{
	struct conf *conf = read_good("[slurmdbd]\n"
				      "slurmdbd_conf = /etc/dbd.conf\n"
				      "host = db.example.org\n"
				      "port = 3307\n"
				      "user = reader\n"
				      "password_file = /etc/pw\n"
				      "database = acct\n"
				      "clusters = alpha, beta-2\n"
				      "timeout = 2m\n"
				      "[watch]\n"
				      "poll = 1s\n"
				      "overlap = 1h\n"
				      "sweep = 1d\n"
				      "sweep_window = 30d\n"
				      "max_rows_per_pass = 500\n"
				      "[store]\n"
				      "path = /srv/a b/incidents.db\n"
				      "[slurm]\n"
				      "conf = /etc/slurm/slurm.conf\n"
				      "timeout = 3s\n"
				      "[restore]\n"
				      "mode = print\n"
				      "environment = NONE\n"
				      "[alert]\n"
				      "syslog = Yes\n" PROTECT);

	ck_assert_str_eq(conf->slurmdbd.slurmdbd_conf, "/etc/dbd.conf");
	ck_assert_str_eq(conf->slurmdbd.host, "db.example.org");
	ck_assert_int_eq(conf->slurmdbd.port, 3307);
	ck_assert_str_eq(conf->slurmdbd.user, "reader");
	ck_assert_str_eq(conf->slurmdbd.password_file, "/etc/pw");
	ck_assert_str_eq(conf->slurmdbd.database, "acct");
	ck_assert_uint_eq(conf->slurmdbd.clusters.n, 2);
	ck_assert_str_eq(conf->slurmdbd.clusters.items[1], "beta-2");
	ck_assert_int_eq(conf->slurmdbd.timeout_s, 120);
	ck_assert_int_eq(conf->watch.poll_s, 1);
	ck_assert_int_eq(conf->watch.overlap_s, 3600);
	ck_assert_int_eq(conf->watch.sweep_s, 86400);
	ck_assert_int_eq(conf->watch.sweep_window_s, 30 * 86400);
	ck_assert_int_eq(conf->watch.max_rows_per_pass, 500);
	ck_assert_str_eq(conf->store.path, "/srv/a b/incidents.db");
	ck_assert_str_eq(conf->slurm.conf, "/etc/slurm/slurm.conf");
	ck_assert_int_eq(conf->slurm.timeout_s, 3);
	ck_assert_str_eq(conf->restore.environment, "NONE");
	ck_assert(conf->alert.syslog);
	ck_assert_uint_eq(conf->n_channels, 1);
	ck_assert_str_eq(conf->channels[0].name, "syslog");
	ck_assert_str_eq(conf->channels[0].type, "syslog");
	ck_assert_int_eq(conf_line(conf, "watch", "poll"), 11);
	ck_assert_int_eq(conf_line(conf, "slurmdbd", "timeout"), 9);
	ck_assert_int_eq(conf_line(conf, "slurm", "timeout"), 20);
	conf_free(conf);
}
END_TEST

START_TEST(channels)
{
	struct conf *conf = read_good(
		PROTECT
		"alert = ops\n[protect quiet]\nqos = q\n"
		"alert = none\n[protect loud]\nqos = l\n"
		"[alert ops]\ntype = exec\ncommand = /opt/x  'a  b' c\\ d "
		"\"e\\\"'\" '' f\"g\"'h'\nkinds = moved\non = gap\n"
		"timeout = 1m\n[alert mail-2]\n");
	const struct conf_channel *ops = conf_channel(conf, "ops");
	const struct conf_channel *mail = conf_channel(conf, "mail-2");
	static const char *const words[] = {"/opt/x", "a  b", "c d",
					    "e\"'",   "",     "fgh"};
	size_t i;

	ck_assert_uint_eq(conf->n_channels, 2);
	ck_assert_ptr_null(conf_channel(conf, "syslog"));
	ck_assert_uint_eq(ops->command.n, LENGTH(words));
	for (i = 0; i < LENGTH(words); i++)
		ck_assert_str_eq(ops->command.items[i], words[i]);
	ck_assert_uint_eq(ops->kinds.n, 1);
	ck_assert_int_eq(ops->timeout_s, 60);
	ck_assert_str_eq(mail->type, "mail");
	ck_assert_uint_eq(mail->kinds.n, 10);
	ck_assert_uint_eq(mail->on.n, 9);
	ck_assert_str_eq(mail->to.items[0], "root");
	ck_assert_int_eq(mail->give_up_s, 86400);
	ck_assert(conf_alerts(conf, "", ops));
	ck_assert(!conf_alerts(conf, "", mail));
	ck_assert(!conf_alerts(conf, "quiet", ops));
	ck_assert(conf_alerts(conf, "loud", ops));
	ck_assert(conf_alerts(conf, "loud", mail));
	/* One that there is no more. */
	ck_assert(conf_alerts(conf, "gone", mail));
	conf_free(conf);
}
END_TEST

START_TEST(protect)
{
	struct conf *conf = read_good("[protect]\n"
				      "partitions = critical, prod-[a-c]* ; x\n"
				      "# more of them\n"
				      "  paid,[!]x],\n"
				      "\n"
				      "\tlast;1 ; the last=1\n"
				      "exempt_users = ops1 ops2\n"
				      "grace = 90s\n"
				      "[protect night run]\n"
				      "exempt_accounts = test\n"
				      "grace = 0\n"
				      "partitions: night\n"
				      "[protect paid]\n"
				      "qos = paid gold-?\n"
				      "accounts = c*\n"
				      "reservations = maint\n"
				      "exempt_jobs = try-*\n"
				      "kinds = cancelled,\n"
				      "  stalled ; both\n"
				      "[protect q]\n"
				      "qos = q\n");
	const struct conf_protect *p = conf->protect;

	ck_assert_uint_eq(conf->n_protect, 4);
	ck_assert_uint_eq(p[0].partitions.n, 5);
	ck_assert_str_eq(p[0].partitions.items[0], "critical");
	ck_assert_str_eq(p[0].partitions.items[1], "prod-[a-c]*");
	ck_assert_str_eq(p[0].partitions.items[2], "paid");
	ck_assert_str_eq(p[0].partitions.items[3], "[!]x]");
	ck_assert_str_eq(p[0].partitions.items[4], "last;1");
	ck_assert_uint_eq(p[0].exempt_users.n, 2);
	ck_assert_str_eq(p[0].exempt_users.items[1], "ops2");
	ck_assert_uint_eq(p[0].exempt_accounts.n, 0);
	ck_assert_int_eq(p[0].grace_s, 90);
	ck_assert_str_eq(p[1].name, "night run");
	ck_assert_int_eq(p[1].line, 9);
	ck_assert_str_eq(p[1].exempt_accounts.items[0], "test");
	ck_assert_int_eq(p[1].grace_s, 0);
	ck_assert_str_eq(p[1].partitions.items[0], "night");
	ck_assert_uint_eq(p[2].partitions.n, 0);
	ck_assert_uint_eq(p[2].qos.n, 2);
	ck_assert_str_eq(p[2].qos.items[1], "gold-?");
	ck_assert_str_eq(p[2].accounts.items[0], "c*");
	ck_assert_str_eq(p[2].reservations.items[0], "maint");
	ck_assert_str_eq(p[2].exempt_jobs.items[0], "try-*");
	ck_assert_uint_eq(p[2].kinds.n, 2);
	ck_assert_str_eq(p[2].kinds.items[1], "stalled");
	ck_assert_uint_eq(p[3].kinds.n, 9);
	conf_free(conf);
}
END_TEST

/* Files as editors leave them. */
START_TEST(layout)
{
	static const char *const texts[] = {
		"[protect]\r\npartitions = critical\r\n[watch]\r\npoll=1m\r\n",
		"\xef\xbb\xbf[protect]\npartitions = "
		"critical\n[watch]\npoll=1m",
		"  [protect]\n  partitions = critical\n[watch]\n\tpoll : 1m\n",
		"; a\n# [b]\n[watch] ; c\npoll = 1m ; d\n\n\n" PROTECT,
		"[watch]\npoll = 1m\n[store]\n" PROTECT "[watch]\nsweep = 1h\n",
	};
	size_t i;

	for (i = 0; i < LENGTH(texts); i++) {
		struct conf *conf = read_good(texts[i]);

		ck_assert_int_eq(conf->watch.poll_s, 60);
		ck_assert_uint_eq(conf->n_protect, 1);
		ck_assert_uint_eq(conf->protect[0].partitions.n, 1);
		ck_assert_str_eq(conf->protect[0].partitions.items[0],
				 "critical");
		conf_free(conf);
	}
}
END_TEST

START_TEST(longest_line)
{
	struct conf *conf = read_good(
		"[protect]\npartitions = " X100 X10 X10 X10 X10 X10 X10 X10 X10
		"xxxxx\n");

	ck_assert_uint_eq(strlen(conf->protect[0].partitions.items[0]), 185);
	conf_free(conf);
}
END_TEST

START_TEST(free_null)
{
	conf_free(NULL);
	conf_database_finish(NULL);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("conf");

	tcase_add_checked_fixture(tcase, scratch_enter, scratch_leave);
	tcase_add_loop_test(tcase, bad, 0, LENGTH(bad_cases));
	tcase_add_test(tcase, nul_byte);
	tcase_add_test(tcase, no_file);
	tcase_add_test(tcase, unreadable);
	tcase_add_test(tcase, defaults);
	tcase_add_test(tcase, all_keys);
	tcase_add_test(tcase, channels);
	tcase_add_test(tcase, protect);
	tcase_add_test(tcase, layout);
	tcase_add_test(tcase, longest_line);
	tcase_add_test(tcase, free_null);
	return unit_run("conf", tcase);
}
