-- How many events of this user were restored without being asked for, since
-- then?
SELECT count(DISTINCT event_id)
FROM incident INDEXED BY incident_owner
WHERE cluster = :cluster
	AND uid = :uid
	AND ended >= :since
	AND restoration LIKE '%by watcher'
	AND EXISTS (
		SELECT 1
		FROM entry
		WHERE entry.incident_id = incident.incident_id
			AND entry.kind = 'restoring'
			AND entry.content LIKE '%"reason":"auto"%');
