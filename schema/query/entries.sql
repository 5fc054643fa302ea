-- What became known of the incident since it was recorded?
SELECT at, kind, content
FROM entry
WHERE incident_id = :incident_id
ORDER BY entry_id;
