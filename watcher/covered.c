/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/covered.h"

/* The watcher did not run for longer than a pass looks back, or slurmdbd
 * delivered nothing for longer than a sweep does. */
static int note_late_gap(const struct covered *covered, struct store *store,
			 struct err *err)
{
	const struct conf *conf = covered->conf;
	const struct store_cluster *before = covered->before;
	int64_t now_s = covered->now_s;

	if (now_s - before->last_pass > conf->watch.overlap_s)
		return store_gap(store, covered->cluster, 0, now_s,
				 "watcher was not running", err);
	if (covered->after->heard == now_s &&
	    now_s - before->heard > conf->watch.sweep_window_s)
		return store_gap(store, covered->cluster, before->heard, now_s,
				 "nothing arrived from slurmdbd, for longer "
				 "than the sweep looks back",
				 err);
	return 0;
}

int covered_note(const struct covered *covered, struct store *store,
		 struct err *err)
{
	int64_t now_s = covered->now_s;

	if (covered->before->last_pass &&
	    note_late_gap(covered, store, err) < 0)
		return -1;
	return store_watched(store, covered->cluster,
			     now_s - covered->conf->watch.overlap_s, now_s,
			     covered->caught_up, err);
}
