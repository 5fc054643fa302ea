/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/policy_history.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "schema/store_policy.h"

#include <string.h>

/* A policy, and from when on it was in force: until the next one was. */
struct in_force {
	int64_t since_s;
	struct conf_protect *sections; /* just the lists that protect */
	size_t n;
	size_t cap;
};

struct policy_history {
	struct in_force *policies;
	size_t n;
	size_t cap;
	json_t *last; /* the sections of the last one; NULL: there is none */
};

/* The lists of a section that protect, and their keys. */
static const struct {
	const char *key;
	size_t offset;
} lists[] = {
	{"partitions", offsetof(struct conf_protect, partitions)},
	{"qos", offsetof(struct conf_protect, qos)},
	{"accounts", offsetof(struct conf_protect, accounts)},
	{"reservations", offsetof(struct conf_protect, reservations)},
};

static const struct text_list *list_of(const struct conf_protect *section,
				       size_t i)
{
	return (const struct text_list *)(const void *)((const char *)section +
							lists[i].offset);
}

static struct text_list *list_in(struct conf_protect *section, size_t i)
{
	return (struct text_list *)(void *)((char *)section + lists[i].offset);
}

/* --- As entries have it -------------------------------------------------- */

static json_t *text_json(const char *text)
{
	autofree char *utf8 = text_utf8(text, strlen(text));

	return json_string(utf8);
}

/* All that the section says, for who reads the chain, and apart what is
 * compared with places. */
static json_t *section_json(const struct conf_protect *section)
{
	autofree char *text = conf_protect_text(section);
	json_t *object = json_object();
	size_t i, k;

	json_object_set_new(object, "name", text_json(section->name));
	json_object_set_new(object, "text", text_json(text));
	for (i = 0; i < LENGTH(lists); i++) {
		const struct text_list *list = list_of(section, i);
		json_t *array = json_array();

		for (k = 0; k < list->n; k++)
			json_array_append_new(array, text_json(list->items[k]));
		json_object_set_new(object, lists[i].key, array);
	}
	return object;
}

static json_t *sections_json(const struct conf *conf)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < conf->n_protect; i++)
		json_array_append_new(array, section_json(&conf->protect[i]));
	return array;
}

static void add_names(struct text_list *list, const json_t *names)
{
	size_t i;

	for (i = 0; i < json_array_size(names); i++) {
		const json_t *name = json_array_get(names, i);

		if (json_is_string(name))
			text_list_add(list, json_string_value(name));
	}
}

static void add_section(struct in_force *policy, const json_t *section)
{
	struct conf_protect *added;
	size_t i;

	policy->sections = mem_grow(policy->sections, &policy->cap,
				    policy->n + 1, sizeof(*policy->sections));
	added = &policy->sections[policy->n++];
	*added = (struct conf_protect){0};
	for (i = 0; i < LENGTH(lists); i++)
		add_names(list_in(added, i),
			  json_object_get(section, lists[i].key));
}

static void add_policy(struct policy_history *history, int64_t since_s,
		       json_t *sections)
{
	struct in_force *policy;
	size_t i;

	history->policies =
		mem_grow(history->policies, &history->cap, history->n + 1,
			 sizeof(*history->policies));
	policy = &history->policies[history->n++];
	*policy = (struct in_force){.since_s = since_s};
	for (i = 0; i < json_array_size(sections); i++)
		add_section(policy, json_array_get(sections, i));
	json_decref(history->last);
	history->last = json_incref(sections);
}

static int on_policy(const json_t *policy, void *arg, struct err *err)
{
	(void)err;
	add_policy(arg, json_integer_value(json_object_get(policy, "since")),
		   json_object_get(policy, "sections"));
	return 0;
}

/* --- Reading and asking -------------------------------------------------- */

static int add_to_store(struct store *store, int64_t since_s, json_t *sections,
			struct err *err)
{
	json_t *policy = json_pack("{s:I, s:O}", "since", (json_int_t)since_s,
				   "sections", sections);

	if (store_begin(store, since_s, err) < 0) {
		json_decref(policy);
		return -1;
	}
	if (store_policy_add(store, policy, err) == 0 &&
	    store_commit(store, err) == 0)
		return 0;
	store_rollback(store);
	return -1;
}

struct policy_history *policy_history_read(const struct conf *conf,
					   struct store *store, int64_t now_s,
					   struct err *err)
{
	struct policy_history *history = mem_alloc(1, sizeof(*history));
	json_t *sections = sections_json(conf);
	int rc = store_policies(store, on_policy, history, err);

	if (rc == 0 && !json_equal(history->last, sections)) {
		rc = add_to_store(store, now_s, sections, err);
		add_policy(history, now_s, sections);
	}
	json_decref(sections);
	if (rc == 0)
		return history;
	policy_history_free(history);
	return NULL;
}

void policy_history_free(struct policy_history *history)
{
	size_t i, k, l;

	if (!history)
		return;
	for (i = 0; i < history->n; i++) {
		struct in_force *policy = &history->policies[i];

		for (k = 0; k < policy->n; k++)
			for (l = 0; l < LENGTH(lists); l++)
				text_list_free(
					list_in(&policy->sections[k], l));
		free(policy->sections);
	}
	free(history->policies);
	json_decref(history->last);
	free(history);
}

static bool protected_by(const struct in_force *policy,
			 const struct policy_place *place)
{
	const struct conf rules = {
		.protect = policy->sections,
		.n_protect = policy->n,
	};

	return policy_protection(&rules, place) != NULL;
}

int64_t policy_history_since(const struct policy_history *history,
			     const struct policy_place *place, int64_t at_s)
{
	int64_t since_s = 0;
	size_t i = history->n;

	/* Back to the one that was in force then; before the first, that. */
	while (i-- > 0) {
		const struct in_force *policy = &history->policies[i];
		bool protects = protected_by(policy, place);

		if (policy->since_s <= at_s || i == 0)
			return protects ? 0 : since_s;
		if (protects)
			since_s = policy->since_s;
	}
	return 0;
}
