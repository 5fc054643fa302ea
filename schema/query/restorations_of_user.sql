-- How many events of this user were restored since then?
SELECT count(DISTINCT event_id)
FROM incident INDEXED BY incident_owner
WHERE cluster = :cluster
	AND uid = :uid
	AND ended >= :since
	AND restoration LIKE '%by watcher';
