-- What is recorded of this job's end? Tasks withdrawn from an array are not
-- its end.
SELECT incident_id, confidence = 'confirmed' OR correction = 'confirmed',
	correction, kind IN ('cancelled', 'moved'), ended,
	script_sha256 <> ''
FROM incident
WHERE cluster = :cluster
	AND id_job = :id_job
	AND submitted = :submitted
	AND part = ''
ORDER BY incident_id
LIMIT 1;
