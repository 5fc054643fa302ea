/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The status of a store, whatever it holds: for people, for programs, and in
 * the text format of Prometheus, by a small reader that knows the format
 * alone. */
#ifndef TESTS_FUZZ_STATUS_H
#define TESTS_FUZZ_STATUS_H

#include "tests/fuzz/fuzz.h"
#include "watcher/metrics.h"
#include "watcher/status.h"

#include <ctype.h>
#include <jansson.h>

/* --- Metrics -------------------------------------------------------------- */

/* Reads a name, of a metric or a label; returns what is behind it. */
static inline const char *status_name(const char *at)
{
	must(isalpha((unsigned char)*at) || *at == '_');
	while (isalnum((unsigned char)*at) || *at == '_')
		at++;
	return at;
}

/* Reads {a="b",...}; returns what is behind it. */
static inline const char *status_labels(const char *at)
{
	do {
		at = status_name(at + 1);
		must(strncmp(at, "=\"", 2) == 0);
		for (at += 2; *at != '"'; at++) {
			must(*at != '\0');
			if (*at == '\\')
				must(*++at && strchr("\\\"n", *at));
		}
		at++;
	} while (*at == ',');
	must(*at == '}');
	return at + 1;
}

/* Reads a sample of that metric, which has no other of the same labels. */
static inline void status_sample(const char *line, const char *metric,
				 struct text *seen)
{
	const char *at = status_name(line);
	autofree char *series = NULL;
	char *end;

	must(strlen(metric) == (size_t)(at - line) &&
	     strncmp(line, metric, strlen(metric)) == 0);
	if (*at == '{')
		at = status_labels(at);
	must(*at == ' ');
	series = mem_printf("\n%.*s\n", (int)(at - line), line);
	must(!strstr(seen->s, series));
	text_add(seen, series + 1);
	strtod(at + 1, &end);
	must(end > at + 1 && !*end);
}

/* Reads "# HELP name ..." and "# TYPE name ...", of which the first is the one
 * of its metric; the name is freed by the caller. */
static inline char *status_comment(const char *line, struct text *seen)
{
	autofree char *name = mem_strndup(line + 7, strcspn(line + 7, " "));
	autofree char *comment = mem_printf("\n%.6s %s\n", line, name);

	must(strncmp(line, "# HELP ", 7) == 0 ||
	     strncmp(line, "# TYPE ", 7) == 0);
	must(!strstr(seen->s, comment));
	text_add(seen, comment + 1);
	return mem_strdup(name);
}

/* Every metric is told what it is, once, in front of its samples. */
static inline void status_read_metrics(const char *page)
{
	autotext struct text seen = {0};
	autofree char *metric = mem_strdup("");
	const char *end;

	must(text_is_utf8(page, strlen(page)));
	text_add(&seen, "\n");
	for (; *page; page = end + 1) {
		autofree char *line = NULL;

		end = strchr(page, '\n');
		must(end != NULL);
		line = mem_strndup(page, (size_t)(end - page));
		if (*line != '#') {
			status_sample(line, metric, &seen);
			continue;
		}
		free(metric);
		metric = status_comment(line, &seen);
	}
}

/* --- All of it ------------------------------------------------------------ */

static inline char *status_printed(const struct status *status,
				   void (*print)(const struct status *status,
						 FILE *out))
{
	char *page = NULL;
	size_t len;
	FILE *out = open_memstream(&page, &len);

	print(status, out);
	fclose(out);
	must(strlen(page) == len);
	return page;
}

static inline void status_fuzz(struct store *store, const struct conf *conf,
			       int64_t now_s, const char *trouble,
			       void (*read_terminal)(const char *page))
{
	struct store_life life = {.runs = true, .known = true, .started_s = 1};
	struct status status;
	struct err err;
	autofree char *text = NULL;
	autofree char *object = NULL;
	autofree char *page = NULL;
	json_t *json;

	snprintf(life.trouble, sizeof(life.trouble), "%s", trouble);
	must(status_read(&status, conf, store, &life, now_s, 1000, &err) == 0);
	text = status_printed(&status, status_print_text);
	read_terminal(text);
	object = status_printed(&status, status_print_json);
	json = json_loads(object, 0, NULL);
	must(json != NULL);
	json_decref(json);
	page = status_printed(&status, metrics_print);
	status_read_metrics(page);
	status_finish(&status);
}

#endif
