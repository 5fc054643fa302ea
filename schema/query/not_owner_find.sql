-- Is this job known to have been cancelled, and not by its owner?
SELECT uid
FROM not_owner
WHERE cluster = :cluster
	AND id_job = :id_job
	AND submitted = :submitted;
