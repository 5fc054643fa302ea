-- Which jobs of recent incidents should be gone?
SELECT incident_id, id_job, submitted
FROM incident INDEXED BY incident_ended
WHERE cluster = :cluster
	AND ended >= :since
	AND kind IN ('cancelled', 'moved')
	AND correction IN ('', 'confirmed')
	AND restored_at = 0
ORDER BY ended DESC
LIMIT :limit;
