/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/names.h"

#include "lib/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct name {
	const char *filter; /* as store_knows() takes it */
	char *name;
	bool noted;
};

static void read_list(struct names *names, const char *filter, const char *list)
{
	struct text_list words = {0};
	size_t i;

	if (list)
		text_list_split(&words, list);
	for (i = 0; i < words.n; i++) {
		names->items = mem_grow(names->items, &names->cap, names->n + 1,
					sizeof(*names->items));
		names->items[names->n++] = (struct name){
			.filter = filter,
			.name = mem_strdup(words.items[i]),
		};
	}
	text_list_free(&words);
}

void names_read(const struct store_filter *filter, struct names *names)
{
	*names = (struct names){0};
	read_list(names, "cluster", filter->cluster);
	read_list(names, "user", filter->user);
	read_list(names, "account", filter->account);
	read_list(names, "partition", filter->partition);
}

void names_free(struct names *names)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		free(names->items[i].name);
	free(names->items);
	*names = (struct names){0};
}

/* Whether it is one of a comma list. */
static bool is_one_of(const char *list, const char *name)
{
	size_t len = strlen(name);
	const char *at = list;

	while ((at = strstr(at, name))) {
		if ((at == list || at[-1] == ',') &&
		    (at[len] == ',' || !at[len]))
			return true;
		at++;
	}
	return false;
}

static bool is_of(const struct name *name, const struct incident *incident)
{
	char uid[24];

	snprintf(uid, sizeof(uid), "%" PRId64, incident->uid);
	if (strcmp(name->filter, "cluster") == 0)
		return strcmp(name->name, incident->cluster) == 0;
	if (strcmp(name->filter, "account") == 0)
		return strcmp(name->name, incident->account) == 0;
	if (strcmp(name->filter, "partition") == 0)
		return is_one_of(incident->partition, name->name);
	return strcmp(name->name, incident->user) == 0 ||
	       strcmp(name->name, uid) == 0;
}

void names_note(struct names *names, const struct incident *incident)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (!names->items[i].noted)
			names->items[i].noted =
				is_of(&names->items[i], incident);
}

int names_unknown(const struct names *names, struct store *store,
		  struct text_list *sentences, struct err *err)
{
	size_t i;

	for (i = 0; i < names->n; i++) {
		const struct name *name = &names->items[i];
		autofree char *sentence =
			mem_printf("no incident of %s %s in the store",
				   name->filter, name->name);
		int known = name->noted ? 1
					: store_knows(store, name->filter,
						      name->name, err);

		if (known < 0)
			return -1;
		if (!known)
			text_list_add(sentences, sentence);
	}
	return 0;
}
