-- How is the restored job of an incident doing?
UPDATE incident
SET restored_submitted = :submitted, restored_state = :state,
	restored_started = :started, restored_ended = :ended
WHERE incident_id = :incident_id;
