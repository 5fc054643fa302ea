-- The same as incidents_walk.sql, the newest first.
SELECT incident_id, event_id, cluster, root_id, uid, user, account, partition,
	ended, confidence, correction, exempt
FROM incident
WHERE
-- include filter.inc
ORDER BY ended DESC, incident_id DESC;
