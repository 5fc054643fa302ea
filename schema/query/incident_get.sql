-- What is known of this incident?
SELECT *
FROM incident
WHERE incident_id = :incident_id;
