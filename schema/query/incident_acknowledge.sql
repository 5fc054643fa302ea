-- An admin has dealt with this incident.
UPDATE incident
SET acknowledged_by = :by, acknowledged_at = :at, acknowledged_why = :why
WHERE incident_id = :incident_id
	AND acknowledged_at = 0;
