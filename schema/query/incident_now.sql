-- What was filled in of this incident since it was recorded?
SELECT script_sha256, correction, correction_why, corrected_at,
	restoration, restored_job_id, restored_at, restored_id_job,
	restored_submitted, restored_state, restored_started, restored_ended,
	acknowledged_by, acknowledged_at, acknowledged_why
FROM incident
WHERE incident_id = :incident_id;
