/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the numbers in a row are called, and which names there are. */
#include "lib/mem.h"
#include "lib/ticks.h"
#include "watcher/slurmdbd_private.h"

static int ask_name(struct slurmdbd_cluster *cluster, enum slurmdbd_sql sql,
		    int64_t param, char **name, struct err *err)
{
	autotext struct text bytes = {0};

	*name = NULL;
	if (slurmdbd_ask_bytes(cluster, sql, (uint64_t)param, &bytes, err) < 0)
		return slurmdbd_failed(cluster, "reading a name", err);
	*name = text_utf8(bytes.len ? bytes.s : "", bytes.len);
	return 0;
}

void slurmdbd_names_free(struct names *names)
{
	size_t i;

	for (i = 0; i < LENGTH(names->slots); i++)
		free(names->slots[i].name);
	*names = (struct names){0};
}

static size_t slot_of(const struct names *names, int64_t id)
{
	return (uint64_t)id % LENGTH(names->slots);
}

/* The name as it was asked for a while ago; NULL: it is to be asked for. */
static const char *known(const struct names *names, int64_t id)
{
	size_t i = slot_of(names, id);
	const char *name = names->slots[i].name;
	int64_t age_ms;

	if (!id)
		return "";
	if (!name || names->slots[i].id != id)
		return NULL;
	age_ms = ticks_ms() - names->slots[i].asked_ms;
	return age_ms < (*name ? NAME_KEPT_MS : NO_NAME_KEPT_MS) ? name : NULL;
}

static int ask(struct slurmdbd_cluster *cluster, struct names *names,
	       enum slurmdbd_sql sql, int64_t id, const char **name,
	       struct err *err)
{
	size_t i = slot_of(names, id);
	char *asked;

	*name = known(names, id);
	if (*name)
		return 0;
	if (ask_name(cluster, sql, id, &asked, err) < 0)
		return -1;
	free(names->slots[i].name);
	names->slots[i].id = id;
	names->slots[i].name = asked;
	names->slots[i].asked_ms = ticks_ms();
	*name = asked;
	return 0;
}

int slurmdbd_user(struct slurmdbd_cluster *cluster, int64_t id_assoc,
		  char **user, struct err *err)
{
	const char *name;

	if (ask(cluster, &cluster->users, SLURMDBD_SQL_ASSOC_USER, id_assoc,
		&name, err) < 0)
		return -1;
	*user = mem_strdup(name);
	return 0;
}

int slurmdbd_qos(struct slurmdbd_cluster *cluster, int64_t id,
		 const char **name, struct err *err)
{
	return ask(cluster, &cluster->qos, SLURMDBD_SQL_QOS, id, name, err);
}

int slurmdbd_reservation(struct slurmdbd_cluster *cluster, int64_t id,
			 const char **name, struct err *err)
{
	return ask(cluster, &cluster->reservations, SLURMDBD_SQL_RESERVATION,
		   id, name, err);
}

const char *slurmdbd_known_qos(const struct slurmdbd_cluster *cluster,
			       int64_t id)
{
	return known(&cluster->qos, id);
}

const char *slurmdbd_known_reservation(const struct slurmdbd_cluster *cluster,
				       int64_t id)
{
	return known(&cluster->reservations, id);
}

int slurmdbd_names(struct slurmdbd_cluster *cluster, enum slurmdbd_names of,
		   struct text_list *names, struct err *err)
{
	static const enum slurmdbd_sql sql[] = {
		[SLURMDBD_QOS] = SLURMDBD_SQL_NAMES_QOS,
		[SLURMDBD_ACCOUNTS] = SLURMDBD_SQL_NAMES_ACCOUNTS,
		[SLURMDBD_USERS] = SLURMDBD_SQL_NAMES_USERS,
	};
	struct dbstmt *stmt = slurmdbd_ask(cluster, sql[of], NULL, 0, err);
	int rc = -1;

	while (stmt && (rc = dbstmt_fetch(stmt, err)) > 0) {
		size_t len;
		const char *bytes = dbstmt_bytes(stmt, 0, &len);
		autofree char *name = text_utf8(bytes, len);

		text_list_add(names, name);
	}
	return rc < 0 ? slurmdbd_failed(cluster, "reading names", err) : 0;
}
