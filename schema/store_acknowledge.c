/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What admins say of incidents. */
#include "lib/mem.h"
#include "schema/chain.h"
#include "schema/store_private.h"

#include <string.h>

int store_acknowledge(struct store *store, int64_t incident_id, int64_t at_s,
		      const char *by, const char *why, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_INCIDENT_ACKNOWLEDGE);
	autofree char *who = text_utf8(by, strlen(by));
	autofree char *text = text_utf8(why, strlen(why));
	const struct chain_entry entry = {
		.incident_id = incident_id,
		.at_s = at_s,
		.kind = "acknowledged",
	};

	store_bind_int(stmt, ":incident_id", incident_id);
	store_bind_int(stmt, ":at", at_s);
	store_bind_text(stmt, ":by", who);
	store_bind_text(stmt, ":why", text);
	return chain_change(store, stmt, entry,
			    json_pack("{s:s, s:s}", "by", who, "why", text),
			    err);
}

int store_unacknowledge(struct store *store, int64_t incident_id, int64_t at_s,
			const char *by, const char *why, struct err *err)
{
	autoreset sqlite3_stmt *stmt =
		store_stmt(store, QUERY_INCIDENT_UNACKNOWLEDGE);
	autofree char *who = text_utf8(by, strlen(by));
	autofree char *text = text_utf8(why, strlen(why));
	const struct chain_entry entry = {
		.incident_id = incident_id,
		.at_s = at_s,
		.kind = "ack-withdrawn",
	};

	store_bind_int(stmt, ":incident_id", incident_id);
	return chain_change(store, stmt, entry,
			    json_pack("{s:s, s:s}", "by", who, "why", text),
			    err);
}
