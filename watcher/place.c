/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/place.h"

/* Asks what the numbers of a QOS and a reservation are called, if a section
 * names any. */
static int name_numbers(const struct conf *conf,
			struct slurmdbd_cluster *cluster, int64_t id_qos,
			int64_t id_resv, struct policy_place *place,
			struct err *err)
{
	place->qos = "";
	place->reservation = "";
	if (policy_names_qos(conf) &&
	    slurmdbd_qos(cluster, id_qos, &place->qos, err) < 0)
		return -1;
	if (policy_names_reservations(conf) &&
	    slurmdbd_reservation(cluster, id_resv, &place->reservation, err) <
		    0)
		return -1;
	return 0;
}

int place_of(const struct conf *conf, struct slurmdbd_cluster *cluster,
	     const struct job *job, struct policy_place *place, struct err *err)
{
	place->partitions = job->partition;
	place->account = job->account;
	return name_numbers(conf, cluster, job->id_qos, job->id_resv, place,
			    err);
}

int place_is_protected(const struct conf *conf,
		       struct slurmdbd_cluster *cluster,
		       const struct slurmdbd_place *found, struct err *err)
{
	struct policy_place place = {
		.partitions = found->partition,
		.account = found->account,
	};

	if (name_numbers(conf, cluster, found->id_qos, found->id_resv, &place,
			 err) < 0)
		return -1;
	return policy_protection(conf, &place) != NULL;
}

int place_protection(const struct conf *conf, struct slurmdbd_cluster *cluster,
		     const struct job *job, const struct conf_protect **protect,
		     struct err *err)
{
	struct policy_place place;

	if (place_of(conf, cluster, job, &place, err) < 0)
		return -1;
	*protect = policy_protection(conf, &place);
	return 0;
}

bool place_may_be_protected(const struct conf *conf,
			    const struct slurmdbd_cluster *cluster,
			    const struct slurmdbd_place *found)
{
	struct policy_place place = {
		.partitions = found->partition,
		.account = found->account,
		.qos = "",
		.reservation = "",
	};

	if (policy_names_qos(conf))
		place.qos = slurmdbd_known_qos(cluster, found->id_qos);
	if (policy_names_reservations(conf))
		place.reservation =
			slurmdbd_known_reservation(cluster, found->id_resv);
	return !place.qos || !place.reservation ||
	       policy_protection(conf, &place);
}

bool place_is_partition(const struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->n_protect; i++)
		if (conf->protect[i].accounts.n)
			return false;
	return !policy_names_qos(conf) && !policy_names_reservations(conf);
}
