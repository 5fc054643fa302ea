-- The job of an incident is back.
UPDATE incident
SET restoration = :how, restored_job_id = :job_id, restored_at = :at
WHERE incident_id = :incident_id
	AND restored_at = 0;
