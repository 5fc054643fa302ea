-- Which jobs of this owner and name, lost within a day before, are not back?
SELECT incident_id, job
FROM incident INDEXED BY incident_owner
WHERE cluster = :cluster
	AND uid = :uid
	AND ended BETWEEN :submitted - 86400 AND :submitted
	AND job_name = :job_name
	AND part = ''
	AND restored_at = 0
	AND restoration IN ('', 'submitted again by watcher')
	AND correction NOT IN ('cleared', 'alive')
ORDER BY ended, incident_id;
