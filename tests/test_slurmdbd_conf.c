/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slurmdbd.conf by Slurm's rules, and what it makes of watcher.conf's
 * [slurmdbd]. The cases of the first two tables were tried on slurmdbd 22.05.8
 * itself, which took, or refused, what is taken or refused here. */
#include "conf/conf.h"
#include "conf/slurmdbd_conf.h"
#include "lib/mem.h"
#include "tests/scratch.h"

/* The rest of a slurmdbd.conf, and what is taken from it; NULL is Slurm's
 * default. */
static const struct {
	const char *text;
	const char *user;
	const char *password;
	const char *database;
} good_cases[] = {
	{"StorageUser=u1\nStoragePass=p1\nStorageLoc=x\n", "u1", "p1", "x"},
	{"STORAGEUSER=u1\nstoragepass=p1\n", "u1", "p1", NULL},
	{"\tStorageUser\t=\tu1\t\n  StoragePass =  p1", "u1", "p1", NULL},
	{"StorageUser\v=\fu1\n", "u1", NULL, NULL},
	{"StorageUser=u1\r\nStoragePass=p1\r\n", "u1", "p1", NULL},
	{"", NULL, NULL, NULL},
	{"\n   \n# StorageUser=no\n", NULL, NULL, NULL},

	{"StorageUser=\"u 1\"\nStoragePass=\"p q\"\n", "u 1", "p q", NULL},
	{"StorageUser=\"u1\"StoragePass=p1\n", "\"u1\"StoragePass=p1", NULL,
	 NULL},
	{"StorageUser='u1'\nStoragePass=u\"9\n", "'u1'", "u\"9", NULL},
	{"StoragePass=\"\"\n", NULL, "", NULL},
	{"StoragePass= StorageLoc=x\n", NULL, "StorageLoc=x", NULL},
	{"StorageUser=u=9\n", "u=9", NULL, NULL},

	{"StoragePass=a#b\n", NULL, "a", NULL},
	{"StoragePass=a\\#b # c\n", NULL, "a#b", NULL},
	{"StoragePass=a\\\\#b\n", NULL, "a\\", NULL},
	{"StoragePass=\"a#b\"\n", NULL, "\"a", NULL},
	{"StoragePass=\"a\\#b\"\n", NULL, "a#b", NULL},
	{"StoragePass=a\\\\b\\c\n", NULL, "a\\bc", NULL},
	{"StoragePass=ab\\\\\nStorageLoc=x\n", NULL, "ab\\", "x"},
	{"StoragePass=ab\\\ncd\n", NULL, "abcd", NULL},
	{"StoragePass=ab\\  \ncd\n", NULL, "abcd", NULL},
	{"StoragePass=ab\\\\\\\ncd\n", NULL, "ab\\cd", NULL},
	{"StoragePass-=p1\n", NULL, "p1", NULL},
	{"StoragePass=ab\\", NULL, "ab", NULL},
	{"# c \\\nStorageUser=u1\n", "u1", NULL, NULL},
	{"StorageUser=u1 # c \\\nStoragePass=p1\n", "u1", "p1", NULL},

	{"StorageUser=u1\nStorageUser=u2\n", "u2", NULL, NULL},
	{"StorageUser=u1\nStorageUser+=u2\n", "u2", NULL, NULL},
	{"Include inc.conf\n", "inc", "incp", NULL},
	{"iNCLUDE   inc.conf # c\n", "inc", "incp", NULL},
	{"Include inc.conf", "inc", "incp", NULL},
	{"Include sub/s.conf\n", "sub", "deep", NULL},
	{"Include empty.conf\nStorageUser=u9\n", "u9", NULL, NULL},
	{"StorageUser=b\nInclude inc.conf\nStoragePass=a\n", "inc", "a", NULL},
};

/* A slurmdbd.conf that is refused. */
static const struct {
	const char *text;
	const char *msg;
} bad_cases[] = {
	{"StorageUser=u1 StoragePass=secret\n",
	 "s/slurmdbd.conf:1: more follows the value of StorageUser"},
	{"\nStoragePass=sec ret\n",
	 "s/slurmdbd.conf:2: more follows the value of StoragePass"},
	{"StorageUser=u1 \\\n\\\nStoragePass=p1\n\n",
	 "s/slurmdbd.conf:1: more follows the value of StorageUser"},
	{"# \\\nDbdHost=a \\\n b\n",
	 "s/slurmdbd.conf:2: more follows the value"},
	{"StoragePass=a\nsecret=b c\n",
	 "s/slurmdbd.conf:2: more follows the value"},
	{"StoragePass=\n", "s/slurmdbd.conf:1: is not KEY=VALUE"},
	{"blah blah\n", "s/slurmdbd.conf:1: is not KEY=VALUE"},
	{"junk StorageUser=u1\n", "s/slurmdbd.conf:1: is not KEY=VALUE"},
	{"=x\n", "s/slurmdbd.conf:1: is not KEY=VALUE"},
	{" Include inc.conf\n", "s/slurmdbd.conf:1: is not KEY=VALUE"},
	{"Include inc.conf x\n",
	 "s/slurmdbd.conf:1: more follows the file of Include"},
	{"\nInclude absent.conf\n", "s/slurmdbd.conf:2: Include: "
				    "s/absent.conf: No such file or directory"},
	{"Include \"inc.conf\"\n", "s/slurmdbd.conf:1: Include: "
				   "s/\"inc.conf\": No such file or directory"},
	{"Include inc.%c.conf\n",
	 "s/slurmdbd.conf:1: Include inc.%c.conf: slurmdbd.conf has no "
	 "ClusterName to put for %c"},
	/* slurmdbd reads on beyond the end of its line, or without end. */
	{"Include \n", "s/slurmdbd.conf:1: Include names no file"},
	{"Include slurmdbd.conf\n",
	 "s/slurmdbd.conf:1: Include: s/slurmdbd.conf:1: Include: "
	 "s/slurmdbd.conf:1: Include: s/slurmdbd.conf:1: Include: "
	 "s/slurmdbd.conf:1: Include: s/slurmdbd.conf:1: Include: "
	 "s/slurmdbd.conf:1: Include: s/slurmdbd.conf:1: Include: "
	 "s/slurmdbd.conf:1: Include slurmdbd.conf: more than 8 files deep"},
	{"\nStoragePort=abc\n", "s/slurmdbd.conf:2: StoragePort: a number from "
				"0 to 65535 is wanted"},
	{"StoragePort=70000\n", "s/slurmdbd.conf:1: StoragePort: a number "
				"from 0 to 65535 is wanted"},
	{"StoragePort=4406x\n", "s/slurmdbd.conf:1: StoragePort: a number "
				"from 0 to 65535 is wanted"},
	{"StoragePort=StoragePass=secret\n",
	 "s/slurmdbd.conf:1: StoragePort: a number from 0 to 65535 is wanted"},
};

/* A [slurmdbd] section and a slurmdbd.conf, and what comes of both. */
static const struct {
	const char *ours;
	const char *theirs;
	const char *host;
	const char *backup_host;
	const char *socket;
	int port;
	const char *user;
	const char *password;
	const char *database;
} joined_cases[] = {
	/* clang-format off */
	{"", "",
	 "localhost", "", "", 3306, "watcher", "", "slurm_acct_db"},
	{"host = h\nport = 1\nuser = u\ndatabase = d\n", "",
	 "h", "", "", 1, "u", "", "d"},
	{"", "StorageHost=sh\nStorageBackupHost=sb\nStoragePort=0x1136\n"
	 "StorageUser=su\nStoragePass=sp\nStorageLoc=sl\n",
	 "sh", "sb", "", 4406, "su", "sp", "sl"},
	{"host = h\nport = 1\ndatabase = d\n",
	 "StorageHost=sh\nStorageBackupHost=sb\nStoragePort=2\n"
	 "StorageUser=su\nStoragePass=sp\nStorageLoc=sl\n",
	 "h", "", "", 1, "su", "sp", "d"},
	{"socket = /s\n", "StorageHost=sh\nStorageBackupHost=sb\n",
	 "", "", "/s", 3306, "watcher", "", "slurm_acct_db"},
	{"", "StoragePort=0\n",
	 "localhost", "", "", 3306, "watcher", "", "slurm_acct_db"},
	/* A default is not set: slurmdbd.conf says more. */
	{"host =\n", "StorageHost=sh\nStoragePort=2\nStorageLoc=sl\n",
	 "sh", "", "", 2, "watcher", "", "sl"},
	/* A password goes with its user only. */
	{"user = u\n", "StorageUser=su\nStoragePass=sp\n",
	 "localhost", "", "", 3306, "u", "", "slurm_acct_db"},
	{"", "StoragePass=sp\n",
	 "localhost", "", "", 3306, "watcher", "", "slurm_acct_db"},
	{"password_file = @/password\n", "StorageUser=su\nStoragePass=sp\n",
	 "localhost", "", "", 3306, "su", "from file ", "slurm_acct_db"},
	{"user = u\npassword_file = @/password\n", "StorageUser=su\n",
	 "localhost", "", "", 3306, "u", "from file ", "slurm_acct_db"},
	{"user = u\n", "StorageUser=su\nStoragePassScript=/x\n",
	 "localhost", "", "", 3306, "u", "", "slurm_acct_db"},
	/* clang-format on */
};

static void enter(void)
{
	scratch_enter();
	ck_assert_int_eq(mkdir("s", 0700), 0);
	ck_assert_int_eq(mkdir("s/sub", 0700), 0);
	ck_assert_int_eq(mkdir("s/sub/deep", 0700), 0);
	scratch_write("s/inc.conf", 0600, "StorageUser=inc\nStoragePass=incp");
	scratch_write("s/sub/s.conf", 0644,
		      "StorageUser=sub\nInclude deep/d.conf\n");
	scratch_write("s/sub/deep/d.conf", 0640, "StoragePass=deep\n");
	scratch_write("s/empty.conf", 0600, "");
	scratch_write("password", 0640, "from file \nsecond line\n");
}

START_TEST(good)
{
	struct slurmdbd_conf conf;
	struct err err;
	int rc;

	scratch_write("s/slurmdbd.conf", 0600, good_cases[_i].text);
	rc = slurmdbd_conf_read("s/slurmdbd.conf", &conf, &err);
	ck_assert_msg(rc == 0, "%s: %s", good_cases[_i].text, err.msg);
	ck_assert_str_eq(conf.user,
			 good_cases[_i].user ? good_cases[_i].user : "");
	ck_assert_str_eq(conf.password, good_cases[_i].password
						? good_cases[_i].password
						: "");
	ck_assert_str_eq(conf.database, good_cases[_i].database
						? good_cases[_i].database
						: "slurm_acct_db");
	ck_assert_str_eq(conf.host, "localhost");
	slurmdbd_conf_finish(&conf);
}
END_TEST

START_TEST(bad)
{
	struct slurmdbd_conf conf;
	struct err err;

	scratch_write("s/slurmdbd.conf", 0600, bad_cases[_i].text);
	ck_assert_int_eq(slurmdbd_conf_read("s/slurmdbd.conf", &conf, &err),
			 -1);
	slurmdbd_conf_finish(&conf);
	ck_assert_str_eq(err.msg, bad_cases[_i].msg);
	ck_assert_int_eq(err.kind, ERR_USAGE);
	ck_assert_ptr_null(strstr(err.msg, "sec"));
	ck_assert_ptr_null(strstr(err.hint, "sec"));
}
END_TEST

/* slurmdbd complains of the parts that it does not know, and goes on. */
START_TEST(storage_parameters)
{
	struct slurmdbd_conf conf;
	struct err err;

	scratch_write("s/slurmdbd.conf", 0600,
		      "StorageParameters=SSL_KEY=/old\n"
		      "StorageParameters=SSL_CA=/ca.pem,ssl_cert=/a=b,"
		      "SSL_CAPATH=/cas,Foo=bar,,SSL_CIPHER=X:Y, SSL_KEY=/k\n");
	ck_assert_int_eq(slurmdbd_conf_read("s/slurmdbd.conf", &conf, &err),
			 -1);
	slurmdbd_conf_finish(&conf);
	scratch_write(
		"s/slurmdbd.conf", 0600,
		"StorageParameters=SSL_KEY=/old\n"
		"StorageParameters=\"SSL_CA=/ca.pem,ssl_cert=/a=b,"
		"SSL_CAPATH=/cas,Foo=bar,,SSL_CIPHER=X:Y, SSL_KEY=/k\"\n");
	ck_assert_int_eq(slurmdbd_conf_read("s/slurmdbd.conf", &conf, &err), 0);
	ck_assert_str_eq(conf.ssl_ca, "/ca.pem");
	ck_assert_str_eq(conf.ssl_capath, "/cas");
	ck_assert_str_eq(conf.ssl_cert, "/a=b");
	ck_assert_str_eq(conf.ssl_cipher, "X:Y");
	ck_assert_str_eq(conf.ssl_key, "");
	slurmdbd_conf_finish(&conf);
}
END_TEST

/* The error of a slurmdbd.conf with these modes. */
static const char *mode_error(mode_t mode, mode_t include_mode,
			      const char *text)
{
	static struct err err;
	struct slurmdbd_conf conf;

	err = (struct err){0};
	scratch_write("s/slurmdbd.conf", mode, text);
	ck_assert_int_eq(chmod("s/inc.conf", include_mode), 0);
	slurmdbd_conf_read("s/slurmdbd.conf", &conf, &err);
	slurmdbd_conf_finish(&conf);
	if (err.msg[0])
		ck_assert_int_eq(strncmp(err.hint, "chmod ", 6), 0);
	return err.msg;
}

START_TEST(modes)
{
	ck_assert_str_eq(mode_error(0640, 0600, "StoragePass=p\n"), "");
	ck_assert_str_eq(mode_error(0644, 0600, "StorageUser=u\n"), "");
	ck_assert_str_eq(mode_error(0644, 0640, "Include inc.conf\n"), "");
	ck_assert_str_eq(mode_error(0604, 0600, "StoragePass=p\n"),
			 "s/slurmdbd.conf: holds a password, and others may "
			 "read it (mode 0604)");
	ck_assert_str_eq(mode_error(0602, 0600, "StorageUser=u\n"),
			 "s/slurmdbd.conf: others may write it (mode 0602)");
	ck_assert_str_eq(mode_error(0600, 0604, "Include inc.conf\n"),
			 "s/slurmdbd.conf:1: Include: s/inc.conf: holds a "
			 "password, and others may read it (mode 0604)");
}
END_TEST

START_TEST(absolute_include)
{
	autofree char *text = mem_printf("Include %s/s/inc.conf\n", unit_dir);
	struct slurmdbd_conf conf;
	struct err err;

	scratch_write("s/slurmdbd.conf", 0600, text);
	ck_assert_int_eq(slurmdbd_conf_read("s/slurmdbd.conf", &conf, &err), 0);
	ck_assert_str_eq(conf.user, "inc");
	slurmdbd_conf_finish(&conf);
}
END_TEST

START_TEST(no_file)
{
	struct slurmdbd_conf conf;
	struct err err;

	ck_assert_int_eq(slurmdbd_conf_read("absent", &conf, &err), -1);
	ck_assert_str_eq(err.msg, "absent: No such file or directory");
	ck_assert_ptr_nonnull(strstr(err.hint, "an account of its own"));
	slurmdbd_conf_finish(&conf);
	slurmdbd_conf_finish(NULL);
}
END_TEST

/* A watcher.conf with this [slurmdbd], in which @ is the folder. */
static struct conf *read_conf(const char *section)
{
	autotext struct text text = {0};
	struct conf *conf;
	struct err err;

	text_add(&text, "[protect]\npartitions = x\n[slurmdbd]\n");
	for (; *section; section++) {
		if (*section == '@')
			text_add(&text, unit_dir);
		else
			text_add_char(&text, *section);
	}
	scratch_write("watcher.conf", 0644, text.s);
	conf = conf_read("watcher.conf", &err);
	ck_assert_msg(conf, "%s", conf ? "" : err.msg);
	return conf;
}

START_TEST(joined)
{
	autofree char *section = mem_printf(
		"%sslurmdbd_conf = @/s/slurmdbd.conf\n", joined_cases[_i].ours);
	struct conf *conf = read_conf(section);
	struct conf_database db;
	struct err err;
	int rc;

	scratch_write("s/slurmdbd.conf", 0600, joined_cases[_i].theirs);
	rc = conf_database(conf, &db, &err);
	ck_assert_msg(rc == 0, "%s", err.msg);
	ck_assert_str_eq(db.host, joined_cases[_i].host);
	ck_assert_str_eq(db.backup_host, joined_cases[_i].backup_host);
	ck_assert_str_eq(db.socket, joined_cases[_i].socket);
	ck_assert_int_eq(db.port, joined_cases[_i].port);
	ck_assert_str_eq(db.user, joined_cases[_i].user);
	ck_assert_str_eq(db.password, joined_cases[_i].password);
	ck_assert_str_eq(db.database, joined_cases[_i].database);
	ck_assert_str_eq(db.ssl_ca, "");
	ck_assert_int_eq(db.timeout_s, 10);
	conf_database_finish(&db);
	conf_free(conf);
}
END_TEST

START_TEST(without_slurmdbd_conf)
{
	struct conf *conf = read_conf("timeout = 3s\n");
	struct conf_database db;
	struct err err;

	ck_assert_int_eq(conf_database(conf, &db, &err), 0);
	ck_assert_str_eq(db.host, "localhost");
	ck_assert_int_eq(db.port, 3306);
	ck_assert_str_eq(db.user, "watcher");
	ck_assert_str_eq(db.database, "slurm_acct_db");
	ck_assert_str_eq(db.ssl_key, "");
	ck_assert_int_eq(db.timeout_s, 3);
	conf_database_finish(&db);
	conf_free(conf);
}
END_TEST

/* The message of a [slurmdbd] section that cannot be used, the folder cut out
 * of it. */
static const char *join_error(const char *section, const char *hint)
{
	static struct err err;
	struct conf *conf = read_conf(section);
	struct conf_database db;
	char *dir;

	ck_assert_int_eq(conf_database(conf, &db, &err), -1);
	conf_database_finish(&db);
	conf_free(conf);
	ck_assert_int_eq(err.kind, ERR_USAGE);
	ck_assert_msg(strstr(err.hint, hint), "hint \"%s\"", err.hint);
	dir = strstr(err.msg, unit_dir);
	if (dir)
		memmove(dir, dir + strlen(unit_dir),
			strlen(dir + strlen(unit_dir)) + 1);
	return err.msg;
}

START_TEST(password_files)
{
	static const char section[] = "user = u\npassword_file = @/pw\n";

	ck_assert_str_eq(join_error(section, ""),
			 "watcher.conf:5: password_file: /pw: No such file or "
			 "directory");
	scratch_write("pw", 0600, "");
	ck_assert_str_eq(join_error(section, "leave password_file out"),
			 "watcher.conf:5: password_file: /pw: its first line "
			 "is empty");
	scratch_write("pw", 0600, "\nsecret\n");
	ck_assert_str_eq(join_error(section, ""),
			 "watcher.conf:5: password_file: /pw: its first line "
			 "is empty");
	scratch_write("pw", 0644, "secret\n");
	ck_assert_str_eq(join_error(section, "chmod 600 "),
			 "watcher.conf:5: password_file: /pw: holds a password,"
			 " and others may read it (mode 0644)");
	scratch_write("pw", 0602, "secret\n");
	ck_assert_str_eq(join_error(section, "chmod 600 "),
			 "watcher.conf:5: password_file: /pw: holds a password,"
			 " and others may write it (mode 0602)");
	scratch_write_bytes("pw", 0600, "a\0b", 3);
	ck_assert_str_eq(join_error(section, ""),
			 "watcher.conf:5: password_file: /pw:1: the line holds "
			 "a NUL byte");
	ck_assert_str_eq(join_error("password_file = @/s\n", ""),
			 "watcher.conf:4: password_file: /s: is a directory");
}
END_TEST

START_TEST(slurmdbd_conf_errors)
{
	static const char section[] = "port = 1\n"
				      "slurmdbd_conf = @/s/slurmdbd.conf\n";

	ck_assert_str_eq(join_error(section, "leave slurmdbd_conf out"),
			 "watcher.conf:5: slurmdbd_conf: /s/slurmdbd.conf: No "
			 "such file or directory");
	scratch_write("s/slurmdbd.conf", 0600, "\nStoragePort=x\n");
	ck_assert_str_eq(join_error(section, ""),
			 "watcher.conf:5: slurmdbd_conf: /s/slurmdbd.conf:2: "
			 "StoragePort: a number from 0 to 65535 is wanted");
	scratch_write("s/slurmdbd.conf", 0600,
		      "StorageUser=u\nStoragePassScript=/x\n");
	ck_assert_str_eq(join_error(section, "set user and password_file in "
					     "watcher.conf"),
			 "/s/slurmdbd.conf:2: StoragePassScript is not known "
			 "to watcher");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("slurmdbd_conf");

	tcase_add_checked_fixture(tcase, enter, scratch_leave);
	tcase_add_loop_test(tcase, good, 0, LENGTH(good_cases));
	tcase_add_loop_test(tcase, bad, 0, LENGTH(bad_cases));
	tcase_add_test(tcase, storage_parameters);
	tcase_add_test(tcase, modes);
	tcase_add_test(tcase, absolute_include);
	tcase_add_test(tcase, no_file);
	tcase_add_loop_test(tcase, joined, 0, LENGTH(joined_cases));
	tcase_add_test(tcase, without_slurmdbd_conf);
	tcase_add_test(tcase, password_files);
	tcase_add_test(tcase, slurmdbd_conf_errors);
	return unit_run("slurmdbd_conf", tcase);
}
