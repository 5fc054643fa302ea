-- Which jobs that were restored are followed still?
SELECT incident_id, uid, ended, restored_at, restored_id_job,
	restored_submitted, restored_state, restored_started
FROM incident INDEXED BY incident_followed
WHERE cluster = :cluster
	AND restored_at > 0
	AND restored_ended = 0
ORDER BY incident_id
LIMIT :limit;
