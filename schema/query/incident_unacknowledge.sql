-- That was not so.
UPDATE incident
SET acknowledged_by = '', acknowledged_at = 0, acknowledged_why = ''
WHERE incident_id = :incident_id
	AND acknowledged_at <> 0;
