-- The watcher is about to bring the job of an incident back, unless it is, or
-- another has been at it in the last ten minutes.
UPDATE incident
SET restoration = :how
WHERE incident_id = :incident_id
	AND restored_at = 0
	AND (restoration = ''
		OR NOT EXISTS (
			SELECT 1
			FROM entry
			WHERE entry.incident_id = :incident_id
				AND entry.kind = 'restoring'
				AND entry.at > :at - 600));
