-- What is known of an incident's verdict now?
UPDATE incident
SET correction = :correction, correction_why = :why, corrected_at = :at
WHERE incident_id = :incident_id;
