-- This time is counted, of this cluster. The watcher moves its end, a backfill
-- its beginning, which the watcher may not know of.
INSERT INTO counted (cluster, since, until)
VALUES (:cluster, :since, :until)
ON CONFLICT (cluster) DO UPDATE SET
	since = min(since, excluded.since),
	until = excluded.until;
