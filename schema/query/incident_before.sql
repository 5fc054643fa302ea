-- Which incident was the last before this incarnation of a job?
SELECT incident_id, submitted, ended, uid, restored_at
FROM incident
WHERE cluster = :cluster
	AND id_job = :id_job
	AND submitted < :submitted
	AND part = ''
ORDER BY submitted DESC
LIMIT 1;
