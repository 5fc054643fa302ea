-- In which order did the incidents of a period end that are asked for? No more
-- of each than tells where it belongs.
SELECT incident_id, event_id, cluster, root_id, uid, user, account, partition,
	ended, confidence, correction, exempt
FROM incident
WHERE
-- include filter.inc
ORDER BY ended, incident_id;
