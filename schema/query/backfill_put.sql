-- The backfill of this cluster has come so far.
INSERT INTO backfill (cluster, since, until, by_end, at)
VALUES (:cluster, :since, :until, :by_end, :at)
ON CONFLICT (cluster) DO UPDATE SET
	since = excluded.since,
	until = excluded.until,
	by_end = excluded.by_end,
	at = excluded.at;
