-- The job of an incident is back. What the watcher itself is doing about it is
-- noted already.
UPDATE incident
SET restoration = CASE restoration WHEN '' THEN :how ELSE restoration END,
	restored_job_id = :job_id, restored_id_job = :id_job,
	restored_submitted = :submitted, restored_at = :at
WHERE incident_id = :incident_id
	AND restored_at = 0;
