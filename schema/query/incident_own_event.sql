-- The incident is the first of its event.
UPDATE incident
SET event_id = incident_id
WHERE incident_id = :incident_id;
