/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/place.h"

int place_of(const struct conf *conf, struct slurmdbd_cluster *cluster,
	     const struct job *job, struct policy_place *place, struct err *err)
{
	*place = (struct policy_place){
		.partitions = job->partition,
		.account = job->account,
		.qos = "",
		.reservation = "",
	};
	if (policy_names_qos(conf) &&
	    slurmdbd_qos(cluster, job->id_qos, &place->qos, err) < 0)
		return -1;
	if (policy_names_reservations(conf) &&
	    slurmdbd_reservation(cluster, job->id_resv, &place->reservation,
				 err) < 0)
		return -1;
	return 0;
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
