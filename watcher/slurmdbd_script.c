/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Batch scripts as slurmdbd stored them. */
#include "lib/mem.h"
#include "watcher/slurmdbd_private.h"

/* A larger one is asked for each time: 4 MiB are kept at most. */
#define KEPT_BYTES 8192

void slurmdbd_scripts_free(struct scripts *scripts)
{
	size_t i;

	for (i = 0; i < LENGTH(scripts->slots); i++)
		text_free(&scripts->slots[i].script);
	*scripts = (struct scripts){0};
}

static int ask(struct slurmdbd_cluster *cluster, uint64_t hash_inx,
	       struct text *script, struct err *err)
{
	if (slurmdbd_ask_bytes(cluster, SLURMDBD_SQL_SCRIPT, hash_inx, script,
			       err) < 0)
		return slurmdbd_failed(cluster, "reading a job's script", err);
	return 0;
}

/* Jobs that were submitted with the same script share it, and a script never
 * changes under its number; one that is purged is remembered all the better. */
int slurmdbd_script(struct slurmdbd_cluster *cluster, uint64_t hash_inx,
		    struct text *script, struct err *err)
{
	struct scripts *scripts = &cluster->scripts;
	size_t i = hash_inx % LENGTH(scripts->slots);

	if (!cluster->keeps_scripts || !hash_inx)
		return 0;
	if (scripts->slots[i].hash_inx == hash_inx) {
		text_add_bytes(script, scripts->slots[i].script.s,
			       scripts->slots[i].script.len);
		return 0;
	}
	if (ask(cluster, hash_inx, script, err) < 0)
		return -1;
	if (!script->len || script->len > KEPT_BYTES)
		return 0;
	scripts->slots[i].hash_inx = hash_inx;
	scripts->slots[i].script.len = 0;
	text_add_bytes(&scripts->slots[i].script, script->s, script->len);
	return 0;
}

int slurmdbd_environment(struct slurmdbd_cluster *cluster, uint64_t hash_inx,
			 struct text *environment, struct err *err)
{
	if (!cluster->keeps_scripts || !hash_inx)
		return 0;
	if (slurmdbd_ask_bytes(cluster, SLURMDBD_SQL_ENVIRONMENT, hash_inx,
			       environment, err) < 0)
		return slurmdbd_failed(cluster, "reading an environment", err);
	return 0;
}
