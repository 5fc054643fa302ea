-- The watcher is about to bring the job of an incident back.
UPDATE incident
SET restoration = :how
WHERE incident_id = :incident_id
	AND restored_at = 0;
