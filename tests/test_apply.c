/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is kept of a restoration, whatever Slurm's commands say. */
#include "watcher/apply.h"

#include "tests/alert_scene.h"

static void set_up(void)
{
	unit_make_dir();
	scene_open("");
}

static void tear_down(void)
{
	scene_close();
	unit_remove_dir();
}

/* Runs it to bring job 1 back. */
static int apply(const char *command, struct apply_result *result)
{
	const struct apply apply = {.store = scene_store,
				    .by = "root",
				    .reason = "by hand",
				    .now_s = SCENE_NOW_S};
	autofree char *script = mem_strdup(command);
	char shell[] = "/bin/sh", option[] = "-c";
	char *argv[] = {shell, option, script, NULL};
	struct restore_step step = {.argv = argv, .user = "operator"};
	size_t first = 0;
	const struct restore_plan plan = {
		.way = RESTORE_RESUBMIT,
		.steps = &step,
		.n_steps = 1,
		.members = &first,
		.n_members = 1,
	};
	struct incident incident = {0};
	const struct together together = {.incidents = &incident, .n = 1};
	int64_t id = scene_incident((struct scene_incident){.id_job = 1});
	int rc;

	scene_must(store_incident(scene_store, id, &incident, &scene_err) == 1);
	rc = apply_plan(&apply, &together, &plan, result, &scene_err);
	incident_finish(&incident);
	return rc;
}

/* What the last entry says of that; freed by the caller. */
static char *said(const char *name)
{
	autofree char *sql = mem_printf("SELECT json_extract(content, '$.%s') "
					"FROM entry WHERE kind = 'restoration'",
					name);

	return scene_rows(sql);
}

START_TEST(it_worked)
{
	struct apply_result result;
	autofree char *by = NULL;
	autofree char *number = NULL;

	ck_assert_int_eq(apply("echo 77", &result), 0);
	ck_assert_str_eq(result.job_id, "77");
	by = said("by");
	ck_assert_str_eq(by, "root;");
	number = said("job_id");
	ck_assert_str_eq(number, "77;");
	apply_result_finish(&result);
}
END_TEST

/* The message is cut where a character begins, or within one. */
START_TEST(it_failed)
{
	autofree char *command =
		mem_printf("printf '%%0*d' %d 0; for i in 1 2 3 4 5 6 7 8; do "
			   "printf '\\303\\251'; done; exit 3",
			   390 + _i);
	struct apply_result result;
	autofree char *failed = NULL;
	autofree char *output = NULL;

	ck_assert_int_eq(apply(command, &result), -1);
	failed = said("failed");
	ck_assert_int_eq(
		strncmp(failed, "/bin/sh ended with status 3: 000", 32), 0);
	output = said("output");
	ck_assert_ptr_nonnull(strstr(output, "\xc3\xa9;"));
	apply_result_finish(&result);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("apply");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, it_worked);
	tcase_add_loop_test(tcase, it_failed, 0, 2);
	return unit_run("apply", tcase);
}
