/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs as large as users can make them: what they cost grows as they do, and
 * no faster. Each took minutes, hours or half a gigabyte when its reader went
 * over it again for each byte, and takes a fraction of a second as it should.
 */
#include "lib/mem.h"
#include "reports/output.h"
#include "reports/page.h"
#include "reports/table.h"
#include "tests/restore_scene.h"
#include "tests/unit.h"
#include "watcher/testimony.h"
#include "watcher/witness_sift.h"

#include <time.h>

/* Of a submit line, of prose. */
#define BYTES 4000000

/* Of processor time; sanitizers and valgrind have their part of it. */
#define MOST_S 6

static clock_t begun;

static void begin(void)
{
	begun = clock();
}

static void end(void)
{
	double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;

	ck_assert_msg(seconds < MOST_S, "took %.1f s", seconds);
}

/* Text that begins so, and goes on and on; freed by the caller. */
static char *go_on(const char *with, const char *piece, size_t bytes)
{
	struct text text = {0};

	bytes = (size_t)unit_rounds((int)bytes);
	text_add(&text, with);
	while (text.len < bytes)
		text_add(&text, piece);
	return text_take(&text);
}

/* --- What was submitted ----------------------------------------------------
 */

/* A name whose double quotes are looked for in the line. */
START_TEST(lost_quotes)
{
	struct restore_plan plan;
	struct scene scene = {0};

	scene_init(&scene);
	scene.facts.script = "script";
	free(scene.job.submit_line);
	scene.job.submit_line = go_on("sbatch ", "\"", BYTES);
	free(scene.job.work_dir);
	scene.job.work_dir = go_on("", "`", 65000);
	scene.job.work_dir[strlen(scene.job.work_dir) - 1] = 'x';
	begin();
	plan = restore_plan(&scene.facts);
	end();
	ck_assert_int_eq(plan.way, RESTORE_RESUBMIT);
	restore_plan_finish(&plan);
	scene_finish(&scene);
}
END_TEST

/* --- Tasks ------------------------------------------------------------------
 */

START_TEST(tasks)
{
	static const char *const pieces[] = {"0-4000001,", "0-4000001:2,"};
	autofree char *list = go_on("", pieces[_i], 1000000);
	autofree char *text = NULL;
	int64_t n;

	begin();
	text = job_tasks_text(list, &n);
	end();
	ck_assert_str_eq(text, "?");
}
END_TEST

/* Of a job's number that names a hundred thousand tasks. */
START_TEST(cell)
{
	autofree char *bitmap = go_on("0x", "5", 65000);
	autofree char *page = NULL;
	autofree char *text = NULL;
	size_t len;
	int64_t n;
	struct output out = {
		.file = open_memstream(&page, &len),
		.terminal = _i,
		.width = 80,
	};
	struct table *table = table_new(&out);

	text = job_tasks_text(bitmap, &n);
	begin();
	table_add_column(table, "JOB", TABLE_TRUNC, 0);
	table_add_cell(table, text);
	table_print(table);
	end();
	table_free(table);
	fclose(out.file);
}
END_TEST

START_TEST(prose)
{
	autofree char *text = go_on("", "\001", BYTES);
	autofree char *page = NULL;
	size_t len;
	struct output out = {.file = open_memstream(&page, &len), .width = 80};

	begin();
	page_prose(&out, "label", text);
	end();
	fclose(out.file);
}
END_TEST

/* --- The witness ------------------------------------------------------------
 */

#define STAMP "[2026-11-22T19:21:40.000] "

static int ignore(const struct witness_line *line, const char *text, void *arg,
		  struct err *err)
{
	(void)line;
	(void)text;
	(void)arg;
	(void)err;
	return 0;
}

static int64_t place; /* in the log */

static void log_times(struct witness_sift *sift, int times, const char *line)
{
	for (times = unit_rounds(times); times > 0; times--) {
		witness_sift_line(sift, line, strlen(line), place);
		place += (int64_t)strlen(line) + 1;
	}
}

static struct witness_sift *begin_log(void)
{
	const struct witness_moment now = {INT64_C(1795375400000), 1000};
	struct witness_sift *sift = witness_sift_new();

	place = 0;
	witness_sift_begin(sift, now);
	return sift;
}

/* Names that take long to compare, each with each of as many: what one reading
 * of a log can hold. */
START_TEST(long_names)
{
	autofree char *name = go_on(STAMP "_update_job: setting partition to x "
					  "for JobId=3_[1",
				    ",1", 15000);
	autofree char *line = mem_printf("%s]", name);
	struct witness_sift *sift = begin_log();
	struct err err;

	begin();
	log_times(sift, 130, line);
	log_times(sift, 30000,
		  STAMP "_slurm_rpc_update_job: complete JobId=3+1 uid=1001 "
			"usec=9");
	witness_sift_give(sift, false, ignore, NULL, &err);
	end();
	witness_sift_free(sift);
}
END_TEST

/* Lines that are held back take some room, and no more. */
START_TEST(held_back)
{
	autofree char *name =
		go_on(STAMP "_slurm_rpc_kill_job: REQUEST_KILL_JOB JobId=3_[1",
		      ",1", 15000);
	autofree char *line = mem_printf("%s] uid 1001", name);
	struct witness_sift *sift = begin_log();

	begin();
	log_times(sift, 6000, line);
	end();
	ck_assert_int_lt(place - witness_sift_given(sift, place),
			 48 * 1024 * 1024);
	witness_sift_free(sift);
}
END_TEST

/* Requests and refusals by the thousand, of nine tasks. */
START_TEST(refusals)
{
	const struct testimony_ask ask = {
		.act = WITNESS_KILL,
		.id_job = 5,
		.root_id = 4,
		.tasks = "1-9",
		.het_offset = -1,
		.uid = 1001,
		.ended = 1000,
		.before_s = 10,
	};
	autofree char *name = go_on("4_[1-9", ",1-9", 230);
	size_t n = (size_t)unit_rounds(5000);
	autofree struct witness_line *said = mem_alloc(n, sizeof(*said));
	size_t i, which;

	for (i = 0; i < n; i++) {
		said[i] = (struct witness_line){
			.at_s = 1000,
			.act = i % 2 ? WITNESS_KILL_REFUSED : WITNESS_KILL,
			.id_job = 4,
			.uid = 1001,
			.detail = "Invalid job id specified",
		};
		snprintf(said[i].job, sizeof(said[i].job), "%s,%zu]", name,
			 10 + i);
	}
	begin();
	testimony(said, n, &ask, &which);
	end();
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("large");

	tcase_add_test(tcase, lost_quotes);
	tcase_add_loop_test(tcase, tasks, 0, 2);
	tcase_add_loop_test(tcase, cell, 0, 2);
	tcase_add_test(tcase, prose);
	tcase_add_test(tcase, long_names);
	tcase_add_test(tcase, held_back);
	tcase_add_test(tcase, refusals);
	return unit_run("large", tcase);
}
