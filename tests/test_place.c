/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a job is, by the names that a private MariaDB has. */
#include "tests/database.h"
#include "watcher/place.h"
#include "watcher/slurmdbd_private.h"

static char name[] = "lab_place";
static MYSQL *admin;
static struct slurmdbd *db;
static struct slurmdbd_cluster *lab;
static struct conf *conf;
static struct err err;

static void read_conf(const char *text)
{
	FILE *file = fopen(unit_path("c"), "w");

	fputs(text, file);
	fclose(file);
	conf_free(conf);
	conf = conf_read(unit_path("c"), &err);
	ck_assert_msg(conf != NULL, "%s", err.msg);
}

static void load(const char *version)
{
	const struct conf_database address = database_address(name);

	unit_make_dir();
	database_load(name, version, true);
	admin = database_connect(name);
	database_do(admin, "INSERT INTO qos_table (creation_time, id, name)"
			   " VALUES (1, 1, 'normal'), (1, 70, 'paid'), (1, "
			   "326, 'na\xc3\xafve')");
	database_do(admin,
		    "INSERT INTO lab_resv_table"
		    " (id_resv, time_start, resv_name) VALUES"
		    " (5, 100, 'old'), (5, 300, 'new'), (5, 200, 'between')");
	db = slurmdbd_open(&address, &err);
	ck_assert_msg(db != NULL, "%s", err.msg);
	lab = slurmdbd_cluster_open(db, "lab", &err);
	ck_assert_msg(lab != NULL, "%s", err.msg);
	read_conf("[protect]\npartitions = critical\nqos = paid\n"
		  "reservations = new\naccounts = acc-*\n");
}

static void unload(void)
{
	conf_free(conf);
	conf = NULL;
	slurmdbd_cluster_close(lab);
	slurmdbd_close(db);
	mysql_close(admin);
	unit_remove_dir();
}

static const char *qos(int64_t id)
{
	const char *found;

	ck_assert_msg(slurmdbd_qos(lab, id, &found, &err) == 0, "%s", err.msg);
	return found;
}

static const char *reservation(int64_t id)
{
	const char *found;

	ck_assert_msg(slurmdbd_reservation(lab, id, &found, &err) == 0, "%s",
		      err.msg);
	return found;
}

/* Makes the names older than they are. */
static void age(struct names *names, int64_t ms)
{
	size_t i;

	for (i = 0; i < LENGTH(names->slots); i++)
		names->slots[i].asked_ms -= ms;
}

START_TEST(names_of_numbers)
{
	load(database_versions[_i]);
	ck_assert_str_eq(qos(1), "normal");
	ck_assert_str_eq(qos(70), "paid");
	ck_assert_str_eq(qos(0), "");
	ck_assert_str_eq(qos(4711), "");
	ck_assert_str_eq(qos(-1), "");
	ck_assert_str_eq(reservation(5), "new");
	ck_assert_str_eq(reservation(0), "");
	ck_assert_str_eq(reservation(70), "");
	ck_assert_str_eq(reservation(INT64_MAX), "");
	/* Two that have the same place in the table. */
	ck_assert_str_eq(qos(326), "na\xc3\xafve");
	ck_assert_str_eq(qos(70), "paid");
	unload();
}
END_TEST

START_TEST(names_are_kept_for_a_while)
{
	load("22.05");
	ck_assert_str_eq(qos(70), "paid");
	ck_assert_str_eq(reservation(5), "new");
	database_do(admin, "UPDATE qos_table SET name = 'gold' WHERE id = 70");
	database_do(admin, "UPDATE lab_resv_table SET resv_name = 'newer'");
	ck_assert_str_eq(qos(70), "paid");
	age(&lab->qos, NAME_KEPT_MS - 1000);
	ck_assert_str_eq(qos(70), "paid");
	ck_assert_str_eq(slurmdbd_known_qos(lab, 70), "paid");
	age(&lab->qos, 1000);
	ck_assert_ptr_null(slurmdbd_known_qos(lab, 70));
	ck_assert_str_eq(qos(70), "gold");
	ck_assert_str_eq(reservation(5), "new");
	age(&lab->reservations, NAME_KEPT_MS);
	ck_assert_str_eq(reservation(5), "newer");
	unload();
}
END_TEST

/* A QOS that was made a minute ago is found, and one a moment ago soon. */
START_TEST(unknown_numbers_are_asked_again)
{
	load("22.05");
	ck_assert_str_eq(qos(71), "");
	ck_assert_str_eq(reservation(6), "");
	database_do(admin, "INSERT INTO qos_table (creation_time, id, name)"
			   " VALUES (1, 71, 'fresh')");
	database_do(admin, "INSERT INTO lab_resv_table (id_resv, time_start,"
			   " resv_name) VALUES (6, 100, 'made')");
	age(&lab->qos, NO_NAME_KEPT_MS);
	age(&lab->reservations, NO_NAME_KEPT_MS);
	ck_assert_str_eq(qos(71), "fresh");
	ck_assert_str_eq(reservation(6), "made");
	unload();
}
END_TEST

START_TEST(what_is_not_named_is_not_asked)
{
	struct policy_place place;
	struct job job;

	load("22.05");
	database_do(admin, "DROP TABLE lab_resv_table");
	database_do(admin, "DROP TABLE qos_table");
	job_init(&job);
	job.id_qos = 70;
	job.id_resv = 5;
	read_conf("[protect]\npartitions = critical\naccounts = acc\n");
	ck_assert_int_eq(place_of(conf, lab, &job, &place, &err), 0);
	ck_assert_str_eq(place.qos, "");
	ck_assert_str_eq(place.reservation, "");
	read_conf("[protect]\nqos = paid\n");
	ck_assert_int_eq(place_of(conf, lab, &job, &place, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "qos_table"));
	read_conf("[protect]\nreservations = new\n");
	ck_assert_int_eq(place_of(conf, lab, &job, &place, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "lab_resv_table"));
	job_finish(&job);
	unload();
}
END_TEST

static bool is_protected(const char *partition, const char *account,
			 int64_t id_qos, int64_t id_resv)
{
	const struct conf_protect *protect;
	struct job job;

	job_init(&job);
	free(job.partition);
	free(job.account);
	job.partition = mem_strdup(partition);
	job.account = mem_strdup(account);
	job.id_qos = id_qos;
	job.id_resv = id_resv;
	ck_assert_msg(place_protection(conf, lab, &job, &protect, &err) == 0,
		      "%s", err.msg);
	job_finish(&job);
	return protect;
}

START_TEST(protection)
{
	load("22.05");
	ck_assert(is_protected("critical", "a", 1, 0));
	ck_assert(is_protected("open,critical", "a", 1, 0));
	ck_assert(is_protected("open", "acc-1", 1, 0));
	ck_assert(is_protected("open", "a", 70, 0));
	ck_assert(is_protected("open", "a", 1, 5));
	ck_assert(!is_protected("open", "a", 1, 0));
	ck_assert(!is_protected("open", "a", 1, 6));
	ck_assert(!is_protected("", "", 0, 0));
	unload();
}
END_TEST

START_TEST(what_may_be_protected)
{
	struct slurmdbd_place found = {"open", "a", 70, 5, "", false, false};

	load("22.05");
	ck_assert(place_may_be_protected(conf, lab, &found));
	/* Until the names are known. */
	found.id_qos = 1;
	found.id_resv = 6;
	ck_assert(place_may_be_protected(conf, lab, &found));
	qos(1);
	ck_assert(place_may_be_protected(conf, lab, &found));
	reservation(6);
	ck_assert(!place_may_be_protected(conf, lab, &found));
	found.id_resv = 0;
	ck_assert(!place_may_be_protected(conf, lab, &found));
	found.account = "acc-1";
	ck_assert(place_may_be_protected(conf, lab, &found));
	ck_assert(!place_is_partition(conf));
	read_conf("[protect]\npartitions = critical\n");
	ck_assert(!place_may_be_protected(conf, lab, &found));
	ck_assert(place_is_partition(conf));
	read_conf("[protect]\npartitions = critical\n[protect b]\nqos = q\n");
	ck_assert(!place_is_partition(conf));
	read_conf("[protect]\npartitions = x\n[protect b]\naccounts = a\n");
	ck_assert(!place_is_partition(conf));
	unload();
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("place");

	tcase_add_loop_test(tcase, names_of_numbers, 0,
			    LENGTH(database_versions));
	tcase_add_test(tcase, names_are_kept_for_a_while);
	tcase_add_test(tcase, unknown_numbers_are_asked_again);
	tcase_add_test(tcase, what_is_not_named_is_not_asked);
	tcase_add_test(tcase, protection);
	tcase_add_test(tcase, what_may_be_protected);
	return unit_run("place", tcase);
}
